"""Grid, snapping and the full screen."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QInputDialog, QMainWindow

from gui.actions.actions import Actions
from gui.controllers.stage import Stage
from gui.state.window_state import WindowState

NEAR = 8.0  # logical pixels from which on a guide draws to it
SPACINGS = (2, 4096)  # picture pixels


class Aids(QObject):
    """Connects their actions."""

    def __init__(self, window: QMainWindow, actions: Actions, stage: Stage, state: WindowState) -> None:
        super().__init__(window)
        self._window, self._stage, self._state = window, stage, state
        stage.grid.spacing = state.grid
        actions["show_grid"].toggled.connect(self._show_grid)
        self._snaps = [actions[name] for name in ("snap_to_grid", "snap_to_guides")]
        self._snaps[1].setChecked(True)
        stage.canvas.snap = self._snapped
        actions["grid_spacing"].triggered.connect(self._ask_spacing)
        actions["full_screen"].toggled.connect(self._fill_screen)

    def set_spacing(self, pixels: int) -> None:
        """Picture pixels from one line to the next; remembered."""
        self._stage.grid.spacing = self._state.grid = pixels
        self._stage.canvas.update()

    def _show_grid(self, shown: bool) -> None:
        self._stage.grid.shown = shown
        self._stage.canvas.update()

    def _snapped(self, x: float, y: float) -> tuple[float | None, float | None]:
        """A guide nearby goes before the grid."""
        document, stage = self._stage.document.document, self._stage
        to_grid, to_guides = (action.isChecked() for action in self._snaps)
        guide_x = guide_y = None
        if to_guides and stage.guides.shown and document is not None:
            guide_x, guide_y = document.guides.snapped(x, y, NEAR / stage.canvas.viewport.scale)
        grid_x, grid_y = stage.grid.snapped(x, y) if to_grid else (None, None)
        return (grid_x if guide_x is None else guide_x), (grid_y if guide_y is None else guide_y)

    def _ask_spacing(self) -> None:
        dialog = QInputDialog(self._window)
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setWindowTitle(self.tr("Grid spacing"))
        dialog.setLabelText(self.tr("Pixels:"))
        dialog.setIntRange(*SPACINGS)
        dialog.setIntValue(self._stage.grid.spacing)
        dialog.intValueSelected.connect(self.set_spacing)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _fill_screen(self, whole: bool) -> None:
        state, full = self._window.windowState(), Qt.WindowState.WindowFullScreen
        self._window.setWindowState(state | full if whole else state & ~full)
