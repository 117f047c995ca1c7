"""EmbCtrl: change a colour or a material and keep every shape (MaSaFusion, arXiv 2405.15313, Algorithm 4).

A text encoder changes the embeddings of all words after a changed one, and of the padding. So the edit reads the
source's embeddings for every word that stays, and its own only where a word is new (equation 12). No region, no sketch.

Two presets. "faithful" samples these words from the source's noise, as printed; after null-text inversion with the
embeddings that it found. "exact", the default, runs the source's own words beside the target, and
- leads the source along its true latents at each step (direct inversion's offset) and leaves the target without: what
  draws guided words back to the old colour also draws the new colour to its opposite, red to white instead of yellow.
  With ``offset_share`` at 1 the target of unchanged words is the source, however the picture was inverted;
- reads the new embeddings of all words: the encoder puts a colour into every word behind it and into the padding;
- gives an inverted picture's noise fresh lowest frequencies, for the old colour is left in them (`low_frequencies.py`);
- keeps the source's attention maps, the new word looking where the old one looked (Prompt-to-Prompt, arXiv 2208.01626),
  and goes back to the source where these words do not look (`local_blend.py`): else a new colour leaks;
- guides by 0.7 of the guidance, for a difference is easily overdone (measured on eight to ten pairs, with the offset:
  L1 to the true picture 0.0096 at a guidance of 2.5, 0.0108 at 3 and 0.0135 at the model's own 4).

What is laid over the picture is the difference of the two decodings, only where it can be seen: so what the autoencoder
cannot draw survives too. With "exact" it ends where the picture shows the thing to end (`pixels/guided_filter.py`) and
is evened first by the picture itself (`pixels/joint_filter.py`): every edge and shade stays, and a patch that was left
in the old colour goes with the rest. The latents that the turn keeps follow.
"""

from dataclasses import asdict, dataclass
from functools import partial
from itertools import pairwise

import numpy as np
import torch

from editor_core.backbones.attention.control import (
    AttentionControl,
    InjectionBeside,
    MapControl,
    Sharing,
    own,
)
from editor_core.backbones.attention.sites import AttentionSite
from editor_core.base.errors import NothingToChangeError
from editor_core.base.message import Message
from editor_core.engines.common.composite import composite
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import check_words, predict_output
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
from editor_core.engines.common.strength import first_step
from editor_core.engines.common.taught_words import check_new_words
from editor_core.engines.incremental import keys
from editor_core.engines.planting import fresh_noise
from editor_core.engines.regions.local_blend import LocalBlend
from editor_core.engines.regions.thresholds import MAX_PAINTED, MAX_VISIBLE, MIN_PAINTED, MIN_VISIBLE
from editor_core.messages.events import TurnResult
from editor_core.messages.parameters import Choice
from editor_core.messages.requests import BaseTurn, Edit
from editor_core.messages.run import RunRecord, RunSpec
from editor_core.models.conditioning import Conditioning
from editor_core.models.latents import crop, decode, encode, pad_to_grid
from editor_core.models.previews import preview
from editor_core.models.prompts import PromptEmbeddings, TokenizedPrompt, align, embed_prompts
from editor_core.pixels.guided_filter import fitted_to
from editor_core.pixels.joint_filter import evened
from editor_core.pixels.opencv import cv2
from editor_core.sampling.guidance import guided_denoiser
from editor_core.sampling.low_frequencies import with_fresh_light
from editor_core.sampling.sampler import Prediction, TimeStep, run
from editor_core.sampling.samplers import sampler_called

_SPREAD = 2.0
"""Pixels over which neighbours decide together whether something changed."""
_HOLE = 2
"""Latent positions: of what was not painted, half the width of what still belongs to the thing around it."""
_BESIDE = Sharing((own(0), (0, 0, 1), own(2), (2, 2, 3)))
"""Rows: source and target, without and with words."""


