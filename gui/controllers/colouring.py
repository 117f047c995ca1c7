"""The palettes of the colour dock: which there are, which is shown, what is brought and removed."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow

from editor_core.base.errors import EditorError
from gui.dialogs import ask
from gui.docks.colour import ColourPanel
from gui.state.palettes import ENDING, Palettes
from gui.state.window_state import WindowState
from gui.texts.messages import message_text
from gui.worker.background import spawn


class Colouring(QObject):
    """Keeps the panel's palettes.

    Signals:
        problem: A sentence. Main thread.
    """

    problem = Signal(str)

    def __init__(self, window: QMainWindow, panel: ColourPanel, state: WindowState) -> None:
        super().__init__(window)
        self._window, self._panel, self._state = window, panel, state
        self._shelf = Palettes()
        panel.import_asked.connect(lambda: spawn(self._ask()))
        panel.remove_asked.connect(self._remove)
        panel.palette_chosen.connect(self._choose)
        self._choose(state.palette)

    def bring(self, path: Path) -> None:
        """Import a palette and show it."""
        try:
            key = self._shelf.bring(path)
        except EditorError as error:
            self.problem.emit(message_text(error.message))
            return
        self.problem.emit("")
        self._choose(key)

    async def _ask(self) -> None:
        kinds = self.tr("GIMP palettes (*{ending})").format(ending=ENDING)
        path = await ask.file_to_open(self._window, self.tr("Import palette"), self._state.folder, kinds)
        if path is not None:
            self.bring(path)

    def _remove(self) -> None:
        self._shelf.remove(self._panel.palette_key)
        self._choose("")

    def _choose(self, key: str) -> None:
        palettes = self._shelf.load()
        shown = key if key in palettes else next(iter(palettes), "")
        self._panel.show_palettes(palettes, shown, not self._shelf.is_own(shown))
        if shown != self._state.palette:
            self._state.palette = shown
