"""The page on which two turns, or a turn and a result on trial, are compared."""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from editor_core.document.turns import Turn
from gui.controllers.editing import Editing
from gui.look.images import to_qimage
from gui.look.theme import UNIT, Theme
from gui.viewmodels.document_vm import DocumentVM
from gui.viewmodels.history_vm import summary_of
from gui.widgets.buttons import IconButton
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.picture_pair import PicturePair


class CompareView(QWidget):
    """Shown in place of the canvas.

    Signals (main thread):
        opened: There is something to compare.
        closed: The artist has seen enough, or what was compared is gone.
    """

    opened = Signal()
    closed = Signal()

    def __init__(
        self, theme: Theme, document: DocumentVM, editing: Editing, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._vm, self._editing = document, editing
        self.pair = PicturePair(theme)
        self.before_name, self.after_name = ElidedLabel(), ElidedLabel()
        self.after_name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.slider = IconButton(theme, "slider-compare", self.tr("Split view"), checkable=True)
        self.beside = IconButton(theme, "side-by-side", self.tr("Side by side"), checkable=True)
        self._ways = QButtonGroup(self)
        for button in (self.slider, self.beside):
            self._ways.addButton(button)
        self.slider.setChecked(True)
        self.close_button = QPushButton(self.tr("Back to the picture"))
        self._lay_out()
        self.beside.toggled.connect(self.pair.set_beside)
        self.close_button.clicked.connect(self.closed)
        for signal in (document.replaced, document.current_changed, editing.candidates_changed):
            signal.connect(self.closed)

    def compare_shown(self) -> None:
        """A result on trial with the shown turn, else the shown turn with the one it was made from."""
        document, turn, candidate = self._vm.document, self._vm.turn, self._editing.candidate
        if document is None or turn is None:
            return
        if candidate is not None:
            self._compare(
                document.picture(), candidate.result.image, self._name(turn), candidate.result.prompt
            )
        elif turn.parent is not None:
            self.compare_turns(turn.parent, turn.id)

    def compare_turns(self, before: str, after: str) -> None:
        document = self._vm.document
        if document is not None:
            one, other = document.history[before], document.history[after]
            self._compare(one.image, other.image, self._name(one), self._name(other))

    def _compare(self, before: np.ndarray, after: np.ndarray, before_name: str, after_name: str) -> None:
        self.pair.set_images(to_qimage(before), to_qimage(after))
        for label, text in ((self.before_name, before_name), (self.after_name, after_name)):
            label.setText(text)
        self.opened.emit()
        self.pair.setFocus()

    def _name(self, turn: Turn) -> str:
        document = self._vm.document
        assert document is not None
        return summary_of(turn, None if turn.parent is None else document.history[turn.parent])

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(UNIT)
        row.addWidget(self.before_name, 1)
        for widget in (self.slider, self.beside, self.close_button):
            row.addWidget(widget)
        row.addWidget(self.after_name, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.pair, 1)
