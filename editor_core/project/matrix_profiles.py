"""RGB profiles of three curves and a matrix, followed in full precision: Pillow converts 8 bits only, which leaves
little of what is dark in pictures of linear light.

ICC.1:2022, sections 8.3.3 (matrix profiles), 10.6 (curves), 10.18 (parametric curves).
"""

import functools
import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor_core.project.colour_profiles import srgb_profile
from editor_core.project.png import Pixels

Floats = NDArray[np.float64]
_HEADER, _MOST_TAGS, _MOST_POINTS = 128, 200, 70_000
_BAND = 128  # rows at a time
_PARAMETERS = (1, 3, 4, 5, 7)  # of each kind of parametric curve


@dataclass(frozen=True, eq=False)
class MatrixProfile:
    """A profile's curves, of red, green and blue, and the colours of those in CIE XYZ as columns."""

    curves: tuple[Callable[[Floats], Floats], ...]
    colours: Floats


def matrix_profile(profile: bytes) -> MatrixProfile | None:
    """A profile as curves and a matrix; None for one that is something else, or damaged."""
    try:
        if profile[16:20] != b"RGB " or profile[20:24] != b"XYZ ":
            return None
        tags = _tags(profile)
        if b"A2B0" in tags:
            return None
        curves = tuple(_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC"))
        colours = np.array([_xyz(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]).T
    except (struct.error, KeyError, ValueError, IndexError):
        return None
    return MatrixProfile(curves, colours)


def deep_to_srgb(values: NDArray[np.uint16], profile: bytes) -> Pixels | None:
    """RGB (H, W, 3) of 16 bits as sRGB of 8; None where the profile is no matrix."""
    own = matrix_profile(profile)
    if own is None:
        return None
    matrix = np.linalg.solve(_srgb_colours(), own.colours)
    tables = [curve(np.arange(65536) / 65535) for curve in own.curves]
    result = np.empty(values.shape, np.uint8)
    for top in range(0, len(values), _BAND):
        band = values[top : top + _BAND]
        light = np.stack([table[band[..., place]] for place, table in enumerate(tables)], -1) @ matrix.T
        light = light.clip(0, 1)
        curved = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
        result[top : top + _BAND] = (curved * 255 + 0.5).astype(np.uint8)
    return result


@functools.cache
def _srgb_colours() -> Floats:
    found = matrix_profile(srgb_profile())
    assert found is not None
    return found.colours


def _tags(profile: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">I", profile, _HEADER)
    found = {}
    for number in range(min(count, _MOST_TAGS)):
        name, at, size = struct.unpack_from(">4sII", profile, _HEADER + 4 + 12 * number)
        found[name] = profile[at : at + size]
    return found


def _xyz(tag: bytes) -> tuple[float, float, float]:
    x, y, z = struct.unpack_from(">3i", tag, 8)
    return x / 65536, y / 65536, z / 65536


def _curve(tag: bytes) -> Callable[[Floats], Floats]:
    """What a curve makes of values of 0 to 1. Raises ValueError for one that makes no sense."""
    if tag[:4] == b"curv":
        (count,) = struct.unpack_from(">I", tag, 8)
        if count == 0:
            return lambda values: values
        if count == 1:
            gamma = struct.unpack_from(">H", tag, 12)[0] / 256
            return lambda values: values**gamma
        if count > _MOST_POINTS:
            raise ValueError("a curve of too many points")
        points = np.array(struct.unpack_from(f">{count}H", tag, 12)) / 65535
        places = np.linspace(0, 1, count)
        return lambda values: np.interp(values, places, points)
    if tag[:4] != b"para":
        raise ValueError("an unknown curve")
    (kind,) = struct.unpack_from(">H", tag, 8)
    numbers = [each / 65536 for each in struct.unpack_from(f">{_PARAMETERS[kind]}i", tag, 12)]
    return functools.partial(_parametric, kind, numbers)


def _parametric(kind: int, numbers: list[float], values: Floats) -> Floats:
    """Y = (a X + b)^g + e from d on, and c X + f before; the simpler kinds leave some of that out."""
    g, a, b, c, d, e, f = _all_numbers(kind, numbers)
    power = np.maximum(a * values + b, 0) ** g + e
    found: Floats = np.where(values >= d, power, c * values + f)
    return found


def _all_numbers(kind: int, numbers: list[float]) -> tuple[float, ...]:
    if kind == 0:
        return numbers[0], 1, 0, 0, 0, 0, 0
    if kind >= 3:
        return (*numbers, 0, 0)[:7]
    g, a, b = numbers[:3]
    offset = numbers[3] if kind == 2 else 0.0
    return g, a, b, 0, (-b / a if a else 0), offset, offset
