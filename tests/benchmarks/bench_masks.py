"""Masks from attention and the edits made with them, on held-out pairs of scenes with the true minimal mask.

    python tests/benchmarks/bench_masks.py [--model FOLDER] [--count 60] [--also 12] [--json]
    python tests/benchmarks/bench_masks.py --ablation [--count 12] [--json]
    python tests/benchmarks/bench_masks.py --variants [--count 3] [--json]

The project's own Editing-Mask: another main object, another second object, another place; with one object and with
two. Side by side in one run with the same weights, steps and guidance: ours, diffusers' StableDiffusionDiffEditPipeline
(mask and edit) and image-to-image (SDEdit, r = 0.5). Metrics are those of the paper (arXiv 2401.07709, appendix,
equations I to III), and a judge says whether the asked-for thing is there.

**Words.** DiffEdit contrasts a source with a target text; InstDiffEdit needs the edit's words alone. Its paper does not
say outright what DiffEdit got: each instance "includes an input image, original and edit text", the edit texts shown
for all methods are phrases ("tennis ball" for "soccer ball", "on a beach"), and that phrases were put into whole
sentences is told of CycleDiffusion and PtP only. So the comparison of the paper is phrase against phrase. Whole
sentences, as in diffusers' documentation, suit DiffEdit far better on this model, so the rows with a bar give both
methods both sentences; on the first `--also` pairs both are compared with less as well: the new sentence without the
old one (DiffEdit's source text is empty then), and the phrases alone. DiffEdit has diffusers' defaults throughout.

The shipped model's attention was grounded in training: its figures say nothing about Stable Diffusion, only the
comparison within this run is one. The `--also` pairs are searched with the published recipe, too, which on this model
falls far behind the preset "grounded"; why is told in engines/regions/object_mask.py. The true mask is where the
old and the new picture differ, so a mask of exactly the old thing, which no search could better without knowing the
new picture, has no IoU of 1: the row "oracle" has it. The pairs begin at number 1000; the preset was made looking at
pairs 0 to 31, 700 to 759 and 3000 to 3059. `--ablation` measures the published recipe alone, over the paper's Table 2
of r and phi; `--variants` how much sooner three variants are there as one batch than one after another.
"""

import prelude  # noqa: F401 before torch

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import product
from types import SimpleNamespace

import numpy as np
import torch

from editor_core.backbones.registry import backbone_of
from editor_core.base.errors import EditorError
from editor_core.base.settings import Settings
from editor_core.baselines import sdedit
from editor_core.baselines.diffedit import DiffEdit
from editor_core.baselines.task import Task
from editor_core.messages.events import Event, MaskFound, Variant
from editor_core.messages.requests import BaseTurn, Edit, FindMask, Generate, OpenPicture, Sampling
from editor_core.sampling.schedule import NoiseSchedule
from editor_core.session.session import Session
from report import Row, show
from scene_pairs import Pair, held_out_pairs, look

KINDS = ("object", "second", "place")
FIRST = 1000
OURS, PUBLISHED, DIFFEDIT, SDEDIT, ORACLE = "ours", "published", "diffedit", "sdedit", "oracle"
NEW_SENTENCE, PHRASES = "new sentence alone", "phrases alone"
GROUNDED, PAPER = {"preset": "grounded"}, {"preset": "paper"}
ONE = {"variants": 1, "incremental": False}  # an opened picture has no recorded run to save work with


@dataclass
class Score:
    """What one method made of the pairs."""

    iou: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """By kind of pair."""
    iou_of_number: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    """By how many things the picture shows: the paper's Table I has one object, and several."""
    inside: list[float] = field(default_factory=list)
    """C_m: the mean change inside the true mask, 0..1."""
    outside: list[float] = field(default_factory=list)
    """C_non: the mean change outside it."""
    there: list[bool] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    """To a mask."""

    def found(self, pair: Pair, value: float) -> None:
        """A mask's overlap with the true one."""
        self.iou[pair.kind].append(value)
        self.iou_of_number[len(pair.scenes[0].items)].append(value)

    @property
    def mean_iou(self) -> float:
        return statistics.mean(value for values in self.iou.values() for value in values)

    @property
    def ratio(self) -> float:
        return statistics.mean(self.inside) / statistics.mean(self.outside)

    def details(self) -> dict[str, object]:
        told: dict[str, object] = {"pairs": sum(map(len, self.iou.values())) or len(self.inside)}
        if self.iou:
            told["iou"] = round(self.mean_iou, 3)
            told |= {f"iou_{kind}": round(statistics.mean(found), 3) for kind, found in self.iou.items()}
            for number, found in sorted(self.iou_of_number.items()):
                told[f"iou_things_{number}"] = {"mean": round(statistics.mean(found), 3), "pairs": len(found)}
        if self.inside:
            told |= {
                "c_m": round(statistics.mean(self.inside), 4),
                "c_non": round(statistics.mean(self.outside), 4),
            }
            told |= {"ratio": round(self.ratio, 2), "there": round(100 * statistics.mean(self.there), 1)}
        if self.seconds:
            told["mask_s"] = round(statistics.median(self.seconds), 3)
        return told