@dataclass(frozen=True)
class EmbCtrlParameters:
    preset: str = setting(
        "exact",
        Message("Preset"),
        Message(
            "Exact keeps shapes and surroundings; as in the paper, only the new words’ embeddings are used"
        ),
        choices=(
            Choice("exact", Message("Exact")),
            Choice("faithful", Message("As in the paper")),
        ),
    )
    maps_kept: float = share(
        1.0,
        Message("Keep shapes for"),
        Message("Share of the steps that keep where each word looked before"),
        only_if=("preset", "exact"),
    )
    blend_from: float = share(
        0.2,
        Message("Blend from"),
        Message("Share of the steps after which the picture comes back where the new words do not look"),
        only_if=("preset", "exact"),
    )
    offset_share: float = share(
        0.0,
        Message("Offset share"),
        Message(
            "How much of the old picture’s own correction the new colour gets; more keeps more of the old"
        ),
        only_if=("preset", "exact"),
    )
    fresh_light: bool = setting(
        True,
        Message("Light follows the words"),
        Message("What an opened picture keeps of the old colour in its noise gives way"),
        only_if=("preset", "exact"),
    )
    even: bool = setting(
        True,
        Message("Even colour"),
        Message(
            "What becomes of a colour becomes of all of it, and every edge stays; off for a material with a pattern"
        ),
        only_if=("preset", "exact"),
    )
    guidance_share: float = share(
        0.7,
        Message("Guidance share"),
        Message("How much of the guidance is used; more gives stronger colours that spread farther"),
        only_if=("preset", "exact"),
    )
    controlnet: str = controlnet_setting
    controlnet_strength: float = controlnet_strength_setting
    controlnet_share: float = controlnet_share_setting
    reference: str = reference_setting
    reference_strength: float = reference_strength_setting
    reference_adapter: str = reference_adapter_setting


@torch.no_grad()
def edit(request: Edit, context: EngineContext) -> TurnResult:
    """Run the edit. Raises PromptError, NothingToChangeError and, between steps, JobCancelled."""
    base, parameters = request.base, parse_parameters(EmbCtrlParameters, request.parameters)
    if request.prompt.split() == base.prompt.split():
        raise NothingToChangeError("Nothing would change: the prompt is the same as before.")
    negative = base.negative if request.negative is None else request.negative
    guidance = base.guidance if request.guidance is None else request.guidance
    pairs = (base.prompt, base.negative), (request.prompt, negative)
    source, words = embed_prompts(context.bundle, pairs)
    check_words(context, words.prompt)
    check_new_words(context, base.prompt, request.prompt)
    start = first_step(request.strength, base.steps)
    guide = guide_for(context, request, parameters)
    exact = parameters.preset == "exact"
    with context.timed("painting"):
        path = recolour(context, base, source, words, guidance, parameters, start, guide)
        if exact:
            path = _only_inside(context, base, path)
    with context.timed("decoding"):
        image, opacity, path = _laid_over(context, base, path, start, exact and parameters.even)
    if not opacity.any():
        raise NothingToChangeError("Nothing would change: the model paints the same picture for this prompt.")
    context.region((opacity > 0).astype(np.uint8) * 255)
    spec = RunSpec(
        fingerprint=context.bundle.fingerprint,
        method="embctrl",
        prompt=request.prompt,
        negative=negative,
        seed=base.seed,
        steps=base.steps,
        guidance=guidance,
        sampler=base.sampler,
        latent_size=(path.shape[-2], path.shape[-1]),
        parent=base.cache_space,
        strength=request.strength,
        parameters=asdict(parameters) | guide.in_spec,
    )
    return finished(
        context,
        spec,
        image=image,
        mask=opacity,
        trajectory=path,
        latents=guide.kept,
        space=keys.run_space(spec, context.bundle),
        parameters=asdict(parameters),
        record=RunRecord(first_step=start, control=guide.hint_record, reference=guide.reference_record),
        log={"changed_tokens": int((align(source.prompt, words.prompt) < 0).sum())} | guide.log,
    )


def new_tokens(source: TokenizedPrompt, words: TokenizedPrompt, with_next: bool = False) -> torch.Tensor:
    """bool (L,): the tokens of new words, which bring their own embedding.

    ``with_next`` adds the words before which something was changed or taken out: the things that a colour belongs to.
    """
    places = align(source, words)
    new = places < 0
    if with_next:
        for word in words.words:
            first = word.tokens[0]
            if places[first - 1] != places[first] - 1:
                new[list(word.tokens)] = True
    return new


def controlled(source: PromptEmbeddings, words: PromptEmbeddings, new: torch.Tensor) -> Conditioning:
    """The embeddings of equation 12: the new words' for the tokens ``new``, the source's for the others."""
    own, known = words.cond.hidden, source.cond.hidden
    places = align(source.prompt, words.prompt).to(own.device)
    mixed = torch.where(new.to(own.device)[None, :, None], own, known[:, places.clamp(min=0)])
    return words.cond.with_hidden(mixed)


def source_tokens(source: TokenizedPrompt, words: TokenizedPrompt) -> torch.Tensor:
    """int64 (L,): the source's token in whose place each token stands, or -1 for one that only came in.

    Between words that stay, as many tokens as before stand each in its predecessor's place.
    """
    places = align(source, words)
    for left, right in pairwise((places >= 0).nonzero().flatten().tolist()):
        if places[right] - places[left] == right - left:
            places[left:right] = places[left] + torch.arange(right - left)
    return places


def recolour(
    context: EngineContext,
    base: BaseTurn,
    source: PromptEmbeddings,
    words: PromptEmbeddings,
    guidance: float,
    parameters: EmbCtrlParameters,
    first: int = 0,
    guide: Guide = NO_GUIDE,
) -> torch.Tensor:
    """The target's latents at every step, (steps + 1, C, h, w), those until the ``first`` step being the source's.

    guide: a hint that the target follows.
    """
    exact = parameters.preset == "exact"
    new = new_tokens(source.prompt, words.prompt, with_next=exact)
    words = guide.refer(words)
    cond = words.cond if exact else controlled(source, words, new)
    places = source_tokens(source.prompt, words.prompt)
    true_path = context.tensor(base.latents["trajectory"])
    looked_at = places[new & (places >= 0)].tolist()
    blend = LocalBlend(context.backbone, looked_at, (true_path.shape[-2], true_path.shape[-1]))
    if exact:
        guidance = max(1.0, parameters.guidance_share * guidance)
    null_text = base.latents.get("null_text")
    fitted = None if null_text is None else context.tensor(null_text)
    places = places.to(true_path.device)
    sides = [(source.cond, source.uncond)] if exact else []
    sides.append((cond, words.uncond))
    targets = range(len(sides) - 1, len(sides) * (1 + (guidance != 1)), len(sides))
    follow = guide.for_rows(targets)

    def predict(x: torch.Tensor, at: TimeStep) -> Prediction:
        context.progress("painting", at.index, base.steps)
        nothing = [
            uncond if fitted is None else uncond.with_hidden(fitted[at.index, None]) for _, uncond in sides
        ]
        denoise = guided_denoiser(
            partial(predict_output, context, control=follow),
            context.schedule,
            Conditioning.batch([told for told, _ in sides]),
            Conditioning.batch(nothing),
            guidance,
        )
        if not exact:
            return Prediction(x, denoise(x, at.t))
        kept = at.index < parameters.maps_kept * base.steps
        with context.backbone.attending(_beside(places, guidance != 1, kept, blend)):
            return Prediction(x, denoise(x, at.t))

    def place(reached: torch.Tensor, _found: Prediction, at: TimeStep) -> torch.Tensor:
        if not exact:
            return reached
        there = true_path[at.index + 1 : at.index + 2]
        target = reached[1:] + parameters.offset_share * (there - reached[:1])
        if at.index >= parameters.blend_from * base.steps:
            target = torch.where(blend.inside().to(target.device), target, there)
        return torch.cat([there, target])

    path = list(torch.split(true_path[: first + 1], 1))
    plan = context.plan(base.sampler, base.steps, base.seed)[first:]
    if exact and parameters.fresh_light and first == 0:
        path[-1] = with_fresh_light(path[-1], fresh_noise(context, base))
    start = torch.cat([true_path[first : first + 1], path[-1]][-len(sides) :])
    for step in run(sampler_called(base.sampler), plan, start, predict, place):
        path.append(step.x_next[-1:])
        if context.live_preview:
            context.preview(preview(context.bundle, step.x_0[-1:]))
    context.progress("painting", base.steps, base.steps)
    return torch.cat(path)


def _beside(places: torch.Tensor, guided: bool, kept: bool, blend: LocalBlend) -> AttentionControl:
    """Tells the blend where the source looks; with ``kept`` the target attends as the source beside it does."""
    sharing = _BESIDE if guided else Sharing(_BESIDE.rows[:2])
    inject = InjectionBeside(places) if kept else None

    def record(site: AttentionSite, probs: torch.Tensor) -> None:
        blend.record(site, probs.chunk(2)[0])

    return AttentionControl(MapControl(record, inject, guided), sharing=sharing if kept else None)


