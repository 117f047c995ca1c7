"""What an overlay is."""

from typing import Protocol

from PySide6.QtGui import QPainter

from gui.canvas.viewport import Viewport


class Overlay(Protocol):
    """Painted over the picture, in screen coordinates; never part of the document."""

    def paint(self, painter: QPainter, viewport: Viewport) -> None: ...