class Bench:
    def __init__(self, session: Session, model: str, device: str) -> None:
        from editor_core.models.load import load

        self.session = session
        bundle = load(model, device)  # the peers' own copy of the same weights
        self.context = SimpleNamespace(
            bundle=bundle,
            backbone=backbone_of(bundle.unet),
            schedule=NoiseSchedule.from_config(bundle.schedule),
            tensor=torch.tensor,
            progress=lambda *_: None,
            check_cancelled=lambda: None,
        )
        self.size = bundle.default_size[0]
        """Pixels a side: what the model is made for, which paints in one pass."""
        self.diffedit = DiffEdit(bundle, bundle.default_steps)
        self.scores: dict[str, Score] = defaultdict(Score)
        self.changed_outside = 0
        self.second_masks: list[float] = []

    def run(self, request, hear=lambda event: None):
        return self.session.run(0, request, hear)

    def pair(self, pair: Pair, seed: int, also: bool) -> None:
        """Everything that is measured on one pair."""
        before, after = (caption.text for caption in pair.captions)
        base = self._ours(pair, seed, before, after)
        self._diffedit(pair, seed, before, after)
        self._sdedit(SDEDIT, pair, base, after)
        self.scores[ORACLE].found(pair, overlap(old_thing(pair), pair.mask))
        if also:
            self._search(PUBLISHED, pair, seed, parameters=PAPER)
            self._search(f"{OURS}, {NEW_SENTENCE}", pair, seed, after)
            self._search(f"{OURS}, {PHRASES}", pair, seed)
            self._diffedit_mask(f"{DIFFEDIT}, {NEW_SENTENCE}", pair, seed, "", after)
            self._diffedit_mask(f"{DIFFEDIT}, {PHRASES}", pair, seed, *pair.phrases)

    def _search(
        self, name: str, pair: Pair, seed: int, sentence: str = "", before: str = "", parameters=GROUNDED
    ) -> np.ndarray:
        request = FindMask(
            pair.before.pixels, pair.phrases[1], sentence, before, seed=seed, parameters=parameters
        )
        start = time.perf_counter()
        found = self.run(request)
        score = self.scores[name]
        score.seconds.append(time.perf_counter() - start)
        score.found(pair, overlap(found.mask > 0, pair.mask))
        return found.mask

    def _ours(self, pair: Pair, seed: int, before: str, after: str) -> BaseTurn:
        self._search(OURS, pair, seed, after, before)  # the picture is new: encoding counts, as for DiffEdit
        start = time.perf_counter()
        self.run(FindMask(pair.before.pixels, pair.phrases[1], after, before, seed=seed, parameters=GROUNDED))
        self.second_masks.append(time.perf_counter() - start)
        base = as_base(self.run(OpenPicture(pair.before.pixels, before, Sampling(seed=seed))))
        own = GROUNDED | {"phrase": pair.phrases[1]}
        self._edit(OURS, pair, Edit((base,), after, None, "instdiffedit", own))
        return base

    def _edit(self, name: str, pair: Pair, request: Edit) -> None:
        """An edit that finds nothing to paint leaves the picture as it was, and is judged so."""
        try:
            result = self.run(replace(request, parameters={**request.parameters, **ONE}))
        except EditorError:
            self._judge(name, pair, pair.before.pixels)
            return
        outside = result.mask == 0
        self.changed_outside += int((result.image != pair.before.pixels).any(2)[outside].sum())
        self._judge(name, pair, result.image)

    def _diffedit(self, pair: Pair, seed: int, before: str, after: str) -> None:
        mask = self._diffedit_mask(DIFFEDIT, pair, seed, before, after)
        self._judge(DIFFEDIT, pair, self.diffedit.edit(pair.before.pixels, mask, before, after, seed))

    def _diffedit_mask(self, name: str, pair: Pair, seed: int, source: str, target: str) -> np.ndarray:
        start = time.perf_counter()
        mask = self.diffedit.mask(pair.before.pixels, source, target, seed)
        score = self.scores[name]
        score.seconds.append(time.perf_counter() - start)
        scale = self.size // mask.shape[0]
        whole = np.kron(mask, np.ones((scale, scale), int)) > 0
        score.found(pair, overlap(whole, pair.mask))
        return mask

    def _sdedit(self, name: str, pair: Pair, base: BaseTurn, words: str) -> None:
        task = Task(self.context, base, words, mask=pair.mask, strokes=np.zeros_like(pair.mask))
        self._judge(name, pair, sdedit.edit(task, strength=0.5))

    def _judge(self, name: str, pair: Pair, picture: np.ndarray) -> None:
        score = self.scores[name]
        inside, outside = changes(pair, picture)
        score.inside.append(inside)
        score.outside.append(outside)
        score.there.append(is_there(pair, picture))

    def compared(self, pairs: list[Pair], also: int) -> list[Row]:
        """Ours beside the peers; other words and the published recipe on the first pairs only."""
        for seed, pair in enumerate(pairs):
            self.pair(pair, seed, seed < also)
            sys.stderr.write(f"\rpair {seed + 1}/{len(pairs)}")
        return self._rows()

    def _rows(self) -> list[Row]:
        scores = self.scores
        ours, theirs = scores[OURS], scores[DIFFEDIT]
        everyone = {name: score.details() for name, score in scores.items()}
        speedup = statistics.median(theirs.seconds) / statistics.median(ours.seconds)
        second = {"second_mask_s": round(statistics.median(self.second_masks), 3)}
        return [
            Row("iou", ours.mean_iou, "", ">= 0.65", everyone),
            Row("iou_over_diffedit", ours.mean_iou / theirs.mean_iou, "x", ">= 1.7"),
            *self._with_fewer_words(),
            Row("change_ratio", ours.ratio, "", ">= 3.71"),
            Row("change_ratio_over_diffedit", ours.ratio / theirs.ratio, "x", ">= 1.5"),
            Row("object_there", 100 * statistics.mean(ours.there), "%", ">= 80"),
            Row("mask_speedup", speedup, "x", ">= 5", second),
            first_overlay(self.session, self.context.bundle.device.type, min(5, len(ours.seconds))),
            Row("changed_outside", float(self.changed_outside), "pixels", "= 0"),
        ]

    def _with_fewer_words(self) -> list[Row]:
        rows = []
        for words in (NEW_SENTENCE, PHRASES):
            ours, theirs = (self.scores.get(f"{method}, {words}") for method in (OURS, DIFFEDIT))
            if ours and theirs:
                over = ours.mean_iou / theirs.mean_iou if theirs.mean_iou else None
                rows.append(Row(f"iou_over_diffedit, {words}", over, "x"))
        return rows

    def variants(self, pairs: Sequence[Pair], many: int = 3) -> list[Row]:
        """Seconds for so many variants one after another over those as one batch, by turns, search included.

        Beside it, the seconds until the first of them is there.
        """
        seconds, first = defaultdict(list), defaultdict(list)
        for seed, pair in enumerate(pairs):
            before, after = (caption.text for caption in pair.captions)
            base = as_base(self.run(Generate(before, self.size, self.size, Sampling(seed=seed))))
            for rows, batched in product((True, False), (True, False)):
                own = {"phrase": pair.phrases[1], "variants": many, "incremental": rows, "batched": batched}
                start, came = time.perf_counter(), []

                def hear(event: Event, came: list[float] = came) -> None:
                    if isinstance(event, Variant):
                        came.append(time.perf_counter())

                self.run(Edit((base,), after, None, "instdiffedit", own), hear)
                seconds[rows, batched].append(time.perf_counter() - start)
                first[rows, batched].append(came[0] - start)
        gains = {rows: sum(seconds[rows, False]) / sum(seconds[rows, True]) for rows in (True, False)}
        told = (("batch_s", seconds, True), ("batch_first_s", first, True), ("singly_first_s", first, False))
        shown = {
            rows: {name: round(statistics.median(kept[rows, batched]), 2) for name, kept, batched in told}
            for rows in gains
        }
        named = {True: "variants_speedup", False: "variants_speedup, dense"}
        return [Row(named[rows], gain, "x", None, shown[rows]) for rows, gain in gains.items()]

    def ablation(self, pairs: list[Pair]) -> list[Row]:
        """The published recipe over r and phi, as in the paper's Table 2."""
        rows = []
        for seed, pair in enumerate(pairs):
            words = pair.captions[0].text, pair.phrases[1]
            base = as_base(self.run(OpenPicture(pair.before.pixels, words[0], Sampling(seed=seed))))
            self._sdedit("r=0.5 no mask", pair, base, words[1])
            for strength, threshold in product((0.4, 0.5, 0.6), (0.1, 0.2, 0.3)):
                name = f"r={strength} phi={threshold}"
                own = PAPER | {"strength": strength, "threshold": threshold}
                mask = self._search(name, pair, seed, parameters=own)
                self._edit(name, pair, Edit((base,), words[1], mask, "instdiffedit", own))
            sys.stderr.write(f"\rpair {seed + 1}/{len(pairs)}")
        for name, score in self.scores.items():
            value = score.mean_iou if score.iou else None
            rows.append(Row(f"ablation {name}", value, "", None, score.details()))
        return rows


