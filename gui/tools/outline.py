"""The shape of a brush under the pointer: what one of its dabs covers."""

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QPolygonF, QTransform

from editor_core.document.strokes import Brush
from editor_core.document.tiles import Pixels

FINEST = 128  # pixels of a tip's longer side as it is looked at: finer edges are not seen in a line
COVERED = 0.25  # of what the tip covers most: where its outline runs


def dab_outline(brush: Brush, tip: Pixels | None) -> QPainterPath:
    """Around (0, 0), its longest radius 1: flat and turned as the brush is, or as its tip (h, w) looks."""
    path = QPainterPath()
    if tip is None:
        path.addEllipse(QPointF(), 1.0, brush.roundness)
    else:
        for points in _edges(tip):
            path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
            path.closeSubpath()
    return QTransform().rotate(-brush.angle).map(path)


def _edges(tip: Pixels) -> list[np.ndarray]:
    """The outer edges of a tip, each float (n, 2), the longer side from -1 to 1."""
    from editor_core.pixels.opencv import cv2  # at the first use: the window starts without it

    height, width = (max(1, round(side * FINEST / max(tip.shape))) for side in tip.shape)
    picture = cv2.resize(tip, (width, height), interpolation=cv2.INTER_AREA)
    covered = (picture >= max(1.0, COVERED * picture.max())).astype(np.uint8)
    found, _ = cv2.findContours(covered, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return [(edge[:, 0] - np.array([width - 1, height - 1]) / 2) * 2 / FINEST for edge in found]
