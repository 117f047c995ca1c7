"""Guides: what they snap to, how they lie after the canvas changed, undone, saved and reopened."""

import numpy as np
import pytest

from editor_core.document.commands import SetGuides
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.guides import MOST, Guide, Guides
from editor_core.document.reshaping.changes import Crop, Scaled, Turned
from editor_core.document.reshaping.reshape import reshape
from editor_core.project.project_file import load_project, save_project

GUIDES = Guides((10, 30), (5,))


@pytest.fixture
def document():
    document = Document.new_from_picture(np.full((40, 60, 3), 90, np.uint8))
    document.execute(SetGuides(GUIDES, "Add guide"))
    return document


def test_one_more_and_one_less():
    guides = Guides().with_guide(Guide(True, 30)).with_guide(Guide(True, 10)).with_guide(Guide(False, 5))
    assert guides == GUIDES and Guide(True, 30) in guides and Guide(False, 30) not in guides
    assert guides.with_guide(Guide(True, 10)) is guides and guides.without(Guide(True, 10)).vertical == (30,)
    full = Guides(tuple(range(MOST)))
    assert full.with_guide(Guide(True, MOST)) is full and not Guides() and guides


def test_what_is_near():
    assert GUIDES.nearest(12, 20, 3) == Guide(True, 10) and GUIDES.nearest(12, 6, 3) == Guide(False, 5)
    assert GUIDES.nearest(15, 20, 3) is None
    assert GUIDES.snapped(28.5, 7.9, 3) == (30, 5) and GUIDES.snapped(20, 20, 3) == (None, None)


@pytest.mark.parametrize(
    "change, guides",
    [
        (Crop(Rect(10, -5, 60, 60)), Guides((0, 20), (10,))),
        (Turned(1), Guides((35,), (10, 30))),
        (Turned(2), Guides((30, 50), (35,))),
        (Turned(0, mirrored=True), Guides((30, 50), (5,))),
        (Scaled(2.0, 0.5), Guides((20, 60), (2,))),
    ],
)
def test_they_lie_where_they_lay_on_the_picture(document, change, guides):
    document.execute(reshape(document, change, "Change"))
    assert document.guides == guides
    document.undo()
    assert document.guides == GUIDES
    document.redo()
    assert document.guides == guides


def test_they_are_undone_saved_and_reopened(document, tmp_path):
    document.mark_saved()
    told = []
    document.subscribe(told.append)
    document.execute(SetGuides(Guides((10,), (), locked=True), "Delete guide"))
    assert document.dirty and type(told[0]).__name__ == "GuidesChanged"
    document.undo()
    assert document.guides == GUIDES and not document.dirty
    document.redo()
    save_project(document.snapshot(), tmp_path / "a.palimpsest")
    again = load_project(tmp_path / "a.palimpsest")
    assert again.guides == Guides((10,), (), locked=True) and "guides" not in again.settings
    document.execute(SetGuides(Guides(), "Clear guides"))
    assert "guides" not in document.snapshot().settings


@pytest.mark.parametrize("kept", [None, [], {"vertical": ["a"]}, {"vertical": [10**12], "locked": "yes"}])
def test_what_a_file_has_wrong_is_left_out(kept):
    assert Guides.from_json(kept) == Guides()
