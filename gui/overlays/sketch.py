"""The sketch over the picture: strokes that guide an edit and are no part of the picture."""

import numpy as np
from PySide6.QtGui import QPainter

from editor_core.document.compositing import flatten_sketch
from editor_core.document.geometry import Rect
from editor_core.workflow.sketch_layers import has_sketch
from gui.canvas.viewport import Viewport
from gui.overlays.document_overlay import DocumentOverlay, DocumentPixels


class _Strokes(DocumentPixels):
    """The visible sketch layers as a pixel source."""

    def read(self, x: int, y: int, width: int, height: int, level: int = 0) -> np.ndarray:
        return flatten_sketch(self._document.layers, Rect(x, y, width, height), level)


class SketchOverlay(DocumentOverlay):
    """The strokes as they are."""

    def __init__(self) -> None:
        super().__init__(_Strokes)

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        if self.shown and self._view is not None and has_sketch(self._document):
            self._view.draw(painter, viewport)
