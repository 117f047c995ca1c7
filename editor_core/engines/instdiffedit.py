"""InstDiffEdit: paint a phrase into the place that it finds itself (arXiv 2401.07709).

1. The picture is noised half way and denoised with the phrase; the attention maps make a mask at every step
   (`find_mask.py`). A mask that is given, or one that the artist mended, skips this.
2. Everything inside the last mask is painted anew from pure noise, the phrase's words alone deciding: masked sampling,
   or a U-Net that takes the mask and the masked picture as further channels, where the model is of that kind. Outside,
   the latents are the base's at every step.
3. Each round starts from a noise of its own and is a result of its own; all share the one mask. On a graphics card
   they go through the U-Net as one batch. On a processor that saves little, and where memory is short it cannot be:
   there they come one after another, each told as soon as it is there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import torch

from editor_core.base.errors import EditorError, NothingToChangeError, RegionError
from editor_core.base.message import Message
from editor_core.engines.common.composite import inner_edge, soft_edge
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.decoding import decode_region
from editor_core.engines.common.denoiser import check_words
from editor_core.engines.common.encoding import encode_region
from editor_core.engines.common.given_mask import (
    exact_mask_setting,
    grow_mask_setting,
    laid_over,
    later_rim,
    opacity_in,
    soft_mask_setting,
    wider_edge,
)
from editor_core.engines.common.guidance_every import (
    chosen_every,
    every_in_spec,
    guidance_every_setting,
)
from editor_core.engines.common.guides import (
    Guide,
    controlnet_setting,
    controlnet_share_setting,
    controlnet_strength_setting,
    guide_for,
    reference_adapter_setting,
    reference_setting,
    reference_strength_setting,
)
from editor_core.engines.common.inpainting import masked_picture
from editor_core.engines.common.kept_edges import defringed, edge_around
from editor_core.engines.common.parameters import defaults, parse_parameters, setting
from editor_core.engines.common.result import finished
from editor_core.engines.common.strength import Beginnings, Entering, beginnings, fresh_noise
from editor_core.engines.common.taught_words import check_new_words
from editor_core.engines.growing import grown
from editor_core.engines.incremental import keys
from editor_core.engines.incremental.painting import Painted, Words, paint_region
from editor_core.engines.planting import asked_by_phrase, asked_by_sentence, is_empty, planted
from editor_core.engines.regions.attention_mask import AttentionMask
from editor_core.engines.regions.find_mask import EncodedPicture, on_picture, phrase_in, search
from editor_core.engines.regions.mask_recipes import MaskRecipe, recipe_for
from editor_core.messages.events import TurnResult
from editor_core.messages.parameters import GIVEN_MASK
from editor_core.messages.requests import BaseTurn, Edit
from editor_core.messages.run import RunRecord, RunSpec
from editor_core.models.latents import SEEDS, mask_to_latent, pad_to_grid, seeded_noise
from editor_core.models.prompts import tokenize

MAX_VARIANTS = 8
_FOUND_FADE = 12.0
"""Pixels over which a found region's edge fades. On 20 pictures colours step there 1.09 times as much as before; where
only the 6 outside the region fade, 1.17 times."""
_AS_PRINTED = ("paper", "printed", "demo")
"""Presets that leave an empty place empty."""


@dataclass(frozen=True)
class InstDiffEditParameters:
    preset: str = "auto"
    """Of the mask: auto, paper, printed, demo or grounded; of the numbers below, 0 is the preset's own."""
    strength: float = 0.0
    threshold: float = 0.0
    similarity_high: float = 0.0
    similarity_low: float = 0.0
    rounds: int = 0
    phrase: str = ""
    """What to look for and to paint, where the prompt is a whole sentence; empty is the prompt itself."""
    variants: int = 0
    """How many results, each from a noise of its own; 0 is as many as the preset has rounds."""
    seed: int | None = None
    """Of the first result's noise; None follows the base's."""
    painter: str = setting(
        "",
        Message("Painted by"),
        Message(
            "Another model with the same autoencoder that paints, such as one for inpainting, as in the paper"
        ),
        is_folder=True,
        empty=Message("this model"),
    )
    plant: bool = setting(
        True,
        Message("Put new things anywhere"),
        Message("A new thing that does not come by itself is painted alone and set into its place"),
        only_if=(GIVEN_MASK, True),
    )
    controlnet: str = controlnet_setting
    controlnet_strength: float = controlnet_strength_setting
    controlnet_share: float = controlnet_share_setting
    reference: str = reference_setting
    reference_strength: float = reference_strength_setting
    reference_adapter: str = reference_adapter_setting
    guidance_every: int | None = guidance_every_setting
    incremental: bool = setting(
        True,
        Message("Compute only the region"),
        Message("Off: compute the whole picture at every step; slower"),
        expert=True,
    )
    soft_mask: bool = soft_mask_setting
    exact_mask: bool = exact_mask_setting
    grow_mask: bool = grow_mask_setting
    batched: bool | None = setting(
        None,
        Message("All variants at once"),
        Message("Paint the variants side by side, or one after another; automatic: as suits the device"),
        expert=True,
    )


