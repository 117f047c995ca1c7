"""InstDiffEdit's search (arXiv 2401.07709) written out, from the noised picture to the mask of every step.

As the authors' code where it departs from the paper: the start token's map is inverted, maps are averaged over the
steps so far, and the position vector P is that of the first step; and, as ``printed``, as the paper says it. Attention
and sampler are not the editor's.
"""

import dataclasses
import functools

import numpy as np
import pytest
import torch
from diffusers import UNet2DConditionModel
from PIL import Image

from editor_core.engines.regions.find_mask import EncodedPictures, find_mask
from editor_core.messages.requests import FindMask
from editor_core.models.latents import encode
from support.engine_runs import context_for
from support.tiny_models import tiny_bundle
from support.written_out import WrittenNetwork, attentive, scheduler_of, text_of

SEED, PHRASE = 5, "a red cat"
PICTURE = np.random.default_rng(0).integers(0, 256, (64, 128, 3), np.uint8)
SIZE = (8, 16)
THRESHOLD, ALIKE, UNLIKE, ROUNDS = 0.4, 0.9, 0.6, 2


def stretched(values):
    return (values - values.min()) / (values.max() - values.min())


def enlarged(map_, size):
    """Bicubic, as Pillow does it."""
    return np.asarray(Image.fromarray(map_.astype(np.float32)).resize(size[::-1], Image.Resampling.BICUBIC))


def cosine(a, b):
    return float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum()))


def heat_of(maps, signs, printed):
    """Equations 6 to 9: of maps (tokens, h', w') the words' (3, h, w), their signs, and the smoothed heat."""
    sized = [enlarged(map_ / map_.max(), SIZE) for map_ in maps[:4]]
    start, words = stretched(sized[0] if printed else 1 - sized[0]), [stretched(map_) for map_ in sized[1:]]
    if signs is None:
        index = max(range(3), key=lambda word: cosine(words[word], start))
        scores = [1.0 if word == index else cosine(words[word], words[index]) for word in range(3)]
        signs = [1 if score >= ALIKE else -1 if score <= UNLIKE else 0 for score in scores]
    if printed:
        return (
            words,
            signs,
            stretched(softened(softened(sum(s * w for s, w in zip(signs, words, strict=True))))),
        )
    heat = stretched(np.mean([word for word, sign in zip(words, signs, strict=True) if sign > 0], 0))
    if -1 in signs:
        away = np.mean([word for word, sign in zip(words, signs, strict=True) if sign < 0], 0)
        heat = np.maximum(heat - stretched(away), 0)
    return words, signs, stretched(softened(softened(heat)))


def softened(heat):
    """OpenCV's 5x5 Gaussian when it is left to choose the width: binomial weights; mirrored at the border."""
    for axis in (0, 1):
        around = np.pad(heat, [(2, 2) if side == axis else (0, 0) for side in (0, 1)], "reflect")
        length = heat.shape[axis]
        shifted = [around.take(range(shift, shift + length), axis) for shift in range(5)]
        heat = sum(weight * one for weight, one in zip((1, 4, 6, 4, 1), shifted, strict=True)) / 16
    return heat


@torch.no_grad()
def search(bundle, ratio, most, printed=False, strength=0.5):
    """Per step the words' maps and the heat, and how the latents of both rounds went on."""
    network, scheduler = WrittenNetwork(bundle), scheduler_of(bundle, bundle.default_steps)
    timesteps = scheduler.timesteps[-round(strength * bundle.default_steps) :][: most + 1]
    x_0 = encode(bundle, PICTURE)
    noise = torch.randn((ROUNDS, *x_0.shape[1:]), generator=torch.Generator().manual_seed(SEED))
    noised = [scheduler.add_noise(x_0.expand(ROUNDS, -1, -1, -1), noise, t) for t in timesteps]
    words, nothing = text_of(bundle, PHRASE), text_of(bundle, "")
    rounds, total, calls, signs, told = list(noised[0].split(1)), 0, 0, None, []
    wanted = SIZE[0] // ratio * (SIZE[1] // ratio)
    for step, t in enumerate(timesteps[:most]):
        if printed:
            total, calls = 0, 0  # the maps of the current step alone
        for number, x in enumerate(rounds):
            seen = []

            def watch(name, map_, seen=seen):
                if map_.shape[1] == wanted and "mid_block" not in name:
                    seen.append(map_.mean(0))
                return map_

            with_words = network(x, t, words, cross_attention=watch)
            without = network(x, t, nothing)
            output = without + bundle.default_guidance * (with_words - without)
            rounds[number] = scheduler.step(output, t, x).prev_sample
            total = total + torch.stack(seen).mean(0)
            calls += 1
        maps = (total / calls).T.reshape(-1, SIZE[0] // ratio, SIZE[1] // ratio).numpy()
        by_word, signs, heat = heat_of(maps, signs, printed)
        told.append((by_word, heat))
        if step + 1 < len(timesteps):  # what is outside the mask is the picture's own, as noisy as the rest
            inside = torch.from_numpy(heat > THRESHOLD)
            outside = noised[step if printed else step + 1]  # y_t or y_{t-1}
            rounds = [torch.where(inside, x, outside[n : n + 1]) for n, x in enumerate(rounds)]
    return told


@functools.cache
def model(kind):
    """A tiny model with sharper attention; "deep" has layers as coarse as the middle block."""
    bundle = tiny_bundle("sd1" if kind == "deep" else kind)
    if kind == "deep":
        blocks = {
            "down_block_types": ["CrossAttnDownBlock2D"] * 2,
            "up_block_types": ["CrossAttnUpBlock2D"] * 2,
        }
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            unet = UNet2DConditionModel.from_config(dict(bundle.unet.config) | blocks)
        bundle = dataclasses.replace(bundle, unet=unet.eval().requires_grad_(False))
    return attentive(bundle, 3.0)


@pytest.mark.parametrize(
    "kind, asked, read, batched, preset",
    [
        ("sd1", 2, 1, True, "paper"),  # the coarser maps are the middle block's alone, which are not read
        ("deep", 2, 2, True, "paper"),
        ("default", 2, 2, True, "paper"),
        ("default", 2, 2, False, "paper"),
        ("default", 4, 4, True, "paper"),
        ("deep", 2, 2, True, "printed"),
        ("default", 2, 2, True, "printed"),
    ],
)
def test_the_search_is_the_published_one_step_by_step(kind, asked, read, batched, preset):
    own = {"preset": preset, "threshold": THRESHOLD, "rounds": ROUNDS, "ratio": asked, "batched": batched}
    own["sampler"] = "ddim"  # LMS is written out by itself
    told = []
    with context_for(model(kind)) as context:
        context.mask_found = told.append
        request = FindMask(PICTURE, PHRASE, seed=SEED, parameters=own | {"steps": 3})
        find_mask(request, context, EncodedPictures())
        expected = search(context.bundle, read, 3, preset == "printed")
    assert len(told) == len(expected)
    for found, (words, heat) in zip(told, expected, strict=True):
        for one, word in zip(found.words, words, strict=True):
            assert np.abs(one.heat - 255 * word).max() < 1.5
        full = enlarged(heat, PICTURE.shape[:2]).clip(0, 1)
        assert np.abs(found.heat - 255 * full).max() < 2
        assert ((found.mask > 0) != (full > THRESHOLD)).mean() < 0.01
