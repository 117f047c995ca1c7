"""The actions of tools, selections and the view: rows of the table in ``gui.actions.table``."""

from gui.actions.spec import Spec
from gui.texts.marks import QT_TRANSLATE_NOOP


def _tool(
    name: str, text: str, keys: tuple[str, ...], icon: str, tip: str, *, separate: bool = False
) -> Spec:
    return Spec(name, "tools", text, keys, icon, True, "tool", tip, separate)


TOOLS = (
    _tool(
        "pan_tool",
        QT_TRANSLATE_NOOP("Actions", "&Hand"),
        ("H",),
        "hand",
        QT_TRANSLATE_NOOP("Actions", "Pan the view"),
    ),
    _tool(
        "move_tool",
        QT_TRANSLATE_NOOP("Actions", "Mo&ve"),
        ("V",),
        "move",
        QT_TRANSLATE_NOOP("Actions", "Move the active layer"),
    ),
    _tool(
        "transform_tool",
        QT_TRANSLATE_NOOP("Actions", "&Transform"),
        ("Ctrl+T",),
        "transform",
        QT_TRANSLATE_NOOP("Actions", "Move, scale, rotate, flip or shear the active layer or the selection"),
    ),
    _tool(
        "crop_tool",
        QT_TRANSLATE_NOOP("Actions", "&Crop"),
        ("C",),
        "crop",
        QT_TRANSLATE_NOOP("Actions", "Cut the picture to a rectangle"),
    ),
    _tool(
        "rectangle_tool",
        QT_TRANSLATE_NOOP("Actions", "&Rectangular selection"),
        ("R", "Shift+M"),
        "select-rectangle",
        QT_TRANSLATE_NOOP("Actions", "Select a rectangular area"),
        separate=True,
    ),
    _tool(
        "ellipse_tool",
        QT_TRANSLATE_NOOP("Actions", "Elli&ptical selection"),
        ("Shift+R",),
        "select-ellipse",
        QT_TRANSLATE_NOOP("Actions", "Select an elliptical area"),
    ),
    _tool(
        "lasso_tool",
        QT_TRANSLATE_NOOP("Actions", "&Lasso"),
        ("L",),
        "lasso",
        QT_TRANSLATE_NOOP("Actions", "Select freehand"),
    ),
    _tool(
        "polygon_tool",
        QT_TRANSLATE_NOOP("Actions", "Pol&ygonal lasso"),
        ("Shift+L",),
        "polygon",
        QT_TRANSLATE_NOOP("Actions", "Select corner by corner; press Enter or double-click to close"),
    ),
    _tool(
        "mask_tool",
        QT_TRANSLATE_NOOP("Actions", "&Mask brush"),
        ("M",),
        "mask",
        QT_TRANSLATE_NOOP("Actions", "Paint where the picture may change"),
        separate=True,
    ),
    _tool(
        "brush_tool",
        QT_TRANSLATE_NOOP("Actions", "&Brush"),
        ("B",),
        "brush",
        QT_TRANSLATE_NOOP("Actions", "Paint on the active layer"),
    ),
    _tool(
        "sketch_tool",
        QT_TRANSLATE_NOOP("Actions", "S&ketch brush"),
        ("S",),
        "layer-sketch",
        QT_TRANSLATE_NOOP("Actions", "Draw guide lines for Redraw; they are not part of the picture"),
    ),
    _tool(
        "eraser_tool",
        QT_TRANSLATE_NOOP("Actions", "&Eraser"),
        ("E",),
        "eraser",
        QT_TRANSLATE_NOOP("Actions", "Erase on the active layer"),
    ),
    _tool(
        "fill_tool",
        QT_TRANSLATE_NOOP("Actions", "&Fill"),
        ("G",),
        "fill",
        QT_TRANSLATE_NOOP("Actions", "Fill areas of similar colour"),
    ),
    _tool(
        "picker_tool",
        QT_TRANSLATE_NOOP("Actions", "Colour p&icker"),
        ("I",),
        "picker",
        QT_TRANSLATE_NOOP("Actions", "Pick a colour from the picture (Ctrl or Alt with any brush)"),
    ),
    Spec("larger", "tools", QT_TRANSLATE_NOOP("Actions", "Increase brush si&ze"), ("]", "."), separate=True),
    Spec("smaller", "tools", QT_TRANSLATE_NOOP("Actions", "Decrea&se brush size"), ("[", ",")),
    Spec("harder", "tools", QT_TRANSLATE_NOOP("Actions", "Increase brush hardness"), ("Shift+]", "Alt+.")),
    Spec("softer", "tools", QT_TRANSLATE_NOOP("Actions", "Decrease brush hardness"), ("Shift+[", "Alt+,")),
    Spec("swap_colours", "tools", QT_TRANSLATE_NOOP("Actions", "Swap &colours"), ("X",), separate=True),
    Spec("default_colours", "tools", QT_TRANSLATE_NOOP("Actions", "&Default colours"), ("D",)),
)

