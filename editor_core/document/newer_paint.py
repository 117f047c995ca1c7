"""Paint that came after a result was asked for: the result does not show it, so it must lie above it."""

from typing import TypeGuard

import numpy as np

from editor_core.document.commands import PaintStroke
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import Layer, LayerStack, RasterLayer
from editor_core.document.masks import bounds
from editor_core.document.tiles import Tiles, tile_rect
from editor_core.document.turns import Turn


def newer_paint(document: Document, turn: Turn, seen: LayerStack) -> list[tuple[PaintStroke, RasterLayer]]:
    """What was painted where ``turn`` changes the picture, on layers that its edit had ``seen`` with older paint.

    Of each such layer the step that takes the newer paint out, and a layer that holds it.
    """
    found = []
    for layer in document.layers:
        before = seen.get(layer.id)
        if _is_paint(layer, document) and _is_paint(before, document) and layer.tiles is not before.tiles:
            older, newer = _parted(before.tiles, layer.tiles)
            above = RasterLayer(
                name=layer.name,
                tiles=newer,
                x=layer.x,
                y=layer.y,
                opacity=layer.opacity,
                blend_mode=layer.blend_mode,
            )
            if _lies_on(above, turn):
                found.append((PaintStroke(layer.id, layer.tiles, older), above))
    return found


def _is_paint(layer: Layer | None, document: Document) -> TypeGuard[RasterLayer]:
    return (
        isinstance(layer, RasterLayer)
        and layer.visible
        and not layer.turn
        and layer.id != document.picture_layer_id
        and len(layer.tiles) > 0
    )


def _parted(before: Tiles, after: Tiles) -> tuple[Tiles, Tiles]:
    """``after`` without the pixels that were painted since ``before``, and those pixels; what was erased stays so."""
    older, newer = after, Tiles(after.channels)
    for key in before.changed_keys(after):
        place = tile_rect(key)
        old, now = before.read(place), after.read(place)
        painted = (old != now).any(axis=2, keepdims=True) & (now[..., 3:] >= old[..., 3:])
        older = older.with_pixels(place.x, place.y, np.where(painted, old, now))
        newer = newer.with_pixels(place.x, place.y, np.where(painted, now, 0))
    return older, newer


def _lies_on(layer: RasterLayer, turn: Turn) -> bool:
    """Whether any of it is where the turn changed the picture."""
    assert turn.mask is not None
    place = bounds(turn.mask)
    changed = turn.mask[place.slices_in(Rect(0, 0, turn.width, turn.height))]
    paint = layer.tiles.read(place.shifted(-layer.x, -layer.y))[..., 3]
    return bool((changed.astype(bool) & paint.astype(bool)).any())
