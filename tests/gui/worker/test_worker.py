"""The worker: order, threads, errors, cancelling, closing."""

import threading
import time

import pytest
from PySide6.QtCore import QThread

from editor_core.base.errors import ModelError
from editor_core.base.message import Message
from editor_core.messages.events import (
    Cancelled,
    Failed,
    Finished,
    Notice,
    Preview,
    Progress,
    Queued,
    Started,
)
from editor_core.messages.requests import Generate, LoadModel
from gui.worker import thread
from gui.worker.facade import EngineFacade, QueuePlace
from support.fake_session import FakeSession

SIGNALS = (
    "queued",
    "started",
    "progress",
    "preview",
    "region_found",
    "notice",
    "finished",
    "failed",
    "cancelled",
)


@pytest.fixture
def heard(facade):
    """Every event with the thread it was received on, in order."""
    heard = []
    for name in SIGNALS:
        getattr(facade, name).connect(lambda event: heard.append((event, QThread.currentThread())))
    return heard


def kinds(heard, job):
    return [type(event) for event, _ in heard if event.job == job]


def test_events_arrive_in_order_on_the_main_thread(facade, session, heard, qtbot, qapp, monkeypatch):
    monkeypatch.setattr(thread, "PREVIEW_SECONDS", 0.0)
    session.notice = "The memory was short."
    with qtbot.waitSignal(facade.finished):
        job = facade.submit(Generate("a fox"), "fox")
    steps = [Progress, Preview] * session.model.default_steps
    assert kinds(heard, job) == [Queued, Started, Notice, *steps, Finished]
    assert [event.done for event, _ in heard if isinstance(event, Progress)] == [1, 2, 3, 4]
    assert {thread for _, thread in heard} == {qapp.thread()}
    assert session.thread is not threading.main_thread()


def test_previews_that_come_too_soon_are_left_out(facade, heard, qtbot, monkeypatch):
    monkeypatch.setattr(thread, "PREVIEW_SECONDS", 3600.0)
    for words in ("a fox", "a cat"):
        with qtbot.waitSignal(facade.finished):
            job = facade.submit(Generate(words), words)
        assert kinds(heard, job).count(Preview) == 1


def test_jobs_run_one_after_another(facade, session, heard, qtbot):
    first, second = (facade.submit(Generate(words), words) for words in ("a fox", "a cat"))
    qtbot.waitUntil(lambda: kinds(heard, second)[-1] is Finished)
    order = [(event.job, type(event)) for event, _ in heard if isinstance(event, Started | Finished)]
    assert order == [(first, Started), (first, Finished), (second, Started), (second, Finished)]


def test_session_that_can_do_several_jobs_at_once_gets_them(facade, session, heard, qtbot):
    session.at_once = 2
    with qtbot.waitSignal(facade.finished):
        facade.submit(LoadModel(), "load")
    assert facade.room == 2
    session.gate.clear()
    first, second, third = (facade.submit(Generate(words), words) for words in ("a fox", "a cat", "an owl"))
    qtbot.waitUntil(lambda: all(Progress in kinds(heard, job) for job in (first, second)))
    assert kinds(heard, third) == [Queued]
    with qtbot.waitSignal(facade.cancelled) as cancelled:
        facade.cancel_running()
    assert cancelled.args[0].job == first
    qtbot.waitUntil(lambda: Progress in kinds(heard, third))
    session.gate.set()
    qtbot.waitUntil(lambda: all(kinds(heard, job)[-1] is Finished for job in (second, third)))


def test_closing_stops_every_job_that_runs(session, qtbot):
    session.at_once = 2
    facade = EngineFacade(lambda: session)
    facade.start()
    with qtbot.waitSignal(facade.finished):
        facade.submit(LoadModel(), "load")
    session.gate.clear()
    begun, cancelled = [], []
    facade.started.connect(begun.append)
    facade.cancelled.connect(cancelled.append)
    for words in ("a fox", "a cat", "an owl"):
        facade.submit(Generate(words), words)
    qtbot.waitUntil(lambda: len(begun) == 2)
    with qtbot.waitSignal(facade.stopped):
        facade.close()
    assert len(cancelled) == 3 and session.closed and facade.wait(1000)


def test_an_expected_error_is_one_sentence_and_leaves_the_worker_alive(facade, session, heard, qtbot):
    session.error = ModelError("The folder has no model.")
    with qtbot.waitSignal(facade.failed) as failed:
        facade.submit(Generate("a fox"), "fox")
    assert failed.args == [Failed(1, Message("The folder has no model."))]
    with qtbot.waitSignal(facade.finished):
        facade.submit(Generate("a fox"), "fox")


