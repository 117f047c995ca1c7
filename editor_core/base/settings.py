"""The user's settings: one frozen dataclass, kept as TOML.

Unknown keys are kept; a value that cannot be costs that value, a line that cannot be read that line. The program always
starts: a file that was not whole is kept aside, and the artist is told.
"""

import os
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import msgspec
import tomli_w
from msgspec import Meta

from editor_core.base import paths
from editor_core.base.disk_faults import reason_of
from editor_core.base.errors import SettingsError
from editor_core.base.limits import MAX_JSON_DEPTH, MAX_NAME, MAX_SETTINGS_BYTES
from editor_core.base.loras import LoraChoice
from editor_core.base.message import Message

Text = Annotated[str, Meta(max_length=MAX_NAME)]
Megabytes = Annotated[int, Meta(ge=0, le=2**30)]
Number = Annotated[float, Meta(ge=0, le=1e9)]

OBJECTS_AUTO, OBJECTS_OWN = "auto", "own"


@dataclass(frozen=True)
class Settings:
    model: Text = "default"
    """The model to start with: "default", a folder or a file."""
    model_folders: Annotated[tuple[Text, ...], Meta(max_length=1000)] = ()
    """Folders and files of models the user added."""
    library_folders: Annotated[tuple[Text, ...], Meta(max_length=1000)] = ()
    """Folders whose models are listed, whichever lie there; the program's own is always one."""
    loras: Annotated[tuple[LoraChoice, ...], Meta(max_length=100)] = ()
    """Merged into whichever model is in use; those with weight 0 are only remembered."""
    vae: Text = ""
    """A folder or file with an autoencoder instead of the model's own; empty for that."""
    clip_skip: Annotated[int, Meta(ge=1, le=12)] = 1
    """The layer of the text encoder, counted from its end, that the words are read from."""
    device: Text = "auto"
    precision: Annotated[str, Meta(pattern=r"\A(auto|float32|bfloat16|float16)\Z")] = "auto"
    """Of the U-Net and the text encoder; "auto" is what suits the device."""
    device_cache_mb: Megabytes = 0
    """Memory for activations on a graphics card; 0 reads it from the machine."""
    ram_cache_mb: Megabytes = 0
    """Memory for activations in RAM; 0 reads it from the machine."""
    disk_cache_mb: Megabytes = 0
    """Space for activations on disk; 0 reads it from the machine."""
    cache_folder: Text = ""
    """Where activations are kept on disk; empty is the platform's cache folder."""
    live_preview: bool = True
    autosave_minutes: Annotated[int, Meta(ge=0, le=24 * 60)] = 3
    mask_preset: Text = "auto"
    """How a phrase's mask is found: auto, paper, printed, demo or grounded; 0 below is the preset's own number."""
    mask_strength: Number = 0.0
    mask_threshold: Number = 0.0
    mask_similarity_high: Number = 0.0
    mask_similarity_low: Number = 0.0
    mask_rounds: Annotated[int, Meta(ge=0, le=1000)] = 0
    object_model: Text = OBJECTS_AUTO
    """What finds the thing at a click: "auto" is a Segment Anything model where the library has one, "own" never, else
    its folder."""
    compute_address: Text = ""
    """The cluster that does the work, such as "ray://studio:10001"; empty is this computer."""
    theme: Annotated[str, Meta(pattern=r"\A(system|dark|light)\Z")] = "system"
    """"system", "dark" or "light"."""
    language: Annotated[str, Meta(max_length=32)] = "system"
    """"system", or a language's code, such as "de"."""
    other: dict[str, Any] = field(default_factory=dict)
    """Keys of a newer version, kept as they were."""

    @property
    def cache_path(self) -> Path:
        """Absolute; a relative folder lies in the platform's cache folder."""
        chosen = Path(self.cache_folder or "activations")
        with suppress(RuntimeError):  # nobody's home
            chosen = chosen.expanduser()
        return paths.cache_folder() / chosen


def load(path: Path | None = None) -> Settings:
    """The settings, as far as they can be read; see ``read``."""
    return read(path)[0]


