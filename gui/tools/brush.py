"""What all brushes share: their settings, the stroke on its way, the outline under the pointer."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform

from editor_core.document.document import Document
from editor_core.document.geometry import EMPTY, Rect
from editor_core.document.layers import LayerStack, PixelLayer
from editor_core.document.paint import held_to
from editor_core.document.strokes import Brush, Mirror, Stroke
from editor_core.document.tiles import Pixels
from editor_core.workflow.targets import painting_command
from gui.canvas.tool import Pointer, Tool
from gui.canvas.viewport import Viewport
from gui.tools.outline import dab_outline
from gui.viewmodels.document_vm import DocumentVM

SIZES = (1.0, 1000.0)  # pixels
SIZE_FACTOR = 1.2  # a notch
HARDNESS_STEP = 0.1
SMOOTH_OUTLINE = 96  # logical pixels: a larger outline is drawn with plain pixels, many times faster
DRAG = 3.0  # logical pixels: a shorter way is a click

Combine = Callable[[Pixels, Pixels], Pixels]
"""What was there (h, w, channels) and the coverage (h, w, 1), both uint8, to what is there now."""


class BrushSettings(QObject):
    """The brush of one tool, which remembers its own.

    Signals:
        changed: Any of its values. Main thread.
    """

    changed = Signal()

    def __init__(
        self,
        brush: Brush,
        parent: QObject | None = None,
        tip: Callable[[str], Pixels | None] = lambda key: None,
    ) -> None:
        """``tip``: the picture of a tip by its key, uint8 (h, w)."""
        super().__init__(parent)
        self._brush = brush
        self._tip = tip
        self._outline: QPainterPath | None = None

    @property
    def tip(self) -> Pixels | None:
        """What the brush stamps, uint8 (h, w); None: round."""
        return self._tip(self._brush.tip)

    @property
    def outline(self) -> QPainterPath:
        """Of a dab, as `dab_outline` has it."""
        if self._outline is None:
            self._outline = dab_outline(self._brush, self.tip)
        return self._outline

    @property
    def brush(self) -> Brush:
        return self._brush

    def take(self, brush: Brush) -> None:
        """Another brush altogether."""
        self._brush = brush
        self.set()

    def set(self, **values: float | bool | str) -> None:
        """Change some of the brush's values; they are kept within their limits."""
        changed = replace(self._brush, **values)  # type: ignore[arg-type]
        self._brush = replace(
            changed,
            size=_within(changed.size, *SIZES),
            hardness=_within(changed.hardness, 0.0, 1.0),
            opacity=_within(changed.opacity, 0.01, 1.0),
            flow=_within(changed.flow, 0.01, 1.0),
            smoothing=_within(changed.smoothing, 0.0, 1.0),
        )
        self._outline = None
        self.changed.emit()

    def resize(self, notches: float) -> None:
        """Larger (positive) or smaller by notches of the wheel: each a fifth of the size, a pixel at the least."""
        size = self._brush.size
        grown, least = size * SIZE_FACTOR**notches, size + notches
        self.set(size=max(grown, least) if notches > 0 else min(grown, least))

    def harden(self, notches: int) -> None:
        self.set(hardness=round(self._brush.hardness + notches * HARDNESS_STEP, 2))


