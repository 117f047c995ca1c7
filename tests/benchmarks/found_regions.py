"""Reword without a mask on held-out pairs: the region it finds, and what a judge sees of the result.

Half of the pairs are opened as they were rendered, half are painted anew by the model, with its guidance, from the
noise that inverting the rendering leads to: the layout, and with it the true region, stays. Every way to find the
region edits the same bases, and the new words are generated anew beside them.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from editor_core.base.errors import NothingToChangeError
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import BaseTurn, Edit, Generate, OpenPicture, Sampling
from report import Row
from scene_pairs import Pair, Verdict, held_out_pairs, look

KINDS = ("object", "second", "colour", "place", "time", "add", "remove")
"""All that words can ask for; a moved or resized thing has the same sentence."""
WAYS: dict[str, dict[str, Any]] = {
    "default": {},
    "warm-up": {"search": "warm-up"},
    "paper": {"search": "warm-up", "follow_words": False, "follow_differences": False},
}
ANEW = "anew"
MIN_COVERED = 0.85
_WHOLE = 255

Run = Callable[[object], TurnResult]


@dataclass
class Scores:
    """Of one way: a number a pair, and squared errors on what should have stayed."""

    iou: list[float] = field(default_factory=list)
    coverage: list[float] = field(default_factory=list)
    with_fade: list[float] = field(default_factory=list)
    share: list[float] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    asked: list[bool] = field(default_factory=list)
    gone: list[bool] = field(default_factory=list)
    kept: list[float] = field(default_factory=list)
    """Mean squared errors."""

    def add_region(self, kind: str, opacity: np.ndarray, true: np.ndarray) -> None:
        found = opacity == _WHOLE
        both = float((found & true).sum())
        self.kinds.append(kind)
        self.iou.append(both / max(float((found | true).sum()), 1))
        self.coverage.append(both / max(float(true.sum()), 1))
        self.share.append(float(found.mean()))
        faded = opacity > 0
        self.with_fade.append(float((faded & true).sum()) / max(float((faded | true).sum()), 1))

    def of_kinds(self) -> dict[str, list[float]]:
        """Per kind, overlap and coverage."""
        found: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for kind, iou, coverage in zip(self.kinds, self.iou, self.coverage, strict=True):
            found[kind].append((iou, coverage))
        return {kind: np.round(np.mean(each, axis=0), 3).tolist() for kind, each in found.items()}

    def summary(self) -> dict[str, Any]:
        means = {name: _mean(getattr(self, name)) for name in ("iou", "coverage", "with_fade", "share")}
        few = sum(value < MIN_COVERED for value in self.coverage)
        return means | {
            "least": round(min(self.coverage), 3),
            "little_covered": few,
            "kinds": self.of_kinds(),
        }


def measured(run: Run, pairs: int, size: int) -> list[Row]:
    """Edit every pair every way. ``run`` takes a request; pictures are ``size`` pixels a side."""
    scores: dict[str, Scores] = defaultdict(Scores)
    for number, pair in enumerate(held_out_pairs(pairs, size, KINDS)):
        score(run, pair, number, scores)
    return rows(scores, pairs)


def score(run: Run, pair: Pair, number: int, scores: dict[str, "Scores"]) -> None:
    """Edit a pair every way, and add what comes of it."""
    base = _base(run, pair, number)
    height, width = base.image.shape[:2]
    results, opacities = {}, {}
    for name, parameters in WAYS.items():
        request = Edit((base,), pair.captions[1].text, parameters=parameters)
        results[name], opacities[name] = _edited(run, request)
        scores[name].add_region(pair.kind, opacities[name], pair.mask)
    sampling = Sampling(base.seed, base.steps, base.guidance)
    results[ANEW] = run(Generate(pair.captions[1].text, width, height, sampling)).image
    stays = np.any([opacity > 0 for opacity in opacities.values()], axis=0) & ~pair.mask
    for name, image in results.items():
        _judge(scores[name], pair, image)
        if stays.any():
            error = (image[stays].astype(np.float64) - base.image[stays]) ** 2
            scores[name].kept.append(float(error.mean()))


def _base(run: Run, pair: Pair, number: int) -> BaseTurn:
    """The pair's first picture: rendered, or painted by the model in the same layout."""
    words = pair.captions[0].text
    painted = (number + number // len(KINDS)) % 2 == 1
    sampling = Sampling(seed=number, guidance=1.0 if painted else None)
    opened = _as_base(run(OpenPicture(pair.before.pixels, words, sampling)))
    if not painted:
        return opened
    everywhere = np.full(opened.image.shape[:2], _WHOLE, np.uint8)
    whole = run(Edit((opened,), words, everywhere, guidance=4.0, parameters={"incremental": False}))
    return replace(_as_base(whole), method="generate", mask=None)


def _edited(run: Run, request: Edit) -> tuple[np.ndarray, np.ndarray]:
    """The picture and its opacity; where nothing would change, the base's and none."""
    try:
        result = run(request)
    except NothingToChangeError:
        return request.base.image, np.zeros(request.base.image.shape[:2], np.uint8)
    assert result.mask is not None
    return result.image, result.mask


def _judge(scores: Scores, pair: Pair, image: np.ndarray) -> None:
    verdict = look([image])
    asked, gone = is_there(verdict, pair), _is_gone(verdict, pair)
    if asked is not None:
        scores.asked.append(asked)
    if gone is not None:
        scores.gone.append(gone)


def is_there(verdict: Verdict, pair: Pair) -> bool | None:
    """Whether the judge sees what was asked for; None where it has no word for that."""
    (_, after), (_, index) = pair.scenes, pair.objects
    if pair.kind == "place":
        return verdict.place(0) == after.place
    if pair.kind in ("time", "remove") or index is None:
        return None
    item = after.items[index]
    if pair.kind == "colour":
        return verdict.colour(0, item.word) == (item.colour or "red")
    return item.word in verdict.best_objects(0, len(after.items))


def _is_gone(verdict: Verdict, pair: Pair) -> bool | None:
    """Whether the judge no longer sees what went away."""
    (before, _), (index, _) = pair.scenes, pair.objects
    if pair.kind == "place":
        return verdict.place(0) != before.place
    if pair.kind in ("time", "add") or index is None:
        return None
    item = before.items[index]
    if pair.kind == "colour":
        return verdict.colour(0, item.word) != (item.colour or "red")
    return not verdict.sees(0, item.word)


def rows(scores: dict[str, Scores], pairs: int) -> list[Row]:
    ours = scores["default"]
    regions = {"pairs": pairs} | {name: scores[name].summary() for name in WAYS}
    asked = {name: _percent(each.asked) for name, each in scores.items()}
    gone = {name: _percent(each.gone) for name, each in scores.items()}
    kept = {name: _decibels(each.kept) for name, each in scores.items()}
    return [
        Row("found_mask_iou", _mean(ours.iou), "", ">= 0.72", regions),
        Row("found_mask_coverage", _mean(ours.coverage), "", ">= 0.97"),
        Row("found_mask_little_covered", float(sum(v < MIN_COVERED for v in ours.coverage)), "pairs", "= 0"),
        Row("asked_there", asked["default"], "%", ">= 95", asked | {"edits": len(ours.asked)}),
        Row("rest_gone", gone["default"], "%", ">= 95", gone | {"edits": len(ours.gone)}),
        Row("kept_things", kept["default"], "dB", f">= {kept['warm-up']:.2f}", kept),
    ]


def _as_base(result: TurnResult) -> BaseTurn:
    return BaseTurn(**{name: getattr(result, name) for name in BaseTurn.__dataclass_fields__})


def _mean(values: list[float]) -> float:
    return round(float(np.mean(values)), 4)


def _percent(values: list[bool]) -> float:
    return round(100 * float(np.mean(values)), 1)


def _decibels(errors: list[float]) -> float:
    return round(float(10 * np.log10(255**2 / max(np.mean(errors), 1e-6))), 2)
