"""A slowly renewed pool of training examples, so that scenes are rendered and encoded once and used many times."""

from collections import deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderDC
from torch import Tensor
from torch.nn import functional as F
from transformers import CLIPTokenizer

from captions import PLACE, Caption
from grounding import Targets
from rendering import Renderer, Shot
from scenes import Picture
from sprites import Sprites
from tables import Tables


@dataclass(frozen=True)
class Example:
    """One scene ready for training: standardised latents, tokens, and what the named tokens should look at."""

    latents: Tensor
    tokens: Tensor
    named: tuple[tuple[int, int], ...]
    masks: Tensor


@dataclass(frozen=True)
class Batch:
    """Examples of one shape, stacked."""

    latents: Tensor
    tokens: Tensor
    targets: Targets


def to_unit(pixels: np.ndarray) -> Tensor:
    """Pictures uint8 (n, H, W, 3) as float32 (n, 3, H, W) in -1..1."""
    return torch.from_numpy(pixels.astype(np.float32) / 127.5 - 1).permute(0, 3, 1, 2)


class ExampleMaker:
    """Turns rendered scenes into examples."""

    def __init__(self, vae: AutoencoderDC, tokenizer: CLIPTokenizer):
        self._vae, self._tokenizer = vae, tokenizer

    @torch.no_grad()
    def examples(self, captions: list[Caption], pictures: list[Picture]) -> list[Example]:
        """Pictures encoded, and their captions tokenised."""
        inputs = to_unit(np.stack([picture.pixels for picture in pictures])).to(self._vae.device)
        latents = (self._vae.encode(inputs).latent * self._vae.config.scaling_factor).float().cpu()
        return [self._example(*parts) for parts in zip(latents, captions, pictures, strict=True)]

    def _example(self, latents: Tensor, caption: Caption, picture: Picture) -> Example:
        return Example(latents, *tokenised(self._tokenizer, caption), owners_masks(picture))


def tokenised(tokenizer: CLIPTokenizer, caption: Caption) -> tuple[Tensor, tuple[tuple[int, int], ...]]:
    """A caption's tokens, and which of them name something: (position, owner)."""
    encoded = tokenizer(
        caption.text,
        padding="max_length",
        truncation=True,
        return_offsets_mapping=True,
        return_tensors="pt",
    )
    offsets = encoded["offset_mapping"][0].tolist()
    named = tuple(
        (position, owner)
        for begin, end, owner in caption.spans
        for position, (first, last) in enumerate(offsets)
        if begin <= first < last <= end
    )
    return encoded["input_ids"][0], named


def owners_masks(picture: Picture) -> Tensor:
    """Masks at 1/16 of the pixels: groups of objects, what they wear, and last (PLACE, -1, finds it) the background."""
    background = ~picture.masks.any(0, keepdims=True)
    together = [
        masks[list(group)].any(0) for masks in (picture.masks, picture.worn) for group in picture.groups
    ]
    masks = np.stack([*together, *background]).astype(np.float32)
    return F.avg_pool2d(torch.from_numpy(masks)[:, None], 16)[:, 0]


class Pool:
    """Examples of one size; a few new ones take the place of the oldest at each batch."""

    def __init__(
        self, renderer: Renderer, maker: ExampleMaker, capacity: int, fresh: int, start: int, seed: int
    ):
        self._renderer, self._maker, self._fresh = renderer, maker, fresh
        self._rng = np.random.default_rng(seed)
        self._seeds = count(seed * 10_000_000)
        self._examples: deque[Example] = deque(maxlen=capacity)
        while len(self._examples) < start:
            self._add(max(16, fresh))

    def _add(self, number: int) -> None:
        if rendered := self._renderer.take([next(self._seeds) for _ in range(number)]):
            captions, pictures = zip(*rendered, strict=True)
            self._examples.extend(self._maker.examples(list(captions), list(pictures)))

    def draw(self, size: int) -> list[Example]:
        """Some of the examples, after the renewal."""
        self._add(self._fresh)
        return [self._examples[i] for i in self._rng.integers(len(self._examples), size=size)]

    def batch(self, size: int) -> Batch:
        """A random batch, after the renewal."""
        return collate(self.draw(size))


def collate(examples: list[Example]) -> Batch:
    """Stack examples; the start token (position 0) looks at the background like the words of the place."""
    rows = [
        (sample, position, example.masks[owner])
        for sample, example in enumerate(examples)
        for position, owner in ((0, PLACE), *example.named)
        if example.masks[owner].any()
    ]
    samples, positions, masks = zip(*rows, strict=True)
    return Batch(
        torch.stack([example.latents for example in examples]),
        torch.stack([example.tokens for example in examples]),
        Targets(torch.tensor(samples), torch.tensor(positions), torch.stack(masks)),
    )


def stage_pools(
    stage: dict[str, Any],
    tables: Tables,
    maker: ExampleMaker,
    workers: ProcessPoolExecutor | None,
    seed: int,
) -> list[Pool]:
    """A pool for each size of a stage."""
    sprites = Sprites.load()
    return [
        Pool(
            Renderer(Shot(tables, sprites, tuple(size), stage["scale"]), workers),
            maker,
            stage["pool"],
            stage["fresh"],
            stage["start"],
            seed + index,
        )
        for index, size in enumerate(stage["sizes"])
    ]
