"""The status bar: the model, what runs and how far it is, notices, zoom."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QProgressBar, QStatusBar, QToolButton, QWidget

from editor_core.messages.events import CacheInfo, ModelInfo
from gui.canvas.viewport import Viewport
from gui.docks.queue import progress_text
from gui.look.theme import UNIT, Theme, text_metrics
from gui.texts.marks import as_tip
from gui.texts.numbers import byte_text, decimal_text
from gui.viewmodels.jobs_vm import JobsVM
from gui.widgets.buttons import IconButton
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain_label import PlainLabel

NOTICE_MS = 12_000
NAME = 20  # characters of a document's name


class StatusBar(QStatusBar):
    """Text left, progress and zoom right."""

    def __init__(self, theme: Theme, jobs: JobsVM, cancel: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.setSizeGripEnabled(False)
        self.model = PlainLabel(self.tr("No model loaded"))
        self.model.setContentsMargins(8, 0, 0, 0)
        self.cache = PlainLabel()
        self.cache.setAccessibleName(self.tr("Cache"))
        self.notice = ElidedLabel()
        self.progress = PlainLabel()
        self.progress.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(160)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.cancel = IconButton(theme, "close", cancel.toolTip())
        self.cancel.clicked.connect(cancel.trigger)
        self.zoom = QToolButton()
        self.zoom.setToolTip(self.tr("Zoom; click to fit the picture in the window"))
        self.zoom.setAccessibleName(self.tr("Zoom"))
        self.zoom.setFixedWidth(text_metrics().horizontalAdvance("6400 %") + 4 * UNIT)
        self.addWidget(self.model)
        self.addWidget(self.cache)
        self.addWidget(self.notice, 1)
        for widget in (self.progress, self.bar, self.cancel, self.zoom):
            self.addPermanentWidget(widget)
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.setInterval(NOTICE_MS)
        self._forget.timeout.connect(self.notice.clear)
        jobs.running_changed.connect(self._show_progress)
        self._show_progress()

    def show_model(self, info: ModelInfo, address: str = "") -> None:
        """address: of the workers that hold it; empty where it is in this computer's memory."""
        place = f" · {address.removeprefix('ray://')}" if address else ""
        self.model.setText(f"{info.name} · {info.device.upper()}{place}")

    def show_cache(self, info: CacheInfo) -> None:
        """How full the cache is, against its budget."""
        memory = self.tr("memory {used} of {limit}").format(
            used=byte_text(info.memory_bytes), limit=byte_text(info.memory_limit)
        )
        disk = self.tr("disk {used} of {limit}").format(
            used=byte_text(info.disk_bytes), limit=byte_text(info.disk_limit)
        )
        self.cache.setText(f"· {memory} · {disk}")
        tip = self.tr(
            "Results of earlier turns, kept so that the next edit computes only what changes:\n{folder}"
        )
        self.cache.setToolTip(as_tip(tip.format(folder=info.folder)))

    def show_notice(self, sentence: str) -> None:
        """Say something for a while."""
        self.notice.setText(f"· {sentence}")
        self._forget.start()

    def show_working(self, working: bool) -> None:
        """Say that a change of a large picture is on its way; what was told meanwhile stays for a while."""
        if working:
            self._forget.stop()
            self.notice.setText(self.tr("· Working on a large picture… press Esc to stop"))
        elif not self._forget.isActive():
            self.notice.clear()

    def show_zoom(self, viewport: Viewport) -> None:
        percent = viewport.zoom * 100
        self.zoom.setText(f"{percent:.0f} %" if percent >= 10 else f"{decimal_text(percent)} %")

    def _show_progress(self) -> None:
        item = self._jobs.running
        for widget in (self.bar, self.cancel):
            widget.setVisible(item is not None)
        if item is None:
            self.progress.clear()
            return
        beside = self._jobs.unfinished - self._jobs.waiting - 1
        more = self.tr(" · {count} more at work").format(count=beside) if beside else ""
        waiting = self.tr(" · {count} waiting").format(count=self._jobs.waiting) if self._jobs.waiting else ""
        named = f"{_short(item.document)}: " if item.document else ""
        self.progress.setText(named + progress_text(item) + more + waiting)
        loading = item.stage == "loading"
        if loading != self.bar.property("loading"):
            self.bar.setProperty("loading", loading)
            self.bar.style().polish(self.bar)
        self.bar.setRange(0, item.total)  # 0: unknown
        self.bar.setValue(item.done)


def _short(name: str) -> str:
    """A document's name, so that it leaves room for what is said of it."""
    return name if len(name) <= NAME else name[: NAME - 1].rstrip() + "…"
