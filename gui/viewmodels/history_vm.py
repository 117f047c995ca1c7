"""The history as rows: the newest line of work runs straight down, what was tried beside it is indented."""

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from editor_core.document.history import HistoryTree
from editor_core.document.turns import Turn
from gui.texts.marks import as_tip
from gui.texts.methods import method_name
from gui.texts.turn_tips import tip_of
from gui.texts.words import change_summary
from gui.viewmodels.document_vm import DocumentVM
from gui.viewmodels.open_document import OpenDocument
from gui.viewmodels.turn_looks import TurnLooks

DRAGGED = "application/x-palimpsest-turn"


Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()  # the parent of every row


@dataclass(frozen=True)
class TurnRow:
    """One turn with its place in the drawn tree."""

    turn: Turn
    lane: int
    """Column of its dot; 0 is leftmost."""
    parent_lane: int | None
    """Column the line comes from; None for a first turn."""
    passing: tuple[int, ...]
    """Columns whose line runs past this row on its way down."""
    has_children: bool
    summary: str
    """What the turn changed, or its words for a first turn."""


def rows_of(history: HistoryTree) -> list[TurnRow]:
    """Every turn, parents before children; of several children the newest goes on in the parent's lane, below
    the others, which take a lane each to the right."""
    children: dict[str | None, list[str]] = {}
    for turn in history:
        children.setdefault(turn.parent, []).append(turn.id)
    rows: list[TurnRow] = []
    for root in children.get(None, ()):
        _add_rows(history, children, root, rows)
    return rows


def _add_rows(
    history: HistoryTree, children_of: dict[str | None, list[str]], root: str, rows: list[TurnRow]
) -> None:
    # Turns still to be listed, next last: id, lane, parent's lane, lanes with a line past them. A stack, because
    # a history may be deeper than Python's recursion.
    waiting: list[tuple[str, int, int | None, tuple[int, ...]]] = [(root, 0, None, ())]
    while waiting:
        turn_id, lane, parent_lane, passing = waiting.pop()
        children = children_of.get(turn_id, ())
        turn = history[turn_id]
        parent = None if turn.parent is None else history[turn.parent]
        rows.append(TurnRow(turn, lane, parent_lane, passing, bool(children), summary_of(turn, parent)))
        if children:
            *beside, newest = children
            waiting.append((newest, lane, lane, passing))
            waiting.extend((child, lane + 1, lane, (*passing, lane)) for child in reversed(beside))


def summary_of(turn: Turn, parent: Turn | None) -> str:
    """The artist's name for the turn, else what its words changed, else its words."""
    if turn.name:
        return turn.name
    if parent is None:
        return turn.prompt
    return change_summary(parent.prompt, turn.prompt) or turn.prompt


class HistoryVM(QAbstractListModel):
    """Rows give their TurnRow under RowRole and their TurnLook under LookRole.

    Signals:
        compared: Ids of two turns: one was dropped on the other. Main thread.
    """

    compared = Signal(str, str)
    RowRole = Qt.ItemDataRole.UserRole
    LookRole = RowRole + 1

    def __init__(self, document: DocumentVM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._rows: list[TurnRow] = []
        self._sought = ""
        self._starred = False
        self._made: WeakKeyDictionary[OpenDocument, TurnLooks] = WeakKeyDictionary()  # of all tabs
        document.replaced.connect(self._reset)
        document.history_changed.connect(self._reset)

    def seek(self, words: str, *, starred: bool = False) -> None:
        """List only turns whose words, name or way hold all these words, and perhaps only starred ones."""
        self._sought, self._starred = words.casefold(), starred
        self._reset()

    @property
    def filtered(self) -> bool:
        """Whether some turns may be missing."""
        return bool(self._sought.strip()) or self._starred

    def index_of(self, turn_id: str | None) -> QModelIndex:
        """Where a turn is listed; an invalid index if it is not."""
        for number, row in enumerate(self._rows):
            if row.turn.id == turn_id:
                return self.index(number)
        return QModelIndex()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == self.RowRole:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.summary
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_tip(tip_of(row.turn))
        if role == self.LookRole:
            return self._looks.of(row.turn)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        drag = Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemIsDropEnabled
        return super().flags(index) | drag if index.isValid() else Qt.ItemFlag.NoItemFlags

    def mimeTypes(self) -> list[str]:
        return [DRAGGED]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setData(DRAGGED, QByteArray(self._rows[indexes[0].row()].turn.id.encode()))
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """One turn dropped on another: compare them."""
        if data.hasFormat(DRAGGED) and parent.isValid():
            self.compared.emit(bytes(data.data(DRAGGED).data()).decode(), self._rows[parent.row()].turn.id)
        return False

    def _fits(self, row: TurnRow) -> bool:
        text = " ".join(
            (row.turn.prompt, row.turn.name, row.summary, method_name(row.turn.method))
        ).casefold()
        return all(word in text for word in self._sought.split()) and (row.turn.starred or not self._starred)

    @property
    def _looks(self) -> TurnLooks:
        """Those of the shown document."""
        looks = self._made.get(self._document.shown)
        if looks is None:
            looks = self._made[self._document.shown] = TurnLooks()
            looks.made.connect(self._show_look)
        return looks

    def _show_look(self, turn_id: str) -> None:
        index = self.index_of(turn_id)
        if index.isValid():
            self.dataChanged.emit(index, index, [self.LookRole])

    def _reset(self) -> None:
        document = self._document.document
        self.beginResetModel()
        self._rows = [] if document is None else rows_of(document.history)
        if self.filtered:  # what is left is a plain list
            found = [row for row in self._rows if self._fits(row)]
            self._rows = [TurnRow(row.turn, 0, None, (), False, row.summary) for row in found]
        known = set() if document is None else {turn.id for turn in document.history}
        self._looks.keep_only(known)
        self.endResetModel()
