"""Cut, and selections that become layers of their own: what is taken is the active layer's."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from editor_core.base.errors import EditorError
from editor_core.document.lifting import Lifted, lift, onto_new_layer, pixels_of, taken_out
from gui.actions.actions import Actions
from gui.controllers.incoming import placed_data
from gui.controllers.toolbox import Toolbox
from gui.texts.layer_names import layer_name
from gui.texts.messages import message_text
from gui.viewmodels.document_vm import DocumentVM


class Cutting(QObject):
    """Each action makes one undo entry.

    Signals:
        added: Id of a new layer. Main thread.
    """

    added = Signal(str)

    def __init__(self, window: QWidget, actions: Actions, document: DocumentVM, toolbox: Toolbox) -> None:
        super().__init__(window)
        self._vm, self._toolbox, self._actions = document, toolbox, actions
        actions["cut"].triggered.connect(self.cut)
        actions["copy_to_layer"].triggered.connect(lambda: self._to_layer(cut=False))
        actions["cut_to_layer"].triggered.connect(lambda: self._to_layer(cut=True))
        for signal in (document.replaced, document.selection_changed):
            signal.connect(self._show_state)
        self._show_state()

    def cut(self) -> None:
        """What is selected of the active layer, or all of it, to the clipboard."""
        if (lifted := self._lifted()) is not None:
            pixels = pixels_of(lifted)
            if self._vm.execute(taken_out(lifted, "Cut")):
                place = lifted.bounds
                QGuiApplication.clipboard().setMimeData(placed_data(pixels, place.x, place.y))

    def _to_layer(self, *, cut: bool) -> None:
        document, lifted = self._vm.document, self._lifted()
        if document is None or lifted is None:
            return
        text = "Cut to new layer" if cut else "Copy to new layer"
        name = self.tr("{name} cut-out").format(name=layer_name(document, lifted.layer))
        command, made = onto_new_layer(lifted, name, text, cut=cut)
        if self._vm.execute(command):
            self.added.emit(made)

    def _lifted(self) -> Lifted | None:
        document, chosen = self._vm.document, self._toolbox.transform.chosen_layer
        if document is None:
            return None
        if chosen is None or chosen not in document.layers:
            self._vm.problem.emit(self.tr("Select the layer to cut from in the Layers panel first."))
            return None
        try:
            return lift(document, chosen)
        except EditorError as error:
            self._vm.problem.emit(message_text(error.message))
            return None

    def _show_state(self) -> None:
        document = self._vm.document
        self._actions["cut"].setEnabled(document is not None)
        for name in ("copy_to_layer", "cut_to_layer"):
            self._actions[name].setEnabled(document is not None and document.selection is not None)
