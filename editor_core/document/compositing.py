"""Flattening layers: W3C Compositing and Blending Level 1, source-over, 8-bit sRGB in and out.

Work goes tile by tile: only the asked-for rectangle is touched, and layers under an opaque one are not read.
Between layers nothing is rounded; a pixel to which only one opaque normal layer adds comes out unchanged.

At a ``level`` above 0 rectangles count in pixels 2**level times as large, and the halved layers are flattened: for
looking only, as fast as the part in sight is small. A layer's place is then rounded to such a pixel.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor_core.document.adjustments import adjusted
from editor_core.document.blending import BLEND_FUNCTIONS
from editor_core.document.geometry import Rect
from editor_core.document.layers import (
    AdjustmentLayer,
    GroupLayer,
    Layer,
    MaskLayer,
    PictureLayer,
    PixelLayer,
    RasterLayer,
    SketchLayer,
)
from editor_core.document.operators import CLEARING, OPERATORS
from editor_core.document.tiles import TILE_SIZE, Pixels

WHITE = (255, 255, 255)

Floats = NDArray[np.float32]


class Source(NamedTuple):
    """One thing to blend: 8-bit RGBA pixels, or the float result of a group; and how. Or what adjusts those below."""

    pixels: Pixels | tuple[Floats, Floats]
    """RGBA (h, w, 4), or premultiplied colour (3, h, w), alpha (h, w); an adjustment's (h, w, 1): held back there."""
    opacity: float
    blend_mode: str
    adjustment: AdjustmentLayer | None = None

    @property
    def hides_all_below(self) -> bool:
        return (
            isinstance(self.pixels, np.ndarray)
            and self.adjustment is None
            and self.blend_mode == "normal"
            and self.opacity >= 1
            and bool((self.pixels[..., 3] == 255).all())
        )


def flatten(layers: Iterable[Layer], rect: Rect, level: int = 0) -> Pixels:
    """What the visible raster layers (bottom first) look like inside ``rect``: RGBA (height, width, 4)."""
    return _flattened(layers, rect, None, level)


def flatten_sketch(layers: Iterable[Layer], rect: Rect, level: int = 0) -> Pixels:
    """The same of the visible sketch layers, which are no part of the picture."""
    strokes = (
        RasterLayer(name=layer.name, tiles=layer.tiles, x=layer.x, y=layer.y, opacity=layer.opacity)
        for layer in visible_layers(layers)
        if isinstance(layer, SketchLayer)
    )
    return _flattened(strokes, rect, None, level)


def flatten_over(layers: Iterable[Layer], rect: Rect, background: tuple[int, int, int] = WHITE) -> Pixels:
    """The same in front of an opaque background: RGB (height, width, 3)."""
    return _flattened(layers, rect, background, 0)


def _flattened(
    layers: Iterable[Layer], rect: Rect, background: tuple[int, int, int] | None, level: int
) -> Pixels:
    visible = tuple(layers)
    result = np.empty((rect.height, rect.width, 4 if background is None else 3), np.uint8)
    for block in blocks_of(rect):
        result[block.slices_in(rect)] = _flatten_block(visible, block, background, level)
    return result


