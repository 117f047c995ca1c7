"""Stable Diffusion's inpainting models (Rombach et al., arXiv 2112.10752, section 4.5): nine channels into the U-Net.

The mask and the masked picture's latents are further channels; the run starts from noise and paints the region with the
new words, densely, and nothing is put back outside (diffusers' StableDiffusionInpaintPipeline at strength 1).
"""

import numpy as np
import torch

from editor_core.base.message import Message
from editor_core.baselines.task import Task
from editor_core.engines.common.inpainting import masked_picture


def edit(task: Task) -> np.ndarray:
    """Raises EditorError where neither the loaded model nor a named one is made for inpainting."""
    if not task.bundle.capabilities.inpainting:
        task = task.with_model("inpainting", Message("an inpainting model of the same latents"))
    region = task.region
    given = masked_picture(task.bundle, task.base.image, region.cpu().numpy())
    nothing, _, words = task.embeddings

    def eps(step: int, t: int, x: torch.Tensor) -> torch.Tensor:
        out = task.unet(torch.cat([x, x]), t, torch.cat([nothing, words]), given=given)
        return task.guided(out[:1], out[1:], x, t)

    return task.walk(task.noise, eps)
