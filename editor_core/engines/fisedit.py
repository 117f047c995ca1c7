"""FISEdit: change the words, keep the rest (arXiv 2305.17423).

1. The first k steps run densely with the new words, from the base's own noise; unchanged words keep the base's
   cross-attention maps (Prompt-to-Prompt), so that the two runs differ only where the edit belongs.
2. The differences of the latents over those steps become the region: min-max per step, sum, OTSU, opening, growth; to
   which comes where the changed words look (`changed_words.py`). A region that is given replaces 1 and 2.
3. The remaining steps compute the region only, from the activations that the base's run left at each of them. Outside
   the region the sampler does not run: the latents there *are* the base's, so the background cannot drift (the released
   code never resets it, and it does). A region that covers most of the picture is painted densely instead.
4. Decode, and lay the region over the base's picture: every pixel outside keeps its bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial

import numpy as np
import torch

from editor_core.backbones.attention.control import AttentionControl, Injection, MapControl
from editor_core.backbones.rows import DEFAULT_SPARSITY, Sparsity
from editor_core.base.errors import NothingToChangeError, RegionError
from editor_core.engines.common.composite import soft_edge
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.decoding import decode_region
from editor_core.engines.common.denoiser import check_words, denoiser
from editor_core.engines.common.given_mask import (
    laid_over,
    later_rim,
    opacity_in,
)
from editor_core.engines.common.guidance_every import chosen_every, every_in_spec
from editor_core.engines.common.guides import Guide, guide_for, guide_of
from editor_core.engines.common.kept_edges import defringed
from editor_core.engines.common.parameters import parse_parameters
from editor_core.engines.common.result import finished
from editor_core.engines.common.strength import Beginnings, beginnings
from editor_core.engines.common.taught_words import check_new_words
from editor_core.engines.fisedit_parameters import WARM_UP, FISEditParameters
from editor_core.engines.growing import grown
from editor_core.engines.incremental import keys
from editor_core.engines.incremental.answering import Said
from editor_core.engines.incremental.painting import Painted, Words, paint_region
from editor_core.engines.incremental.reference import (
    Maps,
    Reference,
    RerunReference,
    StoredReference,
    warmup_steps,
)
from editor_core.engines.incremental.steering import Steering
from editor_core.engines.planting import (
    asked_by_sentence,
    fresh_noise,
    fresh_seed,
    is_empty,
    planted,
    puts_something_else,
    puts_something_new,
    words_around,
)
from editor_core.engines.regions.changed_words import ChangedWords
from editor_core.engines.regions.instant_region import find_instant_region, laid_region
from editor_core.engines.regions.outside_words import tokens_outside
from editor_core.engines.regions.thresholds import MAX_NEW_SHARE, above_otsu, cross, follow_weaker
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import BaseTurn, Edit
from editor_core.messages.run import RunRecord, RunSpec
from editor_core.models.latents import mask_to_latent, pad_to_grid
from editor_core.models.prompts import align, tokenize, tokenize_alike
from editor_core.pixels.opencv import cv2
from editor_core.sampling.low_frequencies import with_fresh_light
from editor_core.sampling.sampler import Prediction, Step, TimeStep, run
from editor_core.sampling.samplers import sampler_called


@dataclass(frozen=True, eq=False)
class _Found:
    """The region, bool (h, w), the latents so far, and the maps as warm-up steps used them."""

    region: np.ndarray
    path: list[torch.Tensor]
    maps: list[Maps]
    recomputed: int = 0
    x_0: torch.Tensor | None = None
    """What the last of the steps so far predicted, (1, C, h, w)."""
    steered: int = 0
    """So many of the steps to come attend as the base does."""
    hidden: tuple[int, ...] = ()
    """Tokens that the region does not look at."""
    new: bool = False
    """Whether something comes into an empty place; the base's noise, which left it empty, has no say in it."""
    planted: bool = False
    fresh_light: bool = False
    """Whether the noise of an inverted picture lost the light that was left in it."""
    opacity: np.ndarray | None = None
    """How what was found is laid over the picture, uint8 (H, W)."""
    fitted: bool = False
    """Whether the region ends at the edges of things that stay."""


