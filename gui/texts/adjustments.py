"""What adjustments and their numbers are called."""

from PySide6.QtCore import QCoreApplication

from gui.texts.marks import QT_TRANSLATE_NOOP

NAMES = {
    "levels": QT_TRANSLATE_NOOP("adjustments", "Levels"),
    "curves": QT_TRANSLATE_NOOP("adjustments", "Curves"),
    "hue": QT_TRANSLATE_NOOP("adjustments", "Hue and saturation"),
    "balance": QT_TRANSLATE_NOOP("adjustments", "Colour balance"),
}
NUMBERS = {
    "black": QT_TRANSLATE_NOOP("adjustments", "Black point"),
    "white": QT_TRANSLATE_NOOP("adjustments", "White point"),
    "gamma": QT_TRANSLATE_NOOP("adjustments", "Gamma"),
    "darkest": QT_TRANSLATE_NOOP("adjustments", "Darkest"),
    "lightest": QT_TRANSLATE_NOOP("adjustments", "Lightest"),
    "hue": QT_TRANSLATE_NOOP("adjustments", "Hue"),
    "saturation": QT_TRANSLATE_NOOP("adjustments", "Saturation"),
    "lightness": QT_TRANSLATE_NOOP("adjustments", "Lightness"),
    "red": QT_TRANSLATE_NOOP("adjustments", "Cyan – red"),
    "green": QT_TRANSLATE_NOOP("adjustments", "Magenta – green"),
    "blue": QT_TRANSLATE_NOOP("adjustments", "Yellow – blue"),
    "shadows": QT_TRANSLATE_NOOP("adjustments", "Shadows"),
    "midtones": QT_TRANSLATE_NOOP("adjustments", "Midtones"),
    "highlights": QT_TRANSLATE_NOOP("adjustments", "Highlights"),
}
CHANNELS = {
    "all": QT_TRANSLATE_NOOP("adjustments", "All channels"),
    "red": QT_TRANSLATE_NOOP("adjustments", "Red"),
    "green": QT_TRANSLATE_NOOP("adjustments", "Green"),
    "blue": QT_TRANSLATE_NOOP("adjustments", "Blue"),
}


def adjustment_name(kind: str) -> str:
    """The name of a kind; one that is not known keeps its own."""
    return _translated(NAMES.get(kind, kind))


def number_name(name: str) -> str:
    """What one number is; of a tone's colour, the colour."""
    return _translated(NUMBERS[name.rpartition("_")[2]])


def tone_name(name: str) -> str:
    """The tone that a number is about; empty for one that is about all."""
    tone = name.rpartition("_")[0]
    return _translated(NUMBERS[tone]) if tone else ""


def channel_name(channel: str) -> str:
    return _translated(CHANNELS[channel])


def _translated(text: str) -> str:
    return QCoreApplication.translate("adjustments", text)
