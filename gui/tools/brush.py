"""The brushes: mask, paint and eraser. They differ in the layer they find and in what coverage does to it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen

from editor_core.document.commands import AddLayer, CompositeCommand, PaintStroke
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import LayerStack, MaskLayer, PixelLayer, RasterLayer
from editor_core.document.tiles import Tiles
from gui.canvas.viewport import Viewport
from gui.masks import mask_layer
from gui.tools.dabs import Brush, Stroke
from gui.tools.tool import Pointer, Tool
from gui.viewmodels.document_vm import DocumentVM

SIZES = (1.0, 1000.0)  # pixels
SIZE_STEP = 1.2
HARDNESS_STEP = 0.1
SMOOTH_OUTLINE = 96  # logical pixels: a larger outline is drawn with plain pixels, many times faster

Combine = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""What was there (h, w, channels) and the coverage (h, w, 1), both uint8, to what is there now."""


class BrushSettings(QObject):
    """Size, hardness and opacity of one tool, which remembers its own.

    Signals:
        changed: Any of them. Main thread.
    """

    changed = Signal()

    def __init__(self, brush: Brush, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._brush = brush

    @property
    def brush(self) -> Brush:
        return self._brush

    def set(self, **values: float) -> None:
        """Change some of size, hardness and opacity; values are kept within their limits."""
        changed = replace(self._brush, **values)
        self._brush = replace(
            changed,
            size=min(SIZES[1], max(SIZES[0], changed.size)),
            hardness=min(1.0, max(0.0, changed.hardness)),
            opacity=min(1.0, max(0.01, changed.opacity)),
        )
        self.changed.emit()

    def resize(self, steps: int) -> None:
        size = self._brush.size
        self.set(size=max(size + 1, size * SIZE_STEP) if steps > 0 else min(size - 1, size / SIZE_STEP))

    def harden(self, steps: int) -> None:
        self.set(hardness=round(self._brush.hardness + steps * HARDNESS_STEP, 2))


@dataclass
class _Drag:
    """A stroke on its way: the layer as it was, and the stack it must go back to if the stroke is dropped."""

    document: Document
    stack: LayerStack
    layer: PixelLayer
    is_new: bool
    stroke: Stroke
    combine: Combine


class BrushTool(Tool):
    """Paints on one layer of the document; the stroke becomes one undo step when the pen goes up."""

    cursor = Qt.CursorShape.CrossCursor
    text = ""

    def __init__(self, document: DocumentVM, settings: BrushSettings) -> None:
        self.settings = settings
        self._vm = document
        self._drag: _Drag | None = None

    def target(self, document: Document) -> PixelLayer | None:
        """The layer to paint on; None where there is none to be had."""
        raise NotImplementedError

    def combine(self, pointer: Pointer) -> Combine:
        """What the stroke that begins here does to the pixels it covers."""
        raise NotImplementedError

    def press(self, pointer: Pointer) -> None:
        document = self._vm.document
        layer = None if document is None else self.target(document)
        if document is None or layer is None:
            return
        if layer.locked:
            self._vm.problem.emit(self._vm.tr("The layer “{name}” is locked.").format(name=layer.name))
            return
        stack, is_new = document.layers, layer.id not in document.layers
        if is_new:
            document.set_layers(stack.with_layer(layer))
        stroke = Stroke(self.settings.brush)
        self._drag = _Drag(document, stack, layer, is_new, stroke, self.combine(pointer))
        self.move(pointer)

    def move(self, pointer: Pointer) -> None:
        if self._drag is not None:
            changed = self._drag.stroke.extend(pointer.x, pointer.y, pointer.pressure)
            self._show(self._drag, changed.intersected(self._drag.document.rect))

    def release(self, pointer: Pointer) -> None:
        if (drag := self._drag) is None:
            return
        self.move(pointer)
        painted = drag.document.layers.pixel_layer(drag.layer.id).tiles
        self.abort()
        stroke = PaintStroke(drag.layer.id, drag.layer.tiles, painted, self.text)
        first = CompositeCommand(self.text, [AddLayer(drag.layer), stroke])
        self._vm.execute(first if drag.is_new else stroke)

    def abort(self) -> None:
        if (drag := self._drag) is None:
            return
        self._drag = None
        if drag.is_new:
            drag.document.set_layers(drag.stack)
        else:
            drag.document.set_tiles(drag.layer.id, drag.layer.tiles)

    def paint(self, painter: QPainter, viewport: Viewport, hover: tuple[float, float] | None) -> None:
        if hover is None:
            return
        radius = self.settings.brush.size / 2 * viewport.scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, radius < SMOOTH_OUTLINE)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, ring in ((QColor(0, 0, 0, 170), radius + 1), (QColor(255, 255, 255, 230), radius)):
            painter.setPen(QPen(colour, 1))
            painter.drawEllipse(QPointF(*hover), ring, ring)

    def reach(self, viewport: Viewport) -> float:
        return self.settings.brush.size / 2 * viewport.scale + 4

    def _show(self, drag: _Drag, rect: Rect) -> None:
        """Let the document show the stroke so far inside ``rect`` (document pixels)."""
        if rect.is_empty:
            return
        x, y = drag.layer.x, drag.layer.y
        local = rect.shifted(-x, -y)
        pixels = drag.combine(drag.layer.tiles.read(local), drag.stroke.coverage(rect))
        shown = drag.document.layers.pixel_layer(drag.layer.id).tiles
        drag.document.set_tiles(drag.layer.id, shown.with_pixels(local.x, local.y, pixels))


