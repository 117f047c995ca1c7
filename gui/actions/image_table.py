"""The actions of the menu “Image”: rows of the table in ``gui.actions.table``."""

from gui.actions.spec import Spec
from gui.texts.marks import QT_TRANSLATE_NOOP

MENU = "image"

IMAGE = (
    Spec(
        "canvas_size",
        MENU,
        QT_TRANSLATE_NOOP("Actions", "&Canvas size…"),
        ("Ctrl+Alt+C",),
        tip=QT_TRANSLATE_NOOP("Actions", "Make the canvas larger or smaller; extend the picture"),
    ),
    Spec(
        "crop_selection",
        MENU,
        QT_TRANSLATE_NOOP("Actions", "C&rop to selection"),
        ("Ctrl+Shift+C",),
    ),
    Spec(
        "trim",
        MENU,
        QT_TRANSLATE_NOOP("Actions", "&Trim"),
        tip=QT_TRANSLATE_NOOP("Actions", "Cut off the empty or plain borders of the picture"),
    ),
    Spec("scale_image", MENU, QT_TRANSLATE_NOOP("Actions", "&Scale image…"), ("Ctrl+Alt+Shift+I",)),
    Spec("rotate_image_right", MENU, QT_TRANSLATE_NOOP("Actions", "Rotate 90° cloc&kwise"), separate=True),
    Spec("rotate_image_left", MENU, QT_TRANSLATE_NOOP("Actions", "Rotate 90° counterclock&wise")),
    Spec("rotate_image_half", MENU, QT_TRANSLATE_NOOP("Actions", "Rotate &180°")),
    Spec("flip_image_across", MENU, QT_TRANSLATE_NOOP("Actions", "Flip &horizontally"), icon="mirror"),
    Spec("flip_image_down", MENU, QT_TRANSLATE_NOOP("Actions", "Flip &vertically")),
    Spec(
        "flatten",
        MENU,
        QT_TRANSLATE_NOOP("Actions", "&Flatten"),
        tip=QT_TRANSLATE_NOOP("Actions", "Merge all visible layers into one"),
        separate=True,
    ),
)
