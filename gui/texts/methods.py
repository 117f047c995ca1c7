"""The ways to make a turn, in the artist's words."""

from PySide6.QtCore import QCoreApplication

from editor_core.workflow.proposal import Reason
from gui.texts.marks import QT_TRANSLATE_NOOP

_NAMES = {
    "generate": QT_TRANSLATE_NOOP("methods", "New"),
    "open": QT_TRANSLATE_NOOP("methods", "Opened"),
    "paint": QT_TRANSLATE_NOOP("methods", "Painted"),
    "fisedit": QT_TRANSLATE_NOOP("methods", "Reword"),
    "instdiffedit": QT_TRANSLATE_NOOP("methods", "Repaint"),
    "masafusion": QT_TRANSLATE_NOOP("methods", "Redraw"),
    "embctrl": QT_TRANSLATE_NOOP("methods", "Recolour"),
    "upscale": QT_TRANSLATE_NOOP("methods", "Upscaled"),
}
_WHAT = {
    "fisedit": QT_TRANSLATE_NOOP("methods", "Changes what the new words describe and keeps the rest exactly"),
    "instdiffedit": QT_TRANSLATE_NOOP(
        "methods", "Repaints one thing, inside the mask or where its words apply"
    ),
    "masafusion": QT_TRANSLATE_NOOP("methods", "Paints what you sketched"),
    "embctrl": QT_TRANSLATE_NOOP("methods", "Changes a colour or material and keeps the shapes"),
}
_REASONS = {
    Reason.WORDS: QT_TRANSLATE_NOOP("methods", "Suggested because the prompt changed."),
    Reason.COLOUR: QT_TRANSLATE_NOOP("methods", "Suggested because only a colour or material changed."),
    Reason.PLACE: QT_TRANSLATE_NOOP(
        "methods", "Suggested because only the place changed: things keep their pixels."
    ),
    Reason.MASK: QT_TRANSLATE_NOOP("methods", "Suggested because there is a mask."),
    Reason.SKETCH: QT_TRANSLATE_NOOP("methods", "Suggested because there is a sketch."),
}


def method_name(method: str, label: str = "") -> str:
    """The plain name of a way to make a turn; ``label`` for one that is not known here."""
    return _translated(_NAMES[method]) if method in _NAMES else label or method


def method_tip(method: str) -> str:
    """What a way does, one line; empty for one that is not known here."""
    return _translated(_WHAT[method]) if method in _WHAT else ""


def reason_text(reason: Reason) -> str:
    """Why a way is proposed."""
    return _translated(_REASONS[reason])


def _translated(text: str) -> str:
    return QCoreApplication.translate("methods", text)
