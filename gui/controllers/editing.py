"""The flow of a turn: ask for it, watch it, judge what came, make it part of the document or not."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from PySide6.QtCore import QObject, Signal

from editor_core.base.errors import EditorError
from editor_core.document.commands import AcceptTurn, CompositeCommand
from editor_core.document.document import Document
from editor_core.document.result_placement import ResultPlacement, accept
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.turns import Turn
from editor_core.document.undo import Command
from editor_core.messages.events import (
    Cancelled,
    Failed,
    Finished,
    Preview,
    Progress,
    RegionFound,
    Started,
    TurnResult,
    Variant,
)
from editor_core.messages.requests import OpenPicture, Request, Sampling
from editor_core.workflow import sketch_layers
from editor_core.workflow.phrases import painted_phrase
from editor_core.workflow.proposal import REDRAW, REPAINT, other_way
from editor_core.workflow.turns import (
    edit_request,
    generate_request,
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
from gui.viewmodels.open_document import News, OpenDocument
from gui.viewmodels.results import Base, Candidate, DiscardResult, EditOrder, PendingJob, Results
from gui.worker.facade import EngineFacade, QueuePlace

Watched = tuple[Preview | None, RegionFound | None]  # what was last seen of a job that runs


class Editing(QObject):
    """Asks for turns and holds the results until they are applied or discarded. The document stays as it is until then.

    A job belongs to the tab it was asked for in, whichever is shown when its result comes.

    Signals (main thread), of the shown document where nothing else is said:
        running_changed: Another of our jobs runs, or none.
        preview, region: A picture, or where it will change, from the job that runs (numpy arrays).
        window: What that job sees of a large picture, as `RegionFound` has it, or None.
        candidates_changed: Results came, went, or another one is looked at.
        submitted: Number of a job and the OpenDocument that it is for.
        begun: The OpenDocument for which a finished job began a Document, and that.
        problem: A sentence about something that could not be asked for.
    """

    running_changed = Signal()
    preview = Signal(object)
    region = Signal(object)
    window = Signal(object)
    candidates_changed = Signal()
    submitted = Signal(int, OpenDocument)
    begun = Signal(OpenDocument, Document)
    problem = Signal(str)

    def __init__(self, facade: EngineFacade, document: DocumentVM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.apply_at_once = False
        self.placement = ResultPlacement.TOP
        self._facade = facade
        self._document = document
        self._pending: dict[int, PendingJob] = {}
        self._running: dict[int, PendingJob] = {}
        self._watched: dict[int, Watched] = {}  # of the jobs that run
        self._lost: list[PendingJob] = []
        self._results: WeakKeyDictionary[OpenDocument, Results] = WeakKeyDictionary()
        self._tried: tuple[tuple[object, ...], Document] | None = None  # see `trial`, and of what it was made
        self.may_show: Callable[[], bool] = lambda: True
        facade.started.connect(self._started)
        facade.progress.connect(self._progressed)
        facade.preview.connect(self._previewed)
        facade.region_found.connect(self._region_found)
        facade.variant.connect(self._variant_came)
        facade.finished.connect(self._finished)
        facade.failed.connect(self._failed)
        facade.cancelled.connect(self._cancelled)
        document.replaced.connect(self._show_other)
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
        parameters: Mapping[str, Any] | None = None,
    ) -> None:
        """Ask for new pictures: the first turn of a document, or other beginnings in the open one.

        Only in an open document is there more than one variant, and not of one seed.
        """
        opened, document = self._document.shown, self._document.document
        if document is not None:
            size = (document.width, document.height)
        try:
            request = generate_request(prompt, sampling, size, parameters)
        except EditorError as error:
            self.problem.emit(message_text(error.message))
            return
        title = self.tr("New: {words}").format(words=prompt)
        for _ in range(1 if document is None or sampling.seed is not None else max(1, variants)):
            self._submit(request, title, place, PendingJob(opened, document, None, size))

    def edit(self, order: EditOrder) -> None:
        """Ask for a change of the shown turn; what was painted on it is read first."""
        if order.method == REPAINT and self.apply_at_once:
            order = replace(order, variants=order.variants or 1)  # there is no choosing
        self.when_read(partial(self._edit, order), order.place)

    def when_read(
        self, then: Callable[[Base, QueuePlace], None], place: QueuePlace = QueuePlace.BACK
    ) -> None:
        """Go on with the shown turn; what was painted on it is read first and is a turn then."""
        self._document.settling.emit()
        self._when_read(self._document.shown, then, place)

    def _when_read(
        self, opened: OpenDocument, then: Callable[[Base, QueuePlace], None], place: QueuePlace
    ) -> None:
        if (base := Base.of(opened)) is None:
            return

        def go_on(painting: np.ndarray | None) -> None:
            if painting is None:
                then(base, place)
            elif base.turn is base.document.history.current:
                again = partial(self._when_read, opened, then, QueuePlace.FRONT)
                request = painting_request(base.document, base.turn, painting)
                self._submit(request, self.tr("Analyse painted changes"), place, base.pending(then=again))

        self._document.compute(partial(painted_picture, turn=base.turn), go_on, opened)

    def _edit(self, order: EditOrder, base: Base, place: QueuePlace) -> None:
        """Ask for a change of a turn that the layers show."""
        document, turn = base.document, base.turn
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
        asked = base.pending(region=order.region, order=order)
        for number, each in enumerate(one_by_one(request) if self._facade.room > 1 else [request]):
            self._submit(each, title, place if number == 0 else QueuePlace.BACK, asked)

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

    def upscale(self, factor: int, upscaler: str = "", repaint: bool | None = None) -> None:
        """Ask for the shown turn's picture at 2 or 4 times its pixels; what was painted on it is read first."""

        def ask(base: Base, place: QueuePlace) -> None:
            title = self.tr("Upscale {factor}×").format(factor=factor)
            request = upscale_request(base.document, factor, base.turn.id, upscaler, repaint)
            self._submit(request, title, place, base.pending())

        self.when_read(ask)

    def read_picture(
        self, prompt: str, place: QueuePlace = QueuePlace.BACK, how: Mapping[str, Any] | None = None
    ) -> None:
        """Ask for the trajectory of the open document's own picture, which has no turn yet.

        how: OpenPicture's fields, as far as the artist set them.
        """
        opened, document = self._document.shown, self._document.document
        if document is not None:
            title = self.tr("Analyse: {words}").format(words=prompt)
            asked = PendingJob(opened, document, None, (document.width, document.height))
            self._document.compute(
                DocumentSnapshot.picture,
                lambda picture: self._submit(
                    OpenPicture(picture, prompt, **(how or {})), title, place, asked
                ),
                opened,
            )

    def cancel(self) -> None:
        """Stop the shown document's job that runs, or else the one that comes next."""
        asked = self.running or next(self._jobs_of(self._document.shown), None)
        if asked is not None:
            self._facade.cancel(asked.job)

    def let_go(self, opened: OpenDocument) -> None:
        """A tab is closed: its jobs are stopped."""
        for asked in list(self._jobs_of(opened)):
            self._facade.cancel(asked.job)
        self._results.pop(opened, None)

    def _submit(self, request: Request, title: str, place: QueuePlace, asked: PendingJob) -> None:
        job = self._facade.submit(request, title, place, asked.opened.id)
        document = asked.document
        if document is not None:
            asked = replace(asked, layers=document.layers, canvas=document.canvas_id)
        self._pending[job] = replace(asked, job=job, request=request, title=title)
        asked.opened.awaited = True
        self.problem.emit("")
        self.submitted.emit(job, asked.opened)
        self.running_changed.emit()

    def ask_again(self) -> None:
        """Ask anew for what was lost because the workers cannot be reached."""
        lost, self._lost = self._lost, []
        for asked in lost:
            if asked.request is not None and asked.is_open:
                self._submit(asked.request, asked.title, QueuePlace.BACK, asked)

    def _jobs_of(self, opened: OpenDocument) -> Iterator[PendingJob]:
        return (asked for asked in self._pending.values() if asked.opened is opened)

    # -- watching -------------------------------------------------------------------------------------------------

    @property
    def running(self) -> PendingJob | None:
        """Of the shown document's jobs that run, the one that began first: it is the one to be watched."""
        return self._first_of(self._document.shown)

    def _first_of(self, opened: OpenDocument) -> PendingJob | None:
        return next((asked for asked in self._running.values() if asked.opened is opened), None)

    @property
    def beginning(self) -> PendingJob | None:
        """The job, running or waiting, that will begin a document in the shown tab."""
        jobs = self._jobs_of(self._document.shown)
        return next((asked for asked in jobs if asked.document is None), None)

    @property
    def busy(self) -> bool:
        """Whether something of the shown document runs or waits."""
        return any(self._jobs_of(self._document.shown))

    def tell_again(self) -> None:
        """Tell what was last seen of the job that is to be watched."""
        running = self.running
        preview, region = (None, None) if running is None else self._watched.get(running.job, (None, None))
        if region is not None:
            self._region_found(region)
        if preview is not None:
            self._previewed(preview)

    def _is_shown(self, asked: PendingJob | None) -> bool:
        return asked is not None and asked.opened is self._document.shown

    def _started(self, event: Started) -> None:
        if event.job in self._pending:
            asked = self._running[event.job] = self._pending[event.job]
            if self._first_of(asked.opened) is asked:
                asked.opened.set_progress(0.0)
            self.running_changed.emit()

    def _progressed(self, event: Progress) -> None:
        asked = self._running.get(event.job)
        if asked is not None and event.total and self._first_of(asked.opened) is asked:
            asked.opened.set_progress(event.done / event.total)

    def _previewed(self, event: Preview) -> None:
        if event.job in self._running:
            self._watched[event.job] = event, self._watched.get(event.job, (None, None))[1]
        if self.running is not None and event.job == self.running.job:
            self.preview.emit(event.image)

    def _region_found(self, event: RegionFound) -> None:
        if event.job in self._running:
            self._watched[event.job] = self._watched.get(event.job, (None, None))[0], event
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
        self._tell_news(asked, News.DONE)
        if asked.document is None:
            document = Document.new_from_turn(turn_from_result(event.result, None))
            self._at_rest(asked, partial(self.begun.emit, asked.opened, document))
        elif self._misses_canvas(asked):
            return
        elif asked.then is not None:
            self._at_rest(asked, partial(self._take_painting, asked, event.result, asked.then))
        else:
            self._add(asked, event.result)

    def _take_painting(self, asked: PendingJob, result: TurnResult, then: Callable[[], None]) -> None:
        """The painting becomes a turn that the layers show already; then the edit that waited for it is asked for."""
        document = asked.document
        turn = None if document is None else document.history.current
        if not asked.has_place or turn is None or turn.image.shape != result.image.shape:
            return
        if not np.array_equal(turn.image, result.image):  # else it was read for another edit already
            self._document.execute(AcceptTurn(painted_turn(result, turn), shown=True), document)
        then()

    def _add(self, asked: PendingJob, result: TurnResult) -> None:
        """Let a result wait to be judged; it is looked at if the artist is not busy with something else."""
        document = asked.document
        if document is None or not asked.has_place:
            return
        current = document.history.current
        if self.apply_at_once or current is None:
            # Without a turn there is nothing that the result could be mistaken for.
            self._at_rest(asked, partial(self._apply_unseen, asked, result))
            return
        rests = asked.layers is document.layers  # else the artist is painting
        look = rests and self.may_show() and asked.parent in (None, current.id)
        self._results_of(asked.opened).add(Candidate(result, asked), look=look)
        self._tell_candidates(asked.opened)

    def offer_result(self, result: TurnResult, asked: PendingJob) -> None:
        """Let a result that Live made wait to be judged, and look at it."""
        self._restore(Candidate(result, asked))

    def accept_result(self, result: TurnResult, asked: PendingJob) -> None:
        """Make a result that Live made, and the artist saw, a turn of the document."""
        if asked.has_place:
            self._accept(Candidate(result, asked))

    def _apply_unseen(self, asked: PendingJob, result: TurnResult) -> None:
        """Apply a result that nobody judges."""
        if asked.has_place:
            self._accept(Candidate(result, asked), typing_goes_on=True)

    def _failed(self, event: Failed) -> None:
        if (asked := self._take(event.job)) is not None:
            self._tell_news(asked, News.FAILED)
            if event.elsewhere:
                self._lost.append(asked)

    def _cancelled(self, event: Cancelled) -> None:
        self._take(event.job)

    def _take(self, job: int) -> PendingJob | None:
        """The job is over: no longer ours."""
        asked, before = self._pending.pop(job, None), self.running
        self._running.pop(job, None)
        self._watched.pop(job, None)
        if asked is not None:
            if self._first_of(asked.opened) is None:
                asked.opened.set_progress(None)
            asked.opened.awaited = any(self._jobs_of(asked.opened))
            self.running_changed.emit()
        if self.running is not before:
            self.tell_again()
        return asked

    def _tell_news(self, asked: PendingJob, news: News) -> None:
        if not self._is_shown(asked):
            asked.opened.set_news(news)

    def _at_rest(self, asked: PendingJob, act: Callable[[], None]) -> None:
        """Do something now or, while a stroke is being drawn on its document, when that ends."""
        if self._is_shown(asked):
            self._document.when_at_rest(act)
        else:
            act()

    # -- judging --------------------------------------------------------------------------------------------------

    @property
    def results(self) -> Results:
        """Those of the shown document."""
        return self._results_of(self._document.shown)

    @property
    def candidate(self) -> Candidate | None:
        """The result that is looked at."""
        return self.results.candidate

    def base_of(self, candidate: Candidate) -> Turn | None:
        """The turn that a result was made from; None for a new picture, or where it was deleted."""
        document, parent = candidate.asked.document, candidate.parent
        if document is None or parent is None or parent not in document.history:
            return None
        return document.history[parent]

    @property
    def waiting(self) -> int:
        """How many results are there that nobody looks at."""
        return 0 if self.results.looking else len(self.results.candidates)

    def look(self) -> None:
        """Look at the results that wait."""
        if self.waiting:
            self.results.looking = True
            self.candidates_changed.emit()

    @property
    def position(self) -> tuple[int, int]:
        """Which result is looked at, from 1, and how many wait."""
        return self.results.at + 1, len(self.results.candidates)

    @property
    def pictures(self) -> list[np.ndarray]:
        """Of the results that wait, uint8 (H, W, 3)."""
        return [candidate.result.image for candidate in self.results.candidates]

    def browse(self, direction: int) -> None:
        """Look at the next (1) or previous (-1) result."""
        if self.results.looking:
            self.results.browse(direction)
            self.candidates_changed.emit()

    def apply(self) -> None:
        """Make the result a turn of the document; it becomes the shown one, so other results wait."""
        if (candidate := self.candidate) is not None:
            self.results.looking = False
            self._drop(candidate)
            self._accept(candidate)

    @property
    def chosen_layer(self) -> str | None:
        """The layer above which results land, if that is wanted."""
        return self._document.shown.layer

    def trial(self, candidate: Candidate) -> Document | None:
        """The document as it would be with the result, where it was painted in since; None: the result as it is."""
        document, seen = self._document.document, candidate.asked.layers
        if document is None or seen is None or document.history.current is None:
            return None
        asked = candidate.asked
        if not asked.has_place or (seen is document.layers and not asked.is_patch and not asked.behind):
            return None
        state = (candidate, document.layers, self.placement, self.chosen_layer)
        if self._tried is None or self._tried[0] != state:
            tried = Document.from_snapshot(document.snapshot())
            tried.execute(self._accepting(tried, candidate, typing_goes_on=False))
            self._tried = state, tried
        return self._tried[1]

    def adopt(self, result: TurnResult, asked: PendingJob) -> bool:
        """Make a result that was chosen elsewhere a turn; False where its turn or canvas is gone."""
        if not asked.has_place:
            return False
        self._accept(Candidate(result, asked))
        return True

    def _accept(self, candidate: Candidate, *, typing_goes_on: bool = False) -> None:
        asked, turn = candidate.asked, _turn(candidate)
        document = asked.document
        if document is not None and document.history.current is None:
            self._document.compute(
                lambda state: np.array_equal(turn.image, state.picture()),
                partial(self._accept_first, document, turn),
                asked.opened,
            )
        elif document is not None:
            command = self._accepting(document, candidate, typing_goes_on)
            self._document.execute(command, document)

    def _accepting(self, document: Document, candidate: Candidate, typing_goes_on: bool) -> Command:
        """The step that makes a result a turn of a document that has turns."""
        turn, asked = _turn(candidate), candidate.asked
        seen, layer = asked.layers, asked.opened.layer
        parent = None if turn.parent is None else document.history[turn.parent]
        name = turn.prompt if parent is None else change_summary(parent.prompt, turn.prompt) or turn.prompt
        command: Command = accept(
            document, turn, self.placement, layer, name, seen, typing_goes_on, asked.behind
        )
        if (turn.method == REDRAW or turn.record.control) and seen is not None:
            used = sketch_layers.hide_used_sketches(document, seen)
            command = CompositeCommand(command.text, [command, *used]) if used else command
        return command

    def _accept_first(self, document: Document, turn: Turn, seen: bool) -> None:
        """A picture that was read stays in its layers; any other takes their place."""
        self._document.execute(AcceptTurn(turn, shown=seen), document)

    def discard(self) -> None:
        """Let the result go; the document is as it was before it was asked for, and Undo brings the result back."""
        if (candidate := self.candidate) is not None:
            self._document.execute(DiscardResult(candidate, self._drop, self._restore))

    def discard_waiting(self) -> None:
        """Let the results go that nobody looks at; Undo brings them back one by one."""
        if not self.results.looking:
            for candidate in list(self.results.candidates):
                self._document.execute(DiscardResult(candidate, self._drop, self._restore))

    def _restore(self, candidate: Candidate) -> None:
        """Let a result wait again, and look at it."""
        self._results_of(candidate.asked.opened).restore(candidate)
        self._tell_candidates(candidate.asked.opened)

    def _drop(self, candidate: Candidate) -> None:
        self._results_of(candidate.asked.opened).remove(candidate)
        self._tell_candidates(candidate.asked.opened)

    def _results_of(self, opened: OpenDocument) -> Results:
        return self._results.setdefault(opened, Results())

    def _tell_candidates(self, opened: OpenDocument) -> None:
        if opened is self._document.shown:
            self.candidates_changed.emit()

    def _misses_canvas(self, asked: PendingJob) -> bool:
        """Whether the canvas is another one since; that is told."""
        if asked.misses_canvas:
            self.problem.emit(
                self.tr("The canvas was changed meanwhile, so a result does not fit. Run it again.")
            )
        return asked.misses_canvas

    def _drop_orphans(self) -> None:
        """Results whose turn was deleted, or whose canvas is another one, have no place any more."""
        if gone := self.results.drop_orphans():
            any(self._misses_canvas(candidate.asked) for candidate in gone)
            self.candidates_changed.emit()

    def _show_other(self) -> None:
        """Another document is shown: what runs and waits of it."""
        self._tried = None
        self.results.drop_orphans()
        self.running_changed.emit()
        self.candidates_changed.emit()


def _turn(candidate: Candidate) -> Turn:
    turn, region = turn_from_result(candidate.result, candidate.parent), candidate.asked.region
    return replace(turn, log={**turn.log, "region_name": region}) if region else turn
