"""What the canvas can look at: the open document, or paper where there is none yet."""

from dataclasses import dataclass

import numpy as np

from editor_core.document.compositing import flatten
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import Layer

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


def blank_paper(width: int, height: int) -> np.ndarray:
    """Grey uint8 (height, width, 3) that costs no memory."""
    return np.broadcast_to(np.uint8(PAPER), (height, width, 3))


@dataclass(frozen=True, eq=False)
class StackSource:
    """Some layers of a document; RGBA."""

    layers: tuple[Layer, ...]
    size: tuple[int, int]

    def read(self, x: int, y: int, width: int, height: int, level: int = 0) -> np.ndarray:
        return flatten(self.layers, Rect(x, y, width, height), level)
