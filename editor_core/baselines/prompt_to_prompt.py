"""Prompt-to-Prompt (Hertz et al., arXiv 2208.01626), all three controllers and the local blend.

Settings of PnPInversion's comparison (arXiv 2310.01506): cross-attention maps are the source's for 40 % of the steps,
self-attention maps for 60 %, those only where a map has at most 32x32 positions in the latents of 64x64: half their
side. What is new is weighed 2, and from 20 % of the steps on the source comes back where neither the old words nor the
new ones look (section 4, local editing). Their words for blending come with the data set; here they are those that
changed. Refinement gives unchanged words the source's maps, replacement gives each word the map of the word in its
place (equal numbers of words only), reweighting scales columns. Control touches the conditional half, so the source
needs no other row.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from editor_core.backbones.attention.control import AttentionControl, MapControl, Sharing, own
from editor_core.backbones.attention.sites import AttentionSite
from editor_core.base.errors import PromptError
from editor_core.baselines.task import Task
from editor_core.engines.regions.local_blend import LocalBlend
from editor_core.models.prompts import TokenizedPrompt, align

CROSS_SHARE, SELF_SHARE, BLEND_FROM = 0.4, 0.6, 0.2
NEW_WEIGHS = 2.0
NOTHING, SOURCE, TARGET = 0, 1, 2
_SHARING = Sharing((own(NOTHING), own(SOURCE), (SOURCE, SOURCE, TARGET)), where=lambda site: site.level >= 1)
Control = Callable[[Tensor, Tensor], Tensor]
"""From the source's map and the target's, (heads, positions, tokens) each, to the target's."""


@dataclass(frozen=True)
class Settings:
    local_blend: bool = True
    new_weighs: float = NEW_WEIGHS
    """By how much the maps of new words are scaled, after refinement or replacement; 1 leaves them."""
    replace: bool = False
    """Word swap in place of refinement."""


def edit(task: Task, settings: Settings = Settings()) -> np.ndarray:
    """Over direct inversion."""
    return controlled(task, task.path, None, settings)


def controlled(task: Task, path: Tensor, fitted: Tensor | None, settings: Settings) -> np.ndarray:
    """The controlled run beside a source's path (steps + 1, C, h, w).

    fitted: (steps, L, D), a guided source's embeddings of nothing; None takes the empty prompt's. Raises PromptError.
    """
    nothing, source_words, words = task.embeddings
    steps = task.base.steps
    source, target = task.tokens()
    places = align(source, target)
    kept = replaced(source, target) if settings.replace else refined(places)
    control = reweighed(kept, places < 0, settings.new_weighs)
    looks = [_blend(task, gone(source, places)), _blend(task, (places < 0).nonzero().flatten().tolist())]

    def eps(step: int, t: int, x: Tensor) -> Tensor:
        def cross(site: AttentionSite, probs: Tensor) -> Tensor:
            empty, before, after = probs.chunk(3)
            after = control(before, after) if step < CROSS_SHARE * steps else after
            for blend, seen in zip(looks, (before, after), strict=True):
                blend.record(site, seen)
            return torch.cat([empty, before, after])

        sharing = _SHARING if step < SELF_SHARE * steps else None
        attention = AttentionControl(MapControl(inject=cross, guided=False), sharing=sharing)
        empty = nothing if fitted is None else fitted[step : step + 1].to(nothing)
        with task.context.backbone.attending(attention):
            out = task.unet(
                torch.cat([x, path[step : step + 1], x]), t, torch.cat([empty, source_words, words])
            )
        return task.guided(out[NOTHING : NOTHING + 1], out[TARGET:], x, t)

    def blended(step: int, x: Tensor) -> Tensor:
        if not settings.local_blend or step < BLEND_FROM * steps:
            return x
        inside = (looks[0].inside() | looks[1].inside()).to(x.device)
        return torch.where(inside, x, path[step + 1 : step + 2])

    return task.walk(path[:1], eps, after=blended)


def gone(source: TokenizedPrompt, places: Tensor) -> list[int]:
    """The source's tokens that the target does not have, without start, end and padding."""
    kept = set(places.tolist())
    return [token for word in source.words for token in word.tokens if token not in kept]


def _blend(task: Task, tokens: list[int]) -> LocalBlend:
    h, w = task.base.latents["trajectory"].shape[-2:]
    return LocalBlend(task.context.backbone, tokens, (h, w))


def refined(places: Tensor) -> Control:
    """Adding a new phrase (their section 3.2): words that stay have the source's maps."""

    def control(source: Tensor, target: Tensor) -> Tensor:
        at = places.to(source.device)
        return torch.where(at >= 0, source[..., at.clamp(min=0)], target)

    return control


def replaced(source: TokenizedPrompt, target: TokenizedPrompt) -> Control:
    """Word swap (their section 3.2): each word has the map of the source's word in its place.

    A word of several tokens gives each of the target's the mean of its own. Raises PromptError unless there are as
    many words.
    """
    if len(source.words) != len(target.words):
        raise PromptError("Word swap needs as many words in both sentences.")
    shares = torch.eye(len(source.ids))
    for before, after in zip(source.words, target.words, strict=True):
        shares[:, list(after.tokens)] = 0
        for token in after.tokens:
            shares[list(before.tokens), token] = 1 / len(before.tokens)
    return lambda source_map, target_map: source_map @ shares.to(source_map)


def reweighed(control: Control, new: Tensor, weight: float) -> Control:
    """Attention re-weighting (their section 3.2) of the new tokens, bool (L,), after another control."""
    scale = torch.where(new, weight, 1.0)
    return lambda source, target: control(source, target) * scale.to(target)
