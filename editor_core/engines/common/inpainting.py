"""U-Nets made for inpainting: besides the latents they take the mask and the masked picture, as further channels.

Stable Diffusion's have nine: four of the latents, one of the mask, four of the masked picture's latents, in this order
(diffusers, `StableDiffusionInpaintPipeline`). What is masked is 0, the middle of the range, before it is encoded.
"""

from weakref import WeakKeyDictionary

import numpy as np
import torch

from editor_core.models.bundle import ModelBundle
from editor_core.models.latents import encode_float, pad_to_grid, to_pixels

_nothing: WeakKeyDictionary[ModelBundle, dict[tuple[int, int], torch.Tensor]] = WeakKeyDictionary()


def masked_picture(bundle: ModelBundle, image: np.ndarray, region: np.ndarray) -> torch.Tensor | None:
    """The further channels (1, 1 + C, h, w) for painting a region bool (h, w) of a picture uint8 (H, W, 3).

    None for a model without them.
    """
    if not bundle.capabilities.inpainting:
        return None
    pixels = to_pixels(pad_to_grid(image, bundle.grid))
    inside = np.kron(region, np.ones((bundle.downscale, bundle.downscale), bool))
    pixels[..., torch.from_numpy(inside)] = 0
    mask = torch.from_numpy(region.astype(np.float32))[None, None].to(bundle.device)
    return torch.cat([mask, encode_float(bundle, pixels)], 1)


def nothing_given(bundle: ModelBundle, height: int, width: int) -> torch.Tensor:
    """The further channels for painting a whole picture of (height, width) latent positions; made once a size."""
    known = _nothing.setdefault(bundle, {})
    if (height, width) not in known:
        pixels = torch.zeros(1, 3, height * bundle.downscale, width * bundle.downscale)
        mask = torch.ones(1, 1, height, width, device=bundle.device)
        known[height, width] = torch.cat([mask, encode_float(bundle, pixels)], 1)
    return known[height, width]
