"""Our sampler beside diffusers' own pipeline: the same folder, noise, steps and guidance."""

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from diffusers import StableDiffusionPipeline
from editor_core.base.settings import Settings
from editor_core.messages.requests import Generate, Sampling
from editor_core.models.latents import seeded_noise
from editor_core.session.session import Session

from captions import plain_caption
from sampling import Model, decoded
from scenes import scene_of
from tables import Tables


def largest_difference(
    folder: Path,
    model: Model,
    tables: Tables,
    count: int,
    size: tuple[int, int],
    guidance: float,
    steps: int,
) -> float:
    """The largest difference of any pixel of some held-out captions' pictures, in levels of 255."""
    prompts = [plain_caption(scene_of(seed, tables, held_out=True)).text for seed in range(count)]
    ours = editor_pictures(folder, prompts, size, guidance, steps)
    theirs = pipeline_pictures(model, prompts, size, guidance, steps)
    return float(max(np.abs(a.astype(int) - b).max() for a, b in zip(ours, theirs, strict=True)))


def editor_pictures(
    folder: Path, prompts: list[str], size: tuple[int, int], guidance: float, steps: int
) -> list[np.ndarray]:
    """What the editor paints in single precision, each prompt with its number as the seed."""
    with tempfile.TemporaryDirectory() as cache:
        settings = replace(
            Settings(), model=str(folder), device="cpu", cache_folder=cache, live_preview=False
        )
        with Session(settings) as session:
            return [
                session.run(
                    0,
                    Generate(prompt, size[1], size[0], Sampling(seed=seed, steps=steps, guidance=guidance)),
                    lambda event: None,
                ).image
                for seed, prompt in enumerate(prompts)
            ]


def pipeline_pictures(
    model: Model, prompts: list[str], size: tuple[int, int], guidance: float, steps: int
) -> list[np.ndarray]:
    """What StableDiffusionPipeline samples with the folder's parts, decoded by the folder's autoencoder.

    The pipeline gets no autoencoder: it asks for attributes that AutoencoderDC lacks, and its latents are enough.
    """
    pipeline = StableDiffusionPipeline(
        vae=None,
        text_encoder=model.text_encoder,
        tokenizer=model.tokenizer,
        unet=model.unet,
        scheduler=model.scheduler,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    shape = (1, model.unet.config.in_channels, size[0] // 8, size[1] // 8)
    pictures = []
    for seed, prompt in enumerate(prompts):
        latents = pipeline(
            prompt,
            height=size[0],
            width=size[1],
            num_inference_steps=steps,
            guidance_scale=guidance,
            latents=seeded_noise(seed, shape),
            output_type="latent",
        ).images
        with torch.no_grad():
            pictures.append(decoded(model, latents)[0])
    return pictures
