"""The shown picture enlarged by what the artist chooses."""

import asyncio

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from editor_core.library.upscalers import upscaler_files
from gui.actions.actions import Actions
from gui.controllers.editing import Editing
from gui.controllers.preferences import Preferences
from gui.dialogs.upscale import UpscaleDialog
from gui.worker.background import spawn


class Upscaling(QObject):
    """Follows its action by itself."""

    def __init__(
        self, window: QMainWindow, actions: Actions, editing: Editing, preferences: Preferences
    ) -> None:
        super().__init__(window)
        self._window, self._editing, self._preferences = window, editing, preferences
        actions["upscale"].triggered.connect(lambda: spawn(self._ask()))

    async def _ask(self) -> None:
        folders = self._preferences.settings.library_folders
        found = await asyncio.to_thread(lambda: list(upscaler_files(folders)))
        chosen = await UpscaleDialog.ask(found, self._window)
        if chosen is not None:
            self._editing.upscale(chosen.factor, chosen.upscaler, chosen.repaint)
