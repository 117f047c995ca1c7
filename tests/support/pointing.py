"""Mouse, wheel and pen events at places of the picture, as the window system sends them."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPointingDevice, QTabletEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT, ALT, CTRL = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)


def at(window, x, y):
    """Position on the canvas of a picture pixel."""
    view = window.canvas.viewport
    left, top = view.rotated(*view.to_screen(x, y))
    return QPoint(round(left), round(top))


def drag(qtbot, window, *points, button=LEFT, modifiers=NONE, release=True):
    """Press at the first picture point, move along the others, release at the last."""
    canvas, places = window.canvas, [at(window, *point) for point in points]
    qtbot.mousePress(canvas, button, modifiers, places[0])
    for place in places[1:]:
        hover(window, place, button, modifiers)
    if release:
        qtbot.mouseRelease(canvas, button, modifiers, places[-1])


def hover(window, place, button=Qt.MouseButton.NoButton, modifiers=NONE):
    """Move the pointer to a position of the canvas."""
    canvas = window.canvas
    move = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(place),
        canvas.mapToGlobal(QPointF(place)),
        Qt.MouseButton.NoButton,
        button,
        modifiers,
    )
    QApplication.sendEvent(canvas, move)


def wheel(canvas, place, notches, modifiers=NONE):
    event = QWheelEvent(
        QPointF(place), canvas.mapToGlobal(QPointF(place)), QPoint(), QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


ERASER_END = QPointingDevice(
    "pen",
    1,
    QPointingDevice.DeviceType.Stylus,
    QPointingDevice.PointerType.Eraser,
    QPointingDevice.Capability.Pressure,
    1,
    1,
)


def pen(window, *points, modifiers=NONE, device=None):
    """A stroke of a tablet's pen through points (x, y, pressure)."""
    device, canvas = device or QPointingDevice.primaryPointingDevice(), window.canvas
    kinds = [QEvent.Type.TabletPress] + [QEvent.Type.TabletMove] * (len(points) - 1)
    for kind, (x, y, pressure) in zip([*kinds, QEvent.Type.TabletRelease], [*points, points[-1]]):
        place = QPointF(at(window, x, y))
        event = QTabletEvent(
            kind, device, place, canvas.mapToGlobal(place), pressure, 0, 0, 0, 0, 0, modifiers, LEFT, LEFT
        )
        QApplication.sendEvent(canvas, event)