def _only_inside(context: EngineContext, base: BaseTurn, path: torch.Tensor) -> torch.Tensor:
    """The latents (steps + 1, C, h, w), the source's at every step where they are so in the end."""
    source = context.tensor(base.latents["trajectory"])
    return torch.where((path[-1] != source[-1]).any(0), path, source)


def _laid_over(
    context: EngineContext, base: BaseTurn, path: torch.Tensor, first: int, even: bool
) -> tuple[np.ndarray, np.ndarray, torch.Tensor]:
    """The picture uint8 (H, W, 3) with what changed, what each pixel took of it, uint8 (H, W), and its latents."""
    known = context.tensor(base.latents["trajectory"][-1:])
    before, after = (_decoded(context, x, base.image.shape[:2]) for x in (known, path[-1:]))
    change = after - before
    opacity = _opacity(_strength(change), MIN_VISIBLE, MAX_VISIBLE)
    if even:
        cell = context.bundle.downscale
        held = fitted_to(base.image, _held(change, _HOLE * cell), cell)
        level = evened(change, base.image, held > 0)
        whole = np.minimum(held, _opacity(_strength(level), MIN_VISIBLE, MAX_VISIBLE))
        if whole.any():  # else what changes is no colour, but too faint or too uneven to be one
            change, opacity = level, whole
            seen = before + change * (opacity[..., None] / 255)
            path = _following(context, base, path, first, (after, seen))
    moved = np.rint((base.image + change).clip(0, 255)).astype(np.uint8)
    return composite(base.image, moved, opacity), opacity, path


def _decoded(context: EngineContext, x_0: torch.Tensor, size: tuple[int, int]) -> np.ndarray:
    """The picture float32 (H, W, 3) of latents (1, C, h, w)."""
    height, width = size
    return crop(decode(context.bundle, x_0), width, height).astype(np.float32)


def _following(
    context: EngineContext,
    base: BaseTurn,
    path: torch.Tensor,
    first: int,
    pictures: tuple[np.ndarray, np.ndarray],
) -> torch.Tensor:
    """The latents (steps + 1, C, h, w) of another picture than what they decode to, by the same noise.

    pictures: both, float32 (H, W, 3). What a later turn finds is then the picture that is seen, not what was painted.
    """
    grid, bundle = context.bundle.grid, context.bundle
    painted, seen = (
        encode(bundle, pad_to_grid(each.round().clip(0, 255).astype(np.uint8), grid)) for each in pictures
    )
    plan = context.plan(base.sampler, base.steps, base.seed)
    signal = torch.tensor([at.alpha_bar for at in plan] + [plan[-1].alpha_bar_next]).sqrt()
    signal[: first + 1] = 0
    return path + signal.view(-1, 1, 1, 1).to(path.device) * (seen - painted)


def _held(change: np.ndarray, hole: int) -> np.ndarray:
    """How much of the thing each pixel is, uint8 (H, W), by what was painted, float32 (H, W, 3).

    What was left alone in holes and bays narrower than twice ``hole``, in pixels, is the thing's, too.
    """
    painted = _strength(change)
    strongest = max(float(painted.max()), MIN_VISIBLE)
    held = _opacity(painted, MIN_PAINTED * strongest, MAX_PAINTED * strongest)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * hole + 1, 2 * hole + 1))
    closed: np.ndarray = cv2.morphologyEx(held, cv2.MORPH_CLOSE, disc)
    return closed


def _opacity(strength: np.ndarray, least: float, most: float) -> np.ndarray:
    """From 0 where a change is not stronger than ``least`` to 255 where it is as strong as ``most``, uint8 (H, W)."""
    found: np.ndarray = np.rint(255 * ((strength - least) / (most - least)).clip(0, 1)).astype(np.uint8)
    return found


def _strength(change: np.ndarray) -> np.ndarray:
    """Of a change float32 (H, W, 3) around each pixel, in levels of 255, (H, W)."""
    found: np.ndarray = cv2.GaussianBlur(np.abs(change).max(2), (0, 0), _SPREAD)
    return found
