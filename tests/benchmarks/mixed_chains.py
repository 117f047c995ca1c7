"""A hundred turns by all ways of editing, each going on from the one before: whether what is asked still comes, and
whether the picture stays sharp.

    python tests/benchmarks/mixed_chains.py [FOLDER] [--chains 1] [--turns 100] [--size 192] [--steps 10] [--json]

The changes are those of `picture_book.py`, from a rendered picture on. Each turn is told by its quarter; one that finds
nothing to change counts as one that was not answered. FOLDER receives every tenth picture.
"""

import prelude  # noqa: F401 before torch

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from edit_cases import MASKED, METHODS, around, as_base
from editor_core.base.errors import NothingToChangeError
from editor_core.base.settings import Settings
from editor_core.evaluation.judge import Judge, verdict_on
from editor_core.evaluation.metrics import sharpness
from editor_core.messages.requests import Edit, OpenPicture, Sampling
from editor_core.project.image_io import write_png
from editor_core.session.session import Session
from editor_core.workflow.phrases import painted_phrase
from editor_core.workflow.proposal import REPAINT
from judge import load_judge
from picture_book import Line, chained, expected
from report import Row, show
from tables import TABLES

PLACED = ("reword", f"repaint{MASKED}", f"redraw{MASKED}")
WAYS = {"colour": ("recolour",), "place": ("reword", "repaint"), "time": ("reword",), "remove": ("reword",)}
"""By kind of edit, one turn after the other; of a thing that comes, `PLACED`."""
NOTHING_LOST = 95


@dataclass(frozen=True)
class Turn:
    """What is seen of one: the judge's findings, sharpness over that of the true picture, pixels outside its mask."""

    found: dict[str, float]
    sharpness: float
    outside: int

    @property
    def answered(self) -> bool:
        return all(self.found.values())


def turns_of(
    run: Callable[[object], Any],
    judge: Judge,
    number: int,
    count: int,
    size: int,
    steps: int,
    folder: Path | None,
) -> Iterator[Turn]:
    """One chain, a turn at a time."""
    pairs = list(chained(number, count, size))
    words, sampling = pairs[0].captions[0].text, Sampling(seed=number, steps=steps)
    lineage = (as_base(run(OpenPicture(pairs[0].before.pixels, words, sampling))),)
    for turn, pair in enumerate(pairs, 1):
        base, after = lineage[-1], pair.captions[1].text
        ways = WAYS.get(pair.kind, PLACED)
        way = ways[turn % len(ways)]
        method, mask = METHODS[way.removesuffix(MASKED)], around(pair.mask) if way.endswith(MASKED) else None
        parameters = (
            {"variants": 1, "phrase": painted_phrase(base.prompt, after)} if method == REPAINT else {}
        )
        image, outside, found = base.image, 0, {"asked": 0.0}
        try:
            result = run(Edit(lineage, after, mask, method, parameters))
            image, outside = result.image, int((result.image != base.image).any(2)[result.mask == 0].sum())
            found = verdict_on(judge, expected(Line(f"{turn:03}", pair)), base.image, image, None)
            lineage = (*lineage, as_base(result))
        except NothingToChangeError:
            pass
        if folder is not None and turn % 10 == 0:
            write_png(folder / f"chain-{number}-{turn:03}.png", np.hstack([image, pair.after.pixels]))
        told = Turn(found, sharpness(image) / sharpness(pair.after.pixels), outside)
        print(f"{number} {turn} {way}: {after} {told}", file=sys.stderr, flush=True)
        yield told


def rows(turns: Sequence[Sequence[Turn]]) -> list[Row]:
    """What the last quarter of the chains keeps of the first one's."""
    length = len(turns[0])
    quarters = [
        [turn for chain in turns for turn in chain[n * length // 4 : (n + 1) * length // 4]] for n in range(4)
    ]
    answered = [round(100 * fmean(turn.answered for turn in quarter), 1) for quarter in quarters]
    sharp = [round(fmean(turn.sharpness for turn in quarter), 3) for quarter in quarters]
    counts = {"chains": len(turns), "turns": length}
    name, bar = f"chain_{length}", f">= {NOTHING_LOST}"
    return [
        Row(name, 100 * answered[-1] / answered[0], "%", bar, {"answered": answered, **counts}),
        Row(f"{name}_sharpness", 100 * sharp[-1] / sharp[0], "%", bar, {"of_true": sharp, **counts}),
        Row(
            f"{name}_outside", sum(turn.outside for chain in turns for turn in chain), "pixels", "= 0", counts
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    for name, value in {"chains": 1, "turns": 100, "size": 192, "steps": 10}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
    settings = replace(Settings(), model="default", device="cpu", live_preview=False)
    judge = load_judge(TABLES["cpu"])
    with Session(settings, keep_on_disk=False) as session:

        def run(request: object) -> Any:
            return session.run(0, request, lambda event: None)

        sizes = options.turns, options.size, options.steps, options.folder
        chains = [list(turns_of(run, judge, number, *sizes)) for number in range(options.chains)]
    show(rows(chains), options.json)


if __name__ == "__main__":
    main()
