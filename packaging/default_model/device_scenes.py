"""Training scenes made on a device in one process: pictures, captions, masks and drawings, a whole batch at a time.

Nothing here waits for the device: chance comes from a generator on it, and no value comes back. The same seed gives the
same batches on the same kind of device.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from transformers import CLIPTokenizer

from atlas import Atlas, ladder
from backdrops import Backdrops
from device_captions import CaptionMaker
from device_draw import Dice, SceneDrawer
from device_parameters import ITEMS, Parameters
from device_render import DeviceRenderer, Drawn, cell_masks
from device_sketches import draw_lines
from scenes import LARGEST
from sprites import Sprites
from tables import Tables


@dataclass(frozen=True)
class SceneBatch:
    """n scenes ready for training, on their device.

    `pixels`: (n, 3, H, W) in -1..1, channels last in memory, float16 on CUDA and float32 elsewhere. `tokens`: int64
    (n, L), as the tokenizer pads. `owners`: int64 (n, L), for each token the mask that it names, -1 for none; the start
    token names the background. `masks`: float32 (n, M, H/16, W/16), the share of each cell that is covered by each
    group of objects ("two cats" is one group), then, in tables that have it, by what each wears, last by the
    background; zero where unused. `sketches`: (n, 1, H, W) in 0..1, white lines on black, where asked for.
    """

    pixels: Tensor
    tokens: Tensor
    owners: Tensor
    masks: Tensor
    sketches: Tensor | None


class DeviceScenes:
    """Makes batches of training scenes of a preset's tables at some sizes, (height, width).

    So many `backgrounds` are painted for each size up to 256x256, fewer for larger ones, by processes that begin at
    once, or were painted ahead into the folder `painted`; a batch of a size waits for those. `close` ends them early.
    """

    def __init__(
        self,
        tables: Tables,
        tokenizer: CLIPTokenizer,
        device: torch.device,
        seed: int,
        backgrounds: int,
        sizes: Sequence[tuple[int, int]],
        workers: int | None = None,
        sprites: Sprites | None = None,
        painted: Path | None = None,
    ):
        self.tables, self.device = tables, device
        self.dtype = torch.float16 if device.type == "cuda" else torch.float32
        self._backdrops = Backdrops(tables, sizes, backgrounds, seed, device, workers, painted)
        shortest = max(min(size) for size in sizes)
        atlas = Atlas(tables, sprites or Sprites.load(), ladder(LARGEST * shortest), device)
        self.renderer = DeviceRenderer(tables, atlas, device)
        self._drawer = SceneDrawer(tables, device)
        self._captions = CaptionMaker(tables, tokenizer, device)
        self._generator = torch.Generator(device).manual_seed(seed)

    @torch.no_grad()
    def batch(
        self, count: int, size: tuple[int, int], scale: float = 1.0, sketches: bool = False
    ) -> SceneBatch:
        """So many scenes of a size; `scale` enlarges their objects."""
        parameters = self.draw(count, scale)
        tokens, owners = self._captions.make(parameters, Dice(count, self._generator))
        drawn = self.render(parameters, size)
        return SceneBatch(
            pixels_of(drawn),
            tokens,
            owners,
            cell_masks(drawn, parameters, ITEMS, bool(self.tables.worn)),
            draw_lines(drawn, parameters, Dice(count, self._generator)) if sketches else None,
        )

    def draw(self, count: int, scale: float = 1.0) -> Parameters:
        """What so many scenes show."""
        return self._drawer.draw(Dice(count, self._generator), scale)

    def render(self, parameters: Parameters, size: tuple[int, int]) -> Drawn:
        """Scenes over backgrounds of a size."""
        dice = Dice(len(parameters.place), self._generator)
        backgrounds, veils = self._backdrops.take(parameters, size, dice, self.dtype)
        return self.renderer.render(parameters, backgrounds, veils)

    def close(self) -> None:
        """Stop painting backgrounds."""
        self._backdrops.close()


def pixels_of(drawn: Drawn) -> Tensor:
    """Pictures as networks take them: (n, 3, H, W) in -1..1, channels last in memory."""
    pixels = drawn.canvas.contiguous(memory_format=torch.channels_last)
    return pixels.mul_(2).sub_(1)
