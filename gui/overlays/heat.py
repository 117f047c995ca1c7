"""The found mask over the picture, as a tint with its outline, and the heat of a word while it is pointed at."""

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter

from editor_core.messages.events import FoundMask
from gui.canvas.pixel_view import picture_rect
from gui.canvas.viewport import Viewport
from gui.look.images import to_qimage
from gui.look.theme import Theme
from gui.overlays.mask import MAX_SIDE, MaskOutline

HOT = (
    (0.0, (20, 20, 70, 0)),
    (0.35, (90, 40, 160, 110)),
    (0.7, (240, 110, 40, 190)),
    (1.0, (255, 235, 120, 225)),
)
"""The heat's colours, RGBA, by strength."""


class FoundOverlay:
    """Where the typed words would change the picture."""

    def __init__(self, theme: Theme) -> None:
        self.shown = True
        self.limited = False
        """The artist has said where: what was found shows its heat only, for the edit goes elsewhere."""
        self.opacity = 0.45
        self.colour = theme.colour("accent")
        self._found: FoundMask | None = None
        self._word = ""
        self._tint, self._heat = QImage(), QImage()
        self._outline = MaskOutline(theme)

    def set_found(self, found: FoundMask | None) -> None:
        """Show another mask, or none."""
        self._found = found
        self._outline.set_mask(None if found is None else found.mask)
        self._draw_tint()
        self._draw_heat()

    def set_colour(self, colour: QColor) -> None:
        self.colour = colour
        self._draw_tint()

    def point_at(self, word: str) -> bool:
        """Show the heat of a word of the phrase instead of the mask; an empty word shows the mask again.

        Returns whether anything else is to be seen now.
        """
        before, self._word = self._word, word.lower()
        if before != self._word:
            self._draw_heat()
        return before != self._word and self._found is not None

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        if self._found is None or not self.shown:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self._heat.isNull():
            painter.drawImage(picture_rect(viewport), self._heat)
            return
        if self.limited:
            return
        painter.setOpacity(self.opacity)
        painter.drawImage(picture_rect(viewport), self._tint)
        painter.setOpacity(1.0)
        self._outline.paint(painter, viewport)

    def _draw_tint(self) -> None:
        self._tint = QImage()
        if self._found is not None:
            stride = -(-max(self._found.mask.shape) // MAX_SIDE)
            mask = self._found.mask[::stride, ::stride]
            pixels = np.empty((*mask.shape, 4), np.uint8)
            pixels[..., :3] = self.colour.red(), self.colour.green(), self.colour.blue()
            pixels[..., 3] = mask
            self._tint = to_qimage(pixels)

    def _draw_heat(self) -> None:
        self._heat = QImage()
        if self._found is not None and self._word:
            heats = [word.heat for word in self._found.words if word.text.lower() == self._word]
            if heats:
                self._heat = to_qimage(in_heat_colours(heats[0]))


def in_heat_colours(heat: np.ndarray) -> np.ndarray:
    """RGBA uint8 (h, w, 4) of a heat uint8 (h, w): cold is transparent, hot is bright."""
    places = [place for place, _ in HOT]
    channels = [np.interp(heat / 255, places, [colour[channel] for _, colour in HOT]) for channel in range(4)]
    coloured: np.ndarray = np.rint(np.stack(channels, -1)).astype(np.uint8)
    return coloured