def blocks_of(rect: Rect) -> Iterator[Rect]:
    """``rect`` cut along the tile grid of the document."""
    for top in range(rect.y // TILE_SIZE * TILE_SIZE, rect.bottom, TILE_SIZE):
        for left in range(rect.x // TILE_SIZE * TILE_SIZE, rect.right, TILE_SIZE):
            yield rect.intersected(Rect(left, top, TILE_SIZE, TILE_SIZE))


def _flatten_block(
    layers: tuple[Layer, ...], rect: Rect, background: tuple[int, int, int] | None, level: int
) -> Pixels:
    sources = _contributing(layers, rect, level)
    if len(sources) == 1 and sources[0].hides_all_below:
        pixels = sources[0].pixels
        assert isinstance(pixels, np.ndarray)
        return pixels if background is None else pixels[..., :3]
    colour, alpha = _composited(sources, rect)
    if background is not None:
        paper = np.array(background, np.float32).reshape(3, 1, 1) / np.float32(255)
        return to_bytes(colour + (1 - alpha) * paper)
    return to_bytes(np.concatenate([straight(colour, alpha), alpha[None]]))


def _contributing(layers: tuple[Layer, ...], rect: Rect, level: int) -> list[Source]:
    """What has to be blended, bottom first, beginning with the topmost source that hides all below it."""
    sources: list[Source] = []
    for source in _sources_from_top(layers, rect, level, 1.0):
        sources.append(source)
        if source.hides_all_below:
            break
    return sources[::-1]


def _sources_from_top(layers: tuple[Layer, ...], rect: Rect, level: int, opacity: float) -> Iterator[Source]:
    for layer in reversed(layers):
        if not layer.visible or layer.opacity <= 0:
            continue
        if isinstance(layer, GroupLayer):
            if not layer.isolated:
                yield from _sources_from_top(layer.children, rect, level, layer.opacity * opacity)
            elif (inner := _contributing(layer.children, rect, level)) or layer.blend_mode in CLEARING:
                yield Source(_composited(inner, rect), layer.opacity * opacity, layer.blend_mode)
        elif isinstance(layer, AdjustmentLayer):
            held = layer.tiles.read(in_layer(layer, rect, level), level)
            yield Source(held, layer.opacity * opacity, "normal", layer)
        elif isinstance(layer, PictureLayer) and isinstance(layer, PixelLayer):
            local = in_layer(layer, rect, level)
            if layer.tiles.touches(local, level) or layer.blend_mode in CLEARING:
                yield Source(layer.tiles.read(local, level), layer.opacity * opacity, layer.blend_mode)


def _composited(sources: list[Source], rect: Rect) -> tuple[Floats, Floats]:
    """Premultiplied colour (3, h, w) and alpha (h, w) of ``sources``, bottom first.

    Channels come first here, because numpy is several times faster on long rows than on threes.
    """
    if sources and sources[0].adjustment is None and sources[0].blend_mode not in OPERATORS:
        colour, alpha = colour_and_alpha(sources[0])  # any blend mode over nothing is the source itself
        colour, sources = colour * alpha, sources[1:]
    else:
        colour = np.zeros((3, rect.height, rect.width), np.float32)
        alpha = np.zeros((rect.height, rect.width), np.float32)
    for source in sources:
        colour, alpha = blended(colour, alpha, source)
    return colour, alpha


def blended(colour: Floats, alpha: Floats, source: Source) -> tuple[Floats, Floats]:
    """One source over a backdrop (section 10): co = (1-as) ab Cb + as ((1-ab) Cs + ab B(Cb, Cs))."""
    if source.adjustment is not None:
        return _adjusted(colour, alpha, source, source.adjustment), alpha
    source_colour, source_alpha = colour_and_alpha(source)
    if (operator := OPERATORS.get(source.blend_mode)) is not None:
        return operator(colour, alpha, source_colour * source_alpha, source_alpha)
    if source.blend_mode != "normal":
        mixed = BLEND_FUNCTIONS[source.blend_mode](straight(colour, alpha), source_colour)
        source_colour = source_colour + alpha * (mixed - source_colour)
    keep = 1 - source_alpha
    return keep * colour + source_alpha * source_colour, keep * alpha + source_alpha


def _adjusted(colour: Floats, alpha: Floats, source: Source, layer: AdjustmentLayer) -> Floats:
    """The premultiplied colours below an adjustment, as far as it is not held back; what is clear stays so."""
    assert isinstance(source.pixels, np.ndarray)
    held = source.pixels[..., 0] * np.float32(1 / 255)
    share = np.float32(source.opacity) * (1 - held)
    own = straight(colour, alpha)
    mixed: Floats = own + share * (adjusted(own, layer.adjustment, layer.numbers) - own)
    return mixed * alpha


def colour_and_alpha(source: Source) -> tuple[Floats, Floats]:
    """Straight colour and alpha of a source, its opacity included."""
    opacity = np.float32(source.opacity)
    if isinstance(source.pixels, np.ndarray):
        planes = np.ascontiguousarray(source.pixels.transpose(2, 0, 1))
        scaled = np.divide(planes, 255, dtype=np.float32)
        return scaled[:3], scaled[3] * opacity
    colour, alpha = source.pixels
    return straight(colour, alpha), alpha * opacity


def to_planes(source: Source) -> tuple[Floats, Floats, float]:
    """Straight colour and alpha of a source as it is, and the opacity to be applied to it."""
    colour, alpha = colour_and_alpha(source._replace(opacity=1.0))
    return colour, alpha, source.opacity


def straight(colour: Floats, alpha: Floats) -> Floats:
    """Premultiplied to straight colour; black where nothing is."""
    return np.where(alpha > 0, colour / np.maximum(alpha, np.float32(1e-12)), np.float32(0))


def to_bytes(values: Floats) -> Pixels:
    """0..1, channels first, to 8 bits, channels last."""
    rounded: Pixels = (values.clip(0, 1) * np.float32(255) + np.float32(0.5)).astype(np.uint8)
    return rounded.transpose(1, 2, 0)


def in_layer(layer: PixelLayer, rect: Rect, level: int = 0) -> Rect:
    """A rectangle of the document as the layer counts its pixels."""
    return rect.shifted(-round(layer.x / 2**level), -round(layer.y / 2**level))


def union_of_masks(layers: Iterable[Layer], rect: Rect, level: int = 0) -> Pixels | None:
    """The greatest value of the visible mask layers inside ``rect``, (height, width); None if all is zero."""
    union = np.zeros((rect.height, rect.width), np.uint8)
    for layer in visible_layers(layers):
        if isinstance(layer, MaskLayer):
            local = in_layer(layer, rect, level)
            np.maximum(union, layer.tiles.read(local, level)[..., 0], out=union)
    return union if union.any() else None


def visible_layers(layers: Iterable[Layer]) -> Iterator[Layer]:
    """Every layer that is shown, bottom first; none of a hidden group."""
    for layer in layers:
        if layer.visible:
            yield layer
            if isinstance(layer, GroupLayer):
                yield from visible_layers(layer.children)
