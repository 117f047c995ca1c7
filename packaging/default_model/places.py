"""The painted places: soft gradients, layered shapes and a little texture, at any size and time of day."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

Colour = tuple[float, float, float]

SKIES: dict[str, tuple[Colour, Colour]] = {
    "sunset": ((0.44, 0.33, 0.62), (1.00, 0.66, 0.42)),
    "night": ((0.05, 0.07, 0.22), (0.17, 0.22, 0.45)),
}
TINTS: dict[str, Colour] = {
    "day": (1.0, 1.0, 1.0),
    "sunset": (1.0, 0.76, 0.66),
    "night": (0.46, 0.53, 0.78),
}


@dataclass
class Canvas:
    """The picture being painted: float32 (H, W, 3) in 0..1, its coordinates in 0..1, its time and chance."""

    pixels: np.ndarray
    x: np.ndarray
    y: np.ndarray
    time: str
    rng: np.random.Generator

    def lay(self, colour: np.ndarray | Colour, coverage: np.ndarray) -> None:
        """Lay a colour (or a picture of colours) over the canvas where coverage (H, W) says."""
        paint = np.asarray(colour, np.float32)
        self.pixels += coverage[..., None].astype(np.float32) * (paint - self.pixels)

    def tinted(self, colour: Colour) -> Colour:
        """The colour of a lit surface at this time of day."""
        red, green, blue = np.multiply(colour, TINTS[self.time])
        return float(red), float(green), float(blue)

    def below(self, edge: np.ndarray | float) -> np.ndarray:
        """Coverage of everything below an edge (one height for each column), smooth at the border."""
        return np.clip((self.y - edge) * self.pixels.shape[0] + 0.5, 0.0, 1.0)

    def fade(self, top: float, bottom: float) -> np.ndarray:
        """A vertical ramp, 0 at `top` and 1 at `bottom`."""
        return np.clip((self.y - top) / (bottom - top), 0.0, 1.0) + 0.0 * self.x

    def blend(self, first: Colour, second: Colour, ramp: np.ndarray) -> np.ndarray:
        """A picture that goes from the first colour to the second along a ramp."""
        return np.asarray(first, np.float32) + ramp[..., None] * np.subtract(second, first).astype(np.float32)

    def waves(self, height: float, amplitude: float, count: float = 1.5) -> np.ndarray:
        """A rolling edge around a height, one value for each column."""
        phases = self.rng.uniform(0, 2 * np.pi, 3)
        rates = count * np.array([1.0, 1.9, 3.1]) * self.rng.uniform(0.8, 1.2, 3)
        shares = np.array([0.6, 0.3, 0.12]) * amplitude
        total = sum(
            s * np.sin(2 * np.pi * r * self.x + p) for s, r, p in zip(shares, rates, phases, strict=True)
        )
        return height + total

    def disc(self, x: float, y: float, radius: float, softness: float = 0.0, flat: float = 1.0) -> np.ndarray:
        """Coverage of a disc; the radius is a share of the height, `softness` a share of the radius."""
        rows, columns = self.pixels.shape[:2]
        distance = np.hypot((self.x - x) * columns / rows, (self.y - y) / flat)
        border = max(softness * radius, 1.0 / rows)
        return np.clip((radius - distance) / border + 0.5, 0.0, 1.0)

    def box(self, left: float, top: float, right: float, bottom: float) -> np.ndarray:
        """Coverage of an upright rectangle, smooth at its borders."""
        rows, columns = self.pixels.shape[:2]
        across = np.clip(np.minimum(self.x - left, right - self.x) * columns + 0.5, 0, 1)
        return across * np.clip(np.minimum(self.y - top, bottom - self.y) * rows + 0.5, 0, 1)

    def texture(self, cells_x: int, cells_y: int) -> np.ndarray:
        """Smooth noise of mean zero, about -1..1, the same at every size of the canvas."""
        grid = self.rng.uniform(-1, 1, (cells_y, cells_x)).astype(np.float32)
        rows, columns = self.pixels.shape[:2]
        return np.asarray(Image.fromarray(grid).resize((columns, rows), Image.Resampling.BICUBIC))

    def roughen(self, coverage: np.ndarray, strength: float, cells: tuple[int, int] = (24, 40)) -> None:
        """Vary the brightness softly where coverage says."""
        self.pixels *= 1.0 + (strength * self.texture(*cells) * coverage)[..., None]


def sky(canvas: Canvas, top: Colour, bottom: Colour, horizon: float, clouds: int = 2) -> None:
    """Paint the sky down to the horizon: its colours by day, or those of sunset or night with moon and stars."""
    first, second = SKIES.get(canvas.time, (top, bottom))
    canvas.pixels[:] = canvas.blend(first, second, canvas.fade(0.0, horizon))
    if canvas.time == "night":
        stars(canvas, horizon)
        canvas.lay(
            (0.98, 0.95, 0.80),
            canvas.disc(canvas.rng.uniform(0.1, 0.9), canvas.rng.uniform(0.08, 0.2), 0.045),
        )
    elif canvas.time == "sunset":
        place = canvas.rng.uniform(0.15, 0.85)
        canvas.lay((1.0, 0.80, 0.50), 0.7 * canvas.disc(place, horizon - 0.04, 0.22, softness=1.8))
        canvas.lay((1.0, 0.93, 0.70), canvas.disc(place, horizon - 0.05, 0.075))
    for _ in range(clouds):
        cloud(canvas, horizon)


def stars(canvas: Canvas, horizon: float) -> None:
    """A few dozen small stars above the horizon."""
    for x, y, size in canvas.rng.uniform((0, 0, 0.003), (1, horizon, 0.007), (16, 3)):
        canvas.lay((1.0, 1.0, 0.92), 0.9 * canvas.disc(x, y, size, softness=1.0))


def cloud(canvas: Canvas, horizon: float) -> None:
    """One flat-bottomed soft cloud."""
    x, y = canvas.rng.uniform(0.05, 0.95), canvas.rng.uniform(0.08, 0.6 * horizon)
    white = {"day": (1.0, 1.0, 1.0), "sunset": (1.0, 0.78, 0.70), "night": (0.24, 0.29, 0.50)}[canvas.time]
    coverage = np.zeros_like(canvas.pixels[..., 0])
    for shift, size in ((-0.07, 0.035), (0.0, 0.055), (0.075, 0.04)):
        coverage = np.maximum(coverage, canvas.disc(x + shift, y, size, softness=0.6, flat=0.75))
    canvas.lay(white, 0.85 * coverage)


def meadow(canvas: Canvas) -> None:
    """Rolling green hills with flowers under a blue sky."""
    sky(canvas, (0.42, 0.70, 0.96), (0.83, 0.93, 1.0), 0.55)
    canvas.lay(canvas.tinted((0.62, 0.83, 0.55)), canvas.below(canvas.waves(0.50, 0.06)))
    front = canvas.below(canvas.waves(0.59, 0.03, 0.8))
    canvas.lay(
        canvas.blend(
            canvas.tinted((0.56, 0.81, 0.36)), canvas.tinted((0.27, 0.62, 0.24)), canvas.fade(0.6, 1.0)
        ),
        front,
    )
    canvas.roughen(front, 0.07)
    for x, y in canvas.rng.uniform((0, 0.68), (1, 0.99), (14, 2)):
        petal = canvas.tinted([(1.0, 1.0, 1.0), (1.0, 0.86, 0.30), (1.0, 0.62, 0.75)][canvas.rng.integers(3)])
        canvas.lay(petal, canvas.disc(x, y, 0.008 + 0.010 * (y - 0.6), flat=0.8))


def beach(canvas: Canvas) -> None:
    """Sand in front of a strip of sea."""
    sky(canvas, (0.38, 0.72, 0.97), (0.86, 0.95, 1.0), 0.48)
    water = canvas.below(0.47)
    canvas.lay(
        canvas.blend(
            canvas.tinted((0.16, 0.52, 0.78)), canvas.tinted((0.38, 0.80, 0.86)), canvas.fade(0.47, 0.64)
        ),
        water,
    )
    shore = canvas.waves(0.64, 0.018, 0.9)
    canvas.lay(canvas.tinted((0.97, 0.99, 1.0)), canvas.below(shore - 0.018))
    sand = canvas.below(shore)
    canvas.lay(
        canvas.blend(
            canvas.tinted((0.90, 0.79, 0.57)), canvas.tinted((0.97, 0.86, 0.64)), canvas.fade(0.64, 0.9)
        ),
        sand,
    )
    canvas.roughen(sand, 0.05, (40, 60))


def snow(canvas: Canvas) -> None:
    """White hills with small firs at the horizon."""
    sky(canvas, (0.62, 0.78, 0.93), (0.90, 0.95, 1.0), 0.55, clouds=1)
    back = canvas.waves(0.53, 0.05)
    for x in canvas.rng.uniform(0.02, 0.98, 6):
        fir(canvas, x, 0.57, canvas.rng.uniform(0.09, 0.16), canvas.tinted((0.42, 0.60, 0.62)))
    canvas.lay(canvas.tinted((0.84, 0.90, 0.97)), canvas.below(back))
    front = canvas.below(canvas.waves(0.62, 0.03, 0.8))
    canvas.lay(
        canvas.blend(
            canvas.tinted((0.99, 0.99, 1.0)), canvas.tinted((0.86, 0.91, 0.98)), canvas.fade(0.62, 1.0)
        ),
        front,
    )
    canvas.roughen(front, 0.03, (10, 24))


def fir(canvas: Canvas, x: float, foot: float, height: float, colour: Colour) -> None:
    """A fir as one pointed silhouette, standing on `foot`."""
    rows, columns = canvas.pixels.shape[:2]
    rise = (foot - canvas.y) / height
    steps = 1.0 - rise + 0.18 * (np.ceil(rise * 3) - rise * 3)
    width = 0.30 * height * np.where((rise > 0) & (rise < 1), np.clip(steps, 0, 1.2), 0)
    aside = np.abs(canvas.x - x) * columns / rows
    canvas.lay(colour, np.clip((width - aside) * rows + 0.5, 0, 1) * (rise > 0) * (rise < 1))


def desert(canvas: Canvas) -> None:
    """Three layers of orange dunes."""
    sky(canvas, (0.50, 0.74, 0.92), (1.0, 0.92, 0.76), 0.55, clouds=0)
    if canvas.time == "day":
        canvas.lay((1.0, 0.96, 0.74), canvas.disc(canvas.rng.uniform(0.1, 0.9), 0.16, 0.06, softness=0.3))
    colours = ((0.93, 0.72, 0.47), (0.90, 0.62, 0.34), (0.96, 0.74, 0.42))
    for height, amplitude, colour in zip((0.50, 0.58, 0.68), (0.05, 0.05, 0.03), colours, strict=True):
        dune = canvas.below(canvas.waves(height, amplitude, 0.8))
        shade = canvas.tinted((0.90 * colour[0], 0.84 * colour[1], 0.80 * colour[2]))
        canvas.lay(canvas.blend(canvas.tinted(colour), shade, canvas.fade(height, height + 0.3)), dune)
    canvas.roughen(dune, 0.05, (8, 60))


def forest(canvas: Canvas) -> None:
    """Rows of dark firs behind mossy ground."""
    sky(canvas, (0.66, 0.84, 0.80), (0.88, 0.95, 0.84), 0.6, clouds=0)
    for count, foot, height, colour in (
        (9, 0.60, 0.34, (0.50, 0.70, 0.60)),
        (8, 0.63, 0.44, (0.27, 0.50, 0.40)),
        (6, 0.67, 0.52, (0.12, 0.34, 0.26)),
    ):
        offsets = (np.arange(count) + canvas.rng.uniform(-0.3, 0.3, count) + 0.5) / count
        for x in offsets:
            fir(canvas, x, foot + 0.02, height * canvas.rng.uniform(0.8, 1.15), canvas.tinted(colour))
    floor = canvas.below(canvas.waves(0.65, 0.015))
    canvas.lay(
        canvas.blend(
            canvas.tinted((0.30, 0.46, 0.24)), canvas.tinted((0.42, 0.36, 0.22)), canvas.fade(0.65, 1.0)
        ),
        floor,
    )
    canvas.roughen(floor, 0.10, (20, 50))


def sea(canvas: Canvas) -> None:
    """Open water with rows of waves."""
    sky(canvas, (0.40, 0.70, 0.96), (0.88, 0.95, 1.0), 0.42, clouds=3)
    water = canvas.below(0.42)
    canvas.lay(
        canvas.blend(
            canvas.tinted((0.25, 0.60, 0.85)), canvas.tinted((0.05, 0.30, 0.58)), canvas.fade(0.42, 1.0)
        ),
        water,
    )
    for height in (0.47, 0.53, 0.60, 0.69, 0.80, 0.92):
        crest = canvas.waves(height, 0.007, 4 * (1.2 - height) + 1)
        band = canvas.below(crest) * (1 - canvas.below(crest + 0.012 + 0.012 * height))
        canvas.lay(canvas.tinted((0.62, 0.86, 0.96)), 0.55 * band)


def mountains(canvas: Canvas) -> None:
    """Peaks with snow on them behind a grassy ledge."""
    sky(canvas, (0.46, 0.68, 0.94), (0.90, 0.94, 1.0), 0.6, clouds=1)
    for height, foot, colour, count in (
        (0.30, 0.62, (0.62, 0.66, 0.82), 3),
        (0.24, 0.66, (0.44, 0.47, 0.62), 3),
    ):
        centres = (np.arange(count) + canvas.rng.uniform(0.2, 0.8, count)) / count
        for x in centres:
            peak(canvas, x, foot, height * canvas.rng.uniform(0.9, 1.35), canvas.tinted(colour))
    ledge = canvas.below(canvas.waves(0.67, 0.02))
    canvas.lay(
        canvas.blend(
            canvas.tinted((0.53, 0.66, 0.42)), canvas.tinted((0.38, 0.50, 0.34)), canvas.fade(0.66, 1.0)
        ),
        ledge,
    )
    canvas.roughen(ledge, 0.08, (16, 40))


def peak(canvas: Canvas, x: float, foot: float, height: float, rock: Colour) -> None:
    """One mountain: a lit and a shaded flank and a white cap."""
    rows, columns = canvas.pixels.shape[:2]
    aside = (canvas.x - x) * columns / rows
    edge = foot - height + 0.95 * np.abs(aside)
    body = canvas.below(edge)
    canvas.lay(rock, body)
    shade = (0.86 * rock[0], 0.86 * rock[1], 0.90 * rock[2])
    canvas.lay(shade, body * np.clip(aside * rows + 0.5, 0, 1))
    cap = foot - 0.70 * height + 0.025 * np.sin(60 * (canvas.x - x))
    canvas.lay(canvas.tinted((0.97, 0.98, 1.0)), body * (1 - canvas.below(cap)))


def above_clouds(canvas: Canvas) -> None:
    """The open sky over a bank of clouds."""
    sky(canvas, (0.30, 0.58, 0.95), (0.80, 0.92, 1.0), 0.8, clouds=2)
    white = {"day": (1.0, 1.0, 1.0), "sunset": (1.0, 0.80, 0.74), "night": (0.36, 0.42, 0.66)}[canvas.time]
    shade = {"day": (0.80, 0.88, 0.97), "sunset": (0.86, 0.58, 0.62), "night": (0.22, 0.27, 0.50)}[
        canvas.time
    ]
    for height, size, colour in ((0.74, 0.09, shade), (0.83, 0.11, white), (0.95, 0.12, white)):
        bank = canvas.below(height)
        for x in (np.arange(8) + canvas.rng.uniform(0.1, 0.9, 8)) / 8:
            puff = canvas.disc(x, height + 0.02, size * canvas.rng.uniform(0.6, 1.1), softness=0.25)
            bank = np.maximum(bank, puff)
        canvas.lay(canvas.blend(colour, shade, canvas.fade(height, height + 0.3)), bank)


def kitchen(canvas: Canvas) -> None:
    """A wooden table before a tiled wall with a window."""
    light = {"day": 1.0, "sunset": 0.88, "night": 0.62}[canvas.time]
    wall = tuple(light * part for part in (0.96, 0.90, 0.78))
    canvas.lay(wall, np.ones_like(canvas.pixels[..., 0]))
    rows = canvas.pixels.shape[0]
    for line in np.arange(0.06, 0.62, 0.095):
        canvas.lay(
            (1.0, 0.97, 0.90), 0.35 * np.clip(1.2 - np.abs(canvas.y - line) * rows, 0, 1) + 0 * canvas.x
        )
    for line in np.arange(canvas.rng.uniform(0, 0.09), 1, 0.09):
        across = np.clip(1.2 - np.abs(canvas.x - line) * canvas.pixels.shape[1], 0, 1)
        canvas.lay((1.0, 0.97, 0.90), 0.35 * across + 0 * canvas.y)
    window(canvas, canvas.rng.uniform(0.28, 0.72))
    table = canvas.below(0.64)
    canvas.lay(
        canvas.blend(
            (0.74 * light, 0.50 * light, 0.30 * light),
            (0.62 * light, 0.38 * light, 0.20 * light),
            canvas.fade(0.64, 1.0),
        ),
        table,
    )
    canvas.roughen(table, 0.08, (3, 44))
    canvas.lay((0.86 * light, 0.63 * light, 0.42 * light), canvas.below(0.64) - canvas.below(0.665))


def window(canvas: Canvas, x: float) -> None:
    """A window in a white frame; the sky behind it tells the time."""
    top, bottom = SKIES.get(canvas.time, ((0.55, 0.80, 0.98), (0.88, 0.96, 1.0)))
    canvas.lay((0.98, 0.97, 0.95), canvas.box(x - 0.20, 0.07, x + 0.20, 0.47))
    canvas.lay(canvas.blend(top, bottom, canvas.fade(0.09, 0.45)), canvas.box(x - 0.18, 0.09, x + 0.18, 0.45))
    if canvas.time == "night":
        canvas.lay((0.98, 0.95, 0.80), canvas.disc(x + 0.09, 0.17, 0.035))
    canvas.lay((0.98, 0.97, 0.95), canvas.box(x - 0.01, 0.09, x + 0.01, 0.45))
    canvas.lay((0.98, 0.97, 0.95), canvas.box(x - 0.18, 0.26, x + 0.18, 0.28))


def street(canvas: Canvas) -> None:
    """A row of houses behind a road with white dashes."""
    sky(canvas, (0.50, 0.74, 0.96), (0.88, 0.94, 1.0), 0.5)
    colours = (
        (0.85, 0.47, 0.40),
        (0.93, 0.78, 0.52),
        (0.55, 0.68, 0.78),
        (0.78, 0.62, 0.74),
        (0.62, 0.74, 0.58),
    )
    pane = (1.0, 0.88, 0.50) if canvas.time == "night" else canvas.tinted((0.80, 0.91, 0.98))
    left = -canvas.rng.uniform(0.0, 0.12)
    while left < 1:
        right, top = left + canvas.rng.uniform(0.16, 0.24), canvas.rng.uniform(0.16, 0.34)
        wall = canvas.tinted(colours[canvas.rng.integers(len(colours))])
        canvas.lay(wall, canvas.box(left, top, right, 0.63))
        canvas.lay(
            canvas.tinted((0.45, 0.30, 0.30)), canvas.box(left - 0.005, top - 0.025, right + 0.005, top)
        )
        for row in np.arange(top + 0.05, 0.54, 0.115):
            for share in (0.22, 0.60):
                edge = left + share * (right - left)
                canvas.lay(pane, canvas.box(edge, row, edge + 0.18 * (right - left) + 0.01, row + 0.06))
        left = right
    canvas.lay(canvas.tinted((0.76, 0.74, 0.72)), canvas.below(0.62))
    road = canvas.below(0.69)
    canvas.lay(
        canvas.blend(
            canvas.tinted((0.36, 0.37, 0.41)), canvas.tinted((0.28, 0.29, 0.33)), canvas.fade(0.69, 1)
        ),
        road,
    )
    canvas.roughen(road, 0.04, (30, 60))
    for start in np.arange(canvas.rng.uniform(-0.2, 0.0), 1.0, 0.24):
        canvas.lay(canvas.tinted((0.95, 0.95, 0.92)), canvas.box(start, 0.835, start + 0.13, 0.855))


def farm(canvas: Canvas) -> None:
    """A red barn and a fence behind rows of a field."""
    sky(canvas, (0.46, 0.73, 0.96), (0.90, 0.95, 0.98), 0.55)
    canvas.lay(canvas.tinted((0.66, 0.80, 0.46)), canvas.below(canvas.waves(0.53, 0.03)))
    x = canvas.rng.uniform(0.15, 0.85)
    barn = canvas.tinted((0.74, 0.22, 0.18))
    canvas.lay(barn, canvas.box(x - 0.13, 0.42, x + 0.13, 0.60))
    slope = np.clip((0.15 - np.abs(canvas.x - x)) * 0.85, 0, 1)
    roof = canvas.below(0.43 - slope) * (1 - canvas.below(0.43)) * (np.abs(canvas.x - x) < 0.15)
    canvas.lay(canvas.tinted((0.42, 0.26, 0.24)), roof)
    canvas.lay(canvas.tinted((0.95, 0.92, 0.86)), canvas.box(x - 0.05, 0.48, x + 0.05, 0.60))
    canvas.lay(barn, canvas.box(x - 0.04, 0.49, x + 0.04, 0.60))
    field = canvas.below(0.60)
    canvas.lay(
        canvas.blend(
            canvas.tinted((0.88, 0.76, 0.38)), canvas.tinted((0.66, 0.50, 0.26)), canvas.fade(0.6, 1.0)
        ),
        field,
    )
    stripes = np.sin(2 * np.pi * 9 * (canvas.x - 0.5) / (0.25 + canvas.y - 0.6).clip(0.05))
    canvas.pixels *= 1 - (0.10 * field * (stripes > 0.2))[..., None]
    for post in np.arange(0.04, 1.0, 0.115):
        canvas.lay(canvas.tinted((0.96, 0.94, 0.90)), canvas.box(post - 0.008, 0.565, post + 0.008, 0.66))
    for rail in (0.585, 0.62):
        canvas.lay(canvas.tinted((0.96, 0.94, 0.90)), canvas.box(0.0, rail, 1.0, rail + 0.012))


def lake(canvas: Canvas) -> None:
    """Still water between hills and a grassy shore with reeds."""
    sky(canvas, (0.48, 0.74, 0.96), (0.90, 0.95, 1.0), 0.5)
    for height, colour in ((0.38, (0.50, 0.66, 0.60)), (0.43, (0.33, 0.53, 0.42))):
        canvas.lay(canvas.tinted(colour), canvas.below(canvas.waves(height, 0.05, 1.2)))
    water = canvas.below(0.49)
    canvas.lay(
        canvas.blend(
            canvas.tinted((0.42, 0.66, 0.72)), canvas.tinted((0.24, 0.52, 0.70)), canvas.fade(0.49, 0.76)
        ),
        water,
    )
    for height in (0.53, 0.585, 0.65):
        crest = canvas.waves(height, 0.003, 3)
        canvas.lay(
            canvas.tinted((0.80, 0.92, 0.95)), 0.45 * canvas.below(crest) * (1 - canvas.below(crest + 0.008))
        )
    shore = canvas.below(canvas.waves(0.745, 0.02, 0.9))
    canvas.lay(
        canvas.blend(
            canvas.tinted((0.50, 0.68, 0.34)), canvas.tinted((0.32, 0.52, 0.26)), canvas.fade(0.74, 1.0)
        ),
        shore,
    )
    canvas.roughen(shore, 0.08)
    for x in canvas.rng.uniform(0, 1, 14):
        top = canvas.rng.uniform(0.62, 0.70)
        canvas.lay(canvas.tinted((0.28, 0.46, 0.22)), canvas.box(x - 0.003, top, x + 0.003, 0.77))
        canvas.lay(
            canvas.tinted((0.44, 0.29, 0.17)), canvas.box(x - 0.007, top - 0.01, x + 0.007, top + 0.035)
        )


PAINTERS: dict[str, Callable[[Canvas], None]] = {
    "meadow": meadow,
    "beach": beach,
    "snow": snow,
    "desert": desert,
    "forest": forest,
    "sea": sea,
    "mountains": mountains,
    "sky": above_clouds,
    "kitchen": kitchen,
    "street": street,
    "farm": farm,
    "lake": lake,
}


def paint(place: str, time: str, height: int, width: int, seed: int) -> np.ndarray:
    """Paint a place: float32 (height, width, 3) in 0..1; the same seed gives the same place at every size."""
    y = ((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None]
    x = ((np.arange(width, dtype=np.float32) + 0.5) / width)[None, :]
    canvas = Canvas(np.zeros((height, width, 3), np.float32), x, y, time, np.random.default_rng(seed))
    PAINTERS[place](canvas)
    return np.clip(canvas.pixels, 0.0, 1.0)
