"""The tools at hand: which one the pointer holds, each with its own remembered settings, and the two colours."""

from PySide6.QtCore import QObject, Signal

from editor_core.document.strokes import Brush
from gui.actions.actions import Actions
from gui.canvas.tool import Tool
from gui.docks.tool_options import ToolSettings
from gui.state.brush_presets import BrushPresets
from gui.state.colours import Colours
from gui.state.window_state import WindowState
from gui.texts.marks import plain_text
from gui.tools.brush import BrushSettings, BrushTool, Symmetry
from gui.tools.brushes import Eraser, MaskBrush, PaintBrush, SketchBrush
from gui.tools.crop import CropBox, CropTool
from gui.tools.fill import FillSettings, FillTool
from gui.tools.floating import Floating
from gui.tools.guide_drag import GuideDrag
from gui.tools.move import MoveTool
from gui.tools.object_select import ObjectSelect
from gui.tools.pan import PanTool
from gui.tools.picker import ColourPicker
from gui.tools.select import EllipseSelect, LassoSelect, PolygonSelect, RectangleSelect, SelectSettings
from gui.tools.shapes import DragTool, EllipseTool, GradientTool, LineTool, RectangleTool, ShapeSettings
from gui.tools.stamps import CloneStamp, HealStamp, SmudgeBrush
from gui.tools.text import TextTool
from gui.tools.transform import TransformTool
from gui.tools.wand import WandTool
from gui.viewmodels.document_vm import DocumentVM