def read(path: Path | None = None) -> tuple[Settings, Message | None]:
    """The settings, and a sentence where a part of the file could not be read and was kept aside, else None."""
    path = path or paths.settings_file()
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SETTINGS_BYTES + 1)
    except FileNotFoundError:
        return Settings(), None
    except (OSError, ValueError):
        return Settings(), Message(
            "The settings in {path} could not be read. The defaults are used.", path=str(path)
        )
    found, whole = _parsed(data)
    chosen, wrong = _from_dict(found)
    if whole and not wrong:
        return chosen, None
    aside = path.with_name(f"{path.name}.damaged")
    with suppress(OSError):
        aside.write_bytes(data)
    if whole:
        return chosen, Message(
            "Some settings could not be read: {names}. The original file was kept as {file}.",
            names=tuple(wrong),
            file=aside.name,
        )
    return chosen, Message(
        "Part of the settings could not be read. The original file was kept as {file}.", file=aside.name
    )


def safe(chosen: Settings) -> Settings:
    """What safe mode works with: the defaults, on the processor, in the same language."""
    return replace(Settings(), device="cpu", language=chosen.language)


def keep_aside(path: Path | None = None) -> None:
    """Keep a copy of the file, for what is chosen in safe mode will be written over it."""
    path = path or paths.settings_file()
    with suppress(OSError):
        path.with_name(f"{path.name}.before-safe-mode").write_bytes(path.read_bytes())


def save(settings: Settings, path: Path | None = None) -> None:
    """Write the settings beside the old file and rename. Raises SettingsError."""
    path = path or paths.settings_file()
    values = {f.name: _plain(getattr(settings, f.name)) for f in fields(Settings) if f.name != "other"}
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        data = tomli_w.dumps(values | settings.other).encode("utf-8")
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except ValueError as error:  # half a surrogate pair, as in the name of a folder from another system
        raise SettingsError(
            "The settings could not be saved: one of them contains invalid characters."
        ) from error
    except OSError as error:
        raise SettingsError(
            "The settings could not be saved to {folder}: {reason}.",
            folder=str(path.parent),
            reason=reason_of(error),
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def _plain(value: Any) -> Any:
    """As TOML has it."""
    return msgspec.to_builtins(value) if isinstance(value, tuple) else value


def _parsed(data: bytes) -> tuple[dict[str, Any], bool]:
    """What the bytes say, and whether they say it without a mistake."""
    if len(data) > MAX_SETTINGS_BYTES:
        return {}, False
    text = data.decode("utf-8-sig", "replace")
    try:
        return tomllib.loads(text), True
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        found: dict[str, Any] = {}
        for part in _parts(text):
            with suppress(tomllib.TOMLDecodeError, RecursionError, ValueError):
                found = {**tomllib.loads(part), **found}
        return found, False


def _parts(text: str) -> Iterator[str]:
    """The lines before the first table one by one, then each table as a whole."""
    before, *tables = text.replace("\r\n", "\n").split("\n[")
    first_is_table = before.startswith("[")
    yield from [before] if first_is_table else before.split("\n")
    yield from (f"[{table}" for table in tables)


_FORMER_NAMES = {"mask_alike": "mask_similarity_high", "mask_unlike": "mask_similarity_low"}


def _from_dict(found: dict[str, Any]) -> tuple[Settings, tuple[str, ...]]:
    """The settings, and the names of those whose values cannot be."""
    for former, name in _FORMER_NAMES.items():
        if former in found:
            found.setdefault(name, found.pop(former))
    types = get_type_hints(Settings, include_extras=True)
    known: dict[str, Any] = {}
    wrong: list[str] = []
    for name in [f.name for f in fields(Settings) if f.name != "other"]:
        if name in found:
            try:
                known[name] = msgspec.convert(found.pop(name), types[name])
            except (msgspec.ValidationError, OverflowError):
                wrong.append(name)
    other = {name: value for name, value in found.items() if _is_shallow(value, MAX_JSON_DEPTH)}
    return replace(Settings(), **known, other=other), tuple(wrong)


def _is_shallow(value: Any, depth: int) -> bool:
    """Whether lists and tables lie at most ``depth`` deep in each other, so that they can be written again."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth > 0 and all(_is_shallow(part, depth - 1) for part in inner)
