"""The sets by name."""

from collections.abc import Callable, Iterator
from pathlib import Path

from editor_core.base.errors import EditorError
from editor_core.evaluation.example import Example
from editor_core.evaluation.sets import editing_mask, fisedit_set, magicbrush, pairs, pie_bench

Reader = Callable[[Path], Iterator[Example]]
SETS: dict[str, Reader] = {
    "magicbrush": magicbrush.read,
    "pie-bench": pie_bench.read,
    "editing-mask": editing_mask.read,
    "fisedit": fisedit_set.read,
    "picture-book": pairs.read,
}


def reader(name: str) -> Reader:
    """Raises EditorError for a name that none has."""
    if name not in SETS:
        raise EditorError(
            "There is no benchmark called “{name}”. Available: {choices}.", name=name, choices=tuple(SETS)
        )
    return SETS[name]
