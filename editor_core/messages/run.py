"""A run, typed: what decides it and what it left behind.

A `RunSpec` names the space of the cache where the run's activations lie. A `RunRecord` is what later runs read of an
earlier one. Both are part of the file format: a field may be added with a default, none changes its meaning. What only
people read stands in a turn's free `log`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

DEFAULT_SAMPLER = "ddim"
_MAPPING = (dict, Mapping)  # what is a dict is told much faster


class RecordingMode(StrEnum):
    """How much a run keeps of its activations."""

    FULL = "full"
    THINNED = "thinned"
    """Of self-attention's keys and values every second position both ways."""
    PACKED = "packed"
    """All of it, in four bits a number, joined by level."""
    COMPACT = "compact"
    """Thinned out, and in eight bits a number."""
    NOTHING = "nothing"

    @property
    def is_thinned(self) -> bool:
        return self in (RecordingMode.THINNED, RecordingMode.COMPACT)


@dataclass(frozen=True, eq=False)
class RunSpec:
    """Everything that decides a run's activations."""

    fingerprint: str
    """Of the model."""
    method: str
    prompt: str
    """The words that the network is told."""
    negative: str
    seed: int
    steps: int
    guidance: float
    latent_size: tuple[int, int]
    """(h, w)."""
    sampler: str = DEFAULT_SAMPLER
    parent: str = ""
    """The space of the turn that is edited."""
    region: np.ndarray | None = None
    """bool (h, w): the latent positions that an edit may change."""
    strength: float = 1.0
    """How far the edited turn was noised before it was denoised."""
    begins: np.ndarray | None = None
    """int16 (h, w): the step each position begins at, where a grey mask says so."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """The method's own numbers, and what stands for a picture or a drawing."""


@dataclass(frozen=True)
class RunRecord:
    """What a run left behind, as far as later runs depend on it; `RunRecord()` is a plain dense run."""

    recording: RecordingMode = RecordingMode.FULL
    painted_words: str = ""
    """What the network was told, where that is not the turn's whole prompt."""
    warmup_steps: int = 0
    """So many first steps attended as the base's had, at latents of their own."""
    warmup_controlled: bool = True
    """Whether they did; off, they attended as their own words had them."""
    steered_steps: int = 0
    """So many first steps attended by the maps of the turn before, at this turn's own latents."""
    hidden_tokens: tuple[int, ...] = ()
    """Tokens of the turn's words that its region did not look at."""
    first_step: int = 0
    """The step that an edit began with; those before it are its parent's."""
    guidance_every: int = 1
    """After its first steps the unconditional half was computed at every so many steps only."""
    sparsity: Mapping[str, Any] = field(default_factory=dict)
    """What incremental steps left out (`Sparsity`), for repeating them; empty for a dense run."""
    levels: tuple[Mapping[str, Any], ...] = ()
    """How each level of the network was computed, finest first."""
    control: Mapping[str, Any] = field(default_factory=dict)
    """The ControlNet that an edit followed, "source", "strength" and "share" of the steps; empty for none."""
    reference: Mapping[str, Any] = field(default_factory=dict)
    """The IP-Adapter by which it took after a picture, "source" and "strength"; empty for none."""
    inversion: str = ""
    """How an opened picture's path was found; empty for others."""
    window: tuple[int, int, int, int] | None = None
    """(left, top, width, height) in pixels: of what the model saw of a picture too large for it."""
    window_seen: tuple[int, int] | None = None
    """(width, height) in pixels that the window was scaled to for the model; None: it was not."""
    window_turns: tuple[Mapping[str, Any], ...] = ()
    """The turns inside the window, the first one first: their words, spaces and records."""

    @property
    def cache_spaces(self) -> tuple[str, ...]:
        """Where the activations of the turns inside the window lie."""
        return tuple(str(turn["cache_space"]) for turn in self.window_turns)


def record_from(told: Mapping[str, Any]) -> RunRecord:
    """A record from what a file says of it. Raises ValueError for a value of the wrong kind."""
    window = told.get("window")
    counts = {name: told.get(name, 0) for name in ("warmup_steps", "steered_steps", "first_step")}
    guidance_every, sparsity = told.get("guidance_every", 1), told.get("sparsity", {})
    if window is not None and (len(window) != 4 or not all(type(side) is int for side in window)):
        raise ValueError("window")
    guides = {name: told.get(name, {}) for name in ("control", "reference")}
    if not (_is_guide(guides["control"], "share") and _is_guide(guides["reference"])):
        raise ValueError("control and reference")
    seen = told.get("window_seen")
    if seen is not None and (len(seen) != 2 or not all(type(side) is int and side > 0 for side in seen)):
        raise ValueError("window_seen")
    if any(type(count) is not int for count in counts.values()) or not isinstance(sparsity, _MAPPING):
        raise ValueError("warmup_steps, steered_steps, first_step and sparsity")
    if type(guidance_every) is not int or guidance_every < 1:
        raise ValueError("guidance_every")
    return RunRecord(
        recording=RecordingMode(told.get("recording", RecordingMode.FULL)),
        painted_words=_text(told, "painted_words"),
        warmup_controlled=told.get("warmup_controlled", True) is not False,
        **counts,
        hidden_tokens=_counts(told, "hidden_tokens"),
        guidance_every=guidance_every,
        sparsity=sparsity,
        levels=_mappings(told, "levels"),
        **guides,
        inversion=_text(told, "inversion"),
        window=None if window is None else (window[0], window[1], window[2], window[3]),
        window_seen=None if seen is None else (seen[0], seen[1]),
        window_turns=_mappings(told, "window_turns"),
    )


def _is_guide(told: Any, *further: str) -> bool:
    """Whether it is empty, or has a source, a strength and further numbers."""
    if not isinstance(told, _MAPPING):
        return False
    numbers = [told.get(name) for name in ("strength", *further)]
    return not told or (
        isinstance(told.get("source"), str) and all(isinstance(each, int | float) for each in numbers)
    )


def _text(told: Mapping[str, Any], name: str) -> str:
    text = told.get(name, "")
    if not isinstance(text, str):
        raise ValueError(name)
    return text


def _counts(told: Mapping[str, Any], name: str) -> tuple[int, ...]:
    numbers = told.get(name, ())
    if not isinstance(numbers, list | tuple) or any(type(one) is not int or one < 0 for one in numbers):
        raise ValueError(name)
    return tuple(numbers)


def _mappings(told: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], ...]:
    items = told.get(name, ())
    if not isinstance(items, list | tuple) or not all(isinstance(item, _MAPPING) for item in items):
        raise ValueError(name)
    return tuple(items)
