"""A mask from the attention of a grounded model: InstDiffEdit's idea, kept to what such maps really say.

The picture-book's attention was grounded in training: its start token lies on the background, sharply, and so does the
word of a place; the word of a thing lies on things, but hardly tells one thing from another, least of all one that is
not there yet. The published refinement, made for Stable Diffusion, goes wrong on such maps in three ways: at a quarter
of the latents' resolution a small model's maps are too coarse; a place, which looks where the start token looks, can
never be like the inverted start map; and with two things in the picture the phrase marks both.

So here the inverted start map says where things are, as in the paper, but finely and as the mask itself. A phrase with
a word that lies exactly where the start token does names the background. Any other phrase names one thing: the one that
the words around the phrase claim least, where a whole sentence is known. What stays in the picture is told apart well;
the word of what is to come looks anywhere, and counts only where no other word names a thing. In a few pictures even
what stays is taken for something else. Where the picture's own sentence is known, too, one call with it settles the
matter: the words that go look at what goes (right in 29 of 29 pairs with two things apart, else in 26; those on which
this was chosen).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from editor_core.engines.regions.attention_mask import AttentionMask, resized, stretch
from editor_core.engines.regions.mask_recipes import MaskRecipe
from editor_core.engines.regions.thresholds import (
    BACKGROUND_STRENGTH,
    MAX_PLACE_CORRELATION,
    MIN_NOUN_SHARE,
    MIN_POSITIONS,
    MIN_SIZE_SHARE,
    MIN_THING_CORRELATION,
)
from editor_core.pixels.opencv import cv2


@dataclass(frozen=True, eq=False)
class Before:
    """How the picture's own sentence looks at it: ``maps`` float32 (tokens, h', w'), and the tokens of each word that
    the new sentence has not and of each that stays."""

    maps: np.ndarray
    gone: Sequence[Sequence[int]]
    kept: Sequence[Sequence[int]]


class ObjectAverage:
    """Reads the mean of a run's maps so far; takes and gives what `MaskAverage` does.

    others: the positions of the tokens of each word around the phrase.
    """

    def __init__(
        self,
        tokens: Sequence[Sequence[int]],
        others: Sequence[Sequence[int]],
        size: tuple[int, int],
        recipe: MaskRecipe,
        before: Before | None = None,
    ) -> None:
        self._tokens, self._others, self._size, self._recipe = tokens, others, size, recipe
        self._before = before
        self._total: np.ndarray | float = 0.0
        self._count = 0

    def add(self, maps: np.ndarray) -> AttentionMask:
        """Take the maps of one step, float32 (tokens, h', w'), averaged over layers, heads and rounds."""
        self._total = self._total + maps
        self._count += 1
        mean, threshold = self._total / self._count, self._recipe.threshold
        things = 1 - stretch(resized(mean[:1], self._size)[0])
        words, others = (word_maps(mean, group, self._size) for group in (self._tokens, self._others))
        if background := min(likenesses(words, things)) <= MAX_PLACE_CORRELATION:
            heat = around(things, threshold)
        else:
            left = None if self._before is None else leaving(self._before, mean[:1], self._size, threshold)
            heat = marked(things, words, others, threshold) if left is None else left
        return AttentionMask(heat > threshold, heat, words, background)


def word_maps(maps: np.ndarray, tokens: Sequence[Sequence[int]], size: tuple[int, int]) -> np.ndarray:
    """Each word's map (words, h, w), stretched to 0..1, from (tokens, h', w')."""
    means = [stretch(resized(maps[list(word)].mean(axis=0)[None], size)[0]) for word in tokens]
    return np.stack(means) if means else np.zeros((0, *size), np.float32)


def around(things: np.ndarray, threshold: float) -> np.ndarray:
    """The heat (h, w) of the background: it crosses the threshold where the things (h, w) have half their strength."""
    return 1 - np.minimum(1, things * (1 - threshold) / BACKGROUND_STRENGTH)


def marked(things: np.ndarray, words: np.ndarray, others: np.ndarray, threshold: float) -> np.ndarray:
    """The heat (h, w) of the thing that the phrase names.

    things: the inverted start map (h, w); words, others: the maps of the phrase's words and of those around it.
    """
    rivals = nouns(others, things)
    claim = -np.max(rivals, axis=0) if rivals else most_like(words, things)
    found: np.ndarray = things * chosen(things > threshold, claim)
    return found


def leaving(before: Before, start: np.ndarray, size: tuple[int, int], threshold: float) -> np.ndarray | None:
    """The heat (h, w) of the thing at which the words that go look; None where they look at none.

    start: the start token's map with the new words, (1, h', w'); the mean of both sentences' is used.
    """
    things = 1 - stretch(resized((start + before.maps[:1]) / 2, size)[0])
    gone, kept = (word_maps(before.maps, group, size) for group in (before.gone, before.kept))
    noun = most_like(gone, things)
    likeness = correlation(noun, things)
    if likeness < MIN_THING_CORRELATION:
        return None
    for stays in nouns(kept, things, likeness):
        things = things * (noun >= stays)  # two things that touch are parted
    found: np.ndarray = things * chosen(things > threshold, noun)
    return found


def nouns(words: np.ndarray, things: np.ndarray, beside: float = 0.0) -> list[np.ndarray]:
    """Of the maps of words those that look as the inverted start map does; ``beside`` is how much another noun does."""
    found = likenesses(words, things)
    least = max(MIN_THING_CORRELATION, MIN_NOUN_SHARE * max([beside, *found]))
    return [word for word, likeness in zip(words, found, strict=True) if likeness >= least]


def chosen(things: np.ndarray, claim: np.ndarray) -> np.ndarray:
    """Of the things bool (h, w), the connected one with the greatest mean claim; nothing if there is none."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(things.astype(np.uint8), connectivity=4)
    areas = stats[1:, cv2.CC_STAT_AREA]
    large = [i for i, area in enumerate(areas, 1) if area >= max(MIN_POSITIONS, MIN_SIZE_SHARE * areas.max())]
    if not large:
        return things
    best: np.ndarray = labels == max(large, key=lambda label: float(claim[labels == label].mean()))
    return best


def most_like(words: np.ndarray, things: np.ndarray) -> np.ndarray:
    """Of the maps of words the one that looks most as the inverted start map does: the noun's."""
    best: np.ndarray = words[int(np.argmax(likenesses(words, things)))]
    return best


def likenesses(words: np.ndarray, things: np.ndarray) -> list[float]:
    """Each word's correlation with the inverted start map."""
    return [correlation(word, things) for word in words]


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Pearson's correlation of two maps; 0 where either is the same everywhere."""
    a, b = a - a.mean(), b - b.mean()
    length = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float((a * b).sum()) / length if length > 0 else 0.0
