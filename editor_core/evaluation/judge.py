"""The picture-book's own judge: a small network that has seen rendered scenes only, never the model's output.

It says which things a picture shows, where and how many, in which colours and in which place. A set brings it along:
`judge.safetensors`, and `judge.json` with the words that it can answer with. `packaging/default_model/judge.py` trains
it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from editor_core.base.errors import EditorError
from editor_core.evaluation.example import Expected
from editor_core.evaluation.metrics import decibels
from editor_core.evaluation.sets.files import json_of

SIDE = 64
CELLS = 16
"""Along each side of the heat maps that say where things are."""
CERTAIN = 0.28
"""From which heat a peak is a thing."""
RISE = 0.1
"""How much higher than another, as a share of the height, a thing is that stands on it."""
KEPT_DB = 25.0
"""From here on what nothing was asked of counts as untouched."""
LIGHT = 0.5
"""Of the way from one time's light to the other's, how much counts as there."""
FIGURES = ("asked", "gone", "kept")
Picture = np.ndarray


@dataclass(frozen=True)
class Names:
    """What a judge can answer with: things, places, and each colour of the things that have one."""

    words: Sequence[str]
    places: Sequence[str]
    coloured: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Verdict:
    """What the judge sees in each picture: scores of the things, the places and the coloured things, and how certain it
    is that the middle of a thing is in a cell, (n, things, CELLS, CELLS) in 0..1."""

    names: Names
    objects: Tensor
    places: Tensor
    coloured: Tensor
    heat: Tensor

    def best_objects(self, index: int, count: int) -> set[str]:
        """The most certain things of a picture."""
        return {self.names.words[i] for i in self.objects[index].topk(count).indices}

    def sees(self, index: int, word: str) -> bool:
        """Whether a thing is more likely in a picture than not."""
        return bool(self.objects[index, self.names.words.index(word)] > 0)

    def place(self, index: int) -> str:
        """The place of a picture."""
        return self.names.places[int(self.places[index].argmax())]

    def colour(self, index: int, word: str) -> str:
        """The colour of a recolourable thing."""
        rows = [i for i, (name, _) in enumerate(self.names.coloured) if name == word]
        return self.names.coloured[rows[int(self.coloured[index, rows].argmax())]][1]

    def number(self, index: int) -> int:
        """How many things of any kind a picture shows."""
        return int(peaks(self.heat[index].amax(0)).sum())

    def number_of(self, index: int, word: str) -> int:
        """How many of a thing a picture shows."""
        return int(peaks(self.heat[index, self.names.words.index(word)]).sum())

    def position(self, index: int, word: str) -> tuple[float, float]:
        """Where a thing most likely is: shares of the width and of the height."""
        cell = int(self.heat[index, self.names.words.index(word)].argmax())
        return (cell % CELLS + 0.5) / CELLS, (cell // CELLS + 0.5) / CELLS

    def related(self, index: int, first: str, relation: str, second: str) -> bool:
        """Whether a thing is "left of", "right of" or "on" another."""
        (x, y), (other_x, other_y) = self.position(index, first), self.position(index, second)
        if relation == "on":
            return y < other_y - RISE and abs(x - other_x) < 0.2
        return x < other_x if relation == "left of" else x > other_x


def peaks(heat: Tensor) -> Tensor:
    """Where a map (CELLS, CELLS) is certain and nowhere within two cells higher, bool: things are farther apart."""
    highest = F.max_pool2d(heat[None, None], 5, 1, 2)[0, 0]
    return (heat == highest) & (heat > CERTAIN)


class Judge(nn.Module):
    """A plain convolutional network for pictures reduced to 64x64."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self.names = names
        layers: list[nn.Module] = []
        for inputs, outputs, stride in ((3, 32, 1), (32, 64, 2), (64, 96, 2), (96, 128, 2), (128, 192, 2)):
            layers += [
                nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
                nn.BatchNorm2d(outputs),
                nn.ReLU(),
            ]
        self.features = nn.Sequential(*layers)
        self.heads = nn.Linear(2 * 192, sum(self.sizes()))
        self.sides = nn.ModuleList(nn.Conv2d(channels, 64, 1) for channels in (96, 128, 192))
        last = nn.Conv2d(64, len(names.words), 1)
        self.where = nn.Sequential(nn.ReLU(), nn.Conv2d(64, 64, 3, 1, 1), nn.ReLU(), last)
        assert last.bias is not None
        nn.init.constant_(last.bias, -4.0)  # most cells hold no thing's middle

    def forward(self, pictures: Tensor) -> Verdict:
        """Of pictures (n, 3, H, W) in -1..1."""
        scores, heat = self.scores(pictures)
        objects, places, coloured = torch.split(scores, self.sizes(), 1)
        return Verdict(self.names, objects, places, coloured, heat.sigmoid())

    def scores(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """All scores of pictures (n, 3, H, W) in -1..1, (n, sum(sizes)), and the logits of the heat."""
        features = F.adaptive_avg_pool2d(pictures, SIDE)
        levels = []
        for index, layer in enumerate(self.features, 1):
            features = layer(features)
            if index % 3 == 0:
                levels.append(features)
        pooled = torch.cat([features.mean((2, 3)), features.amax((2, 3))], 1)
        near = [
            F.interpolate(side(level), size=(CELLS, CELLS), mode="bilinear", align_corners=False)
            for side, level in zip(self.sides, levels[2:], strict=True)
        ]
        return self.heads(pooled).float(), self.where(near[0] + near[1] + near[2]).float()

    def sizes(self) -> list[int]:
        """How many scores of each kind there are."""
        return [len(self.names.words), len(self.names.places), len(self.names.coloured)]

    def read_weights(self, file: Path) -> "Judge":
        """Take the weights of a file. Raises RuntimeError where they are another judge's."""
        counters = {name: value for name, value in self.state_dict().items() if not value.is_floating_point()}
        self.load_state_dict({**counters, **load_file(file)})
        return self.eval()

    @torch.no_grad()
    def look(self, picture: Picture) -> Verdict:
        """What it sees in a picture, uint8 (H, W, 3); of index 0."""
        shown = torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].float() / 127.5 - 1
        verdict: Verdict = self(shown)
        return verdict