@torch.no_grad()
def edit(request: Edit, context: EngineContext) -> TurnResult:
    """Run the edit. Raises PromptError, RegionError, NothingToChangeError and, between steps, JobCancelled."""
    base, parameters = request.base, parse_parameters(FISEditParameters, request.parameters)
    if parameters.grow_mask:
        request = grown(request, context, edit)
    words = Words(
        request.prompt,
        base.negative if request.negative is None else request.negative,
        base.guidance if request.guidance is None else request.guidance,
        chosen_every(parameters.guidance_every, base),
    )
    check_words(context, tokenize(context.bundle, words.prompt))
    _check_changed(words, base, context)
    check_new_words(context, base.prompt, words.prompt)

    guide = guide_for(context, request, parameters)

    mask = request.mask
    if mask is None:
        found = _find_region(context, request, words, parameters, guide)
        opacity = found.opacity
        if opacity is None:
            opacity = soft_edge(found.region, context.bundle.downscale, *_size(base))
    else:
        found = _given_region(mask, base, words, context)
        opacity = opacity_in(mask, base.image, parameters.soft_mask, parameters.exact_mask)
    if parameters.hide_outside_words and not found.maps:  # the paper's first steps see all words
        hidden = tokens_outside(context, base, words.prompt, torch.from_numpy(found.region))
        found = replace(found, hidden=tuple(sorted({*found.hidden, *hidden})))
    if not opacity.any():  # it was found where the picture was padded only
        raise _nothing_to_change()
    context.region((opacity > 0).astype(np.uint8) * 255)
    sparsity = parameters.sparsity(context.bundle.device)
    later = _later(found, request, parameters, context)
    begins = beginnings(found.region, base.steps, request.strength, later, context.bundle.grid)
    found = _from_step(found, begins.earliest, context.tensor(base.latents["trajectory"]))
    found, spec, painted = _painted(context, request, words, found, parameters, begins, opacity, guide)
    space = keys.run_space(spec, context.bundle)
    with context.timed("decoding"):
        above = decode_region(context, painted.path[-1], opacity)
        below = defringed(base.image, opacity) if found.fitted else base.image
        image = laid_over(below, above, opacity, parameters.exact_mask or mask is None)
    _keep_maps(context, space, found.maps)
    return finished(
        context,
        spec,
        image=image,
        mask=opacity,
        trajectory=torch.cat(painted.path),
        region=found.region if painted.executor == "incremental" and not parameters.tail else None,
        latents=guide.kept,
        space=space,
        parameters=asdict(parameters) | {"region": "found" if mask is None else "given"},
        record=RunRecord(
            recording=painted.kept,
            warmup_steps=len(found.maps),
            warmup_controlled=parameters.control,
            steered_steps=found.steered,
            hidden_tokens=found.hidden,
            first_step=begins.earliest,
            guidance_every=words.guidance_every,
            sparsity=sparsity.decisive(),
            levels=tuple(painted.levels),
            control=guide.hint_record,
            reference=guide.reference_record,
        ),
        log=_log(found, painted, parameters, sparsity) | guide.log,
    )


def _log(
    found: _Found, painted: Painted, parameters: FISEditParameters, sparsity: Sparsity
) -> dict[str, object]:
    """What the run did, for people."""
    return {
        "warmup_steps": len(found.maps),
        "steered_steps": found.steered,
        "hidden_tokens": list(found.hidden),
        "something_new": found.new,
        "planted": found.planted,
        "fresh_light": found.fresh_light,
        "tail_steps": parameters.tail,
        "reimposed": parameters.reimpose,
        "region_share": round(float(found.region.mean()), 4),
        "executor": painted.executor,
        "levels": painted.levels,
        "kept": painted.kept,
        "sparsity": sparsity.decisive(),
        "steps_recomputed": found.recomputed + painted.recomputed,
    }


