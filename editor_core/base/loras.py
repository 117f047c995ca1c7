"""LoRAs (https://arxiv.org/abs/2106.09685) as artists name them: a file and how strongly it counts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated

from msgspec import Meta

from editor_core.base.errors import ModelError
from editor_core.base.limits import MAX_NAME

MAX_WEIGHT = 10.0
_TAG = re.compile(r"<(?:lora|lyco):([^:<>]*)(?::([^<>]*))?>", re.IGNORECASE)


@dataclass(frozen=True)
class LoraChoice:
    source: Annotated[str, Meta(max_length=MAX_NAME)]
    """A file's path; where an artist writes it, a name will do."""
    weight: Annotated[float, Meta(ge=-MAX_WEIGHT, le=MAX_WEIGHT)] = 1.0

    @property
    def name(self) -> str:
        """Without folder and ending."""
        name = PurePath(self.source).name
        return name.removesuffix(".safetensors")

    @property
    def label(self) -> str:
        """What is told of it: its name, and its weight where that is not 1."""
        return self.name if self.weight == 1 else f"{self.name} ({self.weight:g})"


def lora_from_text(text: str) -> LoraChoice:
    """``NAME[:WEIGHT]``. Raises ModelError for a weight that is too large; what is no number belongs to the name."""
    name, colon, weight = text.strip().rpartition(":")
    try:
        number = float(weight)
    except ValueError:
        return LoraChoice(text.strip())
    return LoraChoice(name, _checked(number, name)) if colon else LoraChoice(text.strip())


def without_loras(words: str, strict: bool = True) -> tuple[str, tuple[LoraChoice, ...]]:
    """A prompt without its ``<lora:NAME:WEIGHT>``, and what they ask for.

    Of several weights in one, as for text encoder and U-Net, the first counts. strict: raises ModelError for a weight
    that is no number, which otherwise is 1: what a picture from elsewhere says need not make sense.
    """
    found = tuple(_of_tag(match[1].strip(), match[2], strict) for match in _TAG.finditer(words))
    if not found:
        return words, ()
    rest = re.sub(r"\s*,(?:\s*,)+", ",", " ".join(_TAG.sub(" ", words).split()))
    return rest.strip(" ,"), found


def with_loras(chosen: Iterable[LoraChoice], others: Iterable[LoraChoice]) -> tuple[LoraChoice, ...]:
    """Those chosen, and the others, of which each counts instead of one with its source."""
    return tuple({lora.source: lora for lora in (*chosen, *others)}.values())


def _of_tag(name: str, weights: str | None, strict: bool) -> LoraChoice:
    if weights is None or not weights.strip():
        return LoraChoice(name)
    first = weights.split(":")[0].strip().rpartition("=")[2]
    try:
        return LoraChoice(name, _checked(float(first), name))
    except (ValueError, ModelError) as error:
        if not strict:
            return LoraChoice(name)
        if isinstance(error, ModelError):
            raise
        raise ModelError(
            "“{value}” is no weight for the LoRA {name}; write a number such as 0.8.",
            value=weights[:40],
            name=name[:80],
        ) from error


def _checked(weight: float, name: str) -> float:
    if not -MAX_WEIGHT <= weight <= MAX_WEIGHT:  # which is no number either
        raise ModelError(
            "The weight of the LoRA {name} must lie between {lowest} and {highest}.",
            name=name[:80],
            lowest=-int(MAX_WEIGHT),
            highest=int(MAX_WEIGHT),
        )
    return weight
