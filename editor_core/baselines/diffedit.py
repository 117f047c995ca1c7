"""DiffEdit (Couairon et al., arXiv 2210.11427) as diffusers ships it: StableDiffusionDiffEditPipeline.

All its own defaults but for steps and guidance, which are the model's for everyone. Two things of the pipeline
(deprecated since 0.33) differ from its paper and are left as they are: the map of differences is not smoothed before
the threshold, and what lies outside the mask is taken one step noisier than what lies inside.
"""

import numpy as np
import torch
from diffusers import DDIMInverseScheduler, DDIMScheduler
from PIL import Image

from editor_core.baselines.pipelines import around, padded_picture, scheduler_config
from editor_core.baselines.task import Task
from editor_core.models.bundle import ModelBundle
from editor_core.models.latents import crop

MAPS = 10  # n of DiffEdit, diffusers' default


class DiffEdit:
    """Mask, inversion and edit as the pipeline's documentation shows them, with its own defaults."""

    def __init__(self, bundle: ModelBundle, steps: int, guidance: float | None = None) -> None:
        config = scheduler_config(bundle)
        self.pipe = around(
            bundle,
            "StableDiffusionDiffEditPipeline",
            scheduler=DDIMScheduler(**config),
            inverse_scheduler=DDIMInverseScheduler(**config),
        )
        guidance = bundle.default_guidance if guidance is None else guidance
        self.common = {"num_inference_steps": steps, "guidance_scale": guidance}

    def mask(self, image: np.ndarray, before: str, after: str, seed: int) -> np.ndarray:
        """int (h, w) on the latent grid, 1 where the picture changes."""
        found: np.ndarray = self.pipe.generate_mask(
            image=Image.fromarray(image), source_prompt=before, target_prompt=after,
            num_maps_per_mask=MAPS, generator=torch.Generator().manual_seed(seed), **self.common,
        )[0]  # fmt: skip
        return found

    def edit(self, image: np.ndarray, mask: np.ndarray, before: str, after: str, seed: int) -> np.ndarray:
        generator = torch.Generator().manual_seed(seed)
        latents = self.pipe.invert(
            prompt=before, image=Image.fromarray(image), generator=generator, **self.common
        ).latents
        picture = self.pipe(
            prompt=after, mask_image=mask[None], image_latents=latents, generator=generator,
            output_type="pil", **self.common,
        ).images[0]  # fmt: skip
        return np.array(picture)


def edit(task: Task) -> np.ndarray:
    """With its own mask, as its paper has it."""
    base = task.base
    method = DiffEdit(task.bundle, base.steps, base.guidance)
    image = np.array(padded_picture(base.image, task.bundle.grid))
    task.context.progress("looking", 0, 0)
    mask = method.mask(image, base.prompt, task.prompt, base.seed)
    task.context.check_cancelled()
    task.context.progress("painting", 0, 0)
    picture = method.edit(image, mask, base.prompt, task.prompt, base.seed)
    return crop(picture, base.image.shape[1], base.image.shape[0])
