"""Folders in which other programs keep models, as their documentation says, where they are on this machine."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from editor_core.base import paths
from editor_core.models.neighbours import hub_cache

_USUAL = (
    "",
    "Documents",
    "Desktop",
    "Downloads",
    "Applications",
    "apps",
    "AI",
    "ai",
    "git",
    "src",
    "Programs",
)
"""Below somebody's home, where programs are unpacked."""
_PROGRAMS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("AUTOMATIC1111", ("stable-diffusion-webui", "automatic"), "models"),
    ("Forge", ("stable-diffusion-webui-forge", "webui_forge/webui", "sd-webui-forge-neo"), "models"),
    ("ComfyUI", ("ComfyUI", "comfyui", "ComfyUI_windows_portable/ComfyUI"), "models"),
    ("InvokeAI", ("invokeai", "InvokeAI"), "models"),
    (
        "StabilityMatrix",
        ("StabilityMatrix/Data", "StabilityMatrix", ".local/share/StabilityMatrix"),
        "Models",
    ),
    ("Fooocus", ("Fooocus",), "models"),
)
_NAMED_BY = (("InvokeAI", "INVOKEAI_ROOT", "models"), ("ComfyUI", "COMFYUI_PATH", "models"))
"""Programs whose folder an environment variable names."""


@dataclass(frozen=True)
class Place:
    program: str
    folder: Path


def found_places() -> list[Place]:
    """The folders that exist, each once."""
    found: dict[Path, Place] = {}
    for place in _candidates():
        with suppress(OSError):
            if place.folder.is_dir():
                found.setdefault(place.folder.resolve(), place)
    return list(found.values())


def watched(folders: tuple[str, ...]) -> list[Path]:
    """The program's own folder first, then the artist's."""
    return [paths.models_folder(), *(Path(folder).expanduser() for folder in folders)]


def _candidates() -> Iterator[Place]:
    for program, variable, inside in _NAMED_BY:
        if root := os.environ.get(variable):
            yield Place(program, Path(root) / inside)
    if os.environ.get("APPDATA"):
        yield Place("StabilityMatrix", Path(os.environ["APPDATA"]) / "StabilityMatrix" / "Models")
    for program, names, inside in _PROGRAMS:
        for usual in _USUAL:
            for name in names:
                yield Place(program, _home() / usual / name / inside)
    yield Place("Hugging Face", hub_cache())


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # nobody's
        return Path("/")
