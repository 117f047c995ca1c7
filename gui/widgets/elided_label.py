"""A line of text that is cut where there is too little room, and never widens the window."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGraphicsOpacityEffect, QLabel, QSizePolicy, QWidget

from gui.look.theme import UNIT
from gui.texts.marks import as_tip
from gui.widgets.plain_label import PlainLabel

FADE = 4 * UNIT  # logical pixels


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
    """For rich text, which cannot be elided: what is cut fades out. The whole of it is in the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._fading = QGraphicsOpacityEffect(self)
        self._fading.setOpacity(1.0)
        self._fading.setEnabled(False)
        self.setGraphicsEffect(self._fading)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(text)
        self._fade()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fade()

    def _fade(self) -> None:
        is_cut = self.sizeHint().width() > self.width()
        self._fading.setEnabled(is_cut)
        if is_cut:
            edge = QLinearGradient(self.width() - FADE, 0, self.width(), 0)
            edge.setColorAt(0, Qt.GlobalColor.black)
            edge.setColorAt(1, Qt.GlobalColor.transparent)
            self._fading.setOpacityMask(edge)
