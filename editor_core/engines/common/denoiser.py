"""The noise prediction: where the network, the words and the sampler's arithmetic meet."""

from collections.abc import Callable, Sequence

import torch

from editor_core.base.errors import PromptError
from editor_core.base.message import Message
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.inpainting import nothing_given
from editor_core.models.bundle import ModelBundle
from editor_core.models.conditioning import Conditioning
from editor_core.models.controlnet import ControlResiduals
from editor_core.models.prompts import PromptEmbeddings, TokenizedPrompt, embed_prompt
from editor_core.sampling.guidance import Guidance, GuidedSteps
from editor_core.sampling.sampler import Denoiser

Control = Callable[[torch.Tensor, float, Conditioning], ControlResiduals | None]
"""(x_t, t, what the network is told) → what a ControlNet adds, in their precision; None for nothing at that time."""

Refer = Callable[[PromptEmbeddings], PromptEmbeddings]


def control_for_rows(control: Control, rows: Sequence[int]) -> Control:
    """The same, asked for these rows of a batch; nothing is added to the others."""

    def chosen(x_t: torch.Tensor, t: float, told: Conditioning) -> ControlResiduals | None:
        found = control(x_t[list(rows)], t, told.chosen(rows))
        return None if found is None else found.among(rows, len(x_t))

    return chosen


def both_controls(one: Control, another: Control) -> Control:
    """What two nets add together."""

    def control(x_t: torch.Tensor, t: float, told: Conditioning) -> ControlResiduals | None:
        found = [each for each in (one(x_t, t, told), another(x_t, t, told)) if each is not None]
        return found[0] + found[1] if len(found) == 2 else next(iter(found), None)

    return control


def predict_output(
    context: EngineContext,
    x_t: torch.Tensor,
    t: float,
    conditioning: Conditioning,
    given: torch.Tensor | None = None,
    residuals: Sequence[torch.Tensor] | None = None,
    control: Control | None = None,
) -> torch.Tensor:
    """The network's raw output for latents (B, C, h, w), in their precision: the one way an engine calls it densely.

    given: for a network made for inpainting, the mask and the masked picture (1, 1 + C, h, w); None paints everything.
    residuals: an adapter's features, one map (B or 1, C, h, w) per level. control: what computes a ControlNet's for
    the same call. Raises JobCancelled, before the network runs.
    """
    context.check_cancelled()
    bundle, x = context.bundle, x_t
    if bundle.capabilities.inpainting:
        further = nothing_given(bundle, x.shape[-2], x.shape[-1]) if given is None else given
        x = torch.cat([x, further.to(x).expand(len(x), -1, -1, -1)], 1)
    told = sized(bundle, conditioning, x_t.shape[-2], x_t.shape[-1])
    added = None if control is None else control(x_t.to(told.dtype), t, told)
    return context.backbone.predict(x.to(told.dtype), t, told, residuals, added).to(x_t.dtype)


def sized(bundle: ModelBundle, told: Conditioning, height: int, width: int) -> Conditioning:
    """What the network is told, for latents of so many positions a side."""
    return told.of_size(height * bundle.downscale, width * bundle.downscale)


def denoiser(
    context: EngineContext,
    prompt: str,
    negative: str,
    guidance: float,
    rounds: int = 1,
    given: torch.Tensor | None = None,
    control: Control | None = None,
    refer: Refer = lambda words: words,
) -> Denoiser:
    """(x_t, t) → eps with classifier-free guidance; both float32 (rounds, C, h, w). Guidance 1 runs the prompt alone.

    given, control: as `predict_output` has them. refer: puts a reference picture beside the words. The returned
    callable raises JobCancelled once the job was asked to stop.
    """
    always = Guidance(guidance)
    return step_denoiser(context, prompt, negative, always, 1, rounds, given, control, refer).at_any_step


def step_denoiser(
    context: EngineContext,
    prompt: str,
    negative: str,
    guidance: Guidance,
    steps: int,
    rounds: int = 1,
    given: torch.Tensor | None = None,
    control: Control | None = None,
    refer: Refer = lambda words: words,
) -> GuidedSteps:
    """As `denoiser`, (x_t, step) → eps for a run of so many steps, which may leave unconditional halves out."""
    words = refer(embed_prompt(context.bundle, prompt, negative))

    def output(x_t: torch.Tensor, t: float, conditioning: Conditioning) -> torch.Tensor:
        return predict_output(context, x_t, t, conditioning, given, control=control)

    cond, uncond = words.cond.repeated(rounds), words.uncond.repeated(rounds)
    return GuidedSteps(output, context.schedule, cond, uncond, guidance, steps)


def check_words(context: EngineContext, prompt: TokenizedPrompt) -> None:
    """Say which words the model will not see. Raises PromptError when there are none at all."""
    if not prompt.words and not prompt.cut_off:
        raise PromptError("The prompt is empty. Describe what the picture shows.")
    if prompt.cut_off:
        context.notice(
            Message(
                "The prompt is too long for this model. It ignored: {words}", words=" ".join(prompt.cut_off)
            )
        )
    if prompt.switches:
        context.notice(
            Message(
                "Words cannot be switched during a run; of {switches} only one part counts.",
                switches=prompt.switches,
            )
        )
    if prompt.unknown:
        context.notice(
            Message(
                "The model does not know these characters: {characters}", characters=tuple(prompt.unknown)
            )
        )