@dataclass(frozen=True, eq=False)
class _Region:
    """Where to paint: positions of the latent grid, bool (h, w), and opacity in the picture, uint8 (H, W)."""

    latent: np.ndarray
    opacity: np.ndarray
    steps: int
    soft: np.ndarray | None = None
    """A mask, uint8 (H, W), whose grey parts begin later."""
    exact: bool = True
    """Whether what is painted is laid over as it is."""
    fitted: bool = False
    """Whether the region ends at the edges of things that stay."""


@torch.no_grad()
def edit(request: Edit, context: EngineContext) -> TurnResult:
    """Run the edit; results but the last go to ``context.variant``.

    Raises PromptError, RegionError, NothingToChangeError, EditorError for parameters that cannot be and, between
    steps, JobCancelled.
    """
    base, parameters = request.base, _parameters(request.parameters)
    if parameters.grow_mask:
        request = grown(request, context, edit, {"variants": 1})
    recipe = recipe_for(context.bundle, request.parameters)
    words = Words(
        parameters.phrase or request.prompt,
        base.negative if request.negative is None else request.negative,
        base.guidance if request.guidance is None else request.guidance,
        chosen_every(parameters.guidance_every, base),
    )
    check_words(context, tokenize(context.bundle, words.prompt))
    check_new_words(context, base.prompt, words.prompt)
    if request.mask is None:
        region = _found(context, base, words, request.prompt, recipe)
    else:
        region = _given(request.mask, base, context, parameters)
    context.region((region.opacity > 0).astype(np.uint8) * 255)
    how = "found" if request.mask is None else "given"
    first = base.seed + 1 if parameters.seed is None else parameters.seed
    count = parameters.variants or min(recipe.rounds, MAX_VARIANTS)
    seeds = [(first + number) % SEEDS for number in range(count)]
    batched = context.bundle.device.type == "cuda" if parameters.batched is None else parameters.batched
    together = len(seeds) if batched and context.batched else 1
    painting = context
    if parameters.painter:  # what this model's runs left behind is not the other's
        bundle, backbone = context.model_beside(parameters.painter)
        painting = replace(context, bundle=bundle, backbone=backbone)
        parameters = replace(parameters, incremental=False)
    recorded = asdict(parameters) | asdict(recipe) | {"region": how, "batched": batched}
    guide = guide_for(painting, request, parameters)
    results = _painted(painting, request, words, region, seeds, together, recorded, guide)
    for number, result in enumerate(results, 1):
        if number < len(seeds):
            context.variant(result)
    return result


def _found(
    context: EngineContext,
    base: BaseTurn,
    words: Words,
    sentence: str,
    recipe: MaskRecipe,
) -> _Region:
    """Search the base's own latents. Raises NothingToChangeError."""
    phrase = phrase_in(context, words.prompt, sentence, recipe, base.prompt)
    encoded = EncodedPicture(context.tensor(base.latents["trajectory"][-1:]))
    with context.timed("looking"):
        found = list(
            _told(
                context,
                search(
                    context, encoded, phrase, words.negative, words.guidance, base.steps, base.seed, recipe
                ),
            )
        )
    picture, _ = on_picture(found[-1], recipe, context.bundle, base.image)
    if not picture.any():
        raise NothingToChangeError(
            "Nothing in the picture matches these words. Paint a mask over the area to change."
        )
    if found[-1].background:  # what stands before it keeps its edges
        if recipe.outline_kept:
            return _Region(_touched(picture, base, context), edge_around(picture), len(found), fitted=True)
        return _Region(found[-1].mask, inner_edge(picture), len(found))
    latent = _touched(picture, base, context)
    opacity = soft_edge(latent, context.bundle.downscale, *picture.shape)
    if recipe.outline:  # which left what comes instead some room
        whole = (opacity > 0).astype(np.uint8) * 255
        opacity = wider_edge(opacity, np.minimum(opacity, inner_edge(whole, _FOUND_FADE)), base.image)
    return _Region(latent, opacity, len(found))


