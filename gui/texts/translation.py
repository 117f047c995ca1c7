"""The language of the window: Qt's own texts and ours, as the system says or as the settings choose."""

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
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
        for name, folder in (
            (f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
            (f"palimpsest_{language}", str(paths.resources() / "translations")),
        ):
            translator = QTranslator(app)
            if translator.load(name, folder):
                app.installTranslator(translator)
    return language


def _known(locale: QLocale) -> str:
    """The shipped language that fits a locale best."""
    for name in (locale.name(), locale.name().split("_")[0]):
        if name in LANGUAGES:
            return name
    return "zh_CN" if locale.language() == QLocale.Language.Chinese else SOURCE
