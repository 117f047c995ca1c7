"""Brush presets: taken into the hand, saved, imported and removed."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QMainWindow

from editor_core.base.errors import EditorError
from editor_core.base.limits import MAX_NAME
from editor_core.pixels.brush_files import PHOTOSHOPS
from gui.controllers.toolbox import Toolbox
from gui.dialogs import ask
from gui.docks.brush_presets import BrushPresetsButton
from gui.state.brush_presets import ENDING, Preset
from gui.state.window_state import WindowState
from gui.texts.messages import message_text
from gui.tools.brush import BrushTool
from gui.worker.background import spawn


class Brushes(QObject):
    """Connects the list of presets with the brush in hand.

    Signals:
        problem: A sentence. Main thread.
    """

    problem = Signal(str)

    def __init__(
        self, window: QMainWindow, toolbox: Toolbox, button: BrushPresetsButton, state: WindowState
    ) -> None:
        super().__init__(window)
        self._window, self._toolbox, self._button, self._state = window, toolbox, button, state
        button.chosen.connect(self.take)
        button.save_asked.connect(self._ask_name)
        button.import_asked.connect(lambda: spawn(self._ask_file()))
        button.remove_asked.connect(self._remove)

    def take(self, preset: Preset) -> None:
        """Give the tool in hand this brush."""
        if isinstance(self._toolbox.tool, BrushTool):
            self._toolbox.tool.settings.take(preset.brush)

    def save(self, name: str) -> None:
        """Keep the brush in hand under a name."""
        name = name.strip()[:MAX_NAME]
        if name and isinstance(self._toolbox.tool, BrushTool):
            self._guarded(lambda tool: self._toolbox.presets.save(name, tool.settings.brush))

    def bring(self, path: Path) -> None:
        """Import a brush's tip and take it into the hand."""
        self._guarded(lambda tool: tool.settings.take(self._toolbox.presets.bring(path).brush))

    def _guarded(self, change: Callable[[BrushTool], None]) -> None:
        tool = self._toolbox.tool
        if not isinstance(tool, BrushTool):
            return
        try:
            change(tool)
            self.problem.emit("")
        except EditorError as error:
            self.problem.emit(message_text(error.message))

    def _remove(self, name: str) -> None:
        self._guarded(lambda tool: self._toolbox.presets.remove(name))

    def _ask_name(self) -> None:
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(self.tr("Save brush"))
        dialog.setLabelText(self.tr("Name:"))
        dialog.textValueSelected.connect(self.save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def _ask_file(self) -> None:
        kinds = self.tr("GIMP brushes (*{ending})").format(ending=ENDING) + ";;"
        kinds += self.tr("Photoshop brushes are not read, but GIMP can convert them (*{ending})").format(
            ending=PHOTOSHOPS
        )
        path = await ask.file_to_open(self._window, self.tr("Import brush"), self._state.folder, kinds)
        if path is not None:
            self.bring(path)
