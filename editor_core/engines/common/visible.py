"""Whether an edit can be seen, and what to try where it cannot."""

import numpy as np

from editor_core.base.message import Message
from editor_core.engines.common.context import EngineContext
from editor_core.pixels.opencv import cv2

_SPREAD = 2.0
"""Pixels over which neighbours decide together whether something changed."""
_SEEN = 14
"""Levels of 255, so spread, from which somebody who compares both pictures sees a change."""
_NOT_SEEN = {
    "fisedit": Message(
        "Nothing visible changed. Try Repaint with the same words, or mark the place to change."
    ),
    "instdiffedit": Message("Nothing visible changed. Try a larger area, another seed, or Reword."),
    "masafusion": Message("Nothing visible changed. Try a larger area, a sketch of the thing, or Repaint."),
    "embctrl": Message("Nothing visible changed. Try Reword with the same words."),
}


def is_seen(before: np.ndarray, after: np.ndarray) -> bool:
    """Whether two pictures uint8 (H, W, 3) differ visibly anywhere."""
    if before.shape != after.shape:
        return True
    change = np.abs(after.astype(np.float32) - before).max(2)
    return bool(cv2.GaussianBlur(change, (0, 0), _SPREAD).max() >= _SEEN)


def tell_where_nothing_is_seen(
    context: EngineContext, method: str, before: np.ndarray, after: np.ndarray
) -> None:
    """Say of an edit by a method that nothing came of it, and what to try next."""
    if method in _NOT_SEEN and not is_seen(before, after):
        context.notice(_NOT_SEEN[method])
