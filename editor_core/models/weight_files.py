"""Which files hold a network's weights, and whether they are whole; nothing is loaded.

Safetensors only: unpickling a downloaded file would run whatever it says.
Format: https://github.com/huggingface/safetensors#format
"""

import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec

from editor_core.base.disk_faults import reason_of
from editor_core.base.errors import ModelError
from editor_core.base.message import Message
from editor_core.models.config_bounds import asks_too_much

PICKLED = (".bin", ".ckpt", ".pt", ".pth")
_VARIANTS = (None, "fp16", "bf16", "non_ema", "fp16.non_ema")
_JSON_LIMIT = 64_000_000  # bytes; a tokenizer's file has a few millions
_HEADER_LIMIT = 100_000_000  # bytes; safetensors' own
_Count = Annotated[int, msgspec.Meta(ge=0)]


@dataclass(frozen=True)
class WeightFiles:
    """One safetensors file, or the parts it is split into."""

    variant: str | None
    """"fp16" for `model.fp16.safetensors`, None for the plain name."""
    parts: tuple[Path, ...]
    packed: bool = False
    """The file holds more than this network, under the names of Stable Diffusion's first code."""


def find_weights(folder: Path, stem: str, label: Message) -> WeightFiles:
    """The whole weights of a network, the plain name before half precision.

    Raises ModelError when there are none, when they are pickled, when a file is missing or damaged, or when the
    configuration beside them is of a network that is larger than they are.
    """
    for variant in _VARIANTS:
        middle = f".{variant}" if variant else ""
        single = folder / f"{stem}{middle}.safetensors"
        if single.is_file():
            return _whole(folder, variant, (single,))
        for name in (f"{stem}.safetensors.index{middle}.json", f"{stem}{middle}.safetensors.index.json"):
            if (folder / name).is_file():  # libraries have changed how they name it
                return _whole(folder, variant, _split_parts(folder / name))
    if any(file.suffix in PICKLED for file in folder.iterdir()):
        raise ModelError(
            "The weights of the model's {part} are pickled, which is unsafe. Use a model with "
            "safetensors files.",
            part=label,
        )
    raise ModelError("The model could not be loaded: the weights of its {part} are missing.", part=label)


def read_json(file: Path) -> dict[str, Any]:
    """A JSON object from a file. Raises ModelError when it cannot be read or is damaged."""
    damaged = ModelError("The model file “{file}” is damaged.", file=_short(file))
    try:
        if file.stat().st_size > _JSON_LIMIT:
            raise damaged
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unreadable(file, error) from error
    except (ValueError, RecursionError) as error:
        raise damaged from error
    if not isinstance(found, dict):
        raise damaged
    return found


def read_safetensors_header(file: Path) -> tuple[dict[str, Any], int]:
    """The header of a safetensors file and where its data begin, in bytes.

    Raises ModelError when the file cannot be read, is no safetensors file, or is shorter or longer than it
    says.
    """
    damaged = ModelError("The model file “{file}” is damaged.", file=_short(file))
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            (length,) = struct.unpack("<Q", stream.read(8))
            if length > min(size, _HEADER_LIMIT):
                raise damaged
            header = json.loads(stream.read(length))
        end = _end_of(header)
    except OSError as error:
        raise _unreadable(file, error) from error
    except (struct.error, ValueError, msgspec.ValidationError, RecursionError) as error:
        raise damaged from error
    if 8 + length + end != size:
        raise damaged
    return header, 8 + length


class _Tensor(msgspec.Struct):
    """What a header says of each; other fields are allowed."""

    dtype: str
    shape: list[_Count]
    data_offsets: tuple[_Count, _Count]


def _end_of(header: object) -> int:
    """Bytes of data after a header; raises ValueError or msgspec.ValidationError where it is none."""
    tensors = dict(msgspec.convert(header, dict[str, Any]))
    msgspec.convert(tensors.pop("__metadata__", {}), dict[str, str])
    checked = msgspec.convert(tensors, dict[str, _Tensor]).values()
    if any(begin > end for begin, end in (tensor.data_offsets for tensor in checked)):
        raise ValueError("offsets")
    return max((tensor.data_offsets[1] for tensor in checked), default=0)


def _whole(folder: Path, variant: str | None, parts: tuple[Path, ...]) -> WeightFiles:
    tensors = sum(len(read_safetensors_header(part)[0]) for part in parts)
    config = folder / "config.json"
    if config.is_file() and asks_too_much(read_json(config), tensors):
        raise ModelError("The model file “{file}” is damaged.", file=_short(config))
    return WeightFiles(variant, parts)


def _split_parts(index: Path) -> tuple[Path, ...]:
    weight_map = read_json(index).get("weight_map")
    if not isinstance(weight_map, dict) or not weight_map:
        raise ModelError("The model file “{file}” is damaged.", file=_short(index))
    parts = tuple(sorted({index.parent / Path(str(name)).name for name in weight_map.values()}))
    for part in parts:
        if not part.is_file():
            raise ModelError("The model file “{file}” is missing.", file=_short(part))
    return parts


def _short(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


def _unreadable(file: Path, error: OSError) -> ModelError:
    return ModelError(
        "The model file “{file}” could not be read: {reason}.", file=_short(file), reason=reason_of(error)
    )
