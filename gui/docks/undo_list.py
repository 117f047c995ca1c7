"""The undo entries of the document, first one on top; a click goes to the state after one."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from gui.texts.marks import as_tip
from gui.texts.undo_entries import undo_entry_name
from gui.viewmodels.document_vm import DocumentVM

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class UndoSteps(QAbstractListModel):
    """Row 0 is the beginning, row n the state after the n-th step; later ones were taken back."""

    def __init__(self, document: DocumentVM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._vm = document
        self._names: list[str] = []
        self.current = 0
        document.replaced.connect(self.refresh)
        document.undo_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Follow the undo stack."""
        document = self._vm.document
        self.beginResetModel()
        if document is None:
            self._names, self.current = [], 0
        else:
            stack = document.undo_stack
            first = self.tr("Earlier steps") if stack.forgotten else self.tr("Beginning")
            steps = (*stack.done, *stack.undone_steps)
            self._names = [first, *(undo_entry_name(step.text) for step in steps)]
            self.current = len(stack.done)
        self.endResetModel()

    def go_to(self, row: int) -> None:
        """Undo or redo until the document is as it was after a row's step."""
        while self._vm.document is not None and row != self.current:
            before = self.current
            if row < before:
                self._vm.undo()
            else:
                self._vm.redo()
            if self.current == before:  # nothing more in this direction
                return

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._names)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = index.row()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._names[row]
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_tip(self._names[row])
        if role == Qt.ItemDataRole.ForegroundRole and row > self.current:
            return QPalette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
        if role == Qt.ItemDataRole.FontRole and row == self.current:
            font = QFont()
            font.setBold(True)
            return font
        return None


class UndoList(QListView):
    """Shows the steps; the one that the document is at is chosen and in sight."""

    def __init__(self, document: DocumentVM, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps = UndoSteps(document, self)
        self.setModel(self.steps)
        self.setUniformItemSizes(True)
        self.setProperty("plain_rows", True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(self.tr("Undo history"))
        self.steps.modelReset.connect(self._show_current)
        self.clicked.connect(lambda index: self.steps.go_to(index.row()))
        self.activated.connect(lambda index: self.steps.go_to(index.row()))
        self._show_current()

    def _show_current(self) -> None:
        index = self.steps.index(self.steps.current)
        self.setCurrentIndex(index)
        self.scrollTo(index)
