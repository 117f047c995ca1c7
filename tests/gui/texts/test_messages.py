"""What engines, session and files have to say: literal templates, all translated, in the window's language."""

import ast
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QLocale, QTranslator

from editor_core.base.errors import EditorError, SketchError
from editor_core.base.message import Message
from editor_core.document.turns import Turn
from editor_core.pixels.drawing_aids import strokes_of
from gui.docks.turn_delegate import note_of
from gui.texts import translation
from gui.texts.messages import message_text
from gui.texts.numbers import byte_text

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "packaging"))

import translations  # noqa: E402

SHIPPED = sorted(set(translation.LANGUAGES) - {translation.SOURCE})


@pytest.fixture
def german(qapp):
    """The German texts and numbers, taken away again afterwards."""
    before, locale = qapp.findChildren(QTranslator), QLocale()
    translation.install(qapp, "de")
    QLocale.setDefault(QLocale("de_DE"))
    yield
    QLocale.setDefault(locale)
    for translator in qapp.findChildren(QTranslator):
        if translator not in before:
            qapp.removeTranslator(translator)
            translator.deleteLater()


def test_numbers_and_quotations(german):
    turn = Turn(prompt="", image=np.zeros((1, 1, 3), np.uint8), seconds=18.7, log={"region_name": "Fuchs"})
    assert "„Fuchs“" in note_of(turn, None) and "18,7 s" in note_of(turn, None)
    assert byte_text(3 << 29) == "1,5 GB"


def placeholders(template):
    return set(re.findall(r"\{(\w+)\}", template))


def test_every_message_is_a_literal_template_with_its_values():
    paths = [path for path in translations.ROOT.glob("editor_core/**/*.py") if path.name != "errors.py"]
    for path in [*paths, *translations.sources()]:
        for call in translations.message_calls(path):
            template, *others = call.args
            where = f"{path.name}:{call.lineno}"
            assert isinstance(template, ast.Constant) and isinstance(template.value, str), where
            assert not others and {value.arg for value in call.keywords} == placeholders(template.value), (
                where
            )


def test_an_error_of_a_class_that_is_handed_in_is_made_of_a_message():
    """As in ``raise error.of(Message(...))``: called directly, its template would be seen by nobody."""
    for path in sorted((ROOT / "editor_core").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            call = node.exc if isinstance(node, ast.Raise) else None
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id.islower():
                assert not any(isinstance(made, ast.Constant | ast.JoinedStr) for made in call.args), (
                    f"{path.name}:{node.lineno}"
                )


@pytest.mark.parametrize("language", SHIPPED)
def test_every_template_is_translated(language):
    tree = ET.parse(ROOT / "resources" / "translations" / f"palimpsest_{language}.ts")
    (context,) = [found for found in tree.iter("context") if found.findtext("name") == translations.CONTEXT]
    translated = {text.findtext("source") for text in context.iter("message") if text.findtext("translation")}
    assert len(translations.templates()) > 150
    assert set(translations.templates()) <= translated


def test_values_are_said_in_the_windows_language(german):
    reason = Message("the disk is full")
    assert message_text(Message("“{file}” was not saved: {reason}.", file="a.png", reason=reason)) == (
        "„a.png“ wurde nicht gespeichert: Der Datenträger ist voll."
    )
    assert message_text(Message("{number} {count}", number=0.5, count=16384)) == "0,5 16384"
    assert message_text(Message("{names}", names=("a", Message("text encoder")))) == "a, Textencoder"


def test_braces_in_values_are_no_placeholders(german):
    error = EditorError(
        "There is no mask preset called “{name}”. Available: {choices}.", name="{x}", choices=()
    )
    assert "„{x}“" in message_text(error.message) and "“{x}”" in str(error)


def test_an_engines_error_in_a_german_window(german, picture, session, qtbot):
    with pytest.raises(SketchError) as caught:
        strokes_of(np.full((8, 8, 3), 255, np.uint8), 8, 8)
    session.error = caught.value
    picture.prompt.use_words("a cat on snow")
    with qtbot.waitSignal(picture.facade.failed):
        picture.prompt.run()
    assert picture.messages.sentence == (
        "Die Skizze ist leer. Zeichnen Sie die neuen Umrisse, dunkel auf hell."
    )


def test_a_notice_in_a_german_window(german, picture, session, qtbot):
    session.notice = "Memory is low: variants are now made one after another."
    picture.prompt.use_words("a cat on snow")
    with qtbot.waitSignal(picture.facade.notice):
        picture.prompt.run()
    assert "Wenig Speicher" in picture.status.notice.text()
