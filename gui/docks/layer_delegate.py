"""Draws one layer: eye, thumbnail, kind, name, lock; a click on the eye or on a group's arrow acts at once."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QBrush, QColor, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from editor_core.document import layer_masks
from editor_core.document.layers import GroupLayer, Layer, PictureLayer, PixelLayer
from gui.look.icons import pixmap
from gui.look.theme import SMALL_TEXT, UNIT, Theme, text_font
from gui.texts.marks import quoted
from gui.viewmodels.layers_vm import LayerRow, LayersVM
from gui.widgets.blend_box import mode_name

ROW = 38
EYE = 28
PICTURE = 30
INDENT = 14
MARK = 16

Index = QModelIndex | QPersistentModelIndex

FILLED = "filled"  # a property of a field in which a name is typed


class LayerDelegate(QStyledItemDelegate):
    """One row of the layer list.

    Signals (main thread):
        eye_pressed: The row whose visibility is to change.
        fold_pressed: The row of a group to fold or unfold.
    """

    eye_pressed = Signal(int)
    fold_pressed = Signal(int)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: LayerRow = index.data(LayersVM.RowRole)
        layer, area = row.layer, option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, self._theme.colour("selected"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, self._theme.colour("hover", 0.6))
        self._paint_mark(painter, _eye(area).center(), "eye" if layer.visible else "eye-off", layer.visible)
        image = index.data(Qt.ItemDataRole.DecorationRole)
        place = _picture(area, row.depth)
        if isinstance(layer, GroupLayer):
            arrow = "chevron-right" if row.folded else "chevron-down"
            self._paint_mark(
                painter, QPoint(place.left() + MARK // 2, place.center().y()), arrow, layer.visible
            )
            self._paint_mark(
                painter, QPoint(place.right() - 6, place.center().y()), "layer-group", layer.visible
            )
        elif image is not None:
            _paint_picture(painter, place, image, dark=_is_mask(layer), edge=self._theme.colour("line"))
        self._paint_words(painter, _words(area, row.depth), row)
        painter.restore()

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        pressed = event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
        if pressed and isinstance(event, QMouseEvent):
            row: LayerRow = index.data(LayersVM.RowRole)
            place = event.position().toPoint()
            if _eye(option.rect).contains(place):
                self.eye_pressed.emit(index.row())
                return True
            if isinstance(row.layer, GroupLayer) and _picture(option.rect, row.depth).contains(place):
                self.fold_pressed.emit(index.row())
                return True
        return super().editorEvent(event, model, option, index)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName(self.tr("Layer name"))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Once: what is being typed is not replaced where the layer changes meanwhile."""
        if not editor.property(FILLED):
            editor.setProperty(FILLED, True)
            super().setEditorData(editor, index)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        row: LayerRow = index.data(LayersVM.RowRole)
        editor.setGeometry(_words(option.rect, row.depth).adjusted(-6, 5, 0, -5))

    def _paint_mark(self, painter: QPainter, centre: QPoint, name: str, strong: bool) -> None:
        place = QRect(0, 0, MARK, MARK)
        place.moveCenter(centre)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        colour = self._theme.colour("text" if strong else "disabled")
        painter.drawPixmap(place, pixmap(name, 2 * MARK, colour))

    def _paint_words(self, painter: QPainter, area: QRect, row: LayerRow) -> None:
        room, layer = QRect(area), row.layer
        marks = [name for name in (layer.mark, "lock" if layer.locked else "") if name]
        for name in reversed(marks):
            self._paint_mark(painter, QPoint(room.right() - MARK // 2, room.center().y()), name, False)
            room.setRight(room.right() - MARK - 4)
        note = note_of(layer)
        painter.setFont(text_font())
        painter.setPen(self._theme.colour("text" if layer.visible else "disabled"))
        metrics = painter.fontMetrics()
        name = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, room.width())
        first = QRect(
            room.left(), room.center().y() - metrics.lineSpacing() + 2, room.width(), metrics.lineSpacing()
        )
        painter.drawText(first if note else room, Qt.AlignmentFlag.AlignVCenter, name)
        if note:
            painter.setFont(text_font(SMALL_TEXT))
            painter.setPen(self._theme.colour("muted"))
            second = QRect(room.left(), first.bottom(), room.width(), metrics.lineSpacing())
            note = painter.fontMetrics().elidedText(note, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(second, Qt.AlignmentFlag.AlignVCenter, note)


def note_of(layer: Layer) -> str:
    """What is unusual about a layer, such as "Multiply · 60 %"; the words of a region."""
    parts = [quoted(layer.words)] if layer.words else []
    if isinstance(layer, PictureLayer) and layer.blend_mode != "normal":
        parts.append(mode_name(layer.blend_mode))
    if layer.opacity < 1:
        parts.append(f"{layer.opacity:.0%}".replace("%", " %"))
    return " · ".join(parts)


def _is_mask(layer: Layer) -> bool:
    """Whether it is white where something is to be seen, changed or painted, and black elsewhere."""
    return isinstance(layer, PixelLayer) and (
        layer.channels == 1 or (isinstance(layer, PictureLayer) and layer.blend_mode == layer_masks.MODE)
    )


def _paint_picture(painter: QPainter, area: QRect, image: QImage, *, dark: bool, edge: QColor) -> None:
    size = image.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(0, 0, size.width(), size.height())
    place.moveCenter(QRectF(area).center())
    painter.fillRect(place, QColor("#000000" if dark else "#ffffff"))
    if not dark:
        painter.fillRect(place, QBrush(QColor("#c8c8c8"), Qt.BrushStyle.Dense4Pattern))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, image)
    painter.setPen(edge)  # else white ones are lost on a light ground
    painter.drawRect(place.adjusted(0, 0, -1, -1))


def _eye(area: QRect) -> QRect:
    return QRect(area.left() + 4, area.top(), EYE, area.height())


def _picture(area: QRect, depth: int) -> QRect:
    top = area.top() + (area.height() - PICTURE) // 2
    return QRect(area.left() + EYE + UNIT + depth * INDENT, top, PICTURE, PICTURE)


def _words(area: QRect, depth: int) -> QRect:
    left = _picture(area, depth).right() + 1 + UNIT
    return QRect(left, area.top(), area.right() - left - UNIT, area.height())