def _painted(
    context: EngineContext,
    request: Edit,
    words: Words,
    found: _Found,
    parameters: FISEditParameters,
    begins: Beginnings,
    opacity: np.ndarray,
    guide: Guide,
) -> tuple[_Found, RunSpec, Painted]:
    """Paint on from what was found; where a new thing did not come, once more with the thing set in."""
    base = request.base
    spec, painted = _paint(context, request, words, found, parameters, begins, guide)
    could_be_empty = found.new or (
        request.mask is not None and puts_something_else(context, base.prompt, words.prompt)
    )
    if not could_be_empty or not parameters.plant or begins.earliest:
        return found, spec, painted
    said = _said(context, found, painted, begins, guide)
    with_thing = _planted(context, base, words, found, painted, said, opacity)
    if with_thing is None:
        return found, spec, painted
    context.cache.drop_space(keys.run_space(spec, context.bundle))
    path = begins.begun_of(with_thing.path, context.tensor(base.latents["trajectory"]))
    found = replace(with_thing, path=path)
    before = painted.recomputed
    spec, painted = _paint(context, request, words, found, parameters, begins, guide)
    return found, spec, replace(painted, recomputed=before + painted.recomputed)


def _paint(
    context: EngineContext,
    request: Edit,
    words: Words,
    found: _Found,
    parameters: FISEditParameters,
    begins: Beginnings,
    guide: Guide,
) -> tuple[RunSpec, Painted]:
    """Go on from what was found, in the space of the run's own name."""
    base = request.base
    spec = _spec(context, request, words, found, parameters, begins, guide)
    with context.timed("painting"):
        painted = paint_region(
            context,
            request.lineage,
            torch.from_numpy(found.region),
            words,
            [keys.run_space(spec, context.bundle)],
            _start(found, context.tensor(base.latents["trajectory"]), parameters.reimpose),
            parameters.incremental,
            sparsity=parameters.sparsity(context.bundle.device),
            tail=parameters.tail,
            reimpose=parameters.reimpose,
            x_0_before=found.x_0,
            steering=_steering(context, base, words, found),
            begins=begins if begins.is_soft else None,
            guide=guide,
        )
    return spec, painted


def _planted(
    context: EngineContext,
    base: BaseTurn,
    words: Words,
    found: _Found,
    painted: Painted,
    said: Mapping[int, Said],
    opacity: np.ndarray,
) -> _Found | None:
    """What was found, with the new thing set into it; None where it came by itself, or could not be painted."""
    asked = asked_by_sentence(context, base.prompt, words.prompt, found.hidden)
    with context.timed("looking"):
        if asked is None or not is_empty(
            context, base, painted.path, found.region, asked, painted.recorded, said
        ):
            return None
    with context.timed("painting"):
        path = planted(
            context, base, opacity, found.region, asked, words.negative, words.guidance, fresh_seed(base)
        )
    return (
        None if path is None else replace(found, path=path, planted=True, hidden=words_around(context, asked))
    )


def _said(
    context: EngineContext, found: _Found, painted: Painted, begins: Beginnings, guide: Guide
) -> Mapping[int, Said]:
    """What the network said of the words alone by step, where nothing else had a say in it."""
    others = begins.is_soft or guide.hint is not None or guide.reference is not None
    if others or painted.sparsity != DEFAULT_SPARSITY.on(context.bundle.device):
        return {}
    return {step: each for step, each in painted.said.items() if step >= found.steered}


def summed_differences(
    base: list[torch.Tensor], edited: list[torch.Tensor], scale_steps: bool = True
) -> np.ndarray:
    """Sum over steps of |X_t - Y_t|, each step scaled to 0..1 by itself so that noisy steps do not drown the others.

    base, edited: per step (1, C, h, w). Returns float32 (h, w). The paper's formula scales once, after the sum; the
    authors' code scales per step.
    """
    total = np.zeros(base[0].shape[-2:], np.float32)
    for x, y in zip(base, edited, strict=True):
        apart = (x - y).abs().sum(1)[0].float().cpu().numpy()
        total += _min_max(apart) if scale_steps else apart
    return total if scale_steps else _min_max(total)


