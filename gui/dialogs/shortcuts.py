"""The list of shortcuts: search it, change it, see who has a key already."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QKeySequenceEdit,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.actions.actions import action_text, menu_text
from gui.actions.keys import native, portable
from gui.actions.shortcuts import RESERVED, Keys, Shortcuts
from gui.actions.table import TABLE
from gui.look.theme import UNIT
from gui.widgets.dialog import Dialog
from gui.widgets.plain_label import PlainLabel

ID = Qt.ItemDataRole.UserRole


class ShortcutsDialog(Dialog):
    """Every action by menu with its keys, and what the canvas does with held keys and the mouse."""

    def __init__(self, shortcuts: Shortcuts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shortcuts = shortcuts
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search for an action or a key"))
        self.search.setAccessibleName(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.tree = QTreeWidget()
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setAccessibleName(self.tr("Keyboard shortcuts"))
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.field = QKeySequenceEdit()
        self.field.setMinimumWidth(18 * UNIT)
        self.field.setMaximumSequenceLength(1)
        self.field.setClearButtonEnabled(True)
        self.field.setAccessibleName(self.tr("New shortcut"))
        self.use = QPushButton(self.tr("Assign"))
        self.use.setProperty("primary", True)
        self.also = QPushButton(self.tr("Add"))
        self.none = QPushButton(self.tr("Clear"))
        self.reset = QPushButton(self.tr("Reset"))
        self.reset_all = QPushButton(self.tr("Reset all"))
        self.close_button = QPushButton(self.tr("Close"))
        self.note = PlainLabel()
        self.note.setProperty("muted", True)
        self.note.setWordWrap(True)
        self._lay_out()
        self._connect()
        self._fill()
        self._show_choice()

    @property
    def action(self) -> str | None:
        """The id of the chosen action."""
        item = self.tree.currentItem()
        return None if item is None or item.isHidden() else item.data(0, ID)

    def choose(self, action: str) -> None:
        """Choose an action's row."""
        for item in self._rows():
            if item.data(0, ID) == action:
                self.tree.setCurrentItem(item)

    # -- building -------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        keys = QHBoxLayout()
        for widget in (self.field, self.use, self.also, self.none, self.reset):
            keys.addWidget(widget)
        keys.setStretch(0, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        foot.addWidget(self.reset_all)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(UNIT)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        column.addLayout(keys)
        column.addLayout(foot)
        self.resize(80 * UNIT, 76 * UNIT)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._filter)
        self.tree.currentItemChanged.connect(self._show_choice)
        self.field.keySequenceChanged.connect(self._show_note)
        self.use.clicked.connect(lambda: self._assign(()))
        self.also.clicked.connect(self._add)
        self.none.clicked.connect(self._clear)
        self.reset.clicked.connect(self._reset)
        self.close_button.clicked.connect(self.accept)
        self.reset_all.clicked.connect(self._shortcuts.reset_all)
        self._shortcuts.changed.connect(self._show_keys)

    def _fill(self) -> None:
        groups: dict[str, QTreeWidgetItem] = {}
        rows = [(menu_text(spec.menu), action_text(spec), spec.id) for spec in TABLE]
        for menu, text, name in [*rows, *self._held()]:
            if menu not in groups:
                groups[menu] = QTreeWidgetItem(self.tree, [menu])
                groups[menu].setFlags(Qt.ItemFlag.ItemIsEnabled)
                font = groups[menu].font(0)
                font.setBold(True)
                groups[menu].setFont(0, font)
            known = any(spec.id == name for spec in TABLE)
            row = QTreeWidgetItem(groups[menu], [text, "" if known else name])
            row.setData(0, ID, name if known else None)
            if not known:
                row.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.tree.expandAll()
        self._show_keys()
        self.tree.resizeColumnToContents(0)

    def _held(self) -> list[tuple[str, str, str]]:
        """What is no action and stays as it is."""
        canvas, keys = self.tr("Canvas"), self.tr("Ctrl or Alt + drag (see Settings)")
        return [
            (canvas, self.tr("Pan the view"), self.tr("Space + drag, middle drag")),
            (canvas, self.tr("Rotate the view"), self.tr("Shift + Space + drag")),
            (canvas, self.tr("Zoom"), self.tr("Wheel, Ctrl + Space + drag")),
            (canvas, self.tr("Brush size"), self.tr("Shift + drag, Ctrl + wheel")),
            (canvas, self.tr("Straight line from the last stroke"), self.tr("Shift + click")),
            (canvas, self.tr("Pick a colour with a brush"), keys),
            (canvas, self.tr("Subtract with the mask brush"), keys),
            (
                canvas,
                self.tr("Add to, subtract from, intersect with the selection"),
                self.tr("Shift, Ctrl or Alt, both"),
            ),
            (canvas, self.tr("Show the picture before the change"), self.tr("hold Tab or \\")),
        ]

    # -- showing --------------------------------------------------------------------------------------------------

    def _rows(self) -> list[QTreeWidgetItem]:
        return [row for group in self._groups() for row in _children(group)]

    def _groups(self) -> list[QTreeWidgetItem]:
        return _children(self.tree.invisibleRootItem())

    def _show_keys(self) -> None:
        for item in self._rows():
            if (name := item.data(0, ID)) is not None:
                item.setText(1, self.tr(" or ").join(map(native, self._shortcuts.keys(name))))
                font = item.font(1)
                font.setBold(self._shortcuts.is_changed(name))
                item.setFont(1, font)
        self._show_note()

    def _filter(self, words: str) -> None:
        """Rows whose words or keys hold what is searched for; groups that have any."""
        words = words.casefold().strip()
        for item in self._rows():
            item.setHidden(words not in f"{item.text(0)} {item.text(1)}".casefold())
        for group in self._groups():
            group.setHidden(all(row.isHidden() for row in _children(group)))

    def _show_choice(self) -> None:
        self.field.clear()
        self._show_note()

    def _show_note(self) -> None:
        """What the buttons would do, and whom they would take the key from."""
        action, key = self.action, self._key()
        refused = key in RESERVED
        for button in (self.use, self.also):
            button.setEnabled(action is not None and bool(key) and not refused)
        self.field.setEnabled(action is not None)
        self.none.setEnabled(action is not None and bool(self._shortcuts.keys(action)))
        self.reset.setEnabled(action is not None and self._shortcuts.is_changed(action))
        self.note.setText(self._note(action, key, refused))

    def _note(self, action: str | None, key: str, refused: bool) -> str:
        if action is None:
            return self.tr("Select an action to change its shortcut.")
        if not key:
            return self.tr("Click in the field and press the new shortcut.")
        if refused:
            return self.tr("{key} is reserved for the canvas.").format(key=native(key))
        other = self._shortcuts.holder(key, action)
        if other is not None:
            name = action_text(next(spec for spec in TABLE if spec.id == other))
            sentence = self.tr("{key} is assigned to “{action}” and will be removed from it.")
            return sentence.format(key=native(key), action=name)
        return self.tr("{key} is not in use.").format(key=native(key))

    # -- changing -------------------------------------------------------------------------------------------------

    def _key(self) -> str:
        return self.field.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    def _assign(self, others: Keys) -> None:
        if (action := self.action) is not None and self._key():
            self._shortcuts.assign(action, (*others, portable(self._key())))
            self.field.clear()

    def _add(self) -> None:
        if (action := self.action) is not None:
            self._assign(self._shortcuts.keys(action))

    def _clear(self) -> None:
        if (action := self.action) is not None:
            self._shortcuts.assign(action, ())

    def _reset(self) -> None:
        if (action := self.action) is not None:
            self._shortcuts.reset(action)


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    return [child for number in range(item.childCount()) if (child := item.child(number)) is not None]
