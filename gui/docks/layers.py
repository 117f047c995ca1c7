"""The layers: choose, show, hide, rename, drag to order, group, merge, lock, blend."""

from functools import partial

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from editor_core.base.errors import LayerError
from editor_core.document import arrange, layer_masks
from editor_core.document.commands import AddLayer, MoveLayer, RemoveLayer, SetLayerProperty
from editor_core.document.compositing import in_layer
from editor_core.document.layers import (
    LAYER_KINDS,
    GroupLayer,
    Layer,
    LayerStack,
    PictureLayer,
    RasterLayer,
    RegionLayer,
)
from editor_core.workflow import mask_layers
from gui.actions.actions import Actions
from gui.docks.layer_delegate import LayerDelegate
from gui.docks.region_words import RegionWords
from gui.look.theme import UNIT, Theme
from gui.texts.layer_names import layer_name
from gui.texts.messages import message_text
from gui.viewmodels.document_vm import DocumentVM
from gui.viewmodels.layers_vm import LayersVM
from gui.widgets.blend_box import BlendBox
from gui.widgets.buttons import action_button
from gui.widgets.hinted_list import HintedList
from gui.widgets.labelled_slider import LabelledSlider

FOOT = ("group_layers", "duplicate_layer", "merge_down", "lock_layer", "lock_transparency")
NEW = {kind.new_action.id: kind for kind in LAYER_KINDS.values() if kind.new_action is not None}
MENU = (
    "duplicate_layer",
    "merge_down",
    "group_layers",
    "ungroup_layers",
    "mask_from_region",
    "",
    "edit_adjustment",
    "mask_layer",
    "clip_layer",
    "",
    "lock_layer",
    "lock_transparency",
    "on_every_turn",
)


