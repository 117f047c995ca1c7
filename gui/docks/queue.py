"""The queue: what runs, what waits, what came of it; a cross stops a job."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QCoreApplication,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gui.look.icons import pixmap
from gui.look.theme import SMALL_TEXT, UNIT, Theme, text_font, text_metrics
from gui.viewmodels.jobs_vm import JobItem, JobState, JobsVM
from gui.widgets.hinted_list import HintedList

RUNNING_ROW = 44
ROW = 26
CROSS = 28

Index = QModelIndex | QPersistentModelIndex


class QueuePanel(QWidget):
    """Jobs, oldest first.

    Signals (main thread):
        cancel_asked: The number of a job to stop.
        cancel_all_asked: Stop every job.
        document_asked: The number of a job whose document is to be shown.
    """

    cancel_asked = Signal(int)
    cancel_all_asked = Signal()
    document_asked = Signal(int)

    def __init__(self, theme: Theme, jobs: JobsVM, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.list = HintedList(theme, self.tr("Queue"), self.tr("The queue is empty."))
        self.list.setModel(jobs)
        self.list.setSelectionMode(QListView.SelectionMode.NoSelection)
        delegate = JobDelegate(theme, self.list)
        delegate.cancel_asked.connect(self.cancel_asked)
        self.list.setItemDelegate(delegate)
        self.list.doubleClicked.connect(lambda row: self.document_asked.emit(row.data(JobsVM.ItemRole).id))
        self.stop_button = QPushButton(self.tr("Cancel all"))
        self.clear_button = QPushButton(self.tr("Clear finished"))
        foot = QHBoxLayout()
        foot.setContentsMargins(UNIT, 4, UNIT, UNIT)
        foot.setSpacing(UNIT)
        foot.addWidget(self.stop_button)
        foot.addStretch(1)
        foot.addWidget(self.clear_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        self.stop_button.clicked.connect(self.cancel_all_asked)
        self.clear_button.clicked.connect(jobs.clear_finished)
        jobs.running_changed.connect(self._refresh)
        jobs.rowsInserted.connect(self.list.scrollToBottom)
        jobs.layoutChanged.connect(self.list.scrollToBottom)
        jobs.modelReset.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        self.stop_button.setEnabled(self._jobs.running is not None or self._jobs.waiting > 0)
        self.clear_button.setEnabled(self._jobs.has_finished)


class JobDelegate(QStyledItemDelegate):
    """One job: its title, how far it is, a cross while it can be stopped."""

    cancel_asked = Signal(int)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        running = index.data(JobsVM.ItemRole).state is JobState.RUNNING
        return QSize(160, RUNNING_ROW if running else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: JobItem = index.data(JobsVM.ItemRole)
        painter.save()
        room = option.rect.adjusted(UNIT + 4, 4, -UNIT, -4)
        if not item.is_over:
            hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
            side, place = 16, _cross(option.rect)
            mark = QRect(0, 0, side, side)
            mark.moveCenter(place.center())
            painter.drawPixmap(
                mark, pixmap("close", 2 * side, self._theme.colour("text" if hovered else "muted"))
            )
            room.setRight(place.left())
        self._paint_words(painter, room, item)
        if item.state is JobState.RUNNING and item.total:
            bar = QRect(room.left(), room.bottom() - 2, room.width(), 3)
            self._paint_bar(painter, bar, item.done / item.total, loading=item.stage == "loading")
        painter.restore()

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        item: JobItem = index.data(JobsVM.ItemRole)
        if item.is_over or event.type() != QEvent.Type.MouseButtonPress or not isinstance(event, QMouseEvent):
            return False
        if not _cross(option.rect).contains(event.position().toPoint()):
            return False
        self.cancel_asked.emit(item.id)
        return True

    def _paint_words(self, painter: QPainter, area: QRect, item: JobItem) -> None:
        """The title with what became of it; the running job has a second line."""
        running = item.state is JobState.RUNNING
        painter.setFont(text_font(SMALL_TEXT))
        state, line = state_text(item), QRect(area)
        if running:
            line.setTop(area.top() + text_metrics().lineSpacing() + 1)
        painter.setPen(self._theme.colour("error" if item.state is JobState.FAILED else "muted"))
        told = painter.fontMetrics().elidedText(state, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, 0 if running else Qt.AlignmentFlag.AlignRight, told)
        room = area.width() - (0 if running else painter.fontMetrics().horizontalAdvance(state) + UNIT)
        painter.setFont(text_font())
        painter.setPen(self._theme.colour("muted" if item.is_over else "text"))
        named = f"{item.title} · {item.document}" if item.document else item.title
        painter.drawText(area, 0, text_metrics().elidedText(named, Qt.TextElideMode.ElideRight, room))

    def _paint_bar(self, painter: QPainter, area: QRect, share: float, *, loading: bool) -> None:
        painter.fillRect(area, self._theme.colour("line"))
        area.setWidth(round(area.width() * share))
        painter.fillRect(area, self._theme.colour("muted" if loading else "accent"))


def state_text(item: JobItem) -> str:
    """What a job does now, or what came of it."""
    states = {
        JobState.WAITING: QCoreApplication.translate("jobs", "waiting"),
        JobState.FINISHED: QCoreApplication.translate("jobs", "done"),
        JobState.FAILED: QCoreApplication.translate("jobs", "failed"),
        JobState.CANCELLED: QCoreApplication.translate("jobs", "cancelled"),
    }
    return states.get(item.state) or progress_text(item)


def progress_text(item: JobItem) -> str:
    """Such as "painting 9 of 20 · 3 s left"."""
    stages = {
        "sending": QCoreApplication.translate("jobs", "sending the model"),
        "loading": QCoreApplication.translate("jobs", "loading the model"),
        "inverting": QCoreApplication.translate("jobs", "analysing the picture"),
        "enlarging": QCoreApplication.translate("jobs", "enlarging"),
        "refining": QCoreApplication.translate("jobs", "painting detail"),
        "looking": QCoreApplication.translate("jobs", "finding what changes"),
        "painting": QCoreApplication.translate("jobs", "painting"),
        "decoding": QCoreApplication.translate("jobs", "decoding the picture"),
        "recomputing": QCoreApplication.translate("jobs", "recomputing earlier turns"),
    }
    if not item.stage:
        return _with_worker(QCoreApplication.translate("jobs", "starting"), item)
    text = stages.get(item.stage, item.stage)
    if item.total:
        steps = QCoreApplication.translate("jobs", "{done} of {total}").format(
            done=item.done, total=item.total
        )
        if item.stage == "sending":
            steps = QCoreApplication.translate("jobs", "{steps} MB").format(steps=steps)
        text = f"{text} {steps}"
    if item.seconds_left is not None and item.seconds_left >= 1:
        left = QCoreApplication.translate("jobs", "{seconds} s left").format(seconds=round(item.seconds_left))
        text = f"{text} · {left}"
    return _with_worker(text, item)


def _with_worker(text: str, item: JobItem) -> str:
    """The same with where the job runs, if that is elsewhere."""
    if not item.worker:
        return text
    return QCoreApplication.translate("jobs", "{text} · on {worker}").format(text=text, worker=item.worker)


def _cross(area: QRect) -> QRect:
    return QRect(area.right() - CROSS - 4, area.top(), CROSS, area.height())
