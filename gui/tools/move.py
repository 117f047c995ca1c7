"""The move tool: drags the chosen layer, or nudges it with the arrow keys."""

from PySide6.QtCore import QCoreApplication, Qt

from editor_core.document.commands import SetLayerProperty
from editor_core.document.layers import PixelLayer
from gui.action_spec import QT_TRANSLATE_NOOP
from gui.tools.tool import Pointer, Tool
from gui.viewmodels.document_vm import DocumentVM

FAR = 10  # pixels a nudge goes with Shift

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class MoveTool(Tool):
    """One drag is one undo step; Shift keeps to one direction."""

    cursor = Qt.CursorShape.SizeAllCursor
    takes_arrows = True
    hint = QT_TRANSLATE_NOOP(
        "hints", "Drag the chosen layer, or use the arrow keys. Shift keeps to one direction."
    )

    def __init__(self, document: DocumentVM) -> None:
        self.chosen_layer: str | None = None
        self._vm = document
        self._start: tuple[Pointer, PixelLayer] | None = None

    def press(self, pointer: Pointer) -> None:
        layer = self._layer()
        if layer is not None and self._vm.document is not None:
            self._vm.document.end_merging()
            self._start = pointer, layer

    def move(self, pointer: Pointer) -> None:
        if self._start is None:
            return
        start, layer = self._start
        dx, dy = round(pointer.x - start.x), round(pointer.y - start.y)
        if pointer.shift:
            dx, dy = (dx, 0) if abs(dx) >= abs(dy) else (0, dy)
        if not self._put(layer.id, layer.x + dx, layer.y + dy):
            self._start = None  # locked, as the message says

    def release(self, pointer: Pointer) -> None:
        self._start = None
        if self._vm.document is not None:
            self._vm.document.end_merging()

    def abort(self) -> None:
        if self._start is not None:
            start, layer = self._start
            self._put(layer.id, layer.x, layer.y)
            self.release(start)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        layer, step = self._layer(), _STEPS.get(key)
        if layer is None or step is None:
            return False
        far = FAR if modifiers & Qt.KeyboardModifier.ShiftModifier else 1
        self._put(layer.id, layer.x + step[0] * far, layer.y + step[1] * far)
        return True

    def _layer(self) -> PixelLayer | None:
        document = self._vm.document
        layer = (
            None if document is None or self.chosen_layer is None else document.layers.get(self.chosen_layer)
        )
        if isinstance(layer, PixelLayer):
            return layer
        if document is not None:
            self._vm.problem.emit(
                QCoreApplication.translate("tools", "Choose the layer to move in the list of layers first.")
            )
        return None

    def _put(self, layer_id: str, x: int, y: int) -> bool:
        document = self._vm.document
        assert document is not None
        layer = document.layers.pixel_layer(layer_id)
        return (layer.x, layer.y) == (x, y) or self._vm.execute(SetLayerProperty(layer_id, x=x, y=y))
