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
        QT_TRANSLATE_NOOP("Actions", "Move the view"),
    ),
    _tool(
        "move_tool",
        QT_TRANSLATE_NOOP("Actions", "Mo&ve"),
        ("V",),
        "move",
        QT_TRANSLATE_NOOP("Actions", "Move the chosen layer"),
    ),
    _tool(
        "rectangle_tool",
        QT_TRANSLATE_NOOP("Actions", "Select a &rectangle"),
        ("R", "Shift+M"),
        "select-rectangle",
        QT_TRANSLATE_NOOP("Actions", "Select a rectangle"),
        separate=True,
    ),
    _tool(
        "ellipse_tool",
        QT_TRANSLATE_NOOP("Actions", "Select an elli&pse"),
        ("Shift+R",),
        "select-ellipse",
        QT_TRANSLATE_NOOP("Actions", "Select an ellipse"),
    ),
    _tool(
        "lasso_tool",
        QT_TRANSLATE_NOOP("Actions", "&Lasso"),
        ("L",),
        "lasso",
        QT_TRANSLATE_NOOP("Actions", "Select what you draw around"),
    ),
    _tool(
        "polygon_tool",
        QT_TRANSLATE_NOOP("Actions", "Select a pol&ygon"),
        ("Shift+L",),
        "polygon",
        QT_TRANSLATE_NOOP("Actions", "Select corner by corner; Enter or a double click closes"),
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
        QT_TRANSLATE_NOOP("Actions", "Paint on the chosen layer"),
    ),
    _tool(
        "sketch_tool",
        QT_TRANSLATE_NOOP("Actions", "S&ketch brush"),
        ("S",),
        "layer-sketch",
        QT_TRANSLATE_NOOP("Actions", "Draw what a Redraw shall follow; it is not part of the picture"),
    ),
    _tool(
        "eraser_tool",
        QT_TRANSLATE_NOOP("Actions", "&Eraser"),
        ("E",),
        "eraser",
        QT_TRANSLATE_NOOP("Actions", "Make the chosen layer transparent"),
    ),
    _tool(
        "fill_tool",
        QT_TRANSLATE_NOOP("Actions", "&Fill"),
        ("G",),
        "fill",
        QT_TRANSLATE_NOOP("Actions", "Fill what looks alike with the colour"),
    ),
    _tool(
        "picker_tool",
        QT_TRANSLATE_NOOP("Actions", "Colour p&icker"),
        ("I",),
        "picker",
        QT_TRANSLATE_NOOP("Actions", "Take a colour from the picture (Alt in the brushes)"),
    ),
    Spec("larger", "tools", QT_TRANSLATE_NOOP("Actions", "Lar&ger brush"), ("]",), separate=True),
    Spec("smaller", "tools", QT_TRANSLATE_NOOP("Actions", "&Smaller brush"), ("[",)),
    Spec("harder", "tools", QT_TRANSLATE_NOOP("Actions", "Harder brush"), ("Shift+]", "}")),
    Spec("softer", "tools", QT_TRANSLATE_NOOP("Actions", "S&ofter brush"), ("Shift+[", "{")),
    Spec("swap_colours", "tools", QT_TRANSLATE_NOOP("Actions", "Swap &colours"), ("X",), separate=True),
    Spec("default_colours", "tools", QT_TRANSLATE_NOOP("Actions", "Black an&d white"), ("D",)),
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
        QT_TRANSLATE_NOOP("Actions", "&Mask from the selection"),
        ("Ctrl+Shift+M",),
        tip=QT_TRANSLATE_NOOP("Actions", "Let the next edit change only what is selected"),
        separate=True,
    ),
    Spec(
        "selection_from_mask", "select", QT_TRANSLATE_NOOP("Actions", "Selection from the mas&k"), ("Ctrl+M",)
    ),
    Spec(
        "fill_selection",
        "select",
        QT_TRANSLATE_NOOP("Actions", "Fill with the &colour"),
        ("Alt+Backspace",),
        separate=True,
    ),
    Spec("clear_selection", "select", QT_TRANSLATE_NOOP("Actions", "C&lear the pixels"), ("Delete",)),
    Spec(
        "clear_mask",
        "select",
        QT_TRANSLATE_NOOP("Actions", "Clea&r mask"),
        ("Ctrl+Shift+D",),
        "clear",
        tip=QT_TRANSLATE_NOOP("Actions", "Forget where you painted that the picture may change"),
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
        "turn_left", "view", QT_TRANSLATE_NOOP("Actions", "Turn the view le&ft"), ("Ctrl+[",), separate=True
    ),
    Spec("turn_right", "view", QT_TRANSLATE_NOOP("Actions", "Turn the view ri&ght"), ("Ctrl+]",)),
    Spec("mirror_view", "view", QT_TRANSLATE_NOOP("Actions", "M&irror the view"), ("Shift+H",), "mirror"),
    Spec("straighten_view", "view", QT_TRANSLATE_NOOP("Actions", "S&traighten the view"), ("Ctrl+Shift+0",)),
)
