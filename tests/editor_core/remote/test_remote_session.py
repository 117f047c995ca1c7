"""A session done by workers elsewhere: the right worker, nothing lost with one that dies, nothing told twice."""

import itertools
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from editor_core.base.errors import EditorError, JobCancelled, ModelError, RemoteError
from editor_core.base.message import Message
from editor_core.base.settings import Settings
from editor_core.messages import events
from editor_core.messages.requests import Configure, Edit, Generate, LoadModel, ReadCache, Sampling
from editor_core.remote import remote_session
from editor_core.remote.remote_session import RemoteSession
from editor_core.session.jobs import CancelToken
from editor_core.session.runner import Fault
from editor_core.session.session import Session as RealSession
from editor_core.workflow.variants import one_by_one
from support.direct_line import DirectLine
from support.engine_runs import as_base
from support.tiny_models import tiny_folder

PICTURE = np.zeros((8, 8, 3), np.uint8)
OWN = Settings(device="cpu", cache_folder="/the/worker's own")


def _result(space, seed=0):
    return events.TurnResult(
        "generate",
        "a cat",
        "",
        seed,
        4,
        1.0,
        "m",
        "f",
        PICTURE,
        None,
        MappingProxyType({}),
        {},
        {},
        space,
        0.1,
    )


class Session:
    """Remembers what it was asked, and answers with a turn in a space of its own."""

    def __init__(self, settings, variants=0, error=None):
        self.asked = []
        self.settings = settings
        self._variants, self._error = variants, error

    def run(self, job, request, emit, cancel):
        self.asked.append(request)
        if isinstance(request, LoadModel | Configure | ReadCache):
            space = events.CacheSpace("turn 1", 1, 2)
            return events.CacheInfo(10, 20, 30, 40, "here", (space,))
        for number in range(self._variants):
            emit(events.Variant(job, _result(f"variant {number}")))
        if self._error is not None:
            raise self._error
        cancel.raise_if_cancelled()
        return _result(f"turn {len(self.asked)}", getattr(getattr(request, "sampling", None), "seed", 0))

    def close(self):
        pass


def _line(name, dies_at=None, **kind):
    return DirectLine(name, OWN, lambda settings: Session(settings, **kind), dies_at)


def _asked(line):
    return line.worker._session.asked


REQUEST = Generate("a cat", 64, 64, Sampling(seed=3))


def _run(lines, request=REQUEST, cancel=None, settings=None):
    heard, settings = [], settings or Settings()
    with RemoteSession(settings, lambda: lines) as session:
        return session.run(5, request, heard.append, cancel), heard


def _where(heard):
    return [event.worker for event in heard if isinstance(event, events.Placed)]


def test_the_model_is_loaded_before_the_first_job_and_not_again():
    line = _line("one")
    with RemoteSession(Settings(clip_skip=2), lambda: [line]) as session:
        session.run(1, REQUEST, print)
        session.run(2, REQUEST, print)
    assert _asked(line) == [LoadModel(device="cpu", clip_skip=2), REQUEST, REQUEST]


def test_two_windows_with_two_models_each_get_their_own():
    line = _line("one")
    first, second = (RemoteSession(Settings(clip_skip=skip), lambda: [line]) for skip in (1, 2))
    for session in (first, second, first):
        session.run(1, REQUEST, print)
    assert [each.clip_skip for each in _asked(line) if isinstance(each, LoadModel)] == [1, 2, 1]


def test_what_is_each_computers_own_is_not_taken_from_the_client():
    line = _line("one")
    _run([line], settings=Settings(cache_folder="/the/client's", device="cuda:3", live_preview=False))
    used = line.worker._session.settings
    assert (used.cache_folder, used.device, used.live_preview) == (OWN.cache_folder, "cpu", False)


def test_worker_that_dies_before_or_in_the_middle_costs_nothing():
    for dies_at in (0, 1):
        first, second = _line("one", dies_at, variants=2), _line("two", variants=2)
        result, heard = _run([first, second])
        assert result.cache_space == "turn 2"
        assert [e.result.cache_space for e in heard if isinstance(e, events.Variant)] == [
            "variant 0",
            "variant 1",
        ]
        assert [str(e.message) for e in heard if isinstance(e, events.Notice)] == [
            "one stopped; the work was begun again."
        ]


