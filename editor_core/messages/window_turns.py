"""How a turn of a picture that the model saw only a window of keeps the turns inside that window."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Protocol

from editor_core.messages.run import RunRecord

_TOLD = ("prompt", "negative", "seed", "steps", "guidance", "method", "fingerprint", "cache_space", "sampler")


class _Run(Protocol):
    """A finished turn: of the document, of a request, or a result."""

    @property
    def record(self) -> RunRecord: ...


def told_of(turn: _Run) -> Mapping[str, Any]:
    """What is kept of a turn inside the window beside its arrays."""
    return {name: getattr(turn, name) for name in _TOLD} | {"record": asdict(turn.record)}


def name_in_window(number: int, name: str) -> str:
    """What an array of the ``number``-th turn in the window is called among the latents of the whole picture's."""
    return f"window{number}_{name}"
