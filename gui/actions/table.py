"""Every action of the window in one table: its words, shortcuts, icon and place in the menus."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from gui.actions.spec import QT_TRANSLATE_NOOP, Spec, plain_text
from gui.actions.tool_table import SELECT, TOOLS, VIEW
from gui.look.icons import icon
from gui.look.theme import Theme

_FILE, _EDIT, _LAYER, _VIEW, _TURN, _HELP = "file", "edit", "layer", "view", "turn", "help"
MENUS = {
    _FILE: QT_TRANSLATE_NOOP("Actions", "&File"),
    _EDIT: QT_TRANSLATE_NOOP("Actions", "&Edit"),
    _LAYER: QT_TRANSLATE_NOOP("Actions", "&Layer"),
    "select": QT_TRANSLATE_NOOP("Actions", "&Select"),
    "tools": QT_TRANSLATE_NOOP("Actions", "T&ools"),
    _VIEW: QT_TRANSLATE_NOOP("Actions", "&View"),
    _TURN: QT_TRANSLATE_NOOP("Actions", "T&urn"),
    _HELP: QT_TRANSLATE_NOOP("Actions", "&Help"),
}
SUBMENUS = {
    "recent": (_FILE, QT_TRANSLATE_NOOP("Actions", "Open &recent")),
    "theme": (_VIEW, QT_TRANSLATE_NOOP("Actions", "&Appearance")),
    "landing": (_TURN, QT_TRANSLATE_NOOP("Actions", "Where results &land")),
    "panels": (_VIEW, QT_TRANSLATE_NOOP("Actions", "&Panels")),
}

TABLE = (
    Spec("new", _FILE, QT_TRANSLATE_NOOP("Actions", "&New picture"), ("Ctrl+N",), "new"),
    Spec("open", _FILE, QT_TRANSLATE_NOOP("Actions", "&Open…"), ("Ctrl+O",), "open"),
    Spec("save", _FILE, QT_TRANSLATE_NOOP("Actions", "&Save"), ("Ctrl+S",), "save", separate=True),
    Spec("save_as", _FILE, QT_TRANSLATE_NOOP("Actions", "Save &as…"), ("Ctrl+Shift+S",)),
    Spec("export", _FILE, QT_TRANSLATE_NOOP("Actions", "&Export picture…"), ("Ctrl+Shift+E",), "export"),
    Spec(
        "settings", _FILE, QT_TRANSLATE_NOOP("Actions", "Se&ttings…"), ("Ctrl+,",), "settings", separate=True
    ),
    Spec("models", _FILE, QT_TRANSLATE_NOOP("Actions", "&Models…"), (), "models"),
    Spec("cache", _FILE, QT_TRANSLATE_NOOP("Actions", "&Cache…"), (), "info"),
    Spec("quit", _FILE, QT_TRANSLATE_NOOP("Actions", "&Quit"), ("Ctrl+Q",), separate=True),
    Spec("undo", _EDIT, QT_TRANSLATE_NOOP("Actions", "&Undo"), ("Ctrl+Z",), "undo"),
    Spec("redo", _EDIT, QT_TRANSLATE_NOOP("Actions", "&Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    Spec("copy", _EDIT, QT_TRANSLATE_NOOP("Actions", "&Copy"), ("Ctrl+C",), "copy", separate=True),
    Spec(
        "paste",
        _EDIT,
        QT_TRANSLATE_NOOP("Actions", "&Paste"),
        ("Ctrl+V",),
        tip=QT_TRANSLATE_NOOP("Actions", "The copied picture as a new layer"),
    ),
    Spec(
        "paste_sketch",
        _EDIT,
        QT_TRANSLATE_NOOP("Actions", "Paste as s&ketch"),
        ("Ctrl+Shift+V",),
        tip=QT_TRANSLATE_NOOP("Actions", "The copied picture as a sketch for a Redraw to follow"),
    ),
    Spec("paste_new", _EDIT, QT_TRANSLATE_NOOP("Actions", "Paste as &new picture"), ("Ctrl+Alt+V",)),
    Spec("new_layer", _LAYER, QT_TRANSLATE_NOOP("Actions", "&New paint layer"), ("Ctrl+Shift+N",), "add"),
    Spec("new_mask", _LAYER, QT_TRANSLATE_NOOP("Actions", "New &mask"), (), "mask"),
    Spec("new_sketch", _LAYER, QT_TRANSLATE_NOOP("Actions", "New s&ketch layer"), (), "layer-sketch"),
    Spec(
        "new_region",
        _LAYER,
        QT_TRANSLATE_NOOP("Actions", "New &region"),
        (),
        "layer-region",
        tip=QT_TRANSLATE_NOOP(
            "Actions", "A place with a name, to be painted with the mask brush and used again as a mask"
        ),
    ),
    Spec(
        "mask_from_region",
        _LAYER,
        QT_TRANSLATE_NOOP("Actions", "Mask from the re&gion"),
        tip=QT_TRANSLATE_NOOP("Actions", "Let the next edit change only the chosen region"),
    ),
    Spec(
        "trace_edges",
        _LAYER,
        QT_TRANSLATE_NOOP("Actions", "&Edges as a sketch…"),
        tip=QT_TRANSLATE_NOOP("Actions", "The outlines in the picture as faint lines to draw over"),
    ),
    Spec(
        "mask_from_sketch",
        _LAYER,
        QT_TRANSLATE_NOOP("Actions", "Mark what the s&ketch changes"),
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Make a mask of the places where the sketch departs from the picture"
        ),
    ),
    Spec(
        "group_layers",
        _LAYER,
        QT_TRANSLATE_NOOP("Actions", "&Group"),
        ("Ctrl+G",),
        "layer-group",
        tip=QT_TRANSLATE_NOOP("Actions", "Put the chosen layers into a group"),
        separate=True,
    ),
    Spec("ungroup_layers", _LAYER, QT_TRANSLATE_NOOP("Actions", "&Ungroup"), ("Ctrl+Shift+G",)),
    Spec(
        "duplicate_layer", _LAYER, QT_TRANSLATE_NOOP("Actions", "&Duplicate layer"), ("Ctrl+J",), "duplicate"
    ),
    Spec(
        "merge_down",
        _LAYER,
        QT_TRANSLATE_NOOP("Actions", "M&erge down"),
        ("Ctrl+E",),
        "merge-down",
        tip=QT_TRANSLATE_NOOP("Actions", "Make one layer of this and the one below; a group: one layer"),
    ),
    Spec("remove_layer", _LAYER, QT_TRANSLATE_NOOP("Actions", "&Remove layer"), (), "delete"),
    Spec("layer_up", _LAYER, QT_TRANSLATE_NOOP("Actions", "Move u&p"), ("Alt+]",), "up", separate=True),
    Spec("layer_down", _LAYER, QT_TRANSLATE_NOOP("Actions", "Move d&own"), ("Alt+[",), "down"),
    Spec(
        "lock_layer",
        _LAYER,
        QT_TRANSLATE_NOOP("Actions", "&Lock layer"),
        (),
        "lock",
        True,
        tip=QT_TRANSLATE_NOOP("Actions", "Protect the layer from changes"),
        separate=True,
    ),
    Spec(
        "lock_transparency",
        _LAYER,
        QT_TRANSLATE_NOOP("Actions", "Lock &transparency"),
        (),
        "lock-transparency",
        True,
        tip=QT_TRANSLATE_NOOP("Actions", "Paint only where the layer holds something already"),
    ),
    *SELECT,
    *TOOLS,
    *VIEW,
    Spec(
        "toggle_overlay",
        _VIEW,
        QT_TRANSLATE_NOOP("Actions", "Show &mask"),
        ("Q",),
        "overlay",
        True,
        tip=QT_TRANSLATE_NOOP("Actions", "Show or hide the mask over the picture"),
        separate=True,
    ),
    Spec(
        "show_changes",
        _VIEW,
        QT_TRANSLATE_NOOP("Actions", "Outline what the turn &changed"),
        ("Shift+Q",),
        "",
        True,
    ),
    Spec(
        "show_intermediate",
        _VIEW,
        QT_TRANSLATE_NOOP("Actions", "&Intermediate image of a Redraw"),
        tip=QT_TRANSLATE_NOOP("Actions", "What the sketch alone would give"),
    ),
    Spec(
        "compare",
        _VIEW,
        QT_TRANSLATE_NOOP("Actions", "Com&pare before and after"),
        ("Z",),
        "compare",
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Look at the picture before and after the change, with a line to drag"
        ),
    ),
    Spec("theme_system", "theme", QT_TRANSLATE_NOOP("Actions", "As the &system"), (), "", True, "theme"),
    Spec("theme_dark", "theme", QT_TRANSLATE_NOOP("Actions", "&Dark"), (), "", True, "theme"),
    Spec("theme_light", "theme", QT_TRANSLATE_NOOP("Actions", "&Light"), (), "", True, "theme"),
    Spec(
        "canvas_only",
        _VIEW,
        QT_TRANSLATE_NOOP("Actions", "Only the &picture"),
        ("F",),
        "",
        True,
        separate=True,
    ),
    Spec("reset_layout", _VIEW, QT_TRANSLATE_NOOP("Actions", "&Reset layout")),
    Spec(
        "run",
        _TURN,
        QT_TRANSLATE_NOOP("Actions", "&Run"),
        ("Ctrl+Return", "Ctrl+Enter"),
        "generate",
        tip=QT_TRANSLATE_NOOP("Actions", "Do what the button beside the words says"),
    ),
    Spec(
        "run_next",
        _TURN,
        QT_TRANSLATE_NOOP("Actions", "Run &before what waits"),
        ("Ctrl+Alt+Return",),
        "queue-front",
    ),
    Spec("run_instead", _TURN, QT_TRANSLATE_NOOP("Actions", "Run &instead of everything else")),
    Spec("generate", _TURN, QT_TRANSLATE_NOOP("Actions", "&Generate a new picture"), ("Ctrl+Shift+Return",)),
    Spec(
        "apply",
        _TURN,
        QT_TRANSLATE_NOOP("Actions", "&Apply result"),
        ("Return", "Enter"),
        "check",
        tip=QT_TRANSLATE_NOOP("Actions", "Make the result a turn of the picture (Enter)"),
        separate=True,
    ),
    Spec(
        "discard",
        _TURN,
        QT_TRANSLATE_NOOP("Actions", "&Discard result, or cancel"),
        ("Esc",),
        "close",
        tip=QT_TRANSLATE_NOOP("Actions", "Let the result go; the picture stays as it was (Esc)"),
    ),
    Spec("next_result", _TURN, QT_TRANSLATE_NOOP("Actions", "&Next result"), ("Right",)),
    Spec("previous_result", _TURN, QT_TRANSLATE_NOOP("Actions", "&Previous result"), ("Left",)),
    Spec(
        "cancel", _TURN, QT_TRANSLATE_NOOP("Actions", "&Cancel the running job"), ("Shift+X",), separate=True
    ),
    Spec("cancel_all", _TURN, QT_TRANSLATE_NOOP("Actions", "Cancel a&ll jobs"), ("Ctrl+Shift+X",)),
    Spec(
        "focus_prompt", _TURN, QT_TRANSLATE_NOOP("Actions", "&Edit the words"), ("Ctrl+L", "/"), separate=True
    ),
    Spec("turn_up", _TURN, QT_TRANSLATE_NOOP("Actions", "Turn a&bove"), ("Alt+Up",)),
    Spec("turn_down", _TURN, QT_TRANSLATE_NOOP("Actions", "Turn belo&w"), ("Alt+Down",)),
    Spec("seek", _TURN, QT_TRANSLATE_NOOP("Actions", "Searc&h the turns"), ("Ctrl+F",), "search"),
    Spec("star", _TURN, QT_TRANSLATE_NOOP("Actions", "&Star the turn"), (), "star"),
    Spec("rename", _TURN, QT_TRANSLATE_NOOP("Actions", "Rena&me the turn…"), ("F2",), "rename"),
    Spec("delete", _TURN, QT_TRANSLATE_NOOP("Actions", "Dele&te the turn…"), (), "delete"),
    Spec(
        "show_results",
        _TURN,
        QT_TRANSLATE_NOOP("Actions", "Sh&ow results as they come"),
        (),
        "",
        True,
        tip=QT_TRANSLATE_NOOP("Actions", "Otherwise they wait until you ask for them"),
        separate=True,
    ),
    Spec(
        "apply_at_once",
        _TURN,
        QT_TRANSLATE_NOOP("Actions", "Appl&y results at once"),
        (),
        "",
        True,
    ),
    Spec(
        "landing_top",
        "landing",
        QT_TRANSLATE_NOOP("Actions", "In a new layer on &top"),
        (),
        "",
        True,
        "landing",
    ),
    Spec(
        "landing_above",
        "landing",
        QT_TRANSLATE_NOOP("Actions", "In a new layer &above the chosen one"),
        (),
        "",
        True,
        "landing",
    ),
    Spec(
        "landing_replace",
        "landing",
        QT_TRANSLATE_NOOP("Actions", "In the &picture itself"),
        (),
        "",
        True,
        "landing",
    ),
    Spec("shortcuts", _HELP, QT_TRANSLATE_NOOP("Actions", "&Shortcuts"), ("F1", "Shift+?", "?")),
    Spec(
        "show_logs",
        _HELP,
        QT_TRANSLATE_NOOP("Actions", "Show &log folder"),
        tip=QT_TRANSLATE_NOOP("Actions", "Warnings and crash reports, to send with a report"),
    ),
    Spec("about", _HELP, QT_TRANSLATE_NOOP("Actions", "&About Palimpsest")),
)


class Actions(QObject):
    """The actions by id."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._theme = theme
        self._actions = {spec.id: _made(spec, window) for spec in TABLE}
        self._groups = _exclusive(self._actions, window)
        for spec in TABLE:
            self.set_keys(spec.id, spec.shortcuts)
        window.addActions(list(self._actions.values()))
        theme.changed.connect(self._draw_icons)
        self._draw_icons()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def __iter__(self) -> Iterator[QAction]:
        return iter(self._actions.values())

    def set_keys(self, name: str, keys: Sequence[str]) -> None:
        """Give an action these keys; its tooltip names the first."""
        spec = next(spec for spec in TABLE if spec.id == name)
        tip = _translated(spec.tip) if spec.tip else _plain(spec.text)
        self._actions[name].setShortcuts([QKeySequence(key) for key in keys])
        self._actions[name].setToolTip(f"{tip} ({_native(keys[0])})" if keys and "(" not in tip else tip)

    def group(self, name: str) -> QActionGroup:
        return self._groups[name]

    def fill(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Make the menus; returns them and the submenus by id."""
        menus = {key: bar.addMenu(_translated(title)) for key, title in MENUS.items()}
        for key, (_, title) in SUBMENUS.items():
            menus[key] = QMenu(_translated(title), bar)
        for spec in TABLE:
            self._place(menus, spec)
        menus[_VIEW].addMenu(menus["panels"])
        menus[_TURN].addMenu(menus["landing"])
        return menus

    def _place(self, menus: dict[str, QMenu], spec: Spec) -> None:
        if spec.separate:
            menus[spec.menu].addSeparator()
        menus[spec.menu].addAction(self._actions[spec.id])
        if spec.id == "open":
            menus[_FILE].addMenu(menus["recent"])
        elif spec.id == "compare":
            menus[_VIEW].addSeparator()
            menus[_VIEW].addMenu(menus["theme"])

    def _draw_icons(self) -> None:
        for spec in TABLE:
            if spec.icon:
                self._actions[spec.id].setIcon(icon(self._theme, spec.icon))


def menu_text(menu: str) -> str:
    """What a menu is called."""
    return _plain(MENUS.get(menu) or SUBMENUS[menu][1])


def action_text(spec: Spec) -> str:
    """What an action is called."""
    return _plain(spec.text)


def _made(spec: Spec, window: QWidget) -> QAction:
    action = QAction(_translated(spec.text), window)
    action.setObjectName(spec.id)
    action.setCheckable(spec.checkable)
    return action


def _exclusive(actions: dict[str, QAction], window: QWidget) -> dict[str, QActionGroup]:
    groups: dict[str, QActionGroup] = {}
    for spec in TABLE:
        if spec.group:
            groups.setdefault(spec.group, QActionGroup(window)).addAction(actions[spec.id])
    return groups


def _translated(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


def _plain(text: str) -> str:
    """Translated, without the mark of its access key and without dots."""
    return plain_text(_translated(text)).removesuffix("…").rstrip()


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
