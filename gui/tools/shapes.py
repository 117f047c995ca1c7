"""Line, rectangle, ellipse and gradient: drawn in one drag, painted on release."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from editor_core.document import shapes
from editor_core.document.geometry import Rect
from editor_core.document.gradients import Rgba, gradient
from editor_core.document.layers import PixelLayer, RasterLayer
from editor_core.document.masks import Point
from editor_core.document.paint import held_to, lay_over, paint_over
from editor_core.document.selection import Shape
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.tiles import Pixels
from editor_core.document.undo import Command
from editor_core.workflow.targets import paint_layer, painted_on, painting_command
from gui.canvas.tool import Pointer, Tool
from gui.canvas.viewport import Viewport
from gui.state.colours import Colour, Colours
from gui.texts.marks import QT_TRANSLATE_NOOP
from gui.tools.select import EVERYWHERE
from gui.viewmodels.document_vm import DocumentVM

EIGHTH = np.pi / 4


class Style(StrEnum):
    """What of a shape is painted: its outline in the foreground colour, its inside in the background colour, …"""

    OUTLINE = "outline"
    FILL = "fill"
    BOTH = "both"


class ShapeSettings(QObject):
    """How shapes and gradients are drawn.

    Signals:
        changed: Any of it. Main thread.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.width = 4  # pixels of lines
        self.style = Style.OUTLINE
        self.radial = False
        self.to_clear = False  # a gradient ends in nothing, not in the background colour

    def set(
        self,
        *,
        width: int | None = None,
        style: Style | None = None,
        radial: bool | None = None,
        to_clear: bool | None = None,
    ) -> None:
        """Change some of it."""
        self.width = self.width if width is None else width
        self.style = self.style if style is None else style
        self.radial = self.radial if radial is None else radial
        self.to_clear = self.to_clear if to_clear is None else to_clear
        self.changed.emit()


class DragTool(Tool):
    """From where the button goes down to where it goes up; Escape drops it, Shift keeps it straight or regular."""

    cursor = Qt.CursorShape.CrossCursor
    snaps = True
    hint = QT_TRANSLATE_NOOP("hints", "Drag. Shift: steps of 45°. Esc: cancel.")

    def __init__(self, document: DocumentVM, settings: ShapeSettings, colours: Colours) -> None:
        self.settings = settings
        self.colours = colours
        self.chosen_layer: str | None = None
        self.painted: Callable[[str], None] = lambda layer_id: None
        """Told on which layer it was painted."""
        self._vm = document
        self._start: Point | None = None
        self._end: Point = (0.0, 0.0)

    def straightened(self, start: Point, end: Point) -> Point:
        """Where the drag ends with Shift held."""
        length, angle = (
            np.hypot(end[0] - start[0], end[1] - start[1]),
            np.arctan2(end[1] - start[1], end[0] - start[0]),
        )
        nearest = round(angle / EIGHTH) * EIGHTH
        return float(start[0] + length * np.cos(nearest)), float(start[1] + length * np.sin(nearest))

    def made(self, start: Point, end: Point) -> "Painting":
        """What the drag paints."""
        raise NotImplementedError

    def press(self, pointer: Pointer) -> None:
        self._start = self._end = (pointer.x, pointer.y)

    def move(self, pointer: Pointer) -> None:
        if self._start is not None:
            end = (pointer.x, pointer.y)
            self._end = self.straightened(self._start, end) if pointer.shift else end

    def release(self, pointer: Pointer) -> None:
        if self._start is None:
            return
        self.move(pointer)
        start, self._start = self._start, None
        if np.hypot(self._end[0] - start[0], self._end[1] - start[1]) * pointer.scale < 2:
            return
        self.colours.use()
        new_layer = QCoreApplication.translate("tools", "Paint")
        make = partial(painted, self.made(start, self._end), self.chosen_layer, new_layer)
        self._vm.compute(make, self._paint)

    def _paint(self, command: Command | None) -> None:
        if command is not None and self._vm.execute(command) and (layer := painted_on(command)) is not None:
            self.painted(layer)

    def abort(self) -> None:
        self._start = None

    def reach(self, viewport: Viewport) -> float:
        return 0.0 if self._start is None else EVERYWHERE

    def _ends(self, viewport: Viewport) -> tuple[QPointF, QPointF] | None:
        """On the screen, while it is dragged."""
        if self._start is None:
            return None
        return QPointF(*viewport.to_screen(*self._start)), QPointF(*viewport.to_screen(*self._end))


@dataclass(frozen=True)
class Part:
    """A shape drawn from one place to another in a colour; a width of 0 fills it."""

    draw: shapes.Draw
    start: Point
    end: Point
    width: float
    colour: Colour

    def lay(self, layer: PixelLayer, canvas: Rect, state: DocumentSnapshot) -> PixelLayer:
        """The layer with it painted on."""
        shape = self.draw(self.start, self.end, self.width, canvas)
        return _laid(
            layer, shape, state, partial(paint_over, colour=self.colour, keep_alpha=_keeps_alpha(layer))
        )


@dataclass(frozen=True)
class Run:
    """A gradient over all that is selected."""

    start: Point
    end: Point
    colours: tuple[Rgba, Rgba]
    radial: bool

    def lay(self, layer: PixelLayer, canvas: Rect, state: DocumentSnapshot) -> PixelLayer:
        """The layer with it painted on."""
        rect = canvas if state.selection is None else state.selection.bounds.intersected(canvas)
        if rect.is_empty:
            return layer
        coverage = np.full((rect.height, rect.width, 1), 255, np.uint8)
        if state.selection is not None:
            coverage = held_to(coverage, state.selection.read(rect))
        local = rect.shifted(-layer.x, -layer.y)
        pixels = gradient(rect, self.start, self.end, self.colours, self.radial)
        laid = lay_over(layer.tiles.read(local), coverage, pixels, _keeps_alpha(layer))
        return replace(layer, tiles=layer.tiles.with_pixels(local.x, local.y, laid))


