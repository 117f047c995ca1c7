"""Draws one turn of the history: lines of the tree, thumbnail, words, star."""

from textwrap import shorten

from PySide6.QtCore import (
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from editor_core.document.masks import share
from editor_core.document.turns import Turn
from editor_core.messages.events import TurnResult
from gui.look.icons import pixmap
from gui.look.theme import SMALL_TEXT, UNIT, Theme, text_font
from gui.texts.marks import quoted
from gui.texts.methods import method_name
from gui.texts.numbers import decimal_text
from gui.texts.times import clock_text
from gui.texts.words import change_summary
from gui.viewmodels.history_vm import HistoryVM, TurnRow
from gui.viewmodels.turn_looks import TurnLook

LANE = 12  # pixels from one column of the tree to the next
MAX_LANES = 6  # deeper branches share the last column, so that words keep their room
PICTURE = 56
ROW = PICTURE + UNIT
DOT = 3.5
MAX_CHANGE = 48  # characters of what is said of a result's words

Index = QModelIndex | QPersistentModelIndex


class TurnDelegate(QStyledItemDelegate):
    """One row: its column in the tree, the picture, what changed, how."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.current_id: str | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: TurnRow = index.data(HistoryVM.RowRole)
        area, current = option.rect, row.turn.id == self.current_id
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, current)
        self._paint_tree(painter, area, row, current)
        left = area.left() + UNIT + (_column(row.lane) + 1) * LANE + 4
        picture = QRect(left, area.top() + UNIT // 2, PICTURE, PICTURE)
        look: TurnLook = index.data(HistoryVM.LookRole)
        self._paint_picture(painter, picture, look.image, current)
        words = QRect(
            picture.right() + UNIT, picture.top(), area.right() - picture.right() - 2 * UNIT, PICTURE
        )
        if row.turn.starred:
            side = 16
            painter.drawPixmap(
                QRect(words.right() - side, words.top() + 2, side, side),
                pixmap("star-filled", 2 * side, self._theme.colour("accent")),
            )
            words.setRight(words.right() - side - 4)
        self._paint_words(painter, words, row, look.changed, current)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, current: bool) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if current:
            painter.fillRect(option.rect, self._theme.colour("selected"))
        elif selected or hovered:
            painter.fillRect(option.rect, self._theme.colour("hover", 0.6))

    def _paint_tree(self, painter: QPainter, area: QRect, row: TurnRow, current: bool) -> None:
        middle = area.center().y() + 0.5
        painter.setPen(QPen(self._theme.colour("disabled"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for lane in row.passing:
            painter.drawLine(QPointF(_x(area, lane), area.top()), QPointF(_x(area, lane), area.bottom() + 1))
        here = QPointF(_x(area, row.lane), middle)
        if row.parent_lane is not None:
            start = QPointF(_x(area, row.parent_lane), area.top())
            painter.drawPath(_joint(start, here))
        if row.has_children:
            painter.drawLine(here, QPointF(here.x(), area.bottom() + 1))
        painter.setBrush(self._theme.colour("accent" if current else "muted"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(here, DOT + current, DOT + current)

    def _paint_picture(self, painter: QPainter, area: QRect, image: QImage, current: bool) -> None:
        whole = area.size() if image.isNull() else image.size()
        size = whole.scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(
            area.x() + (area.width() - size.width()) / 2,
            area.y() + (area.height() - size.height()) / 2,
            size.width(),
            size.height(),
        )
        outline = QPainterPath()
        outline.addRoundedRect(place, 3, 3)
        painter.save()
        painter.setClipPath(outline)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if image.isNull():
            painter.fillRect(place, self._theme.colour("hover", 0.6))
        else:
            painter.drawImage(place, image)
        painter.restore()
        if current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.colour("accent"), 1.5))
            painter.drawPath(outline)

    def _paint_words(
        self, painter: QPainter, area: QRect, row: TurnRow, changed: float | None, current: bool
    ) -> None:
        font = text_font()
        if current:
            font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(self._theme.colour("text"))
        line = painter.fontMetrics().lineSpacing()
        words = QRect(area.left(), area.top() + 2, area.width(), 2 * line)
        _draw_two_lines(painter, words, row.summary)
        painter.setFont(text_font(SMALL_TEXT))
        painter.setPen(self._theme.colour("muted"))
        note = f"{note_of(row.turn, changed)} · {clock_text(row.turn.created)}"
        note = painter.fontMetrics().elidedText(note, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(QRect(area.left(), area.bottom() - line, area.width(), line + 2), 0, note)


def note_of(turn: Turn, changed: float | None) -> str:
    """How a turn came about and how much it changed, such as "Reword · 12 % · 4.2 s"."""
    parts = [str(turn.log.get("compared") or method_name(turn.method))]
    if turn.log.get("region_name"):
        parts.append(quoted(str(turn.log["region_name"])))
    if changed is not None:
        parts.append(f"{changed:.0%}".replace("%", " %"))
    if turn.seconds:
        parts.append(f"{decimal_text(turn.seconds)} s")
    return " · ".join(parts)


def note_of_result(result: TurnResult, base: Turn | None) -> str:
    """What a result did to the turn it was made from, such as "fox → cat · Reword: 12 % of the picture changed"."""
    if result.mask is None:
        return QCoreApplication.translate("methods", "A new picture")
    part = f"{share(result.mask):.0%}".replace("%", " %")
    words = QCoreApplication.translate("methods", "{method}: {share} of the picture changed")
    note = words.format(method=method_name(result.method), share=part)
    change = "" if base is None else change_summary(base.prompt, result.prompt)
    return f"{shorten(change, MAX_CHANGE, placeholder=' …')} · {note}" if change else note


def _draw_two_lines(painter: QPainter, area: QRect, text: str) -> None:
    """As many words as fit on the first line, the rest on the second, cut with an ellipsis."""
    metrics, words = painter.fontMetrics(), text.split()
    first = 1
    while first < len(words) and metrics.horizontalAdvance(" ".join(words[: first + 1])) <= area.width():
        first += 1
    half = area.height() // 2
    for number, part in enumerate((words[:first], words[first:])):
        shown = metrics.elidedText(" ".join(part), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(QRect(area.left(), area.top() + number * half, area.width(), half), 0, shown)


def _joint(start: QPointF, end: QPointF) -> QPainterPath:
    """Straight down, or down and around the corner into another column."""
    path = QPainterPath(start)
    if start.x() == end.x():
        path.lineTo(end)
    else:
        radius = min(6.0, end.y() - start.y())
        path.lineTo(start.x(), end.y() - radius)
        path.quadTo(QPointF(start.x(), end.y()), QPointF(start.x() + radius, end.y()))
        path.lineTo(end)
    return path


def _column(lane: int) -> int:
    return min(lane, MAX_LANES - 1)


def _x(area: QRect, lane: int) -> float:
    return area.left() + UNIT + (_column(lane) + 0.5) * LANE
