"""When two programs save the same project: turns are never lost, and nobody's work is written over unseen.

Turns never change, they are only added; so two versions of a project can always be put together. Layers cannot: where
both sides painted, the artist is asked.
"""

from collections.abc import Sequence
from pathlib import Path

from editor_core.document.commands import AcceptTurn, JumpToTurn
from editor_core.document.document import Document
from editor_core.document.events import HistoryChanged
from editor_core.document.layers import Layer, LayerStack
from editor_core.document.turns import Turn
from editor_core.project.foreign_saves import new_layers
from editor_core.project.project_file import ProjectChangedError, load_project, save_project

_MAX_TRIES = 20


def save_merged(document: Document, path: Path) -> Document:
    """Save a document that turns were added to, keeping what another program saved meanwhile.

    For commands, which add turns and nothing else: then those turns are made again on top of what is there now.
    Returns the document that was saved. Raises ProjectError.
    """
    for _ in range(_MAX_TRIES - 1):
        try:
            save_project(document, path)
        except ProjectChangedError:
            document = with_turns_of(load_project(path), document)
        else:
            return document
    save_project(document, path)
    return document


def with_turns_of(theirs: Document, ours: Document) -> Document:
    """``theirs`` with the turns that were made in ``ours`` since it was opened, the last of them shown if it was."""
    missing = _missing(theirs, ours)
    for turn in missing:
        theirs.execute(AcceptTurn(turn))
    current = ours.history.current_id
    if missing and current is not None and current != theirs.history.current_id:
        theirs.execute(JumpToTurn(current))
    return theirs


class TakeTurns:
    """The turns that another program saved, and its layers on top, added to an open document."""

    text = "Take turns of another program"
    needs_saving = True
    nbytes = 0

    def __init__(self, turns: list[Turn], layers: Sequence[Layer] = ()) -> None:
        self.turns, self.layers = turns, layers

    def apply(self, document: Document) -> None:
        for turn in self.turns:
            document.history.add(turn)
        document.announce(HistoryChanged())
        self._before = document.layers
        if self.layers:
            document.set_layers(LayerStack((*document.layers, *self.layers), document.layers.parked))

    def revert(self, document: Document) -> None:
        if self.layers:
            document.set_layers(self._before)
        for turn in reversed(self.turns):
            document.history.remove(turn.id)
        document.announce(HistoryChanged())

    def merged_with(self, later: object) -> None:
        return None


def take_turns(ours: Document, theirs: Document, *, layers: bool = False) -> TakeTurns:
    """The step that adds to ``ours`` the turns of what another program saved; saving over that then works again.

    For the window, after a ProjectChangedError, where the artist wants both. With ``layers`` those that are in theirs
    only come on top; what else they changed in layers is not taken: the file as they left it becomes the backup.
    """
    step = TakeTurns(_missing(ours, theirs), new_layers(ours.layers, theirs.layers) if layers else ())
    ours.origin.digest = theirs.origin.digest
    ours.origin.turn_ids |= theirs.origin.turn_ids
    return step


def _missing(document: Document, other: Document) -> list[Turn]:
    """The turns that were made in ``other`` since both were one, with those before them that are gone here."""
    known = other.origin.turn_ids & document.origin.turn_ids
    wanted: set[str] = set()
    for turn in other.history:
        if turn.id not in known and turn.id not in document.history:
            wanted.update(step for step in other.history.path(turn.id) if step not in document.history)
    return [turn for turn in other.history if turn.id in wanted]
