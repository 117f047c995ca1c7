"""What can be done to a canvas: another rectangle of it, right angles, another scale.

Each says what becomes of the canvas's size, of a layer's pixels, and of a picture as large as the canvas.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from editor_core.document.geometry import Rect, check_canvas
from editor_core.document.guides import Guides
from editor_core.document.layers import GroupLayer, Layer, PixelLayer
from editor_core.document.reshaping import tile_turns
from editor_core.document.tiles import Pixels, Tiles
from editor_core.pixels.continued import continued
from editor_core.pixels.resampling import Filter, resized, warped

Size = tuple[int, int]  # width, height
Colour = tuple[int, int, int]
P = TypeVar("P", bound=PixelLayer)

WHITE: Colour = (255, 255, 255)


class Change(ABC):
    """A change of the whole canvas."""

    @abstractmethod
    def size(self, old: Size) -> Size:
        """Of the canvas afterwards."""

    @abstractmethod
    def pixels(self, layer: P, canvas: Size) -> P:
        """A layer as it lies on the changed canvas; raises LayerError where it would be too far away."""

    @abstractmethod
    def picture(self, pixels: Pixels) -> Pixels:
        """A picture (H, W, 3) as large as the canvas."""

    @abstractmethod
    def mask(self, pixels: Pixels) -> Pixels:
        """A mask (H, W) as large as the canvas."""

    @abstractmethod
    def guides(self, guides: Guides, canvas: Size) -> Guides:
        """Guides as they lie on the changed canvas."""

    def layer(self, layer: Layer, canvas: Size) -> Layer:
        """Any layer, a group with all it holds."""
        if isinstance(layer, GroupLayer):
            return replace(layer, children=tuple(self.layer(child, canvas) for child in layer.children))
        return self.pixels(layer, canvas) if isinstance(layer, PixelLayer) else layer

    def place(self, window: Rect) -> Rect | None:
        """Where a rectangle of the old canvas lies with its pixels as they were; None where they are others."""
        return None


@dataclass(frozen=True)
class Crop(Change):
    """Another rectangle of the canvas, which may reach beyond it; what lies outside of it stays on the layers."""

    rect: Rect
    """As the old canvas counts."""
    paper: Colour | None = None
    """What is where no picture was; None: nothing, which turns show as white."""
    continues: bool = False
    """The picture is continued there instead, as something to paint over."""

    def size(self, old: Size) -> Size:
        return self.rect.width, self.rect.height

    def pixels(self, layer: P, canvas: Size) -> P:
        return layer.shifted(-self.rect.x, -self.rect.y)

    def guides(self, guides: Guides, canvas: Size) -> Guides:
        return Guides(
            tuple(x - self.rect.x for x in guides.vertical),
            tuple(y - self.rect.y for y in guides.horizontal),
            guides.locked,
        )

    def picture(self, pixels: Pixels) -> Pixels:
        kept, old = self._kept(pixels)
        if self.continues and not kept.is_empty:
            inner = pixels[kept.slices_in(old)]
            return continued(inner, kept.x - self.rect.x, kept.y - self.rect.y, *self.size((0, 0)))
        paper = np.array(self.paper or WHITE, np.uint8)
        return self._placed(pixels, np.broadcast_to(paper, (self.rect.height, self.rect.width, 3)).copy())

    def mask(self, pixels: Pixels) -> Pixels:
        return self._placed(pixels, np.zeros((self.rect.height, self.rect.width), np.uint8))

    def place(self, window: Rect) -> Rect | None:
        inside = window.intersected(self.rect) == window
        return window.shifted(-self.rect.x, -self.rect.y) if inside else None

    def _kept(self, pixels: Pixels) -> tuple[Rect, Rect]:
        old = Rect(0, 0, pixels.shape[1], pixels.shape[0])
        return old.intersected(self.rect), old

    def _placed(self, pixels: Pixels, paper: Pixels) -> Pixels:
        kept, old = self._kept(pixels)
        if not kept.is_empty:
            paper[kept.slices_in(self.rect)] = pixels[kept.slices_in(old)]
        return paper


@dataclass(frozen=True)
class Turned(Change):
    """Mirrored left to right, if at all, then turned by quarters clockwise; no pixel is another."""

    quarters: int = 0
    mirrored: bool = False

    def size(self, old: Size) -> Size:
        return old if self.quarters % 2 == 0 else old[::-1]

    def pixels(self, layer: P, canvas: Size) -> P:
        tiles, x, y = layer.tiles, layer.x, layer.y
        width, height = canvas
        if self.mirrored:
            tiles, x = tile_turns.mirrored(tiles), width - x
        for _ in range(self.quarters % 4):
            tiles, x, y = tile_turns.turned(tiles), height - y, x
            width, height = height, width
        return replace(replace(layer, tiles=tiles, x=0, y=0).shifted(x, y))

    def guides(self, guides: Guides, canvas: Size) -> Guides:
        vertical, horizontal = guides.vertical, guides.horizontal
        width, height = canvas
        if self.mirrored:
            vertical = tuple(width - x for x in vertical[::-1])
        for _ in range(self.quarters % 4):
            vertical, horizontal = tuple(height - y for y in horizontal[::-1]), vertical
            width, height = height, width
        return Guides(vertical, horizontal, guides.locked)

    def picture(self, pixels: Pixels) -> Pixels:
        mirrored = pixels[:, ::-1] if self.mirrored else pixels
        return np.ascontiguousarray(np.rot90(mirrored, -self.quarters))

    def mask(self, pixels: Pixels) -> Pixels:
        return self.picture(pixels)


@dataclass(frozen=True)
class Scaled(Change):
    """Everything larger or smaller."""

    across: float
    down: float
    how: Filter = Filter.AUTOMATIC

    @classmethod
    def to(cls, width: int, height: int, old: Size, how: Filter = Filter.AUTOMATIC) -> "Scaled":
        """What makes a canvas of one size one of another."""
        return cls(width / old[0], height / old[1], how)

    def size(self, old: Size) -> Size:
        return max(1, round(old[0] * self.across)), max(1, round(old[1] * self.down))

    def pixels(self, layer: P, canvas: Size) -> P:
        whole = Rect(0, 0, *canvas)
        bounds = layer.bounds
        if bounds.is_empty:
            return replace(layer, x=round(layer.x * self.across), y=round(layer.y * self.down))
        if bounds.intersected(whole) == bounds:
            pixels = layer.tiles.read(whole.shifted(-layer.x, -layer.y))
            return replace(layer, tiles=Tiles.from_array(self._resized(pixels)), x=0, y=0)
        matrix = np.array([[self.across, 0.0, 0.0], [0.0, self.down, 0.0]])
        return transformed(layer, matrix, self.how)

    def guides(self, guides: Guides, canvas: Size) -> Guides:
        vertical, horizontal = (
            tuple(sorted({round(place * scale) for place in places}))
            for places, scale in ((guides.vertical, self.across), (guides.horizontal, self.down))
        )
        return Guides(vertical, horizontal, guides.locked)

    def picture(self, pixels: Pixels) -> Pixels:
        return self._resized(pixels)

    def mask(self, pixels: Pixels) -> Pixels:
        return self._resized(pixels)

    def _resized(self, pixels: Pixels) -> Pixels:
        size = self.size((pixels.shape[1], pixels.shape[0]))
        return resized(pixels, *size, self.how)


def transformed(layer: P, matrix: np.ndarray, how: Filter = Filter.AUTOMATIC) -> P:
    """A layer's pixels where a matrix (2, 3) takes them in the document; raises SizeError where they are too many."""
    bounds = layer.bounds
    if bounds.is_empty:
        return layer
    place = reach_of(bounds, matrix)
    check_canvas(place.width, place.height)
    local = np.array(matrix, np.float64)
    local[:, 2] += local[:, :2] @ (bounds.x, bounds.y) - (place.x, place.y)
    pixels = layer.tiles.read(bounds.shifted(-layer.x, -layer.y))
    made = warped(pixels, local, place.width, place.height, how)
    return replace(layer, tiles=Tiles.from_array(made), x=0, y=0).shifted(place.x, place.y)


def reach_of(rect: Rect, matrix: np.ndarray) -> Rect:
    """The whole pixels that a rectangle touches once it is transformed."""
    corners = np.array([[x, y, 1.0] for x in (rect.x, rect.right) for y in (rect.y, rect.bottom)])
    points = np.rint(corners @ np.asarray(matrix).T * 1e6) / 1e6  # a hair beyond a pixel is no pixel more
    left, top = np.floor(points.min(axis=0)).astype(int)
    right, bottom = np.ceil(points.max(axis=0)).astype(int)
    return Rect(int(left), int(top), max(1, int(right - left)), max(1, int(bottom - top)))
