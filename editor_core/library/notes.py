"""What other programs wrote beside a model's file: pictures of it, its trigger words, its tags."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editor_core.base.errors import ModelError
from editor_core.models.weight_files import read_json

_PICTURES = (
    ".preview.png",
    ".png",
    ".jpg",
    ".jpeg",
    ".webp",
    ".preview.jpg",
    ".preview.jpeg",
    ".preview.webp",
)
_JSON = (".civitai.info", ".cm-info.json", ".metadata.json", ".json")
"""Civitai Helper, StabilityMatrix, LoRA Manager, and the web UI's own cards."""
_MAX_WORDS, _MAX_WORD = 12, 80  # how many, and characters of each


@dataclass(frozen=True)
class Notes:
    thumbnail: str = ""
    trigger_words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def notes_of(path: Path) -> Notes:
    """What lies beside a file, or in a folder."""
    stem = path.with_suffix("") if path.is_file() else path / path.name
    told = [found for ending in _JSON if (found := _read(stem.with_name(stem.name + ending)))]
    return Notes(
        _thumbnail(stem),
        _words(each for found in told for each in _triggers(found)),
        _words(each for found in told for each in _tags(found)),
    )


def _thumbnail(stem: Path) -> str:
    beside = (stem.with_name(stem.name + ending) for ending in _PICTURES)
    inside = (stem.parent / f"thumbnail{ending}" for ending in (".png", ".jpg", ".webp"))
    places = (*beside, *(inside if stem.name == stem.parent.name else ()))
    return next((str(file) for file in places if file.is_file()), "")


def _read(file: Path) -> Mapping[str, Any]:
    with suppress(ModelError):
        if file.is_file():
            return read_json(file)
    return {}


def _triggers(found: Mapping[str, Any]) -> Iterator[Any]:
    for holder in (found, found.get("civitai")):
        if isinstance(holder, dict):
            yield from _listed(holder.get("trainedWords"))
            yield from _listed(holder.get("TrainedWords"))
            yield holder.get("activation text")


def _tags(found: Mapping[str, Any]) -> Iterator[Any]:
    for holder in (found, found.get("model")):
        if isinstance(holder, dict):
            yield from _listed(holder.get("tags"))
            yield from _listed(holder.get("Tags"))
    yield found.get("baseModel")
    yield found.get("BaseModel")


def tags_of(header: Mapping[str, Any]) -> tuple[str, ...]:
    """Those in a file's own metadata (https://github.com/Stability-AI/ModelSpec)."""
    metadata = header.get("__metadata__")
    tags = metadata.get("modelspec.tags") if isinstance(metadata, dict) else None
    return _words(tags.split(",")) if isinstance(tags, str) else ()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _words(found: Any) -> tuple[str, ...]:
    """Each once, cut to a sensible length."""
    kept = (each.strip()[:_MAX_WORD] for each in found if isinstance(each, str))
    return tuple(dict.fromkeys(word for word in kept if word))[:_MAX_WORDS]
