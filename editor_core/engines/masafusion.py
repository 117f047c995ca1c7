"""MaSaFusion: redraw a region after a sketch, in the picture's own texture (arXiv 2405.15313).

1. The source's latents are known at every step, from making the picture or from inverting it (direct inversion).
2. An intermediate image starts from Gaussian noise and follows sketch and words: it has the right shape.
3. The target starts from the same noise inside the region A and from the source's outside it. Inside A its
   self-attention takes queries and keys, that is the attention map, from the intermediate, with its own values. What
   is predicted for outside A, of either image, takes all three from the source, and the source's words.
4. All of it runs as one batch per step (`fusion.py`); predictions for inside and outside are put together per position.
5. Decode, and lay the region over the source's picture: every pixel outside keeps its bytes.

Two presets. "faithful" is Algorithm 1 as printed. It lets the background's colours drift, because a guided prediction
does not retrace an unguided inversion. "exact", the default, re-imposes the source's latents outside A after each step
of the target, and leaves out the evaluation that then has no effect; where no step shares attention, as on models for
which that brings nothing, the target is all that is evaluated. And the region does not see the words for things
that stand outside it (`outside_words.py`): else they come in a second time, most of all where something is taken away.

Without a sketch there is no intermediate (Algorithm 5), and the target's queries meet the source's keys and values. As
printed it starts from the source's noise and attends to the source at every step, which mostly gives the source back
(the paper says so of Figure 12). "exact" starts from fresh noise here too, and attends to itself: outside the region it
*is* the source, and what is inside that, the thing that is to go, gives its colours to the new one.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

import numpy as np
import torch

from editor_core.base.errors import RegionError
from editor_core.base.message import Message
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.decoding import decode_region
from editor_core.engines.common.denoiser import check_words
from editor_core.engines.common.given_mask import (
    exact_mask_setting,
    laid_over,
    later_rim,
    opacity_in,
    soft_mask_setting,
)
from editor_core.engines.common.guides import (
    NO_GUIDE,
    Guide,
    controlnet_setting,
    controlnet_share_setting,
    controlnet_strength_setting,
    guide_for,
    reference_adapter_setting,
    reference_setting,
    reference_strength_setting,
)
from editor_core.engines.common.parameters import parse_parameters, setting, share
from editor_core.engines.common.result import finished
from editor_core.engines.common.sketching import Drawing, read_drawing
from editor_core.engines.common.strength import (
    Beginnings,
    beginnings,
    fresh_noise,
    own_noise,
)
from editor_core.engines.common.taught_words import check_new_words
from editor_core.engines.fusion import FusedEvaluation, Image, Recipe, SourceRecord, Texts, parts_of_step
from editor_core.engines.incremental import keys
from editor_core.engines.planting import (
    asked_by_sentence,
    is_empty,
    planted,
    puts_something_else,
    puts_something_new,
    words_around,
)
from editor_core.engines.regions.outside_words import tokens_outside
from editor_core.messages.events import TurnResult
from editor_core.messages.parameters import GIVEN_SKETCH, Choice
from editor_core.messages.requests import BaseTurn, Edit
from editor_core.messages.run import RunRecord, RunSpec
from editor_core.models.bundle import ModelBundle
from editor_core.models.latents import SEEDS, crop, decode, mask_to_latent, pad_to_grid, seeded_noise
from editor_core.models.previews import preview
from editor_core.models.prompts import embed_prompts, tokenize
from editor_core.pixels.drawing_aids import propose_region, strokes_of
from editor_core.sampling.sampler import Prediction, TimeStep, run
from editor_core.sampling.samplers import sampler_called

GAUSSIAN, SOURCE, MIXED = "gaussian", "source", "mixed"


PAPER_LAYERS = 6
"""Layers 10 to 15 of Stable Diffusion's 16, counted from 0."""


