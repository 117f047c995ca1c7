"""The canvas: shows the picture, zooms, pans and rotates the view, hands the pointer to the tool."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QCursor,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from editor_core.document.geometry import Rect
from gui.canvas.overlay import Overlay
from gui.canvas.pixel_view import PixelView, picture_rect
from gui.canvas.tile_cache import PixelSource
from gui.canvas.tool import Pointer, Snap, Tool
from gui.canvas.view_drag import ViewDrag
from gui.canvas.viewport import Viewport
from gui.look.checkers import checkers
from gui.look.theme import Theme

WHEEL_NOTCH = 120  # eighths of a degree, Qt's unit
ZOOM_PER_NOTCH = 1.25
ROTATION_NOTCH = 15.0  # degrees
TOOL_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace)
ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
ZOOM = Qt.NativeGestureType.ZoomNativeGesture
MIN_PINCH = 0.1  # the zoom of one event of a pinch, at the least
_ALT, _CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SECOND_KEYS = {"both": _ALT | _CONTROL, "ctrl": _CONTROL, "alt": _ALT}
_MODIFIER_OF: dict[int, Qt.KeyboardModifier] = {Qt.Key.Key_Alt: _ALT, Qt.Key.Key_Control: _CONTROL}
ROUNDING = 2  # logical pixels between two tellings of where the pointer is
FAR = 10_000.0  # logical pixels: no canvas is larger


class Canvas(QWidget):
    """The picture on its surround.

    Signals:
        viewport_changed: Zoom or place changed. Main thread.
        held: True while the key for "before" is down. Main thread.
        resize_brush: Ctrl+wheel: notches up (positive) or down, on a touch pad parts of one. Main thread.
        refused: The artist tried to paint while the canvas is locked. Main thread.
        drawing_changed: True when a stroke or another drag of the tool begins, False when it is over. Main thread.
        can_undo_changed: Whether the tool has something in hand that `undo` takes back. Main thread.
    """

    viewport_changed = Signal()
    held = Signal(bool)
    resize_brush = Signal(float)
    refused = Signal()
    drawing_changed = Signal(bool)
    can_undo_changed = Signal(bool)

    def __init__(self, theme: Theme, overlays: Sequence[Overlay] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._overlays = tuple(overlays)
        self._view: PixelView | None = None
        # Where parts of the picture are still missing, it is painted again when the events at hand are done.
        self._until_more = QTimer(self, singleShot=True, interval=0)
        self._until_more.timeout.connect(self.update)
        self._viewport = Viewport(1, 1, 1, 1)
        self._fits = True  # follows the canvas size until the artist zooms or pans
        self._tool = Tool()
        self.second_keys = SECOND_KEYS["both"]
        """Any of these, held, is what tools call Alt: window managers take one or the other for themselves."""
        self.snap: Snap = lambda x, y: (None, None)
        self._hover: QPointF | None = None
        self._rested_at: QPoint | None = None  # where on the screen the pointer was seen last
        self._view_drag: ViewDrag | None = None
        self._space_down = self._alt_down = False
        self._eraser_end = False  # of the pen, turned towards the canvas
        self._drawing: Tool | None = None  # the tool whose drag is on its way
        self._drawn_to = Pointer(0, 0)  # where that drag has come to
        self._pen_draws = False  # that drag, not the mouse
        self._locked = self._could_undo = False
        self._checkers = checkers()
        self.setAccessibleName(self.tr("Canvas"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(240, 128)  # with tabs and every setting open at 1920 x 1080 and 200 %
        theme.changed.connect(self.update)

    # -- what is shown --------------------------------------------------------------------------------------------

    @property
    def viewport(self) -> Viewport:
        return self._viewport

    @property
    def source(self) -> PixelSource | None:
        return None if self._view is None else self._view.source

    def show_source(self, source: PixelSource | None) -> None:
        """Show other pixels; zoom and place stay when the size is the same."""
        self._view = None if source is None else PixelView(source, self._until_more.start)
        if source is not None and source.size != (self._viewport.image_width, self._viewport.image_height):
            self._fits = True
            self._look(self._viewport.for_image(*source.size))
        self.update()

    def refresh(self, rect: Rect) -> None:
        """Read a rectangle of picture pixels again and draw it."""
        if self._view is not None:
            self._view.invalidate(rect)
        self.redraw(rect)

    def redraw(self, rect: Rect) -> None:
        """Draw a rectangle of picture pixels again."""
        left, top = self._viewport.to_screen(rect.x, rect.y)
        scale = self._viewport.scale
        self.redraw_upright(QRectF(left, top, rect.width * scale, rect.height * scale))

    def redraw_upright(self, rect: QRectF) -> None:
        """Draw again what lies in a rectangle of upright coordinates."""
        self.update(self._on_canvas(rect, 2))

    def place_at(self, spot: QPoint) -> tuple[float, float] | None:
        """The picture pixel at a global position; None where there is no canvas."""
        place = self.mapFromGlobal(spot)
        if not self.isVisible() or not self.rect().contains(place):
            return None
        return self._viewport.to_image(*self._upright(QPointF(place)))

    def put_aside(self) -> "View":
        """How the picture is looked at now, to be brought back later."""
        if self._view is not None:
            self._view.rest()
        return View(self._viewport, self._fits, self._view)

    def bring_back(self, view: "View | None") -> None:
        """Look at the picture as before; None: as at one that was never seen, upright and whole."""
        size = (self._viewport.image_width, self._viewport.image_height)
        if view is None or (view.viewport.image_width, view.viewport.image_height) != size:
            view = View(replace(self._viewport, angle=0.0, mirrored=False), fits=True)
        if view.pixels is not None and view.pixels.source == self.source:
            self._view = view.pixels  # nothing has to be read again
        here = self._viewport
        self._fits = view.fits
        viewport = view.viewport.resized(here.view_width, here.view_height, here.device_ratio)
        self._look(viewport.fitted() if view.fits else viewport)

    # -- zoom and place -------------------------------------------------------------------------------------------

    def fit(self) -> None:
        self._fits = True
        self._look(self._viewport.fitted())

    def show_actual_size(self) -> None:
        self._moved(self._viewport.actual_size())

    def zoom_in(self) -> None:
        self._moved(self._viewport.next_zoom(1, self._middle()))

    def zoom_out(self) -> None:
        self._moved(self._viewport.next_zoom(-1, self._middle()))

    def look_at(self, x: float, y: float) -> None:
        """Bring a picture pixel to the middle of the canvas."""
        here = self._viewport.to_screen(x, y)
        middle = self._upright(QPointF(*self._middle()))
        self._moved(self._viewport.panned(middle[0] - here[0], middle[1] - here[1]))

    def zoom_to(self, zoom: float) -> None:
        """Show the picture at a zoom, 1.0 being one picture pixel per screen pixel; the middle stays."""
        self._moved(self._viewport.zoomed_by(zoom / self._viewport.zoom, self._middle()))

    def rotate(self, notches: int) -> None:
        """Rotate the view clockwise (positive) or back, to the next round angle."""
        at = self._viewport.angle / ROTATION_NOTCH
        self._rotate_to((math.floor(at) + 1 if notches > 0 else math.ceil(at) - 1) * ROTATION_NOTCH)

    def mirror(self) -> None:
        """Mirror the view left to right; the picture itself stays as it is."""
        self._look(self._viewport.flipped())

    def straighten(self) -> None:
        """The view neither rotated nor mirrored."""
        if self._viewport.mirrored:
            self.mirror()
        self._rotate_to(0.0)

    def _rotate_to(self, angle: float) -> None:
        """As large as before: rotating the paper does not bring it nearer."""
        self._look(self._viewport.rotated_to(angle))

    def sizeHint(self) -> QSize:
        return QSize(800, 600)

    def _middle(self) -> tuple[float, float]:
        return self.width() / 2, self.height() / 2

    def _moved(self, viewport: Viewport) -> None:
        """Take a view that the artist chose."""
        self._fits = False
        self._look(viewport)

    def _look(self, viewport: Viewport) -> None:
        if viewport != self._viewport:
            self._viewport = viewport
            self.viewport_changed.emit()
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        resized = self._viewport.resized(self.width(), self.height(), self.devicePixelRatioF())
        self._look(resized.fitted() if self._fits else resized)
        if self._hover is not None and self._rested_at is not None:  # the canvas moved, the pointer did not
            self._hover = QPointF(self.mapFromGlobal(self._rested_at))
            self.tool_acted()

    def _on_canvas(self, upright: QRectF, margin: int) -> QRect:
        """The part of the canvas on which an upright rectangle lies."""
        area = upright_transform(self._viewport).mapRect(upright).intersected(QRectF(self.rect()))
        return area.toAlignedRect().adjusted(-margin, -margin, margin, margin)

    # -- painting -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        painter.fillRect(event.rect(), self._theme.colour("canvas"))
        if self._view is None:
            return
        painter.setTransform(upright_transform(self._viewport))
        self._paint_paper(painter)
        self._view.draw(painter, self._viewport)
        for overlay in self._overlays:
            painter.save()
            overlay.paint(painter, self._viewport)
            painter.restore()
        hover = None if self._hover is None else self._upright(self._hover)
        if not self._locked:
            self._tool_now().paint(painter, self._viewport, hover)

    def _paint_paper(self, painter: QPainter) -> None:
        """A thin edge, and checks for where the picture is transparent."""
        paper = picture_rect(self._viewport)
        painter.setPen(QColor(0, 0, 0, 90))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(paper.toAlignedRect().adjusted(-1, -1, 0, 0))
        painter.setBrushOrigin(paper.topLeft())
        painter.fillRect(paper, self._checkers)

    # -- pointer --------------------------------------------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        return self._tool

    def set_tool(self, tool: Tool) -> None:
        if self._drawing is not None:
            self._abort_stroke()
        if tool is not self._tool:
            self._tool.leave()
        self._tool = tool
        if not self._locked:
            tool.enter()
        self._show_cursor()
        self.tool_acted()

    def _tool_now(self) -> Tool:
        """The tool in hand, or the one that takes over while Alt is held or the pen is turned around."""
        if self._drawing is not None:
            return self._drawing
        if self._eraser_end and self._tool.with_eraser_end is not None:
            return self._tool.with_eraser_end
        return self._tool.with_alt if self._alt_down and self._tool.with_alt is not None else self._tool

    def lock(self, locked: bool) -> None:
        """Keep the tool from painting, as long as what is shown is not the document.

        A shape that is drawn click by click waits to be drawn on.
        """
        if locked != self._locked:
            self._locked = locked
            if self._drawing is not None:
                self._abort_stroke()
            self._show_cursor()
            self.tool_acted()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = (event.angleDelta().y() or event.angleDelta().x()) / WHEEL_NOTCH  # Alt turns it sideways
        if notches and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._hold_alt(False)  # the brush's outline shows its size meanwhile
            self.resize_brush.emit(notches)
        elif notches:
            self._zoom_at(event.position(), ZOOM_PER_NOTCH**notches)
        event.accept()

    def _zoom_at(self, position: QPointF, factor: float) -> None:
        self._moved(self._viewport.zoomed_by(factor, self._upright(position)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._eraser_end = False
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and (self._space_down or self._tool.pans)):
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._view_drag = ViewDrag(event.button(), event.position(), self._viewport, event.modifiers())
            self._show_cursor()
        elif left and self._view is not None:
            self._pen_draws = False
            self._begin_stroke(self._pointer(event.position(), event.modifiers()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._tool.is_busy and not self._locked:
            self._tool.double_click(self._pointer(event.position(), event.modifiers()))
            self.tool_acted()
        else:
            self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._eraser_end = False
        self._follow(event.position())
        pointer = self._pointer(event.position(), event.modifiers())
        if not (event.buttons() or self._pen_draws):  # a dialog came between, so that none was seen to go up
            self._view_drag = None
            self.finish_stroke()
        if self._view_drag is not None:
            self._moved(self._view_drag.view_at(event.position(), with_space=self._space_down))
        elif self._drawing is not None:
            self._draw_to(pointer)
        else:
            self._hear_keys(event.modifiers())
            self._tool_now().hover(pointer)
            self._show_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._view_drag is not None and event.button() == self._view_drag.button:
            self._view_drag = None
            self._show_cursor()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._end_stroke(self._pointer(event.position(), event.modifiers()))

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen: like the mouse, with pressure; its other end erases."""
        self._eraser_end = event.pointerType() == QPointingDevice.PointerType.Eraser
        if self._tool.pans or self._space_down or self._view is None or self._view_drag is not None:
            event.ignore()  # Qt sends it again as a mouse event
            return
        pointer = replace(self._pointer(event.position(), event.modifiers()), pressure=event.pressure())
        self._follow(event.position())
        if event.type() == QEvent.Type.TabletPress:
            self._pen_draws = True
            self._begin_stroke(pointer)
        elif event.type() == QEvent.Type.TabletRelease or (self._pen_draws and not event.buttons()):
            self._pen_draws = False
            self._end_stroke(pointer)
        elif self._drawing is not None:
            self._draw_to(pointer)
        else:
            self._tool_now().hover(pointer)
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Keys are the tools' where the pointer is: what is typed next is no part of the sentence.

        A pointer that rests does not enter, though Qt says so when a list of words that lay over it is closed.
        """
        way = event.globalPosition().toPoint() - (self._rested_at or QPoint())
        moved = self._rested_at is None or way.manhattanLength() > ROUNDING
        if moved and self._view is not None and self.isActiveWindow() and not event.buttons():
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._follow(event.position())
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._rested_at = QCursor.pos()
        self._follow(None)

    def _follow(self, position: QPointF | None) -> None:
        """Redraw the tool's marks where the pointer was and where it is."""
        reach = self._tool_now().reach(self._viewport)
        for place in (self._hover, position):
            if reach and place is not None:
                self.update(_around(place, min(reach, FAR)))
        self._hover = position
        if position is not None:
            self._rested_at = self.mapToGlobal(position.toPoint())

    def _upright(self, position: QPointF) -> tuple[float, float]:
        return self._viewport.upright(position.x(), position.y())

    def _pointer(self, position: QPointF, modifiers: Qt.KeyboardModifier) -> Pointer:
        x, y = self._viewport.to_image(*self._upright(position))
        pointer = Pointer(
            x, y, modifiers=self._for_tools(modifiers), scale=self._viewport.scale, snap=self.snap
        )
        return pointer.snapped() if self._tool_now().snaps else pointer

    def _for_tools(self, modifiers: Qt.KeyboardModifier) -> Qt.KeyboardModifier:
        """With Alt in place of whichever of the second keys is held."""
        others = modifiers & ~(_ALT | _CONTROL)
        return others | _ALT if modifiers & self.second_keys else others

    @property
    def drawing(self) -> bool:
        """Whether a stroke is being drawn."""
        return bool(self._drawing)

    @property
    def occupied(self) -> bool:
        """Whether the tool is in the middle of something, be it between two clicks."""
        return self.drawing or self._tool.is_busy

    def finish_stroke(self) -> None:
        """End the stroke that is being drawn, if there is one, where it has come to."""
        self._end_stroke(self._drawn_to)

    @property
    def can_undo(self) -> bool:
        """Whether the tool has something in hand to be taken back, which the document does not know of yet."""
        return not self._locked and self._tool.can_undo

    def undo(self) -> bool:
        """Take back the last of it; False where there is none."""
        undone = self.can_undo and self._tool.undo()
        self.tool_acted()
        return undone

    def tool_acted(self) -> None:
        """What the tool has in hand is another: its marks are drawn again, its cursor is of what lies there now."""
        self.update()
        if self._hover is not None and self._drawing is None:
            self._tool_now().hover(self._pointer(self._hover, Qt.KeyboardModifier.NoModifier))
            self._show_cursor()
        if self.can_undo != self._could_undo:
            self._could_undo = self.can_undo
            self.can_undo_changed.emit(self._could_undo)

    def let_go(self) -> None:
        """End what is begun on the picture: the stroke where it has come to, and what waits for a click is given up."""
        self.finish_stroke()
        self._tool.leave()
        self.tool_acted()

    def _begin_stroke(self, pointer: Pointer) -> None:
        self.finish_stroke()
        self.setFocus(Qt.FocusReason.MouseFocusReason)  # a pen does not bring it; Escape is the stroke's
        self._hold_alt(pointer.alt)
        if self._locked:
            self.refused.emit()
        else:
            self._drawing, self._drawn_to = self._tool_now(), pointer
            self.drawing_changed.emit(True)
            self._drawing.press(pointer)
            self.tool_acted()

    def _draw_to(self, pointer: Pointer) -> None:
        assert self._drawing is not None
        self._drawn_to = pointer
        self._drawing.move(pointer)

    def _end_stroke(self, pointer: Pointer) -> None:
        if (tool := self._drawing) is not None:
            self._drawing = None
            tool.release(pointer)
            self.tool_acted()
            self.drawing_changed.emit(False)

    def _abort_stroke(self) -> None:
        if self.occupied:
            (self._drawing or self._tool).abort()
            self.tool_acted()
        if self._drawing is not None:
            self._drawing = None
            self.drawing_changed.emit(False)

    def _hear_keys(self, modifiers: Qt.KeyboardModifier) -> None:
        self._hold_alt(bool(modifiers & self.second_keys))

    def _hold_alt(self, down: bool) -> None:
        """What tools call Alt is held, or no longer."""
        if down != self._alt_down and self._drawing is None:
            self._alt_down = down
            self._show_cursor()
            self.update()

    def _show_cursor(self) -> None:
        if self._view_drag is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space_down or self._tool.pans:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.setCursor(Qt.CursorShape.ForbiddenCursor if self._locked else self._tool_now().cursor)

    # -- keys that are held ---------------------------------------------------------------------------------------

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab shows the picture before the change, so it does not leave the canvas; Shift+Tab does."""
        return False if forward else super().focusNextPrevChild(forward)

    def event(self, event: QEvent) -> bool:
        """Keys that the tool waits for are not shortcuts of the window meanwhile."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            waits = self.occupied and not self._locked
            if (waits and event.key() in TOOL_KEYS) or (self._tool.takes_arrows and event.key() in ARROWS):
                event.accept()
                return True
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == ZOOM:
            self._zoom_at(event.position(), max(MIN_PINCH, 1 + event.value()))
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._drawing is not None:
            self._abort_stroke()
        elif not self._locked and self._tool.key(Qt.Key(event.key()), event.modifiers()):
            self.tool_acted()
        elif event.isAutoRepeat():
            event.accept()
        elif event.key() == Qt.Key.Key_Space:
            self._space_down = True
            self._show_cursor()
        elif event.key() in _MODIFIER_OF:
            self._hear_keys(event.modifiers() | _MODIFIER_OF[event.key()])
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backslash):
            self.held.emit(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            event.accept()
        elif event.key() == Qt.Key.Key_Space:
            self._space_down = False
            self._show_cursor()
        elif event.key() in _MODIFIER_OF:
            self._hear_keys(event.modifiers() & ~_MODIFIER_OF[event.key()])
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backslash):
            self.held.emit(False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._rested_at = QCursor.pos()
        self._space_down = self._alt_down = False
        self.held.emit(False)
        self._show_cursor()
        super().focusOutEvent(event)


@dataclass(frozen=True)
class View:
    """How a picture is looked at."""

    viewport: Viewport
    fits: bool
    """Whether it follows the size of the canvas."""
    pixels: PixelView | None = None
    """What was read of it."""


def upright_transform(viewport: Viewport) -> QTransform:
    """From upright coordinates to those of the canvas."""
    x, y = viewport.rotated(0, 0)
    right_x, right_y = viewport.rotated(1, 0)
    down_x, down_y = viewport.rotated(0, 1)
    return QTransform(right_x - x, right_y - y, down_x - x, down_y - y, x, y)


def _around(place: QPointF, reach: float) -> QRect:
    return QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach).toAlignedRect()
