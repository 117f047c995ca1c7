"""Words as pixels."""

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter

from gui.look.images import from_qimage

MARGIN = 4  # pixels around: letters may hang out of their box
MAX_SIDE = 8192  # pixels of the picture of a text


def lettering(
    text: str,
    family: str,
    size: int,
    colour: tuple[int, int, int],
    *,
    bold: bool = False,
    italic: bool = False,
) -> np.ndarray:
    """RGBA uint8 (h, w, 4), straight alpha, of lines of text ``size`` pixels high; the first at the top left."""
    font = QFont(family) if family else QFont()
    font.setPixelSize(size)
    font.setBold(bold)
    font.setItalic(italic)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    box = QFontMetrics(font).boundingRect(QRect(0, 0, MAX_SIDE, MAX_SIDE), flags, text)
    margin = MARGIN + size // 4
    width, height = min(MAX_SIDE, box.width() + 2 * margin), min(MAX_SIDE, box.height() + 2 * margin)
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(font)
    painter.setPen(QColor(*colour))
    painter.drawText(QRect(margin, margin, width - margin, height - margin), flags, text)
    painter.end()
    pixels = from_qimage(image)
    pixels[pixels[..., 3] == 0] = 0
    return pixels
