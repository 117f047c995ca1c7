"""The bar above the canvas: what can be set for the tool in hand, and the mask overlay."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.actions.actions import Actions
from gui.canvas.tool import Tool
from gui.docks.brush_options import BrushOptions, MaskSigns
from gui.docks.brush_presets import BrushPresetsButton
from gui.docks.crop_options import CropOptions
from gui.docks.fill_options import FillOptions
from gui.docks.select_options import SelectOptions
from gui.docks.shape_options import ShapeOptions
from gui.docks.transform_options import TransformOptions
from gui.look.theme import UNIT, Theme
from gui.state.brush_presets import BrushPresets
from gui.texts.marks import as_tip
from gui.tools.brush import BrushTool
from gui.tools.brushes import MaskBrush
from gui.tools.crop import CropBox, CropTool
from gui.tools.fill import FillTool
from gui.tools.select import SelectSettings, SelectTool
from gui.tools.shapes import DragTool, ShapeSettings
from gui.tools.transform import TransformTool
from gui.tools.wand import WandTool
from gui.widgets.buttons import action_button
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.labelled_slider import LabelledSlider
from gui.widgets.plain_label import PlainLabel


@dataclass(frozen=True)
class ToolSettings:
    """What tools share that can be set for them, or that is set by hand."""

    selecting: SelectSettings
    crop: CropBox
    transform: TransformTool
    presets: BrushPresets
    shapes: ShapeSettings


class ToolOptions(QWidget):
    """Shows the settings of one tool at a time.

    Signals:
        overlay_opacity: Of the mask overlay, 0..1. Main thread.
        left: Enter or Escape in a field: the keys are the tool's again. Main thread.
    """

    overlay_opacity = Signal(float)
    left = Signal()

    def __init__(
        self, theme: Theme, actions: Actions, settings: ToolSettings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.name = PlainLabel()
        self.name.setProperty("heading", True)
        self.hint = ElidedLabel(whole=True)
        self.hint.setProperty("muted", True)
        self.signs = MaskSigns(theme)
        self.presets = BrushPresetsButton(theme, settings.presets)
        self.brush = BrushOptions(theme)
        self.mirrors = [action_button(actions[name]) for name in ("symmetry_across", "symmetry_down")]
        self.select = SelectOptions(theme, settings.selecting)
        self.fill = FillOptions()
        self.crop = CropOptions(settings.crop)
        self.transform = TransformOptions(theme, settings.transform)
        self.shape = ShapeOptions(theme, settings.shapes)
        self.clear = action_button(actions["clear_mask"])
        self.overlay = action_button(actions["toggle_overlay"])
        self.strength = LabelledSlider(self.tr("Overlay"), 10, 90, " %")
        self.strength.set_value(45)
        self.strength.moved.connect(lambda value: self.overlay_opacity.emit(value / 100))
        self._lay_out()

    def show_tool(self, tool: Tool, name: str) -> None:
        """Show what can be set for a tool."""
        self.name.setText(name)
        hint = QCoreApplication.translate("hints", tool.hint) if tool.hint else ""
        self.hint.setText(hint)
        self.name.setToolTip(as_tip(hint))  # where there is no room for it
        masks = isinstance(tool, MaskBrush)
        self.signs.setVisible(masks)
        self.clear.setVisible(masks)
        self.strength.setVisible(masks)
        self.overlay.setVisible(masks)
        self.brush.setVisible(isinstance(tool, BrushTool))
        for part in (self.presets, *self.mirrors):  # a mask has little room, and no need for most of them
            part.setVisible(isinstance(tool, BrushTool) and not masks)
        self.select.setVisible(isinstance(tool, SelectTool))
        self.crop.setVisible(isinstance(tool, CropTool))
        self.transform.setVisible(isinstance(tool, TransformTool))
        self.fill.setVisible(isinstance(tool, FillTool | WandTool))
        self.shape.setVisible(isinstance(tool, DragTool))
        if isinstance(tool, DragTool):
            self.shape.show_tool(tool)
        if isinstance(tool, MaskBrush):
            self.signs.show_tool(tool)
        if isinstance(tool, BrushTool):
            self.brush.show_tool(tool)
        if isinstance(tool, FillTool):
            self.fill.show_settings(tool.settings)
        if isinstance(tool, WandTool):
            self.fill.show_settings(tool.alike)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What a field leaves over."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is too little room, names go; what they name stays, and says it in a tooltip."""
        groups = (self.brush, self.select, self.fill, self.shape, self.transform)
        sliders = (self.strength, *(each for group in groups for each in group.findChildren(LabelledSlider)))
        names: list[Callable[[bool], None]] = [
            self.name.setVisible,
            *(slider.show_name for slider in sliders),
            self.transform.show_signs,
            self.transform.show_filter,
        ]
        for show in names:
            show(True)
        for show in names:
            for part in (*sliders, *groups):
                if (layout := part.layout()) is not None:
                    layout.activate()  # else the width of before would be found
            self._row.invalidate()
            if self._row.totalMinimumSize().width() <= self.width():
                break
            show(False)

    def _lay_out(self) -> None:
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 12, 2)
        row.setSpacing(UNIT)
        row.addWidget(self.name)
        row.addSpacing(UNIT)
        for widget in (
            self.signs,
            self.presets,
            self.brush,
            *self.mirrors,
            self.select,
            self.fill,
            self.shape,
            self.crop,
            self.transform,
            self.clear,
        ):
            row.addWidget(widget)
        row.addWidget(self.hint, 1)
        row.addWidget(self.strength)
        row.addWidget(self.overlay)
        self.setFixedHeight(5 * UNIT)
