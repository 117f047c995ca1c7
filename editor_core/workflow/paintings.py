"""What was painted since the last turn becomes a turn, so that an edit sees it."""

from collections.abc import Callable

from editor_core.document.commands import AcceptTurn
from editor_core.document.document import Document
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import OpenPicture
from editor_core.workflow import turns as workflow


def accept_painting(document: Document, run: Callable[[OpenPicture], TurnResult]) -> None:
    """Where the layers show something else than the current turn, find its trajectory and make it the current turn."""
    current = document.history.current
    if current is None:
        return
    painting = workflow.painted_picture(document.snapshot(), current)
    if painting is not None:
        result = run(workflow.painting_request(document, current, painting))
        document.execute(AcceptTurn(workflow.painted_turn(result, current), shown=True))
