"""The settings at work: dialogs that change them, the file that keeps them, and those who follow them."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from editor_core.base import settings
from editor_core.base.errors import SettingsError
from editor_core.base.loras import LoraChoice
from editor_core.base.settings import Settings
from editor_core.messages.requests import Configure, LoadModel
from editor_core.remote.token import keep_token, kept_token
from gui.look.theme import Theme
from gui.state.window_state import WindowState
from gui.texts.messages import message_text
from gui.viewmodels.document_vm import DocumentVM
from gui.worker.downloads import Downloads
from gui.worker.facade import EngineFacade
from gui.worker.library import Library

if (
    TYPE_CHECKING
):  # the dialogs are loaded when they are asked for: what they know of models and workers takes a while
    from gui.dialogs.cache import CacheDialog
    from gui.dialogs.models import ModelsDialog
    from gui.dialogs.settings import SettingsDialog


class Preferences(QObject):
    """Holds the Settings in use.

    Signals (main thread):
        changed: Other settings are in use.
        loading: The number of the job that loads a model.
        problem: A sentence: the settings could not be saved.
    """

    changed = Signal()
    loading = Signal(int)
    problem = Signal(str)

    def __init__(
        self, window: QWidget, facade: EngineFacade, theme: Theme, state: WindowState, chosen: Settings
    ) -> None:
        super().__init__(window)
        self._window, self._facade, self._theme, self._state = window, facade, theme, state
        self.settings = chosen
        self._lost = False  # what was changed last is in no file
        self.library = Library(self)
        self.downloads = Downloads(self)

    def load_model(self) -> None:
        """Get the chosen model into memory."""
        self.loading.emit(self._facade.submit(LoadModel.chosen(self.settings), self.tr("Load model")))

    def reload_model(self) -> None:
        """Read the chosen model anew, though the settings are the same."""
        self._facade.submit(LoadModel.chosen(self.settings, anew=True), self.tr("Load model"))

    def change(self, chosen: Settings) -> None:
        """Use other settings from now on, and keep them."""
        before, self.settings = self.settings, chosen
        self._theme.choose(chosen.theme)
        if chosen != replace(
            before,
            theme=chosen.theme,
            model_folders=chosen.model_folders,
            library_folders=chosen.library_folders,
        ):
            self._facade.submit(Configure(chosen), "")
        moved = chosen.compute_address != before.compute_address
        if moved or LoadModel.chosen(chosen) != LoadModel.chosen(before):
            self.load_model()
        self.changed.emit()
        try:
            settings.save(chosen)
        except SettingsError as error:
            self._lost = True
            self.problem.emit(message_text(error.message))
        else:
            if self._lost:  # else what is said is of the token
                self._lost = False
                self.problem.emit("")

    def _keep_token(self, token: str) -> None:
        try:
            if token != kept_token():
                keep_token(token)
        except SettingsError as error:
            self.problem.emit(message_text(error.message))

    def rest(self) -> None:
        """The window closes: what is fetched or looked at goes on another time."""
        self.library.stop()
        self.downloads.stop()

    def use_loras(self, loras: tuple[LoraChoice, ...]) -> None:
        self.change(replace(self.settings, loras=loras))

    def choose_theme(self, theme: str) -> None:
        self.change(replace(self.settings, theme=theme))

    def show_settings(self) -> "SettingsDialog":
        from gui.dialogs.settings import SettingsDialog

        dialog = SettingsDialog(self._theme, self.settings, self._state, self._window)
        dialog.token_chosen.connect(self._keep_token)
        dialog.changed.connect(self.change)
        return _opened(dialog)

    def work_here(self) -> None:
        """Do the work on this computer from now on."""
        self.change(replace(self.settings, compute_address=""))

    def show_models(self) -> "ModelsDialog":
        from gui.dialogs.models import ModelsDialog

        dialog = ModelsDialog(
            self._theme, self.settings, self.library, self.downloads, self._facade, self._window
        )
        dialog.changed.connect(self.change)
        dialog.reload.connect(self.reload_model)
        return _opened(dialog)

    def add_model(self, path: Path) -> "ModelsDialog":
        """Show the models with this file, a model's or a LoRA's, among them."""
        dialog = self.show_models()
        dialog.add_file(str(path))
        return dialog

    def show_cache(self, document: DocumentVM, path: Path | None, name: str) -> "CacheDialog":
        """What the cache holds of the open document and of recent projects."""
        from gui.dialogs.cache import CacheDialog, Project, recent_projects

        projects = recent_projects(other for other in self._state.recent if other != path)
        if document.document is not None:
            spaces = frozenset(turn.cache_space for turn in document.document.history if turn.cache_space)
            projects.insert(0, Project(self.tr("{name} (open)").format(name=name), spaces))
        return _opened(CacheDialog(self._facade, projects, self._window))


Dialog = TypeVar("Dialog", bound=QDialog)


def _opened(dialog: Dialog) -> Dialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog
