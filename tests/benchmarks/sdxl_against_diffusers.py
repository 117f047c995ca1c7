"""SDXL against diffusers' own pipeline, and its rows against the dense step, with random weights at tiny widths.

`same_as_diffusers_sdxl`: the largest difference of any channel of any pixel, of 255, between a picture that the program
makes and the one that the pipeline makes of the same folder, words, seed and sampler. `rows_error_sdxl`: how far a step
computed in rows lies from the dense step whose activations it reads, as a share of the output's norm: the U-Net's own
precision, if all is right.
"""

import prelude  # noqa: F401 before torch

import sys
import warnings
from pathlib import Path

import numpy as np
import torch
from diffusers import DDIMScheduler, EulerDiscreteScheduler, StableDiffusionXLPipeline

from report import Row

sys.path.append(str(Path(__file__).resolve().parents[1]))

from editor_core.backbones.rows import Sparsity
from editor_core.engines.common.denoiser import predict_output
from editor_core.engines.generate import generate
from editor_core.engines.incremental.activations import guided_words
from editor_core.messages.requests import Generate, Sampling
from editor_core.models.latents import seeded_noise
from editor_core.sampling.positions import rows_of
from support.engine_runs import context_for
from support.tiny_models import tiny_bundle, tiny_folder

WORDS, NEGATIVE = "a red cat on the sofa", "a blue dog"
WIDTH, HEIGHT, STEPS, GUIDANCE, SEED = 160, 128, 8, 5.0, 3
SCHEDULERS = {"ddim": DDIMScheduler, "euler": EulerDiscreteScheduler}
BAR = "<= 2"


def same_as_diffusers_sdxl() -> Row:
    """The largest difference over samplers, with and without a negative prompt."""
    warnings.filterwarnings("ignore", message="__array__ implementation")  # diffusers' Euler with numpy 2
    bundle = tiny_bundle("sdxl")
    pipeline = StableDiffusionXLPipeline.from_pretrained(tiny_folder("sdxl"), add_watermarker=False)
    pipeline.set_progress_bar_config(disable=True)
    found = {}
    for sampler, scheduler in SCHEDULERS.items():
        pipeline.scheduler = scheduler.from_pretrained(tiny_folder("sdxl") / "scheduler")
        for negative in ("", NEGATIVE):
            theirs = pipeline(
                WORDS,
                width=WIDTH,
                height=HEIGHT,
                num_inference_steps=STEPS,
                guidance_scale=GUIDANCE,
                negative_prompt=negative or None,
                latents=seeded_noise(SEED, bundle.latent_shape(WIDTH, HEIGHT)),
                output_type="np",
            ).images[0]
            with context_for(bundle) as context:
                sampling = Sampling(SEED, STEPS, GUIDANCE, negative, sampler)
                ours = generate(Generate(WORDS, WIDTH, HEIGHT, sampling), context, SEED).image
            name = f"{sampler}, negative" if negative else sampler
            found[name] = round(float(np.abs(255 * theirs - ours).max()), 3)
    return Row("same_as_diffusers_sdxl", max(found.values()), "levels of 255", BAR, found)


@torch.no_grad()
def rows_error_sdxl() -> Row:
    """The largest over the ways in which levels can be computed."""
    with context_for(tiny_bundle("sdxl")) as context:
        backbone, size = context.backbone, (HEIGHT // 8, WIDTH // 8)
        x = seeded_noise(SEED, context.bundle.latent_shape(WIDTH, HEIGHT))
        told = guided_words(context, WORDS, NEGATIVE, size)
        recorded: dict[str, torch.Tensor] = {}
        with backbone.recording(recorded.__setitem__, torch.float32, pictures=1):
            dense = predict_output(context, x.expand(2, -1, -1, -1), 500, told)
        region = torch.rand(size, generator=torch.Generator().manual_seed(0)) < 0.2
        levels = len(backbone.level_sizes(*size))
        found = {}
        for first_dense in range(levels + 1):
            ways = [{"way": "dense" if level >= first_dense else "rows"} for level in range(levels)]
            step = backbone.row_step(region, told, Sparsity(captured=False), again=ways)
            rows = step(rows_of(x, step.active), 500, lambda site, at: _read(recorded[site], at))
            expected = rows_of(dense, step.active)
            found[f"dense from level {first_dense}"] = float((rows - expected).norm() / expected.norm())
        return Row("rows_error_sdxl", max(found.values()), "of the output's norm", "<= 1e-5", found)


def _read(recorded: torch.Tensor, at: torch.Tensor | None) -> torch.Tensor:
    return recorded if at is None else recorded.index_select(1, at)
