"""Trains the judge of the measurements, `editor_core/evaluation/judge.py`, on rendered scenes.

The weights for the smaller preset are kept in judge.safetensors.xz; with --minutes 20 this file trains it anew.
"""

import argparse
import lzma
import tempfile
from pathlib import Path

import numpy as np
import torch
from editor_core.evaluation.judge import CELLS, SIDE, Judge, Names
from safetensors.torch import load, save
from torch import Tensor
from torch.nn import functional as F

from device_parameters import Parameters
from device_scenes import DeviceScenes, pixels_of
from runs import Budget, autocast, best_device
from scenes import Scene, render
from sprites import Sprites
from tables import COLOURS, TABLES, Tables
from tokenizer import write_tokenizer

WEIGHTS = Path(__file__).with_name("judge.safetensors.xz")
_HALVES = {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 0, "lp": 1, "pb": 1}
"""For numbers of two bytes each."""
RENDERED = (2 * SIDE, 2 * SIDE)
"""The size of the renders that it learns from, which are reduced as `small_render` reduces them."""


def names_of(tables: Tables) -> Names:
    """What a judge can answer with, for a preset's tables."""
    return Names(
        [kind.word for kind in tables.objects],
        [place.word for place in tables.places],
        [(kind.word, colour) for kind in tables.objects if kind.colours for colour in COLOURS],
    )


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
    judge = Judge(names_of(scenes.tables))
    if begin is not None:
        shapes = {name: value.shape for name, value in judge.state_dict().items()}
        known = {
            name: value for name, value in load(content_of(begin)).items() if value.shape == shapes.get(name)
        }
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
    """Write the judge's weights, in float16 less a bit; packed where the path ends in .xz."""
    weights = {
        name: _less_a_bit(value.half().contiguous())
        for name, value in judge.state_dict().items()
        if value.is_floating_point()
    }
    content = save(weights)
    path.write_bytes(lzma.compress(content, filters=[_HALVES]) if path.suffix == ".xz" else content)


def _less_a_bit(halves: Tensor) -> Tensor:
    """Float16 rounded to nine bits after the point: a twelfth less to pack, and 2 of 10,348 answers are others."""
    bits = halves.view(torch.int16)
    return ((bits + ((bits >> 1) & 1)) & ~1).view(torch.float16)


def load_judge(tables: Tables, path: Path = WEIGHTS) -> Judge:
    """The trained judge; weights for other tables, or of another judge, raise RuntimeError."""
    with tempfile.TemporaryDirectory() as folder:
        return Judge(names_of(tables)).read_weights(unpacked(path, Path(folder)))


def unpacked(path: Path, folder: Path) -> Path:
    """The file of weights as a reader of such files takes it, in a folder."""
    plain = folder / path.name.removesuffix(".xz")
    plain.write_bytes(content_of(path))
    return plain


def content_of(path: Path) -> bytes:
    """The bytes of a file of weights, unpacked."""
    content = path.read_bytes()
    return lzma.decompress(content) if path.suffix == ".xz" else content


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--preset", default="cpu")
    parser.add_argument("--begin", type=Path, help="weights of a judge to go on from, as far as they fit")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    tables, device = TABLES[arguments.preset], best_device()
    batch, backgrounds = (512, 4000) if device.type == "cuda" else (48, 600)
    if arguments.preset == "smoke":  # to see that it runs
        batch, backgrounds = 4, 1
    with tempfile.TemporaryDirectory() as folder:
        tokenizer = write_tokenizer(Path(folder), tables)
    scenes = DeviceScenes(tables, tokenizer, device, 0, backgrounds, [RENDERED])
    judge = train_judge(scenes, arguments.minutes, batch, begin=arguments.begin)
    scenes.close()
    save_judge(judge, arguments.out)


if __name__ == "__main__":
    main()
