"""Changes of several layers at once: duplicate, merge, group. Each gives one step for the undo stack."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from enum import Enum

from editor_core.base.errors import LayerError
from editor_core.document.compositing import flatten
from editor_core.document.document import Document
from editor_core.document.geometry import EMPTY
from editor_core.document.layers import GroupLayer, Layer, LayerStack, PictureLayer, PixelLayer, RasterLayer
from editor_core.document.tiles import Pixels, Tiles, unique_bytes
from editor_core.document.undo import Command


class Restack:
    """Another arrangement of the layers; taking it back gives the one before exactly."""

    needs_saving = True

    def __init__(self, text: str, before: LayerStack, after: LayerStack) -> None:
        self.text = text
        self._before, self._after = before, after
        kept = {id(tile) for tile in all_tiles(after)}
        self.nbytes = unique_bytes(tile for tile in all_tiles(before) if id(tile) not in kept)

    def apply(self, document: Document) -> None:
        document.set_layers(self._after)

    def revert(self, document: Document) -> None:
        document.set_layers(self._before)

    def merged_with(self, later: Command) -> Command | None:
        return None


def duplicate(document: Document, layer_id: str, name: str) -> tuple[Restack, str]:
    """Put a copy called ``name`` above a layer; also returns the copy's id."""
    layers = document.layers
    parent, index = layers.place_of(layer_id)
    copy = replace(layers[layer_id].copied(), name=name, locked=False)
    return Restack("Duplicate layer", layers, layers.with_layer(copy, index + 1, parent)), copy.id


def merge_down(document: Document, layer_id: str) -> Restack:
    """Flatten a layer into the raster layer below it, which keeps its name, id and blend mode.

    Raises LayerError where that cannot be, or one of the two is locked or hidden.
    """
    layers = document.layers
    parent, index = layers.place_of(layer_id)
    upper = layers[layer_id]
    lower = _level(layers, parent)[index - 1] if index else None
    if not isinstance(lower, RasterLayer) or not isinstance(upper, PictureLayer):
        raise LayerError("Only paint layers and groups can be merged, and only with a paint layer below.")
    for layer in (upper, lower):
        _check(layers, layer)
    merged = replace(_flat((replace(lower, blend_mode="normal"), upper), lower.as_paint()), id=lower.id)
    return Restack("Merge down", layers, layers.without(upper.id).replacing(merged))


def merge_group(document: Document, layer_id: str) -> Restack:
    """Flatten a group to one raster layer in its place. Raises LayerError when it is locked or hidden."""
    layers = document.layers
    group = layers[layer_id]
    if not isinstance(group, GroupLayer):
        raise LayerError("This is not a group.")
    _check(layers, group)
    merged = RasterLayer(id=group.id, name=group.name, blend_mode=group.blend_mode)
    return Restack(
        "Merge group", layers, layers.replacing(_flat((replace(group, blend_mode="normal"),), merged))
    )


def group(document: Document, layer_ids: Collection[str], name: str) -> tuple[Restack, str]:
    """Put layers into a new group in the place of the topmost of them; also returns the group's id."""
    layers = document.layers
    moved = _outermost(layers, layer_ids)
    if not moved:
        raise LayerError("Select the layers to group first.")
    for layer in moved:
        _check_unlocked(layers, layer.id)
    parent, index = layers.place_of(moved[-1].id)
    below = sum(layer.id in {part.id for part in moved} for layer in _level(layers, parent)[:index])
    turns = {layer.on_turns for layer in moved if isinstance(layer, PictureLayer)}
    made = GroupLayer(name=name, children=moved, on_turns=turns.pop() if len(turns) == 1 else ())
    after = layers
    for layer in moved:
        after = after.without(layer.id)
    return Restack("Group layers", layers, after.with_layer(made, index - below, parent)), made.id


def ungroup(document: Document, layer_id: str) -> Restack:
    """Put what a group holds in its place. Raises LayerError when it is none, or locked."""
    layers = document.layers
    made = layers[layer_id]
    if not isinstance(made, GroupLayer):
        raise LayerError("This is not a group.")
    _check_unlocked(layers, layer_id)
    parent, index = layers.place_of(layer_id)
    after = layers.without(layer_id)
    for offset, layer in enumerate(made.children):
        after = after.with_layer(layer, index + offset, parent)
    return Restack("Ungroup layers", layers, after)


class Drop(Enum):
    """Where dragged layers go, as seen from a target."""

    ABOVE = "above"
    BELOW = "below"
    INSIDE = "inside"
    """Of a group, on top of what it holds."""


def move(document: Document, layer_ids: Collection[str], target: str, drop: Drop) -> Restack | None:
    """Move layers, in the order they lie in, to a place beside or inside ``target``; None where nothing would move.

    Raises LayerError for a group that would go into itself.
    """
    layers = document.layers
    moved = _outermost(layers, layer_ids)
    held = {part.id for part in LayerStack(moved).walk()}
    if target in held:
        if target in layer_ids:
            return None
        raise LayerError("A group cannot be moved into itself.")
    after = layers
    for layer in moved:
        after = after.without(layer.id)
    parent, index = after.place_of(target)
    if drop is Drop.INSIDE:
        parent, index = target, len(_level(after, target))
    elif drop is Drop.ABOVE:
        index += 1
    for offset, layer in enumerate(moved):
        after = after.with_layer(layer, index + offset, parent)
    return None if _outline(after) == _outline(layers) else Restack("Reorder layer", layers, after)


def _outermost(layers: LayerStack, layer_ids: Collection[str]) -> tuple[Layer, ...]:
    """The layers with these ids, bottom first, less those inside another of them."""
    chosen = [layer for layer in layers.walk() if layer.id in layer_ids]
    inner = {part.id for layer in chosen for part in LayerStack((layer,)).walk() if part is not layer}
    return tuple(layer for layer in chosen if layer.id not in inner)


def _outline(layers: LayerStack) -> list[tuple[str, str | None]]:
    return [(layer.id, layers.place_of(layer.id)[0]) for layer in layers.walk()]


def _flat(layers: tuple[Layer, ...], into: RasterLayer) -> RasterLayer:
    """``into`` with what these layers look like together; opacity is part of the pixels then."""
    area = EMPTY
    for layer in LayerStack(layers).walk():
        if isinstance(layer, PixelLayer):
            area = area.united(layer.bounds)
    pixels = flatten(layers, area) if area != EMPTY else None
    tiles = Tiles(4) if pixels is None else Tiles.from_array(pixels, area.x, area.y)
    return replace(into, tiles=tiles, x=0, y=0, opacity=1.0)


def _level(layers: LayerStack, parent: str | None) -> tuple[Layer, ...]:
    group = None if parent is None else layers[parent]
    return group.children if isinstance(group, GroupLayer) else layers.layers


def _check(layers: LayerStack, layer: Layer) -> None:
    _check_unlocked(layers, layer.id)
    if not layer.visible:
        raise LayerError("The layer “{layer}” is hidden. Show it before merging.", layer=layer.name)


def _check_unlocked(layers: LayerStack, layer_id: str) -> None:
    if (lock := layers.lock_on(layer_id)) is not None:
        raise LayerError("The layer “{layer}” is locked. Unlock it first.", layer=lock.name)


def all_tiles(layers: LayerStack) -> Iterator[Pixels | None]:
    """The tiles of every layer that is not parked, one that is shared as often as it is there."""
    for layer in layers.walk():
        if isinstance(layer, PixelLayer):
            yield from (layer.tiles.tile(key) for key in layer.tiles)