def first_overlay(session: Session, device: str, tries: int = 5, size: int = 512) -> Row:
    """Seconds from asking to the first mask of a picture that was not seen before, model loaded."""
    seconds = []
    for number, pair in enumerate(held_out_pairs(tries + 1, size, KINDS, FIRST)):
        request = FindMask(
            pair.before.pixels,
            pair.phrases[1],
            *(caption.text for caption in reversed(pair.captions)),
            parameters=GROUNDED,
        )
        start, told = time.perf_counter(), []

        def hear(event: Event, start: float = start, told: list[float] = told) -> None:
            if isinstance(event, MaskFound):
                told.append(time.perf_counter() - start)

        session.run(0, request, hear)
        if number:  # the first one warms up
            seconds.append(told[0])
    name, bar = ("first_overlay_cuda_s", "<= 0.15") if device == "cuda" else ("first_overlay_s", "<= 2.5")
    return Row(name, statistics.median(seconds), "s", bar)


def overlap(found: np.ndarray, true: np.ndarray) -> float:
    """Intersection over union, equation I."""
    return float((found & true).sum() / max((found | true).sum(), 1))


def old_thing(pair: Pair) -> np.ndarray:
    """Exactly what goes, bool (H, W): an object's own pixels, or all that is no object's."""
    if pair.kind == "place":
        return ~pair.before.masks.any(0)
    return pair.before.masks[pair.objects[0]]