def mask_from_difference(difference: np.ndarray, opening: bool = True) -> np.ndarray:
    """The region an edit changes: OTSU's threshold on the summed differences (h, w), then an opening. Bool (h, w).

    The opening is 3x3 and symmetric: the authors' 2x2 one moves the mask by a position down and right. A difference
    that is the same everywhere, or nowhere a number, gives an empty region.
    """
    if not np.isfinite(difference).all() or np.ptp(difference) == 0:
        return np.zeros(difference.shape, bool)
    mask = above_otsu(difference).astype(np.uint8)
    if not opening:
        return np.asarray(mask, bool)
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, cross())
    region: np.ndarray = (opened if opened.any() else mask).astype(bool)
    return region


def _find_region(
    context: EngineContext,
    request: Edit,
    words: Words,
    parameters: FISEditParameters,
    guide: Guide,
) -> _Found:
    """Find the region as the parameters say. Raises NothingToChangeError.

    Where only the negative prompt or the guidance changes, there is nothing that one look could compare.
    """
    before, after = (tokenize(context.bundle, text).ids for text in (request.base.prompt, words.prompt))
    if parameters.search == WARM_UP or before == after:
        return _region_of_warm_up(context, request, words, parameters, guide)
    base = request.base
    with context.timed("looking"):
        context.progress("looking", 0, 1)
        found = find_instant_region(context, base, words.prompt)
    if not found.region.any():
        raise _nothing_to_change()
    noise = context.tensor(base.latents["trajectory"][:1])
    steered = warmup_steps(base.steps, parameters.steered_share, parameters.max_warmup_steps)
    if found.free:
        return _Found(found.region, [fresh_noise(context, base)], [], new=True)
    start = noise
    if parameters.fresh_light and found.region.mean() >= MAX_NEW_SHARE:
        start = with_fresh_light(noise, fresh_noise(context, base))
    region, opacity = laid_region(found, context, base, parameters.keep_things)
    fitted = parameters.keep_things and found.things is not None
    return _Found(
        region,
        [start],
        [],
        steered=steered if parameters.steered_share else 0,
        fresh_light=start is not noise,
        hidden=found.names if fitted else (),
        opacity=opacity,
        fitted=fitted,
    )


def _region_of_warm_up(
    context: EngineContext,
    request: Edit,
    words: Words,
    parameters: FISEditParameters,
    guide: Guide,
) -> _Found:
    """Run the warm-up steps and read the region from them. Raises NothingToChangeError."""
    base, bundle = request.base, context.bundle
    count = warmup_steps(base.steps, parameters.warmup_share, parameters.max_warmup_steps)
    reference = _reference(context, request.lineage, words)
    before, after = tokenize(bundle, base.prompt), tokenize(bundle, words.prompt)
    path: list[torch.Tensor] = [context.tensor(base.latents["trajectory"][:1])]
    maps: list[Maps] = []
    x_0 = None
    size = (path[0].shape[-2], path[0].shape[-1])
    changed_words = ChangedWords(bundle, context.backbone, before, after, size)
    with context.timed("looking"):
        warm_up = _warm_up(context, base, reference, words, count, "looking", parameters.control, guide)
        for step, base_maps, used in warm_up:
            path.append(step.x_next)
            x_0 = step.x_0
            maps.append(used)
            changed_words.add(base_maps, used)
    first = min(parameters.compare_from, count)
    compared = range(first, count + 1)
    difference = summed_differences(
        [reference.latents(i) for i in compared], path[first:], parameters.scale_steps
    )
    region = mask_from_difference(difference, parameters.opening)
    if not region.any():
        raise _nothing_to_change()
    if parameters.follow_words:
        region = region | changed_words.region(difference)
    if parameters.follow_differences:
        region = follow_weaker(region, difference)
    return _Found(_grown(region, parameters.growth), path, maps, reference.recomputed, x_0)


