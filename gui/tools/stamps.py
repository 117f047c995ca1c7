"""Clone, heal and smudge: brushes that paint with what is seen elsewhere in the picture."""

from functools import partial

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from editor_core.document.compositing import flatten
from editor_core.document.document import Document
from editor_core.document.geometry import EMPTY, Rect
from editor_core.document.layers import PixelLayer, RasterLayer
from editor_core.document.masks import bounds
from editor_core.document.paint import lay_over
from editor_core.document.retouch import Smudge, healed
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.strokes import Stroke
from editor_core.document.tiles import Pixels
from editor_core.workflow.targets import paint_layer
from gui.canvas.tool import Pointer, Tool
from gui.canvas.viewport import Viewport
from gui.texts.marks import QT_TRANSLATE_NOOP
from gui.tools.brush import BrushSettings, BrushTool, Combine
from gui.viewmodels.document_vm import DocumentVM

MARGIN = 8  # pixels around a healed place from which its tones come
CROSS = 7.0  # logical pixels
_NOTHING: Pixels = np.zeros((0, 0, 4), np.uint8)  # until it is known where


class StampTool(BrushTool):
    """Paints on the layer the brush would paint on, with what is seen at an offset."""

    def __init__(self, document: DocumentVM, settings: BrushSettings) -> None:
        super().__init__(document, settings)
        self.source: tuple[float, float] | None = None
        self._offset: tuple[int, int] | None = None  # from a place to where its pixels come from
        self._state: DocumentSnapshot | None = None  # the picture when the stroke began
        self.with_alt = SourcePicker(self)

    def set_source(self, x: float, y: float) -> None:
        """Take from here; where the next stroke begins is its counterpart."""
        self.source, self._offset = (x, y), None

    def target(self, document: Document) -> PixelLayer | None:
        if self.source is None:
            self._vm.problem.emit(
                QCoreApplication.translate("tools", "Ctrl+click (or Alt+click) first where to copy from.")
            )
            return None
        return paint_layer(document, self.chosen_layer) or RasterLayer(
            name=QCoreApplication.translate("tools", "Paint")
        )

    def combine(self, layer: PixelLayer, pointer: Pointer) -> Combine:
        assert self.source is not None and self._vm.document is not None
        if self._offset is None:
            self._offset = round(self.source[0] - pointer.x), round(self.source[1] - pointer.y)
        self._state = self._vm.document.snapshot()
        return partial(lay_over, pixels=_NOTHING, keep_alpha=_keeps_alpha(layer))

    def combined(self, combine: Combine, before: Pixels, coverage: Pixels, rect: Rect) -> Pixels:
        return combine(before, coverage, pixels=self.seen(rect))  # type: ignore[call-arg]

    def seen(self, rect: Rect) -> Pixels:
        """What comes into a rectangle: RGBA (height, width, 4); clear where there is no picture."""
        assert self._state is not None and self._offset is not None
        source = rect.shifted(*self._offset)
        inside = source.intersected(self._state.rect)
        pixels = np.zeros((rect.height, rect.width, 4), np.uint8)
        if not inside.is_empty:
            pixels[inside.slices_in(source)] = flatten(self._state.layers, inside)
        return pixels

    def paint(self, painter: QPainter, viewport: Viewport, hover: tuple[float, float] | None) -> None:
        super().paint(painter, viewport, hover)
        if self.source is None or hover is None:
            return
        x, y = self.source
        if self._offset is not None:
            under = viewport.to_image(*hover)
            x, y = under[0] + self._offset[0], under[1] + self._offset[1]
        draw_cross(painter, QPointF(*viewport.to_screen(x, y)))

    def reach(self, viewport: Viewport) -> float:
        """The cross may be anywhere."""
        return super().reach(viewport) if self.source is None else 1e5


class CloneStamp(StampTool):
    """Copies as it is."""

    hint = QT_TRANSLATE_NOOP(
        "hints", "Ctrl+click or Alt+click: where to copy from. Shift+click: straight line."
    )

    def __init__(self, document: DocumentVM, settings: BrushSettings) -> None:
        super().__init__(document, settings)
        self.text = QCoreApplication.translate("tools", "Clone")


