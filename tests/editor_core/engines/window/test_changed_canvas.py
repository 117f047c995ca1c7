"""Edits after the canvas was changed: they go on in the old picture where that only lies elsewhere."""

import numpy as np
import pytest

from editor_core.base.settings import Settings
from editor_core.document.commands import AcceptTurn
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.reshaping.changes import Crop, Turned
from editor_core.document.reshaping.reshape import reshape
from editor_core.messages import events
from editor_core.messages.requests import Generate, Sampling
from editor_core.project.project_file import load_project, save_project
from editor_core.session.session import Session
from editor_core.workflow.turns import edit_request, painting_request, turn_from_result
from support.tiny_models import tiny_folder

LARGER = Rect(-20, -12, 160, 152)
INSIDE, BESIDE = (slice(70, 100), slice(90, 120)), (slice(30, 60), slice(0, 40))


class Work:
    """A picture of 128 x 128 pixels in a session, its canvas changed."""

    def __init__(self, session):
        self.heard: list[events.Event] = []
        self.session = session
        first = self.run(Generate("a red cat", sampling=Sampling(seed=3, steps=2, guidance=3.0)))
        self.document = Document.new_from_turn(turn_from_result(first, None))

    def run(self, request):
        self.heard.clear()
        return self.session.run(1, request, self.heard.append)

    def change(self, change):
        self.document.execute(reshape(self.document.snapshot(), change, "Crop"))
        return self

    def edit(self, prompt, place=None):
        mask = None
        if place is not None:
            mask = np.zeros((self.document.height, self.document.width), np.uint8)
            mask[place] = 255
        before = self.document.history.current.image
        result = self.run(edit_request(self.document, prompt, mask=mask))
        outside = result.mask == 0
        assert np.array_equal(result.image[outside], before[outside])
        self.document.execute(AcceptTurn(turn_from_result(result, self.document.history.current_id)))
        return result

    @property
    def inverted(self):
        return [e for e in self.heard if isinstance(e, events.Progress) and e.stage == "inverting"]

    @property
    def told(self):
        return [str(event.message) for event in self.heard if isinstance(event, events.Notice)]


@pytest.fixture
def work(tmp_path):
    settings = Settings(model=str(tiny_folder("default")), device="cpu", cache_folder=str(tmp_path / "cache"))
    with Session(settings) as session:
        yield Work(session)


def test_inside_the_old_picture_an_edit_is_as_incremental_as_before(work, tmp_path):
    work.change(Crop(LARGER, continues=True))
    save_project(work.document, tmp_path / "a.palimpsest")
    work.document = load_project(tmp_path / "a.palimpsest")
    result = work.edit("a blue cat", INSIDE)
    assert not work.inverted and result.log["executor"] == "incremental"
    assert result.record.window == (20, 12, 128, 128)
    painted = work.document.history.current.image.copy()
    painted[80:84, 100:104] = 7
    reading = work.run(painting_request(work.document, work.document.history.current, painted))
    assert reading.method == "paint" and not work.inverted


def test_a_new_part_is_painted_with_the_whole_picture_analysed_once_and_that_is_said(work):
    work.change(Crop(LARGER, continues=True))
    result = work.edit("a blue cat", BESIDE)
    assert work.inverted and any("canvas was changed" in sentence for sentence in work.told)
    assert result.record.window == (0, 0, 160, 152)
    work.edit("a green cat", INSIDE)
    assert not work.inverted and not work.told


def test_a_turned_picture_can_be_reworded_without_a_mask(work):
    work.change(Turned(1))
    work.edit("a blue cat")
    assert work.inverted and work.told
    work.edit("a green cat")
    assert not work.inverted
