"""Words that are typed and numbers that are set, as entries of the document's one undo stack."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from editor_core.document.commands import SetDrafts
from editor_core.document.drafts import EVERYWHERE, OF_TURN, Key
from editor_core.document.turns import JSON, Turn
from gui.viewmodels.document_vm import DocumentVM

PAUSE = 800  # milliseconds without a key: what is typed next is an entry of its own


@dataclass(frozen=True)
class Control:
    """One control of the prompt bar: how its value is read and shown, and what a change of it is called."""

    entry: str
    read: Callable[[], JSON]
    show: Callable[[Any], None]


class Drafting(QObject):
    """Makes an entry of each burst of typing, and shows what Undo and Redo bring back.

    Without a document there is nothing to undo: the controls are only watched.

    Signals:
        restored: The name of a control that Undo or Redo gave another value. Main thread.
    """

    restored = Signal(str)

    def __init__(self, document: DocumentVM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._vm = document
        self._controls: dict[str, Control] = {}
        self._seen: dict[str, JSON] = {}  # what each control showed when it was last looked at
        self._showing = False
        self.instead: Callable[[Turn], Mapping[str, JSON]] = lambda turn: {}
        """Values by control that are shown instead of a turn's own."""
        self._longer = True  # whether the last change of a text added to it
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self.end_burst)
        document.drafts_changed.connect(self._follow)

    def watch(self, name: str, control: Control, *changed: SignalInstance) -> None:
        """Take part in what the artist does with a control; its name is one of `document.drafts`."""
        self._controls[name] = control
        self._seen[name] = control.read()
        for signal in changed:
            signal.connect(lambda *_: self._touched(name))

    def unwatch(self, names: Iterable[str]) -> None:
        """Let go of controls that are gone."""
        for name in names:
            del self._controls[name], self._seen[name]

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """What the controls are given inside is no doing of the artist."""
        before, self._showing = self._showing, True
        try:
            yield
        finally:
            self._showing = before
            self._seen = {name: control.read() for name, control in self._controls.items()}

    def set_values(self, values: Mapping[str, JSON], entry: str) -> None:
        """Give controls other values at the artist's click: one entry."""
        self.end_burst()
        before = dict(self._seen)
        with self.quiet():
            for name, value in values.items():
                self._controls[name].show(value)
        self._record({name: before[name] for name in values}, entry)
        self.end_burst()

    def end_burst(self) -> None:
        """What is typed next is an entry of its own."""
        self._pause.stop()
        if self._vm.document is not None:
            self._vm.document.end_merging()

    @property
    def values(self) -> dict[str, JSON]:
        """What each control shows."""
        return {name: control.read() for name, control in self._controls.items()}

    def show_values(self, values: Mapping[str, JSON]) -> None:
        """Let controls show what they showed before; no doing of the artist."""
        with self.quiet():
            for name, value in values.items():
                if name in self._controls:
                    self._controls[name].show(value)

    def show_turn(self, turn: Turn | None) -> None:
        """Show what was typed and set for this turn, else its own words and numbers."""
        drafts = {} if self._vm.document is None else self._vm.document.drafts.values
        with self.quiet():
            for name, control in self._controls.items():
                if (key := self._key(name)) in drafts:
                    control.show(drafts[key])
                elif turn is not None and name in OF_TURN:
                    own = self.instead(turn)
                    control.show(own[name] if name in own else getattr(turn, name))

    def _touched(self, name: str) -> None:
        if self._showing:
            return
        before, now = self._seen[name], self._controls[name].read()
        if isinstance(before, str) and isinstance(now, str):
            longer = len(now) > len(before)
            if longer != self._longer:
                self.end_burst()
            self._longer = longer
        self._seen[name] = now
        self._record({name: before}, self._controls[name].entry)
        self._pause.start()

    def _record(self, before: Mapping[str, JSON], entry: str) -> None:
        """Put a change on the undo stack that the controls show already."""
        changed = [name for name in before if before[name] != self._seen[name]]
        if changed and self._vm.document is not None:
            old = {self._key(name): before[name] for name in changed}
            new = {self._key(name): self._seen[name] for name in changed}
            self._vm.document.execute(SetDrafts(old, new, entry))

    def _follow(self, seen: Mapping[Key, JSON]) -> None:
        """Show what is not shown yet."""
        for (turn, name), value in seen.items():
            if (turn, name) == self._key(name) and value != self._seen[name]:
                with self.quiet():
                    self._controls[name].show(value)
                self.restored.emit(name)

    def _key(self, name: str) -> Key:
        turn = self._vm.turn
        return (EVERYWHERE if turn is None or name not in OF_TURN else turn.id), name
