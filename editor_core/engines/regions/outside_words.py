"""The words that name something outside a region.

A region is painted with the whole sentence, and a model told of an owl paints an owl wherever it is let, also where
something was to be taken away beside the owl that is there. The source's attention tells where each word that stays
looks: at a thing beside the region, in which case the region need not see it, or at the region, or everywhere, as the
words for the place do.
"""

import torch

from editor_core.engines.common.context import EngineContext
from editor_core.engines.incremental.steering import base_maps
from editor_core.engines.regions.local_blend import LocalBlend
from editor_core.engines.regions.thresholds import MAX_INSIDE_SHARE, MAX_THING_SHARE
from editor_core.messages.requests import BaseTurn
from editor_core.models.prompts import align, tokenize


def tokens_outside(
    context: EngineContext, base: BaseTurn, prompt: str, region: torch.Tensor
) -> tuple[int, ...]:
    """Positions of the prompt's tokens that name a thing of the base outside the region, bool (h, w).

    Asks the source's maps of one step, halfway: one call of the network, once per picture.
    """
    step = base.steps // 2
    at = context.plan(base.sampler, base.steps, base.seed)[step]
    maps = base_maps(context, base)(step, at.t)
    sites = {site.name: site for site in context.backbone.sites}
    words = tokenize(context.bundle, prompt)
    places = align(tokenize(context.bundle, base.prompt), words)
    found: list[int] = []
    for word in words.words:
        before = places[list(word.tokens)]
        if (before < 0).any():
            continue
        looks = LocalBlend(context.backbone, before.tolist(), (region.shape[0], region.shape[1]))
        for name, probs in maps.items():
            looks.record(sites[name], probs.float())
        if _is_thing_outside(looks.inside().cpu(), region.cpu()):
            found += word.tokens
    return tuple(found)


def _is_thing_outside(looked_at: torch.Tensor, region: torch.Tensor) -> bool:
    inside = float((looked_at & region).sum()) / max(int(looked_at.sum()), 1)
    return float(looked_at.float().mean()) < MAX_THING_SHARE and inside < MAX_INSIDE_SHARE
