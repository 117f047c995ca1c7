"""Overlays whose pixels are read from the document, tile by tile."""

from collections.abc import Callable

from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from gui.canvas.pixel_view import PixelView
from gui.canvas.tile_cache import PixelSource


class DocumentPixels:
    """As large as the document; what the pixels are, subclasses say in `read`."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @property
    def size(self) -> tuple[int, int]:
        return self._document.width, self._document.height


class DocumentOverlay:
    """Keeps a view of a source made from the shown document; subclasses paint it."""

    def __init__(self, source: Callable[[Document], PixelSource]) -> None:
        self._source = source
        self._document: Document | None = None
        self._view: PixelView | None = None
        self.shown = True
        self.later: Callable[[], None] | None = None  # see PixelView

    def set_document(self, document: Document | None) -> None:
        self._document = document
        self._view = None if document is None else PixelView(self._source(document), self.later)

    def invalidate(self, rect: Rect) -> None:
        if self._view is not None:
            self._view.invalidate(rect)
