"""The job queue from several threads."""

import threading

import pytest

from editor_core.base.errors import JobCancelled
from editor_core.messages.requests import Generate, LoadModel
from editor_core.session.jobs import JobQueue, Placement

REQUEST = LoadModel()


def test_jobs_come_in_order_and_front_jumps_the_queue():
    queue = JobQueue()
    first, _ = queue.submit(REQUEST)
    second, _ = queue.submit(REQUEST)
    urgent, _ = queue.submit(REQUEST, placement=Placement.FRONT)
    assert [queue.take(), queue.take(), queue.take()] == [urgent, first, second]


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
    queue.take()
    queue.take()
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

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(200):
        queue.submit(REQUEST)
    for thread in threads:
        thread.join(10)
    assert sorted(taken) == list(range(1, 201))
