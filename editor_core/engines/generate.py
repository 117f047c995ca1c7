"""Making a picture from words alone: guided DDIM sampling that leaves behind what later edits need."""

from contextlib import ExitStack

import torch

from editor_core.backbones.unet.instrument import instrumented
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import check_words, denoiser
from editor_core.engines.common.result import finished
from editor_core.engines.common.sizes import picture_size
from editor_core.engines.incremental import keys
from editor_core.engines.incremental.keeping import (
    Kept,
    fit_budget,
    in_name,
    recording_step,
    say_what_is_kept,
)
from editor_core.engines.incremental.recall import recording_maps, warmup_steps
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import Generate
from editor_core.models.latents import crop, decode, on_grid, preview, seeded_noise
from editor_core.models.prompts import tokenize
from editor_core.sampling.ddim import Step, sample


@torch.no_grad()
def generate(request: Generate, context: EngineContext, seed: int) -> TurnResult:
    """Sample a picture. Raises PromptError, SizeError and, between steps, JobCancelled."""
    bundle = context.bundle
    width, height = picture_size(request.width, request.height, bundle.default_size)
    check_words(context, tokenize(bundle, request.prompt))
    sampling = request.sampling
    steps = sampling.steps or bundle.default_steps
    guidance = bundle.default_guidance if sampling.guidance is None else sampling.guidance
    shape = bundle.latent_shape(on_grid(width, bundle.grid), on_grid(height, bundle.grid))
    noise = seeded_noise(seed, shape).to(bundle.device)
    kept = fit_budget(context, noise, steps)
    say_what_is_kept(context, kept)
    space = keys.run_space(
        fingerprint=bundle.fingerprint,
        method="generate",
        prompt=request.prompt,
        negative=sampling.negative,
        seed=seed,
        steps=steps,
        guidance=guidance,
        latent_size=shape[-2:],
        parameters=in_name(kept),
    )
    with context.timed("painting"):
        trajectory = _sample_recording(
            context, request.prompt, sampling.negative, guidance, steps, noise, space, kept
        )
    with context.timed("decoding"):
        context.progress("decoding", 0, 1)
        image = crop(decode(bundle, trajectory[-1:]), width, height)
    return finished(
        context,
        method="generate",
        prompt=request.prompt,
        negative=sampling.negative,
        seed=seed,
        steps=steps,
        guidance=guidance,
        image=image,
        mask=None,
        trajectory=trajectory,
        space=space,
        parameters={},
        log={"kept": kept},
    )


def _sample_recording(
    context: EngineContext,
    prompt: str,
    negative: str,
    guidance: float,
    steps: int,
    noise: torch.Tensor,
    space: str,
    kept: Kept,
) -> torch.Tensor:
    """The trajectory (steps + 1, C, h, w); what the U-Net leaves behind on the way goes to the cache."""
    denoise = denoiser(context, prompt, negative, guidance)
    unet, with_maps = context.bundle.unet, warmup_steps(steps)
    guided = guidance != 1
    height, width = noise.shape[-2:]
    thin = (height, width) if kept is Kept.THINNED else None
    index = 0

    def predict(x_t: torch.Tensor, t: int) -> torch.Tensor:
        with ExitStack() as recorders:
            if index < with_maps:
                maps = recording_maps(context.cache, space, lambda: index, guided)
                recorders.enter_context(instrumented(unet, maps))
            if guided and kept is not Kept.NOTHING:
                recorders.enter_context(recording_step(context, [space], index, thin))
            return denoise(x_t, t)

    def on_step(step: Step) -> None:
        nonlocal index
        index = step.index + 1
        context.progress("painting", index, steps)
        if context.live_preview:
            context.preview(preview(context.bundle, step.x_0))

    context.progress("painting", 0, steps)
    return sample(predict, noise, context.schedule, steps, on_step)
