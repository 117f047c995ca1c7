"""What the canvas can look at: the open document, or its layers with another turn in place."""

from dataclasses import dataclass, replace

import numpy as np

from editor_core.document.compositing import flatten
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import LayerStack, RasterLayer, showing_results
from editor_core.document.tiles import Tiles

PAPER = 236  # grey of a picture that is still to be made


@dataclass(frozen=True)
class DocumentSource:
    """The visible layers as they are at the moment of looking; RGBA. Two are equal if they show one document."""

    document: Document

    @property
    def size(self) -> tuple[int, int]:
        return self.document.width, self.document.height

    def read(self, x: int, y: int, width: int, height: int, level: int = 0) -> np.ndarray:
        return flatten(self.document.layers, Rect(x, y, width, height), level)


class LayersSource:
    """Layers that do not change; RGBA."""

    def __init__(self, layers: LayerStack, width: int, height: int) -> None:
        self._layers = layers
        self.size = (width, height)

    def read(self, x: int, y: int, width: int, height: int, level: int = 0) -> np.ndarray:
        return flatten(self._layers, Rect(x, y, width, height), level)


def with_picture(document: Document, image: np.ndarray) -> LayersSource:
    """The document as it would look with ``image``, uint8 (H, W, 3), as the current turn's picture."""
    layer, tiles = document.picture_layer, Tiles.from_rgb(image)
    layers = showing_results(document.layers, ())
    if layer is None:
        layers = layers.with_layer(RasterLayer(name="", tiles=tiles))
    else:
        layers = layers.replacing(replace(layer, tiles=tiles, x=0, y=0))
    return LayersSource(layers, image.shape[1], image.shape[0])


def blank_paper(width: int, height: int) -> np.ndarray:
    """Grey uint8 (height, width, 3) that costs no memory."""
    return np.broadcast_to(np.uint8(PAPER), (height, width, 3))
