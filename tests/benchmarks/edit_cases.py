"""What `bench_edits.py` asks for: pictures with their truth, a sentence, and by which ways it is put to the program.

Half of the pictures are opened as they were rendered, half painted anew by the model in the same layout. What defaults
and thresholds are chosen on (`CHOOSING`) shares no scene with what is reported (`HELD_OUT`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from captions import plain_caption
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import BaseTurn, Edit, OpenPicture, Sampling
from editor_core.pixels.opencv import cv2
from editor_core.workflow.phrases import painted_phrase
from editor_core.workflow.proposal import RECOLOUR, REDRAW, REPAINT, REWORD
from pairs import Pair, pair, phrase
from scenes import Item, draw_scene, render
from sprites import Sprites
from tables import KIND_OF, TABLES

CHOOSING, HELD_OUT, FRESH = 5000, 9000, 11600
"""Where the numbers of the pairs begin. Those from 7000 on were held out until some thresholds were chosen on them, the
colours from 9000 on until they were looked at."""
_APART = 100
"""Numbers of one kind; the next kind's begin behind them."""
SPLITS = {"choosing": CHOOSING, "held-out": HELD_OUT, "fresh": FRESH}
SKY_SHARES = (0.05, 0.1, 0.2)
"""Of the picture, the size of a mask in the sky."""

MASKED = "_mask"
"""Ends the name of a way that is given where to paint."""
METHODS = {"reword": REWORD, "repaint": REPAINT, "redraw": REDRAW, "recolour": RECOLOUR}
WAYS: dict[str, tuple[str, ...]] = {
    "add": ("reword", "reword_mask", "repaint_mask", "redraw_mask"),
    "sky": ("reword_mask", "repaint_mask", "redraw_mask"),
    "swap": ("reword", "repaint", "redraw_mask"),
    "two": ("reword", "repaint", "reword_mask", "repaint_mask"),
    "colour": ("recolour", "reword"),
    "place": ("reword", "repaint"),
    "time": ("reword",),
    "remove": ("reword",),
    "chain": ("reword",),
}
"""The ways that each kind of edit is asked for by: something more beside what is there, or in the empty sky; another
thing in a picture of one, or in place of one of two; a colour; a place; a time of day; something less; another thing
after the place and the time were changed."""
COUNTS = {
    "add": 12,
    "sky": 9,
    "swap": 20,
    "two": 12,
    "colour": 14,
    "place": 8,
    "time": 8,
    "remove": 10,
    "chain": 6,
}
"""Pictures of each kind: 210 edits in all."""


@dataclass(frozen=True)
class Case:
    """One picture and what is asked of it."""

    kind: str
    number: int
    pair: Pair
    painted: bool
    """Whether the model painted the picture anew."""
    mask: np.ndarray
    """uint8 (H, W): what an artist would mark for it."""
    turns: tuple[str, ...] = ()
    """Sentences that come before it, each of a turn of its own."""

    @property
    def before(self) -> str:
        return self.turns[-1] if self.turns else self.pair.captions[0].text

    @property
    def after(self) -> str:
        return self.pair.captions[1].text


def cases(kind: str, split: str, size: int, count: int | None = None) -> Iterator[Case]:
    """The pictures of a kind, always the same ones."""
    sprites = Sprites.load()
    begin = SPLITS[split] + _APART * list(WAYS).index(kind)
    for number in range(begin, begin + (count or COUNTS[kind])):
        yield _MADE.get(kind, _plain)(kind, number, sprites, (size, size))


def request(case: Case, way: str, lineage: tuple[BaseTurn, ...]) -> Edit:
    """The edit as the window asks for it."""
    method = METHODS[way.removesuffix(MASKED)]
    parameters = {}
    if method == REPAINT:
        parameters = {"variants": 1, "phrase": painted_phrase(case.before, case.after)}
    mask = case.mask if way.endswith(MASKED) else None
    return Edit(lineage, case.after, mask, method, parameters)


def base_of(run: Callable[[object], TurnResult], case: Case) -> tuple[BaseTurn, ...]:
    """The turns up to the picture that is edited."""
    words = case.pair.captions[0].text
    sampling = Sampling(seed=case.number, guidance=1.0 if case.painted else None)
    opened = as_base(run(OpenPicture(case.pair.before.pixels, words, sampling)))
    if case.painted:
        everywhere = np.full(opened.image.shape[:2], 255, np.uint8)
        whole = run(Edit((opened,), words, everywhere, guidance=4.0, parameters={"incremental": False}))
        opened = replace(as_base(whole), method="generate", mask=None)
    lineage = (opened,)
    for sentence in case.turns:
        lineage = (*lineage, as_base(run(Edit(lineage, sentence))))
    return lineage