@dataclass(frozen=True)
class MaSaFusionParameters:
    preset: str = setting(
        "exact",
        Message("Preset"),
        Message("Exact keeps the surroundings; as in the paper, their colours may drift"),
        choices=(
            Choice("exact", Message("Exact")),
            Choice("faithful", Message("As in the paper")),
        ),
    )
    sketch_strength: float = setting(
        1.0,
        Message("Sketch strength"),
        Message("How strictly Redraw follows the lines of the sketch"),
        lowest=0,
        highest=1.5,
        unit="%",
        only_if=(GIVEN_SKETCH, True),
    )
    sketch_share: float = share(
        1.0,
        Message("Sketch steps"),
        Message("Share of the steps that follow the sketch; the rest are free"),
        only_if=(GIVEN_SKETCH, True),
    )
    adapter: str = setting(
        "",
        Message("Adapter"),
        Message("A T2I-Adapter or ControlNet, folder or file, that reads the sketch; empty: the model’s own"),
        is_folder=True,
        only_if=(GIVEN_SKETCH, True),
    )
    sketch_from: str = setting(
        GAUSSIAN,
        Message("Intermediate starts from"),
        Message("The noise that the intermediate image begins with; the paper compares three"),
        choices=(
            Choice(GAUSSIAN, Message("Fresh noise (as the paper chose)")),
            Choice(SOURCE, Message("The picture’s own noise")),
            Choice(MIXED, Message("Fresh noise in the area, the picture’s own elsewhere")),
        ),
        only_if=(GIVEN_SKETCH, True),
        expert=True,
    )
    fused_layers: int | None = setting(
        None,
        Message("Fused layers"),
        Message(
            "So many of the last self-attention layers share their attention (the paper: 6); empty: as suits the model"
        ),
        lowest=0,
        highest=128,
        expert=True,
    )
    fusion_start: float | None = share(  # None is 0, and never for exact without sketch
        None,
        Message("Fusion from"),
        Message("Share of the steps after which the layers share their attention"),
        expert=True,
    )
    fusion_end: float = share(
        1.0,
        Message("Fusion until"),
        Message("Share of the steps up to which the layers share their attention"),
        expert=True,
    )
    guided_outside: bool = setting(
        False,
        Message("Guide surroundings"),
        Message(
            "The intermediate image’s surroundings follow the words with guidance, too, as in the paper; slower"
        ),
        only_if=("preset", "exact"),
        expert=True,
    )
    controlnet: str = controlnet_setting
    controlnet_strength: float = controlnet_strength_setting
    controlnet_share: float = controlnet_share_setting
    reference: str = reference_setting
    reference_strength: float = reference_strength_setting
    reference_adapter: str = reference_adapter_setting
    hide_outside_words: bool = setting(
        True,
        Message("Ignore things elsewhere"),
        Message("The area does not see the words for things that stand outside it"),
        only_if=("preset", "exact"),
        expert=True,
    )
    plant: bool = setting(
        True,
        Message("Put new things anywhere"),
        Message("A new thing that does not come by itself is painted alone and set into its place"),
        only_if=("preset", "exact"),
    )
    soft_mask: bool = soft_mask_setting
    exact_mask: bool = exact_mask_setting
    keep_outside: bool = setting(
        True,
        Message("Keep every pixel outside"),
        Message("Lay the result over the picture; off: keep the method’s own surroundings"),
        expert=True,
    )
    seed: int | None = None
    """Of the Gaussian noise; None counts on from the edited turn's."""


@dataclass(frozen=True, eq=False)
class Fused:
    """What the steps leave: the target's latents (steps + 1, C, h, w) and the intermediate's last (1, C, h, w)."""

    path: torch.Tensor
    intermediate: torch.Tensor | None
    fused_steps: int
    shared_calls: int
    steps_from_cache: int


@dataclass(frozen=True, eq=False)
class _Planted:
    """A thing that was set in: the target's latents at the first steps, each (1, C, h, w), and the tokens that would
    have it away."""

    path: tuple[torch.Tensor, ...]
    hidden: tuple[int, ...]


