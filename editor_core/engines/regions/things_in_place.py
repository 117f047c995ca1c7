"""The things that stand in a place, where words change the place alone.

The network then answers differently nearly everywhere, and what stands there would be painted again with the rest: much
the same, but never quite. In a model whose attention was grounded (`object_mask.py`) the start token's map, inverted,
shows the things; a word that goes and looks where that token does names the place; and a thing belongs to the word that
looks at it and nowhere else. Things whose words stay are left as they are. That the light does not change, too, is for
the words to say (`instant_region.py`): the answers differ on things either way.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from editor_core.engines.regions.object_mask import likenesses
from editor_core.engines.regions.thresholds import (
    BACKGROUND_STRENGTH,
    BLEND_SHARE,
    MAX_PLACE_CORRELATION,
    MIN_OWN_OVERLAP,
    MIN_POSITIONS,
)
from editor_core.pixels.opencv import cv2


@dataclass(frozen=True, eq=False)
class ThingsLeft:
    """What stays as it is: its heat, float32 (h, w) in 0..1, and which of the words that stay name it."""

    heat: np.ndarray
    words: frozenset[int]


def things_left(
    start: np.ndarray, gone: Sequence[np.ndarray], kept: Sequence[np.ndarray]
) -> ThingsLeft | None:
    """The things of words that stay; None where no word of the place goes, or no thing stays.

    start: where the start token looks; gone, kept: where each word looks that the new sentence has not, or has, too,
    all (h, w) in 0..1.
    """
    things = 1 - start
    if not gone or min(likenesses(np.stack(gone), things)) > MAX_PLACE_CORRELATION:
        return None
    left, others, words = np.zeros(start.shape, bool), np.zeros(start.shape, bool), set[int]()
    _, pieces = cv2.connectedComponents((things > BACKGROUND_STRENGTH).astype(np.uint8), connectivity=4)
    for piece in (pieces == number for number in range(1, int(pieces.max()) + 1)):
        going, staying = ([_overlap(piece, word > BLEND_SHARE) for word in each] for each in (gone, kept))
        surest = max(staying, default=0.0)
        if piece.sum() < MIN_POSITIONS or surest < max(MIN_OWN_OVERLAP, *going):
            others |= piece
            continue
        left |= piece
        words |= {number for number, overlap in enumerate(staying) if overlap >= MIN_OWN_OVERLAP}
    if not left.any():
        return None
    return ThingsLeft(np.where(others, 0, things).astype(np.float32), frozenset(words))


def _overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection over union of two areas, bool (h, w), one of them not empty."""
    return float((a & b).sum() / (a | b).sum())
