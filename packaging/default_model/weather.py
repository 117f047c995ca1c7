"""Weather over a finished scene: rain, falling snow and fog, over objects and place alike."""

import numpy as np

from places import TINTS, Canvas, Colour

GREYING = 0.35
"""How far rain takes the colours of a scene to grey."""
_WHITES: dict[str, Colour] = {
    "rain": (0.86, 0.92, 1.0),
    "snowfall": (1.0, 1.0, 1.0),
    "fog": (0.90, 0.92, 0.94),
}


def cover(pixels: np.ndarray, weather: str, time: str, seed: int) -> None:
    """Lay a kind of weather over a picture, float32 (H, W, 3), in place; the same seed gives the same weather."""
    if weather == "rain":
        grey = pixels.mean(-1, keepdims=True)
        pixels += GREYING * (0.85 * grey - pixels)
    veil = coverage(weather, *pixels.shape[:2], seed)
    pixels += veil[..., None] * (np.asarray(colour(weather, time), np.float32) - pixels)


def colour(weather: str, time: str) -> Colour:
    """The colour of streaks, flakes or fog at a time of day."""
    tint = np.asarray(TINTS[time]) ** (0.7 if weather == "fog" else 1.0)
    red, green, blue = tint * np.asarray(_WHITES[weather])
    return float(red), float(green), float(blue)


def coverage(weather: str, height: int, width: int, seed: int) -> np.ndarray:
    """How much of each pixel the weather hides, float32 (H, W) in 0..1."""
    y = ((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None]
    x = ((np.arange(width, dtype=np.float32) + 0.5) / width)[None, :]
    pixels = np.zeros((height, width, 3), np.float32)
    canvas = Canvas(pixels, x, y, "day", np.random.default_rng((3, seed)))
    veil: np.ndarray = {"rain": rain, "snowfall": snowfall, "fog": fog}[weather](canvas)
    return veil.astype(np.float32)


def rain(canvas: Canvas) -> np.ndarray:
    """Slanted streaks."""
    clear = np.ones(canvas.pixels.shape[:2], np.float32)
    shift = 0.22  # the streaks' slant
    for x, y, length in canvas.rng.uniform((-0.2, -0.1, 0.05), (1.0, 1.0, 0.11), (90, 3)):
        along = (canvas.y - y) / length
        aside = np.abs(canvas.x - x - shift * (canvas.y - y)) * canvas.pixels.shape[1]
        clear *= 1 - 0.55 * np.clip(1.2 - aside, 0, 1) * ((along > 0) & (along < 1))
    return 1 - clear


def snowfall(canvas: Canvas) -> np.ndarray:
    """Flakes, near and far."""
    clear = np.ones(canvas.pixels.shape[:2], np.float32)
    for x, y, size in canvas.rng.uniform((0, 0, 0.004), (1, 1, 0.011), (110, 3)):
        clear *= 1 - 0.9 * canvas.disc(x, y, size, softness=0.8)
    return 1 - clear


def fog(canvas: Canvas) -> np.ndarray:
    """A pale veil, thickest at the height of the horizon."""
    veil = 0.30 + 0.38 * np.exp(-(((canvas.y - 0.5) / 0.22) ** 2)) + 0.06 * canvas.texture(5, 4)
    return np.clip(veil, 0, 1)
