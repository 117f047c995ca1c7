"""Pairs of scenes that differ in one thing: what an edit should give, and where it should act."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from captions import Caption, article, named, plain_caption, said_time
from scenes import Item, Picture, Scene, draw_scene, render
from sprites import Sprites
from tables import COLOURS, KIND_OF, PLACE_OF, TIMES, Tables

VISIBLE_CHANGE = 8
"""Levels of 255 from which a pixel counts as changed."""


@dataclass(frozen=True)
class Change:
    """Two scenes; the phrase that tells them apart, before and after; the object's number, before and after."""

    before: Scene
    after: Scene
    phrases: tuple[str, str]
    objects: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True)
class Pair:
    """Two rendered scenes and the change between them.

    `phrases` are the words that name the changed thing before and after ("a fox", "a cat"), empty where it is not
    there; `objects` its number in the scenes and in the pictures' masks; `mask`, bool (H, W), is the true edit mask.
    """

    kind: str
    before: Picture
    after: Picture
    scenes: tuple[Scene, Scene]
    captions: tuple[Caption, Caption]
    phrases: tuple[str, str]
    objects: tuple[int | None, int | None]
    mask: np.ndarray


def pair(
    seed: int,
    tables: Tables,
    sprites: Sprites,
    size: tuple[int, int],
    kind: str,
    count: int = 1,
    held_out: bool = True,
) -> Pair:
    """The pair of a seed; both scenes are of the same split, and the fuller one holds `count` objects at least."""
    rng = np.random.default_rng((2, seed))
    change = None
    while change is None or not change.before.held_out == change.after.held_out == held_out:
        change = CHANGES[kind](draw_scene(tables, rng, max(count, FEWEST.get(kind, 1))), tables, rng)
    return rendered(kind, change, sprites, size)


def rendered(kind: str, change: Change, sprites: Sprites, size: tuple[int, int]) -> Pair:
    """The two pictures (height, width) of a change."""
    scenes = change.before, change.after
    before, after = (render(scene, sprites, *size) for scene in scenes)
    return Pair(
        kind,
        before,
        after,
        scenes,
        (plain_caption(change.before), plain_caption(change.after)),
        change.phrases,
        change.objects,
        true_mask(kind, before, after, change.objects),
    )


def true_mask(
    kind: str, before: Picture, after: Picture, objects: tuple[int | None, int | None]
) -> np.ndarray:
    """Where two pictures differ visibly, and all of what changed, also where its colours happen to be the same."""
    mask: np.ndarray = np.abs(before.pixels.astype(np.int16) - after.pixels).max(-1) > VISIBLE_CHANGE
    if kind == "time":
        return np.ones_like(mask)
    if kind == "place":
        return mask | ~before.masks.any(0)
    if kind != "colour":
        for picture, index in zip((before, after), objects, strict=True):
            mask = mask if index is None else mask | picture.masks[index]
    return mask


def with_item(scene: Scene, index: int, item: Item) -> Change:
    """One item replaced by another in its stead."""
    after = replace(scene, items=(*scene.items[:index], item, *scene.items[index + 1 :]))
    return Change(scene, after, (phrase(scene, index), phrase(after, index)), (index, index))


def phrase(scene: Scene, index: int) -> str:
    """An object's name in a sentence."""
    return article(named(scene, index))


def other_object(scene: Scene, tables: Tables, rng: np.random.Generator, index: int) -> Change:
    """Another kind of object where one was."""
    present = {item.word for item in scene.items}
    word = str(rng.choice([kind.word for kind in tables.objects if kind.word not in present]))
    return with_item(scene, index, replace(scene.items[index], word=word, colour="", worn=""))


def main_object(scene: Scene, tables: Tables, rng: np.random.Generator) -> Change:
    """The object that is named first becomes another."""
    return other_object(scene, tables, rng, 0)


def second_object(scene: Scene, tables: Tables, rng: np.random.Generator) -> Change:
    """The object that is named second becomes another."""
    return other_object(scene, tables, rng, 1)


def colour(scene: Scene, tables: Tables, rng: np.random.Generator) -> Change | None:
    """An object that has a colour gets another."""
    index = next((i for i, item in enumerate(scene.items) if KIND_OF[item.word].colours), None)
    if index is None:
        return None
    item = scene.items[index]
    others = [name for name in COLOURS if name != (item.colour or "red")]
    return with_item(scene, index, replace(item, colour=str(rng.choice(others))))


def place(scene: Scene, tables: Tables, rng: np.random.Generator) -> Change:
    """The same objects somewhere else."""
    word = str(rng.choice([place.word for place in tables.places if place.word != scene.place]))
    where = PLACE_OF[scene.place].phrases[0], PLACE_OF[word].phrases[0]
    return Change(scene, replace(scene, place=word), where)


def time(scene: Scene, tables: Tables, rng: np.random.Generator) -> Change:
    """The same scene at another time of day."""
    word = str(rng.choice([time for time in TIMES if time != scene.time]))
    return Change(scene, replace(scene, time=word), (said_time(scene.time), said_time(word)))


def remove(scene: Scene, tables: Tables, rng: np.random.Generator) -> Change:
    """One object less."""
    index = int(rng.integers(len(scene.items)))
    after = replace(scene, items=scene.items[:index] + scene.items[index + 1 :])
    return Change(scene, after, (phrase(scene, index), ""), (index, None))


def add(scene: Scene, tables: Tables, rng: np.random.Generator) -> Change:
    """One object more."""
    change = remove(scene, tables, rng)
    return Change(change.after, change.before, change.phrases[::-1], change.objects[::-1])


def move(scene: Scene, tables: Tables, rng: np.random.Generator) -> Change:
    """A single object goes sideways, one of several nearer or farther."""
    index = int(rng.integers(len(scene.items)))
    item = scene.items[index]
    if len(scene.items) == 1:
        step = float(rng.uniform(0.2, 0.32))
        return with_item(scene, index, replace(item, x=item.x + (step if item.x < 0.5 else -step)))
    step = float(rng.uniform(0.10, 0.15))
    return with_item(scene, index, replace(item, foot=item.foot + (step if item.foot < 0.82 else -step)))


def resize(scene: Scene, tables: Tables, rng: np.random.Generator) -> Change:
    """An object becomes larger or smaller where it stands."""
    index = int(rng.integers(len(scene.items)))
    factor = float(rng.choice([rng.uniform(0.55, 0.7), rng.uniform(1.3, 1.5)]))
    return with_item(scene, index, replace(scene.items[index], size=scene.items[index].size * factor))


CHANGES: dict[str, Callable[[Scene, Tables, np.random.Generator], Change | None]] = {
    "object": main_object,
    "second": second_object,
    "colour": colour,
    "place": place,
    "time": time,
    "add": add,
    "remove": remove,
    "move": move,
    "resize": resize,
}
FEWEST = {"second": 2, "remove": 2, "add": 2}
"""How many objects a kind of change needs."""
