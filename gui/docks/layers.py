"""The layers: choose, show, hide, rename, reorder, opacity."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QListView, QVBoxLayout, QWidget

from editor_core.document.commands import AddLayer, MoveLayer, RemoveLayer, SetLayerProperty
from editor_core.document.layers import Layer, LayerStack, RasterLayer
from gui.docks.layer_delegate import LayerDelegate
from gui.theme import UNIT, Theme
from gui.viewmodels.document_vm import DocumentVM
from gui.viewmodels.layers_vm import LayersVM
from gui.widgets.buttons import IconButton
from gui.widgets.hinted_list import HintedList
from gui.widgets.labelled_slider import LabelledSlider


class LayersPanel(QWidget):
    """The layer list with its buttons.

    Signals:
        chosen: Id of the layer that tools work on, or None. Main thread.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, document: DocumentVM, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._vm = document
        self._chosen: str | None = None
        self.model = LayersVM(document, self)
        self.list = HintedList(theme, self.tr("Layers"), self.tr("The layers of a picture are listed here."))
        self.list.setModel(self.model)
        delegate = LayerDelegate(theme, self.list)
        delegate.eye_pressed.connect(self.model.toggle_visible)
        self.list.setItemDelegate(delegate)
        self.list.setEditTriggers(QListView.EditTrigger.DoubleClicked | QListView.EditTrigger.EditKeyPressed)
        self.opacity = LabelledSlider(self.tr("Opacity"), 0, 100, " %")
        self.add_button = IconButton(theme, "add", self.tr("Add a layer"))
        self.up_button = IconButton(theme, "up", self.tr("Move the layer up"))
        self.down_button = IconButton(theme, "down", self.tr("Move the layer down"))
        self.remove_button = IconButton(theme, "delete", self.tr("Remove the layer"))
        self._lay_out()
        self._connect()
        self._refresh()

    @property
    def layer(self) -> Layer | None:
        """The chosen layer."""
        return self.model.layer(self.list.currentIndex().row())

    def move_layer(self, steps: int) -> None:
        """Move the chosen layer up (1) or down (-1) among its neighbours."""
        document, layer = self._vm.document, self.layer
        if document is None or layer is None:
            return
        parent, index = document.layers.place_of(layer.id)
        if 0 <= index + steps < _count_in(document.layers, parent):
            self._vm.execute(MoveLayer(layer.id, index + steps, parent))

    def add(self) -> None:
        """Put an empty layer above the chosen one."""
        document = self._vm.document
        if document is None:
            return
        parent, index = (None, None) if self.layer is None else document.layers.place_of(self.layer.id)
        layer = RasterLayer(name=self.tr("Layer {number}").format(number=len(document.layers) + 1))
        if self._vm.execute(AddLayer(layer, None if index is None else index + 1, parent)):
            self._choose(layer.id)

    def remove(self) -> None:
        if self.layer is not None:
            self._vm.execute(RemoveLayer(self.layer.id))

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(UNIT, 4, UNIT, 4)
        foot.setSpacing(2)
        foot.addWidget(self.opacity)
        foot.addStretch(1)
        for button in (self.add_button, self.up_button, self.down_button, self.remove_button):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.opacity.moved.connect(self._set_opacity)
        self.opacity.released.connect(self._end_drag)
        self.add_button.clicked.connect(self.add)
        self.up_button.clicked.connect(lambda: self.move_layer(1))
        self.down_button.clicked.connect(lambda: self.move_layer(-1))
        self.remove_button.clicked.connect(self.remove)
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        self.model.modelReset.connect(self._restore_choice)
        self.model.dataChanged.connect(self._refresh)

    def _set_opacity(self, percent: int) -> None:
        if self.layer is not None:
            self._vm.execute(SetLayerProperty(self.layer.id, opacity=percent / 100))

    def _end_drag(self) -> None:
        if self._vm.document is not None:
            self._vm.document.end_merging()

    def _choose(self, layer_id: str | None) -> None:
        self._chosen = layer_id
        self._restore_choice()

    def _current_changed(self) -> None:
        if self.layer is not None:
            self._chosen = self.layer.id
        self._refresh()
        self.chosen.emit(self._chosen)

    def _restore_choice(self) -> None:
        """After a reset: the layer that was chosen, else the topmost."""
        row = max(0, self.model.row_of(self._chosen))
        self.list.setCurrentIndex(self.model.index(row))
        self._refresh()

    def _refresh(self) -> None:
        layer = self.layer
        for widget in (self.opacity, self.up_button, self.down_button, self.remove_button):
            widget.setEnabled(layer is not None)
        self.add_button.setEnabled(self._vm.document is not None)
        self.opacity.set_value(100 if layer is None else round(layer.opacity * 100))


def _count_in(layers: LayerStack, group: str | None) -> int:
    """How many layers lie side by side in a group (None: the top level)."""
    return sum(layers.place_of(layer.id)[0] == group for layer in layers.walk())
