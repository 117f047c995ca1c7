"""The layer stack as rows, topmost first, as painters are used to; rows can be dragged to another place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
)
from PySide6.QtGui import QImage

from editor_core.base.errors import LayerError
from editor_core.document.arrange import Drop, move
from editor_core.document.commands import SetLayerProperty
from editor_core.document.compositing import in_layer
from editor_core.document.geometry import Rect
from editor_core.document.layers import AdjustmentLayer, GroupLayer, Layer, PixelLayer
from editor_core.document.tiles import COARSEST_LEVEL
from gui.look.images import to_qimage
from gui.texts.layer_names import layer_name
from gui.texts.marks import as_tip
from gui.texts.messages import message_text
from gui.viewmodels.document_vm import DocumentVM
from gui.viewmodels.open_document import OpenDocument

SAMPLES = 64  # pixels a side of a thumbnail
THUMBNAIL_MS = 250
DRAGGED = "application/x-palimpsest-layers"


Index = QModelIndex | QPersistentModelIndex
Thumbnails = dict[str, tuple[object, QImage]]  # by layer: what it was made from, and the image
NOWHERE = QModelIndex()  # the parent of every row


@dataclass(frozen=True)
class LayerRow:
    layer: Layer
    name: str
    """In the window's language, where the program gave it."""
    depth: int
    """How many groups hold it."""
    folded: bool = False
    """A group whose layers are not listed."""


class LayersVM(QAbstractListModel):
    """Rows give their LayerRow under RowRole and a QImage under DecorationRole; names can be edited."""

    RowRole = Qt.ItemDataRole.UserRole

    def __init__(self, document: DocumentVM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._vm = document
        self._rows: list[LayerRow] = []
        self._folded: set[str] = set()
        self._made: WeakKeyDictionary[OpenDocument, Thumbnails] = WeakKeyDictionary()  # of all tabs
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(THUMBNAIL_MS)
        self._later.timeout.connect(self._redraw)
        document.replaced.connect(self._reset)
        document.layers_changed.connect(self._follow)
        document.pixels_changed.connect(self._pixels_changed)
        document.mask_changed.connect(self._pixels_changed)

    def layer(self, row: int) -> Layer | None:
        return self._rows[row].layer if 0 <= row < len(self._rows) else None

    def row_of(self, layer_id: str | None) -> int:
        """Where a layer is listed; -1 if it is not."""
        return next((row for row, item in enumerate(self._rows) if item.layer.id == layer_id), -1)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == self.RowRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_tip(row.name)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnail(row.layer)
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        name = str(value).strip()
        layer, shown = self._rows[index.row()].layer, self._rows[index.row()].name
        return bool(name) and name != shown and self._vm.execute(SetLayerProperty(layer.id, name=name))

    def toggle_visible(self, row: int) -> None:
        layer = self._rows[row].layer
        self._vm.execute(SetLayerProperty(layer.id, visible=not layer.visible))

    def toggle_folded(self, row: int) -> None:
        """List what a group holds, or no longer."""
        self._folded ^= {self._rows[row].layer.id}
        self._reset()

    # -- dragging -------------------------------------------------------------------------------------------------

    def flags(self, index: Index) -> Qt.ItemFlag:
        whole = Qt.ItemFlag.ItemIsDropEnabled
        if not index.isValid():
            return whole
        return super().flags(index) | whole | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [DRAGGED]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        names = " ".join(self._rows[index.row()].layer.id for index in indexes)
        data.setData(DRAGGED, QByteArray(names.encode()))
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Move the dragged layers; always False, for the rows follow from the document, not from the view."""
        if data.hasFormat(DRAGGED):
            self._move(bytes(data.data(DRAGGED).data()).decode().split(), row, parent)
        return False

    def _move(self, layer_ids: list[str], row: int, onto: Index) -> None:
        """To the gap above ``row``, or on a row: into a group, under any other layer."""
        document = self._vm.document
        if document is None or not self._rows or not all(name in document.layers for name in layer_ids):
            return
        if onto.isValid():
            target = self._rows[onto.row()].layer
            drop = Drop.INSIDE if isinstance(target, GroupLayer) else Drop.BELOW
        elif 0 <= row < len(self._rows):
            target, drop = self._rows[row].layer, Drop.ABOVE
        else:
            target, drop = document.layers.layers[0], Drop.BELOW
        try:
            command = move(document, layer_ids, target.id, drop)
        except LayerError as error:
            self._vm.problem.emit(message_text(error.message))
            return
        if command is not None:
            self._vm.execute(command)

    # -- following the document -----------------------------------------------------------------------------------

    def _reset(self) -> None:
        self.beginResetModel()
        self._rows = self._listed()
        known = {row.layer.id for row in self._rows}
        thumbnails = self._made.get(self._vm.shown, {})
        self._made[self._vm.shown] = {key: made for key, made in thumbnails.items() if key in known}
        self.endResetModel()

    def _follow(self) -> None:
        """Keep the selection where only properties changed."""
        fresh = self._listed()
        if [(row.layer.id, row.depth) for row in fresh] != [(row.layer.id, row.depth) for row in self._rows]:
            self._reset()
        else:
            self._rows = fresh
            self._redraw()

    def _pixels_changed(self, _rect: Rect) -> None:
        """Thumbnails follow a stroke a few times a second."""
        self._rows = self._listed()
        if not self._later.isActive():
            self._later.start()

    def _redraw(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def _listed(self) -> list[LayerRow]:
        document = self._vm.document
        if document is None:
            return []
        rows = _rows(tuple(document.layers), 0, self._folded)
        return [replace(row, name=layer_name(document, row.layer)) for row in rows]

    def _thumbnail(self, layer: Layer) -> QImage | None:
        document = self._vm.document
        if document is None or not isinstance(layer, PixelLayer):
            return None
        thumbnails = self._made.setdefault(self._vm.shown, {})
        known = thumbnails.get(layer.id)
        if known is None or known[0] != (layer.tiles, layer.x, layer.y):
            known = ((layer.tiles, layer.x, layer.y), _sampled(layer, document.rect))
            thumbnails[layer.id] = known
        return known[1]


def _rows(layers: tuple[Layer, ...], depth: int, folded: set[str]) -> Iterator[LayerRow]:
    for layer in reversed(layers):
        yield LayerRow(layer, layer.name, depth, layer.id in folded)
        if isinstance(layer, GroupLayer) and layer.id not in folded:
            yield from _rows(layer.children, depth + 1, folded)


def _sampled(layer: PixelLayer, canvas: Rect) -> QImage:
    """The layer as it lies on the canvas, small."""
    longest = max(canvas.width, canvas.height)
    level = min(COARSEST_LEVEL, max(0, (longest - 1) // SAMPLES).bit_length())
    small = Rect(0, 0, max(1, canvas.width >> level), max(1, canvas.height >> level))
    pixels = layer.tiles.read(in_layer(layer, small, level), level)
    if isinstance(layer, AdjustmentLayer):  # white where it works
        pixels = 255 - pixels
    return to_qimage(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
