"""The text tool: a click writes there, or changes the text that is there."""

from collections.abc import Callable

from PySide6.QtCore import Qt

from editor_core.document.compositing import visible_layers
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import TextLayer
from gui.canvas.tool import Pointer, Tool
from gui.texts.marks import QT_TRANSLATE_NOOP
from gui.viewmodels.document_vm import DocumentVM


class TextTool(Tool):
    """Only asks; what is written comes from a dialog."""

    cursor = Qt.CursorShape.IBeamCursor
    snaps = True
    hint = QT_TRANSLATE_NOOP("hints", "Click to write, or on a text to change it.")

    asked: Callable[[int, int, TextLayer | None], None] = staticmethod(lambda x, y, layer: None)
    """Told where to write (picture pixels), and which text is to be changed."""

    def __init__(self, document: DocumentVM) -> None:
        self._vm = document

    def release(self, pointer: Pointer) -> None:
        document = self._vm.document
        if document is not None:
            x, y = int(pointer.x // 1), int(pointer.y // 1)
            self.asked(x, y, text_at(document, x, y))


def text_at(document: Document, x: int, y: int) -> TextLayer | None:
    """The topmost text that is seen at a pixel."""
    here = Rect(x, y, 1, 1)
    texts = [layer for layer in visible_layers(document.layers) if isinstance(layer, TextLayer)]
    return next((layer for layer in reversed(texts) if not layer.bounds.intersected(here).is_empty), None)
