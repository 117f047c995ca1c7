"""Object selection: a click on a thing, or a box around it, selects the thing."""

from collections.abc import Callable
from dataclasses import dataclass

from editor_core.document.selection import Combine
from gui.canvas.tool import Pointer
from gui.texts.marks import QT_TRANSLATE_NOOP
from gui.tools.select import CLICK, RectangleSelect


@dataclass(frozen=True)
class ObjectAsked:
    """Pixel (x, y) of a click, or a box around the thing (left, top, right, bottom); how it joins the selection."""

    at: tuple[int, int]
    box: tuple[int, int, int, int] | None
    how: Combine
    feather: int


class ObjectSelect(RectangleSelect):
    """Only asks: what finds the thing tells the document itself."""

    hint = QT_TRANSLATE_NOOP(
        "hints", "Click a thing or drag a box around it. Shift: add. Ctrl or Alt: subtract."
    )

    snaps = False
    asked: Callable[[ObjectAsked], None] = staticmethod(lambda asked: None)
    """Told what is to be selected."""

    def release(self, pointer: Pointer) -> None:
        if not self._points:
            return
        self.move(pointer)
        (x0, y0), (x1, y1) = self._points[0], self._points[-1]
        self._points = []
        left, right = sorted((int(x0 // 1), int(x1 // 1)))
        top, bottom = sorted((int(y0 // 1), int(y1 // 1)))
        is_click = max(abs(x1 - x0), abs(y1 - y0)) * pointer.scale < CLICK
        box = None if is_click else (left, top, right + 1, bottom + 1)
        self.asked(ObjectAsked((left, top), box, self._how, self.settings.feather))
