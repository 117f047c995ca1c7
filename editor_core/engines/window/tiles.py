"""Repainting a picture larger than the model's own size, in windows of that size which overlap.

At every step the network predicts the noise in each window, and where windows overlap their predictions are averaged
(MultiDiffusion, arXiv 2302.08113): so all of them paint one picture. It begins with the picture itself, noised part of
the way (SDEdit, arXiv 2108.01073): what stands where is decided already, only detail is painted. A tile is of a size
that the model was trained on; a whole picture of four times the area would hold a thing again and again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import denoiser
from editor_core.engines.common.strength import first_step
from editor_core.engines.incremental.painting import Words
from editor_core.models.bundle import ModelBundle
from editor_core.models.latents import (
    crop,
    decode_float,
    encode,
    mask_to_latent,
    on_grid,
    pad_to_grid,
    seeded_noise,
    to_picture,
)
from editor_core.models.previews import preview
from editor_core.sampling.sampler import Prediction, TimeStep, run
from editor_core.sampling.samplers import sampler_called
from editor_core.sampling.schedule import noised

DETAIL = 0.2
"""The strength at which detail is painted that enlarging left out, and nothing moves."""
_OVERLAP = 4  # a tile is so many times as long as what it shares with the next one
_LEAST_WEIGHT = 0.02  # at a tile's rim


@dataclass(frozen=True)
class Painting:
    """How a picture is repainted."""

    words: Words
    steps: int
    sampler: str
    seed: int
    strength: float = DETAIL


@dataclass(frozen=True)
class Tile:
    """A rectangle of the latent grid."""

    top: int
    left: int
    height: int
    width: int

    def of(self, tensor: Tensor, scale: int = 1) -> Tensor:
        """The part of (…, h, w), or of (…, h * scale, w * scale), that lies in the tile."""
        rows = slice(self.top * scale, (self.top + self.height) * scale)
        return tensor[..., rows, self.left * scale : (self.left + self.width) * scale]

    def weights(self, scale: int = 1) -> Tensor:
        """float32 (height, width), times the scale: how much the tile counts, less towards its rim."""
        down, across = (_tent(length * scale) for length in (self.height, self.width))
        return down[:, None] * across


def tiles_over(height: int, width: int, own: tuple[int, int], overlap: int = _OVERLAP) -> Iterator[Tile]:
    """Tiles of at most the model's ``own`` (height, width) that cover a grid, evenly spread, row by row.

    overlap: a tile is at most so many times as long as what it shares with the next one.
    """
    tall, wide = min(own[0], height), min(own[1], width)
    for top in _starts(height, tall, overlap):
        for left in _starts(width, wide, overlap):
            yield Tile(top, left, tall, wide)


@torch.no_grad()
def repaint_in_tiles(
    context: EngineContext, picture: np.ndarray, painting: Painting, mask: np.ndarray | None = None
) -> np.ndarray:
    """The picture, uint8 (H, W, 3), repainted; with a mask, uint8 (H, W), where that is not 0, and 0 elsewhere.

    Raises JobCancelled between the steps of a tile.
    """
    bundle = context.bundle
    height, width = picture.shape[:2]
    padded = pad_to_grid(picture, bundle.grid)
    shape = bundle.latent_shape(padded.shape[1], padded.shape[0])
    region = torch.ones(shape[-2:], dtype=torch.bool)
    if mask is not None:
        region = mask_to_latent(pad_to_grid(mask, bundle.grid), (shape[-2], shape[-1]))
    own_width, own_height = bundle.default_size
    own = (
        on_grid(own_height, bundle.grid) // bundle.downscale,
        on_grid(own_width, bundle.grid) // bundle.downscale,
    )
    tiles = [tile for tile in tiles_over(shape[-2], shape[-1], own) if tile.of(region).any()]
    start = first_step(painting.strength, painting.steps)
    plan = context.plan(painting.sampler, painting.steps, painting.seed)
    if not tiles or start >= len(plan):
        return picture.copy()
    x_0 = _encoded(bundle, padded, tiles, shape)
    noise = seeded_noise(painting.seed, shape).to(bundle.device)
    latents = _denoised(context, x_0, noise, region.to(bundle.device), tiles, plan[start:], painting)
    return crop(_decoded(context, latents, tiles), width, height)


def _denoised(
    context: EngineContext,
    x_0: Tensor,
    noise: Tensor,
    region: Tensor,
    tiles: list[Tile],
    plan: list[TimeStep],
    painting: Painting,
) -> Tensor:
    """The latents (1, C, h, w) after the plan's steps; outside the region, bool (h, w), they stay x_0."""
    words = painting.words
    denoise = denoiser(context, words.prompt, words.negative, words.guidance)
    total = len(plan) * len(tiles)

    def predict(x: Tensor, at: TimeStep) -> Prediction:
        sums = _Average(x.shape, x.device)
        done = (at.index - plan[0].index) * len(tiles)
        for number, tile in enumerate(tiles):
            context.progress("refining", done + number, total)
            sums.add(tile, denoise(tile.of(x), at.t))
        return Prediction(x, sums.mean())

    def place(x: Tensor, _found: Prediction, at: TimeStep) -> Tensor:
        return torch.where(region, x, noised(x_0, noise, at.alpha_bar_next))

    x = noised(x_0, noise, plan[0].alpha_bar)
    for step in run(sampler_called(painting.sampler), plan, x, predict, place):
        x = step.x_next
        if context.live_preview:
            context.preview(preview(context.bundle, torch.where(region, step.x_0, x_0)))
    context.progress("refining", total, total)
    return torch.where(region, x, x_0)


