"""The region of an edit from a look at its base: both sentences, side by side, at latents that the base left.

Running the first steps with the new words (`fisedit.py`) shows where they lead away from the base, but it takes those
steps, and as they part the two runs differ in more than the words ask for. The base's own trajectory can be asked
instead: at one of its latents the network, told the old and the new sentence in one batch, answers differently where
the words matter, and its cross-attention says how far the things reach that the changed words name. Two witnesses:

- the difference of the predicted noise (as DiffEdit's, arXiv 2210.11427), which also sees where a new thing will reach;
- the maps of the words that go or, where words are only put in, of those that come (`changed_words.py`), from layers of
  about 16 positions a side, which know things best, and from the next finer ones, which know their edges.

Each is divided by its threshold, and the stronger one counts; weaker evidence beside a region joins it
(`thresholds.py`). Where words go, one of the first latents is asked, at which shapes can still become others, and what
words for things that stay look at more, apart from those, is left to it. Where words are only put in, an early one
shows where something new would go, and a later one where things stand. What is there keeps its place; where that leaves
hardly any of it, the words are about what is there, as a colour is. Words that change the answer everywhere, as those
for the time of day, change the look of all, whatever else goes; those that change the place alone leave what stands in
it (`things_in_place.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
import torch

from editor_core.backbones.attention.control import AttentionControl, MapControl
from editor_core.backbones.attention.sites import AttentionSite
from editor_core.engines.common.composite import soft_edge
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import check_words, predict_output
from editor_core.engines.common.kept_edges import edge_around
from editor_core.engines.incremental import keys
from editor_core.engines.regions.attention_mask import AttentionMask, resized, stretch
from editor_core.engines.regions.changed_words import best_sites, unmatched
from editor_core.engines.regions.find_mask import on_picture
from editor_core.engines.regions.mask_recipes import PRESETS
from editor_core.engines.regions.object_mask import around, correlation
from editor_core.engines.regions.things_in_place import things_left
from editor_core.engines.regions.thresholds import (
    BLEND_SHARE,
    LOOK_BLUR,
    LOOK_EVERYWHERE,
    LOOK_FINE_SHARE,
    LOOK_WORDS_SHARE,
    MAX_NEW_SHARE,
    MAX_OVERLAP,
    MAX_THING_SHARE,
    MIN_CHANGE_EVERYWHERE,
    MIN_FREE_SHARE,
    MIN_THING_CORRELATION,
    SOMETHING_NEW,
    THING_GROWTH,
    WORDS_GO,
    WORDS_ONLY_COME,
    Look,
    cross,
    joined,
    over_otsu,
)
from editor_core.messages.events import FoundMask
from editor_core.messages.requests import BaseTurn, FindMask
from editor_core.messages.run import RecordingMode
from editor_core.models.bundle import ModelBundle
from editor_core.models.conditioning import Conditioning
from editor_core.models.latents import mask_to_latent, pad_to_grid
from editor_core.models.prompts import TokenizedPrompt, align, embed_tokens, tokenize, tokenize_alike
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
    things: np.ndarray | None = None
    """Where words change the place alone, the heat of what stands in it, float32 (h, w); else None."""
    names: tuple[int, ...] = ()
    """Tokens of the new sentence that name these things."""


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
    opacity = laid_region(found, context, base)[1]
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


def laid_region(
    found: InstantRegion, context: EngineContext, base: BaseTurn, keep_things: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """What is painted, bool (h, w), and the opacity with which it is laid over the base's picture, uint8 (H, W).

    Around things that stay the region ends at their edges in the picture, where a share of a pixel shows the old place.
    """
    height, width = base.image.shape[:2]
    if found.things is None or not keep_things:
        return found.region, soft_edge(found.region, context.bundle.downscale, height, width)
    recipe = PRESETS["grounded"]
    heat = around(found.things, recipe.threshold)
    place = AttentionMask(heat > recipe.threshold, heat, heat[:0], background=True)
    mask, _ = on_picture(place, recipe, context.bundle, base.image)
    region = mask_to_latent(pad_to_grid(mask, context.bundle.grid), found.region.shape).numpy()
    return region, edge_around(mask)


@torch.no_grad()
def find_instant_region(context: EngineContext, base: BaseTurn, prompt: str) -> InstantRegion:
    """Ask the base where a prompt of other words would change it. Raises JobCancelled, before the network runs."""
    before, after = tokenize(context.bundle, base.prompt), tokenize(context.bundle, prompt)
    if unmatched(before, after):
        return _Glance(context, base, before, after, WORDS_GO).region_without_others()
    late = _Glance(context, base, before, after, WORDS_ONLY_COME)
    early = _Glance(context, base, before, after, SOMETHING_NEW)
    found = early.region()
    if found.region.mean() >= MAX_NEW_SHARE:
        return found
    if late.difference.mean() >= MIN_CHANGE_EVERYWHERE:
        return early.followed_everywhere(found)
    free = found.region & ~_grown(late.things_that_stay(), THING_GROWTH)
    free = cv2.morphologyEx(free.astype(np.uint8), cv2.MORPH_OPEN, cross()).astype(bool)
    if free.sum() < MIN_FREE_SHARE * found.region.sum() or not free.any():
        return late.region()
    return InstantRegion(free, np.where(free, found.evidence, 0), free=True)


class _Glance:
    """What both sentences say of the base at one of its latents."""

    def __init__(
        self,
        context: EngineContext,
        base: BaseTurn,
        before: TokenizedPrompt,
        after: TokenizedPrompt,
        look: Look,
    ) -> None:
        self._context, self._before, self._after, self._look = context, before, after, look
        step = step_of(look, base.steps)
        self.difference, self._maps = _ask(context, base, after.text, step)
        """The mean difference of the noise over channels, float32 (h, w); both sentences' maps."""
        self._size = self.difference.shape[0], self.difference.shape[1]

    def region(self) -> InstantRegion:
        """Where the changed words look, or the answers differ; nothing where they are the same."""
        if not self.difference.any():
            empty = np.zeros(self._size, bool)
            return InstantRegion(empty, empty.astype(np.float32))
        difference = over_otsu(cv2.GaussianBlur(self.difference, (0, 0), LOOK_BLUR))
        evidence = np.maximum(self._changed_words() / LOOK_WORDS_SHARE, difference)
        region = joined(evidence > 1, evidence > self._look.weak, self._look.reach)
        found = InstantRegion(region, evidence.astype(np.float32))
        return self.followed_everywhere(found) if region.mean() >= MAX_NEW_SHARE else found

    def region_without_others(self) -> InstantRegion:
        """The same, less what belongs to things that stay: beside one that becomes another they often answer, too."""
        found = self.region()
        if found.region.any() and self._context.bundle.capabilities.grounded and self._changes_light():
            return replace(found, region=np.ones(self._size, bool))  # a thing that goes, too, outshouts it
        if found.region.mean() >= MAX_NEW_SHARE:
            return self._around_things(found)
        own = found.region & ~self._claimed_by_others()
        return InstantRegion(own, np.where(own | ~found.region, found.evidence, 0))

    def followed_everywhere(self, found: InstantRegion) -> InstantRegion:
        """The region with all weaker evidence that is joined to it."""
        region = joined(found.region, found.evidence > LOOK_EVERYWHERE, max(self._size))
        return InstantRegion(region, found.evidence)

    def things_that_stay(self) -> np.ndarray:
        """bool (h, w): where words of the old sentence look that the new one has, and that name things."""
        found = np.zeros(self._size, bool)
        for looks in self._looks_of_others():
            found |= looks > BLEND_SHARE
        return found

    def _around_things(self, found: InstantRegion) -> InstantRegion:
        """The region of a place that changes, with what stays in it where there is telling."""
        if not self._context.bundle.capabilities.grounded:
            return found
        changed = set(unmatched(self._before, self._after))
        gone = [word for word in self._before.words if not changed.isdisjoint(word.tokens)]
        kept = [word for word in self._before.words if changed.isdisjoint(word.tokens)]
        go, stay = ([self._heat(0, list(word.tokens)) for word in words] for words in (gone, kept))
        left = things_left(self._heat(0, [0]), go, stay)
        if left is None:
            return found
        named = {token for number in left.words for token in kept[number].tokens}
        counterparts = align(self._before, self._after).tolist()
        names = tuple(token for token, before in enumerate(counterparts) if before in named)
        return replace(found, things=left.heat, names=names)

    def _changes_light(self) -> bool:
        """Whether a word for a time or a weather goes or comes: things do not stay as they are in another light."""
        changed: set[str] = set()
        for sentence, other in ((self._before, self._after), (self._after, self._before)):
            tokens = set(unmatched(sentence, other))
            changed |= {word.text.lower() for word in sentence.words if not tokens.isdisjoint(word.tokens)}
        return not changed.isdisjoint(self._context.bundle.vocabulary.lights)

    def _claimed_by_others(self) -> np.ndarray:
        """bool (h, w): where words for things that stay look more than those that go, and elsewhere than these."""
        found, heat = np.zeros(self._size, bool), self._changed_words()
        theirs = heat > BLEND_SHARE
        for looks in self._looks_of_others():
            there = looks > BLEND_SHARE
            if (there & theirs).sum() < MAX_OVERLAP * min(there.sum(), theirs.sum()):
                found |= there & (looks > heat)
        return found

    def _looks_of_others(self) -> Iterator[np.ndarray]:
        """Where each word looks that stays and names a thing, 0..1, float32 (h, w).

        What looks everywhere is the place; but often its words look closely around a thing, and where attention was
        grounded they can be told: they would keep the edges of what goes.
        """
        gone = set(unmatched(self._before, self._after))
        grounded, things = self._context.bundle.capabilities.grounded, 1 - self._heat(0, [0])
        for word in self._before.words:
            looks = self._heat(0, list(word.tokens))
            is_thing = not grounded or correlation(looks, things) >= MIN_THING_CORRELATION
            if gone.isdisjoint(word.tokens) and is_thing and (looks > BLEND_SHARE).mean() < MAX_THING_SHARE:
                yield looks

    def _changed_words(self) -> np.ndarray:
        """Where they look, 0..1, float32 (h, w)."""
        gone, come = unmatched(self._before, self._after), unmatched(self._after, self._before)
        if not gone and not come:
            return np.zeros(self._size, np.float32)
        return self._heat(0, gone) if gone else self._heat(1, come)

    def _heat(self, sentence: int, tokens: list[int]) -> np.ndarray:
        """Where tokens of a sentence look, 0..1, float32 (h, w)."""
        sizes = self._context.backbone.level_sizes(*self._size)
        heats: dict[int, np.ndarray] = {}
        for site in _sites(self._context):
            looks = self._maps[site.name][sentence][..., tokens].float().mean(0).sum(-1)
            heat = looks.view(sizes[site.level]).cpu().numpy()
            heats[site.level] = heats[site.level] + heat if site.level in heats else heat
        levels = sorted(heats, reverse=True)
        coarse, *fine = (stretch(resized(heats[level][None], self._size)[0]) for level in levels)
        return (1 - LOOK_FINE_SHARE) * coarse + LOOK_FINE_SHARE * fine[0] if fine else coarse


