"""The actions of adjustment layers, layer masks and filters: rows of the table in ``gui.actions.table``."""

from gui.actions.spec import Spec
from gui.texts.marks import QT_TRANSLATE_NOOP

ADJUSTMENTS_MENU, FILTER_MENU = "adjustments", "filter"

ADJUSTMENTS = (
    Spec("adjust_levels", ADJUSTMENTS_MENU, QT_TRANSLATE_NOOP("Actions", "&Levels…"), ("Ctrl+Shift+L",)),
    Spec("adjust_curves", ADJUSTMENTS_MENU, QT_TRANSLATE_NOOP("Actions", "&Curves…"), ("Ctrl+Shift+U",)),
    Spec("adjust_hue", ADJUSTMENTS_MENU, QT_TRANSLATE_NOOP("Actions", "&Hue and saturation…"), ("Ctrl+U",)),
    Spec("adjust_balance", ADJUSTMENTS_MENU, QT_TRANSLATE_NOOP("Actions", "Colour &balance…"), ("Ctrl+B",)),
)
OF_LAYER = (
    Spec(
        "edit_adjustment",
        "layer",
        QT_TRANSLATE_NOOP("Actions", "&Edit adjustment…"),
        tip=QT_TRANSLATE_NOOP("Actions", "Change the numbers of the active adjustment layer"),
        separate=True,
    ),
    Spec(
        "mask_layer",
        "layer",
        QT_TRANSLATE_NOOP("Actions", "Add layer mask"),
        tip=QT_TRANSLATE_NOOP("Actions", "Hide parts of the layer without losing them: erase on its mask"),
    ),
    Spec(
        "clip_layer",
        "layer",
        QT_TRANSLATE_NOOP("Actions", "&Clip to layers below"),
        ("Ctrl+Alt+G",),
        "",
        True,
        tip=QT_TRANSLATE_NOOP("Actions", "Show the layer only where those below it in its group are"),
    ),
)
FILTERS = (
    Spec("filter_blur", FILTER_MENU, QT_TRANSLATE_NOOP("Actions", "Gaussian &blur…")),
    Spec("filter_sharpen", FILTER_MENU, QT_TRANSLATE_NOOP("Actions", "&Sharpen…")),
    Spec("filter_noise", FILTER_MENU, QT_TRANSLATE_NOOP("Actions", "Add &noise…")),
)
