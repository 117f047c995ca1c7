"""A mask from cross-attention maps: InstDiffEdit's refinement (arXiv 2401.07709, equations 6 to 9).

A phrase is run over the noised picture. The map of its start token, which lies on what the phrase does *not* speak of,
is inverted and serves as the reference; the word most like it is the index; words that look where the index looks are
added up, words that look elsewhere are taken away; the rest is smoothed and cut at a threshold.

Where paper and released code differ, this follows the code: the inversion (the paper has none), the running average
over the steps so far (the paper uses the current step alone), and positives minus negatives as means stretched to 0..1
and clamped at 0 (the paper sums signed maps). The recipe's ``printed`` is the paper to the letter. Everything here is
plain arrays: no model, no sampler.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional as F

from editor_core.engines.regions.mask_recipes import MaskRecipe
from editor_core.pixels.opencv import cv2

_BLUR_SIDE = 5  # positions; left to choose the width, as by the authors, OpenCV takes binomial weights
_BLUR_PASSES = 2
_ROUNDING = 1e-5


@dataclass(frozen=True, eq=False)
class AttentionMask:
    """What a phrase marks. ``mask`` bool (h, w); ``heat`` float32 (h, w) and ``words`` (words, h, w), each 0..1."""

    mask: np.ndarray
    heat: np.ndarray
    words: np.ndarray
    background: bool = False
    """Whether the phrase was understood to name the place, not a thing in it."""


class MaskAverage:
    """Refines a run's maps step by step.

    tokens: for each word of the phrase the positions of its tokens among the maps, the start token being 0.
    size: (h, w) of the latent grid, which the mask gets.
    """

    def __init__(self, tokens: Sequence[Sequence[int]], size: tuple[int, int], recipe: MaskRecipe) -> None:
        self._tokens, self._size, self._recipe = tokens, size, recipe
        self._total: np.ndarray | float = 0.0
        self._count = 0
        self._signs: np.ndarray | None = None

    def add(self, maps: np.ndarray) -> AttentionMask:
        """Take the maps of one step, float32 (tokens, h', w'), averaged over layers, heads and rounds."""
        printed = self._recipe.printed
        self._total = maps if printed else self._total + maps
        self._count = 1 if printed else self._count + 1
        start, words = reference_and_words(self._total / self._count, self._tokens, self._size)
        start = 1 - start if printed else start  # equation 6 compares with the map itself
        if self._signs is None:  # the position vector P is computed at the first step only
            self._signs = word_signs(start, words, self._recipe.similarity_high, self._recipe.similarity_low)
        heat = smoothed(signed_sum(words, self._signs) if printed else refined(words, self._signs))
        return AttentionMask(heat > self._recipe.threshold, heat, words)


def reference_and_words(
    maps: np.ndarray, tokens: Sequence[Sequence[int]], size: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """The inverted start map (h, w) and each word's map (words, h, w), stretched to 0..1, from (tokens, h', w')."""
    used = sorted({0, *(token for word in tokens for token in word)})
    row = {token: index for index, token in enumerate(used)}
    sized = resized(maps[used] / np.maximum(maps[used].max(axis=(1, 2), keepdims=True), 1e-12), size)
    sized[0] = 1 - sized[0]
    stretched = np.stack([stretch(one) for one in sized])
    words = [stretched[[row[token] for token in word]].mean(axis=0) for word in tokens]
    return stretched[0], np.stack(words)


def word_signs(start: np.ndarray, words: np.ndarray, high: float, low: float) -> np.ndarray:
    """The position vector P: 1, 0 or -1 for each word, int8 (words,). start: (h, w); words: (words, h, w).

    The index word has the greatest cosine with the inverted start map; every word's cosine with the index decides.
    """
    flat = words.reshape(len(words), -1)
    index = int(np.argmax(cosines(flat, start.reshape(-1))))
    scores = cosines(flat, flat[index])
    scores[index] = 1.0
    return np.where(scores >= high, 1, np.where(scores <= low, -1, 0)).astype(np.int8)


def refined(words: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """What the words that count agree on, less what the others mark: (h, w) in 0..1. A lone word is taken as it is."""
    if len(words) == 1:
        lone: np.ndarray = words[0]
        return lone
    positive = stretch(words[signs > 0].mean(axis=0))
    if not (signs < 0).any():
        return positive
    found: np.ndarray = np.maximum(positive - stretch(words[signs < 0].mean(axis=0)), 0)
    return found


def signed_sum(words: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """P · A as printed: the maps (words, h, w) that count for less those that count against, summed, (h, w)."""
    found: np.ndarray = np.einsum("w,whk->hk", signs.astype(np.float32), words)
    return found


def smoothed(heat: np.ndarray) -> np.ndarray:
    """The heat (h, w) after the authors' two Gaussians, stretched to 0..1."""
    for _ in range(_BLUR_PASSES):
        heat = cv2.GaussianBlur(heat.astype(np.float32), (_BLUR_SIDE, _BLUR_SIDE), 0)
    return stretch(heat)


def resized(maps: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Maps (n, h', w') at another size, bicubic as Pillow does it, float32."""
    tensor = torch.from_numpy(np.ascontiguousarray(maps, np.float32))[None]
    return F.interpolate(tensor, size, mode="bicubic", antialias=True)[0].numpy().copy()


def stretch(values: np.ndarray) -> np.ndarray:
    """Values scaled to 0..1, float32; zeros where all are equal, but for rounding, or one is not a number."""
    low, high = float(values.min()), float(values.max())
    if not high - low > _ROUNDING * max(abs(high), abs(low)):
        return np.zeros(values.shape, np.float32)
    return ((values - low) / (high - low)).astype(np.float32)


def cosines(rows: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """The cosine of each row (n, m) with a reference (m,); 0 where either is all zero."""
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(reference)
    products: np.ndarray = rows @ reference
    found: np.ndarray = np.divide(products, lengths, out=np.zeros(len(rows), np.float32), where=lengths > 0)
    return found
