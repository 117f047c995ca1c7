"""Texts on the picture: written, and changed again; each is one undo entry."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QMainWindow

from editor_core.document.commands import AddLayer, CompositeCommand, PaintStroke, SetLayerProperty
from editor_core.document.layers import TextLayer
from editor_core.document.tiles import Tiles
from gui.controllers.toolbox import Toolbox
from gui.dialogs import ask
from gui.dialogs.text import TextDialog
from gui.look.lettering import lettering
from gui.viewmodels.document_vm import DocumentVM
from gui.worker.background import spawn

NAME_LENGTH = 30  # characters of the words that name the layer
SHARE = 10  # of the picture's height: how large the first text is


class Writing(QObject):
    """Answers the text tool with a dialog."""

    def __init__(self, window: QMainWindow, document: DocumentVM, toolbox: Toolbox) -> None:
        super().__init__(window)
        self._window, self._vm, self._toolbox = window, document, toolbox
        self._letters: dict[str, Any] = {}  # as they were chosen last
        toolbox.text.asked = self.ask

    def ask(self, x: int, y: int, layer: TextLayer | None) -> None:
        """Ask what to write at a pixel, or what a text shall be."""
        spawn(self._ask(x, y, layer))

    async def _ask(self, x: int, y: int, layer: TextLayer | None) -> None:
        document = self._vm.document
        if document is None:
            return
        letters = {"size": max(12, document.height // SHARE), **self._letters}
        fresh = TextLayer(name="", x=x, y=y, colour=self._toolbox.colours.foreground, **letters)
        dialog = TextDialog(layer or fresh, self._window)
        if await ask.finished(dialog) != QDialog.DialogCode.Accepted or document is not self._vm.document:
            return
        if layer is None:
            self.write(fresh, dialog.values())
        elif layer.id in document.layers:
            self.change(layer.id, dialog.values())

    def write(self, layer: TextLayer, values: dict[str, Any]) -> None:
        """Put a text on top of the picture."""
        self._letters = {name: values[name] for name in ("font", "size", "bold", "italic")}
        named = replace(layer, name=_name(values["text"]), tiles=_tiles(values), **values)
        if self._vm.execute(AddLayer(named, text="Add text")):
            self._toolbox.painted.emit(named.id)

    def change(self, layer_id: str, values: dict[str, Any]) -> None:
        """Write a text anew, where it is."""
        assert self._vm.document is not None
        layer = self._vm.document.layers[layer_id]
        if not isinstance(layer, TextLayer):
            return
        named = {"name": _name(values["text"])} if layer.name == _name(layer.text) else {}
        changes = SetLayerProperty(layer_id, **values, **named)
        stroke = PaintStroke(layer_id, layer.tiles, _tiles(values))
        self._vm.execute(CompositeCommand(self.tr("Change text"), [stroke, changes]))


def _tiles(values: dict[str, Any]) -> Tiles:
    letters = {name: values[name] for name in ("bold", "italic")}
    return Tiles.from_array(
        lettering(values["text"], values["font"], values["size"], values["colour"], **letters)
    )


def _name(text: str) -> str:
    return " ".join(text.split())[:NAME_LENGTH]
