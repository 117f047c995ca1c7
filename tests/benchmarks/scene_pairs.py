"""Held-out pairs of scenes with their truth, and the judge that says what is in a picture.

The scenes are those of packaging/default_model: the model was never trained on the compositions that come from here.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging" / "default_model"))

from editor_core.evaluation.judge import Verdict
from examples import to_unit
from judge import load_judge
from pairs import CHANGES, Pair, pair, rendered
from scenes import draw_scene
from sketches import draw
from sprites import Sprites
from tables import TABLES

KINDS = tuple(CHANGES)
"""object and second (another main or second object), colour, place, time, add, remove, move, resize."""

CHAINS = (("object", "move", "resize"), ("remove", "object", "move"))


def held_out_pairs(
    count: int, size: int | tuple[int, int] = 256, kinds: Sequence[str] = KINDS, first: int = 0
) -> Iterator[Pair]:
    """So many pairs, the kinds in turn, each kind with one object and with two by turns; `size` is (height, width).

    The same numbers always give the same pairs, and pair `first + n` does not depend on how many are asked for.
    """
    shape = (size, size) if isinstance(size, int) else size
    sprites = Sprites.load()
    for seed in range(first, first + count):
        objects = 1 + seed // len(kinds) % 2
        yield pair(seed, TABLES["cpu"], sprites, shape, kinds[seed % len(kinds)], objects)


def chains(count: int, size: int) -> Iterator[list[Pair]]:
    """So many times three changes of shape, one after the other: what each gives is where the next begins."""
    sprites = Sprites.load()
    for seed in range(count):
        rng = np.random.default_rng((3, seed))
        scene = draw_scene(TABLES["cpu"], rng, 1 + seed % 2)
        while not scene.held_out:
            scene = draw_scene(TABLES["cpu"], rng, 1 + seed % 2)
        turns = []
        for kind in CHAINS[seed % 2]:
            turns.append(rendered(kind, CHANGES[kind](scene, TABLES["cpu"], rng), sprites, (size, size)))
            scene = turns[-1].scenes[1]
        yield turns


def true_sketch(found: Pair) -> np.ndarray:
    """A clean line drawing of the changed objects as they should become, white on black, uint8 (H, W)."""
    index = found.objects[1]
    return draw(found.after, [] if index is None else [index])


def look(pictures: Sequence[np.ndarray]) -> Verdict:
    """What the judge sees in pictures of one size, uint8 (H, W, 3)."""
    with torch.no_grad():
        return load_judge(TABLES["cpu"])(to_unit(np.stack(list(pictures))))
