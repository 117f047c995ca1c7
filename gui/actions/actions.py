"""The actions of the table, made and put into menus."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from gui.actions.access_keys import distinct
from gui.actions.colour_table import ADJUSTMENTS_MENU
from gui.actions.keys import native
from gui.actions.spec import Spec
from gui.actions.table import FILE, LAYER, MENUS, SUBMENUS, TABLE, TURN, VIEW_MENU
from gui.actions.tool_table import GUIDES, HAND, TOOLS_MENU
from gui.look.icons import icon
from gui.look.theme import Theme
from gui.texts.marks import plain_text


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
        self._actions[name].setToolTip(f"{tip} ({native(keys[0])})" if keys and "(" not in tip else tip)

    def group(self, name: str) -> QActionGroup:
        return self._groups[name]

    def fill(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Make the menus; returns them and the submenus by id."""
        menus = {key: bar.addMenu(_translated(title)) for key, title in MENUS.items()}
        for key, (_, title) in SUBMENUS.items():
            menus[key] = QMenu(_translated(title), bar)
        for spec in TABLE:
            self._place(menus, spec)
        menus[VIEW_MENU].addMenu(menus["panels"])
        menus[TURN].addMenu(menus["placement"])
        menus[TOOLS_MENU].addSeparator()
        menus[TOOLS_MENU].addMenu(menus[HAND])
        for menu in (bar, *menus.values()):
            _share_keys([action for action in menu.actions() if not action.isSeparator()])
        return menus

    def _place(self, menus: dict[str, QMenu], spec: Spec) -> None:
        if spec.separate:
            menus[spec.menu].addSeparator()
        menus[spec.menu].addAction(self._actions[spec.id])
        if spec.id == "open":
            menus[FILE].addMenu(menus["recent"])
        elif spec.id == "new_region":
            menus[LAYER].addMenu(menus[ADJUSTMENTS_MENU])
        elif spec.id == "straighten_view":
            menus[VIEW_MENU].addSeparator()
            menus[VIEW_MENU].addMenu(menus[GUIDES])
        elif spec.id == "compare":
            menus[VIEW_MENU].addSeparator()
            menus[VIEW_MENU].addMenu(menus["theme"])

    def _draw_icons(self) -> None:
        for spec in TABLE:
            if spec.icon:
                self._actions[spec.id].setIcon(icon(self._theme, spec.icon))


def _share_keys(entries: Sequence[QAction]) -> None:
    """Let no two entries of a menu have the same access key."""
    for action, text in zip(entries, distinct([action.text() for action in entries]), strict=True):
        action.setText(text)


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
