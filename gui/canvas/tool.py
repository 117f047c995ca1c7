"""What a tool is: it follows the pointer over the picture and may draw its own marks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from gui.canvas.viewport import Viewport

Point = tuple[float, float]
Snap = Callable[[float, float], tuple[float | None, float | None]]
"""Where guides and grid draw a place of the picture to; None: neither is near."""


@dataclass(frozen=True)
class Pointer:
    """The pointer over the picture; x and y in picture pixels, with fractions."""

    x: float
    y: float
    pressure: float = 1.0  # 0..1; 1 for a mouse
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    scale: float = 1.0  # logical pixels of the screen for one of the picture
    snap: Snap = lambda x, y: (None, None)

    def snapped(self) -> "Pointer":
        """The pointer, drawn to what is near."""
        x, y = self.snap(self.x, self.y)
        return replace(self, x=self.x if x is None else x, y=self.y if y is None else y)

    def pull(self, points: Sequence[Point], dx: float, dy: float) -> Point:
        """The way (dx, dy) of some points, such that the one that is nearest to a guide or the grid gets there."""
        ends = [(x + dx, y + dy) for x, y in points]
        found = [self.snap(*end) for end in ends]
        across = [to - x for (x, _), (to, _) in zip(ends, found) if to is not None]
        down = [to - y for (_, y), (_, to) in zip(ends, found) if to is not None]
        return dx + min(across, key=abs, default=0.0), dy + min(down, key=abs, default=0.0)

    @property
    def shift(self) -> bool:
        return bool(self.modifiers & Qt.KeyboardModifier.ShiftModifier)

    @property
    def alt(self) -> bool:
        return bool(self.modifiers & Qt.KeyboardModifier.AltModifier)


class Tool:
    """The base of all tools; does nothing by itself."""

    cursor = Qt.CursorShape.ArrowCursor
    hint = ""
    """What the pointer and held keys do, in one line."""
    pans = False  # whether dragging moves the view
    snaps = False  # whether its pointer always does (`Pointer.snapped`)
    takes_arrows = False  # whether the arrow keys are the tool's
    with_alt: "Tool | None" = None
    """The tool that takes over while Alt is held."""
    with_eraser_end: "Tool | None" = None
    """The tool of a pen's other end."""

    @property
    def is_busy(self) -> bool:
        """Whether something begun with a click waits for the next one; keys then belong to the tool."""
        return False

    def enter(self) -> None:
        """The artist takes it up, perhaps once more."""

    def leave(self) -> None:
        """Another tool is taken up; what waits for the next click is given up."""
        if self.is_busy:
            self.abort()

    def press(self, pointer: Pointer) -> None:
        """The button or the pen goes down."""

    def move(self, pointer: Pointer) -> None:
        """The pointer moves while down."""

    def release(self, pointer: Pointer) -> None:
        """The button or the pen goes up."""

    def hover(self, pointer: Pointer) -> None:
        """The pointer moves while up."""

    def double_click(self, pointer: Pointer) -> None:
        """The second press of a double click, in place of ``press``."""
        self.press(pointer)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """A key while the canvas has the focus; True if the tool used it."""
        return False

    @property
    def can_undo(self) -> bool:
        """Whether `undo` has something to take back."""
        return False

    def undo(self) -> bool:
        """Take back the last thing done to what waits for the next click; False where there is none."""
        return False

    def abort(self) -> None:
        """Take back what the unfinished drag did."""

    def paint(self, painter: QPainter, viewport: Viewport, hover: tuple[float, float] | None) -> None:
        """Draw the tool's marks; ``hover`` is the pointer in upright coordinates, None when it is elsewhere."""

    def reach(self, viewport: Viewport) -> float:
        """How far from the pointer ``paint`` draws, in logical pixels."""
        return 0.0
