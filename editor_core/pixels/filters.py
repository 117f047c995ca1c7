"""Filters of a layer's pixels: blur, sharpen, noise. Straight RGBA uint8 (H, W, 4) in and out."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Setting:
    """A number of a filter, as its dialog asks for it."""

    lowest: int
    highest: int
    usual: int
    unit: str = ""


@dataclass(frozen=True)
class Filter:
    """One way to filter."""

    settings: Mapping[str, Setting]
    run: Callable[[Pixels, Mapping[str, int]], Pixels]
    reach: Callable[[Mapping[str, int]], int]
    """Pixels: how far a pixel is seen in others."""


@dataclass(frozen=True)
class Filtering:
    """A filter with its numbers."""

    name: str
    numbers: Mapping[str, int] = field(default_factory=dict)

    def run(self, pixels: Pixels) -> Pixels:
        return FILTERS[self.name].run(pixels, self.numbers)

    @property
    def reach(self) -> int:
        return FILTERS[self.name].reach(self.numbers)


def _blur(pixels: Pixels, numbers: Mapping[str, int]) -> Pixels:
    """A Gaussian whose standard deviation is half of the radius; colours are weighed by their alpha."""
    return _unpacked(_blurred(_packed(pixels), numbers["radius"] / 2))


def _sharpen(pixels: Pixels, numbers: Mapping[str, int]) -> Pixels:
    """Unsharp masking: what a blur takes away is added once more, as much as the amount says; alpha stays."""
    packed = _packed(pixels)
    detail = packed - _blurred(packed, numbers["radius"] / 2)
    packed[..., :3] += np.float32(numbers["amount"] / 100) * detail[..., :3]
    packed[..., :3] = np.clip(packed[..., :3], 0, packed[..., 3:])
    return _unpacked(packed)


def _noise(pixels: Pixels, numbers: Mapping[str, int]) -> Pixels:
    """Gaussian noise on the colours, the same every time; alpha stays."""
    random = np.random.default_rng(0)
    channels = 3 if numbers["colour"] else 1
    grain = random.standard_normal((*pixels.shape[:2], channels), np.float32)
    noisy = pixels.copy()
    strength = np.float32(numbers["amount"] / 100 * 255 / 3)
    noisy[..., :3] = np.rint(pixels[..., :3] + strength * grain).clip(0, 255)
    noisy[noisy[..., 3] == 0] = 0
    return noisy


def _blurred(packed: Floats, sigma: float) -> Floats:
    from editor_core.pixels.opencv import cv2  # at the first use: the window starts without it

    blurred: Floats = cv2.GaussianBlur(packed, (0, 0), max(sigma, 0.1), borderType=cv2.BORDER_REPLICATE)
    return blurred


def _packed(pixels: Pixels) -> Floats:
    """Colours times alpha, 0..1."""
    packed = pixels.astype(np.float32) / np.float32(255)
    packed[..., :3] *= packed[..., 3:]
    return packed


def _unpacked(packed: Floats) -> Pixels:
    alpha = packed[..., 3:]
    straight = np.empty(packed.shape, np.uint8)
    colour = np.divide(packed[..., :3], alpha, out=np.zeros_like(packed[..., :3]), where=alpha > 0)
    straight[..., :3] = np.rint(colour.clip(0, 1) * 255)
    straight[..., 3:] = np.rint(alpha.clip(0, 1) * 255)
    straight[straight[..., 3] == 0] = 0
    return straight


def _three_sigma(numbers: Mapping[str, int]) -> int:
    return math.ceil(1.5 * numbers["radius"]) + 1


FILTERS: Mapping[str, Filter] = {
    "blur": Filter({"radius": Setting(1, 200, 8, " px")}, _blur, _three_sigma),
    "sharpen": Filter(
        {"amount": Setting(1, 400, 80, " %"), "radius": Setting(1, 50, 3, " px")}, _sharpen, lambda _: 0
    ),
    "noise": Filter({"amount": Setting(1, 100, 12, " %"), "colour": Setting(0, 1, 0)}, _noise, lambda _: 0),
}
"""By the name of their action."""
