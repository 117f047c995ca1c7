"""The model library as the window sees it: scanned and hashed on threads of its own, told as a signal."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from editor_core.base.errors import JobCancelled
from editor_core.library.entry import Entry
from editor_core.library.hashes import hash_of, known_hashes
from editor_core.session.jobs import CancelToken


class Library(QObject):
    """What lies in the watched folders.

    Signals (main thread):
        changed: Other entries or digests are known.
    """

    changed = Signal()
    _scanned = Signal(object, object)
    _hashed = Signal(object, str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: Sequence[Entry] = ()
        self.digests: dict[str, str] = {}
        """SHA-256 by path, as far as they are known."""
        self.scanning = False
        self._token = CancelToken()
        self._scanned.connect(self._take)
        self._hashed.connect(self._take_hash)

    def look(self, folders: tuple[str, ...]) -> None:
        """Scan anew, then compute digests that are not known."""
        self.stop()
        self.scanning, token = True, CancelToken()
        self._token = token
        threading.Thread(target=self._work, args=(folders, token), name="library", daemon=True).start()

    def stop(self) -> None:
        self._token.cancel()

    def _work(self, folders: tuple[str, ...], token: CancelToken) -> None:
        """On a thread of its own. The window may be gone before it ends."""
        from editor_core.library.places import watched  # what they know of models, when it is needed
        from editor_core.library.scan import scan

        entries = scan(watched(folders), lambda: token.cancelled)
        with suppress(RuntimeError, JobCancelled):
            token.raise_if_cancelled()
            self._scanned.emit(token, entries)
            files = [Path(entry.path) for entry in entries if entry.problem is None]
            known = known_hashes(files)
            for file in files:
                if file not in known and file.is_file():
                    with suppress(OSError):
                        self._hashed.emit(token, str(file), hash_of(file, token))

    def _take(self, token: CancelToken, entries: list[Entry]) -> None:
        if token is self._token:
            self.entries, self.scanning = entries, False
            self.digests = {
                str(file): told for file, told in known_hashes(Path(e.path) for e in entries).items()
            }
            self.changed.emit()

    def _take_hash(self, token: CancelToken, path: str, digest: str) -> None:
        if token is self._token:
            self.digests[path] = digest
            self.changed.emit()