def _told(context: EngineContext, masks: Iterator[AttentionMask]) -> Iterator[AttentionMask]:
    """The masks of a search, each told as progress."""
    for step, mask in enumerate(masks):
        context.progress("looking", step + 1, 0)
        yield mask


def _given(
    mask: np.ndarray, base: BaseTurn, context: EngineContext, parameters: InstDiffEditParameters
) -> _Region:
    """A mask uint8 (H, W) that came with the request. Raises RegionError."""
    if mask.shape != base.image.shape[:2]:
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
    touched = _touched(mask, base, context)
    published = parameters.preset in _AS_PRINTED
    soft, exact = parameters.soft_mask and not published, parameters.exact_mask or published
    opacity = opacity_in(mask, base.image, soft, exact)
    begins = mask if soft else (mask > 0).astype(np.uint8) * 255
    if not exact and not context.bundle.capabilities.inpainting:
        begins = later_rim(begins, base.image, context.bundle.downscale)
    return _Region(touched, opacity, 0, begins, exact)


def _touched(mask: np.ndarray, base: BaseTurn, context: EngineContext) -> np.ndarray:
    shape = base.latents["trajectory"].shape[-2:]
    touched: np.ndarray = mask_to_latent(pad_to_grid(mask, context.bundle.grid), shape).numpy()
    return touched


def _painted(
    context: EngineContext,
    request: Edit,
    words: Words,
    region: _Region,
    seeds: Sequence[int],
    together: int,
    recorded: Mapping[str, Any],
    guide: Guide,
) -> Iterator[TurnResult]:
    """The results, so many at a time as one batch; the progress told is that of all."""
    runs = range(0, len(seeds), together)
    for number, start in enumerate(runs):
        part = _part_of(context, number, len(runs))
        yield from _paint(part, request, words, region, seeds[start : start + together], recorded, guide)
        context.stages.clear()


def _part_of(context: EngineContext, number: int, runs: int) -> EngineContext:
    """The surroundings of one of several runs of painting, counted from 0."""

    def progress(stage: str, done: int, total: int) -> None:
        if stage == "painting":
            done, total = number * total + done, runs * total
        context.progress(stage, done, total)

    return replace(context, progress=progress)


def _paint(
    context: EngineContext,
    request: Edit,
    words: Words,
    region: _Region,
    seeds: Sequence[int],
    recorded: Mapping[str, Any],
    guide: Guide,
) -> Iterator[TurnResult]:
    """Paint the region from each seed's noise, as one batch; all else is the base's."""
    base, incremental = request.base, bool(recorded["incremental"])
    trajectory = context.tensor(base.latents["trajectory"])
    shape = tuple(trajectory[:1].shape)
    noise = torch.cat([seeded_noise(seed, shape) for seed in seeds]).to(trajectory.device)
    begins = beginnings(region.latent, base.steps, request.strength, region.soft, context.bundle.grid)
    shown = trajectory
    if request.painted is not None:
        latents = encode_region(context, request.painted, torch.from_numpy(region.latent), trajectory[-1:])
        shown = torch.cat([trajectory[:-1], latents])
    entering = fresh_noise(shown, noise, context.plan(base.sampler, base.steps, base.seed))
    start = begins.start(trajectory, entering)
    run = (context, request, words, region, seeds, begins, entering, guide)
    specs, painted = _from_start(*run, start, incremental)
    if _may_plant(recorded) and not begins.earliest:
        with_thing = _with_thing(context, request, words, region, seeds, painted)
        if with_thing is not None:
            for spec in specs:
                context.cache.drop_space(keys.run_space(spec, context.bundle))
            start = begins.begun_of(with_thing, trajectory)
            before = painted.recomputed
            specs, painted = _from_start(*run, start, incremental, is_planted=True)
            painted = replace(painted, recomputed=before + painted.recomputed)
    spaces = [keys.run_space(spec, context.bundle) for spec in specs]
    for number, (spec, space) in enumerate(zip(specs, spaces, strict=True)):
        with context.timed("decoding"):
            decoded = decode_region(context, painted.path[-1][number][None], region.opacity)
            below = base.image if request.painted is None or request.strength == 1 else request.painted
            if region.fitted:
                below = defringed(below, region.opacity)
            image = laid_over(below, decoded, region.opacity, region.exact)
            image = np.where(region.opacity[..., None] > 0, image, base.image)
        yield _result(
            context, request, region, painted, number, spec, image, space, recorded, begins.earliest, guide
        )


def _may_plant(recorded: Mapping[str, Any]) -> bool:
    """Where the artist says where; what the words found themselves is no empty place. The paper's presets never do."""
    return bool(recorded["plant"] and recorded["region"] == "given" and recorded["preset"] not in _AS_PRINTED)


