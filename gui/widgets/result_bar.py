"""The bar of a result that waits to be judged."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QPixmap
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from gui.look.images import thumbnail
from gui.look.theme import UNIT, Theme
from gui.texts.methods import method_name
from gui.widgets.buttons import IconButton
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain_label import PlainLabel

TEXT_WIDTH = 34 * UNIT  # whatever the text: nothing moves under the pointer while one looks through variants
THUMBNAIL = 26  # logical pixels
MAX_THUMBNAILS = 8  # side by side; of more, those around the one that is looked at


class ResultBar(QFrame):
    """Names what came, shows its variants and offers to apply or discard it.

    Signals (main thread):
        browsed: Look at a result so many places on (positive) or back.
        held: True while "before" is pressed.
        discarded: The results that wait are not wanted.
        other_asked: The same is wanted by the other method that is offered.
    """

    browsed = Signal(int)
    held = Signal(bool)
    discarded = Signal()
    other_asked = Signal()

    def __init__(self, theme: Theme, apply: QAction, discard: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("judging", True)
        self.setAccessibleName(self.tr("Result"))
        self._at = 0
        self._images: list[np.ndarray] = []
        self._judged = False
        self._offers_other = False
        self._previous = IconButton(theme, "chevron-left", self.tr("Previous result"))
        self._count = PlainLabel()
        self._next = IconButton(theme, "chevron-right", self.tr("Next result"))
        self._variants = _Thumbnails()
        self._text = ElidedLabel()
        self._text.setMinimumWidth(6 * UNIT)
        before = QPushButton(self.tr("Before"))
        before.setToolTip(self.tr("Hold to see the picture before the change (hold Tab)"))
        self._other = QPushButton()
        self._other.clicked.connect(self.other_asked)
        self._discard = _button(discard, self.tr("Discard"), self.tr("Esc"))
        self._apply = _button(apply, self.tr("Apply"), self.tr("Enter"), primary=True)
        self._judging: list[QWidget] = [before, self._other, self._discard, self._apply]
        self._let_go = QPushButton(self.tr("Discard"))
        self._let_go.clicked.connect(self.discarded)
        self._look = _button(apply, self.tr("Show"), self.tr("Enter"), primary=True)
        self._waiting: list[QWidget] = [self._let_go, self._look]
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(UNIT)
        for widget in (self._previous, self._variants, self._count, self._next):
            row.addWidget(widget)
        row.addWidget(self._text, 1)
        row.addSpacing(UNIT)
        for button in (*self._judging, *self._waiting):
            row.addWidget(button)
        before.pressed.connect(lambda: self.held.emit(True))
        before.released.connect(lambda: self.held.emit(False))
        self._previous.clicked.connect(lambda: self.browsed.emit(-1))
        self._next.clicked.connect(lambda: self.browsed.emit(1))
        self._variants.chosen.connect(lambda place: self.browsed.emit(place - self._at))
        self.hide()

    def sizeHint(self) -> QSize:
        """As wide for one text as for another."""
        hint = super().sizeHint()
        return QSize(hint.width() + TEXT_WIDTH, hint.height())

    def fit_into(self, room: int) -> None:
        """Take the width that is wanted; with less room, thumbnails go, then the names of keys, then the other way."""
        several, offers = self._judged and len(self._images) > 1, self._judged and self._offers_other
        wanted = self.sizeHint().width()
        for parts in ((True, True, True), (False, True, True), (False, False, True), (False, False, False)):
            thumbnails, keys, other = parts
            least = self._least_width(several and thumbnails, keys, offers and other)
            if least <= room:
                break
        if self._other.isHidden() is (offers and other):
            self._other.setVisible(offers and other)
        if self._variants.isHidden() is (several and thumbnails):
            self._variants.setVisible(several and thumbnails)
        for button in self._keyed:
            text = _with_keys(button) if keys else button.accessibleName()
            if text != button.text():  # else the layout would be asked for again and again
                button.setText(text)
        self.resize(min(max(wanted, least), room), self.sizeHint().height())

    def _least_width(self, thumbnails: bool, keys: bool, other: bool) -> int:
        """What the bar needs with or without thumbnails, the names of keys and the other method."""
        width = super().sizeHint().width()
        for part, shown in ((self._variants, thumbnails), (self._other, other)):
            width += (part.sizeHint().width() + self._row.spacing()) * (shown - (not part.isHidden()))
        for button in self._keyed:
            if not button.isHidden():
                text = _with_keys(button) if keys else button.accessibleName()
                metrics = button.fontMetrics()
                width += metrics.horizontalAdvance(text) - metrics.horizontalAdvance(button.text())
        return width

    @property
    def _keyed(self) -> tuple[QPushButton, ...]:
        """The buttons that name a key."""
        return self._discard, self._apply, self._look

    def show_result(self, text: str, at: int, images: Sequence[np.ndarray], other: str | None = None) -> None:
        """Show the result at a place, counted from 0, among the pictures of all that wait.

        other: another method that may be tried with the same words.
        """
        self._text.setText(text)
        self._offers_other = other is not None
        self._other.setText(self.tr("Try {method}").format(method=method_name(other or "")))
        self._other.setToolTip(self.tr("Ask for the same by another method; this result stays"))
        self._at, self._images = at, list(images)
        several = len(images) > 1
        self._count.setText(
            self.tr("{position} of {count}").format(position=at + 1, count=len(images)) if several else ""
        )
        tip = self.tr("Discard this result: {name}\nUndo brings it back.").format(name=text)
        if several:
            tip += "\n" + self.tr("The other variants stay.")
        self._discard.setToolTip(tip)
        self._variants.show_pictures(images if several else (), at)
        for widget in (self._previous, self._count, self._next, self._variants):
            widget.setVisible(several)
        self._show_buttons(judging=True)

    def show_waiting(self, count: int) -> None:
        """Results came while the artist was busy with something else."""
        self._text.setText(
            self.tr("A result is ready.")
            if count == 1
            else self.tr("{count} results are ready.").format(count=count)
        )
        self._let_go.setToolTip(
            self.tr("Discard the result; Undo brings it back")
            if count == 1
            else self.tr("Discard all {count} results; Undo brings them back one by one").format(count=count)
        )
        for widget in (self._previous, self._count, self._next, self._variants):
            widget.hide()
        self._show_buttons(judging=False)

    def _show_buttons(self, *, judging: bool) -> None:
        self._judged = judging
        for widget in self._judging:
            widget.setVisible(judging)
        self._other.setVisible(judging and self._offers_other)
        for widget in self._waiting:
            widget.setVisible(not judging)
        self.show()
        self.updateGeometry()


class _Thumbnails(QWidget):
    """Small pictures of the variants; a click looks at one.

    Signals:
        chosen: The place of a picture, from 0. Main thread.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen)
        self._shown: list[np.ndarray] = []
        self._first = 0

    @property
    def buttons(self) -> list[QToolButton]:
        return [button for button in self._group.buttons() if isinstance(button, QToolButton)]

    def show_pictures(self, images: Sequence[np.ndarray], at: int) -> None:
        """Show some of the pictures, uint8 (H, W, 3), and mark the one at a place."""
        first = max(0, min(at - MAX_THUMBNAILS // 2, len(images) - MAX_THUMBNAILS))
        shown = list(images[first : first + MAX_THUMBNAILS])
        if first != self._first or [id(image) for image in shown] != [id(image) for image in self._shown]:
            self._fill(shown, first)
        for button in self.buttons:
            button.setChecked(self._group.id(button) == at)

    def _fill(self, images: list[np.ndarray], first: int) -> None:
        for button in self.buttons:
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.deleteLater()
        self._shown, self._first = images, first
        for place, image in enumerate(images, first):
            button = QToolButton()
            button.setCheckable(True)
            button.setIconSize(QSize(THUMBNAIL, THUMBNAIL))
            picture = thumbnail(image, round(THUMBNAIL * self.devicePixelRatioF()))
            button.setIcon(QIcon(QPixmap.fromImage(picture)))
            button.setToolTip(self.tr("Variant {number}").format(number=place + 1))
            button.setAccessibleName(button.toolTip())
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._group.addButton(button, place)
            self._row.addWidget(button)
            button.show()  # at once: until then the bar would take its width for nothing


def _with_keys(button: QPushButton) -> str:
    return f"{button.accessibleName()}  {button.property('keys')}"


def _button(action: QAction, text: str, keys: str, *, primary: bool = False) -> QPushButton:
    button = QPushButton(f"{text}  {keys}")
    button.setProperty("primary", primary)
    button.setAccessibleName(text)
    button.setProperty("keys", keys)
    button.setToolTip(action.toolTip())
    button.clicked.connect(action.trigger)
    return button
