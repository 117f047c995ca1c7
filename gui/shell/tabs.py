"""The row of tabs: one for each open document, hidden while there is only one."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QMouseEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QMenu, QSizePolicy, QTabBar, QWidget

from gui.look.theme import UNIT, Theme
from gui.texts.marks import as_label, as_tip
from gui.viewmodels.open_document import News, OpenDocument
from gui.viewmodels.open_documents import OpenDocuments

WIDEST, NARROWEST = 28 * UNIT, 12 * UNIT  # logical pixels of a tab; ten narrow ones fit at 1366
MARK = 12  # logical pixels of a tab's mark
TURN = 360 * 16  # Qt's angles


class DocumentTabs(QTabBar):
    """A tab says what its document is called, whether it has unsaved changes, and what its job does.

    Signals (main thread):
        asked: An OpenDocument that is to be shown.
        close_asked: A list of OpenDocuments that are to be closed.
    """

    asked = Signal(OpenDocument)
    close_asked = Signal(list)

    def __init__(self, theme: Theme, documents: OpenDocuments, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._documents = theme, documents
        self._listed: list[OpenDocument] = []
        self.setAccessibleName(self.tr("Open pictures"))
        self.setObjectName("documents")
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setExpanding(False)
        self.setMovable(True)
        self.setTabsClosable(True)
        self.setIconSize(QSize(MARK, MARK))
        self.setFocusPolicy(
            Qt.FocusPolicy.NoFocus
        )  # Ctrl+Tab and Ctrl+PageDown go through them from anywhere
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # never widens the window
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self.open_menu)
        self.currentChanged.connect(self._ask)
        self.tabCloseRequested.connect(lambda row: self.close_asked.emit([self._listed[row]]))
        self.tabMoved.connect(self._moved)
        theme.changed.connect(self._draw_all)
        for opened in documents:
            self._add(opened)
        documents.added.connect(self._add)
        documents.closed.connect(self._remove)
        documents.shown.connect(self._show_current)

    def open_menu(self, place: QPoint) -> QMenu | None:
        """What can be done with the tab at a place."""
        row = self.tabAt(place)
        if row < 0:
            return None
        opened = self._listed[row]
        others = [other for other in self._listed if other is not opened]
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("&Close"), lambda: self.close_asked.emit([opened]))
        menu.addAction(self.tr("Close &others"), lambda: self.close_asked.emit(others))
        menu.addAction(self.tr("Close &all"), lambda: self.close_asked.emit([opened, *others]))
        menu.popup(self.mapToGlobal(place))
        return menu

    # -- following the documents ----------------------------------------------------------------------------------

    def _add(self, opened: OpenDocument) -> None:
        row = self._documents.index(opened)
        self._listed.insert(row, opened)
        self.insertTab(row, "")
        opened.changed.connect(lambda: self._draw(opened))
        opened.document_changed.connect(lambda: self._draw(opened))
        self._draw(opened)
        self._show_current()

    def _remove(self, opened: OpenDocument) -> None:
        row = self._listed.index(opened)
        del self._listed[row]
        self.removeTab(row)
        self._show_current()

    def _show_current(self) -> None:
        before = self.blockSignals(True)
        self.setCurrentIndex(self._listed.index(self._documents.current))
        self.blockSignals(before)

    def _ask(self, row: int) -> None:
        """A tab was clicked; it becomes the current one once the window is about it."""
        opened = self._listed[row] if 0 <= row < len(self._listed) else None
        if opened is not None and opened is not self._documents.current:
            self._show_current()
            self.asked.emit(opened)

    def _moved(self, before: int, after: int) -> None:
        self._listed.insert(after, self._listed.pop(before))
        self._documents.move(before, after)

    # -- how they look --------------------------------------------------------------------------------------------

    def _draw_all(self) -> None:
        for opened in self._listed:
            self._draw(opened)

    def _draw(self, opened: OpenDocument) -> None:
        if opened not in self._listed:
            return
        row, told = self._listed.index(opened), [self._state(opened)]
        if opened.dirty:
            told.append(self.tr("unsaved changes"))
        self.setTabText(row, ("*" if opened.dirty else "") + as_label(opened.name))
        self.setTabIcon(row, self._mark(opened))
        where = str(opened.file) if opened.file is not None else opened.name
        self.setTabToolTip(row, as_tip("\n".join(filter(None, (where, ", ".join(filter(None, told)))))))
        self.setAccessibleTabName(row, ", ".join(filter(None, (opened.name, *told))))

    def _state(self, opened: OpenDocument) -> str:
        if opened.progress is not None:
            return self.tr("{percent} % done").format(percent=round(100 * opened.progress))
        news = {News.DONE: self.tr("a result has come"), News.FAILED: self.tr("a job failed")}
        return news.get(opened.news, "")

    def _mark(self, opened: OpenDocument) -> QIcon:
        """A ring that fills while a job runs, a disc when something has become of one."""
        if opened.progress is None and opened.news is News.NONE:
            return QIcon()
        ratio = self.devicePixelRatioF()
        image = QPixmap(QSize(MARK, MARK) * ratio)
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if opened.progress is not None:
            self._paint_ring(painter, opened.progress)
        else:
            colour = self._theme.colour("accent" if opened.news is News.DONE else "error")
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(QRectF(2, 2, MARK - 4, MARK - 4))
        painter.end()
        return QIcon(image)

    def _paint_ring(self, painter: QPainter, progress: float) -> None:
        place = QRectF(1.5, 1.5, MARK - 3, MARK - 3)
        painter.setPen(_pen(self._theme.colour("line")))
        painter.drawEllipse(place)
        painter.setPen(_pen(self._theme.colour("accent")))
        painter.drawArc(place, TURN // 4, -round(TURN * progress))

    def tabSizeHint(self, index: int) -> QSize:
        wanted = super().tabSizeHint(index)
        return QSize(min(WIDEST, max(NARROWEST, wanted.width())), wanted.height())

    def minimumTabSizeHint(self, index: int) -> QSize:
        return QSize(NARROWEST, super().minimumTabSizeHint(index).height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The middle button closes."""
        if event.button() == Qt.MouseButton.MiddleButton:
            if (row := self.tabAt(event.position().toPoint())) >= 0:
                self.close_asked.emit([self._listed[row]])
            event.accept()
            return
        super().mouseReleaseEvent(event)


def _pen(colour: QColor) -> QPen:
    return QPen(colour, 2.5)
