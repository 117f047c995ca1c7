"""What the tests of controllers share: an artist who answers dialogs, and a saved project."""

import numpy as np
import pytest

from editor_core.document.document import Document
from editor_core.document.turns import Turn
from editor_core.project.project_file import save_project
from gui.dialogs import ask, checklist
from gui.dialogs.describe import DescribeDialog
from gui.dialogs.export import ExportChoices, ExportDialog


@pytest.fixture
def answers(monkeypatch):
    """What the artist answers to the next dialogs, by name; the dialogs so far, and what the last one was told."""
    given = {
        "open": None,
        "save": None,
        "unsaved": None,
        "yes": None,
        "words": None,
        "which": (None, []),
        "export": ExportChoices(None),
        "asked": [],
    }

    def answering(name):
        async def answer(*args, **kwargs):
            given["asked"].append(name)
            given["told"] = args
            return given[name]

        return answer

    monkeypatch.setattr(ask, "file_to_open", answering("open"))
    monkeypatch.setattr(ask, "file_to_save", answering("save"))
    monkeypatch.setattr(ask, "unsaved_changes", answering("unsaved"))
    monkeypatch.setattr(ask, "yes_or_no", answering("yes"))
    monkeypatch.setattr(ask, "yes_later_or_no", answering("yes"))
    monkeypatch.setattr(checklist, "which", answering("which"))
    monkeypatch.setattr(DescribeDialog, "ask", answering("words"))
    monkeypatch.setattr(ExportDialog, "ask", answering("export"))
    return given


@pytest.fixture
def project(tmp_path):
    """A saved project with two turns."""
    document = Document.new_from_turn(Turn(prompt="a boat", image=np.full((24, 32, 3), 50, np.uint8)))
    path = tmp_path / "böat sea.palimpsest"
    save_project(document, path)
    return path
