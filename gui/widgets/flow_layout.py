"""A row of widgets that goes on in the next line where the width ends, as words do."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Each widget at the width it asks for, but never wider than the line; those that are hidden take no place.

    What is left of a line is given to the widgets in it that expand.
    """

    def __init__(self, across: int, down: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._across, self._down = across, down

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """As wide as the widest widget: below that something would be cut."""
        size = QSize()
        for item in self._shown:
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    @property
    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        """Place the widgets, or only say how high they are together."""
        inside = rect.marginsRemoved(self.contentsMargins())
        lines: list[list[tuple[QLayoutItem, QSize]]] = [[]]
        left = 0
        for item in self._shown:
            size = item.sizeHint().boundedTo(QSize(inside.width(), item.sizeHint().height()))
            if lines[-1] and left + size.width() > inside.width():
                lines.append([])
                left = 0
            lines[-1].append((item, size))
            left += size.width() + self._across
        top = inside.top()
        for line in filter(None, lines):
            height = max(size.height() for _, size in line)
            if move:
                self._place(line, QPoint(inside.left(), top), inside.width(), height)
            top += height + self._down
        return max(0, top - self._down - rect.top()) + self.contentsMargins().bottom()

    def _place(self, line: list[tuple[QLayoutItem, QSize]], corner: QPoint, width: int, height: int) -> None:
        left, room = (
            corner.x(),
            width - sum(size.width() for _, size in line) - self._across * (len(line) - 1),
        )
        growing = [item for item, _ in line if item.expandingDirections() & Qt.Orientation.Horizontal]
        for item, size in line:
            if item in growing:
                size = QSize(size.width() + max(0, room) // len(growing), size.height())
            item.setGeometry(QRect(QPoint(left, corner.y() + (height - size.height()) // 2), size))
            left += size.width() + self._across
