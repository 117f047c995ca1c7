"""Pixels lifted off their layer and put down elsewhere: a layer, a group, or what is selected of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from editor_core.base.errors import LayerError
from editor_core.document.arrange import Restack
from editor_core.document.commands import AddLayer, CompositeCommand, Select
from editor_core.document.compositing import flatten
from editor_core.document.document import AnyDocument
from editor_core.document.geometry import EMPTY, Rect
from editor_core.document.layers import (
    GroupLayer,
    Layer,
    LayerStack,
    MaskLayer,
    PixelLayer,
    RasterLayer,
)
from editor_core.document.paint import held_to
from editor_core.document.placement import Placement
from editor_core.document.reshaping.changes import transformed
from editor_core.document.selection import Selection
from editor_core.document.tiles import Pixels, Tiles
from editor_core.document.undo import Command
from editor_core.pixels.resampling import Filter


@dataclass(frozen=True, eq=False)
class Lifted:
    """What floats above its place."""

    layer: Layer
    """With what floats alone, under the id of the layer it was lifted off."""
    rest: Layer
    """That layer with what stays."""
    bounds: Rect
    """Of what floats, in document pixels."""
    selection: Selection | None
    """Of what was selected; None: the whole layer floats."""
    stack: LayerStack
    """The layers as they were."""


def extent(layer: Layer) -> Rect:
    """Where the pixels of a layer, or of all layers of a group, lie in the document."""
    parts = (part.bounds for part in LayerStack((layer,)).walk() if isinstance(part, PixelLayer))
    return reduce(Rect.united, parts, EMPTY)


def lift(state: AnyDocument, layer_id: str) -> Lifted:
    """Lift a layer, a group with all it holds, or what is selected of it.

    Raises LayerError where it is locked, or there is nothing to lift.
    """
    stack = state.layers
    layer = stack[layer_id]
    for part in LayerStack((layer,)).walk():
        if (lock := stack.lock_on(part.id)) is not None:
            raise LayerError("The layer “{layer}” is locked. Unlock it first.", layer=lock.name)
    floating, rest = _parted(layer, state.selection)
    bounds = extent(floating)
    if bounds.is_empty:
        raise LayerError("There is nothing on the layer “{layer}” to move there.", layer=layer.name)
    return Lifted(floating, rest, bounds, state.selection, stack)


def put_down(lifted: Lifted, placement: Placement, how: Filter, text: str, canvas: Rect) -> Command | None:
    """The step that leaves it where it is placed; None where that is where it was.

    Raises LayerError or SizeError where it would be too far away, or too large.
    """
    shift = placement.is_whole_shift(lifted.bounds)
    if shift == (0, 0):
        return None
    moved = _placed(lifted.layer, lifted.bounds, placement, how)
    joined = moved if lifted.selection is None else _joined(lifted.rest, moved)
    step = Restack(text, lifted.stack, lifted.stack.replacing(joined))
    if lifted.selection is None:
        return step
    outline = MaskLayer(name="", tiles=lifted.selection.tiles)
    placed = _placed(outline, lifted.bounds, placement, how)
    assert isinstance(placed, PixelLayer)
    tiles = Tiles.from_array(placed.tiles.read(canvas.shifted(-placed.x, -placed.y))[..., 0])
    return CompositeCommand(text, [step, Select(Selection(tiles) if len(tiles) else None, text)])


def onto_new_layer(lifted: Lifted, name: str, text: str, *, cut: bool) -> tuple[Command, str]:
    """The step that puts what is lifted on a layer of its own above its old one; also that layer's id.

    ``cut``: and takes it out of the old one.
    """
    parent, index = lifted.stack.place_of(lifted.layer.id)
    copy = replace(lifted.layer.copied(), name=name)
    steps: list[Command] = [AddLayer(copy, index + 1, parent)]
    if cut:
        steps.insert(0, taken_out(lifted, text))
    return CompositeCommand(text, steps), copy.id


def taken_out(lifted: Lifted, text: str) -> Command:
    """The step that leaves the layer without it."""
    return Restack(text, lifted.stack, lifted.stack.replacing(lifted.rest))


def pixels_of(lifted: Lifted) -> Pixels:
    """What is lifted as RGBA (h, w, 4) of its bounds, without its layer's opacity; masks and regions in grey."""
    layer = lifted.layer
    if isinstance(layer, GroupLayer):
        return flatten(layer.children, lifted.bounds)
    assert isinstance(layer, PixelLayer)
    pixels = layer.tiles.read(lifted.bounds.shifted(-layer.x, -layer.y))
    if layer.channels == 4:
        return pixels
    return np.dstack([np.repeat(pixels, 3, axis=2), np.full(pixels.shape[:2], 255, np.uint8)])


