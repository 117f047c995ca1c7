"""One edit of a benchmark, as its set describes it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Expected:
    """What a judge should find in a result, in the words that it knows; what is empty is not looked for."""

    shown: tuple[str, ...] = ()
    """All things that the true picture shows, one word each."""
    asked: tuple[str, ...] = ()
    """Things that should have come."""
    gone: tuple[str, ...] = ()
    """Things that should not be there any more."""
    kept: tuple[str, ...] = ()
    """Things that nothing was asked of."""
    place: str = ""
    place_gone: str = ""
    colours: tuple[tuple[str, str], ...] = ()
    """A thing and the colour that it should have."""
    related: tuple[str, ...] = ()
    """A thing, "left of" or "right of", and another thing."""
    light: tuple[float, ...] = ()
    """How the mean colour should move, levels of 255."""


@dataclass(frozen=True, eq=False)
class Example:
    id: str
    """Of the set's own, and a file's name."""
    kind: str
    """The set's own kind of edit."""
    before: Path | None
    """The picture; None where it is made from the words and the seed."""
    words_before: str
    words_after: str
    instruction: str = ""
    mask: np.ndarray | Path | None = None
    """uint8 (H, W), nonzero where it should change, or the file that shows it."""
    after: Path | None = None
    """The true picture, where there is one."""
    seed: int = 0
    follows: str = ""
    """The example whose result this one changes, in a protocol of several turns."""
    shows: str = ""
    """The class of thing that the picture shows before, in sets that have classes."""
    wanted: str = ""
    """The class that it should show."""
    expected: Expected | None = None
    """For the judge that the set brings along."""
