"""Live: a stroke's end asks for its result; the newest stroke wins, and painting goes on meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from editor_core.document.geometry import Rect
from editor_core.document.layers import LayerStack
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.messages.events import Cancelled, Failed, Finished, Progress, TurnResult
from editor_core.messages.requests import ReadCache
from editor_core.workflow.live import LiveWork, Seen, Stroke, painted_of, seen_of
from editor_core.workflow.targets import edited_part
from gui.actions.actions import Actions
from gui.controllers.editing import Editing
from gui.controllers.stage import Stage
from gui.docks.prompt import Told
from gui.state.window_state import WindowState
from gui.texts.messages import message_text
from gui.tools.brushes import PaintBrush
from gui.viewmodels.document_vm import DocumentVM
from gui.viewmodels.results import Base, PendingJob
from gui.widgets.live_bar import LiveBar
from gui.worker.facade import EngineFacade, QueuePlace

PAUSE = 700  # milliseconds without a key, until other words count


@dataclass(frozen=True, eq=False)
class _Asked:
    """A stroke whose result is on its way."""

    job: int
    work: LiveWork
    stroke: Stroke
    layers: LayerStack


class Live(QObject):
    """Follows the paint while the action "live" is checked; results are the document's once they are applied.

    Signals:
        changed: Results came or went. Main thread.
    """

    changed = Signal()

    def __init__(
        self,
        facade: EngineFacade,
        actions: Actions,
        document: DocumentVM,
        editing: Editing,
        stage: Stage,
        state: WindowState,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.bar = LiveBar()
        self.told: Callable[[], Told] = lambda: Told("")
        """What the artist asks for."""
        self._facade, self._action, self._vm = facade, actions["live"], document
        self._editing, self._stage, self._state = editing, stage, state
        self._work: LiveWork | None = None
        self._asked: _Asked | None = None
        self._layers: LayerStack | None = None  # what the results have seen
        self._since: dict[
            str, np.ndarray
        ] = {}  # by turn: the picture when Live began on it, which stays as it is
        self._before: DocumentSnapshot | None = (
            None  # the document then, as long as its picture is not in there
        )
        self._applied: np.ndarray | None = None  # what the turn in the making begins with
        self._mine: set[int] = set()
        self._problem, self._percent = "", 0
        self._drew = False  # in the stroke that is being drawn, anything that is to be seen
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(lambda: document.when_at_rest(self._look))
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._take_words)
        self._words = Told("")
        self.bar.strength.set_value(round(100 * state.live_strength))
        self._connect()
        self._show_state()

    def owns(self, job: int) -> bool:
        """Whether a job is one of Live's, of which the bar tells what went wrong."""
        return job in self._mine

    @property
    def is_on(self) -> bool:
        return self._action.isChecked()

    @property
    def has_results(self) -> bool:
        """Whether there is anything to apply."""
        return bool(self._work)

    @property
    def is_busy(self) -> bool:
        """Whether a result is on its way, or about to be asked for."""
        return self._asked is not None or self._soon.isActive()

    @property
    def results(self) -> tuple[TurnResult, ...]:
        """Of the strokes, the oldest first."""
        return () if self._work is None else self._work.results

    def apply(self) -> None:
        """The results become a turn; paint that came since stays above it."""
        if (waiting := self._as_job()) is not None:
            self._cancel()
            self._forget_spaces(but=waiting[0].cache_space)
            self._applied = None if self._work is None else self._work.applied
            self._work = None
            self._editing.accept_result(*waiting)
            self._begin()
            self._applied = None

    def keep_paint(self) -> None:
        """The results go, the paint stays as it was painted, and only new strokes are refined."""
        document, work = self._vm.document, self._work
        if document is not None and work is not None:
            self._cancel()
            self._forget_spaces()
            work.keep_paint(seen_of(document))
            self._show_results()

    def words_changed(self) -> None:
        """The sentence is typed in: once that rests, what was painted is refined by the new words."""
        if self.is_on:
            self._pause.start()

    # -- inside ---------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        vm, bar = self._vm, self.bar
        self._action.toggled.connect(self._turn_on)
        bar.apply_asked.connect(self.apply)
        bar.discard_asked.connect(self.keep_paint)
        bar.strength_chosen.connect(self._set_strength)
        for signal in (vm.pixels_changed, vm.mask_changed):
            signal.connect(self._painted)
        vm.leaving.connect(self._leave)
        for signal in (vm.replaced, vm.size_changed):
            signal.connect(self._since.clear)
        for signal in (vm.replaced, vm.size_changed, vm.current_changed):
            signal.connect(self._begin)
        self._editing.running_changed.connect(self._soon.start)
        self._editing.candidates_changed.connect(self._soon.start)
        self._stage.canvas.drawing_changed.connect(self._follow_stroke)
        self._facade.progress.connect(self._show_progress)
        self._facade.finished.connect(self._take)
        self._facade.failed.connect(self._ended)
        self._facade.cancelled.connect(self._ended)

    def _turn_on(self, on: bool) -> None:
        self._since.clear()
        if not on:
            self._offer()
        self._begin()
        self._stage.canvas.setFocus()

    def _offer(self) -> None:
        """What it made waits to be judged like any other result."""
        if (waiting := self._as_job()) is not None:
            self._forget_spaces(but=waiting[0].cache_space)
            self._work = None
            self._editing.offer_result(*waiting)

    def _leave(self) -> None:
        """Another tab is about to be shown: what was made waits in this one."""
        self._cancel()
        self._offer()

    def _begin(self) -> None:
        """On the turn that is shown now."""
        self._cancel()
        turn = self._vm.turn
        if self._work is None or self._work.turn is not turn or not self.is_on:
            self._forget_spaces()
            self._work = self._before = None
            if self.is_on and turn is not None and self._vm.document is not None:
                if self._applied is not None:
                    self._since.setdefault(turn.id, self._applied)
                self._work = LiveWork(turn, self._since.get(turn.id))
                self._before = None if turn.id in self._since else self._vm.document.snapshot()
            self._words = self.told()
            self._show_results()
        self._soon.start()

    def _take_words(self) -> None:
        if self.is_on and self.told() != self._words:
            self._again()

    def _set_strength(self, strength: float) -> None:
        self._state.live_strength = strength
        self._again()

    def _again(self) -> None:
        """All that was painted is refined anew; what there is stays in sight meanwhile."""
        if self._work is not None:
            self._cancel()
            self._forget_spaces()
            self._work, self._words = LiveWork(self._work.turn, self._work.since), self.told()
            self._soon.start()

    def _painted(self, rect: Rect) -> None:
        document = self._vm.document
        self._drew = True
        if self.is_on and document is not None:
            self._stage.live.compare(document, rect)
            self._soon.start()

    def _follow_stroke(self, drawing: bool) -> None:
        """A stroke in the very colour that lies below a result changes nothing: say why."""
        if drawing:
            self._drew, self._problem = False, ""
        elif self.has_results and not self._drew and isinstance(self._stage.canvas.tool, PaintBrush):
            self._problem = self.tr("The paint below has this colour already. Apply first, then paint on it.")
            self._show_state()

    def _look(self) -> None:
        """Ask for what is new, unless an edit is under way."""
        self._show_state()
        work = self._work
        if work is None or self._editing.candidate is not None or self._editing.busy:
            return
        self._vm.compute(partial(_looked_at, self._before), partial(self._ask, work))

    def _ask(self, work: LiveWork, looked: tuple[np.ndarray | None, Seen]) -> None:
        document, (since, now) = self._vm.document, looked
        if document is None or work is not self._work or self._vm.turn is not work.turn:
            return
        if since is not None and self._before is not None:
            self._since[work.turn.id], self._before = since, None
            work.begin(since)
        if self._asked is not None and not self._asked.stroke.seen.differs(now).any():
            return  # that is on its way
        self._cancel()
        before = len(work)
        stroke = work.stroke(now, edited_part(document, self._editing.chosen_layer))
        if len(work) != before:
            self._layers = document.layers
        if stroke is None:
            self._show_results()
            return
        words = self.told()
        request = work.request(
            document, stroke, words.prompt or work.turn.prompt, self._state.live_strength, words.negative,
            words.guidance,
        )  # fmt: skip
        job = self._facade.submit(request, "", QueuePlace.FRONT)
        self._mine.add(job)
        self._asked, self._problem, self._percent = _Asked(job, work, stroke, document.layers), "", 0
        self._show_state()

    def _show_progress(self, event: Progress) -> None:
        if self._asked is not None and event.job == self._asked.job and event.total:
            self._percent = 100 * event.done // event.total
            self._show_state()

    def _take(self, event: Finished) -> None:
        asked = self._asked
        if asked is None or event.job != asked.job or not isinstance(event.result, TurnResult):
            return
        self._asked = None
        if asked.work is self._work:
            asked.work.take(asked.stroke, event.result)
            self._layers = asked.layers
            self._show_results()

    def _ended(self, event: Failed | Cancelled) -> None:
        if self._asked is not None and event.job == self._asked.job:
            self._asked = None
            self._problem = message_text(event.message) if isinstance(event, Failed) else ""
            self._show_state()

    def _cancel(self) -> None:
        asked, self._asked = self._asked, None
        if asked is not None:
            self._facade.cancel(asked.job)

    def _as_job(self) -> tuple[TurnResult, PendingJob] | None:
        """All results as one, with what an edit says of itself."""
        opened, document, work = self._vm.shown, self._vm.document, self._work
        result = None if work is None else work.whole_result()
        if document is None or work is None or result is None:
            return None
        return result, Base(opened, document, work.turn).pending(layers=self._layers, is_patch=True)

    def _forget_spaces(self, but: str = "") -> None:
        """What single results left in the cache is of no use once they are one turn, or none."""
        spaces = () if self._work is None else tuple(each for each in self._work.spaces if each != but)
        if spaces:
            self._facade.submit(ReadCache(spaces), "")

    def _show_results(self) -> None:
        self._stage.show_live(self._work, self._layers)
        self._show_state()
        self.changed.emit()

    def _show_state(self) -> None:
        self.bar.setVisible(self.is_on and self._vm.document is not None and self._editing.candidate is None)
        self.bar.show_state(self._text(), has_results=self.has_results)

    def _text(self) -> str:
        if self._problem:
            return self._problem
        if self._vm.turn is None:
            return self.tr("Describe the picture and press Analyse first.")
        if self._asked is not None:
            return self.tr("Refining… {percent} %").format(percent=self._percent)
        if self._editing.busy:
            return self.tr("Waits for the edit that runs.")
        if self._work:
            return self.tr("Enter makes it a turn.")
        return self.tr("Each stroke is refined.")


def _looked_at(before: DocumentSnapshot | None, state: DocumentSnapshot) -> tuple[np.ndarray | None, Seen]:
    """What there was when Live began, if that is not known yet, and what there is."""
    return (None if before is None else painted_of(before)), seen_of(state)
