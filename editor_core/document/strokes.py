"""Brush strokes as coverage: round dabs along the smoothed way of the pen. Pure numpy."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from editor_core.document.geometry import EMPTY, Rect
from editor_core.document.tiles import Pixels

SPACING = 0.1  # of the diameter, from one dab to the next
MIN_SPACING = 0.5  # pixels
MAX_CHORD = 4.0  # pixels: curves are drawn as straight pieces of this length
MAX_CHORDS = 1024  # of one curve: the pointer may come from far outside
STEADIEST = 0.95  # of the way to the pointer is held back at full smoothing
SUBPIXELS = 4  # places of a dab's centre inside a pixel, each way
LARGE = 256.0  # diameter in pixels: from here on dabs lie on whole pixels
SIZE_STEP = 1.01  # diameters are rounded to powers of it, so that dabs can be used again

GRAIN = 256  # pixels after which the paper repeats

Point = tuple[float, float, float]  # x, y, pressure
Mirror = tuple[bool, bool]
"""Whether left and right, and whether top and bottom of the canvas change places."""


@dataclass(frozen=True)
class Brush:
    size: float = 48.0  # diameter in picture pixels
    hardness: float = 0.8  # 0..1: where the soft edge begins
    opacity: float = 1.0  # 0..1: what one stroke covers at the most
    flow: float = 1.0  # 0..1: the share of what is missing to that which each dab adds
    smoothing: float = 0.0  # 0..1: how much the line lags behind a trembling hand
    pressure_size: bool = True  # a pen pressed lightly draws a thinner line
    pressure_opacity: bool = False  # … or a fainter one
    spacing: float = SPACING  # of the diameter, from one dab to the next
    roundness: float = 1.0  # 0..1: how high a dab is, its width being the diameter
    angle: float = 0.0  # degrees that a flat dab is turned, counter-clockwise
    grain: float = 0.0  # 0..1: how much of the paint the paper's hollows miss
    scatter: float = 0.0  # of the diameter: how far dabs stray from the way
    tip: str = ""  # the name of a picture in place of the round dab


class Stroke:
    """One stroke while it is drawn: how much of each pixel is covered, never more for crossing itself.

    tip: the picture of the brush's tip, uint8 (h, w), 255 where it paints; None: round. mirrors: how
    all of it is repeated.
    """

    def __init__(
        self,
        brush: Brush,
        width: int,
        height: int,
        tip: Pixels | None = None,
        mirrors: Sequence[Mirror] = (),
    ) -> None:
        self._brush = brush
        self._tip = None if tip is None else Tip(tip)
        self._mirrors = tuple(mirrors)
        self._strays = np.random.default_rng(0)
        self._canvas = Rect(0, 0, width, height)
        # Whole, yet only memory that is painted on is ever taken: zeros come as untouched pages.
        self._coverage = np.zeros((height, width), np.float32)
        self._pen: Point | None = None  # smoothed
        self._pointer: Point | None = None
        self._drawn: Point = (0.0, 0.0, 0.0)  # where the curve has come to
        self._to_next_dab = 0.0

    def extend(self, x: float, y: float, pressure: float = 1.0) -> Rect:
        """Draw on towards a point; returns what changed, in picture pixels."""
        self._pointer = (x, y, pressure)
        if self._pen is None:
            self._pen = self._drawn = self._pointer
            return self._draw([self._pointer])
        pen = _between(self._pen, self._pointer, 1 - STEADIEST * self._brush.smoothing)
        return self._curve_to(pen)

    def finish(self) -> Rect:
        """Draw the rest of the way to the last point."""
        if self._pen is None or self._pointer is None:
            return EMPTY
        rest = [self._pen, self._pointer]
        changed = EMPTY
        for end in rest:
            changed = changed.united(self._draw(_chords(self._drawn, self._drawn, end)))
            self._drawn = end
        self._pen = self._pointer
        return changed

    def coverage(self, rect: Rect) -> Pixels:
        """uint8 (height, width, 1) of a rectangle of the canvas: 255 where the stroke covers fully."""
        rounded: Pixels = np.rint(self._coverage[rect.slices_in(self._canvas)]).astype(np.uint8)
        return rounded[..., None]

    def _curve_to(self, pen: Point) -> Rect:
        """Round the corner at the last point: from the middle of one piece of the way to the next one's.

        Where the way turns back, as in hatching, the corner is meant and stays.
        """
        assert self._pen is not None
        corner, self._pen = self._pen, pen
        middle = _between(corner, pen, 0.5)
        if _turns_back(self._drawn, corner, pen):
            changed = self._draw([*_chords(self._drawn, self._drawn, corner), middle])
        else:
            changed = self._draw(_chords(self._drawn, corner, middle))
        self._drawn = middle
        return changed

    def _draw(self, points: list[Point]) -> Rect:
        changed = EMPTY
        for x, y, pressure in self._dabs(points):
            if self._brush.scatter:
                strays = self._strays.uniform(-1, 1, 2) * self._brush.scatter * self._diameter(pressure)
                x, y = x + float(strays[0]), y + float(strays[1])
            changed = changed.united(self._stamp(x, y, pressure))
        return changed

    def _dabs(self, points: list[Point]) -> Iterator[Point]:
        """Evenly spaced dabs along the way; what is left of the last gap waits for the next call."""
        here = points[0]
        if len(points) == 1:
            self._to_next_dab = self._spacing(here)
            yield here
        for there in points[1:]:
            if self._misses(here, there):
                self._to_next_dab = self._spacing(there)
                here = there
                continue
            length = math.dist(here[:2], there[:2])
            gone = 0.0
            while self._to_next_dab <= length - gone:
                gone += self._to_next_dab
                dab = _between(here, there, gone / length)
                self._to_next_dab = self._spacing(dab)
                yield dab
            self._to_next_dab -= length - gone
            here = there

    def _misses(self, here: Point, there: Point) -> bool:
        """Whether a piece of the way lies so far outside the canvas that no dab of it is seen."""
        if self._mirrors:
            return False
        reach = self._brush.size * (0.5 + self._brush.scatter) + 2
        return (
            max(here[0], there[0]) < -reach
            or max(here[1], there[1]) < -reach
            or min(here[0], there[0]) > self._canvas.width + reach
            or min(here[1], there[1]) > self._canvas.height + reach
        )

    def _spacing(self, dab: Point) -> float:
        return max(MIN_SPACING, self._diameter(dab[2]) * self._brush.spacing)

    def _diameter(self, pressure: float) -> float:
        return max(1.0, self._brush.size * (pressure if self._brush.pressure_size else 1.0))

    def _stamp(self, x: float, y: float, pressure: float) -> Rect:
        brush = self._brush
        column, row = math.floor(x), math.floor(y)
        places = SUBPIXELS if self._diameter(pressure) < LARGE else 1
        stamp = _kept_stamp(
            round(math.log(self._diameter(pressure), SIZE_STEP)),
            brush.hardness,
            math.floor((x - column) * places) / places + 0.5 / places - 0.5,
            math.floor((y - row) * places) / places + 0.5 / places - 0.5,
            brush.roundness,
            brush.angle,
            self._tip,
        )
        reach = stamp.shape[0] // 2
        place = Rect(column - reach, row - reach, stamp.shape[1], stamp.shape[0])
        opacity = brush.opacity * (pressure if brush.pressure_opacity else 1.0)
        changed = self._lay(stamp, place, opacity)
        for across, down in self._mirrors:
            x = self._canvas.width - place.right if across else place.x
            y = self._canvas.height - place.bottom if down else place.y
            turned = stamp[:: -1 if down else 1, :: -1 if across else 1]
            changed = changed.united(self._lay(turned, Rect(x, y, place.width, place.height), opacity))
        return changed

    def _lay(self, stamp: Pixels, place: Rect, opacity: float) -> Rect:
        """Cover what lies under a dab; returns what of it is on the canvas."""
        visible = place.intersected(self._canvas)
        goal = stamp[visible.slices_in(place)] * np.float32(opacity)
        if self._brush.grain:
            goal *= 1 - np.float32(self._brush.grain) * hollows(visible)
        here = self._coverage[visible.slices_in(self._canvas)]
        if self._brush.flow < 1:
            here += np.maximum(goal - here, 0) * np.float32(self._brush.flow)
        else:
            np.maximum(here, goal, out=here)
        return visible


def brush_stamp(
    diameter: float,
    hardness: float,
    offset: tuple[float, float] = (0.0, 0.0),
    roundness: float = 1.0,
    angle: float = 0.0,
) -> Pixels:
    """One dab of a round brush, square with an odd side, its centre ``offset`` from the middle of the square.

    Full inside ``hardness`` (0..1) of the radius, from there falling off smoothly, a pixel wide at the least. With a
    ``roundness`` below 1 it is an ellipse, ``roundness`` times as high as wide and turned by ``angle`` degrees.
    """
    radius = max(diameter, 1.0) / 2
    reach = math.ceil(radius + 1)
    places = np.arange(-reach, reach + 1, dtype=np.float32)
    across, down = places - np.float32(offset[0]), places - np.float32(offset[1])
    if roundness < 1:
        fall = _flat_distance(across, down, max(roundness, 1 / max(diameter, 1.0)), math.radians(angle))
    else:
        fall = np.sqrt((across * across)[None] + (down * down)[:, None])  # so far the distance
    np.subtract(np.float32(radius + 0.5), fall, out=fall)
    fall *= np.float32(1 / max(radius * (1 - hardness), 1.0))
    np.clip(fall, 0, 1, out=fall)
    fall *= fall * (3 - 2 * fall)
    fall *= 255
    stamp: Pixels = np.rint(fall, out=fall).astype(np.uint8)
    return stamp


def _flat_distance(
    across: NDArray[np.float32], down: NDArray[np.float32], roundness: float, angle: float
) -> NDArray[np.float32]:
    """The distance from the middle, measured in an ellipse's own way: at its edge it is the longer radius."""
    cosine, sine = np.float32(math.cos(angle)), np.float32(math.sin(angle))
    along = across[None] * cosine - down[:, None] * sine
    beside = (across[None] * sine + down[:, None] * cosine) / np.float32(roundness)
    distance: NDArray[np.float32] = np.sqrt(along * along + beside * beside)
    return distance


