"""What was found in a picture, and values from foreign texts, believed only where they make sense."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Texts: TypeAlias = Mapping[str, str]
"""The texts of a file by their keywords; "UserComment" is Exif's, "XMP" the packet."""

MAX_SEED = 2**64 - 1
_MAX_CHARACTERS = 100_000


@dataclass(frozen=True)
class FoundWords:
    """How a picture says that it was made; what it does not say is empty or None."""

    program: str
    prompt: str
    negative: str = ""
    seed: int | None = None
    steps: int | None = None
    guidance: float | None = None
    sampler: str = ""
    model: str = ""


def text_of(value: object) -> str:
    """A text without what surrounds it; empty where it is none."""
    return value.strip()[:_MAX_CHARACTERS] if isinstance(value, str) else ""


def seed_of(value: object) -> int | None:
    return _whole(value, 0, MAX_SEED)


def steps_of(value: object) -> int | None:
    return _whole(value, 1, 10_000)


def guidance_of(value: object) -> float | None:
    """A guidance scale, or None."""
    try:
        number = float(value) if isinstance(value, int | float | str) else math.nan
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number <= 1000 else None


def object_of(text: object) -> dict[str, Any]:
    """A JSON object; empty where there is none."""
    try:
        value = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _whole(value: object, least: int, most: int) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,20}\s*", value):
        value = int(value)
    if isinstance(value, float) and value.is_integer() and value <= most:
        value = int(value)
    return (
        value if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most else None
    )
