"""EmbCtrl: change a colour or a material and keep every shape (MaSaFusion, arXiv 2405.15313, Algorithm 4).

A text encoder changes the embeddings of all words after a changed one, and of the padding. So the edit reads the
source's embeddings for every word that stays, and its own only where a word is new (equation 12). No region, no sketch.

Two presets. "faithful" samples these words from the source's noise, as printed; after null-text inversion with the
embeddings that it found. "exact", the default, runs the source's own words beside the target, and
- adds, at each step, what separates them from the source's true next latents: direct inversion's offset, given to both
  branches. With unchanged words the target then is the source, however the picture was inverted;
- lets the word after a changed one bring its own embedding too: the encoder puts a colour into the noun it belongs to,
  and with the source's noun the old colour stays (bench_fusion.py: as printed 0 of 4 recoloured, so 8 of 10);
- keeps the source's attention maps, the new word looking where the old one looked (Prompt-to-Prompt, arXiv 2208.01626),
  and goes back to the source where these words do not look (`local_blend.py`): else a new colour leaks;
- guides by 0.7 of the guidance: the offset makes all but the difference exact, and that is easily overdone (measured on
  eight to ten pairs: L1 to the true picture 0.0096 at a guidance of 2.5, 0.0108 at 3 and 0.0135 at the model's own 4).

What is laid over the picture is the difference of the two decodings, only where it can be seen: so what the autoencoder
cannot draw survives too.
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
from editor_core.engines.regions.local_blend import LocalBlend
from editor_core.engines.regions.thresholds import MAX_VISIBLE, MIN_VISIBLE
from editor_core.messages.events import TurnResult
from editor_core.messages.parameters import Choice
from editor_core.messages.requests import BaseTurn, Edit
from editor_core.messages.run import RunRecord, RunSpec
from editor_core.models.conditioning import Conditioning
from editor_core.models.latents import crop, decode
from editor_core.models.previews import preview
from editor_core.models.prompts import PromptEmbeddings, TokenizedPrompt, align, embed_prompts
from editor_core.pixels.opencv import cv2
from editor_core.sampling.guidance import guided_denoiser
from editor_core.sampling.sampler import Prediction, TimeStep, run
from editor_core.sampling.samplers import sampler_called

_SPREAD = 2.0
"""Pixels over which neighbours decide together whether something changed."""
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
    with context.timed("painting"):
        path = recolour(context, base, source, words, guidance, parameters, start, guide)
    with context.timed("decoding"):
        image, opacity = _lay_over(context, base, path[-1:])
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
    """bool (L,): the tokens that bring their own embedding, those of new words.

    ``with_next`` adds the words before which something was changed or taken out.
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
    cond = controlled(source, words, new)
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
        target = reached[1:] + there - reached[:1]
        if at.index >= parameters.blend_from * base.steps:
            target = torch.where(blend.inside().to(target.device), target, there)
        return torch.cat([there, target])

    path = list(torch.split(true_path[: first + 1], 1))
    plan = context.plan(base.sampler, base.steps, base.seed)[first:]
    start = path[-1].expand(len(sides), -1, -1, -1)
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


def _lay_over(context: EngineContext, base: BaseTurn, x_0: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """The picture uint8 (H, W, 3) with what changed, and how much of the change each pixel took, uint8 (H, W)."""
    height, width = base.image.shape[:2]
    known = context.tensor(base.latents["trajectory"][-1:])
    before, after = (crop(decode(context.bundle, x), width, height).astype(np.float32) for x in (known, x_0))
    change = after - before
    visible = cv2.GaussianBlur(np.abs(change).max(2), (0, 0), _SPREAD)
    opacity = np.rint(255 * ((visible - MIN_VISIBLE) / (MAX_VISIBLE - MIN_VISIBLE)).clip(0, 1)).astype(
        np.uint8
    )
    moved = np.rint((base.image + change).clip(0, 255)).astype(np.uint8)
    return composite(base.image, moved, opacity), opacity
