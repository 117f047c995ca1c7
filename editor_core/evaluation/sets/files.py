"""Lists that come with a set, read or refused in a sentence."""

import json
from pathlib import Path
from typing import Any

from editor_core.base.errors import EditorError


def json_of(file: Path) -> Any:
    """Raises EditorError where the file is missing or no JSON."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise EditorError("This folder is not the set: it has no {file}.", file=file.name) from error
    except ValueError as error:
        raise EditorError("“{file}” is damaged: it is no JSON.", file=file.name) from error


def lines_of(file: Path) -> list[str]:
    """The lines that hold something. Raises EditorError where the file is missing."""
    try:
        return [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except OSError as error:
        raise EditorError("This folder is not the set: it has no {file}.", file=file.name) from error