class MaskBrush(BrushTool):
    """Marks where the picture may change. Alt or ``subtracting`` takes away."""

    def __init__(self, document: DocumentVM, settings: BrushSettings) -> None:
        super().__init__(document, settings)
        self.subtracting = False
        self.text = document.tr("Paint mask")

    def target(self, document: Document) -> PixelLayer | None:
        return mask_layer(document) or MaskLayer(name=self._vm.tr("Mask"), tiles=Tiles(1))

    def combine(self, pointer: Pointer) -> Combine:
        subtracting = self.subtracting != bool(pointer.modifiers & Qt.KeyboardModifier.AltModifier)
        return subtract_mask if subtracting else np.maximum


class PaintBrush(BrushTool):
    """Paints with a colour on the chosen raster layer.

    The Picture layer belongs to the turns, the next of which would paint over a stroke; strokes meant for it go to
    a layer above.
    """

    def __init__(self, document: DocumentVM, settings: BrushSettings) -> None:
        super().__init__(document, settings)
        self.colour = (32, 32, 32)
        self.chosen_layer: str | None = None
        self.text = document.tr("Brush stroke")

    def target(self, document: Document) -> PixelLayer | None:
        return self.painted_layer(document) or RasterLayer(name=self._vm.tr("Paint"))

    def painted_layer(self, document: Document) -> RasterLayer | None:
        """The chosen layer, else the topmost, among those that hold strokes."""
        strokes = [
            layer
            for layer in document.layers.walk()
            if isinstance(layer, RasterLayer) and layer.id != document.picture_layer_id
        ]
        chosen = [layer for layer in strokes if layer.id == self.chosen_layer]
        return next(reversed(chosen or strokes), None)

    def combine(self, pointer: Pointer) -> Combine:
        colour = np.array(self.colour, np.float32)
        return lambda before, coverage: paint_over(before, coverage, colour)


class Eraser(PaintBrush):
    """Makes what it covers transparent."""

    def __init__(self, document: DocumentVM, settings: BrushSettings) -> None:
        super().__init__(document, settings)
        self.text = document.tr("Erase")

    def target(self, document: Document) -> PixelLayer | None:
        layer = self.painted_layer(document)
        if layer is None:
            self._vm.problem.emit(self._vm.tr("There is no painted layer to erase from."))
        return layer

    def combine(self, pointer: Pointer) -> Combine:
        return erase


def subtract_mask(before: np.ndarray, coverage: np.ndarray) -> np.ndarray:
    left: np.ndarray = np.minimum(before, 255 - coverage)
    return left


def paint_over(before: np.ndarray, coverage: np.ndarray, colour: np.ndarray) -> np.ndarray:
    """A colour (3,) over straight RGBA (W3C source-over)."""
    source = coverage.astype(np.float32) / 255
    backdrop = before[..., 3:].astype(np.float32) / 255
    alpha = source + backdrop * (1 - source)
    mixed = source * colour + backdrop * (1 - source) * before[..., :3]
    straight = mixed / np.maximum(alpha, 1e-6)
    painted: np.ndarray = np.concatenate([np.rint(straight), np.rint(alpha * 255)], axis=-1)
    return painted.astype(np.uint8)


def erase(before: np.ndarray, coverage: np.ndarray) -> np.ndarray:
    kept: np.ndarray = before[..., 3:].astype(np.uint16) * (255 - coverage)
    erased: np.ndarray = np.concatenate([before[..., :3], (kept + 127) // 255], axis=-1)
    return erased.astype(np.uint8)
