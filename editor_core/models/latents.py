"""Pictures to latents and back, masks on the latent grid, and noise that is the same on every device."""

from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from editor_core.base.errors import ModelError
from editor_core.models.bundle import ModelBundle
from editor_core.models.narrowing import Box, Stage, narrowing, stages

Picture = NDArray[np.uint8]
"""uint8 (H, W, 3)."""

TILE = 512
"""Pixels: the longest side of a tile, where pictures are decoded in tiles."""
_PROBE = 33  # latent positions a side: wider than the reach of any decoder without global operations
_CENTRE = _PROBE // 2
_reaches: WeakKeyDictionary[nn.Module, int | None] = WeakKeyDictionary()
_stages: WeakKeyDictionary[nn.Module, Sequence[Stage]] = WeakKeyDictionary()


SEEDS = 2**64
"""How many there are; after the last comes the first."""


def seeded_noise(seed: int, shape: tuple[int, ...]) -> Tensor:
    """float32 standard normal noise on the CPU: the same for a seed on every device and machine."""
    return torch.randn(shape, generator=torch.Generator("cpu").manual_seed(seed), dtype=torch.float32)


def encode(bundle: ModelBundle, image: Picture) -> Tensor:
    """float32 latents (1, C, h, w) of a picture whose sides are multiples of the bundle's downscale.

    Deterministic: of a distribution the mode is taken, not a sample.
    """
    return encode_float(bundle, to_pixels(image))


def to_pixels(image: Picture) -> Tensor:
    """float32 (1, 3, H, W) in -1..1."""
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)[None] / 127.5 - 1


@torch.no_grad()
def encode_float(bundle: ModelBundle, pixels: Tensor) -> Tensor:
    """The latents of a picture float32 (1, 3, H, W) in -1..1."""
    encoded = bundle.vae.encode(pixels.to(bundle.device, bundle.vae.dtype))
    if hasattr(encoded, "latent_dist"):  # AutoencoderKL
        z: Tensor = encoded.latent_dist.mode()
    elif hasattr(encoded, "latent"):  # AutoencoderDC
        z = encoded.latent
    else:  # AutoencoderTiny
        z = encoded.latents
    return (z.float() - bundle.shift_factor) * bundle.scaling_factor


def decode(bundle: ModelBundle, latents: Tensor) -> Picture:
    """The picture, uint8 (8h, 8w, 3) at a downscale of 8, of latents (1, C, h, w)."""
    return to_picture(decode_float(bundle, latents))


@torch.no_grad()
def decode_float(bundle: ModelBundle, latents: Tensor) -> Tensor:
    """The picture before rounding: float32 (1, 3, H, W), nominally in -1..1."""
    z = latents.to(bundle.device).float() / bundle.scaling_factor + bundle.shift_factor
    pixels: Tensor = bundle.vae.decode(z.to(bundle.vae.dtype)).sample
    return pixels.float()


def decode_in_tiles(vae: Any) -> None:
    """From now on what is larger than `TILE` goes through the autoencoder in tiles.

    Its own tiles are as large as the pictures it was trained on: SDXL's of 1024 pixels would be one.
    """
    vae.enable_tiling()
    own = getattr(vae, "tile_sample_min_size", 0)
    if own > TILE:
        vae.tile_latent_min_size = vae.tile_latent_min_size * TILE // own
        vae.tile_sample_min_size = TILE


