"""A method's parameters as plain data: all that a form needs in order to show, explain and check them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from editor_core.base.message import Message

GIVEN_MASK, GIVEN_SKETCH = "mask", "sketch"
"""What a setting may depend on besides other parameters: whether the edit has a mask, or a sketch."""


@dataclass(frozen=True)
class Choice:
    value: str
    label: Message


@dataclass(frozen=True)
class Setting:
    """What an engine's author says of a parameter, beside it."""

    label: Message
    tip: Message
    lowest: float | None = None
    highest: float | None = None
    unit: str = ""
    """A symbol; "%" stands for a share, 0..1, that is shown in percent."""
    choices: tuple[Choice, ...] = ()
    is_folder: bool = False
    is_picture: bool = False
    """The path of a picture."""
    empty: Message = field(default_factory=lambda: Message("the model’s own"))
    """What a path that is not given stands for."""
    expert: bool = False
    """Of use to who knows the method; a form folds it away until it is asked for."""
    only_if: tuple[str, Any] | None = None
    """(name, value): it has an effect only where another parameter, GIVEN_MASK or GIVEN_SKETCH has that value."""

    def allows(self, value: Any) -> bool:
        """Whether a value of the right type lies in the range, or is one of the choices."""
        if value is None:
            return True
        if self.choices:
            return value in [choice.value for choice in self.choices]
        numbers = value if isinstance(value, list | tuple) else (value,)
        low = float("-inf") if self.lowest is None else self.lowest
        high = float("inf") if self.highest is None else self.highest
        return isinstance(value, str) or all(low <= number <= high for number in numbers)


class Kind(Enum):
    SWITCH = auto()
    WHOLE = auto()
    NUMBER = auto()
    TEXT = auto()
    WHOLES = auto()
    """A list of whole numbers."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a method."""

    name: str
    kind: Kind
    default: Any
    """As JSON has it: a list, not a tuple."""
    about: Setting
    optional: bool = False
    """It may be None: as the method chooses."""

    def accepts(self, value: Any) -> bool:
        """Whether the method would take a value, which may come from a file."""
        if value is None:
            return self.optional
        return self._is_of_kind(value) and self.about.allows(value)

    def _is_of_kind(self, value: Any) -> bool:
        if self.kind is Kind.WHOLES:
            return isinstance(value, Sequence) and all(type(item) is int for item in value)
        kinds: dict[Kind, tuple[type, ...]] = {
            Kind.SWITCH: (bool,),
            Kind.WHOLE: (int,),
            Kind.NUMBER: (int, float),
            Kind.TEXT: (str,),
        }
        return type(value) in kinds[self.kind]
