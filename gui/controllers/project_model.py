"""A project that was made with another model: the artist is asked once which to go on with."""

from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakSet

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from editor_core.base.settings import Settings
from editor_core.document.document import Document
from editor_core.document.turns import Turn
from editor_core.messages.events import Finished, ModelInfo
from gui.controllers.preferences import Preferences
from gui.dialogs.ask import message_box
from gui.viewmodels.document_vm import DocumentVM
from gui.worker.facade import EngineFacade

if TYPE_CHECKING:
    from editor_core.workflow.turn_models import FoundModel


class ProjectModel(QObject):
    """Looks at the shown turn of a document that was opened, once a model is in memory."""

    def __init__(
        self, window: QWidget, facade: EngineFacade, document: DocumentVM, preferences: Preferences
    ) -> None:
        super().__init__(window)
        self._window, self._vm, self._preferences = window, document, preferences
        self._info: ModelInfo | None = None
        self._asked: WeakSet[Document] = WeakSet()
        self.box: QMessageBox | None = None
        document.replaced.connect(self._opened)
        facade.finished.connect(self._finished)

    def _finished(self, event: Finished) -> None:
        if isinstance(event.result, ModelInfo):
            self._info = event.result
            self._look()

    def _opened(self) -> None:
        if self.box is not None:
            self.box.close()
        document = self._vm.document
        if (
            document is not None and self._vm.turn is None
        ):  # its first turn is made with the model that is there
            self._asked.add(document)
        self._look()

    def _look(self) -> None:
        document, turn = self._vm.document, self._vm.turn
        if document is None or document in self._asked or turn is None or self._info is None:
            return
        from editor_core.workflow.turn_models import model_of  # what it knows of models, when it is needed

        self._asked.add(document)
        found = model_of(turn, self._preferences.settings)
        if found is not None and turn.fingerprint != self._info.fingerprint:
            self._ask(turn, found)

    def _ask(self, turn: Turn, found: "FoundModel") -> None:
        assert self._info is not None
        box = self.box = message_box(self._window)
        box.setWindowTitle(self.tr("Model of the project"))
        names = ", ".join((turn.model, *(lora.label for lora in turn.loras)))
        box.setText(self.tr("This picture was made with {names}.").format(names=names))
        told = self.tr("With another model, the first edit analyses it again.")
        if found.missing:
            missing = ", ".join(found.missing)
            told = self.tr("Not found any more: {names}.").format(names=missing) + " " + told
        box.setInformativeText(told)
        if found.has_model:
            use = box.addButton(
                self.tr("Use {name}").format(name=turn.model), QMessageBox.ButtonRole.AcceptRole
            )
            use.clicked.connect(lambda: self._use(found.settings))
        else:
            find = box.addButton(self.tr("Find the model…"), QMessageBox.ButtonRole.AcceptRole)
            find.clicked.connect(lambda: self._find(turn))
        keep = self.tr("Keep {name}").format(name=self._info.name)
        box.setEscapeButton(box.addButton(keep, QMessageBox.ButtonRole.RejectRole))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(self._closed)
        box.open()

    def _closed(self) -> None:
        self.box = None

    def _use(self, settings: Settings) -> None:
        self._preferences.change(settings)

    def _find(self, turn: Turn) -> None:
        """Let the artist show where the model lies, a file or the index of a folder, among the models."""
        dialog = QFileDialog(self._window, self.tr("Where is {name}?").format(name=turn.model))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Models (*.safetensors model_index.json)"), self.tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda file: self._preferences.add_model(Path(file)))
        dialog.open()
