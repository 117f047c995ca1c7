"""Pixels that float over the canvas until they are put down: shown where they will be, in the document only then."""

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from editor_core.base.errors import EditorError
from editor_core.document import layer_masks
from editor_core.document.compositing import flatten, flatten_sketch, in_layer
from editor_core.document.geometry import EMPTY, Rect
from editor_core.document.layers import GroupLayer, Layer, PictureLayer, PixelLayer, SketchLayer
from editor_core.document.lifting import Lifted, around, lift, put_down
from editor_core.document.placement import Placement
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.tiles import COARSEST_LEVEL
from editor_core.document.undo import Command
from editor_core.pixels.resampling import Filter
from gui.canvas.pixel_view import PixelView
from gui.canvas.sources import StackSource
from gui.canvas.tile_cache import on_level
from gui.canvas.viewport import Viewport
from gui.look.images import drawn_image, premultiplied
from gui.texts.messages import message_text
from gui.viewmodels.document_vm import DocumentVM

MOST_PIXELS = 2**22  # of the image that is drawn: more would be seen only where a frame could not last
MASK_TINT = QColor(255, 80, 80, 150)


class Floating(QObject):
    """What floats, and where it is.

    Signals (main thread):
        changed: It is elsewhere, or something else floats.
        lifted_changed: Something floats, or no longer: the layers below are to be shown alone meanwhile.
    """

    changed = Signal()
    lifted_changed = Signal()

    def __init__(self, document: DocumentVM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._vm = document
        self._lifted: Lifted | None = None
        self.placement = Placement(0, 0)
        self.filter = Filter.AUTOMATIC
        self.later: Callable[[], None] | None = None  # see PixelView
        self._images: dict[int, tuple[QImage, Rect]] = {}  # by level, and what of it each shows
        self._above: PixelView | None = None
        self._below: StackSource | None = None
        document.settling.connect(lambda: self.put_down("Transform"))
        for signal in (document.replaced, document.layers_changed, document.selection_changed):
            signal.connect(self._let_go_of_old)

    @property
    def lifted(self) -> Lifted | None:
        return self._lifted

    @property
    def box(self) -> Rect:
        """Of what floats, where it was."""
        return EMPTY if self._lifted is None else self._lifted.bounds

    @property
    def below(self) -> StackSource | None:
        """What the canvas shows meanwhile."""
        return self._below

    @property
    def floats_mask(self) -> bool:
        """Whether what floats is no part of the picture."""
        return self._lifted is not None and not self._lifted.layer.in_picture

    def begin(self, layer_id: str | None) -> bool:
        """Lift a layer, or what is selected of it; False where that cannot be, as ``problem`` then says."""
        document = self._vm.document
        if document is None:
            return False
        if layer_id is None or layer_id not in document.layers:
            self._vm.problem.emit(
                QCoreApplication.translate("tools", "Select the layer to move in the Layers panel first.")
            )
            return False
        try:
            lifted = lift(document, layer_id)
        except EditorError as error:
            self._vm.problem.emit(message_text(error.message))
            return False
        self.placement = Placement.of(lifted.bounds)
        self._show(lifted)
        return True

    def place(self, placement: Placement) -> None:
        """Let it float elsewhere."""
        if placement != self.placement:
            self.placement = placement
            self.changed.emit()

    def put_down(self, text: str) -> None:
        """Leave it where it is: one undo entry, none where it did not move. A large one is worked on meanwhile."""
        if self._lifted is None or self._vm.document is None:
            return
        make = partial(_put, self._lifted, self.placement, self.filter, text)
        self._vm.compute(make, partial(self._done, self._lifted))

    def cancel(self) -> None:
        """Let it lie where it was."""
        if self._lifted is not None:
            self._show(None)

    def _done(self, lifted: Lifted, made: Command | EditorError | None) -> None:
        if lifted is not self._lifted:
            return
        if isinstance(made, EditorError):  # it floats on, to be placed otherwise
            self._vm.problem.emit(message_text(made.message))
            return
        self._lifted = None  # what follows is its own change
        if made is not None:
            self._vm.execute(made)
        self._show(None)

    def _let_go_of_old(self) -> None:
        """The document changed under it."""
        document, lifted = self._vm.document, self._lifted
        if lifted is None:
            return
        same = document is not None and document.layers is lifted.stack
        if not same or (document is not None and document.selection is not lifted.selection):
            self._show(None)

    def _show(self, lifted: Lifted | None) -> None:
        self._lifted, self._images = lifted, {}
        self._above = self._below = None
        document = self._vm.document
        if lifted is not None and document is not None and lifted.layer.in_picture:
            size = (document.width, document.height)
            below, above = around(lifted)
            self._below = StackSource(below, size)
            if any(isinstance(layer, PictureLayer) and layer.visible for layer in above):
                self._above = PixelView(StackSource(above, size), self.later)
        self.lifted_changed.emit()
        self.changed.emit()

    # -- drawing --------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw it where it floats, and the layers above it."""
        if self._lifted is None:
            return
        scale = max(abs(self.placement.scale_x), abs(self.placement.scale_y))
        image, area = self._image(_level_for(viewport.zoom * scale, self.box))
        painter.save()
        painter.setTransform(_on_screen(self.placement.matrix(self.box), viewport), True)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.filter is not Filter.NEAREST)
        painter.setOpacity(self._lifted.layer.opacity)
        painter.translate(area.x, area.y)
        painter.scale(area.width / image.width(), area.height / image.height())
        painter.drawImage(0, 0, image)
        painter.restore()
        if self._above is not None:
            self._above.draw(painter, viewport)

    def _image(self, level: int) -> tuple[QImage, Rect]:
        """What floats at 1 / 2**level of its size, and the document's pixels it covers."""
        assert self._lifted is not None
        if level not in self._images:
            area, span = on_level(self.box, level), 1 << level
            pixels = _pixels(self._lifted.layer, area, level)
            covered = Rect(area.x * span, area.y * span, area.width * span, area.height * span)
            self._images[level] = drawn_image(premultiplied(pixels)), covered
        return self._images[level]


