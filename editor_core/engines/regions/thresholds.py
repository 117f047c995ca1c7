"""Where what was measured becomes a mask: every number that a region is cut at, and the two ways that need no number.

What an artist or a preset sets, InstDiffEdit's phi and its two cosines, stands in `mask_recipes.py`.
"""

from dataclasses import dataclass

import numpy as np

from editor_core.engines.regions.attention_mask import stretch
from editor_core.pixels.opencv import cv2

# -- differences of latents (FISEdit) --

WEAK_SHARE = 0.35
"""Of OTSU's threshold: from there on a difference that is joined to a region belongs to it."""
WEAK_REACH = 3
"""Latent positions that it is followed."""

# -- one look at the base (FISEdit): chosen on 42 pairs of scenes, none of them among the benchmark's --

LOOK_WORDS_SHARE = 0.35
"""Of the changed words' strongest response, from which on a position is one that they name."""
LOOK_FINE_SHARE = 0.3
"""How much of a say the finer layers have in that response."""
LOOK_BLUR = 0.7
"""Latent positions: sigma of the Gaussian that smooths the difference of the two predictions."""
MIN_CHANGE = 0.2
"""Per channel, where the noise has a variance of 1: words that come and change the answer so much somewhere, when
things have taken shape, change what is there; weaker ones put something new in."""
MAX_NEW_SHARE = 0.5
"""Of the picture: words that change more of it, as those for the time of day, put nothing new into it."""
LOOK_EVERYWHERE = 0.2
"""Of the thresholds: what changes more of the picture than `MAX_NEW_SHARE` changes its look or its place, and is
followed down to here, however far."""
MIN_FREE_SHARE = 0.15
"""Of a region: where things that stay leave less of it free, the words are about them. Of 6 colours 0 to 0.04 was free,
of 22 of 24 added things 0.25 and more (of the others 0 and 0.04)."""
MIN_CHANGE_EVERYWHERE = 0.025
"""Per channel, mean over the picture: of 4 times of day 0.038 to 0.045, of things and colours at most 0.015."""
MAX_OVERLAP = 0.5
"""Of the smaller of two areas that words look at: where more is common they speak of one thing, as colour and noun."""
THING_GROWTH = 2
"""Latent positions around a thing that stays which are left to it."""


@dataclass(frozen=True)
class Look:
    """Which of the base's latents are asked, and how far weaker evidence is followed."""

    share: float
    """Of the base's steps."""
    weak: float
    """Of the thresholds."""
    reach: int
    """Latent positions."""


WORDS_GO = Look(share=0.2, weak=0.5, reach=2)
"""Things have a place, and their shapes can still become others."""
WORDS_ONLY_COME = Look(share=0.4, weak=0.5, reach=2)
"""Things have taken shape."""
SOMETHING_NEW = Look(share=0.05, weak=0.3, reach=3)
"""Earlier: later the base has no room left for it."""

# -- where changed words look (FISEdit) --

CHANGED_WORDS_SHARE = 0.25
"""Of the strongest response, from which on a position is one that the word names."""
CHANGED_WORDS_CONTRAST = 1.2
"""So many times the mean difference elsewhere must be that of the words' region."""

# -- where the source's words look (EmbCtrl, MaSaFusion) --

BLEND_SHARE = 0.3
"""Of the strongest response: what reaches it belongs to what the words name."""
MAX_THING_SHARE = 0.35
"""Of the picture: what is larger is no thing but the place."""
MAX_INSIDE_SHARE = 0.3
"""Of where a word looks: one that looks more at the region than this belongs to it."""

# -- grounded attention (InstDiffEdit on the picture-book) --

