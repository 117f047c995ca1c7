"""The keys of actions: their defaults, what the artist made of them, and who holds a key."""

from PySide6.QtCore import QObject, Signal

from gui.actions.actions import Actions
from gui.actions.keys import portable
from gui.actions.table import TABLE
from gui.state.window_state import WindowState

# Keys that the canvas itself waits for while they are held.
RESERVED = frozenset({"Space", "Tab", "Shift+Tab", "\\", "Backspace"})

# What actions were called whose keys an artist may have changed under that name.
_RENAMED = {"turn_left": "rotate_left", "turn_right": "rotate_right"} | {
    f"landing_{where}": f"place_{where}" for where in ("top", "above", "replace")
}

Keys = tuple[str, ...]


class Shortcuts(QObject):
    """Every action may have several keys; a key belongs to one action.

    Only what differs from the defaults is remembered, by the action's id, so that later defaults reach an old state.

    Signals:
        changed: Keys of any action. Main thread.
    """

    changed = Signal()

    def __init__(self, actions: Actions, state: WindowState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._state = state
        self._defaults: dict[str, Keys] = {spec.id: tuple(map(portable, spec.shortcuts)) for spec in TABLE}
        kept = {_RENAMED.get(name, name): keys for name, keys in state.shortcuts.items()}
        self._own = {name: keys for name, keys in kept.items() if name in self._defaults}
        self._apply()

    def keys(self, action: str) -> Keys:
        """The keys an action has, in Qt's portable words such as “Ctrl+Z”."""
        return self._own.get(action, self._defaults[action])

    def is_changed(self, action: str) -> bool:
        """Whether the artist gave the action other keys than it came with."""
        return action in self._own

    def holder(self, key: str, asking: str) -> str | None:
        """The id of another action that has this key."""
        key = portable(key)
        return next((name for name in self._defaults if name != asking and key in self.keys(name)), None)

    def assign(self, action: str, keys: Keys) -> None:
        """Give an action these keys and no others; actions that had one of them lose it."""
        wanted = tuple(dict.fromkeys(map(portable, keys)))
        for key in wanted:
            if (other := self.holder(key, action)) is not None:
                self._own[other] = tuple(kept for kept in self.keys(other) if kept != key)
        self._own[action] = wanted
        self._keep()

    def reset(self, action: str) -> None:
        """Give an action its first keys again; actions that have one of them now lose it."""
        self.assign(action, self._defaults[action])

    def reset_all(self) -> None:
        """All actions as they came."""
        self._own.clear()
        self._keep()

    def _keep(self) -> None:
        self._own = {name: keys for name, keys in self._own.items() if keys != self._defaults[name]}
        self._state.shortcuts = self._own
        self._apply()
        self.changed.emit()

    def _apply(self) -> None:
        for name in self._defaults:
            self._actions.set_keys(name, self.keys(name))