class HealStamp(StampTool):
    """Copies the texture and, when the pen goes up, takes on the tones around the place."""

    hint = CloneStamp.hint

    def __init__(self, document: DocumentVM, settings: BrushSettings) -> None:
        super().__init__(document, settings)
        self.text = QCoreApplication.translate("tools", "Heal")
        self._healed: tuple[Rect, Pixels] | None = None

    def finished(self, document: Document, layer: PixelLayer, stroke: Stroke) -> Rect:
        assert self._state is not None
        covered = bounds(stroke.coverage(document.rect)[..., 0])
        if covered.is_empty:
            return EMPTY
        x, y, width, height = covered
        rect = Rect(x - MARGIN, y - MARGIN, width + 2 * MARGIN, height + 2 * MARGIN).intersected(
            document.rect
        )
        hole = stroke.coverage(rect)[..., 0] > 0
        self._healed = rect, healed(flatten(self._state.layers, rect), self.seen(rect), hole)
        return covered

    def combine(self, layer: PixelLayer, pointer: Pointer) -> Combine:
        self._healed = None
        return super().combine(layer, pointer)

    def seen(self, rect: Rect) -> Pixels:
        if self._healed is not None and rect.intersected(self._healed[0]) == rect:
            return self._healed[1][rect.slices_in(self._healed[0])]
        return super().seen(rect)


class SmudgeBrush(BrushTool):
    """Drags along what is seen, onto the layer the brush would paint on."""

    hint = QT_TRANSLATE_NOOP("hints", "Drag to smear what you see. Shift+click: straight line.")

    def __init__(self, document: DocumentVM, settings: BrushSettings) -> None:
        super().__init__(document, settings)
        self.text = QCoreApplication.translate("tools", "Smudge")
        self._smudge: Smudge | None = None
        self._state: DocumentSnapshot | None = None

    def target(self, document: Document) -> PixelLayer | None:
        return paint_layer(document, self.chosen_layer) or RasterLayer(
            name=QCoreApplication.translate("tools", "Paint")
        )

    def combine(self, layer: PixelLayer, pointer: Pointer) -> Combine:
        assert self._vm.document is not None
        self._state = state = self._vm.document.snapshot()
        self._smudge = Smudge(self.settings.brush, state.rect, partial(flatten, state.layers))
        self._smudge.extend(pointer.x, pointer.y, pointer.pressure)
        return partial(lay_over, pixels=_NOTHING, keep_alpha=_keeps_alpha(layer))

    def move(self, pointer: Pointer) -> None:
        if self._smudge is not None and self._drag is not None:
            self._smudge.extend(pointer.x, pointer.y, pointer.pressure)
        super().move(pointer)

    def combined(self, combine: Combine, before: Pixels, coverage: Pixels, rect: Rect) -> Pixels:
        assert self._smudge is not None and self._state is not None
        pixels = self._smudge.pixels(rect)
        changed = (pixels != flatten(self._state.layers, rect)).any(axis=-1, keepdims=True)
        whole = np.where(changed & (coverage > 0), np.uint8(255), np.uint8(0))
        return combine(before, whole, pixels=pixels)  # type: ignore[call-arg]


class SourcePicker(Tool):
    """Held Alt: says where a stamp copies from."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, stamp: StampTool) -> None:
        self._stamp = stamp

    def press(self, pointer: Pointer) -> None:
        self._stamp.set_source(pointer.x, pointer.y)

    def move(self, pointer: Pointer) -> None:
        self._stamp.set_source(pointer.x, pointer.y)

    def paint(self, painter: QPainter, viewport: Viewport, hover: tuple[float, float] | None) -> None:
        if hover is not None:
            draw_cross(painter, QPointF(*hover))

    def reach(self, viewport: Viewport) -> float:
        return CROSS + 3


def draw_cross(painter: QPainter, place: QPointF) -> None:
    """Where pixels come from."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width in ((QColor(0, 0, 0, 180), 3.0), (QColor("white"), 1.2)):
        painter.setPen(QPen(colour, width))
        painter.drawLine(place - QPointF(CROSS, 0), place + QPointF(CROSS, 0))
        painter.drawLine(place - QPointF(0, CROSS), place + QPointF(0, CROSS))


def _keeps_alpha(layer: PixelLayer) -> bool:
    return isinstance(layer, RasterLayer) and layer.lock_transparency
