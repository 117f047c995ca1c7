"""The menu of the files that were open lately."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from gui.state.window_state import WindowState
from gui.texts.marks import as_label, as_tip


class RecentMenu(QObject):
    """Keeps a menu up to date with what the window remembers; a click hands the file to ``open_file``."""

    def __init__(self, menu: QMenu, state: WindowState, open_file: Callable[[Path], None]) -> None:
        super().__init__(menu)
        self._menu, self._state, self._open_file = menu, state, open_file
        state.recent_changed.connect(self._list)
        self._list()

    def _list(self) -> None:
        self._menu.clear()
        for path in self._state.recent:
            action = self._menu.addAction(as_label(path.name))
            action.setToolTip(as_tip(str(path)))
            action.triggered.connect(partial(self._open_file, path))
        self._menu.setEnabled(bool(self._state.recent))
        if self._state.recent:
            self._menu.addSeparator()
            self._menu.addAction(self.tr("Clear list"), self._state.forget_files)