def _steering(context: EngineContext, base: BaseTurn, words: Words, found: _Found) -> Steering | None:
    if not found.steered and not found.hidden:
        return None
    return Steering(context, base, words.prompt, words.negative, found.steered, found.hidden)


def _nothing_to_change() -> NothingToChangeError:
    return NothingToChangeError("Nothing would change: the model paints the same picture for this prompt.")


def _warm_up(
    context: EngineContext,
    base: BaseTurn,
    reference: Reference,
    words: Words,
    count: int,
    stage: str,
    controlled: bool,
    guide: Guide,
) -> Iterator[tuple[Step, Maps, Maps]]:
    """Each of the first steps, with the base's maps and those used; controlled, unchanged words have the base's."""
    before, _ = tokenize_alike(context.bundle, (base.prompt, base.negative))
    after, _ = tokenize_alike(context.bundle, (words.prompt, words.negative))
    alignment = align(before, after).to(context.bundle.device)
    denoise = denoiser(
        context, words.prompt, words.negative, words.guidance, control=guide.control, refer=guide.refer
    )
    base_maps: Maps = {}
    used: Maps = {}

    def predict(x: torch.Tensor, at: TimeStep) -> Prediction:
        nonlocal base_maps, used
        context.progress(stage, at.index, count)
        base_maps, used = reference.maps(at.index, at.t), {}
        maps = MapControl(
            inject=Injection(lambda site: base_maps[site.name], alignment) if controlled else None,
            record=lambda site, probs: used.__setitem__(site.name, probs.half()),
            guided=words.guidance != 1,
        )
        with context.backbone.attending(AttentionControl(maps)):
            return Prediction(x, denoise(x, at.t))

    plan = context.plan(base.sampler, base.steps, base.seed)[:count]
    noise = context.tensor(base.latents["trajectory"][:1])
    for step in run(sampler_called(base.sampler), plan, noise, predict):
        yield step, base_maps, used


def _maps_again(context: EngineContext, lineage: Sequence[BaseTurn]) -> list[Maps]:
    """The maps that the last turn's own warm-up used, from running it again; none where its region was given."""
    turn, before = lineage[-1], lineage[:-1]
    count = turn.record.warmup_steps
    if not count:
        return []
    words = Words(turn.prompt, turn.negative, turn.guidance)
    reference = _reference(context, before, words)
    controlled, guide = turn.record.warmup_controlled, guide_of(context, turn)
    steps = _warm_up(context, before[-1], reference, words, count, "recomputing", controlled, guide)
    return [used for *_, used in steps]


def _reference(context: EngineContext, lineage: Sequence[BaseTurn], words: Words) -> Reference:
    """What the warm-up is compared with: the stored run if it was sampled as the edit is, else one made beside it."""
    base = lineage[-1]
    same = base.guidance == words.guidance and base.negative == words.negative
    if same and all(_is_sampled(turn, base) for turn in lineage):
        return StoredReference(context, base, partial(_maps_again, context, lineage))
    return RerunReference(context, base, words.negative, words.guidance)


def _is_sampled(turn: BaseTurn, base: BaseTurn) -> bool:
    """Whether the turn's path, on which the base's lies, was sampled from the noise, by the model of now."""
    whole = turn.method in ("generate", "fisedit") and not turn.record.first_step
    return whole and turn.fingerprint == base.fingerprint


def _start(found: _Found, base_path: torch.Tensor, reimpose: bool) -> list[torch.Tensor]:
    """The latents so far, with the base's outside the region."""
    if not reimpose:
        return found.path
    inside = torch.from_numpy(found.region).to(base_path.device)
    return [torch.where(inside, x, base_path[i : i + 1]) for i, x in enumerate(found.path)]


def _later(
    found: _Found, request: Edit, parameters: FISEditParameters, context: EngineContext
) -> np.ndarray | None:
    """The mask, uint8 (H, W), whose grey parts begin later; its rim does where fresh noise is painted."""
    mask = request.mask
    if mask is None:
        return None
    later = mask if parameters.soft_mask else (mask > 0).astype(np.uint8) * 255
    if found.new and not parameters.exact_mask:
        later = later_rim(later, request.base.image, context.bundle.downscale)
    return later