def changes(pair: Pair, picture: np.ndarray) -> tuple[float, float]:
    """C_m and C_non, equations II and III; a pixel's change is the mean over its channels."""
    difference = np.abs(pair.before.pixels.astype(np.float64) - picture).mean(2) / 255
    return float(difference[pair.mask].mean()), float(difference[~pair.mask].mean())


def is_there(pair: Pair, picture: np.ndarray) -> bool:
    """The judge's verdict: the new object among as many as the scene has, or the new place."""
    verdict, after = look([picture]), pair.scenes[1]
    if pair.kind == "place":
        return verdict.place(0) == after.place
    item = after.items[pair.objects[1]]
    return item.word in verdict.best_objects(0, len(after.items))


def as_base(result) -> BaseTurn:
    return BaseTurn(**{f.name: getattr(result, f.name) for f in fields(BaseTurn)})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="default")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--count", type=int, help="pairs; 60, or 12 for the ablation, 3 for the variants")
    parser.add_argument(
        "--also", type=int, default=12, help="of them also with fewer words and with the published recipe"
    )
    parser.add_argument(
        "--ablation", action="store_true", help="the published recipe over r and phi, nothing else"
    )
    parser.add_argument(
        "--variants", action="store_true", help="what a batch of variants gains, nothing else"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", 2)))
    with tempfile.TemporaryDirectory() as cache, torch.no_grad():
        settings = Settings(model=options.model, device=options.device, cache_folder=cache)
        with Session(replace(settings, live_preview=False)) as session:
            bench = Bench(session, options.model, options.device)
            count = options.count or (12 if options.ablation else 3 if options.variants else 60)
            pairs = list(held_out_pairs(count, bench.size, KINDS, FIRST))
            if options.ablation:
                rows = bench.ablation(pairs)
            elif options.variants:
                rows = bench.variants(pairs)
            else:
                rows = bench.compared(pairs, options.also)
    sys.stderr.write("\n")
    show(rows, options.json, options.device)


if __name__ == "__main__":
    main()
