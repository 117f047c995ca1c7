"""What is seen of an edit's edge, by every way, and whether a picture larger than the model's own shows one thing once.

    python tests/benchmarks/edit_traces.py [--pictures 10] [--show FOLDER] [--json]

`ring_rows` takes the edits of `bench_edits.py`. Counted are pictures of one thing: the judge sees one, no other beside.
"""

import prelude  # noqa: F401 before torch

import argparse
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from default_runs import Run, default_runs
from editor_core.evaluation.ring import Ring, Trace
from editor_core.messages.requests import Generate, Sampling
from editor_core.project.image_io import write_png
from report import Row, show
from scene_pairs import held_out_pairs, look

Traced = tuple[str, np.ndarray, np.ndarray, np.ndarray]
"""A way's name, the picture before and after, uint8 (H, W, 3), and the mask, uint8 (H, W)."""
SIZES = (512, 768)
MAX_MEDIAN, MAX_P90 = 1.1, 1.3


def ring_rows(traced: Iterable[Traced]) -> list[Row]:
    """`ring_median` and `ring_p90` of each way, edits pooled; those without an edge have no ring."""
    rings: dict[str, tuple[list[Ring], list[Ring]]] = defaultdict(lambda: ([], []))
    for way, before, after, mask in traced:
        for found, picture in zip(rings[way], (before, after), strict=True):
            found.append(Ring.of(picture, mask))
    rows = []
    for way, (before_all, after_all) in rings.items():
        if not any(len(ring.steps) for ring in before_all):
            continue
        trace = Trace.between(before_all, after_all)
        gradient = {"gradient": round(trace.gradient_median, 3), "edits": len(after_all)}
        rows.append(Row(f"ring_median_{way}", trace.median, "x", f"<= {MAX_MEDIAN}", gradient))
        gradient = {"gradient": round(trace.gradient_p90, 3), "edits": len(after_all)}
        rows.append(Row(f"ring_p90_{way}", trace.p90, "x", f"<= {MAX_P90}", gradient))
    return rows


def count_rows(run: Run, pictures: int, folder: Path | None = None) -> list[Row]:
    """`count_512` and `count_768`: the share of pictures of one thing that show it once and nothing else."""
    pairs = held_out_pairs(4 * pictures, 64, ("object",))
    captions = [pair.captions[0].text for pair in pairs if len(pair.scenes[0].items) == 1]
    rows = []
    for size in SIZES:
        numbers = []
        for seed, words in enumerate(captions[:pictures]):
            image = run(Generate(words, size, size, Sampling(seed=seed))).image
            numbers.append(look([image]).number(0))
            if folder is not None:
                write_png(folder / f"count-{size}-{seed}.png", image)
        share = 100 * numbers.count(1) / len(numbers)
        rows.append(Row(f"count_{size}", share, "%", ">= 90", {"numbers": numbers}))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=10, help="new ones, of each size")
    parser.add_argument("--show", type=Path, help="a folder for the pictures")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.show:
        options.show.mkdir(parents=True, exist_ok=True)
    with default_runs() as run:
        rows = count_rows(run, options.pictures, options.show)
    show(rows, options.json)


if __name__ == "__main__":
    main()
