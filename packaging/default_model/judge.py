"""The judge of the measurements: a small classifier that has seen rendered scenes only, never the model's output.

Its weights are kept in judge.safetensors; packaging/default_model/judge.py --minutes 20 trains it anew.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

from pool import to_unit
from runs import Deadline
from scenes import Scene, render, scene_of
from sprites import Sprites
from tables import COLOURS, TABLES, Tables

WEIGHTS = Path(__file__).with_name("judge.safetensors")
SIDE = 64


class Names:
    """What a judge can answer with, for a preset's tables."""

    def __init__(self, tables: Tables):
        self.words = [kind.word for kind in tables.objects]
        self.places = [place.word for place in tables.places]
        self.coloured = [(kind.word, colour) for kind in tables.objects if kind.colours for colour in COLOURS]


@dataclass(frozen=True)
class Verdict:
    """What the judge sees in each picture: scores of the objects, the places and the coloured objects."""

    names: Names
    objects: Tensor
    places: Tensor
    coloured: Tensor

    def best_objects(self, index: int, count: int) -> set[str]:
        """The most certain objects of a picture."""
        return {self.names.words[i] for i in self.objects[index].topk(count).indices}

    def sees(self, index: int, word: str) -> bool:
        """Whether an object is more likely in a picture than not."""
        return bool(self.objects[index, self.names.words.index(word)] > 0)

    def place(self, index: int) -> str:
        """The place of a picture."""
        return self.names.places[int(self.places[index].argmax())]

    def colour(self, index: int, word: str) -> str:
        """The colour of a recolourable object."""
        rows = [i for i, (name, _) in enumerate(self.names.coloured) if name == word]
        return self.names.coloured[rows[int(self.coloured[index, rows].argmax())]][1]


class Judge(nn.Module):
    """A plain convolutional classifier of pictures reduced to 64x64."""

    def __init__(self, tables: Tables):
        super().__init__()
        self.names = Names(tables)
        layers: list[nn.Module] = []
        for inputs, outputs, stride in ((3, 32, 1), (32, 64, 2), (64, 96, 2), (96, 128, 2), (128, 192, 2)):
            layers += [
                nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
                nn.BatchNorm2d(outputs),
                nn.ReLU(),
            ]
        self.features = nn.Sequential(*layers)
        self.heads = nn.Linear(2 * 192, sum(self.sizes()))

    def forward(self, pictures: Tensor) -> Verdict:
        features = self.features(F.adaptive_avg_pool2d(pictures, SIDE))
        pooled = torch.cat([features.mean((2, 3)), features.amax((2, 3))], 1)
        return Verdict(self.names, *self.heads(pooled).split(self.sizes(), 1))

    def sizes(self) -> list[int]:
        """How many scores of each kind there are."""
        return [len(self.names.words), len(self.names.places), len(self.names.coloured)]


def labels(scene: Scene, names: Names) -> tuple[Tensor, int, Tensor]:
    """The true answers for a scene."""
    words = {item.word for item in scene.items}
    coloured = {(item.word, item.colour or "red") for item in scene.items}
    return (
        torch.tensor([float(word in words) for word in names.words]),
        names.places.index(scene.place),
        torch.tensor([float(row in coloured) for row in names.coloured]),
    )


def train_judge(tables: Tables, sprites: Sprites, minutes: float, batch: int = 48, pool: int = 6000) -> Judge:
    """Train a judge on blurred and noisy renders of the training split."""
    judge, deadline = Judge(tables), Deadline(minutes)
    optimiser = torch.optim.AdamW(judge.parameters(), lr=2e-3, weight_decay=1e-3)
    rng = np.random.default_rng(0)
    pictures: list[np.ndarray] = []
    truths: list[tuple[Tensor, int, Tensor]] = []
    while not deadline.passed():
        for _ in range(8 if pictures else 4 * batch):
            scene = scene_of(int(rng.integers(2**31)), tables)
            pictures.append(small_render(scene, sprites))
            truths.append(labels(scene, judge.names))
        pictures, truths = pictures[-pool:], truths[-pool:]
        chosen = rng.integers(len(pictures), size=batch)
        objects, places, coloured = zip(*(truths[i] for i in chosen))
        verdict = judge(roughened(to_unit(np.stack([pictures[i] for i in chosen]))))
        loss = F.cross_entropy(verdict.places, torch.tensor(places))
        loss = loss + 10 * F.binary_cross_entropy_with_logits(verdict.objects, torch.stack(objects))
        loss = loss + 5 * F.binary_cross_entropy_with_logits(verdict.coloured, torch.stack(coloured))
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * (1.02 - deadline.fraction())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return judge.eval()


def small_render(scene: Scene, sprites: Sprites) -> np.ndarray:
    """A scene reduced to the judge's size, uint8."""
    pixels = render(scene, sprites, 2 * SIDE, 2 * SIDE).pixels.astype(np.float32)
    return (pixels.reshape(SIDE, 2, SIDE, 2, 3).mean((1, 3)) + 0.5).astype(np.uint8)


def roughened(pictures: Tensor) -> Tensor:
    """Some of the pictures blurred, all a little noisy, so that the judge looks at shapes."""
    blurred = F.avg_pool2d(F.pad(pictures, (1, 1, 1, 1), mode="replicate"), 3, 1)
    share = torch.rand(len(pictures), 1, 1, 1)
    return torch.lerp(pictures, blurred, share) + 0.05 * torch.randn_like(pictures)


def save_judge(judge: Judge, path: Path) -> None:
    """Write the judge's weights, in float16."""
    weights = {name: value.half() for name, value in judge.state_dict().items() if value.is_floating_point()}
    save_file(weights, path)


def load_judge(tables: Tables, path: Path = WEIGHTS) -> Judge:
    """The trained judge."""
    judge = Judge(tables)
    judge.load_state_dict(
        load_file(path), strict=False
    )  # without the counters of the normalisation's batches
    return judge.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--preset", default="cpu")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    save_judge(train_judge(TABLES[arguments.preset], Sprites.load(), arguments.minutes), arguments.out)


if __name__ == "__main__":
    main()
