"""The compositing operators of OpenRaster that are no blend modes: they cut, by what lies below or above.

Porter and Duff (https://doi.org/10.1145/800031.808606), as W3C Compositing and Blending Level 1, section 9.1, has them.
Each takes the backdrop's colour, premultiplied, float32 (3, ...), and alpha (...), and the same of the source.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Operator = Callable[[Floats, Floats, Floats, Floats], tuple[Floats, Floats]]


def source_atop(colour: Floats, alpha: Floats, above: Floats, covers: Floats) -> tuple[Floats, Floats]:
    """The source where the backdrop is."""
    return above * alpha + colour * (1 - covers), alpha


def destination_in(colour: Floats, alpha: Floats, above: Floats, covers: Floats) -> tuple[Floats, Floats]:
    """The backdrop where the source is."""
    return colour * covers, alpha * covers


def destination_out(colour: Floats, alpha: Floats, above: Floats, covers: Floats) -> tuple[Floats, Floats]:
    """The backdrop where the source is not."""
    return colour * (1 - covers), alpha * (1 - covers)


def destination_atop(colour: Floats, alpha: Floats, above: Floats, covers: Floats) -> tuple[Floats, Floats]:
    """The backdrop where the source is, and the source where the backdrop is not."""
    return colour * covers + above * (1 - alpha), covers


OPERATORS: dict[str, Operator] = {
    "source-atop": source_atop,
    "destination-in": destination_in,
    "destination-out": destination_out,
    "destination-atop": destination_atop,
}
CLEARING = frozenset({"destination-in", "destination-atop"})
"""Those that take the backdrop away where the source is nothing."""
