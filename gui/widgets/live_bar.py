"""The bar of Live: how far paint is refined, what is going on, and what becomes of the results."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from gui.look.theme import UNIT
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.labelled_slider import LabelledSlider
from gui.widgets.plain_label import PlainLabel

TEXT_WIDTH = 28 * UNIT  # whatever the text: nothing moves under the pointer
LEAST_TEXT = 6 * UNIT


class LiveBar(QFrame):
    """Shown while Live is on.

    Signals (main thread):
        strength_chosen: How far paint is noised, 0..1; at the end of a drag.
        apply_asked, discard_asked: Of all results.
    """

    strength_chosen = Signal(float)
    apply_asked = Signal()
    discard_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("judging", True)
        self.setAccessibleName(self.tr("Live"))
        name = PlainLabel(self.tr("Live"))
        name.setProperty("heading", True)
        self.strength = LabelledSlider(self.tr("Strength"), 10, 100, " %")
        self.strength.setToolTip(
            self.tr(
                "How far a result may leave the paint: low keeps its shapes and colours, 100 % ignores it"
            )
        )
        self.strength.released.connect(lambda: self.strength_chosen.emit(self.strength.value / 100))
        self.text = ElidedLabel()
        self.text.setMinimumWidth(LEAST_TEXT)
        self.discard = QPushButton(self.tr("Keep my paint"))
        self.discard.setToolTip(self.tr("Let the results go; the paint stays as you painted it (Esc)"))
        self.discard.clicked.connect(self.discard_asked)
        self.apply = QPushButton(self.tr("Apply"))
        self.apply.setProperty("primary", True)
        self.apply.setToolTip(self.tr("Accept the results as a new turn (Enter)"))
        self.apply.clicked.connect(self.apply_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(UNIT)
        row.addWidget(name)
        row.addWidget(self.strength)
        row.addWidget(self.text, 1)
        for button in (self.discard, self.apply):
            row.addWidget(button)
        self.hide()

    def show_state(self, text: str, *, has_results: bool) -> None:
        """Say what is going on, and offer what can be done."""
        self.text.setText(text)
        for button in (self.discard, self.apply):
            button.setEnabled(has_results)

    def sizeHint(self) -> QSize:
        """As wide for one text as for another."""
        hint = super().sizeHint()
        return QSize(hint.width() + TEXT_WIDTH, hint.height())

    def fit_into(self, room: int) -> None:
        """Take the width that is wanted; with less room the text is cut, then the slider's name goes."""
        self.strength.show_name(True)
        self.strength.show_name(super().sizeHint().width() <= room)
        self.resize(min(self.sizeHint().width(), room), self.sizeHint().height())