def as_base(result: TurnResult) -> BaseTurn:
    return BaseTurn(**{name: getattr(result, name) for name in BaseTurn.__dataclass_fields__})


_PAIRS = {
    "add": "add",
    "swap": "object",
    "colour": "colour",
    "place": "place",
    "time": "time",
    "remove": "remove",
}
_OBJECTS = {"swap": 1, "colour": 1, "add": 2, "remove": 2}


def _plain(kind: str, number: int, sprites: Sprites, size: tuple[int, int]) -> Case:
    found = pair(number, TABLES["cpu"], sprites, size, _PAIRS[kind], _OBJECTS.get(kind, 1 + number % 2))
    index = found.objects[1] if kind != "remove" else found.objects[0]
    picture = found.after if kind != "remove" else found.before
    thing = found.mask if index is None else picture.masks[index] | found.mask
    return Case(kind, number, found, _is_painted(number), around(thing))


def _two(kind: str, number: int, sprites: Sprites, size: tuple[int, int]) -> Case:
    found = pair(number, TABLES["cpu"], sprites, size, ("object", "second")[number % 2], 2)
    return Case(kind, number, found, _is_painted(number), around(found.mask))


def _sky(kind: str, number: int, sprites: Sprites, size: tuple[int, int]) -> Case:
    """A thing in the air above the one that stands there: a balloon, or anything."""
    rng = np.random.default_rng((5, number))
    tables = TABLES["cpu"]
    scene = draw_scene(tables, rng, 1)
    while not scene.held_out or scene.items[0].word in ("balloon", "tree", "house"):
        scene = draw_scene(tables, rng, 1)
    others = [each.word for each in tables.objects if each.word != scene.items[0].word]
    word = "balloon" if number % 3 else str(rng.choice(others))
    colour = "red" if KIND_OF[word].colours else ""
    height, width = size
    share = SKY_SHARES[number % len(SKY_SHARES)]
    radius = (share * height * width / np.pi) ** 0.5
    across = scene.items[0].x + (0.28 if scene.items[0].x < 0.5 else -0.28)
    x, y = np.clip(across * width, radius + 4, width - radius - 4), radius + 0.04 * height
    after = replace(scene, items=(*scene.items, Item(word, x / width, 0.5, 0.3, False, colour)))
    before = render(scene, sprites, *size)
    mask = np.zeros(size, np.uint8)
    cv2.circle(mask, (round(x), round(y)), round(radius), 255, -1)
    mask[cv2.dilate(before.masks.any(0).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0] = 0
    captions = plain_caption(scene), plain_caption(after)
    found = Pair(kind, before, before, (scene, after), captions, ("", phrase(after, 1)), (None, 1), mask > 0)
    return Case(kind, number, found, _is_painted(number), mask)


def _chain(kind: str, number: int, sprites: Sprites, size: tuple[int, int]) -> Case:
    """Another thing in another place, at another time; the place and the time come first, each as a turn."""
    swap = pair(number, TABLES["cpu"], sprites, size, "object", 1)
    rng = np.random.default_rng((6, number))
    first, last = swap.scenes
    places = [each.word for each in TABLES["cpu"].places if each.word != first.place]
    place, time = str(rng.choice(places)), ("night", "sunset", "day")[number % 3]
    if time == first.time:
        time = "day" if time != "day" else "night"
    there = replace(first, place=place)
    then = replace(there, time=time)
    scenes = first, replace(last, place=place, time=time)
    captions = plain_caption(first), plain_caption(scenes[1])
    found = replace(swap, scenes=scenes, captions=captions)
    turns = plain_caption(there).text, plain_caption(then).text
    return Case(kind, number, found, _is_painted(number), around(swap.mask), turns)


_MADE = {"two": _two, "sky": _sky, "chain": _chain}


def _is_painted(number: int) -> bool:
    return number % 2 == 1


def around(thing: np.ndarray) -> np.ndarray:
    """What an artist would draw around a thing, bool (H, W): its hull with some room, uint8 (H, W)."""
    points = cv2.findNonZero(thing.astype(np.uint8))
    mask = np.zeros(thing.shape, np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(points), 255)
    room = max(3, round(0.03 * min(thing.shape)))
    grown: np.ndarray = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * room + 1,) * 2))
    return grown
