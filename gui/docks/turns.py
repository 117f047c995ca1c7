"""The history: a click shows a turn, the menu stars, renames, deletes it."""

from enum import Enum
from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QListView,
    QMenu,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from editor_core.document.commands import JumpToTurn, RemoveTurn, RenameTurn, StarTurn
from editor_core.document.turns import Turn
from editor_core.document.undo import Command
from gui.dialogs.ask import message_box
from gui.docks.turn_delegate import TurnDelegate
from gui.look.icons import icon
from gui.look.theme import UNIT, Theme
from gui.viewmodels.document_vm import DocumentVM
from gui.viewmodels.history_vm import HistoryVM
from gui.widgets.buttons import IconButton
from gui.widgets.hinted_list import HintedList


class Reuse(Enum):
    """What of an old turn is used again."""

    WORDS = "words"
    SEED = "seed"
    SETTINGS = "settings"
    MASK = "mask"
    ALL = "all"


class TurnsPanel(QWidget):
    """The tree of turns.

    Signals (main thread):
        reuse_wanted: A Turn and the Reuse that the artist wants of it.
        continue_wanted: The turn now shown is to be edited on.
        compare_wanted: Ids of two turns, the older first.
    """

    reuse_wanted = Signal(object, object)
    continue_wanted = Signal()
    compare_wanted = Signal(str, str)

    def __init__(self, theme: Theme, document: DocumentVM, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._vm = document
        self.model = HistoryVM(document, self)
        self._hint = self.tr("Every edit is listed here as a turn.")
        self.list = HintedList(theme, self.tr("Turns"), self._hint)
        self.list.setModel(self.model)
        self._delegate = TurnDelegate(theme, self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.setUniformItemSizes(True)  # else all rows are measured at each change
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.setDragDropMode(QListView.DragDropMode.DragDrop)
        self.list.setDefaultDropAction(Qt.DropAction.CopyAction)
        self.list.setDropIndicatorShown(True)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search turns"))
        self.search.setAccessibleName(self.tr("Search turns"))
        self.search.setClearButtonEnabled(True)
        self.starred = IconButton(theme, "star", self.tr("Show starred turns only"), checkable=True)
        head = QHBoxLayout()
        head.setContentsMargins(UNIT, 4, UNIT, 4)
        head.setSpacing(4)
        head.addWidget(self.search, 1)
        head.addWidget(self.starred)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.list)
        self.search.textChanged.connect(self._seek)
        self.starred.toggled.connect(self._seek)
        self.model.compared.connect(self._compare)
        self.list.clicked.connect(self._show)
        self.list.activated.connect(self._show)
        self.list.customContextMenuRequested.connect(self._open_menu)
        for signal in (document.replaced, document.current_changed, document.history_changed):
            signal.connect(self._follow)

    def go(self, rows: int) -> None:
        """Show the turn listed above (-1) or below (1) the shown one."""
        index = self.model.index_of(None if self._vm.turn is None else self._vm.turn.id)
        self._show(self.model.index(index.row() + rows))

    def seek(self) -> None:
        """Let the artist type what to look for."""
        self.search.setFocus()
        self.search.selectAll()

    def compare_shown(self) -> None:
        """Compare the shown turn with the one it was made from."""
        if self._vm.turn is not None and self._vm.turn.parent is not None:
            self.compare_wanted.emit(self._vm.turn.parent, self._vm.turn.id)

    def star_shown(self) -> None:
        """Star the turn that is shown, or take its star away."""
        if self._vm.turn is not None:
            self.toggle_star(self._vm.turn)

    def rename_shown(self) -> None:
        if self._vm.turn is not None:
            self.rename(self._vm.turn)

    def delete_shown(self) -> None:
        if self._vm.turn is not None:
            self.delete(self._vm.turn)

    def toggle_star(self, turn: Turn) -> None:
        self._vm.execute(StarTurn(turn.id, not turn.starred))

    def rename(self, turn: Turn) -> None:
        """Ask for a name; an empty one takes it away."""
        dialog = QInputDialog(self)
        dialog.setWindowTitle(self.tr("Rename turn"))
        dialog.setLabelText(self.tr("Name of the turn (leave empty to show its prompt)"))
        dialog.setTextValue(turn.name)
        dialog.resize(45 * UNIT, dialog.sizeHint().height())
        dialog.textValueSelected.connect(lambda name: self._change(turn, RenameTurn(turn.id, name.strip())))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _change(self, turn: Turn, command: Command) -> None:
        """Do something to a turn, unless it went while the artist was asked."""
        document = self._vm.document
        if document is not None and turn.id in document.history:
            self._vm.execute(command)

    def delete(self, turn: Turn) -> None:
        """Ask, then take out a turn and all that was made from it."""
        box = message_box(self)
        box.setWindowTitle(self.tr("Delete turn"))
        box.setText(self._delete_question(turn))
        box.setInformativeText(self.tr("You can undo this."))
        button = box.addButton(self.tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        button.clicked.connect(lambda: self._change(turn, RemoveTurn(turn.id)))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def menu_for(self, turn: Turn) -> QMenu:
        """What can be done with a turn."""
        menu = QMenu(self)
        star = self.tr("Remove star") if turn.starred else self.tr("Star")
        menu.addAction(icon(self._theme, "eye"), self.tr("Show"), lambda: self._jump(turn))
        menu.addAction(
            icon(self._theme, "brush"), self.tr("Continue from here"), lambda: self._continue(turn)
        )
        menu.addMenu(self._reuse_menu(turn, menu))
        if self._vm.turn is not None and self._vm.turn.id != turn.id:
            compare = self.tr("Compare with the current turn")
            shown = self._vm.turn.id
            menu.addAction(icon(self._theme, "compare"), compare, lambda: self._compare(turn.id, shown))
        menu.addSeparator()
        for name, text, slot in (
            ("star", star, lambda: self.toggle_star(turn)),
            ("rename", self.tr("Rename…"), lambda: self.rename(turn)),
            ("delete", self.tr("Delete…"), lambda: self.delete(turn)),
        ):
            menu.addAction(icon(self._theme, name), text, slot)
        return menu

    def _reuse_menu(self, turn: Turn, parent: QMenu) -> QMenu:
        menu = QMenu(self.tr("Reuse"), parent)
        menu.setIcon(icon(self._theme, "copy"))
        for part, text in (
            (Reuse.WORDS, self.tr("Words")),
            (Reuse.SEED, self.tr("Seed")),
            (Reuse.SETTINGS, self.tr("Steps, guidance, sampler, negative prompt")),
            (Reuse.MASK, self.tr("Mask")),
            (Reuse.ALL, self.tr("Everything")),
        ):
            action = menu.addAction(text, partial(self.reuse_wanted.emit, turn, part))
            action.setEnabled(part is not Reuse.MASK or turn.mask is not None)
        return menu

    def _continue(self, turn: Turn) -> None:
        self._jump(turn)
        self.continue_wanted.emit()

    def _compare(self, one: str, other: str) -> None:
        """Whatever was dropped on which, the older turn is the one before."""
        document = self._vm.document
        if document is not None and one != other:
            order = [turn.id for turn in document.history]
            self.compare_wanted.emit(*sorted((one, other), key=order.index))

    def _seek(self) -> None:
        self.model.seek(self.search.text(), starred=self.starred.isChecked())
        nothing = self.tr("No matching turns.") if self.model.filtered else self._hint
        self.list.set_hint(nothing)
        self._follow()

    def _delete_question(self, turn: Turn) -> str:
        document = self._vm.document
        count = 0 if document is None else len(document.history.subtree(turn.id))
        if count == 1:
            return self.tr("Delete this turn?")
        return self.tr("Delete this turn and {count} more made from it?").format(count=count - 1)

    def _show(self, index: QModelIndex) -> None:
        if index.isValid():
            self._jump(index.data(HistoryVM.RowRole).turn)

    def _jump(self, turn: Turn) -> None:
        if self._vm.turn is None or self._vm.turn.id != turn.id:
            self._vm.execute(JumpToTurn(turn.id))

    def _follow(self) -> None:
        """Mark the turn that is shown and bring it into sight."""
        self._delegate.current_id = None if self._vm.turn is None else self._vm.turn.id
        index = self.model.index_of(self._delegate.current_id)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)
        self.list.viewport().update()

    def _open_menu(self, place: QPoint) -> None:
        index = self.list.indexAt(place)
        if index.isValid():
            menu = self.menu_for(index.data(HistoryVM.RowRole).turn)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.list.viewport().mapToGlobal(place))
