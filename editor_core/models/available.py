"""The models the program can offer: the shipped one, and the folders and files the user added. Reads no weights."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from editor_core.base.errors import ModelError
from editor_core.base.message import Message
from editor_core.models import embedded
from editor_core.models.bundle import Capabilities
from editor_core.models.inspection import inspect_model

_DAMAGED = (
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    MemoryError,
)
"""What reading a damaged folder may come to: it must not hide the others."""


@dataclass(frozen=True)
class ModelListing:
    source: str
    """What `load` takes."""
    name: str
    folder: str
    """Its folder's or file's path."""
    size: tuple[int, int] | None
    """Pixels, (width, height); None when the model cannot be used."""
    problem: Message | None
    """Why the model cannot be used, one sentence, or None."""
    capabilities: Capabilities | None = None
    """What it can do; None when the model cannot be used."""
    prediction_is_sure: bool = True
    """Whether the model itself says what it predicts."""
    prediction_is_answered: bool = False
    """Whether the artist said it, where the model does not."""
    prediction_is_said: bool = True
    """Whether the model says it; else the artist may, though it seems sure."""


def available_models(folders: Iterable[str] = ()) -> list[ModelListing]:
    """The shipped model first, then `folders` (the settings' `model_folders`) in their order."""
    return [_listing(embedded.NAME), *(_listing(folder) for folder in folders)]


def _listing(source: str) -> ModelListing:
    try:
        path = source_folder(source)
        layout = inspect_model(path)
    except ModelError as error:
        return _unusable(source, error.message)
    except _DAMAGED:
        return _unusable(source, Message("The model is damaged: its files are not what they should be."))
    return ModelListing(
        source,
        layout.name,
        str(path),
        layout.default_size,
        None,
        layout.capabilities,
        layout.prediction_is_sure,
        layout.prediction_is_answered,
        layout.prediction_is_said,
    )


def _unusable(source: str, problem: Message) -> ModelListing:
    return ModelListing(source, Path(source).name, "" if source == embedded.NAME else source, None, problem)


def absolute_source(source: str) -> str:
    """The same from every folder: "default", or a whole path."""
    return source if source in ("", embedded.NAME) else str(Path(source).expanduser().absolute())


def source_folder(source: str) -> Path:
    """The folder or file behind "default" or a path. Raises ModelError when the shipped model is missing."""
    return embedded.folder() if source == embedded.NAME else Path(source).expanduser()
