"""How results come: shown at once or not, applied at once or not, in which layer; kept for the next start."""

from PySide6.QtCore import QObject

from editor_core.document.result_placement import ResultPlacement
from gui.actions.actions import Actions
from gui.controllers.editing import Editing
from gui.state.window_state import WindowState


class ResultChoices(QObject):
    """Connects the actions that choose it."""

    def __init__(self, actions: Actions, editing: Editing, state: WindowState, parent: QObject) -> None:
        super().__init__(parent)
        self._actions, self._editing, self._state = actions, editing, state
        editing.apply_at_once = state.apply_at_once
        actions["apply_at_once"].setChecked(state.apply_at_once)
        actions["apply_at_once"].toggled.connect(self._apply_at_once)
        actions["show_results"].toggled.connect(state.set_show_results)
        actions.group("placement").triggered.connect(
            lambda action: self._place(action.objectName().removeprefix("place_"))
        )
        self.refresh()

    def refresh(self) -> None:
        """They may have been chosen in the settings."""
        self._editing.placement = ResultPlacement(self._state.placement)
        self._actions[f"place_{self._state.placement}"].setChecked(True)
        self._actions["show_results"].setChecked(self._state.show_results)

    def _apply_at_once(self, chosen: bool) -> None:
        self._editing.apply_at_once = self._state.apply_at_once = chosen

    def _place(self, placement: str) -> None:
        self._state.placement = placement
        self.refresh()