SELECT = (
    Spec("select_all", "select", QT_TRANSLATE_NOOP("Actions", "&All"), ("Ctrl+A",)),
    Spec("select_none", "select", QT_TRANSLATE_NOOP("Actions", "&None"), ("Ctrl+D", "Ctrl+Shift+A")),
    Spec("invert_selection", "select", QT_TRANSLATE_NOOP("Actions", "&Invert"), ("Ctrl+Shift+I",)),
    Spec("grow_selection", "select", QT_TRANSLATE_NOOP("Actions", "&Grow…"), separate=True),
    Spec("shrink_selection", "select", QT_TRANSLATE_NOOP("Actions", "&Shrink…")),
    Spec("feather_selection", "select", QT_TRANSLATE_NOOP("Actions", "&Feather…"), ("Shift+F6",)),
    Spec(
        "mask_from_selection",
        "select",
        QT_TRANSLATE_NOOP("Actions", "&Mask from selection"),
        ("Ctrl+Shift+M",),
        tip=QT_TRANSLATE_NOOP("Actions", "Limit the next edit to the selection"),
        separate=True,
    ),
    Spec("selection_from_mask", "select", QT_TRANSLATE_NOOP("Actions", "Selection from mas&k"), ("Ctrl+M",)),
    Spec(
        "fill_selection",
        "select",
        QT_TRANSLATE_NOOP("Actions", "Fill with foreground &colour"),
        ("Alt+Backspace",),
        separate=True,
    ),
    Spec("clear_selection", "select", QT_TRANSLATE_NOOP("Actions", "C&lear pixels"), ("Delete",)),
    Spec(
        "clear_mask",
        "select",
        QT_TRANSLATE_NOOP("Actions", "Clea&r mask"),
        ("Ctrl+Shift+D",),
        "clear",
        tip=QT_TRANSLATE_NOOP("Actions", "Erase the whole mask"),
        separate=True,
    ),
    Spec("invert_mask", "select", QT_TRANSLATE_NOOP("Actions", "In&vert mask"), ("Ctrl+Alt+I",)),
)

VIEW = (
    Spec("fit", "view", QT_TRANSLATE_NOOP("Actions", "&Fit in window"), ("Ctrl+0",)),
    Spec("actual_size", "view", QT_TRANSLATE_NOOP("Actions", "&100 %"), ("Ctrl+1",)),
    Spec("zoom_in", "view", QT_TRANSLATE_NOOP("Actions", "Zoom &in"), ("Ctrl++", "Ctrl+=")),
    Spec("zoom_out", "view", QT_TRANSLATE_NOOP("Actions", "Zoom &out"), ("Ctrl+-",)),
    Spec(
        "rotate_left",
        "view",
        QT_TRANSLATE_NOOP("Actions", "Rotate view le&ft"),
        ("Ctrl+[", "4"),
        separate=True,
    ),
    Spec("rotate_right", "view", QT_TRANSLATE_NOOP("Actions", "Rotate view ri&ght"), ("Ctrl+]", "6")),
    Spec("mirror_view", "view", QT_TRANSLATE_NOOP("Actions", "M&irror view"), ("Shift+H",), "mirror"),
    Spec(
        "straighten_view",
        "view",
        QT_TRANSLATE_NOOP("Actions", "Rese&t view"),
        ("Shift+0", "5"),
        tip=QT_TRANSLATE_NOOP("Actions", "Undo rotating and mirroring the view"),
    ),
)
