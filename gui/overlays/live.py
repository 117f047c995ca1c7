"""What Live made of the paint, over the paint itself; newer paint, texts and adjustments stay above it."""

import numpy as np
from PySide6.QtGui import QPainter

from editor_core.document.compositing import flatten_over
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import LayerStack, RasterLayer
from editor_core.document.result_placement import place_above
from editor_core.document.tiles import Tiles
from editor_core.workflow.live import LiveWork, Seen, has_others, painted_of
from editor_core.workflow.sketch_layers import sketch_of
from gui.canvas.pixel_view import PixelView
from gui.canvas.tile_cache import ArraySource
from gui.canvas.viewport import Viewport


class LiveResults:
    """The pixels that were refined, as long as they show what was refined there."""

    def __init__(self) -> None:
        self.shown = True
        self._work: LiveWork | None = None
        self._seen: LayerStack | None = None
        self._refined: np.ndarray | None = None  # bool (H, W): where there is a result
        self._pixels = np.empty((0, 0, 4), np.uint8)
        self._view: PixelView | None = None

    @property
    def has_results(self) -> bool:
        """Whether there is anything to be seen."""
        return self._view is not None

    def show(self, work: LiveWork | None, document: Document | None, seen: LayerStack | None) -> None:
        """Show what there is of these results; ``seen``: the layers that they were made of."""
        self._seen = seen
        mask = None if work is None else work.mask
        self._work, self._refined, self._view = work, None if mask is None else mask > 0, None
        if work is None or self._refined is None or document is None:
            return
        self._pixels = np.dstack([work.image, np.zeros(work.image.shape[:2], np.uint8)])
        self._view = PixelView(ArraySource(self._pixels))
        self.compare(document, document.rect)

    def compare(self, document: Document, rect: Rect) -> None:
        """The document may look different there: what was painted since is above the results."""
        rect = rect.intersected(document.rect)
        if self._work is None or self._view is None or self._refined is None or rect.is_empty:
            return
        now = Seen(painted_of(document, rect), sketch_of(document, rect))
        where = rect.slices_in(document.rect)
        same = self._refined[where] & ~now.differs(self._work.seen.part(rect))
        self._pixels[where][..., 3] = np.where(same, 255, 0)
        self._pixels[where][..., :3] = self._as_applied(self._work, document, rect, where)
        self._view.invalidate(rect)

    def _as_applied(
        self, work: LiveWork, document: Document, rect: Rect, where: tuple[slice, slice]
    ) -> np.ndarray:
        """uint8 (h, w, 3): the results with the texts and adjustments above them that came later."""
        if not has_others(document.layers) or self._refined is None:
            return work.image[where]
        pixels = np.dstack([work.image[where], self._refined[where] * np.uint8(255)])
        place = None if self._seen is None else place_above(document.layers, self._seen)
        layers = list(document.layers)
        layers.insert(
            len(layers) if place is None else place,
            RasterLayer(name="", tiles=Tiles.from_array(pixels, rect.x, rect.y)),
        )
        return flatten_over(layers, rect)

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        if self.shown and self._view is not None:
            self._view.draw(painter, viewport)
