"""A hundred turns by all ways of editing, each going on from the one before: whether what is asked still comes, and
whether the picture stays sharp.

    python tests/benchmarks/mixed_chains.py [FOLDER] [--chains 1] [--turns 100] [--size 192] [--steps 10] [--json]

The changes are those of `picture_book.py`, from a rendered picture on. A turn that finds nothing to change was not
answered. FOLDER receives every tenth picture beside the true one.
"""

import prelude  # noqa: F401 before torch

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np

from default_runs import Run, default_runs
from edit_cases import MASKED, METHODS, around, as_base
from editor_core.base.errors import NothingToChangeError
from editor_core.evaluation.judge import verdict_on
from editor_core.evaluation.metrics import sharpness
from editor_core.messages.requests import BaseTurn, Edit, OpenPicture, Sampling
from editor_core.project.image_io import write_png
from editor_core.workflow.phrases import painted_phrase
from editor_core.workflow.proposal import REPAINT
from judge import load_judge
from pairs import Pair
from picture_book import Line, chained, expected
from report import Row, show
from tables import TABLES

WAYS = {"colour": ("recolour",), "place": ("reword", "repaint"), "time": ("reword",), "remove": ("reword",)}
OF_THINGS = ("reword", f"repaint{MASKED}", f"redraw{MASKED}")
"""One turn after the other; of a thing that comes, these."""
NOTHING_LOST = ">= 95"


@dataclass(frozen=True)
class Turn:
    answered: bool
    sharpness: float
    """Over that of the true picture."""
    outside: int
    """Pixels that changed outside the mask."""


def turns_of(run: Run, number: int, options: argparse.Namespace) -> Iterator[Turn]:
    """One chain, a turn at a time."""
    judge, pairs = load_judge(TABLES["cpu"]), list(chained(number, options.turns, options.size))
    opening = Sampling(seed=number, steps=options.steps)
    lineage = (as_base(run(OpenPicture(pairs[0].before.pixels, pairs[0].captions[0].text, opening))),)
    for turn, pair in enumerate(pairs, 1):
        base, ways = lineage[-1].image, WAYS.get(pair.kind, OF_THINGS)
        image, outside, found = base, 0, {"asked": 0.0}
        try:
            result = run(asked(pair, ways[turn % len(ways)], lineage))
            image, lineage = result.image, (*lineage, as_base(result))
            outside = int((image != base).any(2)[result.mask == 0].sum())
            found = verdict_on(judge, expected(Line("", pair)), base, image, None)
        except NothingToChangeError:
            pass
        if options.folder and turn % 10 == 0:
            write_png(options.folder / f"{number}-{turn:03}.png", np.hstack([image, pair.after.pixels]))
        told = Turn(all(found.values()), sharpness(image) / sharpness(pair.after.pixels), outside)
        print(number, turn, pair.kind, ways[turn % len(ways)], found, told, file=sys.stderr, flush=True)
        yield told


def asked(pair: Pair, way: str, lineage: tuple[BaseTurn, ...]) -> Edit:
    method, words = METHODS[way.removesuffix(MASKED)], pair.captions[1].text
    phrase = {"variants": 1, "phrase": painted_phrase(lineage[-1].prompt, words)}
    mask = around(pair.mask) if way.endswith(MASKED) else None
    return Edit(lineage, words, mask, method, phrase if method == REPAINT else {})


def rows(chains: Sequence[Sequence[Turn]]) -> list[Row]:
    """What the last quarter of the chains keeps of the first one's."""
    count = len(chains[0])
    name, told = f"chain_{count}", {"chains": len(chains)}
    quarters = [
        [turn for chain in chains for turn in chain[n * count // 4 : (n + 1) * count // 4]] for n in range(4)
    ]
    answered = [fmean(turn.answered for turn in quarter) for quarter in quarters]
    sharp = [fmean(turn.sharpness for turn in quarter) for quarter in quarters]
    outside = sum(turn.outside for chain in chains for turn in chain)
    return [
        Row(
            id,
            100 * each[-1] / max(each[0], 1e-6),
            "%",
            NOTHING_LOST,
            {"quarters": np.round(each, 3).tolist(), **told},
        )
        for id, each in ((name, answered), (f"{name}_sharpness", sharp))
    ] + [Row(f"{name}_outside", outside, "pixels", "= 0", told)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    for name, value in {"chains": 1, "turns": 100, "size": 192, "steps": 10}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
    with default_runs() as run:
        chains = [list(turns_of(run, number, options)) for number in range(options.chains)]
    show(rows(chains), options.json)


if __name__ == "__main__":
    main()
