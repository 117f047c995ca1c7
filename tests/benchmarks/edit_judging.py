"""What is measured of an edit: is what was asked for there, what was to go gone, and what stayed as it was?

A small network that has seen rendered scenes only says what a picture shows; pixels say the rest.
"""

from dataclasses import dataclass

import numpy as np

from edit_cases import Case
from editor_core.pixels.opencv import cv2
from scene_pairs import Verdict, look

KEPT_DB = 25.0
"""From here on a thing beside the changed one counts as untouched."""
WHOLE = 0.9
"""Of a recoloured thing's pixels, how many must be nearer to the new colour than to the old."""
_RECOLOURED = 40
"""Levels of 255 between both colours: pixels that differ less say nothing."""


_AROUND = 2.2
"""Sides of a mask in the sky that the judge sees of the picture: things are then as large as it knows them."""


@dataclass(frozen=True)
class Measures:
    """Of one edit; None where nothing can be said."""

    asked: bool | None
    """What was asked for is there."""
    gone: bool | None
    """What was to go is gone."""
    others: bool | None
    """The things beside it are there, and untouched."""
    whole: float | None
    """Of a thing's pixels, the share in the new colour."""
    kept_db: float | None
    """On what should stay: outside the true mask."""
    share: float
    """Of the picture, what the edit may have changed."""
    outside: int
    """Pixels that changed and are not told to have."""


def measured(case: Case, base: np.ndarray, image: np.ndarray, opacity: np.ndarray) -> Measures:
    """base, image: uint8 (H, W, 3); opacity: uint8 (H, W), the edit's mask."""
    verdict = look([image])
    stays = ~case.pair.mask if case.kind != "place" else case.pair.before.masks.any(0)
    if case.kind == "sky":
        stays = case.mask == 0
    changed = (image != base).any(2)
    return Measures(
        asked=_asked(case, verdict, base, image),
        gone=_gone(case, verdict),
        others=_others(case, verdict, base, image),
        whole=_whole(case, base, image) if case.kind == "colour" else None,
        kept_db=None if case.kind == "time" else decibels(base[stays], image[stays]),
        share=round(float((opacity > 0).mean()), 4),
        outside=int((changed & (opacity == 0)).sum()),
    )


def decibels(a: np.ndarray, b: np.ndarray) -> float:
    """PSNR of pixels in 0..255, at most 99."""
    error = float(((a.astype(np.float64) - b) ** 2).mean()) if a.size else 0.0
    return 99.0 if error == 0 else round(min(99.0, 10 * float(np.log10(255**2 / error))), 2)


def _asked(case: Case, verdict: Verdict, base: np.ndarray, image: np.ndarray) -> bool | None:
    (_, after), (_, index) = case.pair.scenes, case.pair.objects
    if case.kind == "place":
        return verdict.place(0) == after.place
    if case.kind == "time":
        return _nearer(case, base, image)
    if case.kind == "remove" or index is None:
        return None
    item = after.items[index]
    if case.kind == "colour":
        return verdict.colour(0, item.word) == (item.colour or "red")
    if case.kind == "sky":
        return look([_near(case.mask, image)]).sees(0, item.word)
    return item.word in verdict.best_objects(0, len(after.items))


def _near(mask: np.ndarray, image: np.ndarray) -> np.ndarray:
    """The square around a mask in which a thing is as large as those that the judge has seen, as large as the image."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    side = min(mask.shape[0], round(_AROUND * max(len(rows), len(columns))))
    top = min(max((rows[0] + rows[-1] - side) // 2, 0), mask.shape[0] - side)
    left = min(max((columns[0] + columns[-1] - side) // 2, 0), mask.shape[1] - side)
    part = image[top : top + side, left : left + side]
    return np.asarray(cv2.resize(part, mask.shape[::-1], interpolation=cv2.INTER_CUBIC))


def _nearer(case: Case, base: np.ndarray, image: np.ndarray) -> bool:
    """Whether a picture's light is nearer to what was asked for than to what was."""
    light = [each.reshape(-1, 3).mean(0) for each in (case.pair.before.pixels, case.pair.after.pixels)]
    wanted, moved = light[1] - light[0], image.reshape(-1, 3).mean(0) - base.reshape(-1, 3).mean(0)
    return float(wanted @ moved) > 0.5 * float(wanted @ wanted)


def _gone(case: Case, verdict: Verdict) -> bool | None:
    (before, _), (index, _) = case.pair.scenes, case.pair.objects
    if case.kind == "place":
        return verdict.place(0) != before.place
    if case.kind not in ("swap", "two", "remove", "chain") or index is None:
        return None
    return not verdict.sees(0, before.items[index].word)


def _others(case: Case, verdict: Verdict, base: np.ndarray, image: np.ndarray) -> bool | None:
    """Of two things, whether the one that nothing was asked of is there as it was."""
    (before, _), (index, added) = case.pair.scenes, case.pair.objects
    if case.kind not in ("add", "sky", "two", "remove"):
        return None
    for number, item in enumerate(before.items):
        if number == index:
            continue
        thing = case.pair.before.masks[number] & ~case.pair.mask
        seen = item.word in verdict.best_objects(0, len(before.items) + (added is not None and index is None))
        if not seen or decibels(base[thing], image[thing]) < KEPT_DB:
            return False
    return True


def _whole(case: Case, base: np.ndarray, image: np.ndarray) -> float:
    """Of the pixels whose colour should change, the share that is nearer to the new one, by the two renderings.

    A picture that the model painted counts where it is as it was rendered: nobody knows the right colour elsewhere.
    """
    old, new = (each.pixels.astype(np.float32) for each in (case.pair.before, case.pair.after))
    step = new - old
    length = (step**2).sum(2)
    counts = (length > _RECOLOURED**2) & (np.abs(base - old).max(2) < _RECOLOURED)
    way = ((image - base.astype(np.float32)) * step).sum(2)
    return round(float((way > 0.5 * length)[counts].mean()), 3) if counts.any() else 1.0
