"""What the program tells an artist: a template in English, which names it, and the values it is filled with.

Whoever shows a message says it in a language: here in English, for commands and logs; in the window's own in
`gui/texts/messages.py`. Templates are literals in the code, where `packaging/translations.py` collects them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Union

Value = Union[str, int, float, "Message", tuple[Union[str, "Message"], ...]]
"""A tuple is a list in words; a message in a message is said in the same language."""


@dataclass(frozen=True, init=False)
class Message:
    """``Message("“{file}” is too large.", file=path.name)``; ``str(message)`` is the sentence in English."""

    template: str
    values: Mapping[str, Value]

    def __init__(self, template: str, /, **values: Value) -> None:
        object.__setattr__(self, "template", template)
        object.__setattr__(self, "values", values)

    def __str__(self) -> str:
        return self.template.format(**{name: _in_english(value) for name, value in self.values.items()})


def _in_english(value: Value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
