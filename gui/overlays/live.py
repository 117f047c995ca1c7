"""What Live made of the paint, over the paint itself; newer paint stays above it."""

import numpy as np
from PySide6.QtGui import QPainter

from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.workflow.live import LiveWork, Seen
from editor_core.workflow.sketch_layers import sketch_of
from gui.canvas.pixel_view import PixelView
from gui.canvas.tile_cache import ArraySource
from gui.canvas.viewport import Viewport


class LiveResults:
    """The pixels that were refined, as long as they show what was refined there."""

    def __init__(self) -> None:
        self.shown = True
        self._work: LiveWork | None = None
        self._refined: np.ndarray | None = None  # bool (H, W): where there is a result
        self._pixels = np.empty((0, 0, 4), np.uint8)
        self._view: PixelView | None = None

    @property
    def has_results(self) -> bool:
        """Whether there is anything to be seen."""
        return self._view is not None

    def show(self, work: LiveWork | None, document: Document | None) -> None:
        """Show what there is of these results."""
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
        now = Seen(document.picture(rect), sketch_of(document, rect))
        where = rect.slices_in(document.rect)
        same = self._refined[where] & ~now.differs(self._work.seen.part(rect))
        self._pixels[where][..., 3] = np.where(same, 255, 0)
        self._view.invalidate(rect)

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        if self.shown and self._view is not None:
            self._view.draw(painter, viewport)
