"""A thing put where the model would not put one: painted by itself, set into the picture, and painted over.

A model that has only seen things on the ground paints sky into a region in the sky, whatever the words say: all around
it, the picture says sky. Of what was painted the words then say no more than no words do, and that is how an empty
place is told (`is_empty`). Such a region is painted again: its words alone make a picture, where the model puts the
thing wherever it likes; the thing is cut out, scaled to the region and set into it, and the region goes on from there
(as SDEdit does, arXiv 2108.01073) noised to where shapes stand, but surfaces, light and edges are still open.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import torch

from editor_core.backbones.attention.control import AttentionControl, Inject, Injection, MapControl
from editor_core.backbones.attention.sites import AttentionSite
from editor_core.base.function_words import ARTICLES, without_joining, words_behind
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import denoiser, predict_output
from editor_core.engines.incremental.activations import ActivationsMissing, RecordedLineage
from editor_core.engines.incremental.answering import Said, answers_on_rows
from editor_core.engines.regions.changed_words import unmatched
from editor_core.engines.regions.find_mask import EncodedPicture, on_picture, phrase_in, search
from editor_core.engines.regions.mask_recipes import recipe_for
from editor_core.engines.regions.outline import thing_in
from editor_core.engines.regions.thresholds import (
    EMPTY_BLUR,
    MIN_ANSWER,
    MIN_CHANGE,
    MIN_PLANTED_PIXELS,
)
from editor_core.messages.requests import BaseTurn
from editor_core.models.conditioning import Conditioning
from editor_core.models.latents import SEEDS, crop, decode, encode, pad_to_grid, seeded_noise
from editor_core.models.prompts import (
    TokenizedPrompt,
    align,
    embed_prompts,
    embed_tokens,
    tokenize,
    tokenize_alike,
)
from editor_core.pixels.opencv import cv2
from editor_core.sampling.sampler import everywhere, run
from editor_core.sampling.samplers import sampler_called
from editor_core.sampling.schedule import noised

_THINGS_HAVE_SHAPE = 0.4  # of the steps: what is there is seen, and what words would still make of it
_THINGS_STAND = 0.6  # of the steps: what has not come by then does not come
_PLANTED = 0.75  # of the steps: from here on what was set in is painted over
_PLANTED_SMALL = 0.95  # of things that are smaller than what the model paints: it would undo them
_SMALL = 0.3  # of the model's own side
_ROOM = 0.88  # of the region's box that the thing takes


@dataclass(frozen=True)
class Asked:
    """What a region is told."""

    words: str
    """What it is painted with."""
    against: str
    """What its words are compared with: the base's sentence."""
    phrase: str
    """The thing."""
    sentence: str
    """What the thing is painted with by itself: the phrase and what is said of the place."""
    hidden: tuple[int, ...] = ()
    """Tokens of the words that the region does not look at."""


def asked_by_phrase(phrase: str, sentence: str) -> Asked:
    """Of a region that is told a phrase alone; whether that came, its sentence tells better (`asked_by_sentence`)."""
    phrase = without_joining(phrase)
    return Asked(phrase, "", phrase, _alone(phrase, sentence))


def asked_by_sentence(
    context: EngineContext, before: str, after: str, hidden: Sequence[int] = ()
) -> Asked | None:
    """Of a region that is told a whole sentence; None where the sentence says nothing new."""
    tokens = tokenize(context.bundle, after)
    phrase = new_phrase(tokenize(context.bundle, before), tokens)
    return Asked(after, before, phrase, _alone(phrase, after), tuple(hidden)) if phrase else None


def new_phrase(before: TokenizedPrompt, after: TokenizedPrompt) -> str:
    """The words of a sentence, from the first to the last, that another one has not, with their article."""
    places = align(before, after)
    new = [n for n, word in enumerate(after.words) if (places[list(word.tokens)] < 0).any()]
    if not new:
        return ""
    first = new[0]
    if first and after.words[first - 1].text.lower() in ARTICLES:
        first -= 1
    return without_joining(after.text[after.words[first].start : after.words[new[-1]].end])


def words_around(context: EngineContext, asked: Asked) -> tuple[int, ...]:
    """Tokens of the words around the phrase, which would have a thing that was set in be what is beside it."""
    start = asked.words.find(asked.phrase)
    end = start + len(asked.phrase)
    around = [
        word.tokens
        for word in tokenize(context.bundle, asked.words).words
        if word.start < start or word.end > end
    ]
    return tuple(token for tokens in around for token in tokens)


def _alone(phrase: str, sentence: str) -> str:
    """The phrase and what the sentence says of the place behind it; the phrase alone where it is not in it."""
    start = sentence.lower().find(phrase.lower())
    place = words_behind(sentence[start + len(phrase) :]) if start >= 0 else ""
    return f"{phrase} {place}".strip()


