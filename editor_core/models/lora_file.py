"""What a LoRA's file holds, read from its header alone: no torch, no weights."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from editor_core.base.errors import ModelError
from editor_core.models.bundle import TIMESTEP_SPACINGS
from editor_core.models.fingerprint import digest_weights
from editor_core.models.lora_names import LoraName, lora_name
from editor_core.models.weight_files import PICKLED, read_safetensors_header

_OTHER_KINDS = (
    ("hada_w", "LoHa"),
    ("lokr_w", "LoKr"),
    ("dora_scale", "DoRA"),
    ("lora_magnitude_vector", "DoRA"),
    ("oft_blocks", "OFT"),
    ("oft_diag", "OFT"),
    ("on_input", "IA3"),
)
_MAX_TRIGGERS, _MAX_TRIGGER = 6, 80  # how many words, and characters of each
_MOST_STEPS, _MOST_GUIDANCE = 200, 30.0  # what a form can show
_BESIDES = ("bundle_emb.",)
"""Of tensors that come with a LoRA and are none of it."""


@dataclass(frozen=True)
class StoredTensor:
    name: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class LoraSampling:
    """How pictures are painted with a LoRA that was distilled for few steps."""

    steps: int
    guidance: float
    timestep_spacing: str


@dataclass(frozen=True)
class LoraFile:
    """A checked file."""

    path: Path
    digest: str
    """Of names, metadata and weights, wherever the file lies."""
    layers: Mapping[tuple[str, str], Mapping[str, StoredTensor]]
    """(part, flattened module) to slot ("down", "up", "mid", "alpha") to the tensor."""
    configs: Mapping[str, Any]
    """peft's configurations by part, where the file has no alpha of its own: "lora_alpha" and "alpha_pattern"."""

    trigger_words: tuple[str, ...] = ()
    """Words that it was trained with, the most frequent first; empty where the file does not say."""
    sampling: LoraSampling | None = None
    """Where the file says it (metadata "palimpsest.steps", "palimpsest.guidance", "palimpsest.timestep_spacing")."""

    @property
    def name(self) -> str:
        return self.path.stem


def is_lora(path: Path) -> bool:
    """Whether a file holds a LoRA, be it of a kind that cannot be used."""
    try:
        header, _ = read_safetensors_header(path)
    except ModelError:
        return False
    return is_lora_header(header)


def is_lora_header(names: Iterable[str]) -> bool:
    """Whether tensors of these names are a LoRA's, be it of a kind that cannot be used."""
    marks = tuple(mark for mark, _ in _OTHER_KINDS)
    return any(_is_factor(name) or any(mark in name for mark in marks) for name in names)


def _is_factor(name: str) -> bool:
    found = lora_name(name)
    return found is not None and found.slot in ("down", "up")


def inspect_lora(path: Path) -> LoraFile:
    """Read and check a LoRA. Raises ModelError, in one sentence, when it cannot be used."""
    _check_is_file(path)
    changed = path.stat()
    return _inspected(path, changed.st_mtime_ns, changed.st_size)


@lru_cache(maxsize=64)
def _inspected(path: Path, _changed: int, _size: int) -> LoraFile:
    header, _ = read_safetensors_header(path)
    names = [name for name in header if name != "__metadata__" and not name.startswith(_BESIDES)]
    for mark, kind in _OTHER_KINDS:
        if any(mark in name for name in names):
            raise ModelError(
                "{file} is a {kind}, which is not supported; LoRA and LoCon files are.",
                file=path.name,
                kind=kind,
            )
    layers: dict[tuple[str, str], dict[str, StoredTensor]] = {}
    for name in names:
        found = lora_name(name)
        if found is None:
            raise _is_none(path)
        _take(layers, found, StoredTensor(name, tuple(header[name]["shape"])), path)
    if not layers:
        raise _is_none(path)
    for slots in layers.values():
        if not {"down", "up"} <= slots.keys():
            raise ModelError(
                "The LoRA {file} is damaged: some of its layers are only half there.", file=path.name
            )
    digest = blake2b(digest_size=16)
    digest_weights(digest, path)
    metadata = header.get("__metadata__")
    told = metadata if isinstance(metadata, dict) else {}
    return LoraFile(path, digest.hexdigest(), layers, _peft(header), _trigger_words(told), _sampling(told))


def _take(
    layers: dict[tuple[str, str], dict[str, StoredTensor]], found: LoraName, tensor: StoredTensor, path: Path
) -> None:
    slots = layers.setdefault((found.part, found.module), {})
    if found.slot in slots:
        raise ModelError("The LoRA {file} is damaged: some of its layers are there twice.", file=path.name)
    slots[found.slot] = tensor


def _check_is_file(path: Path) -> None:
    if path.suffix.lower() in PICKLED:
        raise ModelError(
            "{file} is pickled: opening it could run any program hidden in it; get the LoRA as .safetensors.",
            file=path.name,
        )
    if not path.is_file():
        raise ModelError("The LoRA “{file}” does not exist.", file=str(path))


def _is_none(path: Path) -> ModelError:
    return ModelError("{file} is no LoRA: its weights have other names.", file=path.name)


def _sampling(metadata: Mapping[str, Any]) -> LoraSampling | None:
    """None where the file does not say it, or nothing that can be followed."""
    try:
        steps, guidance = int(metadata["palimpsest.steps"]), float(metadata["palimpsest.guidance"])
    except (KeyError, ValueError):
        return None
    spacing = metadata.get("palimpsest.timestep_spacing")
    if spacing not in TIMESTEP_SPACINGS or not (
        1 <= steps <= _MOST_STEPS and 0 <= guidance <= _MOST_GUIDANCE
    ):
        return None
    return LoraSampling(steps, guidance, spacing)


def _trigger_words(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """https://github.com/Stability-AI/ModelSpec, and kohya's count of the tags of each folder it trained on."""
    if phrase := str(metadata.get("modelspec.trigger_phrase") or "").strip():
        return (phrase[:_MAX_TRIGGER],)
    try:
        folders = json.loads(metadata.get("ss_tag_frequency") or "{}")
    except (ValueError, TypeError):
        return ()
    counts: Counter[str] = Counter()
    for tags in folders.values() if isinstance(folders, dict) else ():
        for tag, count in tags.items() if isinstance(tags, dict) else ():
            if isinstance(count, int):
                counts[str(tag).strip()[:_MAX_TRIGGER]] += count
    return tuple(tag for tag, _ in counts.most_common(_MAX_TRIGGERS) if tag)


def _peft(header: Mapping[str, Any]) -> dict[str, Any]:
    """The configurations that diffusers writes into the metadata of what peft trained."""
    metadata = header.get("__metadata__")
    text = metadata.get("lora_adapter_metadata") if isinstance(metadata, dict) else None
    try:
        found = json.loads(text) if isinstance(text, str) else {}
    except ValueError:
        return {}
    parts: dict[str, dict[str, Any]] = {}
    for key, value in found.items() if isinstance(found, dict) else ():
        part, _, name = str(key).partition(".")
        parts.setdefault(part, {})[name] = value
    return parts