def test_job_that_ends_two_workers_is_given_up_with_a_sentence():
    lines = [_line(name, 0) for name in ("one", "two", "three")]
    with pytest.raises(RemoteError, match="one and two stopped"):
        _run(lines)
    assert not lines[2].orders


def test_no_worker_is_a_sentence():
    with pytest.raises(RemoteError, match="palimpsest worker"):
        _run([])


def test_errors_and_cancels_arrive_as_they_were():
    with pytest.raises(ModelError) as raised:
        _run([_line("one", error=ModelError("There is no {name}.", name="fox"))])
    assert raised.value.message == Message("There is no {name}.", name="fox")
    with pytest.raises(JobCancelled):
        _run([_line("one", error=JobCancelled())])
    with pytest.raises(Fault, match="ZeroDivisionError"):
        _run([_line("one", error=ZeroDivisionError())])


@pytest.mark.parametrize("kind", [EditorError, ModelError, RemoteError])
def test_an_error_survives_the_way_between_processes(kind):
    error = pickle.loads(pickle.dumps(kind("There is no {turn}.", turn="7")))
    assert type(error) is kind and error.message == Message("There is no {turn}.", turn="7")
    assert str(error) == "There is no 7."


def test_cancel_of_a_job_that_waits_for_others_does_not_wait():
    line, held = _line("one"), threading.Event()
    line._thread.submit(held.wait)
    cancel = CancelToken()
    cancel.cancel()
    try:
        with pytest.raises(JobCancelled):
            _run([line], cancel=cancel)
    finally:
        held.set()


def test_turn_is_edited_where_its_activations_are():
    lines = [_line(name) for name in ("one", "two")]
    heard = []
    with RemoteSession(Settings(), lambda: lines) as session:
        lines[0].worker._busy = True
        first = session.run(1, REQUEST, heard.append)
        lines[0].worker._busy = False
        session.run(2, Edit((as_base(first),), "a dog"), heard.append)
    assert _where(heard) == ["two", "two"]


def test_a_new_client_finds_the_worker_that_holds_a_turn():
    lines = [_line(name) for name in ("one", "two")]
    turn = as_base(_result("turn 9"))
    lines[1].worker._spaces.add("turn 9")
    _, heard = _run(lines, Edit((turn,), "a dog"))
    assert _where(heard) == ["two"]


def test_random_seed_is_drawn_once_for_both_tries():
    first, second = _line("one", 1, variants=1), _line("two")
    result, _ = _run([first, second], replace(REQUEST, sampling=Sampling()))
    seeds = {order.request.sampling.seed for line in (first, second) for order in line.orders}
    assert seeds == {result.seed} and None not in seeds


def test_caches_are_read_together():
    info, _ = _run([_line("one"), _line("two")], ReadCache())
    assert (info.memory_bytes, info.memory_limit, info.disk_bytes, info.disk_limit) == (20, 40, 30, 40)
    assert len(info.spaces) == 1 and info.folder.endswith(": here")  # both are on one computer


def test_mailbox_of_a_finished_job_is_thrown_away():
    line = _line("one")
    _run([line])
    assert line.worker._mail == {}


class Meeting(Session):
    """Begins to work only once as many jobs are at work as there are parties."""

    def __init__(self, settings, barrier):
        super().__init__(settings)
        self._barrier = barrier

    def run(self, job, request, emit, cancel):
        if not isinstance(request, LoadModel):
            self._barrier.wait()
        return super().run(job, request, emit, cancel)


def _side_by_side(session, requests):
    """The events of each."""
    heard = [[] for _ in requests]
    with ThreadPoolExecutor(len(requests)) as threads:
        jobs = zip(itertools.count(1), requests, heard)
        list(threads.map(lambda job: session.run(job[0], job[1], job[2].append), jobs))
    return heard


