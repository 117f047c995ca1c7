"""What a tool is: it follows the pointer over the picture and may draw its own marks."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from gui.canvas.viewport import Viewport


@dataclass(frozen=True)
class Pointer:
    """The pointer over the picture; x and y in picture pixels, with fractions."""

    x: float
    y: float
    pressure: float = 1.0  # 0..1; 1 for a mouse
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier


class Tool:
    """The base of all tools; does nothing by itself."""

    cursor = Qt.CursorShape.ArrowCursor
    pans = False  # whether dragging moves the view

    def press(self, pointer: Pointer) -> None:
        """The button or the pen goes down."""

    def move(self, pointer: Pointer) -> None:
        """The pointer moves while down."""

    def release(self, pointer: Pointer) -> None:
        """The button or the pen goes up."""

    def abort(self) -> None:
        """Take back what the unfinished drag did."""

    def paint(self, painter: QPainter, viewport: Viewport, hover: tuple[float, float] | None) -> None:
        """Draw the tool's marks; ``hover`` is the pointer in screen coordinates, None when it is elsewhere."""

    def reach(self, viewport: Viewport) -> float:
        """How far from the pointer ``paint`` draws, in logical pixels."""
        return 0.0


class PanTool(Tool):
    """Moves the view."""

    cursor = Qt.CursorShape.OpenHandCursor
    pans = True
