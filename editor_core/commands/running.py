"""Requests run in a session of the command's own, and what comes of them becomes turns of a document."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from editor_core.base.errors import ProjectError
from editor_core.base.settings import Settings
from editor_core.commands import interrupts
from editor_core.commands.console import Console
from editor_core.commands.places import PIPE, writable
from editor_core.commands.told import sentence, summary
from editor_core.document.commands import AcceptTurn
from editor_core.document.document import Document
from editor_core.document.notes import NO_NOTES, PictureNotes
from editor_core.document.turns import Turn
from editor_core.messages.events import Event, Placed, TurnResult, Variant
from editor_core.messages.requests import OpenPicture, Request, Sampling
from editor_core.project.merging import save_merged
from editor_core.workflow import turns as workflow
from editor_core.workflow.paintings import accept_painting

Run = Callable[[Request], Any]


@contextmanager
def session(console: Console, chosen: Settings, variants: list[TurnResult] | None = None) -> Iterator[Run]:
    """What runs a request, with its progress on the console; variants that come before the result are added."""
    from editor_core.remote.places import session_at

    def emit(event: Event) -> None:
        console.show(event)
        if isinstance(event, Placed) and console.manner.verbose:
            console.notice(f"The work is done by {event.worker}.")
        if isinstance(event, Variant) and variants is not None:
            variants.append(event.result)

    with session_at(chosen.compute_address, chosen) as opened:

        def run(request: Request) -> Any:
            interrupts.begin()
            return opened.run(0, request, emit)

        yield run


def first_turn(
    run: Run, request: Request, target: Path, console: Console, notes: PictureNotes = NO_NOTES
) -> None:
    """Run a request that begins a picture; save it as a project and tell."""
    turn = workflow.turn_from_result(run(request), None)
    document = Document.new_from_turn(turn)
    document.notes = notes
    save_and_tell(document, turn, target, console)


def save_and_tell(
    document: Document, turn: Turn, target: Path, console: Console, more: dict[str, Any] | None = None
) -> None:
    """Save the project and say what the turn is; a signal to stop comes before both or after both."""
    last = interrupts.finishing(target != PIPE)
    with last, writable(target, console) as place, interrupts.held():
        save_merged(document, place)
        beside = "" if not more else f" {len(more['variants']) - 1} more beside it."
        console.result(summary(turn, target) | (more or {}), sentence(turn, target) + beside)


def turn_of(document: Document, turn_id: str | None, name: str) -> Turn:
    """The turn of that id, or the shown one. Raises ProjectError."""
    wanted = turn_id or document.history.current_id
    if wanted is None:
        raise ProjectError(
            "{name} has no turns yet; palimpsest edit begins with the picture it shows.", name=name
        )
    if wanted not in document.history:
        raise ProjectError(
            "There is no turn {wanted} in {name}; palimpsest history lists them.", wanted=wanted, name=name
        )
    return document.history[wanted]


def read_what_is_shown(
    document: Document, run: Run, words: str | None, name: str, sampling: Sampling
) -> None:
    """Make the picture that the layers show the current turn, as the window does before an edit.

    A document without turns needs the words for it. One that was painted on keeps those of its turn.
    """
    current = document.history.current
    if current is None:
        if not words:
            raise ProjectError(
                "{name} has no turns yet; say with --was what its picture shows now.", name=name
            )
        result = run(OpenPicture(document.picture(), words, sampling))
        document.execute(AcceptTurn(workflow.turn_from_result(result, None), shown=True))
        return
    accept_painting(document, run)