def judge_of(folder: Path) -> Judge | None:
    """The judge that a set brings along; None where it has none. Raises EditorError where it is damaged."""
    weights = folder / "judge.safetensors"
    if not weights.is_file():
        return None
    try:
        told = json_of(folder / "judge.json")
        names = Names(told["words"], told["places"], [(word, colour) for word, colour in told["coloured"]])
        return Judge(names).read_weights(weights)
    except (KeyError, TypeError, ValueError, RuntimeError, SafetensorError) as error:
        raise EditorError("The set's judge is damaged: {file}.", file=weights.name) from error


def verdict_on(
    judge: Judge, expected: Expected, before: Picture, result: Picture, mask: Picture | None
) -> dict[str, float]:
    """asked, gone, kept: 1 where true, 0 where not, missing where nothing can be said.

    asked: what was asked for is there. gone: what was to go is gone. kept: the things that nothing was asked of are
    there, and outside the true mask (H, W) the picture is as it was, to 25 dB. Pictures uint8 (H, W, 3).
    """
    seen, found = judge.look(result), {}
    best = seen.best_objects(0, max(1, len(set(expected.shown))))
    asked = [word in best for word in expected.asked]
    asked += [seen.place(0) == expected.place] if expected.place else []
    asked += [seen.colour(0, word) == colour for word, colour in expected.colours]
    if expected.related:
        first, relation, second = expected.related
        asked.append(seen.related(0, first, relation, second))
    asked += [_lighter(expected.light, before, result)] if expected.light else []
    if asked:
        found["asked"] = float(all(asked))
    gone = [not seen.sees(0, word) for word in expected.gone]
    gone += [seen.place(0) != expected.place_gone] if expected.place_gone else []
    if gone:
        found["gone"] = float(all(gone))
    kept = [word in best for word in expected.kept]
    if mask is not None and (mask == 0).any():
        stays = mask == 0
        kept.append(decibels(before[stays], result[stays]) >= KEPT_DB)
    if kept:
        found["kept"] = float(all(kept))
    return found


def _lighter(wanted: Sequence[float], before: Picture, result: Picture) -> bool:
    """Whether the mean colour moved at least half of the way that was wanted, in levels of 255."""
    way = np.asarray(wanted)
    moved = result.reshape(-1, 3).mean(0) - before.reshape(-1, 3).mean(0)
    return bool(way @ moved >= LIGHT * (way @ way))
