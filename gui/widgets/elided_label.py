"""Text that is cut where there is too little room, and never widens the window."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGraphicsOpacityEffect, QLabel, QSizePolicy, QWidget

from gui.look.theme import UNIT
from gui.texts.marks import as_tip
from gui.widgets.plain_label import PlainLabel

FADE = 4 * UNIT  # logical pixels
LEADING = 2  # logical pixels: arrows and Chinese words may come from a higher font
LINES = 2  # of rich text, at the most


class ElidedLabel(PlainLabel):
    """The whole text is in the tooltip. ``whole``: show all of it or nothing."""

    def __init__(self, parent: QWidget | None = None, *, whole: bool = False) -> None:
        super().__init__(parent=parent)
        self._whole = whole
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(as_tip(text))

    def clear(self) -> None:
        self.setText("")

    @property
    def shown(self) -> str:
        """What there is room for."""
        if self._whole and self.fontMetrics().horizontalAdvance(self.text()) > self.width():
            return ""
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, self.shown)


class FadingLabel(QLabel):
    """For rich text, which cannot be elided: in two lines where one is too short, and what is cut then fades out.

    The whole of it is in the tooltip.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_cut = False
        """Whether some of the text cannot be read."""
        self._lines = 1  # at least
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fading = QGraphicsOpacityEffect(self)
        self._fading.setOpacity(1.0)
        self._fading.setEnabled(False)
        self.setGraphicsEffect(self._fading)

    def keep_room(self, lines: int) -> None:
        """Be as high as so many lines, so that nothing moves when the text becomes longer."""
        self._lines = lines
        self._fit()

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def hasHeightForWidth(self) -> bool:
        return False  # its height is fixed, by itself

    def _fit(self) -> None:
        line = self.fontMetrics().lineSpacing() + LEADING
        self.setMinimumHeight(0)  # which would count as needed
        needed = -(-self.heightForWidth(self.width()) // line)
        self.is_cut = needed > LINES or self.minimumSizeHint().width() > self.width()
        self.setFixedHeight(max(self._lines, min(needed, LINES)) * line)
        self._fading.setEnabled(self.is_cut)
        if self.is_cut:
            edge = QLinearGradient(self.width() - FADE, 0, self.width(), 0)
            edge.setColorAt(0, Qt.GlobalColor.black)
            edge.setColorAt(1, Qt.GlobalColor.transparent)
            self._fading.setOpacityMask(edge)
