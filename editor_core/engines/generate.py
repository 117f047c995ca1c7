"""Making a picture from words, and a reference picture if there is one: sampling that keeps what later edits need."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace

import torch

from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import check_words, step_denoiser
from editor_core.engines.common.guidance_every import chosen_every, every_in_spec, guidance_every_setting
from editor_core.engines.common.guides import (
    Guide,
    reference_adapter_setting,
    reference_for,
    reference_setting,
    reference_strength_setting,
)
from editor_core.engines.common.parameters import parse_parameters
from editor_core.engines.common.result import finished
from editor_core.engines.common.sizes import picture_size
from editor_core.engines.common.taught_words import tell_unknown_words
from editor_core.engines.incremental import keys
from editor_core.engines.incremental.recorder import recording_step
from editor_core.engines.incremental.recording_budget import (
    fit_budget,
    in_spec,
    maps_to_keep,
    tell_what_is_recorded,
)
from editor_core.engines.incremental.reference import recording_maps, warmup_steps
from editor_core.engines.regions.instant_region import first_look
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import Generate, Sampling
from editor_core.messages.run import RecordingMode, RunRecord, RunSpec
from editor_core.models.latents import crop, decode, on_grid, seeded_noise
from editor_core.models.previews import preview
from editor_core.models.prompts import tokenize
from editor_core.sampling.guidance import Guidance, halves_at
from editor_core.sampling.sampler import Prediction, TimeStep, run
from editor_core.sampling.samplers import sampler_called


@dataclass(frozen=True)
class GenerateParameters:
    reference: str = reference_setting
    reference_strength: float = reference_strength_setting
    reference_adapter: str = reference_adapter_setting
    guidance_every: int | None = guidance_every_setting


@torch.no_grad()
def generate(request: Generate, context: EngineContext, seed: int) -> TurnResult:
    """Sample a picture. Raises PromptError, SizeError, ModelError and, between steps, JobCancelled."""
    bundle, parameters = context.bundle, parse_parameters(GenerateParameters, request.parameters)
    width, height = picture_size(request.width, request.height, bundle.default_size)
    told = tokenize(bundle, request.prompt)
    check_words(context, told)
    tell_unknown_words(context, request.prompt)
    sampling = replace(request.sampling, sampler=request.sampling.sampler or bundle.default_sampler)
    steps = sampling.steps or bundle.default_steps
    guidance = bundle.default_guidance if sampling.guidance is None else sampling.guidance
    every = chosen_every(parameters.guidance_every)
    guide = reference_for(context, request.reference, parameters)
    plan = context.plan(sampling.sampler, steps, seed)
    shape = bundle.latent_shape(on_grid(width, bundle.grid), on_grid(height, bundle.grid))
    noise = seeded_noise(seed, shape).to(bundle.device)
    kept = fit_budget(context, noise, steps, halves_at(guidance), tokens=len(told.ids))
    tell_what_is_recorded(context, kept, noise, steps, halves_at(guidance))
    spec = RunSpec(
        fingerprint=bundle.fingerprint,
        method="generate",
        prompt=request.prompt,
        negative=sampling.negative,
        seed=seed,
        steps=steps,
        guidance=guidance,
        sampler=sampling.sampler,
        latent_size=shape[-2:],
        parameters=guide.in_spec | in_spec(kept) | every_in_spec(every),
    )
    space = keys.run_space(spec, context.bundle)
    with context.timed("painting"):
        words = (request.prompt, sampling, Guidance(guidance, every), guide)
        trajectory = _sample_recording(context, *words, plan, noise, space, kept)
    with context.timed("decoding"):
        context.progress("decoding", 0, 1)
        image = crop(decode(bundle, trajectory[-1:]), width, height)
    return finished(
        context,
        spec,
        image=image,
        mask=None,
        trajectory=trajectory,
        latents=guide.kept,
        space=space,
        parameters=asdict(parameters),
        record=RunRecord(recording=kept, guidance_every=every, reference=guide.reference_record),
        log={"kept": kept} | guide.log,
    )


def _sample_recording(
    context: EngineContext,
    prompt: str,
    sampling: Sampling,
    guidance: Guidance,
    guide: Guide,
    plan: Sequence[TimeStep],
    noise: torch.Tensor,
    space: str,
    kept: RecordingMode,
) -> torch.Tensor:
    """The trajectory (steps + 1, C, h, w); what the U-Net leaves behind on the way goes to the cache."""
    steps = len(plan)
    denoise = step_denoiser(context, prompt, sampling.negative, guidance, steps, refer=guide.refer)
    tokens = len(tokenize(context.bundle, prompt).ids)
    wanted = max(warmup_steps(steps), 1 + first_look(steps))
    with_maps = maps_to_keep(context, noise, steps, halves_at(guidance.scale), tokens, kept, wanted)
    size = (noise.shape[-2], noise.shape[-1])

    def predict(x: torch.Tensor, at: TimeStep) -> Prediction:
        with ExitStack() as recorders:
            if at.index < with_maps:
                maps = recording_maps(context, space, at.index, size, kept, denoise.halves(at) > 1)
                recorders.enter_context(context.backbone.attending(maps))
            if kept is not RecordingMode.NOTHING:
                recorders.enter_context(recording_step(context, [space], at.index, size, kept))
            eps = denoise(x, at)
        if at.index < with_maps and denoise.conditional is not None:
            context.cache.put(keys.answer_key(space, at.index), denoise.conditional)
        return Prediction(x, eps)

    trajectory = [noise]
    context.progress("painting", 0, steps)
    for step in run(sampler_called(sampling.sampler), plan, noise, predict):
        trajectory.append(step.x_next)
        context.progress("painting", step.at.index + 1, steps)
        if context.live_preview:
            context.preview(preview(context.bundle, step.x_0))
    return torch.cat(trajectory)