def _from_start(
    context: EngineContext,
    request: Edit,
    words: Words,
    region: _Region,
    seeds: Sequence[int],
    begins: Beginnings,
    entering: Entering,
    guide: Guide,
    start: list[torch.Tensor],
    incremental: bool,
    is_planted: bool = False,
) -> tuple[list[RunSpec], Painted]:
    """Paint on from the latents of the first steps, each (n, C, h, w)."""
    base = request.base
    specs = [_spec(context, request, words, begins, seed, incremental, is_planted, guide) for seed in seeds]
    with context.timed("painting"):
        painted = paint_region(
            context,
            request.lineage,
            torch.from_numpy(region.latent),
            words,
            [keys.run_space(spec, context.bundle) for spec in specs],
            start,
            incremental,
            masked_picture(context.bundle, base.image, region.latent),
            begins=begins,
            entering=entering,
            guide=guide,
        )
    return specs, painted


def _with_thing(
    context: EngineContext,
    request: Edit,
    words: Words,
    region: _Region,
    seeds: Sequence[int],
    painted: Painted,
) -> list[torch.Tensor] | None:
    """The first steps with the phrase's thing set into the region, for each seed; None where it came by itself."""
    base, sentence = request.base, asked_by_sentence(context, request.base.prompt, request.prompt)
    with context.timed(
        "looking"
    ):  # once there, a thing is seen without its phrase, too; what was there is not
        if sentence is None or not is_empty(
            context, base, painted.path, region.latent, sentence, painted.recorded
        ):
            return None
    asked = asked_by_phrase(words.prompt, request.prompt)
    found = []
    with context.timed("painting"):
        for seed in seeds:
            path = planted(
                context, base, region.opacity, region.latent, asked, words.negative, words.guidance, seed
            )
            if path is None:
                return None
            found.append(path)
    return [torch.cat(step) for step in zip(*found, strict=True)]


def _result(
    context: EngineContext,
    request: Edit,
    region: _Region,
    painted: Painted,
    number: int,
    spec: RunSpec,
    image: np.ndarray,
    space: str,
    recorded: Mapping[str, Any],
    first_step: int,
    guide: Guide,
) -> TurnResult:
    return finished(
        context,
        spec,
        prompt=request.prompt,
        image=image,
        mask=region.opacity,
        trajectory=torch.stack([x[number] for x in painted.path]),
        region=region.latent if painted.executor == "incremental" else None,
        latents=guide.kept,
        space=space,
        parameters=recorded,
        record=RunRecord(
            painted_words=spec.prompt,
            first_step=first_step,
            guidance_every=int(spec.parameters.get("guidance_every", 1)),
            sparsity=asdict(painted.sparsity),
            levels=tuple(painted.levels),
            control=guide.hint_record,
            reference=guide.reference_record,
        ),
        log={
            "painted_words": spec.prompt,
            "search_steps": region.steps,
            "region_share": round(float(region.latent.mean()), 4),
            "executor": painted.executor,
            "levels": painted.levels,
            "sparsity": asdict(painted.sparsity),
            "steps_recomputed": painted.recomputed,
            "painted_together": len(painted.path[-1]),
            "planted": bool(spec.parameters.get("planted")),
        }
        | guide.log,
    )


def _spec(
    context: EngineContext,
    request: Edit,
    words: Words,
    begins: Beginnings,
    seed: int,
    incremental: bool,
    is_planted: bool,
    guide: Guide,
) -> RunSpec:
    base, region = request.base, begins.region.numpy()
    return RunSpec(
        fingerprint=context.bundle.fingerprint,
        method="instdiffedit",
        prompt=words.prompt,
        negative=words.negative,
        seed=seed,
        steps=base.steps,
        guidance=words.guidance,
        sampler=base.sampler,
        latent_size=(region.shape[0], region.shape[1]),
        parent=base.cache_space,
        region=region,
        strength=request.strength,
        begins=begins.as_kept(),
        parameters={"incremental": incremental}
        | ({"planted": True} if is_planted else {})
        | guide.in_spec
        | every_in_spec(words.guidance_every)
        | keys.of_painting(request.painted),
    )


def _parameters(given: Mapping[str, Any]) -> InstDiffEditParameters:
    """Raises EditorError for a name that is none or a value out of range; the mask's own are `recipe_for`'s."""
    parameters = parse_parameters(InstDiffEditParameters, given, besides=defaults(MaskRecipe))
    if not 0 <= parameters.variants <= MAX_VARIANTS:
        raise EditorError("The number of variants must be from 1 to {most}.", most=MAX_VARIANTS)
    return parameters
