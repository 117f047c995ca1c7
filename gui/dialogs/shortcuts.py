"""The list of shortcuts."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from gui.actions import shortcut_rows
from gui.theme import UNIT


class ShortcutsDialog(QDialog):
    """Every action that has keys, and what the canvas does with held keys and the mouse."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Shortcuts"))
        canvas = self.tr("Canvas")
        held = [
            (canvas, self.tr("Move the view"), self.tr("Space + drag, middle drag")),
            (canvas, self.tr("Zoom at the pointer"), self.tr("Wheel")),
            (canvas, self.tr("Size of the brush"), self.tr("Ctrl + wheel")),
            (canvas, self.tr("See the picture before the change"), self.tr("hold Tab or \\")),
            (canvas, self.tr("Take away from the mask"), self.tr("Alt + drag")),
        ]
        page = QWidget()
        page.setProperty("panel", True)
        grid = QGridLayout(page)
        grid.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        grid.setHorizontalSpacing(3 * UNIT)
        grid.setVerticalSpacing(4)
        heading = ""
        for menu, text, keys in held + shortcut_rows():
            if menu != heading:
                heading = menu
                title = _label(menu, "heading")
                title.setContentsMargins(0, UNIT, 0, 0)
                grid.addWidget(title, grid.rowCount(), 0, 1, 2)
            row = grid.rowCount()
            grid.addWidget(QLabel(text), row, 0)
            grid.addWidget(_label(keys, "muted"), row, 1, Qt.AlignmentFlag.AlignRight)
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)
        self.resize(60 * UNIT, 75 * UNIT)


def _label(text: str, kind: str) -> QLabel:
    label = QLabel(text)
    label.setProperty(kind, True)
    return label