def step_of(look: Look, steps: int) -> int:
    """The step of so many whose latents are asked."""
    return min(round(look.share * steps), steps - 1)


def first_look(steps: int) -> int:
    """The step that most edits ask for: what a first turn leaves of it spares them half of the question."""
    return step_of(WORDS_GO, steps)


def _ask(context: EngineContext, base: BaseTurn, prompt: str, step: int) -> tuple[np.ndarray, Maps]:
    """The mean difference of the noise over channels, float32 (h, w), and both sentences' maps.

    What the base's own run was told by its sentence is not asked again where the cache has it.
    """
    at = context.plan(base.sampler, base.steps, base.seed)[step]
    x_t = context.tensor(base.latents["trajectory"][step : step + 1])
    known = _known(context, base, step, len(tokenize(context.bundle, prompt).ids))
    asked = tokenize_alike(context.bundle, [base.prompt, prompt] if known is None else [prompt])
    told = Conditioning.batch([embed_tokens(context.bundle, each) for each in asked])
    maps: Maps = {}

    def record(site: AttentionSite, probs: torch.Tensor) -> None:
        maps[site.name] = probs.view(len(asked), -1, *probs.shape[1:])

    wanted = {site.name for site in _sites(context)}
    control = MapControl(record=record, guided=False, where=lambda site: site.name in wanted)
    with context.backbone.attending(AttentionControl(control)):
        output = predict_output(context, x_t.expand(len(asked), -1, -1, -1), at.t, told)
    if known is not None:
        output = torch.cat([known.output.to(output), output])
        maps = {name: torch.cat([known.maps[name][None].to(probs), probs]) for name, probs in maps.items()}
    old, new = context.schedule.eps_from_output(output, x_t.expand(2, -1, -1, -1), at.t).float()
    return (new - old).abs().mean(0).cpu().numpy(), maps


