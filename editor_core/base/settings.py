"""The user's settings: one frozen dataclass, kept as TOML. Unknown keys are kept, bad values fall back."""

import json
import os
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from editor_core.base import paths
from editor_core.base.errors import SettingsError


@dataclass(frozen=True)
class Settings:
    model: str = "default"
    """The model to start with: "default" or a folder."""
    model_folders: tuple[str, ...] = ()
    """Diffusers folders the user added."""
    device: str = "auto"
    device_cache_mb: int = 0
    """Memory for activations on a graphics card; 0 reads it from the machine."""
    ram_cache_mb: int = 0
    """Memory for activations in RAM; 0 reads it from the machine."""
    disk_cache_mb: int = 0
    """Space for activations on disk; 0 reads it from the machine."""
    cache_folder: str = ""
    """Where activations are kept on disk; empty is the platform's cache folder."""
    live_preview: bool = True
    autosave_minutes: int = 3
    mask_preset: str = "auto"
    """How a phrase's mask is found: auto, paper, demo or grounded; of the numbers below, 0 is the preset's own."""
    mask_strength: float = 0.0
    mask_threshold: float = 0.0
    mask_alike: float = 0.0
    mask_unlike: float = 0.0
    mask_rounds: int = 0
    theme: str = "system"
    """"system", "dark" or "light"."""
    language: str = "system"
    """"system", or a language's code, such as "de"."""
    other: dict[str, Any] = field(default_factory=dict)
    """Keys of a newer version, kept as they were."""

    @property
    def cache_path(self) -> Path:
        return Path(self.cache_folder) if self.cache_folder else paths.cache_folder() / "activations"


def load(path: Path | None = None) -> Settings:
    """Read the settings; a missing or damaged file gives the defaults, a value of a wrong type its default."""
    path = path or paths.settings_file()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return Settings()
    return _from_dict(found)


def save(settings: Settings, path: Path | None = None) -> None:
    """Write the settings beside the old file and rename. Raises SettingsError."""
    path = path or paths.settings_file()
    values = {
        f.name: getattr(settings, f.name) for f in fields(Settings) if f.name != "other"
    } | settings.other
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text("".join(f"{k} = {_toml(v)}\n" for k, v in values.items()), encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise SettingsError(f"The settings could not be saved to {path.parent}: {error.strerror}.") from error


def _from_dict(found: dict[str, Any]) -> Settings:
    defaults = Settings()
    known: dict[str, Any] = {}
    for f in fields(Settings):
        value = found.pop(f.name, None)
        if f.name != "other" and (fitting := _fitting(value, getattr(defaults, f.name))) is not None:
            known[f.name] = fitting
    return replace(defaults, **known, other=found)


def _fitting(value: Any, default: Any) -> Any | None:
    """The value when it has the default's type (and is not negative), else None."""
    if isinstance(default, tuple):
        return tuple(value) if isinstance(value, list) and all(isinstance(v, str) for v in value) else None
    if type(value) is not type(default) or (isinstance(value, int | float) and value < 0):
        return None
    return value


def _toml(value: Any) -> str:
    """A TOML literal; JSON strings, numbers and booleans are TOML, and so are arrays of them."""
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{json.dumps(k, ensure_ascii=False)} = {_toml(v)}" for k, v in value.items())
            + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, default=str, ensure_ascii=False)
