"""Find where a phrase would change a picture: InstDiffEdit's denoising with instant masks (arXiv 2401.07709).

The picture is noised to strength r and denoised with the phrase. At each step the cross-attention maps make a mask,
and outside the mask the latents go back to the picture's own, as noisy as the step left the rest: y_{t-1}. (Equations 4
and 5, and the released code, take y_t there, which leaves the background one step noisier than the foreground; so does
the recipe's ``printed``.)
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter

import numpy as np
import torch
from cachetools import LRUCache

from editor_core.backbones.attention.control import AttentionControl, MapControl
from editor_core.backbones.attention.sites import AttentionSite, at_ratio
from editor_core.backbones.backbone import Attending
from editor_core.base.errors import PromptError, SizeError
from editor_core.base.function_words import JOINING
from editor_core.engines.common.context import EngineContext
from editor_core.engines.common.denoiser import check_words, denoiser
from editor_core.engines.common.sizes import largest_whole
from editor_core.engines.incremental import keys
from editor_core.engines.regions.attention_mask import AttentionMask, MaskAverage, resized
from editor_core.engines.regions.mask_recipes import MaskRecipe, recipe_for
from editor_core.engines.regions.object_mask import Before, ObjectAverage
from editor_core.engines.regions.outline import around_outlined, outlined
from editor_core.messages.events import FoundMask, WordHeat
from editor_core.messages.requests import FindMask
from editor_core.messages.run import DEFAULT_SAMPLER
from editor_core.models.bundle import ModelBundle
from editor_core.models.latents import encode, pad_to_grid, seeded_noise
from editor_core.models.prompts import TokenizedPrompt, Word, align, tokenize
from editor_core.sampling.lms import LMS
from editor_core.sampling.sampler import Prediction, Sampler, TimeStep, run
from editor_core.sampling.samplers import sampler_called
from editor_core.sampling.schedule import NoiseSchedule, noised


@dataclass(frozen=True)
class Phrase:
    """What is looked for, and the sentence it is run in: only the phrase itself where the recipe wants no more."""

    text: str
    prompt: TokenizedPrompt
    words: tuple[Word, ...]
    others: tuple[Word, ...]
    """The sentence's words around the phrase."""
    offset: int
    """Where in the sentence the phrase begins."""
    before: TokenizedPrompt | None = None
    """What the picture shows now, where the recipe asks for it and words of it go."""
    gone: tuple[Word, ...] = ()


def phrase_in(
    context: EngineContext, phrase: str, sentence: str, recipe: MaskRecipe, before: str = ""
) -> Phrase:
    """Tokenize the phrase, within the sentence if the recipe reads it and it holds the phrase. Raises PromptError."""
    phrase = " ".join(phrase.split())
    sentence = " ".join(sentence.split())
    start = sentence.lower().find(phrase.lower()) if recipe.grounded else -1
    prompt = tokenize(context.bundle, phrase if start < 0 else sentence)
    earlier = tokenize(context.bundle, before) if recipe.before and start >= 0 else None
    start = max(start, 0)
    end = start + len(phrase)
    words = tuple(word for word in prompt.words if word.start >= start and word.end <= end)
    words = tuple(word for word in words if word.text.lower() not in JOINING) or words  # they look anywhere
    others = tuple(word for word in prompt.words if word.start < start or word.end > end)
    check_words(context, prompt)
    if not words:
        raise PromptError("The prompt is too long for this model: it ignores these words.")
    gone = () if earlier is None else words_that_go(earlier, prompt)
    if not gone or (
        not others and len(gone) > len(words)
    ):  # a phrase alone does not say what of a sentence stays
        return Phrase(phrase, prompt, words, others, start)
    return Phrase(phrase, prompt, words, others, start, earlier, gone)


def words_that_go(before: TokenizedPrompt, after: TokenizedPrompt) -> tuple[Word, ...]:
    """The words of a sentence that another one has not."""
    kept = set(align(before, after).tolist())
    return tuple(word for word in before.words if kept.isdisjoint(word.tokens))


