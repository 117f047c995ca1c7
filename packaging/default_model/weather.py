"""Weather over a finished scene: rain, falling snow and fog, over objects and place alike."""

import numpy as np

from places import TINTS, Canvas


def cover(pixels: np.ndarray, weather: str, time: str, seed: int) -> None:
    """Lay a kind of weather over a picture, float32 (H, W, 3), in place; the same seed gives the same weather."""
    height, width = pixels.shape[:2]
    y = ((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None]
    x = ((np.arange(width, dtype=np.float32) + 0.5) / width)[None, :]
    canvas = Canvas(pixels, x, y, time, np.random.default_rng((3, seed)))
    {"rain": rain, "snowfall": snowfall, "fog": fog}[weather](canvas)


def rain(canvas: Canvas) -> None:
    """Slanted streaks before a greyer scene."""
    grey = canvas.pixels.mean(-1, keepdims=True)
    canvas.pixels += 0.35 * (0.85 * grey - canvas.pixels)
    shift = 0.22  # the streaks' slant
    for x, y, length in canvas.rng.uniform((-0.2, -0.1, 0.05), (1.0, 1.0, 0.11), (90, 3)):
        along = (canvas.y - y) / length
        aside = np.abs(canvas.x - x - shift * (canvas.y - y)) * canvas.pixels.shape[1]
        streak = np.clip(1.2 - aside, 0, 1) * ((along > 0) & (along < 1))
        canvas.lay(canvas.tinted((0.86, 0.92, 1.0)), 0.55 * streak)


def snowfall(canvas: Canvas) -> None:
    """White flakes, near and far."""
    for x, y, size in canvas.rng.uniform((0, 0, 0.004), (1, 1, 0.011), (110, 3)):
        canvas.lay(canvas.tinted((1.0, 1.0, 1.0)), 0.9 * canvas.disc(x, y, size, softness=0.8))


def fog(canvas: Canvas) -> None:
    """A pale veil, thickest at the height of the horizon."""
    veil = 0.30 + 0.38 * np.exp(-(((canvas.y - 0.5) / 0.22) ** 2)) + 0.06 * canvas.texture(5, 4)
    tint = np.asarray(TINTS[canvas.time]) ** 0.7
    red, green, blue = tint * np.asarray((0.90, 0.92, 0.94))
    canvas.lay((float(red), float(green), float(blue)), np.clip(veil, 0, 1))
