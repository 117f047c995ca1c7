"""The job queue from several threads."""

import threading

import pytest

from editor_core.base.errors import JobCancelled
from editor_core.base.settings import Settings
from editor_core.messages.requests import Configure, Generate, LoadModel, ReadCache
from editor_core.session.jobs import JobQueue, Placement

REQUEST = LoadModel()


def _done(queue):
    job = queue.take()
    queue.end(job)
    return job


def test_jobs_come_in_order_and_front_jumps_the_queue():
    queue = JobQueue()
    first, _ = queue.submit(REQUEST)
    second, _ = queue.submit(REQUEST)
    urgent, _ = queue.submit(REQUEST, placement=Placement.FRONT)
    assert [_done(queue), _done(queue), _done(queue)] == [urgent, first, second]


def test_replace_drops_what_waits_and_stops_what_runs():
    queue = JobQueue()
    queue.submit(REQUEST)
    running = queue.take()
    waiting, _ = queue.submit(REQUEST)
    newest, dropped = queue.submit(REQUEST, placement=Placement.REPLACE)
    assert dropped == [waiting] and running.cancel.cancelled and list(queue) == [newest]


def test_renew_takes_the_place_of_its_own_kind_only():
    queue, other = JobQueue(), Generate("a cat")
    queue.submit(REQUEST)
    running = queue.take()
    generating, _ = queue.submit(other)
    outdated, _ = queue.submit(REQUEST)
    newest, dropped = queue.submit(REQUEST, placement=Placement.RENEW)
    assert dropped == [outdated] and running.cancel.cancelled and list(queue) == [newest, generating]
    queue.end(running)
    _done(queue)
    assert queue.take() is generating
    queue.submit(REQUEST, placement=Placement.RENEW)
    assert not generating.cancel.cancelled  # another kind of job runs on


def test_cancel_tells_waiting_from_running():
    queue = JobQueue()
    first, _ = queue.submit(REQUEST)
    second, _ = queue.submit(REQUEST)
    queue.take()
    assert queue.cancel(second.id) and not queue.cancel(first.id) and not queue.cancel(99)
    with pytest.raises(JobCancelled):
        first.cancel.raise_if_cancelled()
    assert list(queue) == []


def test_close_wakes_a_waiting_worker():
    queue, got = JobQueue(), []
    worker = threading.Thread(target=lambda: got.append(queue.take()))
    worker.start()
    queue.close()
    worker.join(5)
    assert got == [None]


def test_every_job_is_taken_once_by_one_of_many_threads():
    queue, taken, lock = JobQueue(), [], threading.Lock()

    def work():
        while (job := queue.take()) is not None:
            with lock:
                taken.append(job.id)
                if len(taken) == 200:
                    queue.close()
            queue.end(job, room=4)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(200):
        queue.submit(REQUEST)
    for thread in threads:
        thread.join(10)
    assert sorted(taken) == list(range(1, 201))


def test_jobs_run_side_by_side_as_far_as_there_is_room():
    queue, other = JobQueue(), Generate("a cat")
    first, second, third = (queue.submit(other)[0] for _ in range(3))
    queue.end(queue.take(), room=2)
    assert [queue.take(), queue.take()] == [second, third] and queue.running is second
    fourth, _ = queue.submit(other)
    assert not _may_take(queue)
    queue.cancel_all()
    assert second.cancel.cancelled and third.cancel.cancelled and not first.cancel.cancelled
    queue.submit(other)
    queue.end(second, room=2)
    assert _may_take(queue) and not fourth.cancel.cancelled


@pytest.mark.parametrize("alone", [LoadModel(), Configure(Settings()), ReadCache()])
def test_what_changes_the_work_of_others_waits_for_them_and_they_for_it(alone):
    queue, other = JobQueue(), Generate("a cat")
    queue.submit(other)
    queue.end(queue.take(), room=9)
    running, changing, after = (queue.submit(each)[0] for each in (other, alone, other))
    assert queue.take() is running and not _may_take(queue)
    queue.end(running, room=9)
    assert queue.take() is changing and not _may_take(queue)
    queue.end(changing, room=9)
    assert queue.take() is after


def test_jobs_that_nobody_runs_any_more_make_room():
    queue = JobQueue()
    first, second = (queue.submit(REQUEST)[0] for _ in range(2))
    queue.take()
    assert queue.abandon() == [first] and queue.take() is second


def _may_take(queue):
    """Whether a thread that asks would get a job at once."""
    return queue._next_may_run()