def to_picture(pixels: Tensor) -> Picture:
    """uint8 (H, W, 3) of one picture (1, 3, H, W) in -1..1. Raises ModelError for what holds infinity or no number."""
    if not pixels.isfinite().all():
        raise ModelError(
            "The model computed invalid values instead of a picture. Try another seed or sampler, or a model in full "
            "precision."
        )
    scaled = ((pixels[0] + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
    return scaled.permute(1, 2, 0).contiguous().cpu().numpy()


def decode_window(bundle: ModelBundle, latents: Tensor, box: Box, narrowed: bool = True) -> Picture:
    """The part of `decode(bundle, latents)` under `box`, given in latent positions.

    Decodes only the box and as much around it as the decoder can see, so the result is the whole decoding's
    up to rounding; `narrowed`, of what enters each layer likewise. A decoder that looks at the whole picture
    (AutoencoderKL: GroupNorm statistics and attention in its middle) has no such margin: there the whole picture
    is decoded and cut, exact but no quicker.
    """
    reach = decoder_reach(bundle)
    y0, x0, y1, x1 = _widened(box, reach, *latents.shape[-2:])
    inner, tiled = _within(box, y0, x0), getattr(bundle.vae, "use_tiling", False)
    layers = () if reach is None or tiled or not narrowed else _stages[bundle.vae.decoder]
    with narrowing(layers, inner) as begins:
        window = decode_float(bundle, latents[..., y0:y1, x0:x1])
    row, column = begins(bundle.downscale)
    top, left, bottom, right = (side * bundle.downscale for side in inner)
    return to_picture(window[..., top - row : bottom - row, left - column : right - column])


def encode_window(bundle: ModelBundle, image: Picture, box: Box) -> Tensor:
    """The part of `encode(bundle, image)` under `box`, given in latent positions; see `decode_window`."""
    scale = bundle.downscale
    height, width = image.shape[0] // scale, image.shape[1] // scale
    y0, x0, y1, x1 = _widened(box, encoder_reach(bundle), height, width)
    window = encode(bundle, image[y0 * scale : y1 * scale, x0 * scale : x1 * scale])
    top, left, bottom, right = _within(box, y0, x0)
    return window[..., top:bottom, left:right]


def _widened(box: Box, margin: int | None, height: int, width: int) -> Box:
    """The box with a margin, within a grid of so many positions; all of the grid when the margin is None."""
    if margin is None:
        return 0, 0, height, width
    top, left, bottom, right = box
    return (
        max(top - margin, 0),
        max(left - margin, 0),
        min(bottom + margin, height),
        min(right + margin, width),
    )


def _within(box: Box, top: int, left: int) -> Box:
    """The box as seen from a window that begins at (top, left)."""
    return box[0] - top, box[1] - left, box[2] - top, box[3] - left


def decoder_reach(bundle: ModelBundle) -> int | None:
    """How many latent positions away a latent still changes a pixel; None when the decoder sees everything.

    Measured once per autoencoder: what is not a number spreads exactly as far as the decoder looks.
    """

    def probe() -> Tensor:
        latents = torch.zeros(1, bundle.latent_channels, 1 + _PROBE, 1 + _PROBE)
        latents[..., _CENTRE, _CENTRE] = torch.nan
        return decode_float(bundle, latents)

    def watched() -> Tensor:
        pixels, _stages[bundle.vae.decoder] = stages(bundle.vae.decoder, probe, 1 + _PROBE)
        return pixels

    return _measured_reach(bundle.vae.decoder, watched, bundle.downscale)


def encoder_reach(bundle: ModelBundle) -> int | None:
    """How many latent positions away a pixel still changes a latent; None when the encoder sees everything."""
    scale = bundle.downscale

    def probe() -> Tensor:
        pixels = torch.zeros(1, 3, (1 + _PROBE) * scale, (1 + _PROBE) * scale)
        cell = slice(_CENTRE * scale, (_CENTRE + 1) * scale)
        pixels[..., cell, cell] = torch.nan
        return encode_float(bundle, pixels)

    return _measured_reach(bundle.vae.encoder, probe, 1)


def _measured_reach(network: nn.Module, probe: Callable[[], Tensor], scale: int) -> int | None:
    """``probe`` runs the network on what is a number everywhere but at the centre; ``scale`` its output's."""
    if network not in _reaches:
        _reaches[network] = None
        if not any(isinstance(module, nn.GroupNorm) for module in network.modules()):
            rows = probe().isnan().any(dim=1)[0].any(dim=1).nonzero().flatten() // scale
            reach = int((rows - _CENTRE).abs().max())
            _reaches[network] = reach if reach < _CENTRE else None
    return _reaches[network]


def mask_to_latent(mask: NDArray[np.uint8], shape: tuple[int, int]) -> Tensor:
    """bool (h, w): the latent positions of which any pixel of the mask, uint8 (H, W), is touched.

    Raises ValueError when (H, W) is not a multiple of (h, w): pad the mask as the picture was padded.
    """
    height, width = mask.shape
    h, w = shape
    if height % h or width % w:
        raise ValueError(f"a mask of {width}x{height} does not fit a latent grid of {w}x{h}")
    cells = (mask > 0).reshape(h, height // h, w, width // w)
    return torch.from_numpy(cells.any(axis=(1, 3)))


def on_grid(size: int, grid: int) -> int:
    """The smallest multiple of `grid` that is at least `size`."""
    return -(-size // grid) * grid


def pad_to_grid(array: NDArray[np.uint8], grid: int) -> NDArray[np.uint8]:
    """The picture (H, W, 3) or mask (H, W) extended right and down to multiples of `grid`; see `crop`.

    A picture repeats its border, a mask is empty there.
    """
    height, width = array.shape[:2]
    padding = [(0, on_grid(height, grid) - height), (0, on_grid(width, grid) - width)]
    if array.ndim == 2:
        return np.pad(array, padding)
    return np.pad(array, [*padding, (0, 0)], mode="edge")


def crop(array: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """The picture or mask that `pad_to_grid` extended."""
    return array[:height, :width]


def linear_preview(bundle: ModelBundle, latents: Tensor) -> Picture:
    """A coarse look at latents (1, C, h, w), uint8 (h, w, 3), by one linear map per position."""
    matrix = _preview_map(bundle)
    z = latents[0].float().cpu()
    ones = torch.ones(1, *z.shape[1:])
    rgb = torch.einsum("oc,chw->ohw", matrix, torch.cat([z, ones]))
    return to_picture(rgb[None])


_preview_maps: WeakKeyDictionary[nn.Module, Tensor] = WeakKeyDictionary()


def _preview_map(bundle: ModelBundle) -> Tensor:
    if bundle.vae not in _preview_maps:
        _preview_maps[bundle.vae] = _fit_preview(bundle)
    return _preview_maps[bundle.vae]


def _fit_preview(bundle: ModelBundle) -> Tensor:
    """Least squares from latents to colours, (3, C + 1), on a chart of random colours."""
    picture = _colour_chart(16 * bundle.downscale)
    z = encode(bundle, picture).cpu()
    pixels = torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 127.5 - 1
    colours = functional.avg_pool2d(pixels, bundle.downscale)
    rows = torch.cat([z, torch.ones_like(z[:, :1])], dim=1).flatten(2)[0].T
    gram = rows.T @ rows
    ridge = 1e-3 * gram.diagonal().diag()  # keeps channels that say the same from cancelling each other
    solution: Tensor = torch.linalg.solve(gram + ridge, rows.T @ colours.flatten(2)[0].T)
    return solution.T


def _colour_chart(side: int) -> Picture:
    """uint8 (side, side, 3): the left half soft, the right half in hard patches."""
    colours = seeded_noise(0, (1, 3, 8, 8)).sigmoid() * 255
    soft = functional.interpolate(colours, (side, side), mode="bilinear")
    hard = functional.interpolate(colours.flip(2), (side, side), mode="nearest")
    chart = torch.cat([soft[..., : side // 2], hard[..., side // 2 :]], dim=-1)
    return chart[0].permute(1, 2, 0).round().to(torch.uint8).numpy()
