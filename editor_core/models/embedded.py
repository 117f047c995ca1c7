"""The model that ships with the program."""

from pathlib import Path

from editor_core.base import paths
from editor_core.base.errors import ModelError

NAME = "default"


def folder() -> Path:
    """Where the shipped model lies. Raises ModelError when this installation has none."""
    found = paths.default_model()
    if not found.is_dir():
        raise ModelError("The built-in model is missing. Please reinstall the program.")
    return found
