"""The sketch over the picture: strokes that guide an edit and are no part of the picture."""

import numpy as np
from PySide6.QtGui import QPainter

from editor_core.document.compositing import flatten_sketch
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from gui.canvas.pixel_view import PixelView
from gui.canvas.viewport import Viewport
from gui.masks import has_sketch


class _Strokes:
    """The visible sketch layers as a pixel source."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @property
    def size(self) -> tuple[int, int]:
        return self._document.width, self._document.height

    def read(self, x: int, y: int, width: int, height: int, level: int = 0) -> np.ndarray:
        return flatten_sketch(self._document.layers, Rect(x, y, width, height), level)


class SketchOverlay:
    """The strokes as they are."""

    def __init__(self) -> None:
        self._document: Document | None = None
        self._view: PixelView | None = None
        self.shown = True

    def set_document(self, document: Document | None) -> None:
        self._document = document
        self._view = None if document is None else PixelView(_Strokes(document))

    def invalidate(self, rect: Rect) -> None:
        if self._view is not None:
            self._view.invalidate(rect)

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        if self.shown and self._view is not None and has_sketch(self._document):
            self._view.draw(painter, viewport)
