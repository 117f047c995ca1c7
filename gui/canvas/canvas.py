"""The canvas: shows the picture, zooms and pans, hands the pointer to the tool."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from editor_core.document.geometry import Rect
from gui.canvas.pixel_view import PixelView, picture_rect
from gui.canvas.tile_cache import PixelSource
from gui.canvas.viewport import Viewport
from gui.overlays.overlay import Overlay
from gui.theme import Theme
from gui.tools.tool import PanTool, Pointer, Tool

WHEEL_NOTCH = 120  # eighths of a degree, Qt's unit
ZOOM_PER_NOTCH = 1.25
CHECKER = 8  # pixels a square


class Canvas(QWidget):
    """The picture on its surround.

    Signals:
        viewport_changed: Zoom or place changed. Main thread.
        held: True while the key for "before" is down. Main thread.
        resize_brush: Ctrl+wheel: steps up (positive) or down. Main thread.
        refused: The artist tried to paint while the canvas is locked. Main thread.
    """

    viewport_changed = Signal()
    held = Signal(bool)
    resize_brush = Signal(int)
    refused = Signal()

    def __init__(self, theme: Theme, overlays: Sequence[Overlay] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._overlays = tuple(overlays)
        self._view: PixelView | None = None
        self._viewport = Viewport(1, 1, 1, 1)
        self._fits = True  # follows the canvas size until the artist zooms or pans
        self._tool: Tool = PanTool()
        self._hover: QPointF | None = None
        self._pan_from: QPointF | None = None
        self._space_down = False
        self._drawing = False
        self._locked = False
        self._checkers = QBrush(_checkerboard())
        self.setAccessibleName(self.tr("Canvas"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(240, 160)
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
        self._view = None if source is None else PixelView(source)
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
        area = QRectF(left, top, rect.width * scale, rect.height * scale)
        self.update(area.toAlignedRect().adjusted(-2, -2, 2, 2))

    # -- zoom and place -------------------------------------------------------------------------------------------

    def fit(self) -> None:
        self._fits = True
        self._look(self._viewport.fitted())

    def show_actual_size(self) -> None:
        self._moved(self._viewport.actual_size())

    def zoom_in(self) -> None:
        self._moved(self._viewport.stepped(1, self._middle()))

    def zoom_out(self) -> None:
        self._moved(self._viewport.stepped(-1, self._middle()))

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

    # -- painting -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        painter.fillRect(event.rect(), self._theme.colour("canvas"))
        if self._view is None:
            return
        self._paint_paper(painter)
        self._view.draw(painter, self._viewport)
        for overlay in self._overlays:
            overlay.paint(painter, self._viewport)
        hover = None if self._hover is None else (self._hover.x(), self._hover.y())
        if not self._locked:
            self._tool.paint(painter, self._viewport, hover)

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
        self._abort_stroke()
        self._tool = tool
        self._show_cursor()
        self.update()

    def lock(self, locked: bool) -> None:
        """Keep the tool from painting, as long as what is shown is not the document."""
        if locked != self._locked:
            self._locked = locked
            self._abort_stroke()
            self._show_cursor()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / WHEEL_NOTCH
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.resize_brush.emit(1 if notches > 0 else -1)
        else:
            position = event.position()
            self._moved(self._viewport.zoomed_by(ZOOM_PER_NOTCH**notches, (position.x(), position.y())))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and (self._space_down or self._tool.pans)):
            self._pan_from = event.position()
            self._show_cursor()
        elif left and self._view is not None:
            self._begin_stroke(self._pointer(event.position(), event.modifiers()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._follow(event.position())
        if self._pan_from is not None:
            step = event.position() - self._pan_from
            self._pan_from = event.position()
            self._moved(self._viewport.panned(step.x(), step.y()))
        elif self._drawing:
            self._tool.move(self._pointer(event.position(), event.modifiers()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pan_from is not None:
            self._pan_from = None
            self._show_cursor()
        elif self._drawing and event.button() == Qt.MouseButton.LeftButton:
            self._drawing = False
            self._tool.release(self._pointer(event.position(), event.modifiers()))

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen: like the mouse, with pressure."""
        eraser = event.pointerType() == QPointingDevice.PointerType.Eraser
        if self._tool.pans or self._space_down or self._view is None or eraser:
            event.ignore()  # Qt sends it again as a mouse event
            return
        pointer = replace(self._pointer(event.position(), event.modifiers()), pressure=event.pressure())
        self._follow(event.position())
        if event.type() == QEvent.Type.TabletPress:
            self._begin_stroke(pointer)
        elif event.type() == QEvent.Type.TabletMove and self._drawing:
            self._tool.move(pointer)
        elif event.type() == QEvent.Type.TabletRelease and self._drawing:
            self._drawing = False
            self._tool.release(pointer)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._follow(None)

    def _follow(self, position: QPointF | None) -> None:
        """Redraw the tool's marks where the pointer was and where it is."""
        reach = self._tool.reach(self._viewport)
        for place in (self._hover, position):
            if reach and place is not None:
                self.update(_around(place, reach))
        self._hover = position

    def _pointer(self, position: QPointF, modifiers: Qt.KeyboardModifier) -> Pointer:
        x, y = self._viewport.to_image(position.x(), position.y())
        return Pointer(x, y, modifiers=modifiers)

    def _begin_stroke(self, pointer: Pointer) -> None:
        if self._locked:
            self.refused.emit()
        else:
            self._drawing = True
            self._tool.press(pointer)

    def _abort_stroke(self) -> None:
        if self._drawing:
            self._drawing = False
            self._tool.abort()

    def _show_cursor(self) -> None:
        if self._pan_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space_down or self._tool.pans:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.setCursor(Qt.CursorShape.ForbiddenCursor if self._locked else self._tool.cursor)

    # -- keys that are held ---------------------------------------------------------------------------------------

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab shows the picture before the change, so it does not leave the canvas; Shift+Tab does."""
        return False if forward else super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            event.accept()
        elif event.key() == Qt.Key.Key_Space:
            self._space_down = True
            self._show_cursor()
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backslash):
            self.held.emit(True)
        elif event.key() == Qt.Key.Key_Escape and self._drawing:
            self._abort_stroke()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            event.accept()
        elif event.key() == Qt.Key.Key_Space:
            self._space_down = False
            self._show_cursor()
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backslash):
            self.held.emit(False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space_down = False
        self.held.emit(False)
        self._show_cursor()
        super().focusOutEvent(event)


def _checkerboard() -> QPixmap:
    squares = QPixmap(2 * CHECKER, 2 * CHECKER)
    squares.fill(QColor("#ffffff"))
    painter = QPainter(squares)
    for corner in (QPoint(0, 0), QPoint(CHECKER, CHECKER)):
        painter.fillRect(QRect(corner, QSize(CHECKER, CHECKER)), QColor("#d0d0d0"))
    painter.end()
    return squares


def _around(place: QPointF, reach: float) -> QRect:
    return QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach).toAlignedRect()
