"""The transform tool: move, scale, rotate, flip and shear a layer, or what is selected of it, by handles or numbers."""

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPen

from editor_core.document.placement import Placement
from gui.canvas.tool import Point, Pointer, Tool
from gui.canvas.viewport import Viewport
from gui.texts.marks import QT_TRANSLATE_NOOP
from gui.tools.floating import Floating
from gui.tools.handles import ANCHORS, CURSORS, REACH, nearest, nudge, paint_box

EVERYWHERE = 1e5  # logical pixels
STEP = 15.0  # degrees a rotation goes with Shift


class TransformTool(Tool):
    """Inside the box a drag moves, at a handle it scales (with Alt a side is sheared), outside it rotates."""

    hint = QT_TRANSLATE_NOOP(
        "hints",
        "Drag inside: move. Handles: scale; Shift keeps proportions, Ctrl or Alt on a side shears. "
        "Outside: rotate. Enter: apply. Esc: cancel.",
    )

    def __init__(self, floating: Floating) -> None:
        self.floating = floating
        self.chosen_layer: str | None = None
        self.cursor = Qt.CursorShape.ArrowCursor
        self._start: Pointer | None = None
        self._before = floating.placement
        self._past: list[Placement] = []  # how it lay before each drag, number and flip
        floating.lifted_changed.connect(self._past.clear)
        self._grip: int | None = None
        self._rotates = False

    @property
    def is_busy(self) -> bool:
        return self.floating.lifted is not None

    @property
    def takes_arrows(self) -> bool:  # type: ignore[override]
        return self.is_busy

    def enter(self) -> None:
        """Lift what is to be transformed at once."""
        if not self.is_busy:
            self.floating.begin(self.chosen_layer)

    def leave(self) -> None:
        """What was done counts, whichever tool comes next."""
        self._start = None
        self.apply()

    def choose(self, layer_id: str | None, *, in_hand: bool) -> None:
        """Another layer is chosen: what was done to the one before counts."""
        self.chosen_layer = layer_id
        if in_hand and self.is_busy and self._start is None:
            self.apply()
            self.enter()

    def apply(self) -> None:
        self.floating.put_down("Transform")

    def flip(self, *, across: bool) -> None:
        """Mirror it as it lies."""
        if self.is_busy:
            self.place(self.floating.placement.mirrored(across=across))

    def rotate(self, degrees: float) -> None:
        if self.is_busy:
            self.place(self.floating.placement.rotated(degrees))

    def place(self, placement: Placement) -> None:
        """Let it lie elsewhere: one step that `undo` takes back."""
        self._past.append(self.floating.placement)
        self.floating.place(placement)

    @property
    def can_undo(self) -> bool:
        return self.is_busy and (self._start is not None or bool(self._past))

    def undo(self) -> bool:
        if not self.can_undo:
            return False
        if self._start is not None:
            self.abort()
        else:
            self.floating.place(self._past.pop())
        return True

    # -- pointer --------------------------------------------------------------------------------------------------

    def press(self, pointer: Pointer) -> None:
        if not self.is_busy and not self.floating.begin(self.chosen_layer):
            return
        self._start, self._before = pointer, self.floating.placement
        self._grip = self._handle_at(pointer)
        self._rotates = self._grip is None and not self._is_inside(pointer)

    def move(self, pointer: Pointer) -> None:
        if self._start is not None and self.is_busy:
            self.floating.place(self._dragged(self._start, pointer))

    def release(self, pointer: Pointer) -> None:
        if self._start is not None and self.floating.placement != self._before:
            self._past.append(self._before)
        self._start = None

    def double_click(self, pointer: Pointer) -> None:
        if self._is_inside(pointer):
            self.apply()
        else:
            self.press(pointer)

    def hover(self, pointer: Pointer) -> None:
        grip = self._handle_at(pointer)
        if not self.is_busy:
            self.cursor = Qt.CursorShape.ArrowCursor
        elif grip is not None:
            self.cursor = CURSORS[(grip + self._eighths(grip)) % 4]
        elif self._is_inside(pointer):
            self.cursor = Qt.CursorShape.SizeAllCursor
        else:
            self.cursor = Qt.CursorShape.PointingHandCursor

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        if not self.is_busy:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.apply()
        elif key == Qt.Key.Key_Escape:
            self.floating.cancel()
        elif (way := nudge(key, modifiers)) is not None:
            self.place(self.floating.placement.shifted(*way))
        else:
            return False
        return True

    def abort(self) -> None:
        """Take back the drag; without one, all of it."""
        if self._start is not None:
            self._start = None
            self.floating.place(self._before)
        else:
            self.floating.cancel()

    def _dragged(self, start: Pointer, pointer: Pointer) -> Placement:
        before, box = self._before, self.floating.box
        dx, dy = pointer.x - start.x, pointer.y - start.y
        if self._grip is not None:
            share = ANCHORS[self._grip]
            held = before.place_of(box, share)
            dx, dy = pointer.pull([held], dx, dy)
            target = (held[0] + dx, held[1] + dy)
            if pointer.alt and 0.5 in share:
                return before.sheared_to(box, share, target)
            return before.scaled_to(box, share, target, in_proportion=pointer.shift)
        if self._rotates:
            turned = _angle(before, pointer) - _angle(before, start)
            angle = before.angle + turned
            return before.rotated((round(angle / STEP) * STEP if pointer.shift else angle) - before.angle)
        dx, dy = pointer.pull([before.place_of(box, share) for share in ANCHORS], dx, dy)
        if pointer.shift:
            dx, dy = (dx, 0.0) if abs(dx) >= abs(dy) else (0.0, dy)
        return before.shifted(round(dx), round(dy))

    # -- marks ----------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, viewport: Viewport, hover: tuple[float, float] | None) -> None:
        if not self.is_busy:
            return
        self.floating.paint(painter, viewport)
        handles = [viewport.to_screen(*point) for point in self._handles()]
        paint_box(painter, handles[::2], handles)
        x, y = viewport.to_screen(self.floating.placement.x, self.floating.placement.y)
        for colour, width in ((Qt.GlobalColor.black, 3), (Qt.GlobalColor.white, 1)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(round(x) - 5, round(y), round(x) + 5, round(y))
            painter.drawLine(round(x), round(y) - 5, round(x), round(y) + 5)

    def reach(self, viewport: Viewport) -> float:
        return EVERYWHERE if self._start is not None else 0.0

    def _handles(self) -> list[Point]:
        return [self.floating.placement.place_of(self.floating.box, share) for share in ANCHORS]

    def _handle_at(self, pointer: Pointer) -> int | None:
        return nearest(self._handles(), pointer.x, pointer.y, REACH / pointer.scale) if self.is_busy else None

    def _is_inside(self, pointer: Pointer) -> bool:
        """Whether the pointer is on what floats."""
        if not self.is_busy:
            return False
        box, (a, b, c, d) = self.floating.box, self.floating.placement.linear.ravel()
        x, y = pointer.x - self.floating.placement.x, pointer.y - self.floating.placement.y
        det = a * d - b * c
        across, down = (d * x - b * y) / det, (a * y - c * x) / det
        return bool(abs(across) <= box.width / 2 and abs(down) <= box.height / 2)

    def _eighths(self, grip: int) -> int:
        """By how many eighths of a turn a handle's direction differs from that of a box that lies straight."""
        x, y = self.floating.placement.place_of(self.floating.box, ANCHORS[grip])
        seen = math.degrees(math.atan2(y - self.floating.placement.y, x - self.floating.placement.x))
        across, down = ANCHORS[grip]
        return round((seen - math.degrees(math.atan2(2 * down - 1, 2 * across - 1))) / 45)


def _angle(placement: Placement, pointer: Pointer) -> float:
    """Degrees clockwise from the centre to the pointer."""
    return math.degrees(math.atan2(pointer.y - placement.y, pointer.x - placement.x))
