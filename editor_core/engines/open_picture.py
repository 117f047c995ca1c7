"""Opening a picture made elsewhere: DDIM inversion gives it, once, a trajectory like that of a generated one."""

import numpy as np
import torch

from editor_core.diffusion.ddim import OnStep, Step, invert
from editor_core.diffusion.latents import encode, pad_to_grid
from editor_core.diffusion.prompts import tokenize
from editor_core.engines import keys
from editor_core.engines.context import EngineContext
from editor_core.engines.denoiser import check_words, denoiser
from editor_core.engines.generate import check_size
from editor_core.engines.result import finished
from editor_core.session.events import TurnResult
from editor_core.session.requests import OpenPicture


@torch.no_grad()
def open_picture(request: OpenPicture, context: EngineContext, seed: int) -> TurnResult:
    """Invert a picture of any size within the model's reach; sides are padded to the grid, never stretched.

    The inversion follows the words without guidance (w = 1), as MaSaFusion (arXiv 2405.15313) and direct inversion
    do: a guided inversion drifts off. Raises PromptError, SizeError and, between steps, JobCancelled.
    """
    bundle, sampling = context.bundle, request.sampling
    height, width = request.image.shape[:2]
    check_size(width, height)
    check_words(context, tokenize(bundle, request.prompt))
    steps = sampling.steps or bundle.default_steps
    guidance = bundle.default_guidance if sampling.guidance is None else sampling.guidance
    with context.timed("inverting"):
        context.progress("inverting", 0, steps)
        x_0 = encode(bundle, pad_to_grid(request.image, bundle.grid))
        trajectory = invert(
            denoiser(context, request.prompt, "", 1.0), x_0, context.schedule, steps, _report(context, steps)
        )
    space = keys.run_space(
        fingerprint=bundle.fingerprint,
        method="open",
        prompt=request.prompt,
        negative=keys.picture_digest(request.image),
        seed=seed,
        steps=steps,
        guidance=1.0,
        latent_size=(x_0.shape[-2], x_0.shape[-1]),
    )
    return finished(
        context,
        method="open",
        prompt=request.prompt,
        negative=sampling.negative,
        seed=seed,
        steps=steps,
        guidance=guidance,
        image=np.array(request.image),
        mask=None,
        trajectory=trajectory,
        space=space,
        parameters={},
        log={},
    )


def _report(context: EngineContext, steps: int) -> OnStep:
    def on_step(step: Step) -> None:
        context.progress("inverting", step.index + 1, steps)

    return on_step
