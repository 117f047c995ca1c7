"""Where the work is done, chosen in the settings; and the way back where nobody is there."""

import numpy as np
import pytest

from editor_core.base.errors import RemoteError
from editor_core.base.message import Message
from editor_core.base.settings import Settings
from editor_core.messages.events import Failed, Placed
from editor_core.messages.requests import Configure, Edit, LoadModel
from editor_core.remote.token import keep_token, kept_token
from editor_core.remote.worker import WorkerFacts
from gui.controllers.editing import EditOrder
from gui.dialogs import compute
from gui.dialogs.compute import ELSEWHERE, HERE, facts_text
from gui.dialogs.settings import SettingsDialog
from gui.look.theme import Theme
from gui.state.window_state import WindowState
from support.fake_session import MODEL

FACTS = WorkerFacts(
    "studio",
    "studio",
    "0.1.0",
    "3.11",
    "2.13",
    "NVIDIA H100",
    80 * 2**30,
    ("picture-book",),
)


@pytest.fixture
def dialog(qtbot, qapp):
    made = SettingsDialog(Theme(qapp, "dark"), Settings(), WindowState())
    qtbot.addWidget(made)
    made.show()
    return made


def _choose(dialog, place, address=""):
    dialog.compute.place.setCurrentIndex(dialog.compute.place.findData(place))
    dialog.compute.address.setText(address)


def test_fields_of_another_place_are_there_only_while_it_is_chosen(dialog):
    assert not dialog.compute.address.isVisible() and dialog.compute.chosen == ""
    _choose(dialog, ELSEWHERE, " ray://studio:10001 ")
    assert dialog.compute.address.isVisible() and dialog.compute.chosen == "ray://studio:10001"
    _choose(dialog, HERE, "ray://studio:10001")
    assert dialog.compute.chosen == ""


def test_address_and_token_are_taken_over_with_ok(dialog, qtbot):
    changed, tokens = [], []
    dialog.changed.connect(changed.append)
    dialog.token_chosen.connect(tokens.append)
    _choose(dialog, ELSEWHERE, "ray://studio:10001")
    dialog.compute.token.setText("secret")
    dialog.accept()
    assert [each.compute_address for each in changed] == ["ray://studio:10001"] and tokens == ["secret"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((FACTS,), "NVIDIA H100"),
        (RemoteError("{address} cannot be reached.", address="ray://x"), "cannot be reached"),
    ],
)
def test_connection_is_tested_and_what_is_there_is_told(loop, dialog, qtbot, monkeypatch, answer, told):
    def probe(address, token):
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(compute, "probe", probe)
    _choose(dialog, ELSEWHERE, "ray://x")
    dialog.compute.test.click()
    qtbot.waitUntil(lambda: told in dialog.compute.answer.text())
    assert dialog.compute.test.isEnabled()


def test_workers_line_names_card_memory_version_and_models():
    assert facts_text(FACTS) == "studio · NVIDIA H100 · 80.0 GB · version 0.1.0 · models: picture-book"


def test_where_nobody_is_there_one_click_works_here_instead(window, qtbot):
    keep_token("secret")
    window.preferences.change(Settings(compute_address="ray://gone:10001"))
    window.facade.failed.emit(
        Failed(99, Message("{a} cannot be reached.", a="ray://gone:10001"), elsewhere=True)
    )
    assert window.messages.way_out.isVisible()
    window.messages.way_out.click()
    assert window.preferences.settings.compute_address == "" and not window.messages.isVisible()
    assert kept_token() == "secret"


def test_other_failures_offer_no_way_out(window):
    window.facade.failed.emit(Failed(99, Message("No.")))
    assert not window.messages.way_out.isVisible()


def test_queue_says_where_a_job_runs(picture, session, qtbot):
    session.gate.clear()
    picture.prompt.edit.setPlainText("a cat on snow")
    picture.actions_table["run"].trigger()
    qtbot.waitUntil(lambda: picture.jobs.running is not None)
    picture.facade.placed.emit(Placed(picture.jobs.running.id, "studio-2"))
    assert picture.jobs.running.worker == "studio-2"
    session.gate.set()


def test_what_was_lost_with_the_workers_is_asked_for_again_here(picture, session, qtbot):
    picture.preferences.settings = Settings(compute_address="ray://gone:10001")
    session.error = RemoteError("{address} cannot be reached.", address="ray://gone:10001")
    picture.prompt.use_words("a cat on snow")
    with qtbot.waitSignal(picture.facade.failed):
        picture.prompt.run()
    before = picture.document.document.snapshot()
    assert not picture.editing.busy
    picture.messages.way_out.click()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    assert picture.editing.candidate.result.prompt == "a cat on snow"
    assert picture.document.document.snapshot().turns == before.turns
    kinds = [type(request) for request in session.requests[-3:]]
    assert kinds == [Configure, LoadModel, Edit]


def test_status_says_where_the_work_is_done(window):
    window.status.show_model(MODEL, "ray://studio:10001")
    assert window.status.model.text() == "fake · CPU · studio:10001"
    window.status.show_model(MODEL)
    assert window.status.model.text() == "fake · CPU"


def test_variants_are_side_by_side_and_the_one_that_began_first_is_watched(picture, session, qtbot):
    """Two are at work; the third waits, and the queue and the status say so."""
    session.at_once = 2
    with qtbot.waitSignal(picture.facade.finished):
        picture.facade.submit(LoadModel(), "")
    session.gate.clear()
    mask = np.zeros((64, 64), np.uint8)
    mask[8:24, 8:24] = 255
    picture.editing.edit(EditOrder("a cat", mask, method="instdiffedit", variants=3))
    editing, jobs = picture.editing, picture.jobs
    qtbot.waitUntil(
        lambda: len(editing._running) == 2 and jobs.running is not None and jobs.running.stage != ""
    )
    assert (
        "1 more at work" in picture.status.progress.text() and "1 waiting" in picture.status.progress.text()
    )
    first, second = editing._running.values()
    assert editing.running is first
    with qtbot.waitSignal(picture.facade.cancelled):
        editing.cancel()
    assert editing.running is second and not picture.stage.preview._image.isNull()
    session.gate.set()
    qtbot.waitUntil(lambda: len(editing.pictures) == 2)
    asked = [request for request in session.requests if isinstance(request, Edit)]
    assert [request.parameters["variants"] for request in asked] == [1, 1, 1]
    assert len({request.parameters["seed"] for request in asked}) == 3
