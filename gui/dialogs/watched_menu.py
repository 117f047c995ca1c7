"""The folders whose models are listed: a menu to watch more of them, and to let them go."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QWidget

from editor_core.base import paths
from editor_core.library.places import found_places
from gui.texts.marks import as_label


class WatchedFolders(QPushButton):
    """Signals:
    chosen: A tuple of folders to watch. Main thread.
    """

    chosen = Signal(tuple)

    def __init__(self, folders: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(self.tr("Watched folders"))
        self.setToolTip(self.tr("Whatever lies in these folders is listed, and new files are noticed"))
        self._folders = folders
        self.menu_shown = QMenu(self)
        self.menu_shown.aboutToShow.connect(self.fill)
        self.setMenu(self.menu_shown)

    def fill(self) -> None:
        """What is watched, with a mark; then what other programs keep; then a choice of any."""
        menu = self.menu_shown
        menu.clear()
        own = menu.addAction(as_label(self.tr("Downloads: {folder}").format(folder=paths.models_folder())))
        own.setCheckable(True)
        own.setChecked(True)
        own.setEnabled(False)
        for folder in self._folders:
            action = menu.addAction(as_label(folder))
            action.setCheckable(True)
            action.setChecked(True)
            action.triggered.connect(partial(self._let_go, folder))
        known = {Path(folder).expanduser().resolve() for folder in self._folders}
        found = [place for place in found_places() if place.folder.resolve() not in known]
        if found:
            menu.addSection(self.tr("Found on this computer"))
        for place in found:
            text = self.tr("{program}: {folder}").format(program=place.program, folder=place.folder)
            action = menu.addAction(as_label(text))
            action.setCheckable(True)
            action.triggered.connect(partial(self.watch, str(place.folder)))
        menu.addSeparator()
        menu.addAction(self.tr("Watch another folder…")).triggered.connect(self._choose)

    def watch(self, folder: str, _checked: bool = True) -> None:
        if folder and folder not in self._folders:
            self._change((*self._folders, folder))

    def _let_go(self, folder: str, _checked: bool = False) -> None:
        self._change(tuple(each for each in self._folders if each != folder))

    def _change(self, folders: tuple[str, ...]) -> None:
        self._folders = folders
        self.chosen.emit(folders)

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Folder with models"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.watch)
        dialog.open()