@dataclass(frozen=True)
class Painting:
    """What a drag paints, bottom first, and what the undo entry is called."""

    parts: tuple[Part | Run, ...]
    text: str


def painted(what: Painting, chosen: str | None, new_layer: str, state: DocumentSnapshot) -> Command | None:
    """The undo entry that paints it on the chosen layer, or on one above the picture; runs on any thread."""
    layer = before = paint_layer(state, chosen) or RasterLayer(name=new_layer)
    for part in what.parts:
        layer = part.lay(layer, state.rect, state)
    if not before.tiles.changed_keys(layer.tiles):
        return None
    return painting_command(state, before, layer.tiles, what.text)


class ShapeTool(DragTool):
    """One of the shapes."""

    draw: shapes.Draw
    can_fill = True
    text = ""

    def made(self, start: Point, end: Point) -> Painting:
        style, width = (self.settings.style if self.can_fill else Style.OUTLINE), float(self.settings.width)
        parts = []
        if style is not Style.OUTLINE:
            colour = self.colours.background if style is Style.BOTH else self.colours.foreground
            parts.append(Part(type(self).draw, start, end, 0.0, colour))
        if style is not Style.FILL:
            parts.append(Part(type(self).draw, start, end, width, self.colours.foreground))
        return Painting(tuple(parts), QCoreApplication.translate("tools", self.text))

    def outline(self, start: QPointF, end: QPointF) -> QPainterPath:
        """The shape on the screen."""
        raise NotImplementedError

    def paint(self, painter: QPainter, viewport: Viewport, hover: tuple[float, float] | None) -> None:
        ends = self._ends(viewport)
        if ends is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style = self.settings.style if self.can_fill else Style.OUTLINE
        path, front = self.outline(*ends), QColor(*self.colours.foreground)
        if style is not Style.OUTLINE:
            painter.fillPath(path, QColor(*self.colours.background) if style is Style.BOTH else front)
        if style is not Style.FILL:
            pen = QPen(front, max(1.0, self.settings.width * viewport.scale))
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.strokePath(path, pen)


class LineTool(ShapeTool):
    """A straight line."""

    draw = staticmethod(shapes.line)
    can_fill = False
    text = QT_TRANSLATE_NOOP("tools", "Line")

    def outline(self, start: QPointF, end: QPointF) -> QPainterPath:
        path = QPainterPath(start)
        path.lineTo(end)
        return path


class RectangleTool(ShapeTool):
    """A rectangle."""

    hint = QT_TRANSLATE_NOOP("hints", "Drag. Shift: square. Esc: cancel.")
    draw = staticmethod(shapes.rectangle)
    text = QT_TRANSLATE_NOOP("tools", "Rectangle")

    def straightened(self, start: Point, end: Point) -> Point:
        side = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
        return (
            start[0] + (side if end[0] >= start[0] else -side),
            start[1] + (side if end[1] >= start[1] else -side),
        )

    def outline(self, start: QPointF, end: QPointF) -> QPainterPath:
        path = QPainterPath()
        path.addRect(QRectF(start, end).normalized())
        return path


class EllipseTool(RectangleTool):
    """An ellipse."""

    hint = QT_TRANSLATE_NOOP("hints", "Drag. Shift: circle. Esc: cancel.")
    draw = staticmethod(shapes.ellipse)
    text = QT_TRANSLATE_NOOP("tools", "Ellipse")

    def outline(self, start: QPointF, end: QPointF) -> QPainterPath:
        path = QPainterPath()
        path.addEllipse(QRectF(start, end).normalized())
        return path


class GradientTool(DragTool):
    """From the foreground to the background colour over what is selected, or over all of the layer."""

    def made(self, start: Point, end: Point) -> Painting:
        front, back = self.colours.foreground, self.colours.background
        last: Rgba = (*front, 0) if self.settings.to_clear else (*back, 255)
        run = Run(start, end, ((*front, 255), last), self.settings.radial)
        return Painting((run,), QCoreApplication.translate("tools", "Gradient"))

    def paint(self, painter: QPainter, viewport: Viewport, hover: tuple[float, float] | None) -> None:
        ends = self._ends(viewport)
        if ends is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((QColor(0, 0, 0, 180), 3.0), (QColor("white"), 1.2)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(*ends)
        for place, end in zip(ends, (self.colours.foreground, self.colours.background), strict=True):
            painter.setBrush(QColor(*end))
            painter.drawEllipse(place, 5, 5)


def _laid(layer: PixelLayer, shape: Shape, state: DocumentSnapshot, combine: "partial[Pixels]") -> PixelLayer:
    if shape.rect.is_empty:
        return layer
    coverage = shape.mask[..., None]
    if state.selection is not None:
        coverage = held_to(coverage, state.selection.read(shape.rect))
    tiles = layer.tiles.combined(shape.rect.shifted(-layer.x, -layer.y), coverage, combine)
    return replace(layer, tiles=tiles)


def _keeps_alpha(layer: PixelLayer) -> bool:
    return isinstance(layer, RasterLayer) and layer.lock_transparency
