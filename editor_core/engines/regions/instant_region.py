"""The region of an edit from one look at its base: both sentences, side by side, at latents that the base left.

Running the first steps with the new words (`fisedit.py`) shows where they lead away from the base, but it takes those
steps, and as they part the two runs differ in more than the words ask for. The base's own trajectory can be asked
instead: at one of its latents the network, told the old and the new sentence in one batch, answers differently where
the words matter, and its cross-attention says how far the things reach that the changed words name. Two witnesses:

- the difference of the predicted noise (as DiffEdit's, arXiv 2210.11427), which also sees where a new thing will reach;
- the maps of the words that go or, where words are only put in, of those that come (`changed_words.py`), from layers of
  about 16 positions a side, which know things best, and from the next finer ones, which know their edges.

Each is divided by its threshold, and the stronger one counts; weaker evidence beside a region joins it
(`thresholds.py`). Where words go, the latents are asked at which things have taken shape; where words are only put in,
earlier ones: later the base has no room left for something new.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import torch

from editor_core.backbones.attention.control import AttentionControl, MapControl
from editor_core.backbones.attention.sites import AttentionSite
from editor_core.engines.common.composite import soft_edge
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import check_words, predict_output
from editor_core.engines.regions.attention_mask import resized, stretch
from editor_core.engines.regions.changed_words import best_sites, unmatched
from editor_core.engines.regions.thresholds import (
    LOOK_BLUR,
    LOOK_FINE_SHARE,
    LOOK_WORDS_SHARE,
    MAX_NEW_SHARE,
    WORDS_GO,
    WORDS_ONLY_COME,
    joined,
    over_otsu,
)
from editor_core.messages.events import FoundMask
from editor_core.messages.requests import BaseTurn, FindMask
from editor_core.models.bundle import ModelBundle
from editor_core.models.conditioning import Conditioning
from editor_core.models.prompts import TokenizedPrompt, embed_prompt, tokenize
from editor_core.pixels.opencv import cv2

Maps = dict[str, torch.Tensor]
"""Site name → the maps of both sentences, the old one first: (2, heads, positions, tokens)."""


@dataclass(frozen=True, eq=False)
class InstantRegion:
    """What one look shows, on the latent grid."""

    region: np.ndarray
    """bool (h, w); empty where the words change nothing."""
    evidence: np.ndarray
    """float32 (h, w): 1 is where the thresholds stand."""
    free: bool = False
    """Whether something new is put in, at a place of its own: there the base's attention would only hinder it."""


def can_look(base: BaseTurn | None, bundle: ModelBundle) -> bool:
    """Whether a turn left what is looked at: this model's own path to all of its picture."""
    return base is not None and base.fingerprint == bundle.fingerprint and "trajectory" in base.latents


def instant_mask(request: FindMask, context: EngineContext) -> FoundMask:
    """The region that an edit of `request.base` by the sentence will have, as the edit will tell it.

    Empty where the sentence is the base's. Raises PromptError and, before the network runs, JobCancelled.
    """
    start, base, bundle = perf_counter(), request.base, context.bundle
    assert base is not None
    height, width = base.image.shape[:2]
    after = tokenize(bundle, request.sentence)
    check_words(context, after)
    found = find_instant_region(context, base, request.sentence)
    opacity = soft_edge(found.region, bundle.downscale, height, width)
    rows, columns = found.region.shape
    heat = resized(found.evidence[None], (rows * bundle.downscale, columns * bundle.downscale))[0]
    mask = FoundMask(
        request.phrase or request.sentence,
        (opacity > 0).astype(np.uint8) * 255,
        np.rint(255 * heat[:height, :width].clip(0, 1)).astype(np.uint8),
        words=(),
        step=1,
        steps=1,
        parameters={},
        seconds=round(perf_counter() - start, 3),
    )
    context.mask_found(mask)
    return mask


@torch.no_grad()
def find_instant_region(context: EngineContext, base: BaseTurn, prompt: str) -> InstantRegion:
    """Ask the base where a prompt of other words would change it. Raises JobCancelled, before the network runs."""
    before, after = tokenize(context.bundle, base.prompt), tokenize(context.bundle, prompt)
    look = WORDS_GO if unmatched(before, after) else WORDS_ONLY_COME
    difference, maps = _ask(context, base, prompt, round(look.share * base.steps))
    if not difference.any():
        empty = np.zeros(difference.shape, bool)
        return InstantRegion(empty, empty.astype(np.float32))
    heat = _looked_at(context, maps, before, after, (difference.shape[0], difference.shape[1]))
    evidence = np.maximum(heat / LOOK_WORDS_SHARE, over_otsu(cv2.GaussianBlur(difference, (0, 0), LOOK_BLUR)))
    region = joined(evidence > 1, evidence > look.weak, look.reach)
    free = look is WORDS_ONLY_COME and float(region.mean()) < MAX_NEW_SHARE
    return InstantRegion(region, evidence.astype(np.float32), free)


def _ask(context: EngineContext, base: BaseTurn, prompt: str, step: int) -> tuple[np.ndarray, Maps]:
    """The mean difference of the noise over channels, float32 (h, w), and both sentences' maps."""
    at = context.plan(base.sampler, base.steps)[min(step, base.steps - 1)]
    x_t = context.tensor(base.latents["trajectory"][at.index : at.index + 1]).expand(2, -1, -1, -1)
    sentences = [embed_prompt(context.bundle, text).cond for text in (base.prompt, prompt)]
    maps: Maps = {}

    def record(site: AttentionSite, probs: torch.Tensor) -> None:
        maps[site.name] = probs.view(2, -1, *probs.shape[1:])

    wanted = {site.name for site in _sites(context)}
    control = MapControl(record=record, guided=False, where=lambda site: site.name in wanted)
    with context.backbone.attending(AttentionControl(control)):
        output = predict_output(context, x_t, at.t, Conditioning.batch(sentences))
    old, new = context.schedule.eps_from_output(output, x_t, at.t).float()
    return (new - old).abs().mean(0).cpu().numpy(), maps


def _sites(context: EngineContext) -> Sequence[AttentionSite]:
    """The layers that know things best, and the next finer ones."""
    level = best_sites(context.bundle, context.backbone)[0].level
    sites = [site for site in context.backbone.sites if site.is_cross]
    return [site for site in sites if site.level in (level, level - 1)]


def _looked_at(
    context: EngineContext,
    maps: Maps,
    before: TokenizedPrompt,
    after: TokenizedPrompt,
    size: tuple[int, int],
) -> np.ndarray:
    """Where the changed words look, 0..1, float32 (h, w)."""
    gone = unmatched(before, after)
    sentence, tokens = (0, gone) if gone else (1, unmatched(after, before))
    if not tokens:
        return np.zeros(size, np.float32)
    sizes, heats = context.backbone.level_sizes(*size), {}
    for site in _sites(context):
        looks = maps[site.name][sentence][..., tokens].float().mean(0).sum(-1).view(sizes[site.level])
        heats[site.level] = heats.get(site.level, 0) + looks.cpu().numpy()
    coarse, *fine = (stretch(resized(heats[level][None], size)[0]) for level in sorted(heats, reverse=True))
    if not fine:
        return coarse
    return (1 - LOOK_FINE_SHARE) * coarse + LOOK_FINE_SHARE * fine[0]
