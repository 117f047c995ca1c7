"""What can be set for a brush."""

from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from gui.look.theme import UNIT, Theme
from gui.tools.brush import SIZES, BrushSettings, BrushTool
from gui.tools.brushes import MaskBrush
from gui.widgets.buttons import IconButton
from gui.widgets.labelled_slider import LabelledSlider


class BrushOptions(QWidget):
    """Size, hardness and opacity in the bar; flow, smoothing and the pen behind a button."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings: BrushSettings | None = None
        self.size_slider = LabelledSlider(self.tr("Size"), int(SIZES[0]), int(SIZES[1]), " px", curve=2.5)
        self.sliders = {
            "hardness": LabelledSlider(self.tr("Hardness"), 0, 100, " %"),
            "opacity": LabelledSlider(self.tr("Opacity"), 1, 100, " %"),
            "flow": LabelledSlider(self.tr("Flow"), 1, 100, " %"),
            "smoothing": LabelledSlider(self.tr("Smoothing"), 0, 100, " %"),
        }
        self.pressure = {
            "pressure_size": QCheckBox(self.tr("Pen pressure controls size")),
            "pressure_opacity": QCheckBox(self.tr("Pen pressure controls opacity")),
        }
        self.more = IconButton(theme, "settings", self.tr("Flow, smoothing, pen pressure"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(self._menu())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        for widget in (self.size_slider, self.sliders["hardness"], self.sliders["opacity"], self.more):
            row.addWidget(widget)
        self._connect()

    def show_tool(self, tool: BrushTool) -> None:
        """Show the brush of a tool; a mask has no opacity."""
        if self._settings is not None:
            self._settings.changed.disconnect(self._show)
        self._settings = tool.settings
        self._settings.changed.connect(self._show)
        self.sliders["opacity"].setVisible(not isinstance(tool, MaskBrush))
        self._show()

    def _menu(self) -> QMenu:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        for widget in (self.sliders["flow"], self.sliders["smoothing"], *self.pressure.values()):
            column.addWidget(widget)
        menu = QMenu(self)
        action = QWidgetAction(menu)
        action.setDefaultWidget(page)
        menu.addAction(action)
        return menu

    def _connect(self) -> None:
        self.size_slider.moved.connect(lambda value: self._set(size=float(value)))
        for name, slider in self.sliders.items():
            slider.moved.connect(lambda value, name=name: self._set(**{name: value / 100}))
        for name, box in self.pressure.items():
            box.toggled.connect(lambda checked, name=name: self._set(**{name: checked}))

    def _set(self, **values: float | bool) -> None:
        if self._settings is not None:
            self._settings.set(**values)

    def _show(self) -> None:
        if self._settings is None:
            return
        brush = self._settings.brush
        self.size_slider.set_value(round(brush.size))
        for name, slider in self.sliders.items():
            slider.set_value(round(getattr(brush, name) * 100))
        for name, box in self.pressure.items():
            box.blockSignals(True)
            box.setChecked(getattr(brush, name))
            box.blockSignals(False)


class MaskSigns(QWidget):
    """Whether the mask brush adds or takes away."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tool: MaskBrush | None = None
        self.add = IconButton(theme, "add", self.tr("Add to mask (Ctrl or Alt: subtract)"), checkable=True)
        self.subtract = IconButton(
            theme, "subtract", self.tr("Subtract from mask (Ctrl or Alt: add)"), checkable=True
        )
        self._buttons = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for button in (self.add, self.subtract):
            self._buttons.addButton(button)
            row.addWidget(button)
        self.add.setChecked(True)
        self._buttons.buttonToggled.connect(self._chosen)

    def show_tool(self, tool: MaskBrush) -> None:
        self._tool = tool
        (self.subtract if tool.subtracting else self.add).setChecked(True)

    def _chosen(self) -> None:
        if self._tool is not None:
            self._tool.subtracting = self.subtract.isChecked()
