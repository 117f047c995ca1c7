"""A filter on a layer's pixels, as far as they are selected; what belongs to a turn is left, and covered."""

import numpy as np
from numpy.typing import NDArray

from editor_core.base.errors import LayerError
from editor_core.document.commands import AddLayer, PaintStroke
from editor_core.document.compositing import visible_layers
from editor_core.document.document import AnyDocument
from editor_core.document.geometry import EMPTY, Rect
from editor_core.document.layers import GroupLayer, Layer, PixelLayer, RasterLayer, SketchLayer
from editor_core.document.tiles import Pixels, Tiles
from editor_core.document.undo import Command
from editor_core.pixels.filters import Filtering


def filtered(state: AnyDocument, layer_id: str | None, wanted: Filtering, name: str) -> Command | None:
    """The step, called ``name``, that filters a layer; the Picture layer or a result is covered with one of that name.

    None where nothing of it is selected. Raises LayerError for a layer that is locked or has no colours.
    """
    layer = layer_to_filter(state, layer_id)
    place = place_of_filter(state, layer, wanted)
    if place.is_empty:
        return None
    before = layer.tiles.read(place.shifted(-layer.x, -layer.y))
    after = _as_selected(state, place, before, filtered_part(layer, place, wanted))
    is_turns = isinstance(layer, RasterLayer) and (layer.turn or layer.id == state.picture_layer_id)
    if is_turns:
        parent, index = state.layers.place_of(layer.id)
        within = (
            np.full(after.shape[:2], True) if state.selection is None else state.selection.read(place) > 0
        )
        own = np.where(within[..., None], after, 0)
        cover: Layer = RasterLayer(name=name, tiles=Tiles.from_array(own, place.x, place.y))
        below = within & (before[..., 3] > 0)
        if (after[below, 3] < 255).any() and _lies_lowest(state, layer):
            cover = GroupLayer(name=name, isolated=False, children=(_hole(below, place, name), cover))
        return AddLayer(cover, index + 1, parent, name)
    if isinstance(layer, RasterLayer) and layer.lock_transparency:
        after[..., 3] = before[..., 3]
        after[after[..., 3] == 0] = 0
    tiles = layer.tiles.with_pixels(place.x - layer.x, place.y - layer.y, after)
    return PaintStroke(layer.id, layer.tiles, tiles, name)


def _lies_lowest(state: AnyDocument, layer: PixelLayer) -> bool:
    """Whether nothing is seen below a layer."""
    return next(visible_layers(state.layers), None) is layer


def _hole(where: NDArray[np.bool_], place: Rect, name: str) -> RasterLayer:
    """Takes away what lies below, which would shine through a cover that is not opaque."""
    opaque = np.array([0, 0, 0, 255], np.uint8)
    tiles = Tiles.from_array(where[..., None] * opaque, place.x, place.y)
    return RasterLayer(name=name, tiles=tiles, blend_mode="destination-out")


def layer_to_filter(state: AnyDocument, layer_id: str | None) -> PixelLayer:
    """Raises LayerError for a layer that is locked or has no colours."""
    layer = None if layer_id is None else state.layers.get(layer_id)
    if not isinstance(layer, RasterLayer | SketchLayer):
        raise LayerError("Choose a layer with colours to filter, in Layers.")
    if (lock := state.layers.lock_on(layer.id)) is not None:
        raise LayerError("The layer “{layer}” is locked. Unlock it first.", layer=lock.name)
    return layer


def place_of_filter(state: AnyDocument, layer: PixelLayer, wanted: Filtering) -> Rect:
    """Where the filter may change the layer, in document pixels."""
    bounds = layer.bounds
    if bounds.is_empty:
        return EMPTY
    reach = (
        wanted.reach if layer.id != state.picture_layer_id else 0
    )  # a picture does not grow beyond its canvas
    wide = Rect(bounds.x - reach, bounds.y - reach, bounds.width + 2 * reach, bounds.height + 2 * reach)
    return wide if state.selection is None else wide.intersected(state.selection.bounds)


def filtered_part(layer: PixelLayer, place: Rect, wanted: Filtering) -> Pixels:
    """The layer's pixels inside a rectangle of the document, filtered with what lies around it."""
    reach, bounds = wanted.reach, layer.bounds
    wide = Rect(place.x - reach, place.y - reach, place.width + 2 * reach, place.height + 2 * reach)
    if place.intersected(bounds) == place:  # nothing clear comes in beside a picture's edge
        wide = wide.intersected(bounds)
    pixels = layer.tiles.read(wide.shifted(-layer.x, -layer.y))
    return np.array(wanted.run(pixels)[place.slices_in(wide)])


def _as_selected(state: AnyDocument, place: Rect, before: Pixels, after: Pixels) -> Pixels:
    """After as far as it is selected, before where not; what is half selected is mixed."""
    if state.selection is None:
        return after
    share = state.selection.read(place)[..., None].astype(np.float32) / 255
    both = (pixels.astype(np.float32) / 255 for pixels in (before, after))
    packed = [np.concatenate([p[..., :3] * p[..., 3:], p[..., 3:]], axis=2) for p in both]
    mixed = packed[0] + share * (packed[1] - packed[0])
    alpha = mixed[..., 3:]
    colour = np.divide(mixed[..., :3], alpha, out=np.zeros_like(mixed[..., :3]), where=alpha > 0)
    made = np.rint(np.concatenate([colour, alpha], axis=2).clip(0, 1) * 255).astype(np.uint8)
    made[made[..., 3] == 0] = 0
    return np.where(share == 0, before, np.where(share == 1, after, made))