@dataclass(frozen=True, eq=False)
class Tip:
    """A picture in place of the round dab, uint8 (h, w), 255 where it paints."""

    picture: Pixels

    def stamp(self, diameter: float, offset: tuple[float, float], angle: float) -> Pixels:
        """Its dab as `brush_stamp` has it: the longer side is the diameter."""
        from editor_core.pixels.opencv import cv2  # at the first use: the window starts without it

        height, width = self.picture.shape
        scale, reach = diameter / max(height, width), math.ceil(diameter / math.sqrt(2) + 1)
        side = 2 * reach + 1
        small = min(1.0, 2 * scale)  # halved first where it is made much smaller, or thin lines would go
        size = max(1, round(width * small)), max(1, round(height * small))
        picture = cv2.resize(self.picture, size, interpolation=cv2.INTER_AREA)
        turn = cv2.getRotationMatrix2D(((size[0] - 1) / 2, (size[1] - 1) / 2), angle, scale / small)
        turn[:, 2] += reach + offset[0] - (size[0] - 1) / 2, reach + offset[1] - (size[1] - 1) / 2
        return np.asarray(cv2.warpAffine(picture, turn, (side, side), flags=cv2.INTER_LINEAR))


@lru_cache(maxsize=64)
def _kept_stamp(
    size: int, hardness: float, x: float, y: float, roundness: float, angle: float, tip: Tip | None
) -> NDArray[np.uint8]:
    """The dab with diameter ``SIZE_STEP ** size``, its centre so far from that of a pixel."""
    if tip is not None:
        return tip.stamp(SIZE_STEP**size, (x, y), angle)
    return brush_stamp(SIZE_STEP**size, hardness, (x, y), roundness, angle)


