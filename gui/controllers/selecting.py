"""The menu “Select”: all, none, invert, grow, feather; selection and mask into one another; fill and clear."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog, QMainWindow

from editor_core.document import selection as selecting
from editor_core.document.commands import AddLayer, Select
from editor_core.document.document import Document
from editor_core.document.fill import similar_mask
from editor_core.document.layers import MaskLayer, PixelLayer, RasterLayer
from editor_core.document.paint import erase, paint_over
from editor_core.document.selection import Selection
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.tiles import Tiles
from editor_core.document.undo import Command
from editor_core.workflow import mask_layers
from editor_core.workflow.targets import mask_target, paint_layer, painting_command
from gui.actions.actions import Actions
from gui.controllers.toolbox import Toolbox
from gui.state.colours import Colour
from gui.tools.brush import Combine
from gui.viewmodels.document_vm import DocumentVM
from gui.worker.background import spawn

MAX_PIXELS = 500  # pixels to grow or feather by
USUAL = 8


class Selecting(QObject):
    """Connects the actions; each makes one undo entry."""

    def __init__(self, window: QMainWindow, actions: Actions, document: DocumentVM, toolbox: Toolbox) -> None:
        super().__init__(window)
        self._window, self._actions, self._vm, self._toolbox = window, actions, document, toolbox
        slots: dict[str, Callable[[Document], None]] = {
            "select_all": lambda document: self._select(selecting.everything(document.rect)),
            "select_none": lambda document: self._select(None),
            "invert_selection": self._invert,
            "select_colour": self._ask_for_colour,
            "grow_selection": self._ask_grow,
            "shrink_selection": self._ask_shrink,
            "feather_selection": self._ask_feather,
            "mask_from_selection": self._make_mask,
            "selection_from_mask": self._take_mask,
            "fill_selection": self._fill,
            "clear_selection": self._clear,
            "clear_mask": self._clear_mask,
            "invert_mask": self._invert_mask,
        }
        for name, slot in slots.items():
            actions[name].triggered.connect(lambda _=False, slot=slot: self._run(slot))
        for signal in (document.replaced, document.selection_changed, document.mask_changed):
            signal.connect(self._show_state)
        self._show_state()

    def _run(self, slot: Callable[[Document], None]) -> None:
        if self._vm.document is not None:
            slot(self._vm.document)

    def _show_state(self) -> None:
        """What can be done now."""
        document = self._vm.document
        selected = document is not None and document.selection is not None
        masked = mask_layers.has_mask(document)
        for name in ("select_all", "select_colour", "invert_selection", "invert_mask"):
            self._actions[name].setEnabled(document is not None)
        for name in ("grow_selection", "shrink_selection", "feather_selection", "mask_from_selection"):
            self._actions[name].setEnabled(selected)
        for name in ("select_none", "fill_selection", "clear_selection"):
            self._actions[name].setEnabled(selected)
        for name in ("selection_from_mask", "clear_mask"):
            self._actions[name].setEnabled(masked)

    # -- the selection itself -------------------------------------------------------------------------------------

    def _select(self, selection: Selection | None) -> None:
        document = self._vm.document
        if document is not None and selection is not document.selection:
            self._vm.execute(Select(selection, self.tr("Select") if selection else self.tr("Deselect")))

    def _select_made(self, make: Callable[[DocumentSnapshot], Selection | None]) -> None:
        """Select what ``make`` finds in the document."""
        self._vm.execute_made(partial(_selected, make, self.tr("Select"), self.tr("Deselect")))

    def _invert(self, document: Document) -> None:
        self._select_made(lambda state: selecting.inverted(state.selection, state.rect))

    def _ask_for_colour(self, document: Document) -> None:
        spawn(self._ask_colour(document))

    async def _ask_colour(self, document: Document) -> None:
        from gui.dialogs.colour_range import ColourRangeDialog  # OpenCV, when it is needed

        alike = self._toolbox.alike
        picture, colour = document.picture(), self._toolbox.colours.foreground
        chosen = await ColourRangeDialog.ask(picture, colour, alike.tolerance, self._window)
        if chosen is not None:
            alike.set(tolerance=chosen[1])
            self._select_made(partial(_coloured, *chosen))

    def _ask_grow(self, document: Document) -> None:
        self._ask(self.tr("Grow selection"), _grown)

    def _ask_shrink(self, document: Document) -> None:
        self._ask(self.tr("Shrink selection"), _shrunk)

    def _ask_feather(self, document: Document) -> None:
        self._ask(self.tr("Feather selection"), _feathered)

    def _ask(self, title: str, change: Callable[[int, DocumentSnapshot], Selection | None]) -> None:
        """Ask by how many pixels, then change the selection."""
        dialog = QInputDialog(self._window)
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setWindowTitle(title)
        dialog.setLabelText(self.tr("Pixels:"))
        dialog.setIntRange(1, MAX_PIXELS)
        dialog.setIntValue(USUAL)
        dialog.intValueSelected.connect(lambda pixels: self._select_made(partial(change, pixels)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # -- selection and mask ---------------------------------------------------------------------------------------

    def _make_mask(self, document: Document) -> None:
        """The selection takes the mask's place."""
        chosen = self._toolbox.mask.chosen_layer
        text, name = self.tr("Mask from selection"), self.tr("Mask")
        self._vm.execute_made(partial(_mask_made, chosen=chosen, text=text, name=name))

    def _take_mask(self, document: Document) -> None:
        self._select_made(_mask_taken)

    def _clear_mask(self, document: Document) -> None:
        layer = mask_layers.mask_layer(document)
        if layer is not None and len(layer.tiles):
            self._vm.execute(mask_layers.clear_mask(layer, self.tr("Clear mask")))

    def _invert_mask(self, document: Document) -> None:
        self._vm.execute_made(partial(_mask_inverted, text=self.tr("Invert mask")))

    # -- pixels ---------------------------------------------------------------------------------------------------

    def _fill(self, document: Document) -> None:
        """The selected pixels in the foreground colour."""
        self._vm.execute_made(
            partial(
                _filled,
                chosen=self._toolbox.brush.chosen_layer,
                colour=self._toolbox.colours.foreground,
                name=self.tr("Paint"),
                text=self.tr("Fill"),
            )
        )

    def _clear(self, document: Document) -> None:
        chosen = self._toolbox.brush.chosen_layer
        if paint_layer(document, chosen) is None:
            self._vm.problem.emit(
                self.tr("There is no paint to clear yet. Paint first, or choose a layer in Layers.")
            )
        else:
            self._vm.execute_made(partial(_cleared, chosen=chosen, text=self.tr("Clear pixels")))


