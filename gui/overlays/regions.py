"""Regions over the picture: each kept place in a colour of its own."""

import numpy as np
from PySide6.QtGui import QPainter

from editor_core.document.compositing import in_layer, visible_layers
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import RegionLayer
from gui.canvas.viewport import Viewport
from gui.overlays.document_overlay import DocumentOverlay, DocumentPixels

COLOURS = ((230, 159, 0), (86, 180, 233), (204, 121, 167), (240, 228, 66), (0, 114, 178), (213, 94, 0))
"""Told apart by most colour-blind people, too (Okabe and Ito, "Color Universal Design", 2008)."""
STRENGTH = 0.4


class _Tinted(DocumentPixels):
    """The visible region layers as a pixel source; where two meet, the upper one is seen."""

    def read(self, x: int, y: int, width: int, height: int, level: int = 0) -> np.ndarray:
        pixels = np.zeros((height, width, 4), np.uint8)
        for number, layer in enumerate(regions_of(self._document)):
            coverage = layer.tiles.read(in_layer(layer, Rect(x, y, width, height), level), level)
            colour = COLOURS[number % len(COLOURS)]
            pixels[..., :3] = np.where(coverage > 0, np.array(colour, np.uint8), pixels[..., :3])
            np.maximum(pixels[..., 3:], coverage, out=pixels[..., 3:])
        return pixels


class RegionTints(DocumentOverlay):
    """The regions as tints."""

    def __init__(self) -> None:
        super().__init__(_Tinted)

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        if (
            self.shown
            and self._view is not None
            and self._document is not None
            and regions_of(self._document)
        ):
            painter.setOpacity(STRENGTH)
            self._view.draw(painter, viewport)
            painter.setOpacity(1.0)


def regions_of(document: Document) -> list[RegionLayer]:
    """Those that are shown and hold something, bottom first."""
    return [
        layer
        for layer in visible_layers(document.layers)
        if isinstance(layer, RegionLayer) and len(layer.tiles) > 0
    ]