class LayersPanel(QWidget):
    """The layer list with its controls; the window's layer actions work on what is chosen here.

    Signals:
        chosen: Id of the layer that tools work on, or None. Main thread.
    """

    chosen = Signal(object)

    def __init__(
        self, theme: Theme, document: DocumentVM, actions: Actions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._vm = document
        self._actions = actions
        self._chosen: str | None = None
        self._gone: set[str] = (
            set()
        )  # layers that were chosen when they went, and are again when they come back
        self._by_hand = False  # it was chosen in the list, not by a brush or a new turn
        self._naming: tuple[str, str] | None = None  # a layer that is being renamed, and its name so far
        document.replaced.connect(self._take_choice)  # before the list follows
        self.model = LayersVM(document, self)
        self.list = HintedList(theme, self.tr("Layers"), self.tr("The layers of a picture are listed here."))
        self.list.setModel(self.model)
        self._delegate = LayerDelegate(theme, self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.setEditTriggers(QListView.EditTrigger.DoubleClicked)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.mode = BlendBox()
        self.opacity = LabelledSlider(self.tr("Opacity"), 0, 100, " %")
        self.words = RegionWords()
        self.add_button = self._new_button()
        self.remove_button = action_button(actions["remove_layer"])
        self._lay_out()
        self._connect()
        self._refresh()

    @property
    def layer(self) -> Layer | None:
        """The chosen layer."""
        return self.model.layer(self.list.currentIndex().row())

    def move_layer(self, places: int) -> None:
        """Move the chosen layer up (1) or down (-1) among its neighbours."""
        document, layer = self._vm.document, self.layer
        if document is None or layer is None:
            return
        parent, index = document.layers.place_of(layer.id)
        if 0 <= index + places < _count_in(document.layers, parent):
            self._vm.execute(MoveLayer(layer.id, index + places, parent))

    def add(self, kind: type[Layer] = RasterLayer) -> None:
        """Put an empty layer above the chosen one."""
        document = self._vm.document
        if document is None:
            return
        parent, index = (None, None) if self.layer is None else document.layers.place_of(self.layer.id)
        name = self.tr(kind.title)
        layer = kind(name=_unused(document.layers, name, always=kind is RasterLayer))
        if self._vm.execute(AddLayer(layer, None if index is None else index + 1, parent)):
            self.choose(layer.id)

    def use_region(self) -> None:
        """Make the chosen region the mask."""
        document, layer = self._vm.document, self.layer
        if document is not None and isinstance(layer, RegionLayer):
            coverage = layer.tiles.read(in_layer(layer, document.rect))[..., 0]
            command = mask_layers.replace_mask(
                document, coverage, self.tr("Mask from region"), self.tr("Mask")
            )
            self._vm.execute(command)

    def remove(self) -> None:
        """Take the chosen layer out."""
        if self.layer is not None:
            self._vm.execute(RemoveLayer(self.layer.id))

    def rename(self) -> None:
        """Type another name in the list."""
        self.list.edit(self.list.currentIndex())

    def duplicate(self) -> None:
        document, layer = self._vm.document, self.layer
        if document is not None and layer is not None:
            name = _unused(document.layers, self.tr("{name} copy").format(name=layer_name(document, layer)))
            command, copy = arrange.duplicate(document, layer.id, name)
            self._vm.execute(command)
            self.choose(copy)

    def merge_down(self) -> None:
        """Merge the chosen layer with the one below it, or the chosen group into one layer."""
        document, layer = self._vm.document, self.layer
        if document is None or layer is None:
            return
        parent, index = document.layers.place_of(layer.id)
        merge = arrange.merge_group if isinstance(layer, GroupLayer) else arrange.merge_down
        try:
            self._vm.execute(merge(document, layer.id))
        except LayerError as error:
            self._vm.problem.emit(message_text(error.message))
            return
        if not isinstance(layer, GroupLayer):
            self.choose(_at(document.layers, parent, index - 1))

    def group(self) -> None:
        """Put the selected layers into a new group."""
        document = self._vm.document
        if document is None:
            return
        ids = {layer.id for index in self.list.selectedIndexes() if (layer := self.model.layer(index.row()))}
        try:
            command, made = arrange.group(document, ids, _unused(document.layers, self.tr("Group")))
        except LayerError as error:
            self._vm.problem.emit(message_text(error.message))
            return
        self._vm.execute(command)
        self.choose(made)

    def add_mask(self) -> None:
        """Give the chosen layer a mask to be erased on; what is selected stays seen."""
        document, layer = self._vm.document, self.layer
        if document is None or layer is None:
            return
        try:
            name = layer_name(document, layer)
            command, mask = layer_masks.add_mask(
                document, layer.id, name, self.tr("Mask of {name}").format(name=name)
            )
        except LayerError as error:
            self._vm.problem.emit(message_text(error.message))
            return
        self._vm.execute(command)
        self.choose(mask)

    def ungroup(self) -> None:
        document, layer = self._vm.document, self.layer
        if document is None or not isinstance(layer, GroupLayer):
            return
        try:
            self._vm.execute(arrange.ungroup(document, layer.id))
        except LayerError as error:
            self._vm.problem.emit(message_text(error.message))

    # -- inside ---------------------------------------------------------------------------------------------------

    def _new_button(self) -> QToolButton:
        button = action_button(self._actions["new_layer"])
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = QMenu(button)
        menu.addActions([self._actions[name] for name in NEW])
        button.setMenu(menu)
        return button

    def _lay_out(self) -> None:
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.setContentsMargins(UNIT, 4, UNIT, 4)
        head.setSpacing(UNIT)
        head.addWidget(self.mode, 1)
        head.addWidget(self.opacity, 1)
        foot.setContentsMargins(UNIT, 4, UNIT, 4)
        foot.setSpacing(2)
        foot.addWidget(self.add_button)
        for name in FOOT:
            foot.addWidget(action_button(self._actions[name]))
        foot.addStretch(1)
        foot.addWidget(self.remove_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        column.addWidget(self.words)
        column.addLayout(foot)

    def _connect(self) -> None:
        self._delegate.eye_pressed.connect(self.model.toggle_visible)
        self._delegate.fold_pressed.connect(self.model.toggle_folded)
        self.opacity.moved.connect(lambda percent: self._set(opacity=percent / 100))
        self.opacity.released.connect(self._end_drag)
        self.words.typed.connect(lambda words: self._set(prompt=words))
        self.words.paused.connect(self._end_drag)
        self.mode.chosen.connect(lambda mode: self._set(blend_mode=mode))
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        self.list.customContextMenuRequested.connect(self._open_menu)
        self.model.modelAboutToBeReset.connect(self._note_naming)
        self.model.modelReset.connect(self._restore_choice)
        self.model.modelReset.connect(self._go_on_naming)
        self._vm.current_changed.connect(self._follow_turn)
        self.model.dataChanged.connect(self._refresh)
        slots = {
            **{action: partial(self.add, kind) for action, kind in NEW.items()},
            "mask_from_region": self.use_region,
            "group_layers": self.group,
            "ungroup_layers": self.ungroup,
            "duplicate_layer": self.duplicate,
            "merge_down": self.merge_down,
            "remove_layer": self.remove,
            "mask_layer": self.add_mask,
            "layer_up": lambda: self.move_layer(1),
            "layer_down": lambda: self.move_layer(-1),
        }
        for name, slot in slots.items():
            self._actions[name].triggered.connect(lambda _=False, slot=slot: slot())
        self._actions["lock_layer"].triggered.connect(lambda locked: self._set(locked=locked))
        self._actions["clip_layer"].triggered.connect(
            lambda clipped: self._set(blend_mode="source-atop" if clipped else "normal")
        )
        self._actions["on_every_turn"].triggered.connect(self._show_on_every_turn)
        self._actions["lock_transparency"].triggered.connect(
            lambda locked: self._set(lock_transparency=locked)
        )

    def _show_on_every_turn(self, everywhere: bool) -> None:
        turn = self._vm.turn
        if turn is not None:
            self._set(on_turns=() if everywhere else (turn.id,))

    def _set(self, **values: object) -> None:
        if self.layer is not None:
            self._vm.execute(SetLayerProperty(self.layer.id, **values))

    def _end_drag(self) -> None:
        if self._vm.document is not None:
            self._vm.document.end_merging()

    def choose(self, layer_id: str | None) -> None:
        """Choose the layer that tools work on."""
        self._by_hand = self._by_hand and layer_id == self._chosen
        self._chosen = layer_id
        self._restore_choice()

    def _current_changed(self) -> None:
        if self.layer is not None:
            self._by_hand = self._by_hand or self.layer.id != self._chosen
            self._chosen = self.layer.id
        self._refresh()
        self._vm.shown.layer = self._chosen
        self.chosen.emit(self._chosen)

    def _take_choice(self) -> None:
        """Another document is shown: the layer that was chosen there."""
        self._chosen, self._by_hand, self._naming = self._vm.shown.layer, False, None
        self._gone.clear()

    def _follow_turn(self) -> None:
        """Choose the layer that shows the turn, unless the artist chose another or paints above it."""
        document, turn, layer = self._vm.document, self._vm.turn, self.layer
        if document is None or turn is None or self._is_naming or not isinstance(layer, RasterLayer):
            return
        rasters = [raster for raster in document.layers.walk() if isinstance(raster, RasterLayer)]
        shown = next((raster for raster in reversed(rasters) if raster.turn == turn.id), None)
        places = [raster.id for raster in rasters]  # the list may still have the layer as it was before
        under = (
            shown is not None
            and not self._by_hand
            and layer.id in places
            and places.index(layer.id) < places.index(shown.id)
        )
        if layer.id == document.picture_layer_id or layer.turn or under:
            self.choose(document.picture_layer_id if shown is None else shown.id)

    def _restore_choice(self) -> None:
        """After a reset: a layer that was chosen when it went and is back, that which was chosen, else the topmost."""
        for back in [layer for layer in self._gone if self.model.row_of(layer) >= 0]:
            self._gone.remove(back)
            self._chosen = back
        row = self.model.row_of(self._chosen)
        if row < 0 and self._chosen is not None:
            self._gone.add(self._chosen)
        index = self.model.index(max(0, row))
        self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._by_hand = self._by_hand and row >= 0
        self._refresh()

    @property
    def _picture_layer(self) -> Layer | None:
        return None if self._vm.document is None else self._vm.document.picture_layer

    @property
    def _is_naming(self) -> bool:
        return isinstance(self.list.indexWidget(self.list.currentIndex()), QLineEdit)

    def _note_naming(self) -> None:
        """A reset takes the field away in which a layer is being renamed."""
        field, layer = self.list.indexWidget(self.list.currentIndex()), self.layer
        self._naming = None
        if isinstance(field, QLineEdit) and layer is not None:
            self._naming = (layer.id, field.text())

    def _go_on_naming(self) -> None:
        """Give it back as it was."""
        if self._naming is None or (row := self.model.row_of(self._naming[0])) < 0:
            return
        self.list.edit(self.model.index(row))
        field = self.list.indexWidget(self.model.index(row))
        if isinstance(field, QLineEdit):
            field.setText(self._naming[1])

    def _refresh(self) -> None:
        layer, actions = self.layer, self._actions
        blends = isinstance(layer, PictureLayer)
        self.mode.setEnabled(blends)
        self.mode.show_mode(layer.blend_mode if isinstance(layer, PictureLayer) else "normal")
        self.opacity.setEnabled(layer is not None)
        self.opacity.set_value(100 if layer is None else round(layer.opacity * 100))
        self.words.show_region(layer if isinstance(layer, RegionLayer) else None)
        for name in NEW:
            actions[name].setEnabled(self._vm.document is not None)
        for name in (
            "group_layers",
            "duplicate_layer",
            "remove_layer",
            "layer_up",
            "layer_down",
            "lock_layer",
        ):
            actions[name].setEnabled(layer is not None)
        actions["merge_down"].setEnabled(blends)
        coloured = isinstance(layer, RasterLayer | GroupLayer)
        actions["mask_layer"].setEnabled(coloured)
        actions["clip_layer"].setEnabled(coloured)
        actions["clip_layer"].setChecked(
            isinstance(layer, PictureLayer) and layer.blend_mode == "source-atop"
        )
        actions["mask_from_region"].setEnabled(isinstance(layer, RegionLayer))
        actions["ungroup_layers"].setEnabled(isinstance(layer, GroupLayer))
        actions["lock_layer"].setChecked(layer is not None and layer.locked)
        document = self._vm.document
        bound = isinstance(layer, PictureLayer) and document is not None and layer in document.layers.layers
        is_turns = isinstance(layer, RasterLayer) and (layer.turn or layer is self._picture_layer)
        actions["on_every_turn"].setEnabled(bound and not is_turns and self._vm.turn is not None)
        actions["on_every_turn"].setChecked(isinstance(layer, PictureLayer) and not layer.on_turns)
        paint = isinstance(layer, RasterLayer)
        actions["lock_transparency"].setEnabled(paint)
        actions["lock_transparency"].setChecked(isinstance(layer, RasterLayer) and layer.lock_transparency)

    def _open_menu(self, place: QPoint) -> None:
        if not self.list.indexAt(place).isValid():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Rename"), self.rename)
        for name in MENU:
            menu.addAction(self._actions[name] if name else _separator(menu))
        menu.addSeparator()
        menu.addAction(self._actions["remove_layer"])
        menu.popup(self.list.viewport().mapToGlobal(place))


def _separator(menu: QMenu) -> QAction:
    line = QAction(menu)
    line.setSeparator(True)
    return line


def _at(layers: LayerStack, parent: str | None, index: int) -> str | None:
    return next((layer.id for layer in layers.walk() if layers.place_of(layer.id) == (parent, index)), None)


def _unused(layers: LayerStack, name: str, *, always: bool = False) -> str:
    """The name, with a number where another layer has it (``always``: in any case)."""
    taken = {layer.name for layer in layers.walk()}
    if name not in taken and not always:
        return name
    number = 2
    while f"{name} {number}" in taken:
        number += 1
    return f"{name} {number}"


def _count_in(layers: LayerStack, group: str | None) -> int:
    """How many layers lie side by side in a group (None: the top level)."""
    return sum(layers.place_of(layer.id)[0] == group for layer in layers.walk())