# What is computed beside the window: plain functions, so that nothing that the artist does meanwhile changes it.


def _selected(
    make: Callable[[DocumentSnapshot], Selection | None], select: str, deselect: str, state: DocumentSnapshot
) -> Select | None:
    selection = make(state)
    if selection is state.selection:
        return None
    return Select(selection, select if selection else deselect)


def _coloured(colour: Colour, tolerance: int, state: DocumentSnapshot) -> Selection | None:
    return selecting.from_mask(similar_mask(state.picture(), colour, tolerance))


def _grown(pixels: int, state: DocumentSnapshot) -> Selection | None:
    return state.selection and selecting.grown(state.selection, pixels, state.rect)


def _shrunk(pixels: int, state: DocumentSnapshot) -> Selection | None:
    return _grown(-pixels, state)


def _feathered(pixels: int, state: DocumentSnapshot) -> Selection | None:
    return state.selection and selecting.feathered(state.selection, pixels, state.rect)


def _mask_taken(state: DocumentSnapshot) -> Selection | None:
    mask = state.edit_mask()
    return state.selection if mask is None else selecting.from_mask(mask)


def _mask_made(state: DocumentSnapshot, *, chosen: str | None, text: str, name: str) -> Command | None:
    selection, layer = state.selection, mask_target(state, chosen)
    if selection is None:
        return None
    if layer is None:
        return AddLayer(MaskLayer(name=name, tiles=selection.tiles), text=text)
    painted = Tiles(1).with_pixels(-layer.x, -layer.y, selection.read(state.rect))
    return painting_command(state, layer, painted, text)


def _mask_inverted(state: DocumentSnapshot, *, text: str) -> Command | None:
    layer = mask_layers.mask_layer(state)
    return None if layer is None else mask_layers.invert_mask(layer, state, text)


def _filled(
    state: DocumentSnapshot, *, chosen: str | None, colour: Colour, name: str, text: str
) -> Command | None:
    layer = paint_layer(state, chosen) or RasterLayer(name=name)
    combine = partial(paint_over, colour=colour, keep_alpha=_keeps_alpha(layer))
    return _painted(state, layer, text, combine)


def _cleared(state: DocumentSnapshot, *, chosen: str | None, text: str) -> Command | None:
    layer = paint_layer(state, chosen)
    if layer is None or _keeps_alpha(layer):
        return None
    return _painted(state, layer, text, erase)


def _keeps_alpha(layer: PixelLayer) -> bool:
    return isinstance(layer, RasterLayer) and layer.lock_transparency


def _painted(state: DocumentSnapshot, layer: PixelLayer, text: str, combine: Combine) -> Command | None:
    """The command that does something to a layer's selected pixels."""
    if state.selection is None:
        return None
    rect = state.selection.bounds.intersected(state.rect)
    coverage = state.selection.read(rect)[..., None]
    return painting_command(
        state, layer, layer.tiles.combined(rect.shifted(-layer.x, -layer.y), coverage, combine), text
    )
