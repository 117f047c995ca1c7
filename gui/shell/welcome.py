"""The welcome page: a picture, sentences to begin with, recent projects."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from editor_core.base import paths
from gui.look.icons import SIZE, icon
from gui.look.theme import UNIT, Theme
from gui.state.window_state import WindowState
from gui.texts.marks import as_label, as_tip
from gui.widgets.plain_label import PlainLabel

SENTENCES = 6
MAX_RECENT = 4


class WelcomePage(QWidget):
    """Shown while no picture is open.

    Signals (main thread):
        sentence_chosen: Words to make a picture from.
        open_asked: The artist wants to choose a file.
        file_chosen: A recent file's Path.
    """

    sentence_chosen = Signal(str)
    open_asked = Signal()
    file_chosen = Signal(object)

    def __init__(self, theme: Theme, state: WindowState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state = state
        self._area = QScrollArea()  # a small window scrolls, and is not made larger
        self._area.setProperty("plain", True)
        self._cards = [QPushButton() for _ in range(SENTENCES)]
        self.note = PlainLabel()
        self.note.setProperty("muted", True)
        self.note.setWordWrap(True)
        self._open = QPushButton(self.tr("Open a picture or project…"))
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        self._recent_widgets: list[QWidget] = []
        self._lay_out()
        self._open.clicked.connect(self.open_asked)
        state.recent_changed.connect(self._list_recent)
        theme.changed.connect(self._draw_icons)
        self._draw_icons()
        self.set_sentences(())
        self._list_recent()

    def set_sentences(self, sentences: tuple[str, ...]) -> None:
        """Show the sentences a model offers; none yet: say that it is on its way."""
        for card, sentence in zip(self._cards, [*sentences[:SENTENCES], *[""] * SENTENCES]):
            card.setVisible(bool(sentence))
            card.setText(as_label(sentence))
            card.setAccessibleName(sentence)
        self.note.setText(self.tr("Loading the model… You can already type a prompt or open a file."))
        self.note.setVisible(not sentences)

    def show_no_model(self) -> None:
        """Loading failed; the window says elsewhere why."""
        self.note.setText(self.tr("No model could be loaded. You can still open projects."))

    def _lay_out(self) -> None:
        title, start = PlainLabel(self.tr("Palimpsest")), PlainLabel(self.tr("Start with a sentence"))
        title.setProperty("title", True)
        start.setProperty("heading", True)
        about = PlainLabel(self.tr("Change a word, and only what changes is repainted."))
        about.setProperty("muted", True)
        about.setWordWrap(True)
        cards = QGridLayout()
        cards.setSpacing(UNIT)
        for number, card in enumerate(self._cards):
            card.setProperty("card", True)
            card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            card.clicked.connect(lambda _=False, card=card: self.sentence_chosen.emit(card.accessibleName()))
            cards.addWidget(card, number, 0)
        column = QVBoxLayout()
        column.setSpacing(UNIT)
        column.addStretch(1)
        for widget in (title, about):
            column.addWidget(widget)
        column.addSpacing(2 * UNIT)
        column.addWidget(start)
        column.addLayout(cards)
        column.addWidget(self.note)
        column.addSpacing(UNIT)
        column.addWidget(self._open, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self._recent)
        column.addStretch(1)
        side = QWidget()
        side.setLayout(column)
        side.setMaximumWidth(52 * UNIT)
        side.setMinimumWidth(44 * UNIT)
        page = QWidget()
        self._area.setWidget(page)
        self._area.setWidgetResizable(True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._area)
        row = QHBoxLayout(page)
        row.setContentsMargins(4 * UNIT, 2 * UNIT, 4 * UNIT, 2 * UNIT)
        row.setSpacing(4 * UNIT)
        row.addStretch(1)
        row.addWidget(_Picture(paths.resources() / "welcome.jpg"), 4)
        row.addWidget(side, 4)
        row.addStretch(1)

    def _list_recent(self) -> None:
        for widget in self._recent_widgets:
            widget.deleteLater()
        self._recent_widgets.clear()
        recent = self._state.recent[:MAX_RECENT]
        if recent:
            heading = PlainLabel(self.tr("Recent"))
            heading.setProperty("heading", True)
            heading.setContentsMargins(0, UNIT, 0, 0)
            self._add_recent(heading)
        for path in recent:
            button = QPushButton(as_label(path.name))
            button.setProperty("link", True)
            button.setToolTip(as_tip(str(path)))
            button.clicked.connect(lambda _=False, path=path: self.file_chosen.emit(path))
            self._add_recent(button)

    def _add_recent(self, widget: QWidget) -> None:
        self._recent.addWidget(widget)
        self._recent_widgets.append(widget)

    def _draw_icons(self) -> None:
        self._open.setIcon(icon(self._theme, "open"))
        self._open.setIconSize(QSize(SIZE, SIZE))


class _Picture(QWidget):
    """A picture file in the middle of its room, no larger than twice its size; nothing where the file is missing."""

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage(str(path)) if path.is_file() else QImage()
        self.setMinimumSize(96, 96)  # at 1920 x 1080 and 200 % the page needs no scroll bar at its foot
        self.setMaximumWidth(max(160, 2 * self._image.width()))
        if self._image.isNull():
            self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        most = self._image.size() * 2
        size = self._image.size().scaled(self.size().boundedTo(most), Qt.AspectRatioMode.KeepAspectRatio)
        place = self.rect()
        place.setSize(size)
        place.moveCenter(self.rect().center())
        outline = QPainterPath()
        outline.addRoundedRect(place, 6, 6)
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipPath(outline)
        painter.drawImage(place, self._image)
