"""The menu “Select”: all, none, invert, grow, feather; selection and mask into one another; fill and clear."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog, QWidget

from editor_core.document import selection as selecting
from editor_core.document.commands import AddLayer, Select
from editor_core.document.document import Document
from editor_core.document.layers import MaskLayer, PixelLayer, RasterLayer
from editor_core.document.paint import erase, paint_over
from editor_core.document.selection import Selection
from editor_core.document.tiles import Tiles
from gui import masks
from gui.actions import Actions
from gui.toolbox import Toolbox
from gui.tools.brush import Combine
from gui.tools.targets import mask_target, paint_layer, painting_step
from gui.viewmodels.document_vm import DocumentVM

WIDEST = 500  # pixels to grow or feather by
USUAL = 8


class Selecting(QObject):
    """Connects the actions; each makes one undo step."""

    def __init__(self, window: QWidget, actions: Actions, document: DocumentVM, toolbox: Toolbox) -> None:
        super().__init__(window)
        self._window, self._actions, self._vm, self._toolbox = window, actions, document, toolbox
        slots: dict[str, Callable[[Document], None]] = {
            "select_all": lambda document: self._select(selecting.everything(document.rect)),
            "select_none": lambda document: self._select(None),
            "invert_selection": self._invert,
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
        masked = masks.has_mask(document)
        for name in ("select_all", "invert_selection", "invert_mask"):
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

    def _invert(self, document: Document) -> None:
        self._select(selecting.inverted(document.selection, document.rect))

    def _ask_grow(self, document: Document) -> None:
        self._ask(self.tr("Grow the selection"), lambda chosen, n: selecting.grown(chosen, n, document.rect))

    def _ask_shrink(self, document: Document) -> None:
        self._ask(
            self.tr("Shrink the selection"), lambda chosen, n: selecting.grown(chosen, -n, document.rect)
        )

    def _ask_feather(self, document: Document) -> None:
        self._ask(
            self.tr("Feather the selection"), lambda chosen, n: selecting.feathered(chosen, n, document.rect)
        )

    def _ask(self, title: str, change: Callable[[Selection, int], Selection | None]) -> None:
        """Ask by how many pixels, then change the selection."""
        dialog = QInputDialog(self._window)
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setWindowTitle(title)
        dialog.setLabelText(self.tr("Pixels:"))
        dialog.setIntRange(1, WIDEST)
        dialog.setIntValue(USUAL)
        dialog.intValueSelected.connect(lambda pixels: self._change(change, pixels))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _change(self, change: Callable[[Selection, int], Selection | None], pixels: int) -> None:
        document = self._vm.document
        if document is not None and document.selection is not None:
            self._select(change(document.selection, pixels))

    # -- selection and mask ---------------------------------------------------------------------------------------

    def _make_mask(self, document: Document) -> None:
        """The selection takes the mask's place."""
        selection, layer = document.selection, mask_target(document, self._toolbox.mask.chosen_layer)
        text = self.tr("Mask from the selection")
        if selection is None:
            return
        if layer is None:
            self._vm.execute(AddLayer(MaskLayer(name=self.tr("Mask"), tiles=selection.tiles)))
        else:
            pixels = selection.read(document.rect)
            painted = Tiles(1).with_pixels(-layer.x, -layer.y, pixels)
            self._vm.execute(painting_step(document, layer, painted, text))

    def _take_mask(self, document: Document) -> None:
        mask = document.edit_mask()
        if mask is not None:
            self._select(selecting.from_mask(mask))

    def _clear_mask(self, document: Document) -> None:
        layer = masks.mask_layer(document)
        if layer is not None and len(layer.tiles):
            self._vm.execute(masks.cleared(layer, self.tr("Clear mask")))

    def _invert_mask(self, document: Document) -> None:
        layer = masks.mask_layer(document)
        if layer is not None:
            self._vm.execute(masks.inverted(layer, document, self.tr("Invert mask")))

    # -- pixels ---------------------------------------------------------------------------------------------------

    def _fill(self, document: Document) -> None:
        """The selected pixels in the foreground colour."""
        layer = paint_layer(document, self._toolbox.brush.chosen_layer) or RasterLayer(name=self.tr("Paint"))
        colour = self._toolbox.colours.foreground
        keep_alpha = isinstance(layer, RasterLayer) and layer.lock_transparency
        self._paint(
            document,
            layer,
            self.tr("Fill"),
            lambda before, coverage: paint_over(before, coverage, colour, keep_alpha),
        )

    def _clear(self, document: Document) -> None:
        layer = paint_layer(document, self._toolbox.brush.chosen_layer)
        if layer is None:
            self._vm.problem.emit(self.tr("There is no painted layer to clear."))
        elif not (isinstance(layer, RasterLayer) and layer.lock_transparency):
            self._paint(document, layer, self.tr("Clear the pixels"), erase)

    def _paint(self, document: Document, layer: PixelLayer, text: str, combine: Combine) -> None:
        if (selection := document.selection) is None:
            return
        rect = selection.bounds.intersected(document.rect)
        local = rect.shifted(-layer.x, -layer.y)
        pixels = combine(layer.tiles.read(local), selection.read(rect)[..., None])
        painted = layer.tiles.with_pixels(local.x, local.y, pixels)
        self._vm.execute(painting_step(document, layer, painted, text))
