"""What filters and their numbers are called."""

from PySide6.QtCore import QCoreApplication

from gui.texts.marks import QT_TRANSLATE_NOOP

NAMES = {
    "blur": QT_TRANSLATE_NOOP("filters", "Gaussian blur"),
    "sharpen": QT_TRANSLATE_NOOP("filters", "Sharpen"),
    "noise": QT_TRANSLATE_NOOP("filters", "Add noise"),
}
SETTINGS = {
    "radius": QT_TRANSLATE_NOOP("filters", "Radius"),
    "amount": QT_TRANSLATE_NOOP("filters", "Amount"),
    "colour": QT_TRANSLATE_NOOP("filters", "Coloured noise"),
}


def filter_name(name: str) -> str:
    return QCoreApplication.translate("filters", NAMES[name])


def setting_name(name: str) -> str:
    return QCoreApplication.translate("filters", SETTINGS[name])
