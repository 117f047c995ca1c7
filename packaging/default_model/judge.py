"""The judge of the measurements: a small network that has seen rendered scenes only, never the model's output.

It says which objects there are, where and how many, in which colours and in which place. The weights for the preset
that ships are kept in judge.safetensors; packaging/default_model/judge.py --minutes 20 trains it anew.
"""

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

from device_parameters import Parameters
from device_scenes import DeviceScenes, pixels_of
from runs import Budget, autocast, best_device
from scenes import Scene, render
from sprites import Sprites
from tables import COLOURS, TABLES, Tables
from tokenizer import write_tokenizer

WEIGHTS = Path(__file__).with_name("judge.safetensors")
SIDE = 64
RENDERED = (2 * SIDE, 2 * SIDE)
"""The size of the renders that it learns from, which are reduced as `small_render` reduces them."""
CELLS = 16
"""Along each side of the heat maps that say where objects are."""
CERTAIN = 0.35
"""From which heat a peak is an object."""
RISE = 0.1
"""How much higher than another, as a share of the height, an object is that stands on it."""


class Names:
    """What a judge can answer with, for a preset's tables."""

    def __init__(self, tables: Tables):
        self.words = [kind.word for kind in tables.objects]
        self.places = [place.word for place in tables.places]
        self.coloured = [(kind.word, colour) for kind in tables.objects if kind.colours for colour in COLOURS]