class Symmetry(QObject):
    """About which of the picture's middle lines strokes are repeated; shared by all brushes.

    Signals:
        changed: Either. Main thread.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.across = False  # left to right, about the upright line
        self.down = False

    def set(self, *, across: bool | None = None, down: bool | None = None) -> None:
        """Change either."""
        self.across = self.across if across is None else across
        self.down = self.down if down is None else down
        self.changed.emit()

    @property
    def mirrors(self) -> list[Mirror]:
        """How each dab is repeated."""
        wanted = [(True, False)] * self.across + [(False, True)] * self.down
        return wanted + [(True, True)] * (self.across and self.down)


@dataclass
class _Drag:
    """A stroke on its way: the layer as it was, and the stack it must go back to if the stroke is dropped."""

    document: Document
    stack: LayerStack
    layer: PixelLayer
    is_new: bool
    stroke: Stroke
    combine: Combine


@dataclass
class _Sizing:
    """Shift is held: a drag sets the size, a click draws a straight line."""

    start: Pointer
    size: float
    moved: bool = False


class BrushTool(Tool):
    """Paints on one layer of the document; the stroke becomes one undo entry when the pen goes up."""

    cursor = Qt.CursorShape.CrossCursor
    text = ""

    def __init__(self, document: DocumentVM, settings: BrushSettings) -> None:
        self.settings = settings
        self.symmetry = Symmetry()
        self.chosen_layer: str | None = None
        self.painted: Callable[[str], None] = lambda layer_id: None
        """Told on which layer a stroke was painted."""
        self._vm = document
        self._drag: _Drag | None = None
        self._sizing: _Sizing | None = None
        self._last: tuple[Document, Pointer] | None = None  # where the stroke before ended

    def target(self, document: Document) -> PixelLayer | None:
        """The layer to paint on, perhaps one that is still to be added; None where there is none to be had."""
        raise NotImplementedError

    def combine(self, layer: PixelLayer, pointer: Pointer) -> Combine:
        """What the stroke that begins here does to the pixels it covers."""
        raise NotImplementedError

    def combined(self, combine: Combine, before: Pixels, coverage: Pixels, rect: Rect) -> Pixels:
        """The layer's pixels in a rectangle of the document, which most brushes need not know."""
        return combine(before, coverage)

    def finished(self, document: Document, layer: PixelLayer, stroke: Stroke) -> Rect:
        """The pen went up: returns a rectangle of the document that looks different now."""
        return EMPTY

    # -- the pointer ----------------------------------------------------------------------------------------------

    def press(self, pointer: Pointer) -> None:
        if pointer.shift:
            self._sizing = _Sizing(pointer, self.settings.brush.size)
        else:
            self._begin(pointer, pointer)

    def move(self, pointer: Pointer) -> None:
        if self._sizing is not None:
            self._resize(self._sizing, pointer)
        elif self._drag is not None:
            self._show(self._drag, self._drag.stroke.extend(pointer.x, pointer.y, pointer.pressure))

    def release(self, pointer: Pointer) -> None:
        sizing, self._sizing = self._sizing, None
        if sizing is not None and not sizing.moved:
            document, start = self._last or (None, pointer)
            self._begin(start if document is self._vm.document else pointer, pointer)
        self._finish(pointer)

    def abort(self) -> None:
        self._sizing = None
        if (drag := self._drag) is None:
            return
        self._drag = None
        drag.document.set_live(None)
        if drag.is_new:
            drag.document.set_layers(drag.stack)
        else:
            drag.document.set_tiles(drag.layer.id, drag.layer.tiles)

    # -- the stroke -----------------------------------------------------------------------------------------------

    def _begin(self, start: Pointer, pointer: Pointer) -> None:
        document = self._vm.document
        layer = None if document is None else self.target(document)
        if document is None or layer is None:
            return
        stack, is_new = document.layers, layer.id not in document.layers
        lock = None if is_new else stack.lock_on(layer.id)
        if lock is not None:
            self._vm.problem.emit(
                QCoreApplication.translate(
                    "tools", "The layer “{name}” is locked. Unlock it in Layers to paint on it."
                ).format(name=lock.name)
            )
            return
        document.set_live(self.abort)
        if is_new:
            document.set_layers(stack.with_layer(layer))
        settings, mirrors = self.settings, self.symmetry.mirrors
        stroke = Stroke(settings.brush, document.width, document.height, settings.tip, mirrors)
        self._drag = _Drag(document, stack, layer, is_new, stroke, self.combine(layer, pointer))
        self.move(start)

    def _finish(self, pointer: Pointer) -> None:
        if (drag := self._drag) is None:
            return
        if drag.document is not self._vm.document:
            self.abort()
            return
        self.move(pointer)
        self._show(drag, drag.stroke.finish())
        self._show(drag, self.finished(drag.document, drag.layer, drag.stroke))
        painted = drag.document.layers.pixel_layer(drag.layer.id).tiles
        self.abort()
        self._last = (drag.document, pointer)
        if painted is drag.layer.tiles:  # beside the picture, or where the selection lets nothing through
            return
        self._vm.execute(painting_command(drag.document, drag.layer, painted, self.text))
        self.painted(drag.layer.id)

    def _show(self, drag: _Drag, rect: Rect) -> None:
        """Let the document show the stroke so far inside ``rect`` (document pixels)."""
        if rect.is_empty:
            return
        coverage, selection = drag.stroke.coverage(rect), drag.document.selection
        if selection is not None:
            coverage = held_to(coverage, selection.read(rect))
        local = rect.shifted(-drag.layer.x, -drag.layer.y)
        pixels = self.combined(drag.combine, drag.layer.tiles.read(local), coverage, rect)
        shown = drag.document.layers.pixel_layer(drag.layer.id).tiles
        if np.array_equal(pixels, shown.read(local)):
            return
        drag.document.set_tiles(drag.layer.id, shown.with_pixels(local.x, local.y, pixels), local)

    def _resize(self, sizing: _Sizing, pointer: Pointer) -> None:
        way = pointer.x - sizing.start.x
        sizing.moved = sizing.moved or abs(way) * pointer.scale > DRAG
        if sizing.moved:
            self.settings.set(size=sizing.size + way)

    # -- the outline ----------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, viewport: Viewport, hover: tuple[float, float] | None) -> None:
        if self._sizing is not None:
            hover = viewport.to_screen(self._sizing.start.x, self._sizing.start.y)
        self._paint_axes(painter, viewport)
        if hover is None:
            return
        radius = self.settings.brush.size / 2 * viewport.scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, radius < SMOOTH_OUTLINE)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, ring in ((QColor(0, 0, 0, 170), radius + 1), (QColor(255, 255, 255, 230), radius)):
            painter.setPen(QPen(colour, 1))
            painter.drawPath(QTransform(ring, 0, 0, ring, *hover).map(self.settings.outline))

    def _paint_axes(self, painter: QPainter, viewport: Viewport) -> None:
        width, height = viewport.image_width, viewport.image_height
        ends: list[tuple[tuple[float, float], tuple[float, float]]] = []
        if self.symmetry.across:
            ends.append(((width / 2, 0), (width / 2, height)))
        if self.symmetry.down:
            ends.append(((0, height / 2), (width, height / 2)))
        for start, end in ends:
            for colour, style in (
                (QColor(255, 255, 255, 160), Qt.PenStyle.SolidLine),
                (QColor(0, 0, 0, 160), Qt.PenStyle.DashLine),
            ):
                painter.setPen(QPen(colour, 1, style))
                painter.drawLine(QPointF(*viewport.to_screen(*start)), QPointF(*viewport.to_screen(*end)))

    def reach(self, viewport: Viewport) -> float:
        return self.settings.brush.size / 2 * viewport.scale + 4


def _within(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))
