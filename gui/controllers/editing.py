"""The flow of a turn: ask for it, watch it, judge what came, make it part of the document or not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from editor_core.base.errors import EditorError
from editor_core.document.commands import AcceptTurn, CompositeCommand
from editor_core.document.document import Document
from editor_core.document.layers import LayerStack
from editor_core.document.result_placement import ResultPlacement, accept
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.turns import Turn
from editor_core.document.undo import Command
from editor_core.messages.events import (
    Cancelled,
    Failed,
    Finished,
    Preview,
    RegionFound,
    Started,
    TurnResult,
    Variant,
)
from editor_core.messages.requests import Generate, OpenPicture, Request, Sampling
from editor_core.workflow import sketch_layers
from editor_core.workflow.phrases import painted_phrase
from editor_core.workflow.proposal import REDRAW, REPAINT, REWORD, other_way
from editor_core.workflow.turns import (
    edit_request,
    painted_picture,
    painted_turn,
    painting_request,
    turn_from_result,
    upscale_request,
)
from editor_core.workflow.variants import one_by_one
from gui.texts.messages import message_text
from gui.texts.methods import method_name
from gui.texts.words import change_summary
from gui.viewmodels.document_vm import DocumentVM
from gui.worker.facade import EngineFacade, QueuePlace


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


@dataclass(frozen=True, eq=False)
class PendingJob:
    """A job on its way, and where its result belongs."""

    document: Document | None
    """None: the result begins a document of its own."""
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
    canvas: str = ""
    """The document's canvas when it was asked for; on another one a result has no place."""
    order: EditOrder | None = None
    """What was asked for, of an edit."""
    request: Request | None = None
    title: str = ""


@dataclass(frozen=True, eq=False)
class Candidate:
    """A result that waits to be judged."""

    result: TurnResult
    asked: PendingJob

    @property
    def parent(self) -> str | None:
        return self.asked.parent


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


