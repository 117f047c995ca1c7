"""The shipped languages: complete, with every placeholder, and in use when they are chosen."""

import re
import xml.etree.ElementTree as ET

import pytest
from PySide6.QtCore import QLocale, QTranslator

from editor_core.base import paths
from gui.texts import translation

SHIPPED = sorted(set(translation.LANGUAGES) - {translation.SOURCE})
FOLDER = paths.resources() / "translations"


def messages(language):
    """(context, source, translation) of every text."""
    tree = ET.parse(FOLDER / f"palimpsest_{language}.ts")
    return [
        (context.findtext("name"), message.findtext("source"), message.findtext("translation") or "")
        for context in tree.iter("context")
        for message in context.iter("message")
    ]


@pytest.mark.parametrize("language", SHIPPED)
def test_nearly_every_text_is_translated(language):
    texts = messages(language)
    assert len(texts) > 400
    assert sum(bool(translated) for _, _, translated in texts) >= 0.95 * len(texts)


@pytest.mark.parametrize("language", SHIPPED)
def test_placeholders_are_kept(language):
    for _, source, translated in messages(language):
        if translated:
            assert sorted(re.findall(r"\{\w+\}", source)) == sorted(re.findall(r"\{\w+\}", translated)), (
                source
            )


@pytest.mark.parametrize("language", SHIPPED)
def test_the_compiled_file_says_the_same(language):
    translator = translation.Texts(language)
    for context, source, translated in messages(language):
        if translated:
            assert translator.translate(context, source) == translated


@pytest.mark.parametrize(
    ("locale", "language"),
    [("de_AT", "de"), ("zh_CN", "zh_CN"), ("zh_TW", "zh_CN"), ("en_GB", "en"), ("fr_FR", "en"), ("C", "en")],
)
def test_the_language_that_fits_a_locale(locale, language):
    assert translation._known(QLocale(locale)) == language


def test_a_window_in_german(qapp, qtbot, session, theme):
    from editor_core.base.settings import Settings
    from gui.shell.main_window import MainWindow
    from gui.worker.facade import EngineFacade

    before = qapp.findChildren(QTranslator)
    assert translation.install(qapp, "de") == "de"
    installed = [translator for translator in qapp.findChildren(QTranslator) if translator not in before]
    try:
        window = MainWindow(EngineFacade(lambda: session), theme, Settings(theme="dark"))
        qtbot.addWidget(window)
        assert window.actions_table["undo"].text() == "&Rückgängig"
        assert window.prompt.run_button.text() == "Erzeugen"
        assert (
            window.layers.mode.itemText(0) == "Normal"
            and window.layers.opacity._slider.accessibleName() == "Deckkraft"
        )
    finally:
        for translator in installed:
            qapp.removeTranslator(translator)
            translator.deleteLater()
