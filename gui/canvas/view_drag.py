"""A drag of the view: it moves the picture, rotates or zooms it."""

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, Qt

from gui.canvas.viewport import Viewport

ZOOM_PER_PIXEL = 1.01


@dataclass(frozen=True)
class ViewDrag:
    """With what button and where it began, and what the view was then."""

    button: Qt.MouseButton
    start: QPointF
    view: Viewport
    modifiers: Qt.KeyboardModifier

    def view_at(self, position: QPointF, *, with_space: bool) -> Viewport:
        """The view where the pointer is; with Space, Shift rotates about the middle and Ctrl zooms where it began."""
        if with_space and self.modifiers & Qt.KeyboardModifier.ShiftModifier:
            return self.view.rotated_to(self.view.angle + self._angle_to(position))
        if with_space and self.modifiers & Qt.KeyboardModifier.ControlModifier:
            factor = ZOOM_PER_PIXEL ** (position.x() - self.start.x())
            return self.view.zoomed_by(factor, self.view.upright(self.start.x(), self.start.y()))
        offset = position - self.start
        return self.view.panned(*self.view.upright_offset(offset.x(), offset.y()))

    def _angle_to(self, position: QPointF) -> float:
        """Degrees from the start to ``position``, seen from the middle of the canvas."""
        middle = QPointF(self.view.view_width / 2, self.view.view_height / 2)
        return QLineF(middle, position).angleTo(QLineF(middle, self.start))
