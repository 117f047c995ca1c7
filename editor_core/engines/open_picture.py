"""Opening a picture made elsewhere: DDIM inversion gives it, once, a trajectory like that of a generated one.

Three ways differ in the path that later edits take for the source's, which is what a turn keeps:
- "direct": the inverted latents themselves, so the source never drifts (direct inversion, arXiv 2310.01506);
- "null-text": where a guided run goes with embeddings of the empty prompt fitted to come back (arXiv 2211.09794);
- "ddim": where a run without guidance goes from the noise that was found; it misses the picture a little.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import torch

from editor_core.base.message import Message
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import check_words, denoiser, predict_output
from editor_core.engines.common.parameters import parse_parameters, setting
from editor_core.engines.common.result import finished
from editor_core.engines.common.sizes import check_size
from editor_core.engines.incremental import keys
from editor_core.engines.incremental.paint_over import paint_over
from editor_core.engines.incremental.recording_budget import fit_budget, in_spec, tell_what_is_recorded
from editor_core.messages.events import TurnResult
from editor_core.messages.parameters import Choice
from editor_core.messages.requests import OpenPicture, Sampling
from editor_core.messages.run import DEFAULT_SAMPLER, RunRecord, RunSpec
from editor_core.models.bundle import ModelBundle
from editor_core.models.latents import crop, decode, encode, pad_to_grid
from editor_core.models.prompts import embed_prompt, tokenize
from editor_core.sampling.guidance import halves_at
from editor_core.sampling.inversion import invert
from editor_core.sampling.null_text import null_text_inversion
from editor_core.sampling.sampler import OnStep, Step, sample
from editor_core.sampling.samplers import sampler_called

_ROUGH = 30.0
"""dB: an autoencoder that gives a picture back worse than this shows at a glance; its own pictures reach 35."""


@dataclass(frozen=True)
class OpenParameters:
    how: str = setting(
        "direct",
        Message("Inversion"),
        Message("How the noise behind the picture is found; null-text takes several times longer"),
        choices=(
            Choice("direct", Message("Direct inversion")),
            Choice("null-text", Message("Null-text inversion")),
            Choice("ddim", Message("DDIM inversion")),
        ),
    )


@dataclass(frozen=True, eq=False)
class _Found:
    """The source's path (steps + 1, C, h, w) and, after null-text inversion, embeddings (steps, L, D) and losses."""

    path: torch.Tensor
    null_text: torch.Tensor | None = None
    losses: tuple[tuple[float, ...], ...] = ()


@torch.no_grad()
def open_picture(request: OpenPicture, context: EngineContext, seed: int) -> TurnResult:
    """Invert a picture of any size within the model's reach; sides are padded to the grid, never stretched.

    One that was painted on a turn is inverted where it differs (`paint_over.py`), if that is less work.

    The inversion follows the words without guidance (w = 1), as MaSaFusion (arXiv 2405.15313) and direct inversion
    do: a guided inversion drifts off. Raises PromptError, SizeError and, between steps, JobCancelled.
    """
    bundle, sampling = context.bundle, _without_noise(request.sampling, context)
    parse_parameters(OpenParameters, {"how": request.how})
    height, width = request.image.shape[:2]
    check_size(width, height)
    check_words(context, tokenize(bundle, request.prompt))
    if _continues_its_turn(request, bundle):
        painted = paint_over(request, context)
        if painted is not None:
            return painted
    steps = sampling.steps or bundle.default_steps
    guidance = bundle.default_guidance if sampling.guidance is None else sampling.guidance
    with context.timed("inverting"):
        x_0 = encode(bundle, pad_to_grid(request.image, bundle.grid))
        found = _invert(context, request.prompt, x_0, sampling.sampler, steps, guidance, request.how, seed)
    fidelity = _fidelity(context, request.image, x_0, found)
    _tell_what_to_expect(context, float(fidelity["psnr_autoencoder"]))
    recording = fit_budget(context, x_0, steps, halves_at(guidance))
    tell_what_is_recorded(context, recording, x_0, steps, halves_at(guidance))
    spec = RunSpec(
        fingerprint=bundle.fingerprint,
        method="open",
        prompt=request.prompt,
        negative=keys.picture_digest(request.image),
        seed=seed,
        steps=steps,
        guidance=guidance,
        sampler=sampling.sampler,
        latent_size=(x_0.shape[-2], x_0.shape[-1]),
        parameters={"how": request.how, "negative": sampling.negative, **in_spec(recording)},
    )
    latents = {} if found.null_text is None else {"null_text": found.null_text.cpu().numpy()}
    return finished(
        context,
        spec,
        negative=sampling.negative,
        image=np.array(request.image),
        mask=None,
        trajectory=found.path,
        latents=latents,
        space=keys.run_space(spec, context.bundle),
        parameters={"how": request.how},
        record=RunRecord(recording=recording, inversion=request.how),
        log={"inversion": request.how, "kept": recording} | fidelity,
    )