def around(lifted: Lifted) -> tuple[tuple[Layer, ...], tuple[Layer, ...]]:
    """The layers below what floats, the rest of its own among them, and those above; bottom first."""
    return _around(tuple(lifted.stack), lifted)


def _around(layers: tuple[Layer, ...], lifted: Lifted) -> tuple[tuple[Layer, ...], tuple[Layer, ...]]:
    for number, layer in enumerate(layers):
        if layer.id == lifted.layer.id:
            own = () if lifted.selection is None else (lifted.rest,)
            return (*layers[:number], *own), layers[number + 1 :]
        if isinstance(layer, GroupLayer) and lifted.layer.id in LayerStack((layer,)):
            below, above = _around(layer.children, lifted)
            return (
                (*layers[:number], replace(layer, children=below)),
                (replace(layer, children=above), *layers[number + 1 :]),
            )
    return layers, ()


def _parted(layer: Layer, selection: Selection | None) -> tuple[Layer, Layer]:
    """What of a layer is selected, and what is not."""
    if isinstance(layer, GroupLayer):
        parts = [_parted(child, selection) for child in layer.children]
        return (
            replace(layer, children=tuple(part for part, _ in parts)),
            replace(layer, children=tuple(rest for _, rest in parts)),
        )
    if not isinstance(layer, PixelLayer):
        return layer, layer
    if selection is None:
        return layer, replace(layer, tiles=Tiles(layer.channels))
    place = selection.bounds.intersected(layer.bounds)
    if place.is_empty:
        return replace(layer, tiles=Tiles(layer.channels)), layer
    chosen = selection.read(place)
    pixels = layer.tiles.read(place.shifted(-layer.x, -layer.y))
    inner = place.shifted(-layer.x, -layer.y)
    floating = Tiles(layer.channels).with_pixels(inner.x, inner.y, _faded(pixels, chosen))
    rest = layer.tiles.with_pixels(inner.x, inner.y, _faded(pixels, 255 - chosen))
    return replace(layer, tiles=floating), replace(layer, tiles=rest)


def _faded(pixels: Pixels, share: Pixels) -> Pixels:
    """Pixels (h, w, C) as far as a selection (h, w) holds them; all zero where nothing is left."""
    faded = pixels.copy()
    faded[..., -1:] = held_to(pixels[..., -1:], share)
    faded[faded[..., -1] == 0] = 0
    return faded


def _placed(layer: Layer, box: Rect, placement: Placement, how: Filter) -> Layer:
    shift = placement.is_whole_shift(box)
    if shift is not None:
        return layer.shifted(*shift)
    if isinstance(layer, GroupLayer):
        return replace(layer, children=tuple(_placed(child, box, placement, how) for child in layer.children))
    return transformed(layer, placement.matrix(box), how) if isinstance(layer, PixelLayer) else layer


def _joined(rest: Layer, moved: Layer) -> Layer:
    """What stayed with what was moved above it."""
    if isinstance(rest, GroupLayer) and isinstance(moved, GroupLayer):
        return replace(rest, children=tuple(map(_joined, rest.children, moved.children)))
    if not isinstance(rest, PixelLayer) or not isinstance(moved, PixelLayer) or moved.bounds.is_empty:
        return rest
    place = moved.bounds
    if rest.channels == 1:
        both = np.maximum(*(each.tiles.read(place.shifted(-each.x, -each.y)) for each in (rest, moved)))
    else:
        both = flatten(list(_plain((rest, moved))), place)
    return replace(rest, tiles=rest.tiles.with_pixels(place.x - rest.x, place.y - rest.y, both))


def _plain(layers: Iterable[PixelLayer]) -> Iterable[RasterLayer]:
    """Their pixels alone, as they lie."""
    return (RasterLayer(name="", tiles=layer.tiles, x=layer.x, y=layer.y) for layer in layers)
