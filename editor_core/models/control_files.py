"""What a ControlNet's folder or file is, from headers and names alone: no torch, no weights."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

from editor_core.base.errors import ModelError
from editor_core.models.weight_files import read_json, read_safetensors_header

_HINT = ("input_hint_block.", "controlnet_cond_embedding.")
_FOLDERS = ("controlnet", "ControlNet", "controlnets")


class Hint(StrEnum):
    """What a ControlNet was trained to read."""

    LINES = "lines"
    POSE = "pose"
    DEPTH = "depth"
    TILE = "tile"
    INPAINT = "inpaint"
    OTHER = "other"
    """Something that nobody draws: normals, segments, colours, faces."""


_NAMES = (
    (Hint.INPAINT, r"inpaint"),
    (Hint.TILE, r"tile|blur|upscale"),
    (Hint.POSE, r"pose|dw[_-]?pose"),
    (Hint.DEPTH, r"depth|zoe|midas"),
    (Hint.OTHER, r"normal|seg|qr|face|ip2p|shuffle|color|recolor|mediapipe|brightness"),
    (Hint.LINES, r"scribble|sketch|line|canny|edge|hed|mlsd|pidi"),
)
"""In files' names, the first that fits."""


def hint_of(path: Path) -> Hint:
    """By the name of a file, or of a folder and the one around it; lines where it says nothing."""
    name = path.stem if path.is_file() else path.name
    if not any(re.search(pattern, name, re.IGNORECASE) for _, pattern in _NAMES):
        name = f"{path.parent.name} {name}"
    return next((kind for kind, pattern in _NAMES if re.search(pattern, name, re.IGNORECASE)), Hint.LINES)


def is_controlnet(path: Path) -> bool:
    """Whether a folder in diffusers' layout or a .safetensors file holds a ControlNet."""
    try:
        if path.is_dir():
            return read_json(path / "config.json").get("_class_name") == "ControlNetModel"
        header, _ = read_safetensors_header(path)
    except ModelError:
        return False
    return any(mark in name for name in header for mark in _HINT)


def width_of_words(path: Path) -> int:
    """Of the hidden states that it reads; 0 where it does not say. Raises ModelError."""
    if path.is_dir():
        return int(read_json(path / "config.json").get("cross_attention_dim") or 0)
    header, _ = read_safetensors_header(path)
    shapes = (entry["shape"] for name, entry in header.items() if name.endswith("attn2.to_k.weight"))
    return int(next(shapes, (0, 0))[1])


def find_line_control(model: Path, words: Any) -> Path | None:
    """A ControlNet for lines in the folder `controlnet` of a model or beside it, for words of this width; or None.

    One for scribbles before the others: what is drawn by hand is rarely a clean line.
    """
    found = [path for path in _beside(model) if hint_of(path) is Hint.LINES and is_controlnet(path)]
    fitting = [path for path in found if width_of_words(path) == words]
    return min(
        fitting, key=lambda path: (not re.search("scribble|sketch", path.name), path.name), default=None
    )


def _beside(model: Path) -> Iterator[Path]:
    home = model if model.is_dir() else model.parent
    for place in dict.fromkeys((home, home.parent)):
        for folder in _FOLDERS:
            inside = place / folder
            if inside.is_dir():
                yield from sorted(path for path in inside.iterdir() if path.is_dir() or _is_weights(path))


def _is_weights(path: Path) -> bool:
    return path.suffix.lower() == ".safetensors"
