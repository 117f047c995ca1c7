"""DiffEdit (Couairon et al., arXiv 2210.11427) as diffusers ships it: StableDiffusionDiffEditPipeline.

All its own defaults but for steps and guidance, which are the model's for everyone. Two things of the pipeline
(deprecated since 0.33) differ from its paper and are left as they are: the map of differences is not smoothed before
the threshold, and what lies outside the mask is taken one step noisier than what lies inside.
"""

import warnings
from types import SimpleNamespace

import numpy as np
import torch
from diffusers import DDIMInverseScheduler, DDIMScheduler, StableDiffusionDiffEditPipeline
from PIL import Image

MAPS = 10  # n of DiffEdit, diffusers' default


class KLFace(torch.nn.Module):
    """An AutoencoderDC as Stable Diffusion's pipelines ask for it: its one latent as a distribution without spread."""

    def __init__(self, bundle) -> None:
        super().__init__()
        self.vae = bundle.vae
        levels = bundle.downscale.bit_length()  # the pipeline counts them to know the downscale
        self.config = SimpleNamespace(
            block_out_channels=(0,) * levels,
            scaling_factor=bundle.scaling_factor,
            latent_channels=bundle.latent_channels,
        )
        self.dtype, self.device = torch.float32, bundle.device

    def encode(self, pixels):
        latent = self.vae.encode(pixels).latent
        return SimpleNamespace(latent_dist=SimpleNamespace(sample=lambda generator=None: latent))

    def decode(self, latents, return_dict=True):
        return (self.vae.decode(latents).sample,)


class DiffEdit:
    """Mask, inversion and edit as the pipeline's documentation shows them, with its own defaults."""

    def __init__(self, bundle, steps: int) -> None:
        config = {
            "beta_start": bundle.schedule.beta_start,
            "beta_end": bundle.schedule.beta_end,
            "beta_schedule": bundle.schedule.beta_schedule,
            "prediction_type": bundle.schedule.prediction_type,
            "steps_offset": bundle.schedule.steps_offset,
            "set_alpha_to_one": bundle.schedule.set_alpha_to_one,
            "clip_sample": False,
        }
        plain = hasattr(bundle.vae.config, "block_out_channels")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.pipe = StableDiffusionDiffEditPipeline(
                vae=bundle.vae if plain else KLFace(bundle),
                text_encoder=bundle.text_encoder,
                tokenizer=bundle.tokenizer,
                unet=bundle.unet,
                scheduler=DDIMScheduler(**config),
                inverse_scheduler=DDIMInverseScheduler(**config),
                safety_checker=None,
                feature_extractor=None,
                requires_safety_checker=False,
            )
        self.pipe.set_progress_bar_config(disable=True)
        self.common = {"num_inference_steps": steps, "guidance_scale": bundle.default_guidance}

    def mask(self, image: np.ndarray, before: str, after: str, seed: int) -> np.ndarray:
        """int (h, w) on the latent grid, 1 where the picture changes."""
        return self.pipe.generate_mask(
            image=Image.fromarray(image), source_prompt=before, target_prompt=after,
            num_maps_per_mask=MAPS, generator=torch.Generator().manual_seed(seed), **self.common,
        )[0]  # fmt: skip

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
