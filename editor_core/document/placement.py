"""Where a box of pixels is put: moved, scaled, rotated, sheared. The numbers an artist sees, and the matrix of them."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from editor_core.document.geometry import Rect

Matrix = NDArray[np.float64]
Point = tuple[float, float]

LEAST = 1e-3  # of a side: no box is scaled to nothing
STEEPEST = 10.0  # tangent of a shear


@dataclass(frozen=True)
class Placement:
    """A box about its centre: scaled, then sheared along its width, then rotated, then put down at (x, y)."""

    x: float
    """Of the centre, in document pixels."""
    y: float
    scale_x: float = 1.0
    """Less than 0: mirrored."""
    scale_y: float = 1.0
    angle: float = 0.0
    """Degrees clockwise."""
    shear: float = 0.0
    """Tangent: how far a pixel goes aside for each pixel it lies lower."""

    @classmethod
    def of(cls, box: Rect) -> "Placement":
        """Where the box lies itself."""
        return cls(box.x + box.width / 2, box.y + box.height / 2)

    @property
    def linear(self) -> Matrix:
        """(2, 2): all but the place."""
        angle = math.radians(self.angle)
        cos, sin = math.cos(angle), math.sin(angle)
        if self.angle % 90 == 0:  # exactly
            cos, sin = round(cos), round(sin)
        rotation = np.array([[cos, -sin], [sin, cos]], np.float64)
        linear: Matrix = rotation @ np.array([[self.scale_x, self.shear * self.scale_y], [0.0, self.scale_y]])
        return linear

    def matrix(self, box: Rect) -> Matrix:
        """(2, 3): from the document as it was to the document as it will be."""
        linear = self.linear
        middle = np.array([box.x + box.width / 2, box.y + box.height / 2])
        place = np.array([self.x, self.y]) - linear @ middle
        return np.column_stack([linear, place])

    def place_of(self, box: Rect, share: Point) -> Point:
        """Where a point of the box lies, given as shares of its width and height."""
        local = np.array([(share[0] - 0.5) * box.width, (share[1] - 0.5) * box.height])
        x, y = self.linear @ local + (self.x, self.y)
        return float(x), float(y)

    def shifted(self, dx: float, dy: float) -> "Placement":
        return replace(self, x=self.x + dx, y=self.y + dy)

    def rotated(self, degrees: float) -> "Placement":
        """Rotated clockwise about its centre; the angle is kept within half a turn."""
        return replace(self, angle=(self.angle + degrees + 180) % 360 - 180)

    def mirrored(self, *, across: bool) -> "Placement":
        """Mirrored left to right (``across``) or upside down, as it lies."""
        if across:
            return replace(self, scale_x=-self.scale_x, angle=-self.angle, shear=-self.shear)
        return replace(self, scale_y=-self.scale_y, angle=-self.angle, shear=-self.shear)

    def is_whole_shift(self, box: Rect) -> tuple[int, int] | None:
        """By how many whole pixels it is moved, if that is all; else None."""
        first = Placement.of(box)
        dx, dy = self.x - first.x, self.y - first.y
        only_moved = replace(self, x=first.x, y=first.y) == first
        return (round(dx), round(dy)) if only_moved and dx == round(dx) and dy == round(dy) else None

    def scaled_to(self, box: Rect, share: Point, pointer: Point, *, in_proportion: bool) -> "Placement":
        """With the handle at ``share`` (0, 0.5 or 1 each way) at the pointer; the opposite one stays."""
        fixed = np.array(self.place_of(box, (1 - share[0], 1 - share[1])))
        plain = replace(self, scale_x=1.0, scale_y=1.0).linear
        reach = np.linalg.solve(plain, np.array(pointer) - fixed)
        span = np.array([(2 * share[0] - 1) * box.width, (2 * share[1] - 1) * box.height])
        scale = np.array([self.scale_x, self.scale_y])
        if in_proportion:
            there = scale * span
            scale = scale * (reach @ there) / (there @ there)
        else:
            scale = np.where(span != 0, reach / np.where(span == 0, 1, span), scale)
        scale = np.where(np.abs(scale) < LEAST, np.where(scale < 0, -LEAST, LEAST), scale)
        made = replace(self, scale_x=float(scale[0]), scale_y=float(scale[1]))
        x, y = fixed + made.linear @ (span / 2)
        return replace(made, x=float(x), y=float(y))

    def sheared_to(self, box: Rect, share: Point, pointer: Point) -> "Placement":
        """With the side whose middle is at ``share`` pushed along itself to the pointer; the opposite one stays."""
        fixed = np.array(self.place_of(box, (1 - share[0], 1 - share[1])))
        held = np.array(self.place_of(box, share))
        linear = self.linear
        along = 0 if share[0] == 0.5 else 1  # the axis the side lies along
        direction = linear[:, along] / np.hypot(*linear[:, along])
        moved = direction * ((np.array(pointer) - held) @ direction)
        span = (2 * share[1 - along] - 1) * (box.height if along == 0 else box.width)
        linear = linear.copy()
        linear[:, 1 - along] += moved / span
        made = _decomposed(linear, self)
        x, y = (fixed + held + moved) / 2
        return replace(made, x=float(x), y=float(y))


def _decomposed(linear: Matrix, before: Placement) -> Placement:
    """The numbers of a matrix (2, 2); a box that is mirrored stays so."""
    sign = -1.0 if before.scale_x < 0 else 1.0
    across = sign * float(np.hypot(linear[0, 0], linear[1, 0]))
    angle = math.degrees(math.atan2(sign * linear[1, 0], sign * linear[0, 0]))
    down = float(np.linalg.det(linear)) / across
    if abs(down) < LEAST:
        return before
    shear = float(linear[:, 0] @ linear[:, 1]) / across / down
    shear = min(max(shear, -STEEPEST), STEEPEST)
    return replace(before, scale_x=across, scale_y=down, angle=angle, shear=shear)
