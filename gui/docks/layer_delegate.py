"""Draws one layer: eye, thumbnail, name, opacity; a click on the eye toggles it."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QBrush, QColor, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui.icons import pixmap
from gui.theme import SMALL_TEXT, UNIT, Theme, text_font
from gui.viewmodels.layers_vm import LayerRow, LayersVM

ROW = 36
EYE = 28
PICTURE = 28
INDENT = 12

Index = QModelIndex | QPersistentModelIndex


class LayerDelegate(QStyledItemDelegate):
    """One row of the layer list.

    Signals:
        eye_pressed: The row whose visibility is to change. Main thread.
    """

    eye_pressed = Signal(int)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: LayerRow = index.data(LayersVM.RowRole)
        area = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, self._theme.colour("selected"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, self._theme.colour("hover", 0.6))
        self._paint_icon(painter, _eye(area), "eye" if row.layer.visible else "eye-off", row.layer.visible)
        image = index.data(Qt.ItemDataRole.DecorationRole)
        if image is not None:
            _paint_picture(painter, _picture(area, row.depth), image)
        self._paint_words(painter, _words(area, row.depth), row)
        painter.restore()

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        pressed = event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
        if (
            pressed
            and isinstance(event, QMouseEvent)
            and _eye(option.rect).contains(event.position().toPoint())
        ):
            self.eye_pressed.emit(index.row())
            return True
        return super().editorEvent(event, model, option, index)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        return QLineEdit(parent)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        row: LayerRow = index.data(LayersVM.RowRole)
        editor.setGeometry(_words(option.rect, row.depth).adjusted(-6, 4, 0, -4))

    def _paint_icon(self, painter: QPainter, area: QRect, name: str, strong: bool) -> None:
        side = 18
        place = QRect(0, 0, side, side)
        place.moveCenter(area.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(
            place, pixmap(name, 2 * side, self._theme.colour("text" if strong else "disabled"))
        )

    def _paint_words(self, painter: QPainter, area: QRect, row: LayerRow) -> None:
        painter.setFont(text_font())
        painter.setPen(self._theme.colour("text" if row.layer.visible else "disabled"))
        percent = f"{row.layer.opacity:.0%}".replace("%", " %")
        room = area.adjusted(0, 0, -52, 0)
        name = painter.fontMetrics().elidedText(row.layer.name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(text_font(SMALL_TEXT))
        painter.setPen(self._theme.colour("muted"))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, percent)


def _paint_picture(painter: QPainter, area: QRect, image: QImage) -> None:
    size = image.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(0, 0, size.width(), size.height())
    place.moveCenter(QRectF(area).center())
    painter.fillRect(place, QColor("#ffffff"))
    painter.fillRect(place, QBrush(QColor("#c8c8c8"), Qt.BrushStyle.Dense4Pattern))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, image)


def _eye(area: QRect) -> QRect:
    return QRect(area.left() + 4, area.top(), EYE, area.height())


def _picture(area: QRect, depth: int) -> QRect:
    top = area.top() + (area.height() - PICTURE) // 2
    return QRect(area.left() + EYE + UNIT + depth * INDENT, top, PICTURE, PICTURE)


def _words(area: QRect, depth: int) -> QRect:
    left = _picture(area, depth).right() + 1 + UNIT
    return QRect(left, area.top(), area.right() - left - UNIT, area.height())
