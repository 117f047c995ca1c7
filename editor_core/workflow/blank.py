"""Whether there is anything to see yet: a blank canvas is generated on, not analysed."""

import numpy as np

from editor_core.document.compositing import visible_layers
from editor_core.document.document import BLANK, AnyDocument
from editor_core.document.layers import RasterLayer
from editor_core.document.tiles import Tiles


def is_blank(document: AnyDocument) -> bool:
    """Whether it began as a blank canvas, has no turn yet, and no layer of more than one colour."""
    if not document.settings.get(BLANK) or document.snapshot().current_id is not None:
        return False
    layers = [layer for layer in visible_layers(document.layers) if isinstance(layer, RasterLayer)]
    painted = [layer for layer in layers if len(layer.tiles)]
    return len(painted) <= 1 and all(_is_plain(layer.tiles) for layer in painted)


def _is_plain(tiles: Tiles) -> bool:
    colour = None
    for key in tiles:
        tile = tiles.tile(key)
        assert tile is not None
        seen = tile[tile[..., 3] > 0]
        colour = seen[0] if colour is None else colour
        if not np.array_equal(seen, np.broadcast_to(colour, seen.shape)):
            return False
    return True
