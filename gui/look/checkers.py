"""What is seen through what is transparent."""

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QBrush, QColor, QPainter, QPixmap

SIDE = 8  # pixels of a square


def checkers() -> QBrush:
    """White and grey squares."""
    squares = QPixmap(2 * SIDE, 2 * SIDE)
    squares.fill(QColor("#ffffff"))
    painter = QPainter(squares)
    for corner in (QPoint(0, 0), QPoint(SIDE, SIDE)):
        painter.fillRect(QRect(corner, QSize(SIDE, SIDE)), QColor("#d0d0d0"))
    painter.end()
    return QBrush(squares)
