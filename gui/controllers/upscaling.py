"""The shown picture enlarged by what the artist chooses."""

import asyncio
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

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
        found = await asyncio.to_thread(_files, folders)
        chosen = await UpscaleDialog.ask(found, self._window)
        if chosen is not None:
            self._editing.upscale(chosen.factor, chosen.upscaler, chosen.repaint)


def _files(folders: tuple[str, ...]) -> list[Path]:
    from editor_core.library.upscalers import upscaler_files  # the window starts without the library

    return list(upscaler_files(folders))