@torch.no_grad()
def edit(request: Edit, context: EngineContext) -> TurnResult:
    """Run the edit. Raises PromptError, SketchError, RegionError, ModelError and, between steps, JobCancelled."""
    base, parameters = request.base, parse_parameters(MaSaFusionParameters, request.parameters)
    negative = base.negative if request.negative is None else request.negative
    guidance = base.guidance if request.guidance is None else request.guidance
    check_words(context, tokenize(context.bundle, request.prompt))
    check_new_words(context, base.prompt, request.prompt)
    height, width = base.image.shape[:2]
    strokes = None if request.sketch is None else strokes_of(request.sketch, height, width)
    mask = _region_mask(request, strokes)
    drawing: Drawing | None = None
    if strokes is not None and request.sketch is not None:
        drawing = read_drawing(
            context, request.sketch, strokes, parameters.adapter, parameters.sketch_strength
        )
    faithful = parameters.preset == "faithful"
    soft, exact = parameters.soft_mask and not faithful, parameters.exact_mask or faithful
    opacity = opacity_in(mask, base.image, soft, exact)
    if not parameters.keep_outside:
        opacity = np.full((height, width), 255, np.uint8)
    context.region((opacity > 0).astype(np.uint8) * 255)
    region = region_of(mask, base, context)
    later = mask if soft else (mask > 0).astype(np.uint8) * 255
    if not exact:
        later = later_rim(later, base.image, context.bundle.downscale, strokes)
    begins = beginnings(region.numpy(), base.steps, request.strength, later, context.bundle.grid)
    guide = guide_for(context, replace(request, mask=mask), parameters)
    seed = (base.seed + 1) % SEEDS if parameters.seed is None else parameters.seed
    with context.timed("painting"):
        noise = seeded_noise(seed, base.latents["trajectory"][:1].shape).to(context.bundle.device)
        run = (context, base, request.prompt, negative, guidance, begins)
        fused = fuse(*run, drawing, noise, parameters, guide=guide)
    path: _Planted | None = None
    if strokes is None and parameters.plant and parameters.preset == "exact" and not begins.earliest:
        path = _with_thing(context, request, negative, guidance, region, opacity, fused, seed)
    if path is not None:
        with context.timed("painting"):
            fused = fuse(*run, None, noise, parameters, path, guide)
    with context.timed("decoding"):
        image = laid_over(base.image, decode_region(context, fused.path[-1:], opacity), opacity, exact)
        latents = dict(guide.kept)
        if fused.intermediate is not None:  # what the sketch asked for, to be looked at
            latents["intermediate"] = crop(decode(context.bundle, fused.intermediate), width, height)
    further = guide.in_spec | ({"planted": True} if path is not None else {})
    spec = _spec(context, request, negative, guidance, seed, begins, drawing, parameters, further)
    return finished(
        context,
        spec,
        image=image,
        mask=opacity,
        trajectory=fused.path,
        latents=latents,
        space=keys.run_space(spec, context.bundle),
        parameters=asdict(parameters) | {"region": "proposed" if request.mask is None else "given"},
        record=RunRecord(
            first_step=begins.earliest, control=guide.hint_record, reference=guide.reference_record
        ),
        log=guide.log
        | {
            "region_share": round(float(region.float().mean()), 4),
            "adapter": None if drawing is None else drawing.name,
            "fused_layers": _fused_layers(context, layers_of(parameters, context.bundle)),
            "fused_steps": fused.fused_steps,
            "shared_attention_calls": fused.shared_calls,
            "source_steps_from_cache": fused.steps_from_cache,
            "planted": path is not None,
        },
    )


def _with_thing(
    context: EngineContext,
    request: Edit,
    negative: str,
    guidance: float,
    region: torch.Tensor,
    opacity: np.ndarray,
    fused: "Fused",
    seed: int,
) -> _Planted | None:
    """The first steps with what comes by the sentence set into the region; None where it came, or nothing does."""
    base, inside = request.base, region.cpu().numpy()
    with context.timed("looking"):
        comes = puts_something_else(context, base.prompt, request.prompt) or puts_something_new(
            context, base, request.prompt, inside
        )
        if not comes:
            return None
        hidden = tokens_outside(context, base, request.prompt, region)
        asked = asked_by_sentence(context, base.prompt, request.prompt, hidden)
        if asked is None or not is_empty(context, base, torch.split(fused.path, 1), inside, asked):
            return None
    with context.timed("painting"):
        path = planted(context, base, opacity, inside, asked, negative, guidance, seed)
    return None if path is None else _Planted(tuple(path), words_around(context, asked))