def puts_something_new(context: EngineContext, base: BaseTurn, after: str, region: np.ndarray) -> bool:
    """Whether a sentence only adds words to the base's, and words that change nothing of what the region shows."""
    tokens = [tokenize(context.bundle, text) for text in (base.prompt, after)]
    if unmatched(*tokens) or not unmatched(*reversed(tokens)):
        return False
    path = torch.split(context.tensor(base.latents["trajectory"]), 1)
    asked = Asked(after, base.prompt, "", "")
    return bool(_answer(context, base, path, asked, _THINGS_HAVE_SHAPE)[region].max() < MIN_CHANGE)


def puts_something_else(context: EngineContext, before: str, after: str) -> bool:
    """Whether some words of a sentence go and others come: a thing takes another's place, which it may leave empty."""
    tokens = [tokenize(context.bundle, text) for text in (before, after)]
    return bool(unmatched(*tokens) and unmatched(*reversed(tokens)))


def is_empty(
    context: EngineContext,
    base: BaseTurn,
    path: Sequence[torch.Tensor],
    region: np.ndarray,
    asked: Asked,
    recorded: RecordedLineage | None = None,
    said: Mapping[int, Said] = MappingProxyType({}),
) -> bool:
    """Whether the words found no place in what was painted of them: they say of it what is said without them.

    path: the run's latents at every step, each (n, C, h, w), of which the first is asked about. recorded: what was
    painted on rows is asked on rows, too; None asks the whole network. said: what that run said by step, if it was told
    just these words, in this region and with nothing else: they are not asked again.
    """
    if recorded is not None:
        with suppress(ActivationsMissing):
            answer = _answer_on_rows(context, base, path, region, asked, recorded, said)
            return bool(answer[region].max() < MIN_ANSWER)
    return bool(_answer(context, base, path, asked, _THINGS_STAND)[region].max() < MIN_ANSWER)


def _answer_on_rows(
    context: EngineContext,
    base: BaseTurn,
    path: Sequence[torch.Tensor],
    region: np.ndarray,
    asked: Asked,
    recorded: RecordedLineage,
    said: Mapping[int, Said] = MappingProxyType({}),
) -> np.ndarray:
    """`_answer` where things stand, computed in the region only; smoothed over what is computed."""
    at = context.plan(base.sampler, base.steps, base.seed)[round(_THINGS_STAND * base.steps)]
    words, against = tokenize_alike(context.bundle, [asked.words, asked.against])
    sentences = [(words, asked.hidden), (against, _hidden_in(words, against, asked.hidden))]
    x_t, known = path[at.index][:1], said.get(at.index)
    asks = [
        (embed_tokens(context.bundle, sentence), hidden)
        for sentence, hidden in sentences[0 if known is None else 1 :]
    ]
    found, computed = answers_on_rows(context, recorded, torch.from_numpy(region), x_t, at, asks)
    if known is not None:
        found = torch.cat([known.noise(context, x_t, at) * computed, found])
    new, old = found
    change, there = ((new - old).abs().mean(0).cpu().numpy(), computed.float().cpu().numpy())
    change, there = (cv2.GaussianBlur(each, (0, 0), EMPTY_BLUR) for each in (change, there))
    answer: np.ndarray = change / np.maximum(there, np.finfo(np.float32).tiny)
    return answer


def _answer(
    context: EngineContext, base: BaseTurn, path: Sequence[torch.Tensor], asked: Asked, share: float
) -> np.ndarray:
    """How much the words change the predicted noise, float32 (h, w), after a share of the steps; one call."""
    at = context.plan(base.sampler, base.steps, base.seed)[round(share * base.steps)]
    x_t = path[at.index][:1].expand(2, -1, -1, -1)
    told = embed_prompts(context.bundle, [(asked.words, ""), (asked.against, "")])
    both = Conditioning.batch([each.cond for each in told])
    hide = MapControl(inject=_hiding(told[0].prompt, told[1].prompt, asked.hidden), guided=False)
    with context.backbone.attending(AttentionControl(hide if asked.hidden else None)):
        output = predict_output(context, x_t, at.t, both)
    new, old = context.schedule.eps_from_output(output, x_t, at.t).float()
    answer: np.ndarray = cv2.GaussianBlur((new - old).abs().mean(0).cpu().numpy(), (0, 0), EMPTY_BLUR)
    return answer


def _hidden_in(words: TokenizedPrompt, against: TokenizedPrompt, hidden: Sequence[int]) -> tuple[int, ...]:
    """The tokens of the second sentence that are tokens of the first."""
    places = align(against, words)[list(hidden)]
    return tuple(places[places >= 0].tolist())


def _hiding(words: TokenizedPrompt, against: TokenizedPrompt, hidden: Sequence[int]) -> Inject:
    """Hides tokens of the first sentence from the first half of a batch, and theirs in the second from the second."""
    every = torch.arange(len(words.ids))
    first = Injection(None, every, tuple(hidden))
    second = Injection(None, every, _hidden_in(words, against, hidden))

    def inject(site: AttentionSite, probs: torch.Tensor) -> torch.Tensor:
        new, old = probs.chunk(2)
        return torch.cat([first(site, new), second(site, old)])

    return inject


