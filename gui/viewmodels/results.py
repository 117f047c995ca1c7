"""What was asked for of a document, and the results that wait to be judged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from editor_core.document.document import Document
from editor_core.document.layers import LayerStack
from editor_core.document.turns import Turn
from editor_core.document.undo import Command
from editor_core.messages.events import TurnResult
from editor_core.messages.requests import Request
from editor_core.workflow.proposal import REWORD
from gui.viewmodels.open_document import OpenDocument
from gui.worker.facade import QueuePlace


@dataclass(frozen=True, eq=False)
class EditOrder:
    """All that an edit is asked for with; what the artist sets afterwards is for the next one."""

    prompt: str
    mask: np.ndarray | None = None
    """Where the picture may change, uint8 (H, W); None: anywhere."""
    negative: str = ""
    guidance: float | None = None
    strength: float = 1.0
    method: str = REWORD
    variants: int = 1
    """0 is as many as the method tries; only a repainted place comes in several."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Of the engine, as far as the artist set them."""
    region: str = ""
    """The name of the region that it is about, if there is one."""
    place: QueuePlace = QueuePlace.BACK
    """In the queue."""
    behind: str = ""
    """The id of a layer that the result is put below; empty: where the artist wants results."""


@dataclass(frozen=True, eq=False)
class PendingJob:
    """A job on its way, and where its result belongs."""

    opened: OpenDocument
    """The tab it was asked for in."""
    document: Document | None
    """The document that was in it then; None: the result begins one."""
    parent: str | None
    """The turn it was made from; None for a new picture."""
    size: tuple[int, int] | None
    """Of the picture being made, where it is known."""
    then: Callable[[], None] | None = None
    """What to ask for once a painting was read."""
    region: str = ""
    """The name of the region that the edit is about."""
    job: int = -1
    layers: LayerStack | None = None
    """What was painted when it was asked for."""
    is_patch: bool = False
    """Its picture is the result inside its mask only; beside it lies what the layers show."""
    canvas: str = ""
    """The document's canvas when it was asked for; on another one a result has no place."""
    order: EditOrder | None = None
    """What was asked for, of an edit."""
    request: Request | None = None
    title: str = ""
    """As they were given to the queue."""

    @property
    def behind(self) -> str:
        """See `EditOrder`."""
        return "" if self.order is None else self.order.behind

    @property
    def has_place(self) -> bool:
        """Whether the document is still open, on the same canvas and with the turn that this was made from."""
        document = self.document
        return (
            document is not None
            and self.is_open
            and self.canvas == document.canvas_id
            and (self.parent is None or self.parent in document.history)
        )

    @property
    def misses_canvas(self) -> bool:
        """Whether the document is open, but its canvas another one since."""
        return self.document is not None and self.is_open and self.canvas != self.document.canvas_id

    @property
    def is_open(self) -> bool:
        """Whether its tab is still about the same document."""
        return not self.opened.is_closed and self.opened.document is self.document


@dataclass(frozen=True, eq=False)
class Base:
    """The turn of an open document that something is asked for."""

    opened: OpenDocument
    document: Document
    turn: Turn

    @classmethod
    def of(cls, opened: OpenDocument) -> "Base | None":
        """The one that a tab shows now, if there is any."""
        document = opened.document
        turn = None if document is None else document.history.current
        return None if document is None or turn is None else cls(opened, document, turn)

    def pending(self, **more: Any) -> PendingJob:
        """A job for it; more of `PendingJob`'s fields."""
        document, size = self.document, (self.document.width, self.document.height)
        job = PendingJob(self.opened, document, self.turn.id, size)
        now: dict[str, Any] = {"layers": document.layers, "canvas": document.canvas_id}
        return replace(job, **(now | more))


@dataclass(frozen=True, eq=False)
class Candidate:
    """A result that waits to be judged."""

    result: TurnResult
    asked: PendingJob

    @property
    def parent(self) -> str | None:
        return self.asked.parent


class Results:
    """The results of one document that wait, and which of them is looked at."""

    def __init__(self) -> None:
        self.candidates: list[Candidate] = []
        self.at = 0
        self.looking = False

    @property
    def candidate(self) -> Candidate | None:
        """The result that is looked at."""
        return self.candidates[self.at] if self.looking else None

    def add(self, candidate: Candidate, *, look: bool) -> None:
        self.candidates.append(candidate)
        self.looking = self.looking or look

    def browse(self, direction: int) -> None:
        """Look at the next (1) or previous (-1) one."""
        self.at = (self.at + direction) % len(self.candidates)

    def remove(self, candidate: Candidate) -> None:
        self.candidates.remove(candidate)
        self.at = max(0, min(self.at, len(self.candidates) - 1))
        self.looking = self.looking and bool(self.candidates)

    def restore(self, candidate: Candidate) -> None:
        """Let one wait again, and look at it."""
        self.candidates.append(candidate)
        self.at, self.looking = len(self.candidates) - 1, True

    def drop_orphans(self) -> list[Candidate]:
        """Let those go that have no place any more; returns them."""
        gone = [candidate for candidate in self.candidates if not candidate.asked.has_place]
        if gone:
            self.candidates = [candidate for candidate in self.candidates if candidate.asked.has_place]
            self.at, self.looking = 0, self.looking and bool(self.candidates)
        return gone


class DiscardResult:
    """The undo entry that lets a result go; undone, the result waits again. The document stays as it is."""

    text = "Discard result"
    needs_saving = False

    def __init__(
        self, candidate: Candidate, drop: Callable[[Candidate], None], restore: Callable[[Candidate], None]
    ) -> None:
        self._candidate, self._drop, self._restore = candidate, drop, restore

    @property
    def nbytes(self) -> int:
        result = self._candidate.result
        return result.image.nbytes + sum(latents.nbytes for latents in result.latents.values())

    def apply(self, document: Document) -> None:
        self._drop(self._candidate)

    def revert(self, document: Document) -> None:
        self._restore(self._candidate)

    def merged_with(self, later: Command) -> None:
        return None
