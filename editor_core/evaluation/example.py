"""One edit of a benchmark, as its set describes it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np


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
