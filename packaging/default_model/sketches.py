"""Line drawings of rendered scenes, white on black: clean ones, and ones as a hand draws them."""

from dataclasses import dataclass

import numpy as np
from editor_core.pixels.opencv import cv2

from scenes import Picture


@dataclass(frozen=True)
class Hand:
    """How a drawing is made. Widths and distances are shares of the picture's short side."""

    width: float = 0.009
    wobble: float = 0.0
    gaps: float = 0.0
    details: bool = True
    background: bool = False


def random_hand(rng: np.random.Generator) -> Hand:
    """A hand for training: thin to thick strokes, steady or not, with or without what is inside the outlines."""
    return Hand(
        width=float(rng.uniform(0.004, 0.022)),
        wobble=float(rng.uniform(0.0, 0.012)) * float(rng.random() < 0.7),
        gaps=float(rng.uniform(0.05, 0.35)) * float(rng.random() < 0.4),
        details=bool(rng.random() < 0.6),
        background=bool(rng.random() < 0.2),
    )


def draw(
    picture: Picture, objects: list[int], hand: Hand | None = None, rng: np.random.Generator | None = None
) -> np.ndarray:
    """Draw some objects of a picture, uint8 (H, W); the generator is needed by a hand that wobbles or leaves gaps."""
    hand = hand or Hand()
    side = min(picture.pixels.shape[:2])
    lines = outlines(picture, objects)
    if hand.details or hand.background:
        lines |= details(picture, objects, hand.background)
    if hand.wobble and rng is not None:
        lines = wobbled(lines, hand.wobble * side, rng)
    if hand.gaps and rng is not None:
        lines = with_gaps(lines, hand.gaps, rng)
    return stroked(lines, hand.width * side)


def outlines(picture: Picture, objects: list[int]) -> np.ndarray:
    """The outlines of what is visible of some objects, one pixel wide, uint8 (H, W)."""
    lines = np.zeros(picture.pixels.shape[:2], np.uint8)
    for index in objects:
        borders, _ = cv2.findContours(
            picture.masks[index].astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
        )
        cv2.drawContours(lines, borders, -1, 255, 1)
    return lines


def details(picture: Picture, objects: list[int], background: bool) -> np.ndarray:
    """Edges inside some objects and, where asked for, of what is behind all objects, uint8 (H, W)."""
    smooth = cv2.GaussianBlur(picture.pixels, (0, 0), 0.006 * min(picture.pixels.shape[:2]))
    edges = cv2.Canny(smooth, 60, 160)
    shown = picture.masks[objects].any(0)
    if background:
        shown |= ~picture.masks.any(0)
    return edges * shown.astype(np.uint8)


def wobbled(lines: np.ndarray, distance: float, rng: np.random.Generator) -> np.ndarray:
    """The lines pushed about smoothly by about a distance in pixels."""
    height, width = lines.shape
    grid = rng.normal(0, distance, (2, int(rng.integers(5, 12)), int(rng.integers(5, 12)))).astype(np.float32)
    down, across = (cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC) for part in grid)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    thick = cv2.dilate(lines, np.ones((2, 2), np.uint8))  # so that no line falls between the pixels
    return cv2.remap(thick, x + across, y + down, cv2.INTER_NEAREST)


def with_gaps(lines: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """The lines without about a share of their length, taken away in pieces."""
    height, width = lines.shape
    noise = cv2.resize(
        rng.random((14, 14)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
    )
    return lines * (noise > np.quantile(noise, share)).astype(np.uint8)


def stroked(lines: np.ndarray, width: float) -> np.ndarray:
    """Thin lines as strokes of a width in pixels, softened at their edges."""
    side = max(1, round(width))
    strokes = cv2.dilate(lines, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    soft = cv2.GaussianBlur(strokes, (3, 3), 0)
    return cv2.convertScaleAbs(soft, alpha=2)  # the middle of the thinnest stroke is white again
