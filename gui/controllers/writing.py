"""Texts on the picture: written, and changed again; each is one undo entry, and seen while it is written."""

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QDialog, QMainWindow

from editor_core.document.commands import AddLayer, CompositeCommand, PaintStroke, SetLayerProperty
from editor_core.document.document import Document
from editor_core.document.layers import TextLayer
from editor_core.document.tiles import Tiles
from editor_core.document.undo import Command, Mark
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
        self._shown = False  # whether the last step is what the dialog has
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
        show = partial(self._show, document, layer or fresh, document.undo_stack.mark)
        dialog.changed.connect(lambda: show(dialog.values()))
        self._vm.hold(True)
        accepted = await ask.finished(dialog) == QDialog.DialogCode.Accepted
        values = dialog.values() if accepted else {}
        written, self._shown = show(values), False
        self._vm.hold(False)
        if written:
            self._letters = {name: values[name] for name in ("font", "size", "bold", "italic")}
            self._toolbox.painted.emit((layer or fresh).id)

    def _show(self, document: Document, layer: TextLayer, before: Mark, values: dict[str, Any]) -> bool:
        """The document's last step is the text as it is so far; False where there is none."""
        if self._shown:
            document.withdraw(before)
        shows = document is self._vm.document and bool(values.get("text", "").strip())
        self._shown = shows and self._vm.execute(_step(document, layer, values))
        return self._shown


def _step(document: Document, layer: TextLayer, values: dict[str, Any]) -> Command:
    """Puts a text on top of the picture, or writes it anew where it is."""
    if layer.id not in document.layers:
        return AddLayer(
            replace(layer, name=_name(values["text"]), tiles=_tiles(values), **values), text="Add text"
        )
    named = {"name": _name(values["text"])} if layer.name == _name(layer.text) else {}
    changes = SetLayerProperty(layer.id, **values, **named)
    stroke = PaintStroke(layer.id, layer.tiles, _tiles(values))
    return CompositeCommand(QCoreApplication.translate("Writing", "Change text"), [stroke, changes])


def _tiles(values: dict[str, Any]) -> Tiles:
    letters = {name: values[name] for name in ("bold", "italic")}
    return Tiles.from_array(
        lettering(values["text"], values["font"], values["size"], values["colour"], **letters)
    )


def _name(text: str) -> str:
    return " ".join(text.split())[:NAME_LENGTH]