def fuse(
    context: EngineContext,
    base: BaseTurn,
    prompt: str,
    negative: str,
    guidance: float,
    begins: Beginnings,
    drawing: Drawing | None,
    noise: torch.Tensor,
    parameters: MaSaFusionParameters,
    begun: _Planted | None = None,
    guide: Guide = NO_GUIDE,
) -> Fused:
    """Algorithm 1, or 5 without a drawing.

    begins: the region on the latent grid, any of it or all. noise: (1, C, h, w), the Gaussian x. begun: without
    a drawing, a thing that was set in, from which the target goes on by itself: the source would have it away.

    Raises JobCancelled between steps.
    """
    source = context.tensor(base.latents["trajectory"])
    inside = begins.region.to(source.device)
    faithful, sketched = parameters.preset == "faithful", drawing is not None
    first, end = _fused_interval(parameters, sketched, base.steps) if begun is None else (0, 0)
    if not layers_of(parameters, context.bundle):
        first, end = 0, 0
    alone = not faithful and first >= end
    recipe = Recipe(faithful, sketched, guidance != 1, parameters.guided_outside, alone)
    fresh = recipe.sketched or not recipe.faithful
    plan = context.plan(base.sampler, base.steps, base.seed)
    anew = fresh_noise(source, noise, plan)
    entering = anew if fresh else own_noise(source)
    drawn = sketched and not alone  # the intermediate image is
    images: tuple[Image, ...] = ("target", "intermediate") if drawn else ("target",)
    hidden = None if begun is None else begun.hidden
    evaluate = evaluation(
        context, base, prompt, negative, guidance, drawing, parameters, inside, hidden, guide
    )

    def predict(x: torch.Tensor, at: TimeStep) -> Prediction:
        latents: dict[str, torch.Tensor] = dict(zip(images, torch.split(x, 1), strict=True))
        latents["source"] = source[at.index, None]
        parts = parts_of_step(recipe, fused=first <= at.index < end)
        eps = evaluate(latents, parts, at.index, at.t, at.index < parameters.sketch_share * base.steps)
        return Prediction(x, torch.cat([_put_together(eps, image, inside) for image in images]))

    def place(x: torch.Tensor, _found: Prediction, at: TimeStep) -> torch.Tensor:
        started = begins.begun(at.index).to(inside.device)
        target = x[:1] if recipe.faithful else torch.where(started, x[:1], source[at.index + 1, None])
        return torch.cat([begins.entered(target, at.index + 1, entering), x[1:]])

    path = begins.start(source, entering) if begun is None else begins.begun_of(list(begun.path), source)
    start = len(path) - 1
    x = path[-1]
    if drawn:
        x = torch.cat([x, _first_noise(parameters.sketch_from, anew(start), source[start, None], inside)])
    context.progress("painting", start, base.steps)
    for step in run(sampler_called(base.sampler), plan[start:], x, predict, place):
        x = step.x_next
        path.append(x[:1])
        context.progress("painting", step.at.index + 1, base.steps)
        if context.live_preview:
            context.preview(preview(context.bundle, step.x_0[:1]))
    return Fused(
        torch.cat(path),
        x[1:] if drawn else None,
        max(0, end - max(first, start)),
        evaluate.shared_calls,
        evaluate.steps_from_cache,
    )


def _first_noise(way: str, fresh: torch.Tensor, own: torch.Tensor, inside: torch.Tensor) -> torch.Tensor:
    """What the intermediate image begins with, (1, C, h, w): Figure 4's three ways."""
    return {GAUSSIAN: fresh, SOURCE: own, MIXED: torch.where(inside, fresh, own)}[way]


def _put_together(eps: Mapping[str, torch.Tensor], image: Image, inside: torch.Tensor) -> torch.Tensor:
    """An image's eps (1, C, h, w): what was predicted for inside the region there, and for outside it elsewhere."""
    found = eps[f"{image} inside"]
    if f"{image} outside" in eps:
        found = torch.where(inside, found, eps[f"{image} outside"])
    return found


def region_of(mask: np.ndarray, base: BaseTurn, context: EngineContext) -> torch.Tensor:
    """The latent positions that a mask, uint8 (H, W), touches: bool (h, w)."""
    return mask_to_latent(pad_to_grid(mask, context.bundle.grid), base.latents["trajectory"].shape[-2:])


