"""The form of a method's parameters, drawn from plain data: what is set goes with the edit, is undone and kept."""

import numpy as np
import pytest
from PySide6.QtWidgets import QLineEdit

from editor_core.document.document import Document
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.engines.common.parameters import described
from editor_core.engines.instdiffedit import InstDiffEditParameters
from editor_core.project.image_io import write_png
from gui.docks.turns import Reuse
from gui.widgets.parameter_field import ParameterField
from support.documents import make_turn
from support.fake_session import MODEL

REDRAWING = {m.name: m for m in MODEL.methods}["masafusion"].parameters
OTHER = {  # than the default, one of every kind
    "preset": "faithful",
    "sketch_strength": 0.5,
    "adapter": "/models/lines",
    "fused_layers": 12,
    "fusion_start": 0.25,
    "weight": 1.5,
    "growth": [1, 2],
    "batched": False,
    "note": "as drawn",
    "hide": False,
}


@pytest.fixture
def form(picture):
    picture.prompt.details_button.setChecked(True)
    picture.prompt.methods.choose("masafusion")
    return picture.prompt.method_form


def choose(field, value):
    """As the artist does it: through the control."""
    field._showing = False
    field._control.show(value)
    if hasattr(field._control.widget, "moved"):  # a slider is silent when it is set
        field._control.widget.moved.emit(field._control.widget.value)


@pytest.mark.parametrize("name", OTHER)
def test_what_is_set_goes_with_the_edit_and_can_be_undone(picture, form, session, qtbot, name):
    field = form.fields[f"masafusion.{name}"]
    steps = len(picture.document.document.undo_stack)
    choose(field, OTHER[name])
    assert field.value == OTHER[name] and len(picture.document.document.undo_stack) == steps + 1
    label = str(field.parameter.about.label)
    assert picture.document.document.undo_stack.next_undo.text == f"Change “{label}”"
    picture.document.undo()
    assert field.value == field.parameter.default and not form.parameters("masafusion")
    picture.document.redo()
    picture.prompt.use_words("a fox in the rain")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.editing.candidate is not None)
    assert session.requests[-1].parameters == {name: OTHER[name]}


def test_an_empty_path_says_what_it_stands_for(theme, qtbot):
    said = {}
    for parameter in described(InstDiffEditParameters):
        if parameter.about.is_folder or parameter.about.is_picture:
            field = ParameterField(theme, parameter)
            qtbot.addWidget(field)
            said[parameter.name] = field.findChild(QLineEdit).placeholderText()
    assert said == {
        "painter": "this model",
        "controlnet": "none",
        "reference": "none",
        "reference_adapter": "the model’s own",
    }


def test_a_new_picture_takes_after_the_reference_that_is_shown(window, session, qtbot, tmp_path):
    """In the form of a new picture, and in that of an edit: whichever the artist sees."""
    write_png(tmp_path / "look.png", np.full((8, 9, 3), 40, np.uint8))
    window.prompt.details_button.setChecked(True)
    form, look = window.prompt.method_form, str(tmp_path / "look.png")
    window.prompt.use_words("a fox")
    qtbot.waitUntil(lambda: "generate.reference" in form.fields)
    field = form.fields["generate.reference"]
    assert field.isVisible()
    choose(field, str(tmp_path / "gone.png"))
    window.prompt.run()
    assert "gone.png" in window.messages.sentence and not window.editing.busy
    choose(field, look)
    window.prompt.run()
    qtbot.waitUntil(lambda: window.document.turn is not None)
    assert session.requests[-1].reference.shape == (8, 9, 3)
    assert session.requests[-1].parameters == {"reference": look}
    window.prompt.generate()
    qtbot.waitUntil(lambda: not window.editing.busy)
    assert session.requests[-1].reference is None  # the form of edits is shown now, and nothing set in it
    window.prompt.reuse(make_turn(1, method="generate", parameters={"reference": look}), Reuse.SETTINGS)
    assert field.value == look


def test_only_the_method_in_use_is_shown_and_only_what_has_an_effect(picture, form):
    fields = form.fields
    assert form.isVisible() and fields["masafusion.note"].isVisible()
    assert not fields["masafusion.sketch_strength"].isVisible()  # there is no sketch
    assert fields["masafusion.hide"].isVisible()
    choose(fields["masafusion.preset"], "faithful")
    assert not fields["masafusion.hide"].isVisible()
    picture.prompt.methods.choose("fisedit")
    assert not form.isVisible()  # it has nothing to set here


def test_settings_for_experts_are_folded_away_until_they_are_asked_for_or_changed(picture, form):
    field = form.fields["masafusion.fused_layers"]
    assert not field.isVisible() and form.more.isVisible()
    form.more.click()
    assert field.isVisible()
    choose(field, 9)
    form.more.click()
    assert field.isVisible()  # what is set is seen
    picture.document.undo()
    assert not field.isVisible()


def test_reset_is_one_undo_entry(picture, form):
    assert not form.reset.isEnabled()
    for name in ("weight", "note"):
        choose(form.fields[f"masafusion.{name}"], OTHER[name])
    form.reset.click()
    assert form.parameters("masafusion") == {} and not form.reset.isEnabled()
    picture.document.undo()
    assert form.parameters("masafusion") == {"weight": 1.5, "note": "as drawn"} and form.reset.isEnabled()


def test_settings_come_back_with_the_project(picture, form):
    for name, value in OTHER.items():
        choose(form.fields[f"masafusion.{name}"], value)
    snapshot = picture.document.document.snapshot()
    for field in form.fields.values():
        field.show_value(field.parameter.default)
    picture.files.adopt(Document.from_snapshot(snapshot))
    assert form.parameters("masafusion") == OTHER


@pytest.mark.parametrize(
    ("kept", "found"),
    [
        ({"masafusion.fused_layers": 300}, 6),
        ({"masafusion.fused_layers": "many"}, 6),
        ({"masafusion.fused_layers": {"a": 1}}, 6),
        ({"masafusion.fused_layers": 9, "masafusion.gone": 1, "x.y.z": 2}, 9),
    ],
)
def test_settings_that_make_no_sense_are_left_out(picture, form, kept, found):
    snapshot = DocumentSnapshot(width=64, height=64, settings={"drafts": {"": kept}})
    picture.files.adopt(Document.from_snapshot(snapshot))
    assert form.fields["masafusion.fused_layers"].value == found


def test_percent_of_an_older_project_are_shares_now(picture, form):
    snapshot = DocumentSnapshot(width=64, height=64, settings={"drafts": {"": {"sketch_strength": 80}}})
    picture.files.adopt(Document.from_snapshot(snapshot))
    assert form.parameters("masafusion") == {"sketch_strength": 0.8}


def test_reusing_a_turn_takes_over_its_methods_settings(picture, form):
    run = {"fused_layers": 9, "growth": (2,), "seed": 4, "weight": 99.0}
    picture.prompt.reuse(make_turn(3, method="masafusion", parameters=run), Reuse.SETTINGS)
    assert form.parameters("masafusion") == {"fused_layers": 9, "growth": [2]}


def test_how_a_picture_is_read_can_be_chosen(picture, session, qtbot):
    picture.files.adopt(Document(64, 64))
    form = picture.prompt.method_form
    choose(form.fields["open.how"], "null-text")
    picture.prompt.use_words("a grey square")
    picture.prompt.run()
    qtbot.waitUntil(lambda: picture.document.turn is not None)
    assert session.requests[-1].how == "null-text"
