"""Things in the picture: found at a click, cut out to a layer, and what is behind them painted."""

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QInputDialog, QMainWindow

from editor_core.base.function_words import words_behind
from editor_core.document import masks
from editor_core.document import selection as selecting
from editor_core.document.commands import AddLayer, Select
from editor_core.document.document import Document
from editor_core.document.selection import Shape
from editor_core.messages.events import Cancelled, Failed, Finished, FoundObject
from editor_core.messages.requests import FindObject
from editor_core.workflow.proposal import REPAINT
from editor_core.workflow.targets import cut_out, painted_layer
from gui.actions.actions import Actions
from gui.controllers.editing import Editing
from gui.controllers.toolbox import Toolbox
from gui.tools.object_select import ObjectAsked, ObjectSelect
from gui.viewmodels.document_vm import DocumentVM
from gui.viewmodels.results import EditOrder
from gui.worker.facade import EngineFacade, QueuePlace

AHEAD = 200  # milliseconds until the network looks at a picture: who only passes by, from tab to tab, waits for nothing
PATIENCE = 400  # milliseconds until it is said that an answer takes its time
BEHIND_GROWTH = 48  # of the picture's longer side: a share by which what is filled reaches beyond the thing


class Objects(QObject):
    """Carries out the object tool and the actions "cut_out" and "fill_behind".

    Signals:
        notice: A sentence. Main thread.
    """

    notice = Signal(str)

    def __init__(
        self,
        window: QMainWindow,
        facade: EngineFacade,
        actions: Actions,
        document: DocumentVM,
        editing: Editing,
        toolbox: Toolbox,
    ) -> None:
        super().__init__(window)
        self._window, self._facade, self._actions = window, facade, actions
        self._vm, self._editing, self._toolbox = document, editing, toolbox
        self._asked: tuple[int, Document, ObjectAsked] | None = None
        self._ahead: set[int] = set()  # jobs that only look at the picture
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE)
        self._patience.timeout.connect(lambda: self.notice.emit(self.tr("Looking at the picture…")))
        toolbox.object.asked = self._find
        self._soon = QTimer(self, singleShot=True, interval=AHEAD)
        self._soon.timeout.connect(self._look_ahead)
        toolbox.changed.connect(self._soon.start)
        actions["cut_out"].triggered.connect(self.cut_out)
        actions["fill_behind"].triggered.connect(self._ask_behind)
        facade.finished.connect(self._take)
        for ended in (facade.failed, facade.cancelled):
            ended.connect(self._ended)
        for signal in (document.replaced, document.selection_changed, document.current_changed):
            signal.connect(self._show_state)
        for signal in (document.replaced, document.current_changed):
            signal.connect(self._soon.start)
        self._show_state()

    def owns(self, job: int) -> bool:
        """Whether a job only looks ahead: what goes wrong there nobody waits for."""
        return job in self._ahead

    def _show_state(self) -> None:
        document = self._vm.document
        selected = document is not None and document.selection is not None
        self._actions["cut_out"].setEnabled(selected)
        self._actions["fill_behind"].setEnabled(selected and self._vm.turn is not None)

    # -- finding --------------------------------------------------------------------------------------------------

    def _look_ahead(self) -> None:
        """The tool is taken in hand: the network looks at the picture before the first click."""
        document = self._vm.document
        if document is not None and isinstance(self._toolbox.tool, ObjectSelect):
            self._vm.compute(
                lambda state: state.picture(),
                lambda picture: self._ahead.add(
                    self._facade.submit(FindObject(picture), "", QueuePlace.RENEW)
                ),
            )

    def _find(self, asked: ObjectAsked) -> None:
        self._soon.stop()
        document = self._vm.document
        if document is None:
            return
        x, y = asked.at
        if asked.box is None and not (0 <= x < document.width and 0 <= y < document.height):
            return
        self._vm.compute(lambda state: state.picture(), partial(self._submit, document, asked))

    def _submit(self, document: Document, asked: ObjectAsked, picture: object) -> None:
        request = FindObject(picture, asked.at, asked.box)  # type: ignore[arg-type]
        job = self._facade.submit(
            request, "", QueuePlace.FRONT
        )  # what only looks is let finish: it is waited for
        self._asked = job, document, asked
        self._patience.start()

    def _take(self, event: Finished) -> None:
        if self._asked is None or event.job != self._asked[0] or not isinstance(event.result, FoundObject):
            return
        _, document, asked = self._asked
        self._end()
        if document is self._vm.document:
            self._vm.when_at_rest(partial(self._select, document, asked, event.result))

    def _select(self, document: Document, asked: ObjectAsked, found: FoundObject) -> None:
        if document is not self._vm.document or found.mask.shape != (document.height, document.width):
            return
        shape = selecting.softened(Shape(found.mask, document.rect), asked.feather)
        joined = selecting.combined(document.selection, shape, asked.how, document.rect)
        if joined is not document.selection:
            self._vm.execute(Select(joined, self.tr("Select object") if joined else self.tr("Deselect")))

    def _ended(self, event: Failed | Cancelled) -> None:
        if self._asked is not None and event.job == self._asked[0]:
            self._end()

    def _end(self) -> None:
        self._asked = None
        self._patience.stop()

    # -- what becomes of it ---------------------------------------------------------------------------------------

    def cut_out(self) -> None:
        """What is seen in the selection as a layer of its own."""
        name = self.tr("Cut-out")
        self._vm.compute(
            lambda state: AddLayer(layer, text="Cut out") if (layer := cut_out(state, name)) else None,
            self._add_cut_out,
        )

    def _add_cut_out(self, command: AddLayer | None) -> None:
        if command is not None and self._vm.execute(command):
            self._toolbox.painted.emit(command.layer.id)

    def _ask_behind(self) -> None:
        turn = self._vm.turn
        if turn is None:
            return
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(self.tr("Fill behind"))
        dialog.setLabelText(self.tr("What is to be seen there instead?"))
        dialog.setTextValue(words_behind(turn.prompt))
        dialog.setOkButtonText(self.tr("Fill"))
        dialog.textValueSelected.connect(self.fill_behind)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def fill_behind(self, words: str) -> None:
        """Repaint the selection, and a margin of it, with these words; behind the chosen layer, if that covers it."""
        document, words = self._vm.document, words.strip()
        if document is None or document.selection is None or not words:
            return
        reach = max(document.width, document.height) // BEHIND_GROWTH
        grown = masks.grow(document.selection.read(document.rect), reach)
        phrase = {"phrase": words}
        behind = _cut_out_of(document, self._editing.chosen_layer)
        self._editing.edit(
            EditOrder(words, grown, method=REPAINT, variants=0, parameters=phrase, behind=behind)
        )


def _cut_out_of(document: Document, chosen: str | None) -> str:
    """The id of the chosen layer where that is paint over what is selected, else nothing."""
    layer = painted_layer(document, chosen)
    if layer is None or layer.id != chosen or document.selection is None:
        return ""
    place = layer.bounds.intersected(document.selection.bounds)
    covered = layer.tiles.read(place.shifted(-layer.x, -layer.y))[..., 3]
    return layer.id if (covered & document.selection.read(place)).any() else ""
