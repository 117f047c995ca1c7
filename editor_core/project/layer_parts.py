"""Layers larger than one picture may be are stored in parts: strokes far apart can span more than the canvas."""

from collections.abc import Iterator

from editor_core.base.limits import MAX_PIXELS, MAX_SIDE, PART_SIDE
from editor_core.base.message import Message
from editor_core.document.layers import PictureLayer, PixelLayer
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.tiles import TileKey, Tiles, tile_rect


def left_out_of_copies(snapshot: DocumentSnapshot) -> tuple[Message, ...]:
    """A sentence naming the layers that other programs' files do not hold; none where there are none."""
    names = tuple(layer.name[:60] for layer in snapshot.layers.walk() if not isinstance(layer, PictureLayer))
    return (
        (Message("Masks, sketches and regions are not part of it: {names}.", names=names),) if names else ()
    )


def is_too_large(tiles: Tiles) -> bool:
    """Whether pixels do not fit into one picture."""
    bounds = tiles.bounds()
    return max(bounds.width, bounds.height) > MAX_SIDE or bounds.width * bounds.height > MAX_PIXELS


def parts_of(layer: PixelLayer) -> Iterator[tuple[str, Tiles]]:
    """The files a layer's pixels are stored in: one, or several for one that is too large for a picture."""
    if not is_too_large(layer.tiles):
        yield f"editor/layers/{layer.id}.png", layer.tiles
        return
    cells: dict[TileKey, set[TileKey]] = {}
    for key in layer.tiles:
        place = tile_rect(key)
        cells.setdefault((place.x // PART_SIDE, place.y // PART_SIDE), set()).add(key)
    for number, cell in enumerate(sorted(cells)):
        part = Tiles(layer.tiles.channels).with_patch(layer.tiles.patch(cells[cell]))
        yield f"editor/layers/{layer.id}-{number}.png", part