MAX_PLACE_CORRELATION = -0.98
"""A word whose map has no greater correlation with the inverted start map names the background."""
MIN_THING_CORRELATION = 0.35
"""From this correlation on, a word around the phrase names a thing of its own."""
MIN_NOUN_SHARE = 0.75
"""Of the greatest such correlation; below are "and" and articles, which look a little at what is beside them."""
MIN_OWN_OVERLAP = 0.3
"""Intersection over union of a thing and of where a word looks that names it."""
BACKGROUND_STRENGTH = 0.5
"""Of a thing's heat: weaker positions are the background's."""
MIN_POSITIONS = 2
"""On the latent grid: smaller things are noise."""
MIN_SIZE_SHARE = 0.2
"""Of the largest thing; what is smaller belongs to something."""
SURE_HEAT = 0.5
"""From here on GrabCut takes a position for the thing's, whatever the colours say."""
SURE_KEPT_HEAT = 0.95
"""The same for things that stay: on 24 opened scenes their outlines overlap with the true ones by 0.968, by 0.925 with
`SURE_HEAT`, by 0.977 with none at all."""

# -- what was painted of the words (an empty place) --

MIN_ANSWER = 0.13
"""Per channel, where the noise has a variance of 1: words that change the answer by less, anywhere in what was painted
of them, are not to be seen in it. On 12 edits: at most 0.07 where nothing came, 0.27 and more where something did
(asked when things have just taken shape, at 40 % of the steps, 0.02 to 0.24 and 0.22 to 0.24)."""
EMPTY_BLUR = 1.0
"""Latent positions: sigma of the Gaussian that smooths that change."""
MIN_PLANTED_PIXELS = 64
"""A thing of fewer is none."""
# -- the thing at a click --

CLOSE = 1.5
"""So many times more often than from anywhere a walk from the click is at a position of the same thing."""
SURELY_CLOSE = 1.2
"""Of what is close, from so many times its median on it is the thing's, whatever the colours say."""
FAR = 0.7
"""Below that a position is the background's."""

# -- differences of pixels (EmbCtrl) --

MIN_VISIBLE, MAX_VISIBLE = 5, 14
"""Levels of 255: differences below the first are none, from the second on they count in full."""
MIN_PAINTED, MAX_PAINTED = 0.07, 0.2
"""Of the strongest difference: below the first a pixel was left alone, from the second on it is the thing's. Chosen on
10 recoloured things: with a third of that the new colour surrounds them where the background is like the old one."""


def above_otsu(values: np.ndarray) -> np.ndarray:
    """bool (h, w): the values above the threshold that parts them best in two (Otsu, IEEE SMC 1979)."""
    grey, threshold = _grey_and_otsu(values)
    found: np.ndarray = grey > threshold
    return found


def follow_weaker(region: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The region, bool (h, w), and what is joined to it in the values (h, w) of which it was found. Bool (h, w).

    OTSU's threshold stands half way between what changes and what does not, and the tips of a thing lie in between. So
    the region follows, a few positions far, values that alone would be too weak: Canny's double threshold (IEEE PAMI
    1986, "thresholding with hysteresis").
    """
    grey, threshold = _grey_and_otsu(values)
    return joined(region, grey > WEAK_SHARE * threshold, WEAK_REACH)


def joined(region: np.ndarray, weak: np.ndarray, reach: int) -> np.ndarray:
    """The region and what of weaker evidence is joined to it, so many positions far; all bool (h, w)."""
    for _ in range(reach):
        neighbours = cv2.dilate(region.astype(np.uint8), cross()).astype(bool)
        region = region | (neighbours & weak)
    return region


def cross() -> np.ndarray:
    """A position and the four beside it, for OpenCV."""
    found: np.ndarray = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    return found


def over_otsu(values: np.ndarray) -> np.ndarray:
    """How many times OTSU's threshold the values are, float32 (h, w); zeros where all are equal."""
    _, threshold = _grey_and_otsu(values)
    return stretch(values) * 255 / max(threshold, 1.0)


def _grey_and_otsu(values: np.ndarray) -> tuple[np.ndarray, float]:
    """The values as levels of 255, and OTSU's threshold among these."""
    grey = np.rint(255 * stretch(values)).astype(np.uint8)
    threshold, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return grey, threshold