class Toolbox(QObject):
    """One tool is always in hand.

    Signals:
        changed: Another tool. Main thread.
        painted: Id of the layer that a stroke, a text or a cut-out went to: the next ones go there, too. Main thread.
        layer_chosen: The layer that tools work on is another one. Main thread.
        marks_changed: The tool draws its marks differently. Main thread.
    """

    changed = Signal()
    marks_changed = Signal()
    painted = Signal(str)
    layer_chosen = Signal()

    def __init__(
        self, actions: Actions, document: DocumentVM, state: WindowState, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._state = state
        self.colours = Colours(*state.colours, self)
        self.colours.remember(*state.recent_colours)
        self.selecting = SelectSettings(self)
        self.alike = FillSettings(self)
        """What the magic wand and a selection by colour take for alike."""
        self.presets = BrushPresets()
        self.symmetry = Symmetry(self)
        self.symmetry.changed.connect(self.marks_changed)
        self.mask = MaskBrush(document, self._settings("mask_tool", Brush(size=64, hardness=0.6)))
        brush = self._settings("brush_tool", Brush(size=16, hardness=0.9))
        self.brush = PaintBrush(document, brush, self.colours)
        sketch = self._settings("sketch_tool", Brush(size=8, hardness=0.9))
        self.sketch = SketchBrush(document, sketch, self.colours)
        self.eraser = Eraser(document, self._settings("eraser_tool", Brush(size=32, hardness=0.8)))
        self.clone = CloneStamp(document, self._settings("clone_tool", Brush(size=40, hardness=0.5)))
        self.heal = HealStamp(document, self._settings("heal_tool", Brush(size=40, hardness=0.5)))
        smudge = self._settings("smudge_tool", Brush(size=40, hardness=0.3, pressure_size=False))
        self.smudge = SmudgeBrush(document, smudge)
        self.text = TextTool(document)
        self.shapes = ShapeSettings(self)
        self.drawn = [
            kind(document, self.shapes, self.colours)
            for kind in (GradientTool, LineTool, RectangleTool, EllipseTool)
        ]
        self.fill = FillTool(document, FillSettings(self), self.colours)
        self.picker = ColourPicker(document, self.colours)
        self.floating = Floating(document, self)
        self.floating.changed.connect(self.marks_changed)
        self.guides = GuideDrag(document, self)
        self.move = MoveTool(document, self.floating, self.guides)
        self.transform = TransformTool(self.floating)
        self.crop = CropTool(document, CropBox(self))
        self.crop.box.changed.connect(self.marks_changed)
        self.object = ObjectSelect(document, self.selecting)
        self._tools: dict[str, Tool] = {
            "pan_tool": PanTool(),
            "move_tool": self.move,
            "transform_tool": self.transform,
            "crop_tool": self.crop,
            "rectangle_tool": RectangleSelect(document, self.selecting),
            "ellipse_tool": EllipseSelect(document, self.selecting),
            "lasso_tool": LassoSelect(document, self.selecting),
            "polygon_tool": PolygonSelect(document, self.selecting),
            "wand_tool": WandTool(document, self.selecting, self.alike),
            "object_tool": self.object,
            "mask_tool": self.mask,
            "brush_tool": self.brush,
            "sketch_tool": self.sketch,
            "eraser_tool": self.eraser,
            "clone_tool": self.clone,
            "heal_tool": self.heal,
            "smudge_tool": self.smudge,
            "fill_tool": self.fill,
            "gradient_tool": self.drawn[0],
            "line_tool": self.drawn[1],
            "shape_rectangle_tool": self.drawn[2],
            "shape_ellipse_tool": self.drawn[3],
            "text_tool": self.text,
            "picker_tool": self.picker,
        }
        for painter in (self.brush, self.clone, self.heal, self.smudge, self.fill, *self.drawn):
            painter.painted = self.painted.emit
        for tool in (self.brush, self.sketch, self.eraser, self.fill, *self.drawn):
            tool.with_alt = self.picker
        self._mask_eraser = MaskBrush(document, self.mask.settings)
        self._mask_eraser.subtracting = True
        self.mask.with_eraser_end = self._mask_eraser
        for tool in (self.brush, self.sketch):
            tool.with_eraser_end = self.eraser
        for each in (*self._tools.values(), self._mask_eraser):
            if isinstance(each, BrushTool):
                each.symmetry = self.symmetry
        self._connect()

    @property
    def settings(self) -> ToolSettings:
        """What the bar above the canvas shows."""
        return ToolSettings(self.selecting, self.crop.box, self.transform, self.presets, self.shapes)

    @property
    def tool(self) -> Tool:
        return self._tools[self._name()]

    @property
    def tool_text(self) -> str:
        """What the tool in hand is called."""
        return plain_text(self._actions[self._name()].text())

    def remember(self) -> None:
        """Keep every tool's brush and the colours for the next start."""
        for name, tool in self._tools.items():
            if isinstance(tool, BrushTool):
                self._state.remember_brush(name, tool.settings.brush)
        self._state.colours = (self.colours.foreground, self.colours.background)
        self._state.recent_colours = self.colours.recent

    def choose_layer(self, layer_id: str | None) -> None:
        """The layer that tools work on."""
        if layer_id != self.transform.chosen_layer:
            self.transform.choose(layer_id, in_hand=self.tool is self.transform)
        for tool in (*self._tools.values(), self._mask_eraser):
            if isinstance(tool, BrushTool | FillTool | MoveTool | DragTool):
                tool.chosen_layer = layer_id
        self.layer_chosen.emit()

    def resize(self, notches: float) -> None:
        if isinstance(self.tool, BrushTool):
            self.tool.settings.resize(notches)

    def _connect(self) -> None:
        for name in self._tools:
            self._actions[name].triggered.connect(self.changed)
        for name, slot, notches in (
            ("larger", self.resize, 1),
            ("smaller", self.resize, -1),
            ("harder", self._harden, 1),
            ("softer", self._harden, -1),
        ):
            self._actions[name].triggered.connect(lambda _=False, slot=slot, notches=notches: slot(notches))
        for name, axis in (("symmetry_across", "across"), ("symmetry_down", "down")):
            self._actions[name].toggled.connect(lambda on, axis=axis: self.symmetry.set(**{axis: on}))
        self._actions["swap_colours"].triggered.connect(lambda: self.colours.swap())
        self._actions["default_colours"].triggered.connect(lambda: self.colours.reset())
        self._actions["pan_tool"].setChecked(True)

    def _settings(self, tool: str, default: Brush) -> BrushSettings:
        settings = BrushSettings(self._state.brush(tool, default), self, self.presets.tip)
        settings.set()  # keeps what was remembered within its limits
        settings.changed.connect(self.marks_changed)
        return settings

    def _harden(self, notches: int) -> None:
        if isinstance(self.tool, BrushTool):
            self.tool.settings.harden(notches)

    def _name(self) -> str:
        return self._actions.group("tool").checkedAction().objectName()
