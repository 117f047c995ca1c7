"""Masks over the picture: a tint where the artist painted, an outline where a run changes something."""

import numpy as np
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from editor_core.document.geometry import Rect
from gui.canvas.pixel_view import PixelView
from gui.canvas.viewport import Viewport
from gui.theme import Theme


class _Tinted:
    """A mask as a pixel source: the accent colour, as opaque as the mask is strong."""

    def __init__(self, mask: np.ndarray, colour: QColor) -> None:
        self._mask = mask  # uint8 (H, W)
        self._rgb = (colour.red(), colour.green(), colour.blue())

    @property
    def size(self) -> tuple[int, int]:
        return self._mask.shape[1], self._mask.shape[0]

    def read(self, x: int, y: int, width: int, height: int) -> np.ndarray:
        pixels = np.empty((height, width, 4), np.uint8)
        pixels[..., :3] = self._rgb
        pixels[..., 3] = self._mask[y : y + height, x : x + width]
        return pixels


class MaskTint:
    """The painted mask as a tint."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._mask: np.ndarray | None = None
        self._view: PixelView | None = None
        self.shown = True
        self.opacity = 0.45
        theme.changed.connect(self._rebuild)

    def set_mask(self, mask: np.ndarray | None, changed: Rect | None = None) -> None:
        """Show another mask, uint8 (H, W); ``changed`` is where it differs from the one before (None: anywhere)."""
        if mask is None or self._view is None or changed is None or mask.shape != self._shape():
            self._mask = mask
            self._rebuild()
            return
        self._view.source._mask = mask
        self._view.invalidate(*changed)

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        if self.shown and self._view is not None:
            painter.setOpacity(self.opacity)
            self._view.draw(painter, viewport)
            painter.setOpacity(1.0)

    def _shape(self) -> tuple[int, ...]:
        return () if self._mask is None else self._mask.shape

    def _rebuild(self) -> None:
        self._view = None if self._mask is None else PixelView(_Tinted(self._mask, self._theme.colour("accent")))


class MaskOutline:
    """A thin line around a region, the same width at every zoom."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._lines: list[QLineF] = []

    def set_mask(self, mask: np.ndarray | None) -> None:
        """Show the border of a mask, uint8 (H, W); None shows nothing."""
        self._lines = [] if mask is None else border_lines(mask > 127)

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        if not self._lines:
            return
        painter.save()
        painter.translate(viewport.left, viewport.top)
        painter.scale(viewport.scale, viewport.scale)
        for colour, width in ((QColor(0, 0, 0, 120), 3.0), (self._theme.colour("accent"), 1.5)):
            pen = QPen(colour, width, c=Qt.PenCapStyle.SquareCap)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawLines(self._lines)
        painter.restore()


def border_lines(inside: np.ndarray) -> list[QLineF]:
    """The edges between inside and outside pixels of a boolean (H, W), as few straight lines, in pixels."""
    padded = np.pad(inside, 1)
    lines = [QLineF(x0, y, x1, y) for y, x0, x1 in _runs(padded[1:, 1:-1] != padded[:-1, 1:-1])]
    lines += [QLineF(x, y0, x, y1) for x, y0, y1 in _runs((padded[1:-1, 1:] != padded[1:-1, :-1]).T)]
    return lines


def _runs(edges: np.ndarray) -> np.ndarray:
    """Runs of True along each row of a boolean (rows, length): (n, 3) of row, first, one past last."""
    steps = np.diff(np.pad(edges, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    return np.stack([rows, starts, ends], axis=1).tolist()
