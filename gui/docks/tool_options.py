"""The bar above the canvas: what can be set for the tool in hand, and the mask overlay."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPixmap
from PySide6.QtWidgets import QButtonGroup, QColorDialog, QHBoxLayout, QLabel, QToolButton, QWidget

from gui.actions import Actions
from gui.theme import UNIT, Theme
from gui.tools.brush import SIZES, BrushSettings, BrushTool, Eraser, MaskBrush, PaintBrush
from gui.tools.tool import Tool
from gui.widgets.buttons import IconButton
from gui.widgets.labelled_slider import LabelledSlider


class ToolOptions(QWidget):
    """Shows the settings of one tool at a time.

    Signals:
        overlay_opacity: Of the mask overlay, 0..1. Main thread.
    """

    overlay_opacity = Signal(float)

    def __init__(self, theme: Theme, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tool: BrushTool | None = None
        self._settings: BrushSettings | None = None
        self.name = QLabel()
        self.name.setProperty("heading", True)
        self.brush_size = LabelledSlider(self.tr("Size"), int(SIZES[0]), int(SIZES[1]), " px", curve=2.5)
        self.hardness = LabelledSlider(self.tr("Hardness"), 0, 100, " %")
        self.opacity = LabelledSlider(self.tr("Opacity"), 1, 100, " %")
        self.add = IconButton(theme, "add", self.tr("Add to the mask (Alt: take away)"), checkable=True)
        self.subtract = IconButton(
            theme, "subtract", self.tr("Take away from the mask (Alt: add)"), checkable=True
        )
        self.signs = QButtonGroup(self)
        for button in (self.add, self.subtract):
            self.signs.addButton(button)
        self.add.setChecked(True)
        self.clear = _action_button(actions["clear_mask"])
        self.colour = ColourButton(self.tr("Brush colour"))
        self.overlay = _action_button(actions["toggle_overlay"])
        self.strength = LabelledSlider(self.tr("Overlay"), 10, 90, " %")
        self.strength.set_value(45)
        self._lay_out()
        self._connect()

    def show_tool(self, tool: Tool, name: str) -> None:
        """Show what can be set for a tool."""
        if self._settings is not None:
            self._settings.changed.disconnect(self._show_settings)
        brush = tool if isinstance(tool, BrushTool) else None
        self._tool, self._settings = brush, None if brush is None else brush.settings
        self.name.setText(name)
        masks = isinstance(tool, MaskBrush)
        for slider in (self.brush_size, self.hardness):
            slider.setVisible(brush is not None)
        for button in (self.add, self.subtract, self.clear):
            button.setVisible(masks)
        self.opacity.setVisible(brush is not None and not masks)
        self.colour.setVisible(isinstance(tool, PaintBrush) and not isinstance(tool, Eraser))
        if isinstance(tool, PaintBrush):
            self.colour.show_colour(QColor(*tool.colour))
        if self._settings is not None:
            self._settings.changed.connect(self._show_settings)
            self._show_settings()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 12, 2)
        row.setSpacing(UNIT)
        row.addWidget(self.name)
        row.addSpacing(UNIT)
        parts: list[QWidget] = [self.add, self.subtract, self.colour, self.brush_size, self.hardness]
        for widget in (*parts, self.opacity, self.clear):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.strength)
        row.addWidget(self.overlay)
        self.setFixedHeight(5 * UNIT)

    def _connect(self) -> None:
        self.brush_size.moved.connect(lambda value: self._set(size=float(value)))
        self.hardness.moved.connect(lambda value: self._set(hardness=value / 100))
        self.opacity.moved.connect(lambda value: self._set(opacity=value / 100))
        self.strength.moved.connect(lambda value: self.overlay_opacity.emit(value / 100))
        self.signs.buttonToggled.connect(self._sign_chosen)
        self.colour.chosen.connect(self._colour_chosen)

    def _set(self, **values: float) -> None:
        if self._settings is not None:
            self._settings.set(**values)

    def _show_settings(self) -> None:
        if self._settings is not None:
            brush = self._settings.brush
            self.brush_size.set_value(round(brush.size))
            self.hardness.set_value(round(brush.hardness * 100))
            self.opacity.set_value(round(brush.opacity * 100))

    def _sign_chosen(self) -> None:
        if isinstance(self._tool, MaskBrush):
            self._tool.subtracting = self.subtract.isChecked()

    def _colour_chosen(self, colour: QColor) -> None:
        if isinstance(self._tool, PaintBrush):
            self._tool.colour = (colour.red(), colour.green(), colour.blue())


class ColourButton(QToolButton):
    """A swatch that opens the colour dialog.

    Signals:
        chosen: A QColor. Main thread.
    """

    chosen = Signal(QColor)

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = QColor("black")
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.setIconSize(QSize(20, 20))
        self.clicked.connect(self._ask)

    def show_colour(self, colour: QColor) -> None:
        self._colour = colour
        swatch = QPixmap(20, 20)
        swatch.fill(colour)
        self.setIcon(QIcon(swatch))

    def _ask(self) -> None:
        dialog = QColorDialog(self._colour, self)
        dialog.colorSelected.connect(self._take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take(self, colour: QColor) -> None:
        self.show_colour(colour)
        self.chosen.emit(colour)


def _action_button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(20, 20))
    button.setAccessibleName(action.text())
    return button
