"""Tiles turned by right angles and mirrored: exact, tile by tile."""

from collections.abc import Callable

import numpy as np

from editor_core.document.tiles import Pixels, TileKey, Tiles


def mirrored(tiles: Tiles) -> Tiles:
    """Left to right: pixel (x, y) goes to (-1 - x, y)."""
    return _moved(tiles, lambda key: (-1 - key[0], key[1]), lambda tile: tile[:, ::-1])


def turned(tiles: Tiles) -> Tiles:
    """A quarter turn clockwise: pixel (x, y) goes to (-1 - y, x)."""
    return _moved(tiles, lambda key: (-1 - key[1], key[0]), lambda tile: np.rot90(tile, -1))


def _moved(tiles: Tiles, place: Callable[[TileKey], TileKey], change: Callable[[Pixels], Pixels]) -> Tiles:
    made: dict[int, Pixels] = {}  # an array that is repeated stays one
    moved: dict[TileKey, Pixels] = {}
    for key in tiles:
        tile = tiles.tile(key)
        assert tile is not None
        if id(tile) not in made:
            made[id(tile)] = np.array(change(tile), order="C")
            made[id(tile)].flags.writeable = False
        moved[place(key)] = made[id(tile)]
    return Tiles(tiles.channels, moved)
