"""What a file or folder of weights is, from headers and JSON files alone: no torch, no weights."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from editor_core.base.errors import ModelError
from editor_core.base.message import Message
from editor_core.library.entry import Entry, Kind
from editor_core.library.notes import notes_of, tags_of
from editor_core.models.inspection import inspect_model
from editor_core.models.layout import ModelLayout
from editor_core.models.lora_file import inspect_lora, is_lora_header
from editor_core.models.original_names import UNET
from editor_core.models.segmenter_files import MODEL_TYPE, check_segmenter, pickled
from editor_core.models.weight_files import read_json, read_safetensors_header

_WIDTHS = {768: "SD 1.x", 1024: "SD 2.x", 2048: "SDXL"}
"""Of the words that cross-attention reads."""
_WIDTH_OF_KEYS = ("attn2.to_k.weight", "attn2_to_k.lora_down.weight", "attn2.to_k.lora_A.weight",
    "attn2.to_k.lora.down.weight", "attn2.processor.to_k_lora.down.weight")  # fmt: skip
_CLASSES = {
    "ControlNetModel": Kind.CONTROLNET,
    "T2IAdapter": Kind.ADAPTER,
    "AutoencoderKL": Kind.VAE,
    "AutoencoderTiny": Kind.VAE,
    "AutoencoderDC": Kind.VAE,
}
_DAMAGED = Message("The model is damaged: its files are not what they should be.")
_FAULTS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, OSError)
"""What reading a damaged file may come to: it must not hide the others."""


def kind_of_folder(folder: Path) -> Kind | None:
    """What a folder is as a whole; None for one that only holds others."""
    if (folder / "model_index.json").is_file() or (folder / "unet" / "config.json").is_file():
        return Kind.MODEL
    snapshots = folder / "snapshots"
    if folder.name.startswith("models--") and any(snapshots.glob("*/model_index.json")):
        return Kind.MODEL
    try:
        told = read_json(folder / "config.json")
    except ModelError:
        return None
    return (
        Kind.SEGMENTER if told.get("model_type") == MODEL_TYPE else _CLASSES.get(str(told.get("_class_name")))
    )


def inspect(path: Path, kind: Kind | None = None) -> Entry:
    """A file, or a folder of this kind. Never raises for what it finds there; a problem says what is wrong."""
    try:
        changed = path.stat()
        return _inspected(path, kind, changed.st_mtime_ns, changed.st_size)
    except ModelError as error:
        return Entry(str(path), kind or Kind.OTHER, _name(path), problem=error.message)
    except _FAULTS:
        return Entry(str(path), kind or Kind.OTHER, _name(path), problem=_DAMAGED)


@lru_cache(maxsize=10_000)
def _inspected(path: Path, kind: Kind | None, _changed: int, _size: int) -> Entry:
    return _folder(path, kind) if kind else _file(path)


def _folder(path: Path, kind: Kind) -> Entry:
    notes = notes_of(path)
    if kind is Kind.UPSCALER:
        size = path.stat().st_size
        return Entry(str(path), kind, path.stem, "", size, notes.thumbnail, notes.trigger_words, notes.tags)
    if kind is Kind.SEGMENTER:
        if path.is_file():
            raise pickled(path)
        check_segmenter(path)
    if kind is Kind.MODEL:
        layout = inspect_model(path)
        family, size, name = _family_of(layout), _bytes(layout), layout.name
    else:
        family = _WIDTHS.get(read_json(path / "config.json").get("cross_attention_dim") or 0, "")
        size, name = sum(file.stat().st_size for file in path.glob("*.safetensors")), _name(path)
    return Entry(str(path), kind, name, family, size, notes.thumbnail, notes.trigger_words, notes.tags)


def _file(path: Path) -> Entry:
    header, _ = read_safetensors_header(path)
    notes, size = notes_of(path), path.stat().st_size
    kind, problem = _kind(header), None
    own: tuple[str, ...] = ()
    try:
        if kind is Kind.LORA:
            own = inspect_lora(path).trigger_words
        elif kind in (Kind.MODEL, Kind.OTHER):
            inspect_model(path)
    except ModelError as error:
        problem = error.message
    return Entry(
        str(path),
        kind,
        path.stem,
        _family(header),
        size,
        notes.thumbnail,
        tuple(dict.fromkeys((*notes.trigger_words, *own))),
        tuple(dict.fromkeys((*tags_of(header), *notes.tags))),
        problem,
    )


def _kind(header: Mapping[str, Any]) -> Kind:
    names = header.keys() - {"__metadata__"}
    if any("input_hint_block." in name or "controlnet_cond_embedding." in name for name in names):
        return Kind.CONTROLNET
    if is_lora_header(names):
        return Kind.LORA
    if any(name.startswith(UNET) for name in names):
        return Kind.MODEL
    if names <= {"emb_params", "clip_l", "clip_g", "t5xxl"} and names:
        return Kind.EMBEDDING
    if any(
        name.startswith(("first_stage_model.decoder.", "decoder.conv_in.", "decoder.up.")) for name in names
    ):
        return Kind.VAE
    if any(name.startswith(("adapter.body.", "body.0.")) for name in names):
        return Kind.ADAPTER
    return Kind.OTHER


def _family(header: Mapping[str, Any]) -> str:
    for name, entry in header.items():
        if name.endswith(_WIDTH_OF_KEYS):
            return _WIDTHS.get(entry["shape"][1], "")
    if "clip_g" in header:
        return "SDXL"
    if "emb_params" in header:
        return _WIDTHS.get(header["emb_params"]["shape"][-1], "")
    return ""


def _family_of(layout: ModelLayout) -> str:
    return _WIDTHS.get(layout.configs["unet"].get("cross_attention_dim") or 0, "")


def _bytes(layout: ModelLayout) -> int:
    files = {file for weights in layout.weights.values() for file in weights.parts}
    return sum(file.stat().st_size for file in files)


def _name(path: Path) -> str:
    if path.is_file():
        return path.stem
    cached = path.parent.parent.name  # in the cache of Hugging Face's hub
    is_cached = path.parent.name == "snapshots" and cached.startswith("models--")
    return cached.removeprefix("models--").replace("--", "/") if is_cached else path.name