def _without_noise(sampling: Sampling, context: EngineContext) -> Sampling:
    """With DDIM instead of a sampler that draws noise: no picture says which it drew."""
    chosen = sampler_called(sampling.sampler)
    if not chosen.draws_noise:
        return sampling
    context.notice(
        Message(
            "{sampler} draws noise that no picture tells; this one was analysed with DDIM.",
            sampler=chosen.label,
        )
    )
    return replace(sampling, sampler=DEFAULT_SAMPLER)


def _continues_its_turn(request: OpenPicture, bundle: ModelBundle) -> bool:
    """Whether there is a turn under the picture that this model made, with these words and at this size."""
    if not request.lineage or "trajectory" not in request.lineage[-1].latents:
        return False
    base = request.lineage[-1]
    same_run = base.fingerprint == bundle.fingerprint and base.prompt == request.prompt
    return same_run and base.image.shape == request.image.shape


def _invert(
    context: EngineContext,
    prompt: str,
    x_0: torch.Tensor,
    sampler_name: str,
    steps: int,
    guidance: float,
    how: str,
    seed: int,
) -> _Found:
    sampler, plan = sampler_called(sampler_name), context.plan(sampler_name, steps, seed)
    total = steps if how == "direct" else 2 * steps
    context.progress("inverting", 0, total)
    plain = denoiser(context, prompt, "", 1.0)
    inverted = invert(plain, x_0, plan, _report(context, 0, total))
    if how == "direct":
        return _Found(inverted)
    if how == "ddim":
        return _Found(sample(sampler, plan, plain, inverted[:1], _report(context, steps, total)))
    words = embed_prompt(context.bundle, prompt)
    with context.backbone.gradient_checkpointing():
        found = null_text_inversion(
            partial(predict_output, context),
            context.schedule,
            sampler,
            plan,
            inverted,
            words.cond,
            words.uncond,
            guidance,
            on_step=_report(context, steps, total),
        )
    return _Found(found.trajectory, found.embeddings, found.losses)


def _tell_what_to_expect(context: EngineContext, decibels: float) -> None:
    """A model that was taught a few words has seen few kinds of pictures: say where this one is none of them."""
    if context.bundle.vocabulary.groups and decibels < _ROUGH:
        context.notice(
            Message(
                "This model can show this picture only roughly ({decibels} dB): what it repaints will look coarser "
                "than the rest. For photographs, bring a Stable Diffusion model of your own (File ▸ Models).",
                decibels=round(decibels),
            )
        )


def _fidelity(context: EngineContext, image: np.ndarray, x_0: torch.Tensor, found: _Found) -> dict[str, Any]:
    """How near the path's end comes to the picture, in dB, and how near the autoencoder alone does."""
    height, width = image.shape[:2]
    after = psnr(crop(decode(context.bundle, found.path[-1:]), width, height), image)
    same = torch.equal(found.path[-1:], x_0)
    alone = after if same else psnr(crop(decode(context.bundle, x_0), width, height), image)
    log: dict[str, Any] = {"psnr": after, "psnr_autoencoder": alone}
    if found.losses:
        log["losses"] = [[losses[0], min(losses), len(losses) - 1] for losses in found.losses]
    return log


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    """Between two uint8 arrays, in dB; 99 when they are equal."""
    error = float(((a.astype(np.float64) - b) ** 2).mean())
    return 99.0 if error == 0 else round(float(10 * np.log10(255**2 / error)), 2)


def _report(context: EngineContext, before: int, total: int) -> OnStep:
    def on_step(step: Step) -> None:
        context.progress("inverting", before + step.at.index + 1, total)

    return on_step
