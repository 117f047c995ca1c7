"""Aids for drawing: a sketch's strokes, the edges of a picture as strokes, and the region that new strokes ask for.

Strokes are uint8 (H, W), white (255) on black as sketch adapters want them, whatever paper they were drawn on.
"""

import numpy as np

from editor_core.base.errors import RegionError, SketchError
from editor_core.pixels.opencv import cv2

_FAINTEST = 24  # levels a stroke must differ from its paper by
_MOSTLY = (
    0.5  # a sketch that repeats so much of the edges was drawn over them, so what it lacks was rubbed out
)
_REACH = 0.015  # of the short side: strokes that near to an edge draw that edge again
_MARGIN = 0.03  # of the short side: how far the region reaches beyond its strokes
_GAP = 0.06  # of the short side: how far apart strokes of one outline may end
_SPECK = (
    0.0002  # of the picture's area: smaller groups of new strokes are where a line was redrawn unsteadily
)


def strokes_of(sketch: np.ndarray, height: int, width: int) -> np.ndarray:
    """The strokes of a sketch: uint8 (h, w), (h, w, 3 or 4) or uint16, dark on light or light on dark.

    The commoner tone is the paper; the strongest stroke becomes 255. Raises SketchError when the sketch is not of this
    size or holds no stroke.
    """
    grey = _grey(sketch)
    if grey.shape != (height, width):
        raise SketchError(
            "The sketch is {sketch_width} × {sketch_height} pixels, but the picture is {width} × "
            "{height}. They must be the same size.",
            sketch_width=grey.shape[1],
            sketch_height=grey.shape[0],
            width=width,
            height=height,
        )
    contrast = np.abs(grey.astype(np.float32) - float(np.median(grey)))
    strongest = float(contrast.max())
    if strongest < _FAINTEST:
        raise SketchError("The sketch is empty. Draw the new outlines, dark on light.")
    scaled = (contrast - _FAINTEST / 2) / (strongest - _FAINTEST / 2)
    strokes: np.ndarray = np.rint(255 * scaled.clip(0, 1)).astype(np.uint8)
    return strokes


def coloured(sketch: np.ndarray | None, strokes: np.ndarray) -> np.ndarray:
    """The strokes uint8 (H, W) in the sketch's colours on black, (H, W, 3); white where it has none, as lines have not.

    For adapters that read colours, as the limbs of a pose have them.
    """
    plain = np.repeat(strokes[..., None], 3, 2)
    if sketch is None or sketch.dtype != np.uint8 or sketch.ndim != 3 or sketch.shape[2] < 3:
        return plain
    rgb = sketch[..., :3]
    colourful = (rgb.max(2).astype(np.int16) - rgb.min(2)) > _FAINTEST
    return np.where((strokes > 0)[..., None] & colourful[..., None], rgb, plain)


def as_depth(sketch: np.ndarray) -> np.ndarray:
    """A drawn depth map as a ControlNet for depth reads it, uint8 (H, W): near is light, and what is clear is far."""
    if sketch.ndim == 3 and sketch.shape[2] == 4:
        near = sketch[..., 3:].astype(np.float32) / 255
        return _grey(np.rint(sketch[..., :3] * near).astype(np.uint8))
    return _grey(sketch)


def edges(picture: np.ndarray, width: float = 2.0, smoothing: float = 1.0) -> np.ndarray:
    """The edges of a picture, uint8 (H, W, 3), as strokes to redraw from.

    width: of the strokes, in pixels. smoothing: the blur's standard deviation in pixels; more leaves fewer edges.
    """
    blurred = cv2.GaussianBlur(picture, (0, 0), smoothing) if smoothing > 0 else picture
    slopes = np.abs(cv2.Laplacian(cv2.cvtColor(blurred, cv2.COLOR_RGB2GRAY), cv2.CV_32F))
    high = float(np.clip(12 * slopes.mean(), 60, 200))  # a busy picture shows only its stronger edges
    lines = cv2.Canny(blurred, 0.4 * high, high)
    return _thickened(_without_crumbs(lines), width)


