"""The shown document as Qt signals; holds the reference, no truth of its own."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from editor_core.base.errors import EditorError
from editor_core.document.commands import AddLayer, CompositeCommand, PaintStroke, Select
from editor_core.document.document import Document
from editor_core.document.events import (
    CurrentTurnChanged,
    DirtyChanged,
    DraftsChanged,
    Event,
    GuidesChanged,
    HistoryChanged,
    LayersChanged,
    PixelsChanged,
    SelectionChanged,
    SizeChanged,
    UndoChanged,
)
from editor_core.document.geometry import Rect
from editor_core.document.layers import Layer, LayerStack, PixelLayer
from editor_core.document.selection import Selection
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.tiles import Tiles
from editor_core.document.turns import Turn
from editor_core.document.undo import Command
from gui.texts.messages import message_text
from gui.viewmodels.open_document import OpenDocument
from gui.worker.background import spawn

AT_ONCE = 2**22  # pixels: a smaller picture is worked on at once
T = TypeVar("T")


class DocumentVM(QObject):
    """The document that the window shows, or none: whatever follows it is about another one when another tab is shown.

    Signals (main thread):
        leaving: Another tab is about to be shown: what the window keeps of this one is to be put into ``shown``.
        replaced: Another document is shown, or none.
        size_changed: The document has another size.
        pixels_changed: A Rect of the picture looks different.
        mask_changed: A Rect of the mask, or of anything else that is not part of the picture.
        layers_changed: The stack or a layer's property changed.
        selection_changed: Other pixels are selected.
        history_changed: Turns were added, removed, renamed or starred.
        current_changed: Another turn is shown.
        drafts_changed: What is to be seen of what was typed or set for the next edit, as a `DraftsChanged` has it.
        guides_changed: There are other guides.
        undo_changed, dirty_changed: As their names say.
        forgotten: The oldest steps can no longer be undone; told once of a document.
        settling: What floats is to be put down: the document is about to be saved, edited or closed.
        working_changed: A change of a large picture is being computed, or no longer.
        problem: A sentence about a change that could not be made.
    """

    leaving = Signal()
    replaced = Signal()
    size_changed = Signal()
    pixels_changed = Signal(Rect)
    mask_changed = Signal(Rect)
    layers_changed = Signal()
    selection_changed = Signal()
    history_changed = Signal()
    current_changed = Signal()
    drafts_changed = Signal(object)
    guides_changed = Signal()
    undo_changed = Signal()
    dirty_changed = Signal()
    forgotten = Signal()
    settling = Signal()
    working_changed = Signal()
    problem = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = OpenDocument()
        self._document: Document | None = None
        self._painted: tuple[Layer, ...] = ()  # what the picture was made of when it was last told of
        self._unsubscribe: Callable[[], None] = _nothing
        self._told_forgotten = False
        self._turns = asyncio.Lock()  # who comes first computes first
        self._waiting: Counter[str] = Counter()  # computations asked for, by tab
        self._stops = 0  # how often the artist stopped them
        self._holds = 0
        self._at_rest = asyncio.Event()  # nobody holds it
        self._at_rest.set()
        self._due: list[Callable[[], None]] = []  # when it ends
        self._settled: list[Callable[[], None]] = []  # what waits until nothing is computed any more
        self._shown.document_changed.connect(self._take_document)

    @property
    def shown(self) -> OpenDocument:
        """The tab that is shown."""
        return self._shown

    @property
    def document(self) -> Document | None:
        return self._document

    @property
    def turn(self) -> Turn | None:
        """The turn that is shown."""
        return None if self._document is None else self._document.history.current

    def show(self, opened: OpenDocument) -> None:
        """Show another tab; nothing of the one before stays connected. What floats there is put down before."""
        if opened is self._shown:
            return
        self.leaving.emit()
        self._shown.document_changed.disconnect(self._take_document)
        self._shown = opened
        opened.document_changed.connect(self._take_document)
        self._take_document()

    def _take_document(self) -> None:
        self._unsubscribe()
        document = self._document = self._shown.document
        self._told_forgotten = False
        self._painted = () if document is None else _painted(document.layers)
        self._unsubscribe = _nothing if document is None else document.subscribe(self._hear)
        self.replaced.emit()

    def execute(self, command: Command, document: Document | None = None) -> bool:
        """Make a change, of the shown document unless another is named.

        On an EditorError nothing changes, ``problem`` is emitted and False returned.
        """
        document = document or self._document
        if document is None:
            return False
        try:
            document.execute(command)
        except EditorError as error:
            self.problem.emit(message_text(error.message))
            return False
        return True

    def hold(self, held: bool) -> None:
        """A stroke is being drawn, a dialog tries something out, or no longer: what comes by itself waits meanwhile."""
        self._holds += 1 if held else -1
        if self._holds:
            self._at_rest.clear()
            return
        self._at_rest.set()
        due, self._due = self._due, []
        for act in due:
            act()

    def when_at_rest(self, act: Callable[[], None]) -> None:
        """Do something now or, while somebody holds the document, when that ends."""
        if self._at_rest.is_set():
            act()
        else:
            self._due.append(act)

    def compute(
        self,
        make: Callable[[DocumentSnapshot], T],
        then: Callable[[T], None],
        opened: OpenDocument | None = None,
    ) -> None:
        """Hand ``then`` what ``make`` gives for the document as it is now: the shown one unless a tab is named.

        A large picture is worked on off the main thread, one thing after another; where layers or selection change
        meanwhile, it is made anew. ``make`` touches nothing but what it is given. Nothing comes of it once another tab
        is shown, unless it was named.
        """
        stays = opened is not None
        opened = opened or self._shown
        document = opened.document
        if document is None:
            return
        if document.width * document.height <= AT_ONCE:
            then(make(document.snapshot()))
        else:
            self._waiting[opened.id] += 1
            self.working_changed.emit()
            stops = self._stops

            def goes_on() -> bool:
                wanted = stays or opened is self._shown
                return wanted and opened.document is document and stops == self._stops

            spawn(self._compute(document, make, then, goes_on, opened.id))

    def execute_made(self, make: Callable[[DocumentSnapshot], Command | None]) -> None:
        """The same for a change, which ``make`` gives as a command, or as None where there is nothing to do."""
        self.compute(make, self._execute_made)

    @property
    def working(self) -> bool:
        """Whether something is being computed of the shown document."""
        return self._waiting[self._shown.id] > 0

    def when_settled(self, act: Callable[[], None]) -> None:
        """Put down what floats, and do something once nothing is computed of the shown document any more."""
        self.settling.emit()
        if self.working:
            self._settled.append(act)
        else:
            act()

    async def settled(self) -> None:
        """The same, to be awaited."""
        reached = asyncio.Event()
        self.when_settled(reached.set)
        await reached.wait()

    def stop_working(self) -> None:
        """Let nothing come of what is being computed."""
        self._stops += 1

    async def _compute(
        self,
        document: Document,
        make: Callable[[DocumentSnapshot], T],
        then: Callable[[T], None],
        goes_on: Callable[[], bool],
        tab: str,
    ) -> None:
        try:
            async with self._turns:
                while goes_on():
                    await self._at_rest.wait()
                    state = document.snapshot()
                    made = await asyncio.to_thread(_prepared, make, state)
                    await self._at_rest.wait()
                    if not goes_on():
                        return
                    if document.layers is state.layers and document.selection is state.selection:
                        then(made)
                        return
        finally:
            self._waiting[tab] -= 1
            self.working_changed.emit()
            if not self.working:
                due, self._settled = self._settled, []
                for act in due:
                    act()

    def _execute_made(self, command: Command | None) -> None:
        if command is not None:
            self.execute(command)

    def undo(self) -> None:
        if self._document is not None:
            self._document.undo()

    def redo(self) -> None:
        if self._document is not None:
            self._document.redo()

    def _hear(self, event: Event) -> None:
        match event:
            case SizeChanged():
                self.size_changed.emit()
            case PixelsChanged(layer_id=layer_id, rect=rect):
                self._tell_pixels(layer_id, rect)
            case LayersChanged(rect=rect):
                self._tell_layers(rect)
            case SelectionChanged():
                self.selection_changed.emit()
            case HistoryChanged():
                self.history_changed.emit()
            case CurrentTurnChanged():
                self.current_changed.emit()
            case DraftsChanged(seen=seen):
                self.drafts_changed.emit(seen)
            case GuidesChanged():
                self.guides_changed.emit()
            case UndoChanged(forgotten=forgotten):
                self.undo_changed.emit()
                if forgotten and not self._told_forgotten:
                    self._told_forgotten = True
                    self.forgotten.emit()
            case DirtyChanged():
                self.dirty_changed.emit()

    def _tell_pixels(self, layer_id: str, rect: Rect) -> None:
        layer = None if self._document is None else self._document.layers.get(layer_id)
        if layer is not None and not layer.in_picture:
            self.mask_changed.emit(rect)
        else:
            self.pixels_changed.emit(rect)

    def _tell_layers(self, rect: Rect) -> None:
        """A mask that comes or goes does not make the picture be drawn again."""
        before, self._painted = (
            self._painted,
            () if self._document is None else _painted(self._document.layers),
        )
        self.layers_changed.emit()
        self.mask_changed.emit(rect)
        if before != self._painted:
            self.pixels_changed.emit(rect)


def _painted(layers: LayerStack) -> tuple[Layer, ...]:
    """The layers the picture is made of; equal tuples give equal pictures, for layers never change."""
    return tuple(layer for layer in layers if layer.in_picture)


def _prepared(make: Callable[[DocumentSnapshot], T], state: DocumentSnapshot) -> T:
    """What ``make`` gives; new tiles are halved already, for looking from afar."""
    made = make(state)
    _halve_ahead(made)
    return made


def _halve_ahead(made: object) -> None:
    match made:
        case CompositeCommand(commands=commands):
            for part in commands:
                _halve_ahead(part)
        case PaintStroke(after=patch):
            Tiles(0).with_patch(patch).halved_ahead()
        case Select(selection=Selection(tiles=tiles) as selection):
            tiles.halved_ahead()
            _ = selection.bounds  # found once, and asked for by every frame
        case AddLayer(layer=PixelLayer(tiles=tiles)):
            tiles.halved_ahead()


def _nothing() -> None:
    """There is no subscription to end."""
