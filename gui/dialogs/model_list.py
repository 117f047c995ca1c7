"""The list of models: a row each with its picture, name, what it is and where it lies."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QImage, QImageReader, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from editor_core.library.entry import Kind
from editor_core.models.available import ModelListing
from gui.look.icons import pixmap
from gui.look.theme import SMALL_TEXT, UNIT, Theme, text_font
from gui.texts.marks import as_tip

PICTURE = 52  # pixels
ROW = PICTURE + 2 * UNIT
_ROW = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Row:
    source: str
    """What `LoadModel` takes, or a file's path."""
    kind: Kind
    name: str
    about: str
    place: str
    thumbnail: str = ""
    wrong: bool = False
    """Whether it cannot be used, which `about` says."""
    used: bool = False
    listed: bool = False
    """Whether the artist put it into the list, and may take it out."""
    listing: ModelListing | None = None
    """Of a model that was looked at whole."""


class ModelList(QListWidget):
    """Shows rows; decides nothing."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_RowDelegate(theme, self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def chosen(self) -> Row | None:
        item = self.currentItem()
        row: Row | None = None if item is None else item.data(_ROW)
        return row

    def show_rows(self, rows: list[Row], chosen: str) -> None:
        """The row of this source is the chosen one, else the first; what is seen stays where it was."""
        at = self.verticalScrollBar().value()
        self.clear()
        for row in rows:
            item = QListWidgetItem()
            item.setData(_ROW, row)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{row.name}. {row.about}")
            item.setToolTip(as_tip(f"{row.about}\n{row.place}" if row.place else row.about))
            self.addItem(item)
        sources = [row.source for row in rows]
        self.setCurrentRow(sources.index(chosen) if chosen in sources else 0)
        self.verticalScrollBar().setValue(at)


class _RowDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pictures: dict[str, QImage] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(_ROW)
        area = option.rect
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, self._theme.colour("selected"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, self._theme.colour("hover", 0.6))
        picture = QRect(area.left() + UNIT, area.top() + UNIT, PICTURE, PICTURE)
        self._paint_picture(painter, picture, row)
        words = area.adjusted(PICTURE + 2 * UNIT + 4, UNIT, -UNIT, -UNIT)
        self._paint_words(painter, words, row)
        painter.restore()

    def _paint_picture(self, painter: QPainter, area: QRect, row: Row) -> None:
        image = self._picture(row.thumbnail, painter.device().devicePixelRatio())
        if not image.isNull():
            painter.drawImage(area, image)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("raised"))
        painter.drawRoundedRect(area, 4, 4)
        side = PICTURE // 2
        name = "warning" if row.wrong else "models"
        middle = QRect(area.center().x() - side // 2, area.center().y() - side // 2, side, side)
        painter.drawPixmap(middle, pixmap(name, 2 * side, self._theme.colour("muted")))

    def _paint_words(self, painter: QPainter, area: QRect, row: Row) -> None:
        line = area.height() // 3
        colour = "error" if row.wrong else "muted"
        for number, (text, size, shade) in enumerate(
            ((row.name, None, "text"), (row.about, SMALL_TEXT, colour), (row.place, SMALL_TEXT, "muted"))
        ):
            font = text_font() if size is None else text_font(size)
            if size is None:
                font.setWeight(QFont.Weight.DemiBold)
            painter.setFont(font)
            painter.setPen(self._theme.colour(shade))
            cut = Qt.TextElideMode.ElideMiddle if number == 2 else Qt.TextElideMode.ElideRight
            shown = painter.fontMetrics().elidedText(text.replace("\n", " "), cut, area.width())
            place = QRect(area.left(), area.top() + number * line, area.width(), line)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, shown)

    def _picture(self, file: str, ratio: float) -> QImage:
        """The middle of a picture, small; read once, null where there is none."""
        if not file:
            return QImage()
        if file not in self._pictures:
            side = round(PICTURE * ratio)
            reader = QImageReader(file)
            reader.setAutoTransform(True)
            reader.setScaledSize(
                reader.size().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatioByExpanding)
            )
            image = reader.read()
            left, top = (image.width() - side) // 2, (image.height() - side) // 2
            self._pictures[file] = image if image.isNull() else image.copy(left, top, side, side)
        return self._pictures[file]
