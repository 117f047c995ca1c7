"""What goes into a dock: a column that scrolls where the dock is low."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from gui.look.theme import UNIT
from gui.widgets.calm_wheel import scroll_past_fields


class Panel(QScrollArea):
    """``column`` takes the parts; then ``finish``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = QWidget()
        self._page.setProperty("panel", True)
        self.column = QVBoxLayout(self._page)
        self.column.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        self.column.setSpacing(UNIT)

    def finish(self) -> None:
        """All parts are in."""
        self.column.addStretch(1)
        self.setWidget(self._page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(self._page.minimumSizeHint().width() + UNIT)
        scroll_past_fields(self)
