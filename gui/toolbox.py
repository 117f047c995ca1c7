"""The tools at hand: which one the pointer holds, each with its own remembered brush."""

from PySide6.QtCore import QObject, Signal

from gui.actions import Actions
from gui.tools.brush import BrushSettings, BrushTool, Eraser, MaskBrush, PaintBrush
from gui.tools.dabs import Brush
from gui.tools.tool import PanTool, Tool
from gui.viewmodels.document_vm import DocumentVM
from gui.window_state import WindowState


class Toolbox(QObject):
    """One tool is always in hand.

    Signals:
        changed: Another tool. Main thread.
    """

    changed = Signal()

    def __init__(
        self, actions: Actions, document: DocumentVM, state: WindowState, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._state = state
        self.mask = MaskBrush(document, self._settings("mask_tool", Brush(size=64, hardness=0.6)))
        self.brush = PaintBrush(document, self._settings("brush_tool", Brush(size=16, hardness=0.9)))
        self.eraser = Eraser(document, self._settings("eraser_tool", Brush(size=32, hardness=0.8)))
        self._tools: dict[str, Tool] = {
            "pan_tool": PanTool(),
            "mask_tool": self.mask,
            "brush_tool": self.brush,
            "eraser_tool": self.eraser,
        }
        for name in self._tools:
            actions[name].triggered.connect(self.changed)
        for name, slot, steps in (
            ("larger", self.resize, 1),
            ("smaller", self.resize, -1),
            ("harder", self._harden, 1),
            ("softer", self._harden, -1),
        ):
            actions[name].triggered.connect(lambda _=False, slot=slot, steps=steps: slot(steps))
        actions["pan_tool"].setChecked(True)

    @property
    def tool(self) -> Tool:
        return self._tools[self._name()]

    @property
    def tool_text(self) -> str:
        """What the tool in hand is called."""
        return self._actions[self._name()].text().replace("&", "")

    def remember(self) -> None:
        """Keep every tool's brush for the next start."""
        for name, tool in self._tools.items():
            if isinstance(tool, BrushTool):
                self._state.remember_brush(name, tool.settings.brush)

    def choose_layer(self, layer_id: str | None) -> None:
        """The layer that brush and eraser work on."""
        self.brush.chosen_layer = self.eraser.chosen_layer = layer_id

    def resize(self, steps: int) -> None:
        if isinstance(self.tool, BrushTool):
            self.tool.settings.resize(steps)

    def _settings(self, tool: str, default: Brush) -> BrushSettings:
        settings = BrushSettings(default, self)
        kept = self._state.brush(tool, default)
        settings.set(size=kept.size, hardness=kept.hardness, opacity=kept.opacity)
        return settings

    def _harden(self, steps: int) -> None:
        if isinstance(self.tool, BrushTool):
            self.tool.settings.harden(steps)

    def _name(self) -> str:
        return self._actions.group("tool").checkedAction().objectName()
