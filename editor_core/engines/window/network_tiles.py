"""A picture enlarged by a network that was trained to, in tiles: as much memory as one takes, whatever the size.

Such a network sees some pixels around each; next to a tile's border it lacks them. So tiles overlap, in the middle of
what two share one fades into the other, and next to their borders neither counts.
"""

from collections.abc import Iterable
from itertools import groupby

import numpy as np

from editor_core.engines.common.context import EngineContext
from editor_core.engines.window.tiles import tiles_over
from editor_core.models.upscaler import Upscaler
from editor_core.pixels.opencv import cv2

_SIDE = 192  # pixels of the picture
_OVERLAP = 6  # a tile is so many times as long as what it shares with the next one


def enlarged_by(context: EngineContext, upscaler: Upscaler, picture: np.ndarray, factor: int) -> np.ndarray:
    """A picture uint8 (h, w, 3) at (factor h, factor w).

    A network that enlarges more is scaled down by area. One that enlarges less is applied again while that does not
    reach beyond what is wanted, and Lanczos does the rest. Raises JobCancelled between tiles.
    """
    height, width = (factor * side for side in picture.shape[:2])
    left = factor
    while left >= upscaler.factor or left == factor:
        times = min(upscaler.factor, left)
        picture = _once(context, upscaler, picture, times)
        left //= times
    if picture.shape[:2] != (height, width):
        picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_LANCZOS4)
    return picture


def _once(context: EngineContext, upscaler: Upscaler, picture: np.ndarray, times: int) -> np.ndarray:
    """The network applied once, its answer scaled to ``times`` the picture's size."""
    height, width = picture.shape[:2]
    found = np.zeros((height * times, width * times, 3), np.uint8)
    tiles = list(tiles_over(height, width, (_SIDE, _SIDE), _OVERLAP))
    above, before = _those_before(tile.top for tile in tiles), _those_before(tile.left for tile in tiles)
    done = 0
    for top, row in groupby(tiles, lambda tile: tile.top):
        strip = np.zeros((tiles[0].height * times, width * times, 3), np.float32)
        for tile in row:
            context.progress("enlarging", done, len(tiles))
            context.check_cancelled()
            columns = slice(tile.left, tile.left + tile.width)
            part = _scaled(upscaler(picture[top : top + tile.height, columns]), upscaler.factor, times)
            across = _fading_in(tile.width, tile.left, before.get(tile.left), times)
            _lay_over(strip[:, tile.left * times :][:, : len(across)], part, across[:, None])
            done += 1
        down = _fading_in(tiles[0].height, top, above.get(top), times)
        rows = found[top * times :][: len(down)]
        rows[:] = np.rint(_lay_over(rows.astype(np.float32), strip, down[:, None, None]))
    context.progress("enlarging", done, len(tiles))
    return found


def _scaled(part: np.ndarray, factor: int, times: int) -> np.ndarray:
    """What a network made ``factor`` times as large at ``times``, by area."""
    height, width = (side * times // factor for side in part.shape[:2])
    return part if times == factor else cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA)


def _lay_over(below: np.ndarray, above: np.ndarray, share: np.ndarray) -> np.ndarray:
    """``below``, changed in place."""
    below += (above - below) * share
    return below


def _those_before(starts: Iterable[int]) -> dict[int, int]:
    """Where a tile begins: where the one before it does."""
    ordered = sorted(set(starts))
    return dict(zip(ordered[1:], ordered))


def _fading_in(length: int, start: int, before: int | None, times: int) -> np.ndarray:
    """How much a tile counts, float32 (length * times,): 0 to 1 over the middle half of what it shares."""
    if before is None:
        return np.ones(length * times, np.float32)
    place = (np.arange(length * times, dtype=np.float32) + 0.5) / ((before + length - start) * times)
    return np.clip(2 * place - 0.5, 0, 1)
