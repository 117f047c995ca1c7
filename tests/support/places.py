"""Where a test of the card runs: on every card's precisions and, so that it cannot rot, on the processor."""

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch

from editor_core.messages.events import TurnResult
from editor_core.messages.requests import BaseTurn
from editor_core.models.bundle import ModelBundle
from editor_core.models.load import load

on_a_card = (
    pytest.mark.cuda,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA graphics card"),
)


@dataclass(frozen=True)
class Place:
    """A device and the precision of the networks on it."""

    device: str
    dtype: torch.dtype

    def __str__(self) -> str:
        return f"{self.device}-{self.precision}"

    @property
    def precision(self) -> str:
        return str(self.dtype).removeprefix("torch.")

    @property
    def on_card(self) -> bool:
        return self.device == "cuda"

    def settle(self) -> None:
        """Wait for the card; what went wrong there shows here at the latest."""
        if self.on_card:
            torch.cuda.synchronize()


PROCESSOR = Place("cpu", torch.float32)
CARDS = tuple(Place("cuda", dtype) for dtype in (torch.float32, torch.float16, torch.bfloat16))
HALVES = (*CARDS[1:], Place("cpu", torch.bfloat16))


def params(*places: Place) -> list:
    """The places as a fixture's or a test's parameters."""
    return [pytest.param(place, marks=on_a_card if place.on_card else (), id=str(place)) for place in places]


@functools.cache
def bundle_at(folder: Path, place: Place) -> ModelBundle:
    """A model at a place, loaded once. Do not change it."""
    return load(str(folder), place.device, place.precision)


ERROR = {torch.float32: 0.003, torch.float16: 0.004, torch.bfloat16: 0.03}
"""Of latents against the processor's in float32: the norm of the difference over that of the latents. About three times
what rounding alone does to these models on the processor; a card's convolutions round float32 to float16's mantissa."""
CHANGE_ERROR = {torch.float32: 0.05, torch.float16: 0.05, torch.bfloat16: 0.3}
"""The same over how far an edit took the latents: an edit that did nothing would be 1 off."""
LEVELS = {torch.float32: 1, torch.float16: 2, torch.bfloat16: 8}
"""Of 255: how far a pixel may lie from that of the same run again, whose activations were read instead of computed."""
OVERLAP = {torch.float32: 0.8, torch.float16: 0.8, torch.bfloat16: 0.5}
"""Of regions that were found: rounding decides at their threshold."""


def error(found: np.ndarray, expected: np.ndarray, start: np.ndarray | float = 0.0) -> float:
    """The norm of the difference over that of what was expected, or of its way from the start; infinite for NaN."""
    value = float(np.linalg.norm((found - expected).ravel()) / np.linalg.norm((expected - start).ravel()))
    return value if np.isfinite(value) else np.inf


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection over union of two masks, uint8."""
    return float(((a > 0) & (b > 0)).sum() / ((a > 0) | (b > 0)).sum())


def assert_nothing_outside(found: TurnResult, base: BaseTurn) -> None:
    """Outside of its mask a turn has its base's bytes."""
    outside = found.mask == 0
    assert outside.any() and np.array_equal(found.image[outside], base.image[outside])


def assert_alike(found: TurnResult, expected: TurnResult, base: BaseTurn, place: Place) -> None:
    """The same edit of the same turn, in a given region, at a place and on the processor."""
    assert np.array_equal(found.mask, expected.mask)
    assert_nothing_outside(found, base)
    assert_same_change(found, expected, base, place)


def assert_same_change(
    found: TurnResult, expected: TurnResult, base: BaseTurn, place: Place, most: float | None = None
) -> None:
    """Latents as precise as the place is, of the edit as a whole and of what it changed: by ``most``, if given."""
    ours, theirs, before = (turn.latents["trajectory"] for turn in (found, expected, base))
    whole, change = error(ours, theirs), error(ours[-1], theirs[-1], before[-1])
    assert whole < ERROR[place.dtype], f"latents {whole:.4f} apart"
    assert change < (CHANGE_ERROR[place.dtype] if most is None else most), f"the change {change:.3f} apart"


def assert_again(found: TurnResult, expected: TurnResult, place: Place) -> None:
    """The same run a second time, whatever happened in between."""
    latents = error(found.latents["trajectory"], expected.latents["trajectory"])
    pixels = np.abs(found.image.astype(int) - expected.image).max()
    assert latents < ERROR[place.dtype], f"latents {latents:.4f} apart"
    assert pixels <= LEVELS[place.dtype], f"pixels {pixels} levels apart"
