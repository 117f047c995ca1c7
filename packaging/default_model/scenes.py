"""Scenes: a place at a time of day with up to two objects in it, rendered with their true masks."""

import zlib
from dataclasses import dataclass

import numpy as np

import places
from sprites import Sprites
from tables import COLOURS, KIND_OF, OBJECTS, PLACE_OF, PLACES, TIMES

OBJECT_TINTS = {"day": (1.0, 1.0, 1.0), "sunset": (1.0, 0.90, 0.84), "night": (0.70, 0.74, 0.90)}
HELD_OUT_SHARE = 8
"""One composition in so many is kept out of training."""


@dataclass(frozen=True)
class Item:
    """One object in a scene: where its foot stands (shares of width and height) and its size (of the short side)."""

    word: str
    x: float
    foot: float
    size: float
    flip: bool
    colour: str = ""


@dataclass(frozen=True)
class Scene:
    """Everything a picture shows, without a pixel."""

    place: str
    time: str
    items: tuple[Item, ...]
    backdrop: int

    @property
    def held_out(self) -> bool:
        """Whether this composition of objects and place is kept out of training."""
        name = " ".join(sorted(item.word for item in self.items) + [self.place])
        return bool(self.items) and zlib.crc32(name.encode()) % HELD_OUT_SHARE == 0


@dataclass(frozen=True)
class Picture:
    """A rendered scene: uint8 (H, W, 3) and what is visible of each object, bool (objects, H, W)."""

    pixels: np.ndarray
    masks: np.ndarray


def render(scene: Scene, sprites: Sprites, height: int, width: int) -> Picture:
    """Render a scene; objects nearer to the viewer (lower in the picture) cover those behind."""
    pixels = places.paint(scene.place, scene.time, height, width, scene.backdrop)
    masks = np.zeros((len(scene.items), height, width), np.float32)
    for index in sorted(range(len(scene.items)), key=lambda i: scene.items[i].foot):
        item = scene.items[index]
        sprite = sprites.draw(item.word, item.colour, round(item.size * min(height, width)), item.flip)
        sprite[..., :3] *= np.asarray(OBJECT_TINTS[scene.time], np.float32)
        lift = 0.30 * min(height, width) * item.size if KIND_OF[item.word].floats else 0.0
        cast_shadow(pixels, item, sprite.shape[1], lifted=lift > 0)
        alpha = stamp(pixels, sprite, item.x * width, item.foot * height - lift)
        masks *= 1 - alpha
        masks[index] = alpha
    return Picture((pixels * 255 + 0.5).astype(np.uint8), masks > 0.5)


def cast_shadow(pixels: np.ndarray, item: Item, sprite_width: int, lifted: bool) -> None:
    """Darken the ground under an object with a soft flat ellipse."""
    height, width = pixels.shape[:2]
    y, x = np.ogrid[:height, :width]
    across = (x + 0.5 - item.x * width) / (0.5 * sprite_width)
    down = (y + 0.5 - item.foot * height) / (0.13 * sprite_width)
    depth = np.clip(1.25 - np.hypot(across, down), 0, 1) * (0.22 if lifted else 0.45)
    pixels *= 1 - depth[..., None].astype(np.float32)


def stamp(pixels: np.ndarray, sprite: np.ndarray, x: float, foot: float) -> np.ndarray:
    """Lay a premultiplied sprite over the picture, its foot's middle at (x, foot); returns its alpha, (H, W)."""
    height, width = pixels.shape[:2]
    rows, columns = sprite.shape[:2]
    top, left = round(foot) - rows, round(x - columns / 2)
    y0, x0, y1, x1 = max(top, 0), max(left, 0), min(top + rows, height), min(left + columns, width)
    alpha = np.zeros((height, width), np.float32)
    if y0 >= y1 or x0 >= x1:
        return alpha
    part = sprite[y0 - top : y1 - top, x0 - left : x1 - left]
    alpha[y0:y1, x0:x1] = part[..., 3]
    pixels[y0:y1, x0:x1] = pixels[y0:y1, x0:x1] * (1 - part[..., 3:]) + part[..., :3]
    return alpha


def draw_scene(rng: np.random.Generator, count: int | None = None, scale: float = 1.0) -> Scene:
    """A random scene: one object (50 %) or two (45 %), now and then none."""
    if count is None:
        count = int(rng.choice(3, p=[0.05, 0.50, 0.45]))
    place = PLACES[rng.integers(len(PLACES))]
    time = str(rng.choice(list(TIMES), p=[0.7, 0.15, 0.15]))
    words = [OBJECTS[i].word for i in rng.choice(len(OBJECTS), count, replace=False)]
    items = tuple(draw_item(word, index, count, place.word, scale, rng) for index, word in enumerate(words))
    return Scene(place.word, time, items, int(rng.integers(2**31)))


def draw_item(word: str, index: int, count: int, place: str, scale: float, rng: np.random.Generator) -> Item:
    """Put one object somewhere; two objects share the width between them."""
    kind, (near, far) = KIND_OF[word], PLACE_OF[place].ground
    if count == 1:
        x, size = rng.uniform(0.28, 0.72), rng.uniform(0.34, 0.47)
    else:
        x, size = (0.27, 0.73)[index] + rng.uniform(-0.05, 0.05), rng.uniform(0.29, 0.37)
    colour = str(rng.choice(list(COLOURS))) if kind.colours and rng.random() < 0.6 else ""
    return Item(
        word,
        float(x),
        float(rng.uniform(near, far)),
        float(scale * size * kind.size),
        bool(rng.random() < 0.5),
        colour,
    )


def scene_of(seed: int, held_out: bool = False, count: int | None = None, scale: float = 1.0) -> Scene:
    """The scene of a seed, from the training split or from the held-out compositions; `scale` enlarges objects."""
    rng = np.random.default_rng((int(held_out), seed))
    while True:
        scene = draw_scene(rng, count, scale)
        if scene.held_out == held_out:
            return scene
