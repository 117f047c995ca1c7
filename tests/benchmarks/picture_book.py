"""Write the picture-book's held-out scenes as sets that ``palimpsest bench picture-book`` reads.

    python tests/benchmarks/picture_book.py FOLDER [--part pairs|chains|long-chain|confusable] [--count N] [--size 256]
                                                    [--room 0]

pairs: single edits, all kinds that words tell apart in turn, with one thing and with two. chains: five turns, each
going on from what a method made of the one before (``bench --multi-turn``). long-chain: one of a hundred. confusable:
two things of one kind, of which one becomes another: the left one, or the one of a colour. The same numbers always give
the same scenes; the judge lies beside them. room: pixels that masks are wider than what changes, on every side.
"""

import prelude  # noqa: F401 before torch

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from captions import plain_caption
from editor_core.document.masks import grow
from editor_core.evaluation.example import Expected
from editor_core.project.image_io import write_png
from judge import WEIGHTS, names_of, unpacked
from pairs import CHANGES, Change, Pair, other_object, rendered
from scene_pairs import held_out_pairs
from scenes import Item, Scene, draw_scene
from sprites import Sprites
from tables import COLOURS, TABLES

FIRST = 2000
"""The first pair's number: none was looked at while defaults were chosen."""
KINDS = ("object", "second", "colour", "place", "time", "add", "remove")
"""What words tell apart; where a thing moves or grows, they stay the same."""
COUNTS = {"pairs": 210, "chains": 40, "long-chain": 1, "confusable": 40}
TURNS = {"chains": 5, "long-chain": 100}
_TRIES = 60
"""Draws of a change that leaves a composition held out, before another kind is tried."""


@dataclass(frozen=True)
class Line:
    """One edit of a set."""

    id: str
    pair: Pair
    follows: str = ""
    related: tuple[str, ...] = ()


def lines_of(part: str, count: int, size: int) -> Iterator[Line]:
    if part == "pairs":
        for number, pair in enumerate(held_out_pairs(count, size, KINDS, FIRST)):
            yield Line(f"{number:04}", pair)
    elif part == "confusable":
        for number in range(count):
            pair, related = confusable(number, size)
            yield Line(f"{number:04}", pair, related=related)
    else:
        for chain in range(count):
            before = ""
            for turn, pair in enumerate(chained(chain, TURNS[part], size), 1):
                line = Line(f"{chain:02}-{turn:03}", pair, before)
                before = line.id
                yield line


def chained(number: int, turns: int, size: int) -> Iterator[Pair]:
    """Changes of all kinds one after the other, every scene of a composition that is held out."""
    sprites = Sprites.load()
    rng = np.random.default_rng((7, number))
    scene = _held_out(rng, 1 + number % 2)
    found: list[tuple[str, Change]] = []
    while len(found) < turns:
        last = found[-1][0] if found else ""
        kinds = [each for each in KINDS if each != last]
        for kind in map(str, rng.permutation(kinds)):
            change = _held_out_change(kind, scene, rng)
            if change is not None:
                found.append((kind, change))
                scene = change.after
                break
        else:
            found, scene = [], _held_out(rng, 1 + number % 2)
    for kind, change in found:
        yield rendered(kind, change, sprites, (size, size))


def _held_out_change(kind: str, scene: Scene, rng: np.random.Generator) -> Change | None:
    for _ in range(_TRIES):
        change = forward(kind, scene, rng)
        if change is None:
            return None
        if change.after.held_out and _words(change):
            return change
    return None


def forward(kind: str, scene: Scene, rng: np.random.Generator) -> Change | None:
    """A change of a scene as it is; None where there is none of the kind, or none that keeps it to two things."""
    tables = TABLES["cpu"]
    if kind in ("second", "remove") and len(scene.items) < 2:
        return None
    if kind != "add":
        return CHANGES[kind](scene, tables, rng)
    if len(scene.items) != 1:
        return None
    [item] = scene.items
    side = 0.27 if item.x >= 0.5 else 0.73
    if abs(item.x - side) < 0.3:  # no room beside it
        return None
    words = [each.word for each in tables.objects if each.word != item.word]
    new = Item(str(rng.choice(words)), side, item.foot, float(rng.uniform(0.29, 0.37)), False)
    after = replace(scene, items=(*scene.items, new))
    return Change(scene, after, ("", plain_caption(replace(scene, items=(new,))).text), (None, 1))