def planted(
    context: EngineContext,
    base: BaseTurn,
    mask: np.ndarray,
    region: np.ndarray,
    asked: Asked,
    negative: str,
    guidance: float,
    seed: int,
) -> list[torch.Tensor] | None:
    """The latents (1, C, h, w) of the first steps with the thing in the region; None where none could be painted.

    mask: uint8 (H, W), the opacity of what is painted, into whose box the thing is set; region: bool (h, w). Raises
    JobCancelled between steps.
    """
    picture, thing = _by_itself(context, base, asked, negative, guidance, seed)
    if thing.sum() < MIN_PLANTED_PIXELS:
        return None
    x_0 = encode(context.bundle, pad_to_grid(set_in(base.image, mask, picture, thing), context.bundle.grid))
    trajectory = context.tensor(base.latents["trajectory"])
    noise = seeded_noise(seed, tuple(x_0.shape)).to(x_0.device)
    inside = torch.from_numpy(region).to(trajectory.device)
    plan = context.plan(base.sampler, base.steps, base.seed)
    return [
        torch.where(inside, noised(x_0, noise, at.alpha_bar), trajectory[at.index : at.index + 1])
        for at in plan[: _painted_from(context, region, base.steps) + 1]
    ]


def _painted_from(context: EngineContext, region: np.ndarray, steps: int) -> int:
    """The step from which a thing is painted over that was set into a region, bool (h, w)."""
    rows, columns = _box(region)
    side = min(rows.stop - rows.start, columns.stop - columns.start) * context.bundle.downscale
    small = side < _SMALL * min(context.bundle.default_size)
    return min(round((_PLANTED_SMALL if small else _PLANTED) * steps), steps - 1)


def fresh_noise(context: EngineContext, base: BaseTurn) -> torch.Tensor:
    """Noise (1, C, h, w) that the base did not begin with: for something new, which it has no room for."""
    return seeded_noise(fresh_seed(base), base.latents["trajectory"][:1].shape).to(context.bundle.device)


def fresh_seed(base: BaseTurn) -> int:
    return (base.seed + 1) % SEEDS


def _by_itself(
    context: EngineContext, base: BaseTurn, asked: Asked, negative: str, guidance: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """A picture of the thing in the model's own size, uint8 (H, W, 3), and which of its pixels it has, bool (H, W)."""
    bundle = context.bundle
    width, height = bundle.default_size
    x = seeded_noise(seed, bundle.latent_shape(width, height)).to(bundle.device)
    denoise = denoiser(context, asked.sentence, negative, guidance)
    plan = context.plan(base.sampler, base.steps, seed)
    for step in run(sampler_called(base.sampler), plan, x, everywhere(denoise)):
        context.progress("painting", step.at.index, 2 * base.steps)
        x = step.x_next
    picture = crop(decode(bundle, x), width, height)
    recipe = replace(recipe_for(bundle, {}), outline=False)
    phrase = phrase_in(context, asked.phrase, asked.sentence, recipe, "")
    *_, found = search(context, EncodedPicture(x), phrase, negative, guidance, base.steps, seed, recipe)
    if found.background:  # the phrase names no thing
        return picture, np.zeros(picture.shape[:2], bool)
    mask, heat = on_picture(found, recipe, bundle, picture)
    return picture, thing_in(picture, heat.astype(np.float32) / 255, mask, bundle.downscale)


def set_in(image: np.ndarray, mask: np.ndarray, picture: np.ndarray, thing: np.ndarray) -> np.ndarray:
    """The image uint8 (H, W, 3) with a thing of another picture, its pixels bool (h, w), in the middle of a mask's box.

    As large as the box of what is half opaque lets it, and nowhere outside the mask, uint8 (H, W).
    """
    cut = _box(thing)
    opacity = thing[cut].astype(np.float32)
    rows, columns = _box(mask >= mask.max() / 2)  # a soft edge would cut it
    height, width = rows.stop - rows.start, columns.stop - columns.start
    scale = _ROOM * min(height / opacity.shape[0], width / opacity.shape[1])
    size = max(1, round(opacity.shape[1] * scale)), max(1, round(opacity.shape[0] * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    part = cv2.resize(picture[cut], size, interpolation=how).astype(np.float32)
    alpha = cv2.resize(opacity, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    top, left = rows.start + (height - size[1]) // 2, columns.start + (width - size[0]) // 2
    place = np.s_[top : top + size[1], left : left + size[0]]
    alpha = (alpha * (mask[place] > 0))[..., None]
    result = image.copy()
    result[place] = np.rint(image[place] + (part - image[place]) * alpha).astype(np.uint8)
    return result


def _box(mask: np.ndarray) -> tuple[slice, slice]:
    rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