@dataclass(frozen=True)
class Verdict:
    """What the judge sees in each picture: scores of the objects, the places and the coloured objects, and how certain
    it is that the middle of an object is in a cell, (n, objects, CELLS, CELLS) in 0..1."""

    names: Names
    objects: Tensor
    places: Tensor
    coloured: Tensor
    heat: Tensor

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

    def number(self, index: int) -> int:
        """How many objects of any kind a picture shows."""
        return int(peaks(self.heat[index].amax(0)).sum())

    def number_of(self, index: int, word: str) -> int:
        """How many of an object a picture shows."""
        return int(peaks(self.heat[index, self.names.words.index(word)]).sum())

    def position(self, index: int, word: str) -> tuple[float, float]:
        """Where an object most likely is: shares of the width and of the height."""
        cell = int(self.heat[index, self.names.words.index(word)].argmax())
        return (cell % CELLS + 0.5) / CELLS, (cell // CELLS + 0.5) / CELLS

    def related(self, index: int, first: str, relation: str, second: str) -> bool:
        """Whether an object is "left of", "right of" or "on" another."""
        (x, y), (other_x, other_y) = self.position(index, first), self.position(index, second)
        if relation == "on":
            return y < other_y - RISE and abs(x - other_x) < 0.2
        return x < other_x if relation == "left of" else x > other_x


def peaks(heat: Tensor) -> Tensor:
    """Where a map (CELLS, CELLS) is certain and nowhere near higher, bool."""
    highest = F.max_pool2d(heat[None, None], 3, 1, 1)[0, 0]
    return (heat == highest) & (heat > CERTAIN)


class Judge(nn.Module):
    """A plain convolutional network for pictures reduced to 64x64."""

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
        self.sides = nn.ModuleList(nn.Conv2d(channels, 64, 1) for channels in (96, 128, 192))
        self.where = nn.Sequential(
            nn.ReLU(), nn.Conv2d(64, 64, 3, 1, 1), nn.ReLU(), nn.Conv2d(64, len(self.names.words), 1)
        )
        nn.init.constant_(self.where[-1].bias, -4.0)  # most cells hold no object's middle

    def forward(self, pictures: Tensor) -> Verdict:
        scores, heat = self.scores(pictures)
        return Verdict(self.names, *scores.split(self.sizes(), 1), heat.sigmoid())

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


class Truth:
    """The right answers for scenes drawn on a device."""

    def __init__(self, tables: Tables, names: Names, device: torch.device):
        self._objects, self._coloured = len(names.words), len(names.coloured)
        rows = [[0] * (len(COLOURS) + 1) for _ in range(self._objects + 1)]
        for number, word in enumerate(names.words, 1):
            for colour, name in enumerate(COLOURS, 1):
                if (word, name) in names.coloured:
                    rows[number][colour] = 1 + names.coloured.index((word, name))
            rows[number][0] = rows[number][1]  # red as it comes
        self._rows = torch.tensor(rows, device=device)
        self._grid = (torch.arange(CELLS, device=device) + 0.5) / CELLS

    def labels(self, parameters: Parameters) -> tuple[Tensor, Tensor, Tensor]:
        """Which objects there are, float (n, objects), the place, (n,), and the coloured ones, float (n, coloured)."""
        return (
            marked(parameters.words, self._objects),
            parameters.place,
            marked(self._rows[parameters.words, parameters.colours], self._coloured),
        )

    def heat(self, parameters: Parameters, middles: Tensor) -> Tensor:
        """Maps, float (n, objects, CELLS, CELLS), with a peak of 1 in the cell of each object's middle, (n, 3, 2)."""
        cell = ((middles * CELLS).floor().clamp(0, CELLS - 1) + 0.5) / CELLS
        x, y = cell[..., 0, None], cell[..., 1, None]
        across, down = ((self._grid - x) * CELLS).square(), ((self._grid - y) * CELLS).square()
        bumps = torch.exp(-(down[..., :, None] + across[..., None, :]) / 1.2)
        bumps = bumps * (parameters.words > 0)[..., None, None]
        maps = torch.zeros(len(cell), self._objects + 1, CELLS, CELLS, device=cell.device)
        index = parameters.words[..., None, None].expand(-1, -1, CELLS, CELLS)
        return maps.scatter_reduce_(1, index, bumps, "amax")[:, 1:]


def marked(numbers: Tensor, count: int) -> Tensor:
    """1 at each of some numbers from 1, float (n, count)."""
    return torch.zeros(len(numbers), count + 1, device=numbers.device).scatter_(1, numbers, 1.0)[:, 1:]


def heat_loss(logits: Tensor, wanted: Tensor) -> Tensor:
    """The focal loss of heat maps, which spares cells near a peak (Law and Deng 2018, arXiv 1808.01244, equation 1)."""
    certain = logits.sigmoid()
    at_peak = (1 - certain).square() * F.logsigmoid(logits) * (wanted == 1)
    elsewhere = (1 - wanted) ** 4 * certain.square() * F.logsigmoid(-logits) * (wanted < 1)
    return -(at_peak + elsewhere).sum() / len(logits)


def train_judge(
    scenes: DeviceScenes, minutes: float, batch: int, steps: int = 0, begin: Path | None = None
) -> Judge:
    """Train a judge on blurred and noisy renders of the training split, for some minutes or, if given, steps.

    The scenes' sizes have RENDERED among them. The judge begins from what fits of the weights in `begin`.
    """
    judge = Judge(scenes.tables)
    if begin is not None:
        shapes = {name: value.shape for name, value in judge.state_dict().items()}
        known = {name: value for name, value in load_file(begin).items() if value.shape == shapes.get(name)}
        judge.load_state_dict(known, strict=False)
    judge.to(scenes.device, memory_format=torch.channels_last)
    truth = Truth(scenes.tables, judge.names, scenes.device)
    optimiser = torch.optim.AdamW(judge.parameters(), lr=2e-3, weight_decay=1e-3)
    scenes.batch(1, RENDERED)  # wait until the backgrounds are painted
    budget, step = Budget(60 * minutes), 0
    while not budget.passed() and not 0 < steps <= step:
        loss = judge_loss(judge, truth, scenes, batch)
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * (1.02 - budget.fraction())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        step += 1
        if step % 100 == 0:
            print(f"{step * batch} scenes  loss {loss.item():.3f}  {budget}", flush=True)
    return judge.eval().cpu()


def judge_loss(judge: Judge, truth: Truth, scenes: DeviceScenes, batch: int) -> Tensor:
    """The loss on some new scenes."""
    parameters = scenes.draw(batch)
    with torch.no_grad():
        pictures = pixels_of(scenes.render(parameters, RENDERED)).float()
        wanted = truth.heat(parameters, scenes.renderer.middles(parameters, *RENDERED))
    with autocast(scenes.device):
        scores, heat = judge.scores(roughened(F.avg_pool2d(pictures, 2)))
    objects, places, coloured = scores.split(judge.sizes(), 1)
    right_objects, right_places, right_coloured = truth.labels(parameters)
    loss = F.cross_entropy(places, right_places) + heat_loss(heat, wanted)
    loss = loss + 10 * F.binary_cross_entropy_with_logits(objects, right_objects)
    return loss + 5 * F.binary_cross_entropy_with_logits(coloured, right_coloured)


def small_render(scene: Scene, sprites: Sprites) -> np.ndarray:
    """A scene reduced to the judge's size, uint8."""
    pixels = render(scene, sprites, *RENDERED).pixels.astype(np.float32)
    return (pixels.reshape(SIDE, 2, SIDE, 2, 3).mean((1, 3)) + 0.5).astype(np.uint8)


def roughened(pictures: Tensor) -> Tensor:
    """Some of the pictures blurred, all a little noisy, so that the judge looks at shapes."""
    blurred = F.avg_pool2d(F.pad(pictures, (1, 1, 1, 1), mode="replicate"), 3, 1)
    share = torch.rand(len(pictures), 1, 1, 1, device=pictures.device)
    return torch.lerp(pictures, blurred, share) + 0.05 * torch.randn_like(pictures)


def save_judge(judge: Judge, path: Path) -> None:
    """Write the judge's weights, in float16."""
    weights = {
        name: value.half().contiguous()
        for name, value in judge.state_dict().items()
        if value.is_floating_point()
    }
    save_file(weights, path)


def load_judge(tables: Tables, path: Path = WEIGHTS) -> Judge:
    """The trained judge; weights for other tables, or of another judge, raise RuntimeError."""
    judge = Judge(tables)
    counters = {name: value for name, value in judge.state_dict().items() if not value.is_floating_point()}
    judge.load_state_dict({**counters, **load_file(path)})
    return judge.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--preset", default="cpu")
    parser.add_argument("--begin", type=Path, help="weights of a judge to go on from, as far as they fit")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    tables, device = TABLES[arguments.preset], best_device()
    batch, backgrounds = (512, 4000) if device.type == "cuda" else (48, 600)
    with tempfile.TemporaryDirectory() as folder:
        tokenizer = write_tokenizer(Path(folder), tables)
    scenes = DeviceScenes(tables, tokenizer, device, 0, backgrounds, [RENDERED])
    judge = train_judge(scenes, arguments.minutes, batch, begin=arguments.begin)
    scenes.close()
    save_judge(judge, arguments.out)


if __name__ == "__main__":
    main()
