"""What can be set for the selection tools."""

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from editor_core.document.selection import Combine
from gui.look.theme import UNIT, Theme
from gui.tools.select import SelectSettings
from gui.widgets.buttons import IconButton
from gui.widgets.labelled_slider import LabelledSlider

MAX_PIXELS = 200  # pixels of a soft edge


class SelectOptions(QWidget):
    """How a new shape joins the selection, and how soft its edge is."""

    def __init__(self, theme: Theme, settings: SelectSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        texts = {
            Combine.REPLACE: self.tr("New selection"),
            Combine.ADD: self.tr("Add to selection (Shift)"),
            Combine.SUBTRACT: self.tr("Subtract from selection (Ctrl or Alt)"),
            Combine.INTERSECT: self.tr("Intersect with selection (Shift+Ctrl or Shift+Alt)"),
        }
        self.buttons = {
            how: IconButton(theme, f"select-{how}", text, checkable=True) for how, text in texts.items()
        }
        self._group = QButtonGroup(self)
        self.feather = LabelledSlider(self.tr("Feather"), 0, MAX_PIXELS, " px", curve=2.0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for how, button in self.buttons.items():
            self._group.addButton(button)
            row.addWidget(button)
            button.clicked.connect(lambda _=False, how=how: settings.set(combine=how))
        row.addSpacing(UNIT)
        row.addWidget(self.feather)
        self.feather.moved.connect(lambda value: settings.set(feather=value))
        settings.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.buttons[self._settings.combine].setChecked(True)
        self.feather.set_value(self._settings.feather)
