"""The hand: moves the view."""

from PySide6.QtCore import Qt

from gui.canvas.tool import Tool
from gui.texts.marks import QT_TRANSLATE_NOOP


class PanTool(Tool):
    """Does nothing by itself: the canvas moves the view while it is in hand."""

    cursor = Qt.CursorShape.OpenHandCursor
    pans = True
    hint = QT_TRANSLATE_NOOP("hints", "Drag to pan; with any other tool, hold Space. Scroll to zoom.")
