"""The window with the real session on a tiny model: a first picture, a change of words, save, reopen, change again."""

from dataclasses import replace

import numpy as np
import pytest

from editor_core.base.settings import Settings
from editor_core.project.project_file import load_project
from editor_core.workflow import mask_layers
from gui.dialogs import ask
from gui.shell.main_window import MainWindow
from gui.texts.turn_tips import tip_of
from gui.worker.facade import EngineFacade
from gui.worker.thread import open_session
from support.tiny_models import tiny_folder

WAIT_MS = 30_000


@pytest.fixture
def window(request, qtbot, theme, tmp_path):
    folder = tiny_folder(getattr(request, "param", "default"))
    settings = Settings(model=str(folder), device="cpu", cache_folder=str(tmp_path / "cache"))
    facade = EngineFacade(lambda: open_session(settings))
    window = MainWindow(facade, theme, settings)
    qtbot.addWidget(window, before_close_func=lambda w: setattr(w, "_may_close", True))
    window.begin()
    qtbot.waitUntil(window.prompt.form.isEnabled, timeout=WAIT_MS)
    window.prompt.form.steps.setValue(4)
    yield window
    assert facade.wait(WAIT_MS)


def reword(window, qtbot, words):
    window.prompt.use_words(words)
    window.prompt.run()
    qtbot.waitUntil(lambda: bool(window.editing.candidate) or window.messages.isVisible(), timeout=WAIT_MS)
    assert window.editing.candidate is not None, window.messages.sentence
    window.actions_table["apply"].trigger()


def test_a_whole_job_from_the_first_words_to_an_edit_after_reopening(
    window, qtbot, run, monkeypatch, tmp_path
):
    window.prompt.use_words("a red fox")
    window.prompt.run()
    qtbot.waitUntil(lambda: bool(window.document.turn) or window.messages.isVisible(), timeout=WAIT_MS)
    assert window.document.turn is not None, window.messages.sentence
    reword(window, qtbot, "a red cat")
    first, second = window.document.document.history
    assert second.parent == first.id
    assert np.array_equal(first.image[second.mask == 0], second.image[second.mask == 0])

    async def save_there(*_):
        return tmp_path / "fox.palimpsest"

    monkeypatch.setattr(ask, "file_to_save", save_there)
    assert run(window.files.save())
    run(window.files.open(tmp_path / "fox.palimpsest"))
    assert window.document.turn.prompt == "a red cat" and not window.isWindowModified()
    reword(window, qtbot, "a red dog")
    assert window.document.turn.parent == second.id
    assert len(load_project(tmp_path / "fox.palimpsest").history) == 2


@pytest.mark.parametrize("window", ["sd1", "sd2", "sdxl"], indirect=True)
def test_all_four_ways_edit_on_every_family(window, qtbot):
    form = window.prompt.form
    form.steps.setValue(2)
    form.guidance.setValue(15)
    form.variants.setValue(1)
    for field in (form.width_field, form.height_field):
        field.setValue(64)
    window.prompt.use_words("a red cat")
    window.prompt.run()
    qtbot.waitUntil(lambda: bool(window.document.turn) or window.messages.isVisible(), timeout=WAIT_MS)
    mask = np.zeros((64, 64), np.uint8)
    mask[16:48, 16:48] = 255
    window.document.execute(mask_layers.replace_mask(window.document.document, mask, "Mask", "Mask"))
    ways = ("fisedit", "instdiffedit", "masafusion", "embctrl")
    for method, thing in zip(ways, ("dog", "owl", "fox", "bee"), strict=True):
        window.prompt.methods.choose(method)
        reword(window, qtbot, f"a red {thing}")
    assert tuple(turn.method for turn in window.document.document.history) == ("generate", *ways)


def test_cancelling_at_every_step_leaves_the_document_as_it_was(window, qtbot):
    window.prompt.use_words("a red fox")
    window.prompt.run()
    qtbot.waitUntil(lambda: bool(window.document.turn), timeout=WAIT_MS)
    document = window.document.document
    picture, layers = document.picture(), document.layers
    window.prompt.use_words("a red cat")
    stopped = []
    for events in range(8):
        stopped.append(cancelled_after(window, qtbot, events))
        if not stopped[-1]:  # it was faster than we
            window.actions_table["discard"].trigger()
        assert document.layers is layers and len(document.history) == 1 and not window.editing.busy
        assert np.array_equal(document.picture(), picture) and not window.result_bar.isVisible()
        assert window.prompt.edit.words == "a red cat"
    assert any(stopped)


def cancelled_after(window, qtbot, events):
    """Run what is asked for and cancel it after so many reports of progress; False if it was over before."""
    window.prompt.run()
    (job,) = window.editing._pending  # the window looks for masks meanwhile, too
    ended, heard = [], []

    def hear(event):
        heard.append(event.job)
        if heard.count(job) == events + 1:
            window.facade.cancel(job)

    connections = [
        (window.facade.progress, hear),
        (window.facade.cancelled, lambda event: event.job == job and ended.append(True)),
        (window.facade.finished, lambda event: event.job == job and ended.append(False)),
    ]
    for signal, slot in connections:
        signal.connect(slot)
    qtbot.waitUntil(lambda: bool(ended), timeout=WAIT_MS)
    for signal, slot in connections:
        signal.disconnect(slot)
    return ended[0]


def made_with(window):
    """What the list of turns says of the shown one's model."""
    return next(line for line in tip_of(window.document.turn).splitlines() if line.startswith("Model: "))


def use_model(window, qtbot, kind):
    window.preferences.change(replace(window.preferences.settings, model=str(tiny_folder(kind))))
    qtbot.waitUntil(lambda: window.prompt.model.source == str(tiny_folder(kind)), timeout=WAIT_MS)
    window.prompt.form.steps.setValue(4)


@pytest.mark.parametrize("window", ["sd1"], indirect=True)
def test_another_model_keeps_the_document_its_turns_and_undo(window, qtbot):
    """A turn says which model made it; edits go on with the other model, and with the first one when it is back."""
    heard = []
    window.facade.notice.connect(lambda event: heard.append(str(event.message)))
    window.prompt.use_words("a red fox")
    window.prompt.run()
    qtbot.waitUntil(lambda: bool(window.document.turn) or window.messages.isVisible(), timeout=WAIT_MS)
    reword(window, qtbot, "a red cat")
    document, second = window.document.document, window.document.turn
    first, picture = next(iter(document.history)), document.picture()
    use_model(window, qtbot, "sd2")
    assert window.document.document is document and window.document.turn is second
    assert np.array_equal(document.picture(), picture) and [*document.history] == [first, second]
    assert made_with(window) == "Model: sd1"
    reword(window, qtbot, "a red dog")
    third = window.document.turn
    assert made_with(window) == "Model: sd2" and third.parent == second.id
    assert third.fingerprint != second.fingerprint == first.fingerprint
    analysed = [text for text in heard if "another model" in text]
    assert len(analysed) == 1

    window.actions_table["undo"].trigger()
    assert window.document.turn.id == second.id and np.array_equal(document.picture(), picture)
    window.actions_table["redo"].trigger()
    assert window.document.turn.id == third.id
    window.actions_table["undo"].trigger()
    use_model(window, qtbot, "sd1")
    reword(window, qtbot, "a red owl")
    fourth = window.document.turn
    assert made_with(window) == "Model: sd1" and fourth.parent == second.id
    assert [text for text in heard if "another model" in text] == analysed  # nothing had to be analysed again
    assert np.array_equal(fourth.image[fourth.mask == 0], second.image[fourth.mask == 0])