@dataclass(frozen=True, eq=False)
class _Known:
    """What a turn's own run said at a step of its sentence alone."""

    output: torch.Tensor
    """Raw, (1, C, h, w)."""
    maps: Mapping[str, torch.Tensor]
    """By site, (heads, positions, tokens)."""


def _known(context: EngineContext, base: BaseTurn, step: int, tokens: int) -> _Known | None:
    """What the cache has of it; None where that is not all, small maps, or maps of another number of tokens."""
    space, sites = base.cache_space, _sites(context)
    output = context.cache.get(keys.answer_key(space, step))
    if output is None or base.record.reference or base.record.recording is RecordingMode.COMPACT:
        return None
    found = {site.name: context.cache.get(keys.map_key(space, step, site.name)) for site in sites}
    maps = {name: probs for name, probs in found.items() if probs is not None and probs.shape[-1] == tokens}
    return _Known(output, maps) if len(maps) == len(sites) else None


def _sites(context: EngineContext) -> Sequence[AttentionSite]:
    """The layers that know things best, and the next finer ones."""
    level = best_sites(context.bundle, context.backbone)[0].level
    sites = [site for site in context.backbone.sites if site.is_cross]
    return [site for site in sites if site.level in (level, level - 1)]


def _grown(region: np.ndarray, by: int) -> np.ndarray:
    grown: np.ndarray = cv2.dilate(region.astype(np.uint8), cross(), iterations=by).astype(bool)
    return grown
