"""What the artist typed and set for the next edit and has not run yet."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from msgspec import Meta

from editor_core.base.gate import fits
from editor_core.base.limits import MAX_NAME, MAX_STEPS, MAX_WORDS
from editor_core.document.turns import JSON, Turn

Words = Annotated[str, Meta(max_length=MAX_WORDS)]
OF_TURN: Mapping[str, Any] = {
    "prompt": Words,
    "negative": Words,
    "steps": Annotated[int, Meta(ge=1, le=MAX_STEPS)],
    "guidance": Annotated[float, Meta(ge=0, le=1000)],
    "sampler": Annotated[str, Meta(max_length=MAX_NAME)],
}
"""Typed on one turn and found again there; named as the turn's own fields."""
OF_DOCUMENT: Mapping[str, Any] = {
    "seed": Annotated[int, Meta(ge=0, le=2**63 - 1)] | None,
    "variants": Annotated[int, Meta(ge=1, le=1000)],
    "strength": Annotated[float, Meta(ge=0, le=1)],
    "method": Annotated[str, Meta(max_length=MAX_NAME)],
}
"""The same on every turn."""
_NUMBER = Annotated[float, Meta(ge=-1e9, le=1e9)]
_WHOLE = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
_TEXT = Annotated[str, Meta(max_length=MAX_NAME)]
OF_METHOD: Any = bool | _WHOLE | _NUMBER | _TEXT | Annotated[list[_WHOLE], Meta(max_length=100)] | None
"""A method's parameter, named "method.parameter": the same on every turn. The form knows which values it takes."""
_FORMER = {"sketch_strength": "masafusion.sketch_strength", "sketch_share": "masafusion.sketch_share"}
"""Names of before, when there were two such numbers, in percent."""
_METHOD_NAME = re.compile(r"[a-z_]{1,40}\.[a-z_]{1,40}")
EVERYWHERE = ""  # in the place of a turn's id: for the whole document, or for a picture without turns

Key = tuple[str, str]  # turn's id, name


@dataclass(frozen=True)
class Drafts:
    """Values by turn and name; what is missing is as the turn has it. A seed may be None: any."""

    values: Mapping[Key, JSON] = field(default_factory=dict)

    def with_values(self, values: Mapping[Key, JSON]) -> "Drafts":
        return Drafts({**self.values, **values})

    def once_made(self, turn: Turn, on: Collection[str]) -> "Drafts":
        """Without what was typed on these turns and is now true of ``turn``."""
        made = {(other, name) for other in on for name in OF_TURN}
        gone = {key for key in made & self.values.keys() if _same(self.values[key], getattr(turn, key[1]))}
        return Drafts({key: value for key, value in self.values.items() if key not in gone})

    def moved(self, old: str, new: str) -> "Drafts":
        """With what was typed on one turn lying on another."""
        return Drafts({(new if turn == old else turn, name): v for (turn, name), v in self.values.items()})

    def to_json(self, turns: Collection[str]) -> dict[str, JSON]:
        """What belongs to these turns or to the whole document, by turn."""
        by_turn: dict[str, dict[str, JSON]] = {}
        for (turn, name), value in self.values.items():
            if turn == EVERYWHERE or turn in turns:
                by_turn.setdefault(turn, {})[name] = value
        return dict(by_turn)

    @classmethod
    def from_json(cls, kept: JSON) -> "Drafts":
        """What a file kept; whatever is not as it should be is left out."""
        return cls(
            {
                (turn, name): value
                for turn, values in (kept.items() if isinstance(kept, dict) else ())
                for name, value in map(_renamed, values.items() if isinstance(values, dict) else ())
                if (kind := _kind(name)) is not None and fits(value, kind)
            }
        )


def _renamed(draft: tuple[str, JSON]) -> tuple[str, JSON]:
    name, value = draft
    if name in _FORMER and isinstance(value, int):
        return _FORMER[name], value / 100
    return draft


def _kind(name: str) -> Any:
    """What values a control of this name has; None for no control."""
    if _METHOD_NAME.fullmatch(name):
        return OF_METHOD
    return OF_TURN.get(name, OF_DOCUMENT.get(name))


def _same(draft: JSON, made: JSON) -> bool:
    if isinstance(draft, str) and isinstance(made, str):
        return draft.split() == made.split()
    return draft == made
