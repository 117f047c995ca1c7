"""Scenes: a place at a time of day with up to three objects in it, rendered with their true masks."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

import places
import weather
from sprites import Sprites
from tables import COLOURS, KIND_OF, TIMES, WORN_OF, Place, Tables

OBJECT_TINTS = {"day": (1.0, 1.0, 1.0), "sunset": (1.0, 0.90, 0.84), "night": (0.70, 0.74, 0.90)}
HELD_OUT_SHARE = 8
"""One composition in so many is kept out of training."""
WEATHER_SHARE = 0.25
WORN_SHARE = 0.25
COLOURED_SHARE = 0.6
TIME_SHARES = (0.7, 0.15, 0.15)
"""In the order of the tables' times of day."""
SPOTS: dict[int, tuple[tuple[float, ...], float, tuple[float, float]]] = {
    1: ((0.5,), 0.22, (0.34, 0.47)),
    2: ((0.27, 0.73), 0.05, (0.29, 0.37)),
    3: ((0.19, 0.5, 0.81), 0.03, (0.22, 0.29)),
}
"""By number of objects: where they stand across the picture, how far they stray, how large they are."""
COUNTS: dict[str, tuple[int, ...]] = {
    "number": (2, 3),
    "mixed": (3,),
    "size": (1, 2),
    "beside": (2,),
    "on": (2,),
}
"""How many objects the contents of the tables take, where they do not take any number."""
EXTENTS = {"small": (0.55, 0.68), "big": (1.35, 1.5)}
"""What "small" and "big" make of an object's size."""
RIDER, SUPPORT = 0.7, 1.15
"""What standing on something and bearing something make of an object's size."""
LARGEST = 0.95
"""The largest size of what is said to be big, as a share of the picture's short side."""


@dataclass(frozen=True)
class Item:
    """One object in a scene: where its foot stands (shares of width and height) and its size (of the short side).

    `extent` is "small" or "big" where that is to be said of it.
    """

    word: str
    x: float
    foot: float
    size: float
    flip: bool
    colour: str = ""
    worn: str = ""
    extent: str = ""


@dataclass(frozen=True)
class Scene:
    """Everything a picture shows, without a pixel.

    `relation` says what the first object is to the second: "left of", "right of", or "on", which it then stands on.
    """

    place: str
    time: str
    items: tuple[Item, ...]
    backdrop: int
    weather: str = ""
    relation: str = ""

    @property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """The objects by what is said of them: those that only a number tells apart ("two cats") are together."""
        found: dict[tuple[str, ...], list[int]] = {}
        for index, item in enumerate(self.items):
            found.setdefault((item.word, item.colour, item.worn, item.extent), []).append(index)
        return tuple(map(tuple, found.values()))

    @property
    def held_out(self) -> bool:
        """Whether this composition of objects and place is kept out of training."""
        name = " ".join(sorted(item.word for item in self.items) + [self.place])
        return bool(self.items) and zlib.crc32(name.encode()) % HELD_OUT_SHARE == 0


@dataclass(frozen=True)
class Picture:
    """A rendered scene: uint8 (H, W, 3), what is visible of each object, and of what it wears, bool (objects, H, W).

    `groups` are the scene's: which objects are named together.
    """

    pixels: np.ndarray
    masks: np.ndarray
    worn: np.ndarray
    groups: tuple[tuple[int, ...], ...] = ()


