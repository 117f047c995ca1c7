"""The judge of the measurements: a small classifier that has seen rendered scenes only, never the model's output."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from pool import to_unit
from runs import Deadline, save_checkpoint
from scenes import Scene, Sprites, render, scene_of
from tables import COLOURS, OBJECTS, PLACES

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


def train_judge(sprites: Sprites, path: Path, minutes: float, batch: int = 48, pool: int = 6000) -> Judge:
    """Train the judge on blurred and noisy renders of the training split; saves and returns it."""
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
    save_checkpoint(path, judge.state_dict())
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


def load_judge(path: Path) -> Judge:
    """The judge of a checkpoint."""
    judge = Judge()
    judge.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return judge.eval()