def confusable(number: int, size: int) -> tuple[Pair, tuple[str, ...]]:
    """Two of one kind, of which one becomes another thing; what the words say of it by its side, if they do.

    Even numbers: "two foxes" become "a cat left of a fox" or "a cat right of a fox". Odd ones: "a red car and a blue
    car" become "a cat and a blue car", or the other way round.
    """
    tables, sprites = TABLES["cpu"], Sprites.load()
    rng = np.random.default_rng((8, number))
    while True:
        scene = draw_scene(tables, rng, 2)
        first, second = scene.items  # from left to right
        by_colour = number % 2 == 1
        kinds = [kind.word for kind in tables.objects if kind.colours == by_colour]
        word = str(rng.choice(kinds))
        colours = (
            [str(each) for each in rng.choice(list(COLOURS), 2, replace=False)] if by_colour else ["", ""]
        )
        height = float(np.mean([first.size, second.size]))
        twins = tuple(
            replace(item, word=word, colour=colour, size=height, worn="")
            for item, colour in zip((first, second), colours, strict=True)
        )
        before = replace(scene, items=twins)
        index = int(rng.integers(2))
        change = other_object(before, tables, rng, index)
        if not change.after.held_out:
            continue
        related: tuple[str, ...] = ()
        if not by_colour:
            relation = ("left of", "right of")[index]
            new, old = change.after.items[index], change.after.items[1 - index]
            order = replace(change.after, items=(new, old), relation=relation)
            related = (new.word, relation, old.word)
            pair = rendered("left or right", change, sprites, (size, size))
            return replace(pair, captions=(pair.captions[0], plain_caption(order))), related
        return rendered("by colour", change, sprites, (size, size)), related


def expected(line: Line) -> Expected:
    """What the judge should find of a pair."""
    pair = line.pair
    (before, after), (old, new) = pair.scenes, pair.objects
    shown = tuple(dict.fromkeys(item.word for item in after.items))
    changed = after.items[new] if new is not None else None
    came = pair.kind not in ("colour", "place", "time") and changed is not None
    went = before.items[old].word if old is not None and pair.kind != "colour" else ""
    light: Any = ()
    if pair.kind == "time":
        means = [each.pixels.reshape(-1, 3).mean(0) for each in (pair.before, pair.after)]
        light = tuple(map(float, means[1] - means[0]))
    return Expected(
        shown=shown,
        asked=(changed.word,) if came and changed else (),
        gone=(went,) if went and went not in shown else (),
        kept=tuple(item.word for i, item in enumerate(after.items) if i != new),
        place=after.place if pair.kind == "place" else "",
        place_gone=before.place if pair.kind == "place" else "",
        colours=((changed.word, changed.colour or "red"),) if pair.kind == "colour" and changed else (),
        related=line.related,
        light=light,
    )


def write(folder: Path, part: str, count: int, size: int, room: int = 0) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    told = []
    for line in lines_of(part, count, size):
        pair = line.pair
        pictures = {
            "before": pair.before.pixels,
            "after": pair.after.pixels,
            "mask": grow(pair.mask.astype(np.uint8) * 255, room),
        }
        files = {name: f"{line.id}-{name}.png" for name in pictures}
        for name, pixels in pictures.items():
            write_png(folder / files[name], pixels)
        words = dict(zip(("words_before", "words_after"), (each.text for each in pair.captions), strict=True))
        wanted = {name: value for name, value in asdict(expected(line)).items() if value}
        found = (
            {"id": line.id, "kind": pair.kind, "follows": line.follows, "expected": wanted} | words | files
        )
        told.append(json.dumps(found))
    (folder / "pairs.jsonl").write_text("\n".join(told) + "\n", encoding="utf-8")
    names = names_of(TABLES["cpu"])
    (folder / "judge.json").write_text(json.dumps(asdict(names)), encoding="utf-8")
    unpacked(WEIGHTS, folder)


def _held_out(rng: np.random.Generator, count: int) -> Scene:
    scene = draw_scene(TABLES["cpu"], rng, count)
    while not scene.held_out:
        scene = draw_scene(TABLES["cpu"], rng, count)
    return scene


def _words(change: Change) -> bool:
    """Whether the words tell a change."""
    return plain_caption(change.before).text != plain_caption(change.after).text


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--part", choices=tuple(COUNTS), default="pairs")
    parser.add_argument("--count", type=int, help=f"pairs or chains; {COUNTS} unless given")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--room", type=int, default=0)
    options = parser.parse_args(given)
    write(options.folder, options.part, options.count or COUNTS[options.part], options.size, options.room)


if __name__ == "__main__":
    main()