def render(scene: Scene, sprites: Sprites, height: int, width: int) -> Picture:
    """Render a scene; objects nearer to the viewer (lower in the picture) cover those behind."""
    pixels = places.paint(scene.place, scene.time, height, width, scene.backdrop)
    masks = np.zeros((2, len(scene.items), height, width), np.float32)
    tint = np.asarray(OBJECT_TINTS[scene.time], np.float32)
    for index in drawing_order(scene):
        item = scene.items[index]
        sprite = drawn(item, sprites, height, width)
        rows, columns = sprite.shape[:2]
        sprite[..., :3] *= tint
        foot = item.foot * height
        if rides(scene, index):
            below = scene.items[1]
            foot -= (1 - (KIND_OF[below.word].top or 0)) * drawn(below, sprites, height, width).shape[0]
        else:
            lift = 0.30 * min(height, width) * item.size if KIND_OF[item.word].floats else 0.0
            cast_shadow(pixels, item, columns, lifted=lift > 0)
            foot -= lift
        alpha = stamp(pixels, sprite, item.x * width, foot)
        masks *= 1 - alpha
        masks[0, index] = alpha
        if item.worn:
            put_on(pixels, masks, index, item, sprites, tint, (item.x * width, foot), (rows, columns))
    if scene.weather:
        weather.cover(pixels, scene.weather, scene.time, scene.backdrop)
    shown, worn = masks > 0.5
    return Picture((pixels * 255 + 0.5).astype(np.uint8), shown, worn, scene.groups)


def drawing_order(scene: Scene) -> list[int]:
    """The objects from the farthest to the nearest; what stands on another comes after that."""
    if scene.relation == "on":
        return [1, 0]
    return sorted(range(len(scene.items)), key=lambda i: scene.items[i].foot)


def rides(scene: Scene, index: int) -> bool:
    """Whether an object stands on another."""
    return scene.relation == "on" and index == 0


def drawn(item: Item, sprites: Sprites, height: int, width: int) -> np.ndarray:
    """An object's picture, float32 (h, w, 4), premultiplied, in the size that it has in a picture."""
    return sprites.draw(item.word, item.colour, round(item.size * min(height, width)), item.flip)


def put_on(
    pixels: np.ndarray,
    masks: np.ndarray,
    index: int,
    item: Item,
    sprites: Sprites,
    tint: np.ndarray,
    foot: tuple[float, float],
    size: tuple[int, ...],
) -> None:
    """Draw what an object wears; it counts as a part of the object."""
    kind, worn = KIND_OF[item.word], WORN_OF[item.worn]
    anchor = kind.eyes if worn.on_eyes else kind.head
    assert anchor is not None
    x, y, share = anchor
    sprite = sprites.draw(worn.word, "", max(2, round(share * size[1])), item.flip)
    sprite[..., :3] *= tint
    across = (0.5 - x if item.flip else x - 0.5) * size[1]
    down = (y - 1) * size[0] + (sprite.shape[0] / 2 if worn.on_eyes else 0)
    alpha = stamp(pixels, sprite, foot[0] + across, foot[1] + down)
    masks *= 1 - alpha
    masks[0, index] = np.maximum(masks[0, index], alpha)
    masks[1, index] = alpha


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


def draw_scene(
    tables: Tables, rng: np.random.Generator, count: int | None = None, scale: float = 1.0
) -> Scene:
    """A random scene of a preset's tables."""
    if count is None:
        count = int(rng.choice(len(tables.counts), p=tables.counts))
    place = tables.places[rng.integers(len(tables.places))]
    time = str(rng.choice(list(TIMES), p=TIME_SHARES))
    words = [tables.objects[i].word for i in rng.choice(len(tables.objects), count, replace=False)]
    items = tuple(draw_item(word, index, count, place, scale, rng) for index, word in enumerate(words))
    backdrop = int(rng.integers(2**31))
    if tables.worn:
        items = tuple(dressed(item, tables, rng) for item in items)
    said = ""
    if tables.weathers and place.weather and rng.random() < WEATHER_SHARE:
        said = str(rng.choice(tables.weathers))
    return Scene(place.word, time, items, backdrop, said)


def draw_item(
    word: str, index: int, count: int, place: Place, scale: float, rng: np.random.Generator
) -> Item:
    """Put one object somewhere; several share the width between them."""
    kind, (near, far) = KIND_OF[word], place.ground
    spots, spread, sizes = SPOTS[count]
    x, size = spots[index] + rng.uniform(-spread, spread), rng.uniform(*sizes)
    colour = str(rng.choice(list(COLOURS))) if kind.colours and rng.random() < COLOURED_SHARE else ""
    return Item(
        word,
        float(x),
        float(rng.uniform(near, far)),
        float(scale * size * kind.size),
        bool(rng.random() < 0.5),
        colour,
    )