def test_a_fault_of_the_program_comes_with_its_traceback(facade, session, qtbot, caplog):
    session.error = ZeroDivisionError("oops")
    with qtbot.waitSignal(facade.failed) as failed:
        facade.submit(Generate("a fox"), "fox")
    event = failed.args[0]
    assert "oops" not in str(event.message) and "ZeroDivisionError: oops" in event.details
    with qtbot.waitSignal(facade.finished):
        facade.submit(Generate("a fox"), "fox")


def test_a_session_that_cannot_be_opened_fails_the_job(qtbot):
    def broken():
        raise ModelError("The model is missing.")

    facade = EngineFacade(broken)
    with qtbot.waitSignal(facade.failed) as failed:
        facade.start()
        facade.submit(LoadModel(), "load")
    assert str(failed.args[0].message) == "The model is missing."
    facade.close()
    assert facade.wait(1000)


def test_cancelling_the_running_job(facade, session, heard, qtbot):
    session.gate.clear()
    job = facade.submit(Generate("a fox"), "fox")
    qtbot.waitUntil(lambda: Progress in kinds(heard, job))
    with qtbot.waitSignal(facade.cancelled):
        facade.cancel(job)
    assert kinds(heard, job)[-1] is Cancelled
    assert Finished not in kinds(heard, job)


def test_a_picture_that_was_cancelled_after_its_last_step_does_not_come(qtbot):
    class Late(FakeSession):
        def run(self, job_id, request, emit, cancel):
            result = super().run(job_id, request, emit, cancel)
            cancel.cancel()
            return result

    facade = EngineFacade(Late)
    facade.start()
    with qtbot.waitSignal(facade.cancelled):
        facade.submit(Generate("a fox"), "fox")
    with qtbot.waitSignal(facade.finished):
        facade.submit(LoadModel("default"), "")  # the model is there, whatever was asked
    facade.close()
    assert facade.wait(1000)


def test_cancelling_a_waiting_job_takes_it_out_at_once(facade, session, heard, qtbot):
    session.gate.clear()
    running, waiting = facade.submit(Generate("a fox"), "fox"), facade.submit(Generate("a cat"), "cat")
    qtbot.waitUntil(lambda: Progress in kinds(heard, running))
    facade.cancel(waiting)
    assert kinds(heard, waiting) == [Queued, Cancelled]
    session.gate.set()
    qtbot.waitUntil(lambda: Finished in kinds(heard, running))
    assert [request.prompt for request in session.requests] == ["a fox"]


def test_cancel_all_stops_running_and_waiting(facade, session, heard, qtbot):
    session.gate.clear()
    jobs = [facade.submit(Generate(words), words) for words in ("a fox", "a cat", "an owl")]
    qtbot.waitUntil(lambda: Progress in kinds(heard, jobs[0]))
    facade.cancel_all()
    qtbot.waitUntil(lambda: all(kinds(heard, job)[-1] is Cancelled for job in jobs))


def test_replacing_drops_what_waits_and_comes_next(facade, session, heard, qtbot):
    session.gate.clear()
    first, second = facade.submit(Generate("a fox"), "fox"), facade.submit(Generate("a cat"), "cat")
    qtbot.waitUntil(lambda: Progress in kinds(heard, first))
    third = facade.submit(Generate("an owl"), "owl", QueuePlace.REPLACE)
    session.gate.set()
    qtbot.waitUntil(lambda: Finished in kinds(heard, third))
    assert kinds(heard, first)[-1] is Cancelled and kinds(heard, second)[-1] is Cancelled


def test_closing_while_a_job_runs_takes_less_than_a_second(session, qtbot):
    session.gate.clear()
    facade = EngineFacade(lambda: session)
    facade.start()
    with qtbot.waitSignal(facade.progress):
        facade.submit(Generate("a fox"), "fox")
    began = time.monotonic()
    with qtbot.waitSignal(facade.stopped, timeout=1000):
        facade.close()
    assert facade.wait(1000)
    assert time.monotonic() - began < 1.0
    assert session.closed


def test_closing_drops_what_waits(session, qtbot):
    facade = EngineFacade(lambda: session)
    cancelled = []
    facade.cancelled.connect(lambda event: cancelled.append(event.job))
    job = facade.submit(Generate("a fox"), "fox")
    facade.close()
    assert cancelled == [job]
