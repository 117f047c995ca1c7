"""The language of the window: Qt's own texts and ours, as the system says or as the settings choose."""

import lzma

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from editor_core.base import paths

LANGUAGES = {"en": "English", "de": "Deutsch", "zh_CN": "简体中文"}  # each in itself, never translated
SOURCE = "en"


def install(app: QApplication, choice: str = "system") -> str:
    """Translate everything that is made from now on; returns the language in use.

    choice: "system" or a key of LANGUAGES; what is not known stays English.
    """
    locale = QLocale.system() if choice == "system" else QLocale(choice)
    language = _known(locale)
    if language != SOURCE:
        qt = QTranslator(app)
        if qt.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            app.installTranslator(qt)
        app.installTranslator(Texts(language, app))
    return language


class Texts(QTranslator):
    """Our own texts in a shipped language."""

    def __init__(self, language: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        file = paths.resources() / "translations" / f"palimpsest_{language}.qm.xz"
        self._data = lzma.decompress(file.read_bytes())  # which Qt does not copy
        self.load(self._data)


def _known(locale: QLocale) -> str:
    """The shipped language that fits a locale best."""
    for name in (locale.name(), locale.name().split("_")[0]):
        if name in LANGUAGES:
            return name
    return "zh_CN" if locale.language() == QLocale.Language.Chinese else SOURCE
