"""What the title and the menus say about the document: its name, what can be done with it, what Undo takes back."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from gui.actions.actions import Actions
from gui.canvas.canvas import Canvas
from gui.controllers.files import Files
from gui.controllers.toolbox import Toolbox
from gui.texts.marks import as_label, as_title
from gui.texts.undo_entries import undo_entry_name
from gui.viewmodels.document_vm import DocumentVM

_OF_DOCUMENT = ("save", "save_as", "save_copy", "export", "show_changes")
_OF_TURN = (
    "star",
    "rename",
    "delete",
    "turn_up",
    "turn_down",
    "upscale",
    "compare",
    "compare_methods",
    "seek",
)


class MenuState(QObject):
    """Follows the document by itself."""

    def __init__(
        self,
        window: QMainWindow,
        actions: Actions,
        document: DocumentVM,
        files: Files,
        canvas: Canvas,
        toolbox: Toolbox,
    ) -> None:
        super().__init__(window)
        self._window, self._actions, self._vm, self._files = window, actions, document, files
        self._canvas, self._toolbox = canvas, toolbox
        for signal in (document.replaced, document.current_changed):
            signal.connect(self._show_all)
        for changed in (document.undo_changed, canvas.can_undo_changed):
            changed.connect(self._show_undo)
        document.dirty_changed.connect(self._show_title)
        files.path_changed.connect(self._show_title)
        self._show_all()

    def _show_all(self) -> None:
        for name in _OF_DOCUMENT:
            self._actions[name].setEnabled(self._vm.document is not None)
        for name in _OF_TURN:
            self._actions[name].setEnabled(self._vm.turn is not None)
        self._show_title()
        self._show_undo()

    def _show_title(self) -> None:
        document = self._vm.document
        self._window.setWindowTitle(
            "Palimpsest"
            if document is None
            else self.tr("{name}[*] — Palimpsest").format(name=as_title(self._files.name))
        )
        self._window.setWindowModified(document is not None and document.dirty)

    def _show_undo(self) -> None:
        document = self._vm.document
        done = None if document is None else document.undo_stack.next_undo
        undone = None if document is None else document.undo_stack.next_redo
        undo, redo = (None if entry is None else undo_entry_name(entry.text) for entry in (done, undone))
        if self._canvas.can_undo:  # what the tool has in hand is taken back first
            undo = self._toolbox.tool_text
        for action, name, text in (("undo", undo, self.tr("&Undo")), ("redo", redo, self.tr("&Redo"))):
            self._actions[action].setEnabled(name is not None)
            self._actions[action].setText(text if name is None else f"{text} · {as_label(name)}")
