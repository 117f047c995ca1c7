"""The marching outline of the selection, one pixel of the screen wide at every zoom and shape."""

import math

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from editor_core.document.geometry import Rect
from editor_core.document.selection import Selection
from editor_core.document.tiles import COARSEST_LEVEL
from gui.canvas.viewport import Viewport
from gui.look.images import drawn_image

DASH = 4  # pixels of the screen, black and then white
INSIDE = 128  # of 255: from here on a pixel counts as selected

_BLACK, _WHITE = 0xFF000000, 0xFFFFFFFF  # as Qt draws them


class SelectionOutline:
    """Found anew when the view or the selection changes; marching only swaps colours."""

    def __init__(self) -> None:
        self._selection: Selection | None = None
        self._viewport: Viewport | None = None  # for which the border was found
        self._border: tuple[np.ndarray, np.ndarray] = _NOWHERE  # rows and columns of ``_area``
        self._area = QRectF()  # upright coordinates
        self._phase = 0
        self.shown = True

    @property
    def is_marching(self) -> bool:
        return self.shown and self._selection is not None

    def set_selection(self, selection: Selection | None) -> None:
        self._selection, self._viewport = selection, None

    def march(self) -> QRectF:
        """March on; returns what of the upright plane must be drawn again."""
        self._phase = (self._phase + 1) % (2 * DASH)
        return self._area

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        if not self.shown or self._selection is None:
            return
        if viewport != self._viewport:
            self._viewport = viewport
            self._find(self._selection, viewport)
        rows, columns = self._border
        if len(rows):
            width, height = (round(side * viewport.device_ratio) for side in self._area.size().toTuple())
            pixels = np.zeros((height, width), np.uint32)
            bright = (rows + columns + self._phase) // DASH % 2 == 0
            pixels[rows, columns] = np.where(bright, np.uint32(_WHITE), np.uint32(_BLACK))
            painter.drawImage(self._area, drawn_image(pixels.view(np.uint8).reshape(height, width, 4)))

    def _find(self, selection: Selection, viewport: Viewport) -> None:
        """Which pixels of the screen lie on the border, in the part of it that is in sight."""
        place = selection.bounds.intersected(Rect(*viewport.visible()))
        if place.is_empty:
            self._border, self._area = _NOWHERE, QRectF()
            return
        left, top = viewport.to_screen(place.x, place.y)
        ratio = viewport.device_ratio
        x, y = int(left * ratio) - 1, int(top * ratio) - 1
        width, height = int(place.width * viewport.zoom) + 3, int(place.height * viewport.zoom) + 3
        inside = _on_screen(selection, viewport, x, y, width, height)
        border = np.zeros_like(inside)
        border[:, 1:] |= inside[:, 1:] != inside[:, :-1]
        border[1:] |= inside[1:] != inside[:-1]
        rows, columns = np.nonzero(border)
        self._border = rows, columns
        self._area = QRectF(x / ratio, y / ratio, width / ratio, height / ratio)


def _on_screen(
    selection: Selection, viewport: Viewport, x: int, y: int, width: int, height: int
) -> np.ndarray:
    """Whether each device pixel of a rectangle shows a selected pixel of the picture, bool (height, width)."""
    level = min(COARSEST_LEVEL, max(0, math.floor(-math.log2(viewport.zoom))))
    ratio, span = viewport.device_ratio, 1 << level
    columns = _pixels_under(np.arange(x, x + width) / ratio - viewport.left, viewport, span)
    rows = _pixels_under(np.arange(y, y + height) / ratio - viewport.top, viewport, span)
    area = Rect(columns[0] - 1, rows[0] - 1, columns[-1] - columns[0] + 3, rows[-1] - rows[0] + 3)
    chosen = selection.read(area, level) >= INSIDE
    shown: np.ndarray = chosen[np.ix_(rows - area.y, columns - area.x)]
    return shown


def _pixels_under(places: np.ndarray, viewport: Viewport, span: int) -> np.ndarray:
    """The pixels of the level under the middles of device pixels that begin at ``places``."""
    middles = places + 0.5 / viewport.device_ratio
    return np.floor(middles / viewport.scale / span).astype(int)


_NOWHERE = (np.empty(0, np.intp), np.empty(0, np.intp))