def _put(
    lifted: Lifted, placement: Placement, how: Filter, text: str, state: DocumentSnapshot
) -> Command | EditorError | None:
    if state.layers is not lifted.stack:
        return None
    try:
        return put_down(lifted, placement, how, text, state.rect)
    except EditorError as error:
        return error


def _level_for(zoom: float, box: Rect) -> int:
    """The coarsest level that still has a pixel for every one on the screen, and few enough of them."""
    level = 0
    while level < COARSEST_LEVEL and (
        zoom * 2 ** (level + 1) <= 1 or (box.width >> level) * (box.height >> level) > MOST_PIXELS
    ):
        level += 1
    return level


def _pixels(layer: Layer, area: Rect, level: int) -> np.ndarray:
    """RGBA of what floats, without its own opacity; masks, those of layers, too, and regions as a tint."""
    if isinstance(layer, GroupLayer):
        read: Callable[..., np.ndarray] = flatten if layer.in_picture else flatten_sketch
        return read(layer.children, area, level)
    assert isinstance(layer, PixelLayer)
    pixels = layer.tiles.read(in_layer(layer, area, level), level)
    masks = (
        isinstance(layer, PictureLayer) and layer.blend_mode == layer_masks.MODE
    )  # it would hide everything
    if isinstance(layer, SketchLayer) or (layer.channels == 4 and not masks):
        return pixels
    tint = np.empty((*pixels.shape[:2], 4), np.uint8)
    tint[..., :3] = (MASK_TINT.red(), MASK_TINT.green(), MASK_TINT.blue())
    tint[..., 3] = pixels[..., -1].astype(np.uint16) * MASK_TINT.alpha() // 255
    return tint


def _on_screen(matrix: np.ndarray, viewport: Viewport) -> QTransform:
    """From pixels of the document as it was to upright coordinates."""
    (a, c, x), (b, d, y) = matrix
    return QTransform(a, b, c, d, x, y) * QTransform(
        viewport.scale, 0, 0, viewport.scale, viewport.left, viewport.top
    )
