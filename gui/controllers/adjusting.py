"""Adjustment layers and filters: made, changed while the picture follows, taken back when the dialog is left."""

import math
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from editor_core.base.errors import EditorError
from editor_core.document.commands import AddLayer, SetLayerProperty
from editor_core.document.compositing import flatten
from editor_core.document.document import Document
from editor_core.document.filtering import filtered
from editor_core.document.geometry import Rect
from editor_core.document.layers import AdjustmentLayer, GroupLayer
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.tiles import Pixels, Tiles
from editor_core.document.undo import Command, Mark
from editor_core.pixels.filters import FILTERS, Filtering
from editor_core.pixels.histogram import histogram
from gui.actions.actions import Actions
from gui.controllers.toolbox import Toolbox
from gui.dialogs.adjustment import AdjustmentDialog
from gui.dialogs.filter import FilterDialog
from gui.look.theme import Theme
from gui.texts.adjustments import NAMES, adjustment_name
from gui.texts.filters import filter_name
from gui.texts.messages import message_text
from gui.viewmodels.document_vm import DocumentVM
from gui.worker.background import spawn

COUNTED = 1024  # pixels a side, at the most, of the picture whose levels are counted


class Adjusting(QObject):
    """Connects the actions.

    Signals:
        added: Id of a new layer. Main thread.
    """

    added = Signal(str)

    def __init__(
        self, window: QWidget, theme: Theme, actions: Actions, document: DocumentVM, toolbox: Toolbox
    ) -> None:
        super().__init__(window)
        self._window, self._theme, self._actions = window, theme, actions
        self._vm, self._toolbox = document, toolbox
        for kind in NAMES:
            actions[f"adjust_{kind}"].triggered.connect(lambda _=False, kind=kind: self.add(kind))
        for name in FILTERS:
            actions[f"filter_{name}"].triggered.connect(lambda _=False, name=name: spawn(self._filter(name)))
        actions["edit_adjustment"].triggered.connect(self.edit)
        for signal in (document.replaced, document.layers_changed):
            signal.connect(self.refresh)
        self.refresh()

    def add(self, kind: str) -> None:
        """A new adjustment above the active layer, only where something is selected, and its dialog."""
        document = self._vm.document
        if document is None:
            return
        chosen = self._toolbox.transform.chosen_layer
        known = chosen is not None and chosen in document.layers
        parent, index = document.layers.place_of(chosen) if known and chosen is not None else (None, None)
        tiles = Tiles(1)
        if (selection := document.selection) is not None:
            tiles = tiles.with_pixels(0, 0, 255 - selection.read(document.rect))
        layer = AdjustmentLayer(name=adjustment_name(kind), adjustment=kind, tiles=tiles)
        place, before = None if index is None else index + 1, document.undo_stack.mark
        if self._vm.execute(AddLayer(layer, place, parent, layer.name)):
            self.added.emit(layer.id)
            dialog = self._open(document, layer, before)
            dialog.accepted.connect(partial(self._join, layer, place, parent, before))

    def edit(self) -> None:
        """The dialog of the active adjustment."""
        if (layer := self._chosen) is not None and (document := self._vm.document) is not None:
            self._open(document, layer, document.undo_stack.mark)

    def refresh(self) -> None:
        """Offer what can be done."""
        there = self._vm.document is not None
        for kind in NAMES:
            self._actions[f"adjust_{kind}"].setEnabled(there)
        for name in FILTERS:
            self._actions[f"filter_{name}"].setEnabled(there)
        self._actions["edit_adjustment"].setEnabled(self._chosen is not None)

    @property
    def _chosen(self) -> AdjustmentLayer | None:
        document, chosen = self._vm.document, self._toolbox.transform.chosen_layer
        layer = None if document is None or chosen is None else document.layers.get(chosen)
        return layer if isinstance(layer, AdjustmentLayer) else None

    def _open(self, document: Document, layer: AdjustmentLayer, before: Mark) -> AdjustmentDialog:
        """``before``: where Cancel goes back to."""
        document.end_merging()
        counts = histogram(_without(document, layer)) if layer.adjustment in ("levels", "curves") else None
        dialog = AdjustmentDialog(self._theme, layer.adjustment, layer.numbers, self._window, counts)
        dialog.moved.connect(lambda numbers: self._set(layer.id, numbers))
        dialog.rejected.connect(partial(document.withdraw, before))
        self._vm.hold(True)  # its steps are taken back as the last ones
        dialog.finished.connect(document.end_merging)
        dialog.finished.connect(lambda: self._vm.hold(False))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _join(self, layer: AdjustmentLayer, place: int | None, parent: str | None, before: Mark) -> None:
        """What was set in its first dialog belongs to the step that made the layer."""
        document = self._vm.document
        now = None if document is None else document.layers.get(layer.id)
        if document is not None and now is not None and now != layer:
            document.withdraw(before)
            self._vm.execute(AddLayer(now, place, parent, layer.name))
            self.added.emit(layer.id)

    def _set(self, layer_id: str, numbers: dict[str, object]) -> None:
        document = self._vm.document
        if document is not None and layer_id in document.layers:
            self._vm.execute(SetLayerProperty(layer_id, numbers=numbers))

    # -- filters --------------------------------------------------------------------------------------------------

    async def _filter(self, name: str) -> None:
        document, chosen = self._vm.document, self._toolbox.transform.chosen_layer
        if document is None:
            return
        wanted = await FilterDialog.ask(name, document.snapshot(), chosen, self._window)
        if wanted is None or document is not self._vm.document:
            return
        make = partial(_filtered, wanted=wanted, chosen=chosen, name=filter_name(name))
        self._vm.compute(make, self._made)

    def _made(self, made: Command | EditorError | None) -> None:
        if isinstance(made, EditorError):
            self._vm.problem.emit(message_text(made.message))
        elif made is not None and self._vm.execute(made) and isinstance(made, AddLayer):
            cover = made.layer  # what comes next is about it
            self.added.emit(cover.children[-1].id if isinstance(cover, GroupLayer) else cover.id)


def _without(document: Document, layer: AdjustmentLayer) -> Pixels:
    """What is seen without an adjustment, uint8 (h, w, 4), at a size that is quickly counted."""
    level = max(0, math.ceil(math.log2(max(document.width, document.height) / COUNTED)))
    hidden = document.layers.replacing(replace(layer, visible=False))
    return flatten(hidden, Rect(0, 0, document.width >> level, document.height >> level), level)


def _filtered(
    state: DocumentSnapshot, *, wanted: Filtering, chosen: str | None, name: str
) -> Command | EditorError | None:
    try:
        return filtered(state, chosen, wanted, name)
    except EditorError as error:
        return error
