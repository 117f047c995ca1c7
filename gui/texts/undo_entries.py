"""The names of the undo steps in the window's language; the document itself names them in English."""

from PySide6.QtCore import QCoreApplication

from gui.texts.marks import QT_TRANSLATE_NOOP

NAMES = (
    QT_TRANSLATE_NOOP("steps", "Add layer"),
    QT_TRANSLATE_NOOP("steps", "Delete layer"),
    QT_TRANSLATE_NOOP("steps", "Reorder layer"),
    QT_TRANSLATE_NOOP("steps", "Move layer"),
    QT_TRANSLATE_NOOP("steps", "Duplicate layer"),
    QT_TRANSLATE_NOOP("steps", "Merge down"),
    QT_TRANSLATE_NOOP("steps", "Merge group"),
    QT_TRANSLATE_NOOP("steps", "Group layers"),
    QT_TRANSLATE_NOOP("steps", "Ungroup layers"),
    QT_TRANSLATE_NOOP("steps", "Change name"),
    QT_TRANSLATE_NOOP("steps", "Change opacity"),
    QT_TRANSLATE_NOOP("steps", "Change visibility"),
    QT_TRANSLATE_NOOP("steps", "Change lock"),
    QT_TRANSLATE_NOOP("steps", "Change transparency lock"),
    QT_TRANSLATE_NOOP("steps", "Change blend mode"),
    QT_TRANSLATE_NOOP("steps", "Change region prompt"),
    QT_TRANSLATE_NOOP("steps", "Change position"),
    QT_TRANSLATE_NOOP("steps", "New turn"),
    QT_TRANSLATE_NOOP("steps", "Discard result"),
    QT_TRANSLATE_NOOP("steps", "Show turn"),
    QT_TRANSLATE_NOOP("steps", "Delete turn"),
    QT_TRANSLATE_NOOP("steps", "Rename turn"),
    QT_TRANSLATE_NOOP("steps", "Star turn"),
    QT_TRANSLATE_NOOP("steps", "Select"),
    QT_TRANSLATE_NOOP("steps", "Brush stroke"),
    QT_TRANSLATE_NOOP("steps", "Typing"),
    QT_TRANSLATE_NOOP("steps", "Change negative prompt"),
    QT_TRANSLATE_NOOP("steps", "Change seed"),
    QT_TRANSLATE_NOOP("steps", "Change steps"),
    QT_TRANSLATE_NOOP("steps", "Change guidance"),
    QT_TRANSLATE_NOOP("steps", "Change variants"),
    QT_TRANSLATE_NOOP("steps", "Change sketch strength"),
    QT_TRANSLATE_NOOP("steps", "Change sketch steps"),
    QT_TRANSLATE_NOOP("steps", "Change edit method"),
    QT_TRANSLATE_NOOP("steps", "Reuse turn"),
)


def step_name(text: str) -> str:
    """What a step is called; one that is not listed keeps its own name."""
    return QCoreApplication.translate("steps", text)
