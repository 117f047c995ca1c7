"""Model folders that tests change, and the sentence with which one is refused."""

import json
from pathlib import Path

import pytest

from editor_core.base.errors import ModelError
from editor_core.models.load import load


def change_json(file: Path, **changes) -> None:
    """Set keys; None removes one."""
    content = json.loads(file.read_text()) | changes
    file.write_text(json.dumps({key: value for key, value in content.items() if value is not None}))


def refused(folder: Path) -> str:
    """The sentence with which a folder is refused; checked to be one plain sentence."""
    with pytest.raises(ModelError) as caught:
        load(str(folder), device="cpu")
    sentence = str(caught.value)
    assert (
        sentence[0].isupper() and sentence.endswith(".") and "\n" not in sentence and "Error" not in sentence
    )
    return sentence
