"""What a model is, before anything of it is loaded: a folder in diffusers' layout or one file."""

from pathlib import Path

from editor_core.base.errors import ModelError
from editor_core.models.folder_layout import inspect_folder
from editor_core.models.layout import ModelLayout
from editor_core.models.single_file import inspect_file

_NOT_THE_TYPE = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What comes of a value in a configuration that is of another type, or far too large."""


def inspect_model(path: Path) -> ModelLayout:
    """Read and check a model. Raises ModelError, in one sentence with its reason."""
    try:
        return _inspected(path)
    except _NOT_THE_TYPE as error:
        raise ModelError("The model file “{file}” is damaged.", file=path.name) from error


def _inspected(path: Path) -> ModelLayout:
    if path.is_dir():
        return inspect_folder(path)
    if path.name == "model_index.json" and path.is_file():
        return inspect_folder(path.parent)
    if path.is_file():
        return inspect_file(path)
    if path.suffix:
        raise ModelError("The model file “{file}” does not exist.", file=str(path))
    raise ModelError("The model folder “{folder}” does not exist.", folder=str(path))
