"""Compare methods: the same edit by several, beside the picture as it was; the best one becomes a turn."""

import numpy as np
from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from editor_core.pixels.difference import difference
from editor_core.workflow.comparison import OURS
from editor_core.workflow.proposal import REDRAW
from editor_core.workflow.sketch_layers import has_sketch
from gui.actions.actions import Actions
from gui.controllers.comparing import Compared, Comparing, State
from gui.controllers.editing import Editing
from gui.docks.prompt import PromptBar
from gui.look.images import thumbnail, to_qimage
from gui.look.theme import UNIT, Theme
from gui.texts.marks import as_tip
from gui.texts.numbers import decimal_text
from gui.viewmodels.document_vm import DocumentVM
from gui.widgets.buttons import IconButton
from gui.widgets.dialog import Dialog
from gui.widgets.picture_pair import PicturePair
from gui.widgets.plain_label import PlainLabel
from gui.worker.facade import EngineFacade

THUMBNAIL = 56  # pixels
CHOSEN = (*OURS, "p2p", "masactrl", "sdedit")
"""At first: ours, and three that take no longer."""
_METHOD = Qt.ItemDataRole.UserRole


class CompareMethodsDialog(Dialog):
    """Stays beside the window; what was compared is there again when it is opened anew."""

    def __init__(self, theme: Theme, comparing: Comparing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Compare methods"))
        self.resize(1040, 680)
        self._comparing = comparing
        self._picture: np.ndarray | None = None  # of the turn; what is compared may be an older one
        self._old_words = ""
        self._has_sketch = False
        self._make_widgets(theme)
        self._lay_out()
        self._connect()
        self._fill()

    # -- building

    def _make_widgets(self, theme: Theme) -> None:
        self.words = QLineEdit()
        self.words.setAccessibleName(self.tr("Prompt"))
        self.words.setPlaceholderText(self.tr("What the picture should show"))
        self.run_button = QPushButton(self.tr("Compare"))
        self.answered_by(self.run_button)
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.list = QListWidget()
        self.list.setProperty("plain_rows", True)
        self.list.setAccessibleName(self.tr("Methods"))
        self.list.setIconSize(QSize(THUMBNAIL, THUMBNAIL))
        self.list.setSpacing(2)
        self.list.setWordWrap(True)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.masked = QCheckBox(self.tr("Keep to the mask"))
        self.masked.setToolTip(self.tr("Methods that take a mask get yours; the others ignore it"))
        self.weights_button = QPushButton(self.tr("Choose weights…"))
        self.weights_button.setToolTip(self.tr("This method needs a model of its own: choose its folder"))
        self.split = IconButton(theme, "slider-compare", self.tr("Split view"), checkable=True)
        self.beside = IconButton(theme, "side-by-side", self.tr("Side by side"), checkable=True)
        self.differing = IconButton(theme, "overlay", self.tr("Difference"), checkable=True)
        self._ways = QButtonGroup(self)
        for way in (self.split, self.beside, self.differing):
            self._ways.addButton(way)
        self.beside.setChecked(True)
        self.left_name, self.right_name = PlainLabel(), PlainLabel()
        self.right_name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.pair = PicturePair(theme)
        self.pair.setAccessibleName(self.tr("Before and after"))
        self.pair.set_beside(True)
        self.note = PlainLabel()
        self.note.setProperty("muted", True)
        self.note.setWordWrap(True)
        self.adopt_button = QPushButton(self.tr("Make it a turn"))
        self.close_button = QPushButton(self.tr("Close"))

    def _lay_out(self) -> None:
        asking, seeing, foot = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row, widgets in (
            (asking, (self.words, self.run_button, self.cancel_button)),
            (seeing, (self.left_name, self.split, self.beside, self.differing, self.right_name)),
            (foot, (self.note, self.adopt_button, self.close_button)),
        ):
            row.setSpacing(UNIT)
            for widget in widgets:
                row.addWidget(widget, int(isinstance(widget, QLabel | QLineEdit)))
        left, right = QWidget(), QWidget()
        for side, parts in (
            (left, (self.list, self.masked, self.weights_button)),
            (right, (seeing, self.pair)),
        ):
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(UNIT)
            for part in parts:
                if isinstance(part, QHBoxLayout):
                    column.addLayout(part)
                else:
                    column.addWidget(part, int(part in (self.list, self.pair)))
        panes = QSplitter()
        panes.addWidget(left)
        panes.addWidget(right)
        panes.setStretchFactor(1, 1)
        panes.setSizes([300, 700])
        panes.setChildrenCollapsible(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        outer.setSpacing(UNIT)
        outer.addLayout(asking)
        outer.addWidget(panes, 1)
        outer.addLayout(foot)

    def _connect(self) -> None:
        comparing = self._comparing
        comparing.changed.connect(self._show_row)
        comparing.methods_changed.connect(self._fill)
        comparing.running_changed.connect(self._show_state)
        comparing.problem.connect(self.note.setText)
        comparing.adopted.connect(self.accept)
        self.words.textChanged.connect(self._show_state)
        self.run_button.clicked.connect(self.run)
        self.words.returnPressed.connect(self.run)
        self.cancel_button.clicked.connect(comparing.cancel)
        self.list.currentRowChanged.connect(self._show_pictures)
        self.list.itemChanged.connect(self._show_state)
        self.list.itemActivated.connect(lambda item: self.adopt())
        self.weights_button.clicked.connect(self.choose_weights)
        self.adopt_button.clicked.connect(self.adopt)
        self.close_button.clicked.connect(self.close)
        self._ways.buttonToggled.connect(lambda button, on: self._show_pictures() if on else None)

    # -- what the artist does

    def begin(self, picture: np.ndarray, old_words: str, words: str, sketched: bool) -> None:
        """Show it for an edit of a turn, uint8 (H, W, 3), that says ``old_words``."""
        self._picture, self._old_words, self._has_sketch = picture, old_words, sketched
        if not self._comparing.running:
            self.words.setText(words)
        self.masked.setVisible(self._comparing.has_mask)
        self.masked.setChecked(True)
        if self._comparing.before is None:
            self._choose_first()
        self._show_pictures()
        self.show()
        self.raise_()
        self.activateWindow()

    @property
    def chosen(self) -> list[str]:
        """The methods with a tick."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return [item.data(_METHOD) for item in items if item.checkState() is Qt.CheckState.Checked]

    @property
    def method(self) -> str:
        """The one that is looked at."""
        item = self.list.currentItem()
        return "" if item is None else str(item.data(_METHOD))

    def run(self) -> None:
        if self.run_button.isEnabled():
            self.note.clear()
            self._comparing.run(self.chosen, self.words.text().strip(), self.masked.isChecked())

    def adopt(self) -> None:
        if self.adopt_button.isEnabled():
            self._comparing.adopt(self.method)

    def choose_weights(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Folder with the method's model"))
        if folder:
            self._comparing.use_folder(self.method, folder)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.words.setFocus()
        self.words.selectAll()

    # -- showing

    def _fill(self) -> None:
        """The methods of the model that is loaded now."""
        ticked, seen = self.chosen, self.method
        self.list.blockSignals(True)
        self.list.clear()
        for name in self._comparing.rows:
            item = QListWidgetItem()
            item.setData(_METHOD, name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setSizeHint(QSize(200, THUMBNAIL + UNIT))
            item.setCheckState(_tick(name in ticked))
            self.list.addItem(item)
            if name == seen:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        if not ticked:
            self._choose_first()
        for name in self._comparing.rows:
            self._show_row(name)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        self._show_state()

    def _choose_first(self) -> None:
        """What is compared unless the artist says otherwise; Redraw where there is something to go by."""
        for row in range(self.list.count()):
            item = self.list.item(row)
            name = item.data(_METHOD)
            can = name != REDRAW or self._has_sketch or self._comparing.has_mask
            item.setCheckState(_tick(name in CHOSEN and can))

    def _show_row(self, name: str) -> None:
        names = list(self._comparing.rows)
        if name not in names or names.index(name) >= self.list.count():
            return
        item, row = self.list.item(names.index(name)), self._comparing.rows[name]
        about = self._about(row)
        item.setText(f"{row.label}\n{about}")
        item.setToolTip(as_tip(f"{row.label} ({row.paper})\n{about}"))
        if row.image is None:
            blank = QPixmap(THUMBNAIL, THUMBNAIL)
            blank.fill(Qt.GlobalColor.transparent)
            item.setIcon(QIcon(blank))
        elif row.state is State.DONE:
            ratio = self.devicePixelRatioF()
            pixmap = QPixmap.fromImage(thumbnail(row.image, round(THUMBNAIL * ratio)))
            pixmap.setDevicePixelRatio(ratio)
            icon = QIcon(pixmap)
            icon.addPixmap(pixmap, QIcon.Mode.Selected)  # which Qt would tint
            item.setIcon(icon)
        if name == self.method:
            self._show_pictures()
        self._show_state()

    def _about(self, row: Compared) -> str:
        """How far it is, or what came of it."""
        if row.state is State.DONE:
            return self.tr("{seconds} s, {share} % changed").format(
                seconds=decimal_text(row.seconds), share=round(100 * row.changed)
            )
        if row.state is State.RUNNING and row.total:
            return self.tr("Step {done} of {total}").format(done=row.done, total=row.total)
        if row.needs_model and row.state is State.IDLE:
            return row.folder or self.tr("Needs a model of its own")
        return {
            State.IDLE: row.paper,
            State.WAITING: self.tr("Waiting"),
            State.RUNNING: self.tr("Running"),
            State.FAILED: row.problem,
            State.CANCELLED: self.tr("Cancelled"),
        }[row.state]

    def _show_pictures(self, *_: object) -> None:
        row, before = self._comparing.rows.get(self.method), self._comparing.before
        before = self._picture if before is None else before
        self.weights_button.setVisible(row is not None and row.needs_model)
        self._show_state()
        if row is None or before is None:
            self.left_name.clear()
            self.right_name.clear()
            self.pair.set_images(QImage(), QImage())
            return
        after = row.image if row.image is not None and row.image.shape == before.shape else None
        left, right = before, after
        names = [self.tr("Before"), row.label if after is not None else ""]
        if self.differing.isChecked() and after is not None:
            left, right = after, difference(before, after)
            names = [row.label, self.tr("What changed")]
        self.left_name.setText(names[0])
        self.right_name.setText(names[1])
        self.pair.set_beside(not self.split.isChecked())
        other = QImage() if right is None else to_qimage(right)
        self.pair.set_images(to_qimage(left), other, keep_view=True)

    def _show_state(self, *_: object) -> None:
        """What can be done now."""
        words, running = self.words.text().strip(), self._comparing.running
        changed = bool(words) and words != self._old_words
        self.run_button.setEnabled(changed and bool(self.chosen) and not running)
        self.run_button.setToolTip("" if changed else self.tr("Change the words first"))
        self.cancel_button.setEnabled(running)
        row = self._comparing.rows.get(self.method)
        done = row is not None and row.state is State.DONE
        self.adopt_button.setEnabled(done)
        rows = self._comparing.rows.values()
        asked = [each for each in rows if each.state is not State.IDLE]
        over = [each for each in asked if each.state not in (State.WAITING, State.RUNNING)]
        if running:
            self.note.setText(
                self.tr("{done} of {total} methods are done.").format(done=len(over), total=len(asked))
            )
        elif row is not None and row.problem:
            self.note.setText(row.problem)
        elif asked and len(over) == len(asked):
            self.note.setText(self._comparing.words)


class MethodsComparison(QObject):
    """Opens the window from the menu, made when it is first asked for."""

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        actions: Actions,
        facade: EngineFacade,
        document: DocumentVM,
        editing: Editing,
        prompt: PromptBar,
    ) -> None:
        super().__init__(window)
        self._window, self._theme, self._vm, self._prompt = window, theme, document, prompt
        self.comparing = Comparing(facade, self._vm, editing, self)
        self.dialog: CompareMethodsDialog | None = None
        self.owns = self.comparing.owns
        actions["compare_methods"].triggered.connect(self.show)

    def show(self) -> None:
        turn = self._vm.turn
        if turn is None:
            return
        if self.dialog is None:
            self.dialog = CompareMethodsDialog(self._theme, self.comparing, self._window)
        sketched = has_sketch(self._vm.document)
        self.dialog.begin(turn.image, turn.prompt, self._prompt.edit.words, sketched)


def _tick(on: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