class Editing(QObject):
    """Asks for turns and holds the results until they are applied or discarded. The document stays as it is until then.

    Signals (main thread):
        running_changed: Another of our jobs runs, or none.
        preview, region: A picture, or where it will change, from the job that runs (numpy arrays).
        window: What that job sees of a large picture, as `RegionFound` has it, or None.
        candidates_changed: Results came, went, or another one is looked at.
        begun: A Document that a finished job began.
        problem: A sentence about something that could not be asked for.
    """

    running_changed = Signal()
    preview = Signal(object)
    region = Signal(object)
    window = Signal(object)
    candidates_changed = Signal()
    begun = Signal(object)
    problem = Signal(str)

    def __init__(self, facade: EngineFacade, document: DocumentVM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.apply_at_once = False
        self.placement = ResultPlacement.TOP
        self._layer: str | None = None
        self._facade = facade
        self._document = document
        self._pending: dict[int, PendingJob] = {}
        self._running: dict[int, PendingJob] = {}
        self._regions: dict[int, RegionFound] = {}
        self._previews: dict[int, Preview] = {}
        self._lost: list[PendingJob] = []
        self._candidates: list[Candidate] = []
        self._at = 0
        self._looking = False
        self._tried: tuple[tuple[object, ...], Document] | None = None  # see `trial`, and of what it was made
        self.may_show: Callable[[], bool] = lambda: True
        facade.started.connect(self._started)
        facade.preview.connect(self._previewed)
        facade.region_found.connect(self._region_found)
        facade.variant.connect(self._variant_came)
        facade.finished.connect(self._finished)
        facade.failed.connect(self._ended_without_result)
        facade.cancelled.connect(self._ended_without_result)
        document.replaced.connect(self._forget)
        for signal in (document.history_changed, document.layers_changed):
            signal.connect(self._drop_orphans)

    # -- asking ---------------------------------------------------------------------------------------------------

    def generate(
        self,
        prompt: str,
        sampling: Sampling,
        size: tuple[int, int] | None = None,
        variants: int = 1,
        place: QueuePlace = QueuePlace.BACK,
    ) -> None:
        """Ask for new pictures: the first turn of a document, or other beginnings in the open one.

        Only in an open document is there more than one variant, and not of one seed.
        """
        document = self._document.document
        if document is not None:
            size = (document.width, document.height)
        width, height = size or (None, None)
        request = Generate(prompt, width, height, sampling)
        title = self.tr("New: {words}").format(words=prompt)
        for _ in range(1 if document is None or sampling.seed is not None else max(1, variants)):
            self._submit(request, title, place, PendingJob(document, None, size))

    def edit(self, order: EditOrder) -> None:
        """Ask for a change of the shown turn; what was painted on it is read first."""
        if order.method == REPAINT and self.apply_at_once:
            order = replace(order, variants=order.variants or 1)  # there is no choosing
        self.when_read(
            lambda document, turn, place: self._edit(replace(order, place=place), document, turn), order.place
        )

    def when_read(
        self, then: Callable[[Document, Turn, QueuePlace], None], place: QueuePlace = QueuePlace.BACK
    ) -> None:
        """Go on with the shown turn; what was painted on it is read first and is a turn then."""
        self._document.settling.emit()
        document, turn = self._document.document, self._document.turn
        if document is None or turn is None:
            return

        def go_on(painting: np.ndarray | None) -> None:
            if painting is None:
                then(document, turn, place)
            elif turn is self._document.turn:
                size = (document.width, document.height)
                again = partial(self.when_read, then, QueuePlace.FRONT)
                asked = PendingJob(document, turn.id, size, then=again)
                self._submit(
                    painting_request(document, turn, painting),
                    self.tr("Analyse painted changes"),
                    place,
                    asked,
                )

        self._document.compute(partial(painted_picture, turn=turn), go_on)

    def _edit(self, order: EditOrder, document: Document, turn: Turn) -> None:
        """Ask for a change of a turn that the layers show."""
        parameters = dict(order.parameters)
        if order.method == REPAINT:
            parameters["variants"] = order.variants
            parameters["phrase"] = parameters.get("phrase") or painted_phrase(turn.prompt, order.prompt)
        try:
            request = edit_request(
                document,
                order.prompt,
                turn_id=turn.id,
                mask=order.mask,
                method=order.method,
                parameters=parameters,
                negative=order.negative,
                guidance=order.guidance,
                strength=order.strength,
                sketch=sketch_layers.sketch_for(document, order.method, parameters),
            )
        except EditorError as error:
            self.problem.emit(message_text(error.message))
            return
        title = f"{method_name(order.method)}: {order.prompt}"
        size = (document.width, document.height)
        asked = PendingJob(document, turn.id, size, region=order.region, order=order)
        for number, each in enumerate(one_by_one(request) if self._facade.room > 1 else [request]):
            self._submit(each, title, order.place if number == 0 else QueuePlace.BACK, asked)

    @property
    def other_way(self) -> str | None:
        """The method by which the words of the result that is looked at could be tried, too."""
        candidate, turn = self.candidate, self._document.turn
        if candidate is None or turn is None or turn.id != candidate.parent or candidate.asked.order is None:
            return None
        order = candidate.asked.order
        has_place = order.mask is not None or bool(painted_phrase(turn.prompt, order.prompt))
        other = other_way(order.method)
        return other if has_place or (other != REPAINT and order.prompt != turn.prompt) else None

    def try_other_way(self) -> None:
        """Ask for the same by the other method; what it brings waits beside the result that is there."""
        method = self.other_way
        if method is not None and self.candidate is not None and self.candidate.asked.order is not None:
            self.edit(replace(self.candidate.asked.order, method=method, variants=1, parameters={}))

    def upscale(self, factor: int) -> None:
        """Ask for the shown turn's picture at 2 or 4 times its pixels; what was painted on it is read first."""

        def ask(document: Document, turn: Turn, place: QueuePlace) -> None:
            title = self.tr("Upscale {factor}×").format(factor=factor)
            asked = PendingJob(document, turn.id, (document.width, document.height))
            self._submit(upscale_request(document, factor, turn.id), title, place, asked)

        self.when_read(ask)

    def read_picture(
        self, prompt: str, place: QueuePlace = QueuePlace.BACK, how: Mapping[str, Any] | None = None
    ) -> None:
        """Ask for the trajectory of the open document's own picture, which has no turn yet.

        how: OpenPicture's fields, as far as the artist set them.
        """
        document = self._document.document
        if document is not None:
            title = self.tr("Analyse: {words}").format(words=prompt)
            asked = PendingJob(document, None, (document.width, document.height))
            self._document.compute(
                DocumentSnapshot.picture,
                lambda picture: self._submit(
                    OpenPicture(picture, prompt, **(how or {})), title, place, asked
                ),
            )

    def cancel(self) -> None:
        """Stop the job that runs, or else the one that comes next."""
        asked = self.running or next(iter(self._pending.values()), None)
        if asked is not None:
            self._facade.cancel(asked.job)

    def _submit(self, request: Request, title: str, place: QueuePlace, asked: PendingJob) -> None:
        job = self._facade.submit(request, title, place)
        document = asked.document
        if document is not None:
            asked = replace(asked, layers=document.layers, canvas=document.canvas_id)
        self._pending[job] = replace(asked, job=job, request=request, title=title)
        self.running_changed.emit()

    def ask_again(self) -> None:
        """Ask anew for what was lost because the workers cannot be reached."""
        lost, self._lost = self._lost, []
        for asked in lost:
            if asked.request is not None and asked.document in (None, self._document.document):
                self._submit(asked.request, asked.title, QueuePlace.BACK, asked)

    # -- watching -------------------------------------------------------------------------------------------------

    @property
    def running(self) -> PendingJob | None:
        """Of those that run, the one that began first: it is the one to be watched."""
        return next(iter(self._running.values()), None)

    @property
    def beginning(self) -> PendingJob | None:
        """The job, running or waiting, that will begin a document."""
        return next((asked for asked in self._pending.values() if asked.document is None), None)

    @property
    def busy(self) -> bool:
        return bool(self._pending)

    def _started(self, event: Started) -> None:
        if event.job in self._pending:
            self._running[event.job] = self._pending[event.job]
            self.running_changed.emit()

    def _previewed(self, event: Preview) -> None:
        if event.job in self._running:
            self._previews[event.job] = event
        if self.running is not None and event.job == self.running.job:
            self.preview.emit(event.image)

    def _region_found(self, event: RegionFound) -> None:
        if event.job in self._running:
            self._regions[event.job] = event
        if self.running is not None and event.job == self.running.job:
            self.window.emit(event.window)
            self.region.emit(event.mask)

    def _variant_came(self, event: Variant) -> None:
        """One of several results; the job goes on."""
        if (asked := self._pending.get(event.job)) is not None:
            self._add(asked, event.result)

    def _finished(self, event: Finished) -> None:
        asked = self._take(event.job)
        if asked is None or not isinstance(event.result, TurnResult):
            return
        if asked.document is None:
            document = Document.new_from_turn(turn_from_result(event.result, None))
            self._document.when_at_rest(partial(self.begun.emit, document))
        elif self._misses_canvas(asked):
            return
        elif asked.then is not None:
            self._document.when_at_rest(partial(self._take_painting, asked, event.result, asked.then))
        else:
            self._add(asked, event.result)

    def _take_painting(self, asked: PendingJob, result: TurnResult, then: Callable[[], None]) -> None:
        """The painting becomes a turn that the layers show already; then the edit that waited for it is asked for."""
        turn = self._document.turn
        if not self._has_place(asked) or turn is None or turn.image.shape != result.image.shape:
            return
        if not np.array_equal(turn.image, result.image):  # else it was read for another edit already
            self._document.execute(AcceptTurn(painted_turn(result, turn), shown=True))
        then()

    def _add(self, asked: PendingJob, result: TurnResult) -> None:
        """Let a result wait to be judged; it is looked at if the artist is not busy with something else."""
        document, current = self._document.document, self._document.turn
        if not self._has_place(asked):
            return
        if self.apply_at_once or current is None:
            # Without a turn there is nothing that the result could be mistaken for.
            self._document.when_at_rest(partial(self._apply_unseen, asked, result))
            return
        self._candidates.append(Candidate(result, asked))
        rests = document is not None and asked.layers is document.layers  # else the artist is painting
        self._looking = self._looking or (rests and self.may_show() and current.id == asked.parent)
        self.candidates_changed.emit()

    def offer_result(self, result: TurnResult, asked: PendingJob) -> None:
        """Let a result that Live made wait to be judged, and look at it."""
        self._restore(Candidate(result, asked))

    def accept_result(self, result: TurnResult, asked: PendingJob) -> None:
        """Make a result that Live made, and the artist saw, a turn of the document."""
        if self._has_place(asked):
            self._accept(Candidate(result, asked))

    def _apply_unseen(self, asked: PendingJob, result: TurnResult) -> None:
        """Apply a result that nobody judges."""
        if self._has_place(asked):
            self._accept(Candidate(result, asked), typing_goes_on=True)

    def _ended_without_result(self, event: Failed | Cancelled) -> None:
        asked = self._take(event.job)
        if asked is not None and isinstance(event, Failed) and event.elsewhere:
            self._lost.append(asked)

    def _take(self, job: int) -> PendingJob | None:
        """The job is over: no longer ours."""
        asked, before = self._pending.pop(job, None), self.running
        self._running.pop(job, None)
        self._regions.pop(job, None)
        self._previews.pop(job, None)
        if asked is not None:
            self.running_changed.emit()
        now = self.running
        if now is not None and now is not before:  # watched from here on: what it has told so far
            if now.job in self._regions:
                self._region_found(self._regions[now.job])
            if now.job in self._previews:
                self._previewed(self._previews[now.job])
        return asked

    # -- judging --------------------------------------------------------------------------------------------------

    @property
    def candidate(self) -> Candidate | None:
        """The result that is looked at."""
        return self._candidates[self._at] if self._looking else None

    def base_of(self, candidate: Candidate) -> Turn | None:
        """The turn that a result was made from; None for a new picture, or where it was deleted."""
        document, parent = self._document.document, candidate.parent
        if document is None or parent is None or parent not in document.history:
            return None
        return document.history[parent]

    @property
    def waiting(self) -> int:
        """How many results are there that nobody looks at."""
        return 0 if self._looking else len(self._candidates)

    def look(self) -> None:
        """Look at the results that wait."""
        if self._candidates and not self._looking:
            self._looking = True
            self.candidates_changed.emit()

    @property
    def position(self) -> tuple[int, int]:
        """Which result is looked at, from 1, and how many wait."""
        return self._at + 1, len(self._candidates)

    @property
    def pictures(self) -> list[np.ndarray]:
        """Of the results that wait, uint8 (H, W, 3)."""
        return [candidate.result.image for candidate in self._candidates]

    def browse(self, direction: int) -> None:
        """Look at the next (1) or previous (-1) result."""
        if self._looking:
            self._at = (self._at + direction) % len(self._candidates)
            self.candidates_changed.emit()

    def apply(self) -> None:
        """Make the result a turn of the document; it becomes the shown one, so other results wait."""
        if (candidate := self.candidate) is not None:
            self._looking = False
            self._drop(candidate)
            self._accept(candidate)

    @property
    def chosen_layer(self) -> str | None:
        return self._layer

    def choose_layer(self, layer_id: str | None) -> None:
        """The layer above which results land, if that is wanted."""
        self._layer = layer_id

    def trial(self, candidate: Candidate) -> Document | None:
        """The document as it would be with the result, where it was painted in since; None: the result as it is."""
        document, seen = self._document.document, candidate.asked.layers
        if document is None or seen is None or seen is document.layers or document.history.current is None:
            return None
        if not self._has_place(candidate.asked):
            return None
        state = (candidate, document.layers, self.placement, self._layer)
        if self._tried is None or self._tried[0] != state:
            tried = Document.from_snapshot(document.snapshot())
            tried.execute(self._accepting(tried, candidate, typing_goes_on=False))
            self._tried = state, tried
        return self._tried[1]

    def adopt(self, result: TurnResult, asked: PendingJob) -> bool:
        """Make a result that was chosen elsewhere a turn; False where its turn or canvas is gone."""
        if not self._has_place(asked):
            return False
        self._accept(Candidate(result, asked))
        return True

    def _accept(self, candidate: Candidate, *, typing_goes_on: bool = False) -> None:
        document, turn = self._document.document, _turn(candidate)
        if document is not None and self._document.turn is None:
            self._document.compute(
                lambda state: np.array_equal(turn.image, state.picture()), partial(self._accept_first, turn)
            )
        elif document is not None:
            self._document.execute(self._accepting(document, candidate, typing_goes_on))

    def _accepting(self, document: Document, candidate: Candidate, typing_goes_on: bool) -> Command:
        """The step that makes a result a turn of a document that has turns."""
        turn, seen = _turn(candidate), candidate.asked.layers
        parent = None if turn.parent is None else document.history[turn.parent]
        name = turn.prompt if parent is None else change_summary(parent.prompt, turn.prompt) or turn.prompt
        command: Command = accept(document, turn, self.placement, self._layer, name, seen, typing_goes_on)
        if (turn.method == REDRAW or turn.record.control) and seen is not None:
            used = sketch_layers.hide_used_sketches(document, seen)
            command = CompositeCommand(command.text, [command, *used]) if used else command
        return command

    def _accept_first(self, turn: Turn, seen: bool) -> None:
        """A picture that was read stays in its layers; any other takes their place."""
        self._document.execute(AcceptTurn(turn, shown=seen))

    def discard(self) -> None:
        """Let the result go; the document is as it was before it was asked for, and Undo brings the result back."""
        if (candidate := self.candidate) is not None:
            self._document.execute(DiscardResult(candidate, self._drop, self._restore))

    def discard_waiting(self) -> None:
        """Let the results go that nobody looks at; Undo brings them back one by one."""
        if not self._looking:
            for candidate in list(self._candidates):
                self._document.execute(DiscardResult(candidate, self._drop, self._restore))

    def _restore(self, candidate: Candidate) -> None:
        """Let a result wait again, and look at it."""
        self._candidates.append(candidate)
        self._at, self._looking = len(self._candidates) - 1, True
        self.candidates_changed.emit()

    def _drop(self, candidate: Candidate) -> None:
        self._candidates.remove(candidate)
        self._at = max(0, min(self._at, len(self._candidates) - 1))
        self._looking = self._looking and bool(self._candidates)
        self.candidates_changed.emit()

    def _has_place(self, asked: PendingJob) -> bool:
        """Whether what was asked for still belongs to the open document."""
        document = self._document.document
        if document is not None and asked.document is document and asked.canvas != document.canvas_id:
            return False
        return asked.document is document and self._knows(asked.parent)

    def _misses_canvas(self, asked: PendingJob) -> bool:
        """Whether the canvas is another one since; that is told."""
        document = self._document.document
        if document is None or asked.document is not document or asked.canvas == document.canvas_id:
            return False
        self.problem.emit(
            self.tr("The canvas was changed meanwhile, so a result does not fit. Run it again.")
        )
        return True

    def _knows(self, turn_id: str | None) -> bool:
        document = self._document.document
        return document is not None and (turn_id is None or turn_id in document.history)

    def _drop_orphans(self) -> None:
        """Results whose turn was deleted, or whose canvas is another one, have no place any more."""
        kept = [candidate for candidate in self._candidates if self._has_place(candidate.asked)]
        if len(kept) != len(self._candidates):
            any(self._misses_canvas(candidate.asked) for candidate in self._candidates)
            self._candidates, self._at = kept, 0
            self._looking = self._looking and bool(kept)
            self.candidates_changed.emit()

    def _forget(self) -> None:
        """Another document is open: jobs and results of the one before are dropped."""
        for job in [
            a.job for a in self._pending.values() if a.document not in (None, self._document.document)
        ]:
            self._facade.cancel(job)
        self._candidates, self._at, self._looking, self._lost = [], 0, False, []
        self.candidates_changed.emit()


def _turn(candidate: Candidate) -> Turn:
    turn, region = turn_from_result(candidate.result, candidate.parent), candidate.asked.region
    return replace(turn, log={**turn.log, "region_name": region}) if region else turn
