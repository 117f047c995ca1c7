"""The methods that can be compared, by name, and what one made of a picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from editor_core.api.arrays import Picture
from editor_core.baselines.registry import BASELINES, baseline
from editor_core.workflow.comparison import OURS

METHODS = (*OURS, *BASELINES)
"""The names that `Editor.compare` takes: ours, then what the papers compare with."""
NEED_MASK = ("masafusion", *(name for name, method in BASELINES.items() if method.mask))
"""Those that do not find the place themselves."""


@dataclass(frozen=True, eq=False)
class Compared:
    """What one method made of a picture."""

    method: str
    image: Picture | None
    """uint8 (H, W, 3); None where it could not run."""
    seconds: float
    changed: float
    """Share of the pixels that differ from the picture, 0..1."""
    changed_outside: int | None
    """Pixels outside the given mask that differ; None without a mask."""
    problem: str = ""
    """Why it could not run, a sentence."""


def check_methods(names: Sequence[str]) -> None:
    """Raises EditorError for a name that is not among `METHODS`, with what there is, or why it is left out."""
    for name in names:
        if name not in OURS:
            baseline(name)
