"""Masks over the picture: a tint where the artist painted, an outline where a run changes something."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from editor_core.document.compositing import union_of_masks
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.masks import bounds
from editor_core.workflow.mask_layers import has_mask
from gui.canvas.pixel_view import PixelView
from gui.canvas.viewport import Viewport
from gui.look.theme import Theme

MAX_SIDE = 2048  # pixels a side, of the outline of a region


class _Tinted:
    """The visible mask layers as a pixel source: the accent colour, as opaque as the mask is strong."""

    def __init__(self, document: Document, colour: QColor) -> None:
        self._document = document
        self._rgb = (colour.red(), colour.green(), colour.blue())

    @property
    def size(self) -> tuple[int, int]:
        return self._document.width, self._document.height

    def read(self, x: int, y: int, width: int, height: int, level: int = 0) -> np.ndarray:
        pixels = np.empty((height, width, 4), np.uint8)
        pixels[..., :3] = self._rgb
        mask = union_of_masks(self._document.layers, Rect(x, y, width, height), level)
        pixels[..., 3] = 0 if mask is None else mask
        return pixels


class MaskTint:
    """The mask the artist painted, as a tint."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._document: Document | None = None
        self._view: PixelView | None = None
        self._colour: QColor | None = None
        self.shown = True
        self.opacity = 0.45
        self.later: Callable[[], None] | None = None  # see PixelView
        theme.changed.connect(self._rebuild)

    def set_document(self, document: Document | None) -> None:
        self._document = document
        self._rebuild()

    def set_colour(self, colour: QColor) -> None:
        """Tint in a colour of the artist's instead of the accent."""
        self._colour = colour
        self._rebuild()

    def invalidate(self, rect: Rect) -> None:
        if self._view is not None:
            self._view.invalidate(rect)

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        if self.shown and self._view is not None and has_mask(self._document):
            painter.setOpacity(self.opacity)
            self._view.draw(painter, viewport)
            painter.setOpacity(1.0)

    def _rebuild(self) -> None:
        colour = self._colour or self._theme.colour("accent")
        self._view = (
            None if self._document is None else PixelView(_Tinted(self._document, colour), self.later)
        )


class MaskOutline:
    """A thin line around a region, the same width at every zoom."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._lines: list[QLineF] = []

    def set_mask(self, mask: np.ndarray | None) -> None:
        """Show the border of a mask, uint8 (H, W), more coarsely where it is huge; None shows nothing."""
        self._lines = []
        if mask is None:
            return
        place = bounds(mask)
        stride = max(1, max(place.width, place.height) // MAX_SIDE)
        part = mask[place.slices_in(Rect(0, 0, mask.shape[1], mask.shape[0]))]
        self._lines = [
            QLineF(*(stride * end + at for end, at in zip(line.toTuple(), 2 * (place.x, place.y))))
            for line in border_lines(part[::stride, ::stride] > 127)
        ]

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        if not self._lines:
            return
        painter.save()
        painter.translate(viewport.left, viewport.top)
        painter.scale(viewport.scale, viewport.scale)
        for colour, width in ((QColor(0, 0, 0, 120), 3.0), (self._theme.colour("accent"), 1.5)):
            pen = QPen(colour, width)
            pen.setCapStyle(Qt.PenCapStyle.SquareCap)
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


def _runs(edges: np.ndarray) -> list[tuple[int, int, int]]:
    """Runs of True along each row of a boolean (rows, length): row, first, one past last."""
    changes = np.diff(np.pad(edges, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(changes == 1)
    _, ends = np.nonzero(changes == -1)
    return list(zip(rows.tolist(), starts.tolist(), ends.tolist()))
