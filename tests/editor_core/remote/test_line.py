"""How a job is followed: what a cancel, silence and nobody who looks come to, on a line that does nothing by itself."""

from concurrent.futures import Future

import pytest

from editor_core.base.errors import JobCancelled
from editor_core.base.settings import Settings
from editor_core.messages import events
from editor_core.messages.requests import Generate, LoadModel
from editor_core.remote import line as lines
from editor_core.remote.line import LineLost, follow
from editor_core.remote.mailbox import PAUSE_SECONDS, Told
from editor_core.remote.models_here import WantedModel
from editor_core.remote.worker import Order
from editor_core.session.jobs import CancelToken

RESULT = events.CacheInfo(1, 2, 3, 4, "here")
ENDED = Told((), True, True)


class Line:
    """Answers with what it is given, and after that with a future that is left open."""

    name = "one"

    def __init__(self, *told):
        self._told = list(told)
        self.pauses, self.cancelled, self.open = [], [], []
        self.answer = Future()

    def start(self, order):
        return self.answer

    def hear(self, ticket, seconds, pause):
        self.pauses.append(pause)
        heard = Future()
        if self._told:
            heard.set_result(self._told.pop(0))
        else:
            self.open.append(heard)
        return heard

    def cancel(self, ticket):
        self.cancelled.append(ticket)
        for heard in self.open:
            heard.set_result(Told((), False))

    def forget(self, ticket):
        pass


def _follow(line, cancel=None, emit=lambda event: None, **settings):
    request = Generate("a cat")
    order = Order("a ticket", request, WantedModel(LoadModel()), Settings(**settings))
    return follow(line, order, 7, emit, cancel or CancelToken())


@pytest.mark.parametrize(("looks", "pause"), [(True, PAUSE_SECONDS), (False, lines.UNSEEN_SECONDS)])
def test_where_nobody_looks_a_worker_is_asked_less_often(looks, pause):
    line = Line(ENDED)
    line.answer.set_result(RESULT)
    assert _follow(line, live_preview=looks) is RESULT
    assert line.pauses == [pause] and lines.UNSEEN_SECONDS >= 5 * PAUSE_SECONDS


def test_job_that_waits_is_cancelled_while_the_worker_has_nothing_to_tell():
    line, cancel = Line(), CancelToken()
    cancel.cancel()
    with pytest.raises(JobCancelled):
        _follow(line, cancel)
    assert line.cancelled == ["a ticket"]


def test_job_that_runs_is_asked_to_stop_once_and_its_own_answer_is_waited_for():
    line, cancel = (
        Line(*[Told((events.Progress(0, "painting", n, 9),), True) for n in (1, 2, 3)], ENDED),
        CancelToken(),
    )
    line.answer.set_result(JobCancelled())
    with pytest.raises(JobCancelled):
        _follow(line, cancel, lambda event: cancel.cancel())
    assert line.cancelled == ["a ticket"] and len(line.pauses) == 4


def test_worker_that_says_nothing_any_more_is_lost(monkeypatch):
    monkeypatch.setattr(lines, "HEAR_SECONDS", 0.0)
    monkeypatch.setattr(lines, "ANSWER_SECONDS", 0.0)
    with pytest.raises(LineLost):
        _follow(Line())
