"""One tab: a document, or none yet, and what the window keeps of it while another one is shown."""

from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from editor_core.document.document import Document
from editor_core.document.events import CurrentTurnChanged, DirtyChanged, Event, HistoryChanged, UndoChanged
from editor_core.document.identity import new_id
from editor_core.document.turns import JSON


class News(Enum):
    """What has become of a job of a document that is not shown."""

    NONE = "none"
    DONE = "done"
    FAILED = "failed"


class OpenDocument(QObject):
    """The context of one document; the parts of the window keep here what they showed of it.

    Signals (main thread):
        document_changed: Another document is in the tab: its first one, or the file was loaded again.
        step_made: A step was made, taken back or made again.
        dirty_changed: It has unsaved changes now, or none any more.
        saved: It was written to its file, and may have changed again meanwhile.
        changed: What its tab says of it: name, unsaved changes, progress, news.
    """

    document_changed = Signal()
    step_made = Signal()
    dirty_changed = Signal()
    saved = Signal()
    changed = Signal()

    def __init__(
        self,
        document: Document | None = None,
        path: Path | None = None,
        source: Path | None = None,
    ) -> None:
        super().__init__()
        self.id = new_id()
        self.controls: Mapping[str, JSON] = {}
        """What the prompt bar showed, by control; empty before it was shown."""
        self.layer: str | None = None
        """The chosen one."""
        self.words = ""
        """What is typed where there is no document yet."""
        self.awaited = False
        """Whether a document that was asked for is on its way into it."""
        self.number = 1
        """Tells documents apart that have no name."""
        self.told_file = ""
        """The state of its file on the disk that the artist was told of."""
        self.is_closed = False
        self._document: Document | None = None
        self._path, self._source = path, source
        self._progress: float | None = None
        self._news = News.NONE
        self._unsubscribe: Callable[[], None] = _nothing
        self._follow(document)

    @property
    def document(self) -> Document | None:
        return self._document

    @property
    def path(self) -> Path | None:
        """The project file; None for a document that was never saved as one."""
        return self._path

    @property
    def file(self) -> Path | None:
        """The file that it was opened from or saved to."""
        return self._path or self._source

    @property
    def name(self) -> str:
        """The file's, else its first words."""
        if self._path is not None:
            return self._path.name
        if self._source is not None:
            return self._source.name
        untitled = self.tr("Untitled")
        return self._first_words or (f"{untitled} {self.number}" if self.number > 1 else untitled)

    @property
    def is_untitled(self) -> bool:
        """Whether it has neither a file nor words."""
        return self.file is None and not self._first_words

    @property
    def _first_words(self) -> str:
        return "" if self._document is None else next((turn.prompt for turn in self._document.history), "")

    @property
    def dirty(self) -> bool:
        """Whether there is something that no file has."""
        return self._document is not None and self._document.dirty

    @property
    def progress(self) -> float | None:
        """How far its job is, 0..1; None where none runs."""
        return self._progress

    @property
    def news(self) -> News:
        return self._news

    def put(self, document: Document | None, path: Path | None = None, source: Path | None = None) -> None:
        """Let another document be in the tab."""
        self._path, self._source = path, source
        self._follow(document)
        self.document_changed.emit()
        self.changed.emit()

    def set_path(self, path: Path) -> None:
        """It was saved there."""
        self._path = path
        self.changed.emit()

    def set_progress(self, progress: float | None) -> None:
        if progress != self._progress:
            self._progress = progress
            self.changed.emit()

    def set_news(self, news: News) -> None:
        if news is not self._news:
            self._news = news
            self.changed.emit()

    def close(self) -> None:
        """It is gone: nothing comes into it any more."""
        self.is_closed = True
        self._unsubscribe()
        self._unsubscribe = _nothing

    def _follow(self, document: Document | None) -> None:
        self._unsubscribe()
        self._document = document
        self._unsubscribe = _nothing if document is None else document.subscribe(self._hear)

    def _hear(self, event: Event) -> None:
        match event:
            case UndoChanged() | HistoryChanged():
                self.step_made.emit()
            case DirtyChanged():
                self.dirty_changed.emit()
                self.changed.emit()
            case CurrentTurnChanged():
                self.changed.emit()


def _nothing() -> None:
    """There is no subscription to end."""
