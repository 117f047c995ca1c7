"""Project files changed from outside, and what is said of them."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from editor_core.base.errors import ProjectError
from editor_core.project.project_file import PROJECT, load_project


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of a zip with entries changed, or left out where ``change`` returns None."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            data = change(entry.filename, old.read(entry))
            if data is not None:
                new.writestr(entry.filename, data)
    return target


def with_project(source: Path, target: Path, **changes: object) -> Path:
    def change(name: str, data: bytes) -> bytes:
        return json.dumps({**json.loads(data), **changes}).encode() if name == PROJECT else data

    return rewritten(source, target, change)


def sentence_of(path: Path) -> str:
    with pytest.raises(ProjectError) as caught:
        load_project(path)
    sentence = str(caught.value)
    assert sentence.endswith(".") and "\n" not in sentence and path.name in sentence
    return sentence


def lost_of(path: Path) -> tuple[str, ...]:
    """What was told of a file that opened in part."""
    lost = tuple(map(str, load_project(path).origin.lost))
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in lost)
    return lost
