"""The guided noise prediction: where the U-Net, the words and the sampler's arithmetic meet."""

from functools import cache

import torch

from editor_core.base.errors import PromptError
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.inpainting import nothing_given
from editor_core.models.prompts import TokenizedPrompt, embed_prompt
from editor_core.sampling.ddim import Denoiser
from editor_core.sampling.guidance import guided_denoiser


def denoiser(
    context: EngineContext,
    prompt: str,
    negative: str,
    guidance: float,
    rounds: int = 1,
    given: torch.Tensor | None = None,
) -> Denoiser:
    """(x_t, t) → eps with classifier-free guidance; both float32 (rounds, C, h, w). Guidance 1 runs the prompt alone.

    given: for a U-Net made for inpainting, the mask and the masked picture (1, 1 + C, h, w); None paints everything.
    The returned callable raises JobCancelled before the U-Net runs once the job was asked to stop.
    """
    bundle, check_cancelled = context.bundle, context.check_cancelled
    words = embed_prompt(bundle, prompt, negative)

    @cache
    def further(height: int, width: int) -> torch.Tensor:
        return nothing_given(bundle, height, width) if given is None else given

    def predict(x_t: torch.Tensor, t: int, context: torch.Tensor) -> torch.Tensor:
        check_cancelled()
        if bundle.capabilities.inpainting:
            channels = further(x_t.shape[-2], x_t.shape[-1]).to(x_t)
            x_t = torch.cat([x_t, channels.expand(len(x_t), -1, -1, -1)], 1)
        output: torch.Tensor = bundle.unet(x_t, t, encoder_hidden_states=context, return_dict=False)[0]
        return output

    cond, uncond = (half.expand(rounds, -1, -1) for half in (words.cond, words.uncond))
    return guided_denoiser(predict, context.schedule, cond, uncond, guidance)


def check_words(context: EngineContext, prompt: TokenizedPrompt) -> None:
    """Say which words the model will not see. Raises PromptError when there are none at all."""
    if not prompt.words and not prompt.cut_off:
        raise PromptError("The prompt is empty: write what the picture shows.")
    if prompt.cut_off:
        context.notice("The prompt is too long for this model; it did not see: " + " ".join(prompt.cut_off))
    if prompt.unknown:
        context.notice("The model cannot spell: " + ", ".join(prompt.unknown))
