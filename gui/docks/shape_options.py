"""What can be set for shapes and gradients."""

from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QWidget

from gui.look.theme import UNIT, Theme
from gui.tools.shapes import DragTool, GradientTool, ShapeSettings, ShapeTool, Style
from gui.widgets.buttons import IconButton
from gui.widgets.labelled_slider import LabelledSlider

MAX_WIDTH = 200  # pixels of a line


class ShapeOptions(QWidget):
    """Outline or filled and how wide the line is; for a gradient its kind and its end."""

    def __init__(self, theme: Theme, settings: ShapeSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        texts = {
            Style.OUTLINE: self.tr("Outline"),
            Style.FILL: self.tr("Filled"),
            Style.BOTH: self.tr("Outline, filled with the background colour"),
        }
        self.styles = {
            style: IconButton(theme, f"shape-{style}", text, checkable=True) for style, text in texts.items()
        }
        self._style_group = QButtonGroup(self)
        self.width_slider = LabelledSlider(self.tr("Width"), 1, MAX_WIDTH, " px", curve=2.0)
        self.kinds = {
            False: IconButton(theme, "gradient", self.tr("Linear"), checkable=True),
            True: IconButton(theme, "gradient-radial", self.tr("Radial"), checkable=True),
        }
        self._kind_group = QButtonGroup(self)
        self.to_clear = QCheckBox(self.tr("To transparent"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for style, button in self.styles.items():
            self._style_group.addButton(button)
            row.addWidget(button)
            button.clicked.connect(lambda _=False, style=style: settings.set(style=style))
        row.addWidget(self.width_slider)
        for radial, button in self.kinds.items():
            self._kind_group.addButton(button)
            row.addWidget(button)
            button.clicked.connect(lambda _=False, radial=radial: settings.set(radial=radial))
        row.addSpacing(UNIT)
        row.addWidget(self.to_clear)
        self.width_slider.moved.connect(lambda value: settings.set(width=value))
        self.to_clear.toggled.connect(lambda on: settings.set(to_clear=on))
        settings.changed.connect(self._show)
        self._show()

    def show_tool(self, tool: DragTool) -> None:
        """Show what matters for a tool."""
        is_gradient = isinstance(tool, GradientTool)
        for style in self.styles.values():
            style.setVisible(isinstance(tool, ShapeTool) and tool.can_fill)
        self.width_slider.setVisible(not is_gradient)
        for part in (*self.kinds.values(), self.to_clear):
            part.setVisible(is_gradient)

    def _show(self) -> None:
        self.styles[self._settings.style].setChecked(True)
        self.kinds[self._settings.radial].setChecked(True)
        self.width_slider.set_value(self._settings.width)
        self.to_clear.blockSignals(True)
        self.to_clear.setChecked(self._settings.to_clear)
        self.to_clear.blockSignals(False)