def propose_region(picture: np.ndarray, strokes: np.ndarray) -> np.ndarray:
    """Where a sketch departs from a picture: uint8 (H, W), 255 inside.

    New strokes ask for what they enclose, with a margin. Of a sketch drawn over the picture's own edges, those that
    were rubbed out ask for their place too. picture: uint8 (H, W, 3); strokes: uint8 (H, W). Raises RegionError when
    the sketch only repeats the picture.
    """
    side = min(strokes.shape)
    reach = max(1, round(_REACH * side))
    drawn, present = strokes > 127, edges(picture, 1.0) > 0
    asked = drawn & ~_grown(present, reach)
    if present.any() and (_grown(drawn, reach) & present).sum() > _MOSTLY * present.sum():
        asked |= present & ~_grown(drawn, reach)
    region = _enclosed(_without_specks(asked, _SPECK * strokes.size), round(_GAP * side))
    if not region.any():
        raise RegionError("The sketch matches the picture. Draw what should be different.")
    return _grown(region, max(1, round(_MARGIN * side))).astype(np.uint8) * 255


def enclosed_by(strokes: np.ndarray, new: np.ndarray) -> np.ndarray:
    """bool (H, W): what new strokes enclose, with those drawn before that they go on from; all bool (H, W)."""
    return _enclosed(strokes | new, round(_GAP * min(strokes.shape)), new)


def _grey(sketch: np.ndarray) -> np.ndarray:
    if sketch.dtype == np.uint16:
        sketch = (sketch >> 8).astype(np.uint8)
    if sketch.ndim == 3 and sketch.shape[2] == 4:
        alpha = sketch[..., 3:].astype(np.float32) / 255
        sketch = np.rint(sketch[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    if sketch.ndim == 3 and sketch.shape[2] == 3:
        sketch = cv2.cvtColor(np.ascontiguousarray(sketch), cv2.COLOR_RGB2GRAY)
    if sketch.ndim != 2 or sketch.dtype != np.uint8 or not sketch.size:
        raise SketchError("The sketch has an unsupported pixel format.")
    return sketch


def _without_crumbs(lines: np.ndarray) -> np.ndarray:
    """Lines uint8 (H, W) without those shorter than a thirtieth of the short side."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
    kept = stats[:, cv2.CC_STAT_AREA] >= min(lines.shape) / 30
    kept[0] = False
    return np.where(kept[labels] if count else False, 255, 0).astype(np.uint8)


def _thickened(lines: np.ndarray, width: float) -> np.ndarray:
    side = max(1, round(width))
    if side == 1:
        return lines
    thick: np.ndarray = cv2.dilate(lines, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    return thick


def _grown(region: np.ndarray, by: int) -> np.ndarray:
    """A bool region (H, W) grown by so many pixels on every side."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * by + 1, 2 * by + 1))
    grown: np.ndarray = cv2.dilate(region.astype(np.uint8), disc).astype(bool)
    return grown


def _without_specks(region: np.ndarray, area: float) -> np.ndarray:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(region.astype(np.uint8), connectivity=8)
    kept = stats[:, cv2.CC_STAT_AREA] >= max(2.0, area)
    kept[0] = False
    without: np.ndarray = kept[labels]
    return without


def _enclosed(strokes: np.ndarray, gap: int, among: np.ndarray | None = None) -> np.ndarray:
    """What bool strokes (H, W) enclose: strokes nearer than `gap` pixels belong together, each group fills its hull.

    among: bool (H, W), which of them count, each with its group; None: all.
    """
    groups, _ = cv2.findContours(
        _grown(strokes, max(1, gap // 2)).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    filled = np.zeros(strokes.shape, np.uint8)
    for outline in groups:
        group = cv2.drawContours(np.zeros_like(filled), [outline], -1, 1, -1).astype(bool) & strokes
        points = np.argwhere(group)[:, ::-1].astype(np.int32)
        if len(points) and (among is None or (group & among).any()):
            cv2.fillConvexPoly(filled, cv2.convexHull(points), 1)
    return filled.astype(bool)