def _encoded(bundle: ModelBundle, picture: np.ndarray, tiles: list[Tile], shape: tuple[int, ...]) -> Tensor:
    """The latents (1, C, h, w) of the tiles' pixels; 0 where there is no tile."""
    sums, scale = _Average(shape, bundle.device), bundle.downscale
    for tile in tiles:
        rows = slice(tile.top * scale, (tile.top + tile.height) * scale)
        columns = slice(tile.left * scale, (tile.left + tile.width) * scale)
        sums.add(tile, encode(bundle, np.ascontiguousarray(picture[rows, columns])))
    return sums.mean()


def _decoded(context: EngineContext, latents: Tensor, tiles: list[Tile]) -> np.ndarray:
    """The picture uint8 (H, W, 3) of the tiles' latents; of one colour where there is no tile."""
    scale = context.bundle.downscale
    shape = (1, 3, latents.shape[-2] * scale, latents.shape[-1] * scale)
    sums = _Average(shape, torch.device("cpu"), scale)
    for number, tile in enumerate(tiles):
        context.progress("decoding", number, len(tiles))
        context.check_cancelled()
        sums.add(tile, decode_float(context.bundle, tile.of(latents)).cpu())
    return to_picture(sums.mean())


class _Average:
    """The weighted mean of what overlapping tiles say."""

    def __init__(self, shape: tuple[int, ...], device: torch.device, scale: int = 1) -> None:
        self._sum = torch.zeros(shape, device=device)
        self._weights = torch.zeros(shape[-2:], device=device)
        self._scale = scale

    def add(self, tile: Tile, said: Tensor) -> None:
        weights = tile.weights(self._scale).to(said.device)
        tile.of(self._sum, self._scale).add_(said.float() * weights)
        tile.of(self._weights, self._scale).add_(weights)

    def mean(self) -> Tensor:
        return self._sum / self._weights.clamp(min=_LEAST_WEIGHT**2)


def _starts(length: int, tile: int, overlap: int) -> list[int]:
    """Where tiles begin that cover a length."""
    if tile >= length:
        return [0]
    step = tile - tile // overlap
    count = 1 + -(-(length - tile) // max(step, 1))
    return [round(number * (length - tile) / (count - 1)) for number in range(count)]


def _tent(length: int) -> Tensor:
    """1 in the middle, hardly anything at both ends, float32 (length,)."""
    ramp = torch.linspace(-1, 1, length + 2)[1:-1].abs()
    return ((1 - ramp) * _OVERLAP / 2).clamp(_LEAST_WEIGHT, 1)