def _region_mask(request: Edit, strokes: np.ndarray | None) -> np.ndarray:
    """The mask that was given, or the one the new strokes ask for. Raises RegionError."""
    mask, image = request.mask, request.base.image
    if mask is None:
        if strokes is None:
            raise RegionError("Select the area to redraw, or sketch what it should become.")
        return propose_region(image, strokes)
    if mask.shape != image.shape[:2]:
        raise RegionError(
            "The mask is {mask_width} × {mask_height} pixels, but the picture is {width} × "
            "{height}. They must be the same size.",
            mask_width=mask.shape[1],
            mask_height=mask.shape[0],
            width=image.shape[1],
            height=image.shape[0],
        )
    if not mask.any():
        raise RegionError("The mask is empty. Paint the area that may change.")
    return mask


def evaluation(
    context: EngineContext,
    base: BaseTurn,
    prompt: str,
    negative: str,
    guidance: float,
    drawing: Drawing | None,
    parameters: MaSaFusionParameters,
    region: torch.Tensor | None = None,
    hidden: tuple[int, ...] | None = None,
    guide: Guide = NO_GUIDE,
) -> FusedEvaluation:
    """What evaluates a step's parts; with a region, bool (h, w), only what belongs there is seen in it.

    hidden: tokens that it does not see; None: those for things outside it.
    """
    bundle, trajectory = context.bundle, base.latents["trajectory"]
    source, target = embed_prompts(bundle, [(base.prompt, base.negative), (prompt, negative)])
    target = guide.refer(target)
    null_text = base.latents.get("null_text")
    texts = Texts(
        words={"source": source.cond, "target": target.cond},
        nothing={"source": source.uncond, "target": target.uncond},
        null_text=None if null_text is None else context.tensor(null_text),
    )
    layers = layers_of(parameters, bundle)
    own = [site for site in context.backbone.sites if not site.is_cross]
    sites = own[max(0, len(own) - layers) :]
    size = (trajectory.shape[-2], trajectory.shape[-1])
    record = SourceRecord(context, base.cache_space, sites, size, base.steps)
    masked = hidden or ()
    hides = parameters.preset == "exact" and parameters.hide_outside_words
    if hidden is None and region is not None and region.any() and hides:
        masked = tokens_outside(context, base, prompt, region)
    return FusedEvaluation(context, texts, drawing, guidance, layers, record, masked, region, guide)


def layers_of(parameters: MaSaFusionParameters, bundle: ModelBundle) -> int:
    """How many of the last self-attention layers share: those of the paper, 10 to 15 of 16, unless set.

    None for exact on a grounded model, on which they bring nothing (`tests/benchmarks/fusion_ablation.py`).
    """
    if parameters.fused_layers is not None:
        return parameters.fused_layers
    return 0 if parameters.preset == "exact" and bundle.capabilities.grounded else PAPER_LAYERS


def _fused_interval(parameters: MaSaFusionParameters, sketched: bool, steps: int) -> tuple[int, int]:
    """The first step that shares self-attention, and the one after the last."""
    start = parameters.fusion_start
    if start is None:
        start = 0.0 if sketched or parameters.preset == "faithful" else 1.0
    return round(start * steps), min(steps, round(parameters.fusion_end * steps))


def _fused_layers(context: EngineContext, count: int) -> list[int]:
    """The calling order of the layers that share among all self-attention layers."""
    total = sum(not site.is_cross for site in context.backbone.sites)
    return list(range(max(0, total - count), total))


def _spec(
    context: EngineContext,
    request: Edit,
    negative: str,
    guidance: float,
    seed: int,
    begins: Beginnings,
    drawing: Drawing | None,
    parameters: MaSaFusionParameters,
    further: Mapping[str, object],
) -> RunSpec:
    sketch = "" if drawing is None else keys.picture_digest(drawing.picture)
    return RunSpec(
        fingerprint=context.bundle.fingerprint,
        method="masafusion",
        prompt=request.prompt,
        negative=negative,
        seed=seed,
        steps=request.base.steps,
        guidance=guidance,
        sampler=request.base.sampler,
        latent_size=(begins.first.shape[0], begins.first.shape[1]),
        parent=request.base.cache_space,
        region=begins.region.numpy(),
        strength=request.strength,
        begins=begins.as_kept(),
        parameters=asdict(parameters) | {"sketch": sketch} | dict(further),
    )
