"""What may stand in a project file: every value with its type and range."""

import sys
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from editor_core.base.limits import MAX_NAME, MAX_OFFSET, MAX_SIDE, MAX_STEPS, MAX_TURNS, MAX_WORDS
from editor_core.base.loras import LoraChoice
from editor_core.messages.run import DEFAULT_SAMPLER

_LARGEST = sys.float_info.max  # keeps infinities and NaN out

Id = Annotated[str, Meta(pattern=r"\A[0-9a-f]{12}\Z")]
Name = Annotated[str, Meta(max_length=MAX_NAME)]
Words = Annotated[str, Meta(max_length=MAX_WORDS)]
Finite = Annotated[float, Meta(ge=-_LARGEST, le=_LARGEST)]
Share = Annotated[float, Meta(ge=0, le=1)]
Offset = Annotated[int, Meta(ge=-MAX_OFFSET, le=MAX_OFFSET)]
Place = Annotated[int, Meta(ge=0, le=MAX_SIDE)]
Dpi = Annotated[float, Meta(ge=1, le=100_000)]
Side = Annotated[int, Meta(ge=1, le=MAX_SIDE)]


class ProjectRecord(msgspec.Struct):
    """``editor/project.json``; turns and layers are looked at one by one, so that one costs no other."""

    width: Side | None = None
    height: Side | None = None
    picture_layer: Id | None = None
    current_turn: Id | None = None
    turns: list[Any] | None = None
    layers: list[Any] | None = None
    dpi: tuple[Dpi, Dpi] | None = None
    settings: dict[str, Any] = {}


class TurnRecord(msgspec.Struct):
    """``turn.json``: all of a turn but its arrays."""

    id: Id
    parent: Id | None = None
    method: Name = "open"
    prompt: Words = ""
    negative: Words = ""
    seed: int = 0
    steps: Annotated[int, Meta(ge=0, le=MAX_STEPS)] = 0
    guidance: Finite = 0.0
    sampler: Name = DEFAULT_SAMPLER
    strength: Share = 1.0
    model: Name = ""
    model_source: Name = ""
    loras: tuple[LoraChoice, ...] = ()
    vae: Name = ""
    clip_skip: Annotated[int, Meta(ge=1, le=12)] = 1
    fingerprint: Name = ""
    parameters: dict[str, Any] = {}
    log: dict[str, Any] = {}
    record: dict[str, Any] | None = None
    """What the run left behind, as ``messages/run.py`` takes it."""
    cache_space: Name = ""
    created: Name = ""
    seconds: Annotated[float, Meta(ge=0, le=_LARGEST)] = 0.0
    name: Name = ""
    starred: bool = False


class PartRecord(msgspec.Struct):
    """Where pixels of a layer lie: a PNG, and its place in the layer's own pixels."""

    source: Name
    left: Offset = 0
    top: Offset = 0


class SlotRecord(msgspec.Struct):
    """The note beside a recovery copy."""

    belongs_to: Annotated[str, Meta(max_length=MAX_NAME)] | None = None
    saved: Name = ""
    digest: Name = ""
    turns: list[Id] = []
    chain: Name = ""
    """The journal that needs no copy; one that begins at the copy is named there."""
    whole: bool = False
    """Whether the first step of it is the whole document; else it begins at the project file."""
    clean: bool = False
    """Whether that first step holds nothing that is not saved: only what follows it is worth recovering."""


LAYER_FIELDS: dict[str, Any] = {
    "id": Id,
    "name": Name,
    "prompt": Words,
    "turn": Name,
    "on_turns": Annotated[list[Id], Meta(max_length=MAX_TURNS)],
    "visible": bool,
    "locked": bool,
    "lock_transparency": bool,
    "isolated": bool,
    "x": Offset,
    "y": Offset,
    "opacity": Share,
    "blend_mode": Name,
    "adjustment": Name,
    "numbers": dict[str, Any],
}
"""Of the fields of all kinds of layers."""