def test_jobs_of_one_session_run_side_by_side_each_on_a_worker_of_its_own():
    barrier = threading.Barrier(3, timeout=60)
    lines = [DirectLine(name, OWN, lambda settings: Meeting(settings, barrier)) for name in ("a", "b", "c")]
    with RemoteSession(Settings(), lambda: lines) as session:
        heard = _side_by_side(session, [REQUEST] * 3)
        assert session.at_once == 3
    assert sorted(name for each in heard for name in _where(each)) == ["a", "b", "c"]


def test_second_edit_of_a_turn_goes_to_a_free_worker_rather_than_wait_for_the_one_that_holds_it():
    barrier = threading.Barrier(2, timeout=60)
    lines = [_line("one"), _line("two")]
    with RemoteSession(Settings(), lambda: lines) as session:
        edit = Edit((as_base(session.run(1, REQUEST, print)),), "a dog")
        for line in lines:
            line.worker._open = lambda settings: Meeting(settings, barrier)
            line.worker.close()
        heard = _side_by_side(session, [edit, edit])
    assert sorted(name for each in heard for name in _where(each)) == ["one", "two"]


def test_silent_worker_is_not_waited_for_where_another_answers(monkeypatch):
    monkeypatch.setattr(remote_session, "SILENT_SECONDS", 0.01)
    silent, awake, ended = _line("a silent one"), _line("b"), threading.Event()
    silent.state = ended.wait
    _, heard = _run([silent, awake])
    ended.set()
    assert _where(heard) == ["b"]


def test_worker_that_joined_with_another_version_gets_no_work():
    other, ours = _line("a"), _line("b")
    state = other.state()
    other.state = lambda: replace(state, version="9.9")
    for _ in range(2):
        _, heard = _run([other, ours])
        assert _where(heard) == ["b"]


def test_job_waits_for_a_cluster_that_comes_back_after_its_worker_was_lost(monkeypatch):
    monkeypatch.setattr(remote_session, "_AGAIN_SECONDS", 0.01)
    dying, late = _line("one", 0), _line("two")
    answers = iter([[dying], RemoteError("{address} cannot be reached.", address="x"), [], [dying], [late]])

    def lines():
        found = next(answers)
        if isinstance(found, RemoteError):
            raise found
        return found

    heard = []
    with RemoteSession(Settings(), lines) as session:
        session.run(1, REQUEST, heard.append)
    assert _where(heard) == ["one", "two"]


def test_job_that_was_not_begun_does_not_wait_for_a_cluster_that_is_not_there():
    def lines():
        raise RemoteError("{address} cannot be reached.", address="x")

    with RemoteSession(Settings(), lines) as session, pytest.raises(RemoteError, match="cannot be reached"):
        session.run(1, REQUEST, print)


def test_cancel_is_heard_while_a_job_waits_for_its_worker_to_come_back():
    cancel, dying = CancelToken(), _line("one", 1, variants=1)

    def hear(event):
        if isinstance(event, events.Notice):
            cancel.cancel()

    with RemoteSession(Settings(), lambda: [dying]) as session, pytest.raises(JobCancelled):
        session.run(1, REQUEST, hear, cancel)


def test_variants_one_by_one_are_those_of_one_job():
    """With the real engine: the noise of each is the same."""
    with RealSession(
        Settings(model=str(tiny_folder("default")), device="cpu"), keep_on_disk=False
    ) as session:
        base = as_base(session.run(1, Generate("a cat", 64, 64, Sampling(seed=2**64 - 1, steps=2)), print))
        mask = np.zeros((64, 64), np.uint8)
        mask[16:48, 16:48] = 255
        edit = Edit((base,), "a dog", mask, "instdiffedit", {"variants": 3, "plant": False})
        told = []
        last = session.run(2, edit, told.append)
        together = [event.result for event in told if isinstance(event, events.Variant)] + [last]
        alone = [session.run(3, each, print) for each in one_by_one(edit)]
    assert len(alone) == 3 and [each.seed for each in alone] == [each.seed for each in together]
    assert all(np.array_equal(*(each.image for each in pair)) for pair in zip(alone, together))
    assert len(one_by_one(replace(edit, method="fisedit"))) == 1