def _from_step(found: _Found, step: int, base_path: torch.Tensor) -> _Found:
    """What was found, to be painted from a later step on: the latents until there are the base's."""
    if not step:
        return found
    return replace(found, path=list(torch.split(base_path[: step + 1], 1)), maps=[], x_0=None, new=False)


def _given_region(mask: np.ndarray, base: BaseTurn, words: Words, context: EngineContext) -> _Found:
    """The latent positions a mask uint8 (H, W) touches; painting starts from the noise. Raises RegionError."""
    if mask.shape != _size(base):
        raise RegionError(
            "The mask is {mask_width} × {mask_height} pixels, but the picture is {width} × "
            "{height}. They must be the same size.",
            mask_width=mask.shape[1],
            mask_height=mask.shape[0],
            width=base.image.shape[1],
            height=base.image.shape[0],
        )
    if not mask.any():
        raise RegionError("The mask is empty. Paint the area that may change.")
    trajectory = base.latents["trajectory"]
    region = mask_to_latent(pad_to_grid(mask, context.bundle.grid), trajectory.shape[-2:]).numpy()
    if puts_something_new(context, base, words.prompt, region):
        return _Found(region, [fresh_noise(context, base)], [], new=True)
    return _Found(region, [context.tensor(trajectory[:1])], [])


def _size(base: BaseTurn) -> tuple[int, int]:
    """(H, W) of the picture in pixels."""
    return base.image.shape[0], base.image.shape[1]


def _spec(
    context: EngineContext,
    request: Edit,
    words: Words,
    found: _Found,
    parameters: FISEditParameters,
    begins: Beginnings,
    guide: Guide,
) -> RunSpec:
    base = request.base
    return RunSpec(
        fingerprint=context.bundle.fingerprint,
        method="fisedit",
        prompt=words.prompt,
        negative=words.negative,
        seed=base.seed,
        steps=base.steps,
        guidance=words.guidance,
        sampler=base.sampler,
        latent_size=(found.region.shape[0], found.region.shape[1]),
        parent=base.cache_space,
        region=found.region,
        strength=request.strength,
        begins=begins.as_kept(),
        parameters={
            "warmup_steps": len(found.maps),
            "incremental": parameters.incremental,
            **({} if parameters.control else {"controlled": False}),
            "tail": parameters.tail,
            "reimpose": parameters.reimpose,
            **parameters.sparsity(context.bundle.device).decisive(),
            **({"steered_steps": found.steered} if found.steered else {}),
            **({"hidden_tokens": list(found.hidden)} if found.hidden else {}),
            **({"fresh_noise": True} if found.new else {}),
            **({"fresh_light": True} if found.fresh_light else {}),
            **({"planted": True} if found.planted else {}),
            **every_in_spec(words.guidance_every),
            **guide.in_spec,
        },
    )


def _keep_maps(context: EngineContext, space: str, maps: list[Maps]) -> None:
    for index, step_maps in enumerate(maps):
        for site, probs in step_maps.items():
            context.cache.put(keys.map_key(space, index, site), probs, row_dim=None)


def _check_changed(words: Words, base: BaseTurn, context: EngineContext) -> None:
    """Tokens are what counts: spaces, capitals and words that do not fit any more are not seen by the model."""
    pairs = (words.prompt, base.prompt), (words.negative, base.negative)
    same = all(len({tokenize(context.bundle, text).told for text in pair}) == 1 for pair in pairs)
    if same and words.guidance == base.guidance:
        raise NothingToChangeError("Nothing would change: the prompt is the same as before.")


def _grown(region: np.ndarray, by: int) -> np.ndarray:
    return cv2.dilate(region.astype(np.uint8), cross(), iterations=by).astype(bool) if by else region


def _min_max(values: np.ndarray) -> np.ndarray:
    low, high = float(values.min()), float(values.max())
    return (values - low) / (high - low) if high > low else np.zeros_like(values)
