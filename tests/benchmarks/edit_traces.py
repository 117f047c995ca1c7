"""What is seen of an edit's edge, by every way, and whether a picture larger than the model's own shows one thing once.

    python tests/benchmarks/edit_traces.py [--edits 24] [--pictures 10] [--show FOLDER] [--json]

`ring_rows` takes edits that others made. Counted are pictures of one thing: the judge sees one, and no other beside it.
"""

import prelude  # noqa: F401 before torch

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from editor_core.base.errors import NothingToChangeError
from editor_core.base.settings import Settings
from editor_core.document.masks import grow
from editor_core.evaluation.ring import Ring, Trace
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import BaseTurn, Edit, Generate, OpenPicture, Sampling
from editor_core.pixels.opencv import cv2
from editor_core.project.image_io import write_png
from editor_core.session.session import Session
from report import Row, show
from scene_pairs import Pair, held_out_pairs, look, true_sketch

Run = Callable[[object], TurnResult]
Traced = tuple[str, np.ndarray, np.ndarray, np.ndarray]
"""A way's name, the picture before and after, uint8 (H, W, 3), and the mask, uint8 (H, W)."""
KINDS = ("object", "add", "remove", "colour")
SIZES = (512, 768)
MAX_MEDIAN, MAX_P90 = 1.1, 1.3
_ROOM = 6  # pixels between what changes and the mask's edge


def ring_rows(traced: Iterable[Traced]) -> list[Row]:
    """`ring_median` and `ring_p90` of each way, edits pooled; those without an edge have no ring."""
    rings: dict[str, tuple[list[Ring], list[Ring]]] = defaultdict(lambda: ([], []))
    for way, before, after, mask in traced:
        for found, picture in zip(rings[way], (before, after), strict=True):
            found.append(Ring.of(picture, mask))
    rows = []
    for way, (before_all, after_all) in rings.items():
        trace = Trace.between(before_all, after_all)
        gradient = {"gradient": round(trace.gradient_median, 3), "edits": len(after_all)}
        rows.append(Row(f"ring_median_{way}", trace.median, "x", f"<= {MAX_MEDIAN}", gradient))
        gradient = {"gradient": round(trace.gradient_p90, 3), "edits": len(after_all)}
        rows.append(Row(f"ring_p90_{way}", trace.p90, "x", f"<= {MAX_P90}", gradient))
    return rows


def traced_edits(run: Run, count: int, size: int = 256, first: int = 400) -> Iterator[Traced]:
    """Held-out pairs edited by every way: boxes and ellipses with a little room, and regions found."""
    for number, pair in enumerate(held_out_pairs(count, size, KINDS, first)):
        words = pair.captions[0].text
        base = _as_base(run(OpenPicture(pair.before.pixels, words, Sampling(seed=number))))
        for way, request in _requests(pair, base, roomy(pair.mask, elliptic=number % 2 == 1)):
            try:
                result = run(request)
            except NothingToChangeError:
                continue
            mask = result.mask if request.mask is None else request.mask
            assert mask is not None
            yield way, base.image, result.image, mask


def _requests(pair: Pair, base: BaseTurn, mask: np.ndarray) -> Iterator[tuple[str, Edit]]:
    words, one = pair.captions[1].text, {"variants": 1}
    if pair.kind == "colour":
        yield "recolour", Edit((base,), words, method="embctrl")
        return
    yield "reword", Edit((base,), words)
    yield "reword_mask", Edit((base,), words, mask)
    yield "repaint_mask", Edit((base,), words, mask, "instdiffedit", one)
    yield "redraw_mask", Edit((base,), words, mask, "masafusion")
    sketch = true_sketch(pair)
    if sketch.any():
        yield "redraw_sketch", Edit((base,), words, mask, "masafusion", sketch=255 - sketch)


def roomy(changed: np.ndarray, elliptic: bool) -> np.ndarray:
    """A box or an ellipse around what changes, bool (H, W), as an artist would mark it; uint8 (H, W)."""
    rows, columns = (np.flatnonzero(changed.any(axis)) for axis in (1, 0))
    mask = np.zeros(changed.shape, np.uint8)
    if not elliptic:
        mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = 255
        return grow(mask, _ROOM)
    middle = (int(columns[0] + columns[-1]) // 2, int(rows[0] + rows[-1]) // 2)
    radii = (int(0.75 * len(range(columns[0], columns[-1]))), int(0.75 * len(range(rows[0], rows[-1]))))
    return np.asarray(cv2.ellipse(mask, middle, radii, 0, 0, 360, 255, -1))


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


def _as_base(result: TurnResult) -> BaseTurn:
    return BaseTurn(**{name: getattr(result, name) for name in BaseTurn.__dataclass_fields__})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--edits", type=int, default=24, help="pairs, each edited by every way")
    parser.add_argument("--pictures", type=int, default=10, help="new ones, of each size")
    parser.add_argument("--show", type=Path, help="a folder for the pictures")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.show:
        options.show.mkdir(parents=True, exist_ok=True)
    settings = replace(Settings(), model="default", device="cpu", live_preview=False)
    with Session(settings, keep_on_disk=False) as session:

        def run(request: object) -> Any:
            return session.run(0, request, lambda event: None)

        traced = list(traced_edits(run, options.edits))
        rows = ring_rows(traced) + (
            count_rows(run, options.pictures, options.show) if options.pictures else []
        )
    for number, (way, before, after, mask) in enumerate(traced if options.show else ()):
        marked = cv2.cvtColor(mask, cv2.COLOR_GRAY2RGB)
        write_png(options.show / f"{number:03}-{way}.png", np.hstack([before, marked, after]))
    show(rows, options.json)


if __name__ == "__main__":
    main()
