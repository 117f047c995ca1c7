"""The same small picture for each thing that a model may predict: with the wrong one it is nothing but noise or haze.

What the weights do not say cannot be measured without a picture that is known, so the artist looks, once.
"""

from dataclasses import replace

import numpy as np
import torch

from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import denoiser
from editor_core.messages.events import PredictionPreviews
from editor_core.messages.requests import PreviewPredictions
from editor_core.models.bundle import ModelBundle
from editor_core.models.latents import decode, on_grid, seeded_noise
from editor_core.models.remembered_predictions import KINDS, TO_PURE_NOISE, predicted
from editor_core.sampling.sampler import Prediction, TimeStep, run
from editor_core.sampling.samplers import sampler_called

STEPS, SEED = 8, 1
_SIDE = 256  # pixels; shapes are seen at that size, and it is quick on a processor


@torch.no_grad()
def preview_predictions(request: PreviewPredictions, context: EngineContext) -> PredictionPreviews:
    """One picture for each of `KINDS`, from the same noise; nothing is recorded. Raises JobCancelled."""
    context.progress("painting", 0, len(KINDS) * STEPS)
    pictures = {}
    for number, kind in enumerate(KINDS):
        pictures[kind] = _painted(
            request.prompt, replace(context, bundle=_read_as(context.bundle, kind)), number
        )
    return PredictionPreviews(request.source, pictures)


def _read_as(bundle: ModelBundle, kind: str) -> ModelBundle:
    to_pure_noise = kind == TO_PURE_NOISE
    schedule = replace(
        bundle.schedule,
        prediction_type=predicted(kind),
        rescale_betas_zero_snr=to_pure_noise,
        timestep_spacing="trailing" if to_pure_noise else bundle.schedule.timestep_spacing,
    )
    return replace(bundle, schedule=schedule)


def _painted(prompt: str, context: EngineContext, number: int) -> np.ndarray:
    """uint8 (H, W, 3), read-only; the ``number``-th of the pictures."""
    bundle, total = context.bundle, len(KINDS) * STEPS
    width, height = (on_grid(min(side, _SIDE), bundle.grid) for side in bundle.default_size)
    noise = seeded_noise(SEED, bundle.latent_shape(width, height)).to(bundle.device)
    denoise = denoiser(context, prompt, "", bundle.default_guidance)

    def predict(x_t: torch.Tensor, at: TimeStep) -> Prediction:
        context.progress("painting", number * STEPS + at.index, total)
        return Prediction(x_t, denoise(x_t, at.t))

    x_0 = noise
    for step in run(sampler_called("ddim"), context.plan("ddim", STEPS, SEED), noise, predict):
        x_0 = step.x_next
    picture = decode(bundle, torch.nan_to_num(x_0))
    picture.flags.writeable = False
    return picture
