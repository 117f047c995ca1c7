"""The names of the undo entries in the window's language; the document itself names them in English."""

from PySide6.QtCore import QCoreApplication

from gui.texts.marks import QT_TRANSLATE_NOOP

NAMES = (
    QT_TRANSLATE_NOOP("undo", "Add layer"),
    QT_TRANSLATE_NOOP("undo", "Delete layer"),
    QT_TRANSLATE_NOOP("undo", "Reorder layer"),
    QT_TRANSLATE_NOOP("undo", "Move layer"),
    QT_TRANSLATE_NOOP("undo", "Duplicate layer"),
    QT_TRANSLATE_NOOP("undo", "Merge down"),
    QT_TRANSLATE_NOOP("undo", "Merge group"),
    QT_TRANSLATE_NOOP("undo", "Group layers"),
    QT_TRANSLATE_NOOP("undo", "Ungroup layers"),
    QT_TRANSLATE_NOOP("undo", "Change name"),
    QT_TRANSLATE_NOOP("undo", "Change opacity"),
    QT_TRANSLATE_NOOP("undo", "Change visibility"),
    QT_TRANSLATE_NOOP("undo", "Change lock"),
    QT_TRANSLATE_NOOP("undo", "Change transparency lock"),
    QT_TRANSLATE_NOOP("undo", "Change blend mode"),
    QT_TRANSLATE_NOOP("undo", "Change turns of layer"),
    QT_TRANSLATE_NOOP("undo", "Change region prompt"),
    QT_TRANSLATE_NOOP("undo", "Change position"),
    QT_TRANSLATE_NOOP("undo", "New turn"),
    QT_TRANSLATE_NOOP("undo", "Discard result"),
    QT_TRANSLATE_NOOP("undo", "Show turn"),
    QT_TRANSLATE_NOOP("undo", "Delete turn"),
    QT_TRANSLATE_NOOP("undo", "Rename turn"),
    QT_TRANSLATE_NOOP("undo", "Star turn"),
    QT_TRANSLATE_NOOP("undo", "Select"),
    QT_TRANSLATE_NOOP("undo", "Canvas size"),
    QT_TRANSLATE_NOOP("undo", "Extend canvas"),
    QT_TRANSLATE_NOOP("undo", "Crop"),
    QT_TRANSLATE_NOOP("undo", "Trim"),
    QT_TRANSLATE_NOOP("undo", "Scale image"),
    QT_TRANSLATE_NOOP("undo", "Rotate image"),
    QT_TRANSLATE_NOOP("undo", "Flip image"),
    QT_TRANSLATE_NOOP("undo", "Flatten image"),
    QT_TRANSLATE_NOOP("undo", "Transform"),
    QT_TRANSLATE_NOOP("undo", "Move selection"),
    QT_TRANSLATE_NOOP("undo", "Cut"),
    QT_TRANSLATE_NOOP("undo", "Copy to new layer"),
    QT_TRANSLATE_NOOP("undo", "Cut to new layer"),
    QT_TRANSLATE_NOOP("undo", "Change adjustment"),
    QT_TRANSLATE_NOOP("undo", "Add layer mask"),
    QT_TRANSLATE_NOOP("undo", "Filter"),
    QT_TRANSLATE_NOOP("undo", "Brush stroke"),
    QT_TRANSLATE_NOOP("undo", "Typing"),
    QT_TRANSLATE_NOOP("undo", "Change negative prompt"),
    QT_TRANSLATE_NOOP("undo", "Change seed"),
    QT_TRANSLATE_NOOP("undo", "Change steps"),
    QT_TRANSLATE_NOOP("undo", "Change guidance"),
    QT_TRANSLATE_NOOP("undo", "Change strength"),
    QT_TRANSLATE_NOOP("undo", "Change sampler"),
    QT_TRANSLATE_NOOP("undo", "Change variants"),
    QT_TRANSLATE_NOOP("undo", "Change edit method"),
    QT_TRANSLATE_NOOP("undo", "Reuse turn"),
    QT_TRANSLATE_NOOP("undo", "Reset settings"),
)


def undo_entry_name(text: str) -> str:
    """What an undo entry is called; one that is not listed keeps its own name."""
    return QCoreApplication.translate("undo", text)