@lru_cache(maxsize=1)
def _paper() -> NDArray[np.float32]:
    """How deep each pixel of a sheet of paper lies, 0..1, float32 (GRAIN, GRAIN); it goes on beyond its edges."""
    noise = np.random.default_rng(0).normal(size=(GRAIN, GRAIN))
    waves = np.fft.fft2(noise)
    y, x = np.meshgrid(np.fft.fftfreq(GRAIN), np.fft.fftfreq(GRAIN), indexing="ij")
    rough = np.fft.ifft2(waves * np.exp(-(x * x + y * y) / (2 * 0.16**2))).real
    order = rough.ravel().argsort().argsort().reshape(GRAIN, GRAIN)  # every depth as often as any other
    depth: NDArray[np.float32] = (order / (GRAIN * GRAIN - 1)).astype(np.float32)
    return depth


def hollows(rect: Rect) -> NDArray[np.float32]:
    """How much the paper's hollows hold back under a rectangle of the canvas, float32 (height, width), 0..1."""
    rows, columns = np.arange(rect.y, rect.bottom) % GRAIN, np.arange(rect.x, rect.right) % GRAIN
    held: NDArray[np.float32] = np.clip(2.5 * _paper()[np.ix_(rows, columns)] - 0.75, 0, 1)
    return held


def _chords(start: Point, corner: Point, end: Point) -> list[Point]:
    """A quadratic Bézier curve as straight pieces, both ends included."""
    length = math.dist(start[:2], corner[:2]) + math.dist(corner[:2], end[:2])
    count = min(MAX_CHORDS, max(1, math.ceil(length / MAX_CHORD)))
    return [
        _between(_between(start, corner, step / count), _between(corner, end, step / count), step / count)
        for step in range(count + 1)
    ]


def _turns_back(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0


def _between(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share
