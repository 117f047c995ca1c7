"""Names that hold the signs of access keys, HTML and unsaved changes are shown as they are."""

import re
from pathlib import Path

import pytest
from PySide6 import QtGui
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument

import gui
from editor_core.document.commands import RenameTurn
from gui.dialogs import ask
from gui.texts.marks import as_label, as_tip, as_title, plain_text
from gui.widgets.plain_label import PlainLabel

NAME = "R&D <b>fox</b> [*] &lt;"


def test_a_label_shows_every_ampersand():
    assert plain_text(as_label("R&D").replace("&&", "\0")).replace("\0", "&") == "R&D"


def test_marks_and_numbers_are_the_languages_own():
    """Text that is put together in an f-string is not translated."""
    own = re.compile(r"""f(["']).*?(“|\.[1-9]f\}).*?\1""")
    sources = Path(gui.__file__).parent.rglob("*.py")
    assert [found[0] for path in sources for found in own.finditer(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("text", [NAME, "a fox\n  on <snow>", "plain & simple", "1 < 2"])
def test_a_tip_shows_every_sign(text):
    page = QTextDocument()
    tip = as_tip(text)
    if QtGui.Qt.mightBeRichText(tip):
        page.setHtml(tip)
        assert page.toPlainText() == text
    else:
        assert tip == text


def test_names_are_shown_as_they_are(picture, tmp_path):
    path = tmp_path / "R&D [*].palimpsest"
    path.write_bytes(b"")
    picture.state.remember_file(path)
    first = picture.menus["recent"].actions()[0]
    assert first.text() == "R&&D [*].palimpsest"
    picture.document.shown.set_path(path)
    picture.files.path_changed.emit()
    assert picture.windowTitle().startswith("R&D [*][*].palimpsest[*]") and as_title("a[*]") == "a[*][*]"
    picture.document.execute(RenameTurn(picture.document.turn.id, NAME))
    tip = picture.turns.model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.splitlines()[0] == picture.document.turn.prompt
    picture.messages.show_problem(f"The layer “{NAME}” is locked.")
    assert picture.messages._text.textFormat() == Qt.TextFormat.PlainText
    assert ask.message_box(None).textFormat() == Qt.TextFormat.PlainText


def test_a_sentence_of_the_model_with_an_ampersand_is_used_as_it_is(window, qtbot):
    window.welcome.set_sentences(("salt & pepper",))
    card = window.welcome._cards[0]
    assert card.text() == "salt && pepper"
    with qtbot.waitSignal(window.welcome.sentence_chosen) as chosen:
        card.click()
    assert chosen.args == ["salt & pepper"]


def test_no_label_guesses_what_a_name_is():
    """A label whose text comes from the artist, a file or a model is plain; one that makes its text itself is not."""
    own = {"plain_label.py", "elided_label.py"}
    files = [path for path in Path(gui.__file__).parent.rglob("*.py") if path.name not in own]
    assert len(files) > 100
    assert not [path.name for path in files if re.search(r"\bQLabel\(|\(QLabel\)", path.read_text("utf-8"))]
    label = PlainLabel("<img src='file:///etc/passwd'> knows no words")
    assert label.textFormat() == Qt.TextFormat.PlainText
