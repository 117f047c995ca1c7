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
from tables import COLOURS, OBJECTS, PLACES

WEIGHTS = Path(__file__).with_name("judge.safetensors")
SIDE = 64
WORDS = [kind.word for kind in OBJECTS]
PLACE_WORDS = [place.word for place in PLACES]
COLOURED = [(kind.word, colour) for kind in OBJECTS if kind.colours for colour in COLOURS]


@dataclass(frozen=True)
class Verdict:
    """What the judge sees in each picture: scores of the objects, the places and the coloured objects."""

    objects: Tensor
    places: Tensor
    coloured: Tensor

    def best_objects(self, index: int, count: int) -> set[str]:
        """The most certain objects of a picture."""
        return {WORDS[i] for i in self.objects[index].topk(count).indices}

    def sees(self, index: int, word: str) -> bool:
        """Whether an object is more likely in a picture than not."""
        return bool(self.objects[index, WORDS.index(word)] > 0)

    def place(self, index: int) -> str:
        """The place of a picture."""
        return PLACE_WORDS[int(self.places[index].argmax())]

    def colour(self, index: int, word: str) -> str:
        """The colour of a recolourable object."""
        rows = [i for i, (name, _) in enumerate(COLOURED) if name == word]
        return COLOURED[rows[int(self.coloured[index, rows].argmax())]][1]


class Judge(nn.Module):
    """A plain convolutional classifier of pictures reduced to 64x64."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs, stride in ((3, 32, 1), (32, 64, 2), (64, 96, 2), (96, 128, 2), (128, 192, 2)):
            layers += [
                nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
                nn.BatchNorm2d(outputs),
                nn.ReLU(),
            ]
        self.features = nn.Sequential(*layers)
        self.heads = nn.Linear(2 * 192, len(WORDS) + len(PLACE_WORDS) + len(COLOURED))

    def forward(self, pictures: Tensor) -> Verdict:
        features = self.features(F.adaptive_avg_pool2d(pictures, SIDE))
        pooled = torch.cat([features.mean((2, 3)), features.amax((2, 3))], 1)
        return Verdict(*self.heads(pooled).split([len(WORDS), len(PLACE_WORDS), len(COLOURED)], 1))


def labels(scene: Scene) -> tuple[Tensor, int, Tensor]:
    """The true answers for a scene."""
    words = {item.word for item in scene.items}
    coloured = {(item.word, item.colour or "red") for item in scene.items}
    return (
        torch.tensor([float(word in words) for word in WORDS]),
        PLACE_WORDS.index(scene.place),
        torch.tensor([float(row in coloured) for row in COLOURED]),
    )


def train_judge(sprites: Sprites, minutes: float, batch: int = 48, pool: int = 6000) -> Judge:
    """Train a judge on blurred and noisy renders of the training split."""
    judge, deadline = Judge(), Deadline(minutes)
    optimiser = torch.optim.AdamW(judge.parameters(), lr=2e-3, weight_decay=1e-3)
    rng = np.random.default_rng(0)
    pictures: list[np.ndarray] = []
    truths: list[tuple[Tensor, int, Tensor]] = []
    while not deadline.passed():
        for _ in range(8 if pictures else 4 * batch):
            scene = scene_of(int(rng.integers(2**31)))
            pictures.append(small_render(scene, sprites))
            truths.append(labels(scene))
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


def load_judge(path: Path = WEIGHTS) -> Judge:
    """The trained judge."""
    judge = Judge()
    judge.load_state_dict(
        load_file(path), strict=False
    )  # without the counters of the normalisation's batches
    return judge.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    save_judge(train_judge(Sprites.load(), parser.parse_args().minutes), WEIGHTS)


if __name__ == "__main__":
    main()