class EncodedPicture:
    """A picture's latents x_0 (1, C, h, w), and how it was noised last: a search with the same seed begins with it."""

    def __init__(self, x_0: torch.Tensor) -> None:
        self.x_0 = x_0
        self._noised: tuple[tuple[float, ...], torch.Tensor, torch.Tensor] | None = None

    def noised(
        self, schedule: NoiseSchedule, seed: int, rounds: int, t: float
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """A seed's noise for so many rounds, and x_t with it, both (rounds, C, h, w)."""
        key = seed, rounds, t
        if self._noised is None or self._noised[0] != key:
            noise = seeded_noise(seed, (rounds, *self.x_0.shape[1:])).to(self.x_0.device)
            self._noised = key, noise, schedule.add_noise(self.x_0, noise, t)
        return self._noised[1:]


class EncodedPictures:
    """The pictures last looked at, so that another mask of the same picture need not encode and noise it."""

    def __init__(self, most: int = 4) -> None:
        self._kept: LRUCache[tuple[str, torch.device, str], EncodedPicture] = LRUCache(most)

    def encoded(self, bundle: ModelBundle, image: np.ndarray) -> EncodedPicture:
        """A picture uint8 (H, W, 3), padded to the model's grid."""
        key = bundle.fingerprint, bundle.device, keys.picture_digest(image) + str(image.shape)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = EncodedPicture(encode(bundle, pad_to_grid(image, bundle.grid)))
        return found


@torch.no_grad()
def find_mask(request: FindMask, context: EngineContext, pictures: EncodedPictures) -> FoundMask:
    """Search, and tell the mask after every step. Raises PromptError, SizeError and, before a step, JobCancelled."""
    bundle, start = context.bundle, perf_counter()
    if max(request.image.shape[:2]) > largest_whole(bundle):
        raise SizeError(
            "This picture is too large for the area to be found automatically. Paint a mask over it."
        )
    recipe = recipe_for(bundle, request.parameters)
    phrase = phrase_in(context, request.phrase, request.sentence, recipe, request.before)
    context.check_cancelled()
    picture = pictures.encoded(bundle, request.image)
    whole = request.steps or bundle.default_steps
    steps = search_steps(whole, recipe)
    found: FoundMask | None = None
    for step, mask in enumerate(
        search(
            context, picture, phrase, request.negative, bundle.default_guidance, whole,
            request.seed, recipe,
        )
    ):  # fmt: skip
        full, heat = on_picture(mask, recipe, bundle, request.image)
        found = FoundMask(
            phrase.text, full, heat, _word_heats(phrase, mask), step + 1, steps, asdict(recipe),
            round(perf_counter() - start, 3),
        )  # fmt: skip
        context.mask_found(found)
    if found is None:
        raise RuntimeError("a search has at least one step")
    return found


def search(
    context: EngineContext,
    picture: EncodedPicture,
    phrase: Phrase,
    negative: str,
    guidance: float,
    steps: int,
    seed: int,
    recipe: MaskRecipe,
) -> Iterator[AttentionMask]:
    """Denoise the picture with the phrase; after each step, the mask so far.

    Raises JobCancelled before a step once the job was asked to stop.
    """
    x_0 = picture.x_0
    size = (x_0.shape[-2], x_0.shape[-1])
    guidance = guidance if recipe.guided else 1.0
    sampler: Sampler = LMS() if recipe.sampler == "lms" else sampler_called(DEFAULT_SAMPLER)
    visits = "euler" if recipe.sampler == "lms" else DEFAULT_SAMPLER  # LMS asks at Euler's timesteps
    plan = last_steps(context.plan(visits, steps, seed), recipe.strength)
    together = recipe.rounds if recipe.batched and context.batched else 1
    denoise = denoiser(context, phrase.prompt.text, negative, guidance, together)
    noise, x = picture.noised(context.schedule, seed, recipe.rounds, plan[0].t)
    average = _average(phrase, size, recipe, look_before(context, phrase, x[:1], plan[0].t, recipe))
    found: AttentionMask | None = None

    def predict(x: torch.Tensor, at: TimeStep) -> Prediction:
        nonlocal found
        maps = MapMean(context.backbone, size, recipe.ratio)
        with context.backbone.attending(maps.recorder(guided=guidance != 1)):
            eps = torch.cat([denoise(rounds, at.t) for rounds in torch.split(x, together)])
        found = average.add(maps.take())
        return Prediction(x, eps)

    def place(x: torch.Tensor, _prediction: Prediction, at: TimeStep) -> torch.Tensor:
        assert found is not None
        inside = torch.from_numpy(found.mask).to(x.device)
        level = at.alpha_bar if recipe.printed else at.alpha_bar_next
        return torch.where(inside, x, noised(x_0, noise, level))

    for _ in run(sampler, plan[: search_steps(steps, recipe)], x, predict, place):
        assert found is not None
        yield found


def look_before(
    context: EngineContext, phrase: Phrase, x_t: torch.Tensor, t: float, recipe: MaskRecipe
) -> Before | None:
    """How the picture's own sentence looks at it, noised to x_t (1, C, h, w); None where there is none to ask."""
    if phrase.before is None:
        return None
    maps = MapMean(context.backbone, (x_t.shape[-2], x_t.shape[-1]), recipe.ratio)
    with context.backbone.attending(maps.recorder(guided=False)):
        denoiser(context, phrase.before.text, "", 1.0)(x_t, t)
    gone = [word.tokens for word in phrase.gone]
    return Before(maps.take(), gone, [word.tokens for word in phrase.before.words if word not in phrase.gone])


class MapMean:
    """The mean cross-attention map of one call of the network, over layers, heads and rounds; kept until taken."""

    def __init__(self, backbone: Attending, latent_size: tuple[int, int], ratio: int) -> None:
        self._ratio = nearest_ratio(backbone, ratio)
        self._size = backbone.level_sizes(*latent_size)[self._ratio.bit_length() - 1]
        self._total: torch.Tensor | None = None
        self._layers = 0

    def recorder(self, guided: bool) -> AttentionControl:
        """What shows it the maps."""
        return AttentionControl(MapControl(self._record, guided=guided, where=at_ratio(self._ratio)))

    def _record(self, _site: AttentionSite, probs: torch.Tensor) -> None:
        mean = probs.mean(0)  # of (rounds · heads, positions, tokens)
        self._total = mean if self._total is None else self._total + mean
        self._layers += 1

    def take(self) -> np.ndarray:
        """float32 (tokens, h', w')."""
        if self._total is None:
            raise RuntimeError("no attention map was recorded")
        mean = (self._total / self._layers).T.reshape(-1, *self._size)
        self._total, self._layers = None, 0
        return mean.float().cpu().numpy()


def nearest_ratio(backbone: Attending, wanted: int) -> int:
    """The ratio where the encoder or decoder has cross-attention that is nearest to the wanted one."""
    sites = [site for site in backbone.sites if site.is_cross and site.part != "mid"]
    return min(
        {site.ratio for site in sites}, key=lambda ratio: abs(ratio.bit_length() - wanted.bit_length())
    )


def last_steps(plan: Sequence[TimeStep], strength: float) -> Sequence[TimeStep]:
    """The share of the steps, noisiest first, that a picture noised by ``strength`` still has to go; at least one."""
    return plan[-_share_of(len(plan), strength) :]


def _share_of(steps: int, strength: float) -> int:
    return max(1, min(steps, round(strength * steps)))


def search_steps(steps: int, recipe: MaskRecipe) -> int:
    """How many steps a search takes when a whole run has ``steps``."""
    share = _share_of(steps, recipe.strength)
    return min(share, recipe.steps) if recipe.steps else share


def on_picture(
    found: AttentionMask, recipe: MaskRecipe, bundle: ModelBundle, image: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Mask and heat, uint8 (H, W), of a mask on the latent grid; the heat is enlarged first, so the edge is smooth.

    image: uint8 (H, W, 3), to whose edges the recipe may fit the mask of a thing.
    """
    height, width = image.shape[:2]
    rows, columns = found.heat.shape
    heat = resized(found.heat[None], (rows * bundle.downscale, columns * bundle.downscale))[0].clip(0, 1)
    heat = heat[:height, :width]
    mask = (heat > recipe.threshold).astype(np.uint8) * 255
    if recipe.outline and not found.background:
        mask = outlined(image, heat, mask, bundle.downscale)
    if recipe.outline_kept and found.background:
        near = (heat / recipe.threshold).clip(
            0, 1
        )  # what is below the threshold is a thing, more and more surely
        mask = around_outlined(image, near, mask, bundle.downscale)
    return mask, np.rint(heat * 255).astype(np.uint8)


def _average(
    phrase: Phrase, size: tuple[int, int], recipe: MaskRecipe, before: Before | None
) -> MaskAverage | ObjectAverage:
    tokens = [word.tokens for word in phrase.words]
    if recipe.grounded:
        return ObjectAverage(tokens, [word.tokens for word in phrase.others], size, recipe, before)
    return MaskAverage(tokens, size, recipe)


def _word_heats(phrase: Phrase, mask: AttentionMask) -> tuple[WordHeat, ...]:
    return tuple(
        WordHeat(
            word.text,
            word.start - phrase.offset,
            word.end - phrase.offset,
            np.rint(heat * 255).astype(np.uint8),
        )
        for word, heat in zip(phrase.words, mask.words, strict=True)
    )