def dressed(item: Item, tables: Tables, rng: np.random.Generator) -> Item:
    """The item, which sometimes wears something that it has a place for."""
    kind = KIND_OF[item.word]
    fitting = [worn.word for worn in tables.worn if (kind.eyes if worn.on_eyes else kind.head)]
    if not fitting or rng.random() >= WORN_SHARE:
        return item
    return replace(item, worn=str(rng.choice(fitting)))


def scene_of(
    seed: int,
    tables: Tables,
    held_out: bool = False,
    count: int | None = None,
    scale: float = 1.0,
    content: str = "plain",
) -> Scene:
    """The scene of a seed, from the training split or from the held-out compositions.

    `scale` enlarges objects; `content` is one of the tables' CONTENTS, which may fix how many objects there are.
    """
    rng = np.random.default_rng((int(held_out), seed))
    while True:
        number = count
        if number is None and content in COUNTS:
            number = int(rng.choice(COUNTS[content]))
        scene = CHANGED[content](draw_scene(tables, rng, number, scale), tables, rng)
        if scene.held_out == held_out:
            return scene


def plain(scene: Scene, tables: Tables, rng: np.random.Generator) -> Scene:
    """Nothing besides the things."""
    return scene


def number(scene: Scene, tables: Tables, rng: np.random.Generator) -> Scene:
    """All objects are of one kind and look alike."""
    first = scene.items[0]
    return replace(scene, items=tuple(alike(item, first) for item in scene.items))


def mixed(scene: Scene, tables: Tables, rng: np.random.Generator) -> Scene:
    """Two objects side by side look alike, a third does not."""
    items = list(scene.items)
    which = int(rng.integers(2))
    items[which : which + 2] = (alike(item, items[which]) for item in items[which : which + 2])
    return replace(scene, items=tuple(items))


def alike(item: Item, other: Item) -> Item:
    """Another like the other where the item is; it keeps its size by comparison, and nothing is worn."""
    size = item.size * KIND_OF[other.word].size / KIND_OF[item.word].size
    return replace(item, word=other.word, colour=other.colour, worn="", size=size)


def sized(scene: Scene, tables: Tables, rng: np.random.Generator) -> Scene:
    """Every object is small or big."""
    items = []
    for item in scene.items:
        extent = str(rng.choice(list(EXTENTS)))
        size = min(LARGEST, item.size * float(rng.uniform(*EXTENTS[extent])))
        items.append(replace(item, extent=extent, size=size))
    return replace(scene, items=tuple(items))


def beside(scene: Scene, tables: Tables, rng: np.random.Generator) -> Scene:
    """Two objects, of which the sentence says which is left or right of the other."""
    if rng.random() < 0.5:
        return replace(scene, relation="left of")  # objects are drawn from left to right
    return replace(scene, items=scene.items[::-1], relation="right of")


def on(scene: Scene, tables: Tables, rng: np.random.Generator) -> Scene:
    """The first object stands on the second, which bears it."""
    rider, below = scene.items
    supports = [kind.word for kind in tables.objects if kind.top is not None and kind.word != rider.word]
    word = str(rng.choice(supports))
    below = replace(
        below,
        word=word,
        x=float(rng.uniform(0.35, 0.65)),
        size=below.size * KIND_OF[word].size / KIND_OF[below.word].size * SUPPORT,
        colour="" if not KIND_OF[word].colours else below.colour,
        worn="",
    )
    rider = replace(rider, x=below.x, foot=below.foot, size=rider.size * RIDER)
    return replace(scene, items=(rider, below), relation="on")


CHANGED: dict[str, Callable[[Scene, Tables, np.random.Generator], Scene]] = {
    "plain": plain,
    "number": number,
    "mixed": mixed,
    "size": sized,
    "beside": beside,
    "on": on,
}
"""What each content makes of a plain scene."""
