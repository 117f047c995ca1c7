"""A cluster of two computers, then three, as `palimpsest worker` starts them, reached as clients reach them."""

import os
import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest

from editor_core.base.errors import JobCancelled, RemoteError
from editor_core.base.settings import Settings
from editor_core.batch.jobs import BatchJob
from editor_core.batch.run import Place, run_batch
from editor_core.commands.working import free_names
from editor_core.messages import events
from editor_core.messages.requests import Edit, Generate, Sampling
from editor_core.models.fingerprint import fingerprint
from editor_core.models.inspection import inspect_model
from editor_core.project.image_io import read_image, write_png
from editor_core.remote import cluster as clusters
from editor_core.remote import sending
from editor_core.remote.cluster import Cluster, require_same_version
from editor_core.remote.line import LineLost
from editor_core.remote.parcels import sendable_model
from editor_core.remote.remote_session import RemoteSession
from editor_core.session.jobs import CancelToken
from support.clusters import TOKEN, starting, worker
from support.engine_runs import as_base
from support.same_bytes import all_ways
from support.tiny_models import tiny_folder

pytestmark = [
    pytest.mark.skipif(not clusters.is_installed(), reason="Ray is not installed: pip install .[remote]"),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::FutureWarning:ray.*"),
]
STEPS = 4
REQUEST = Generate("a cat on the sofa", 64, 64, Sampling(seed=1, steps=STEPS))
LONG = Generate("a cat on the sofa", 64, 64, Sampling(seed=1, steps=30))


@pytest.fixture(scope="module")
def settings():
    return Settings(model=str(tiny_folder("default")), device="cpu")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("workers")


@pytest.fixture(scope="module")
def head(home):
    """Of a cluster of two computers, each with a worker; they start side by side."""
    with starting(home / "first", "--bind", "127.0.0.2") as first:
        address = first.wait_for_node("127.0.0.2")
        with starting(home / "second", "--address", address, "--bind", "127.0.0.3") as second:
            head = first.ready()
            assert head.join == address and second.ready().workers
            yield head


@pytest.fixture(scope="module")
def cluster(head):
    with Cluster(head.address, TOKEN) as cluster:
        yield cluster


@pytest.fixture
def session(cluster, settings):
    with RemoteSession(settings, cluster.lines) as session:
        yield session


def _side_by_side(session, requests, hear=lambda event: None):
    """The results, all asked for at once."""
    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(lambda request: session.run(1, request, hear), requests))


def _kill(cluster, name):
    ray = cluster._ray
    os.kill(ray.get(ray.get_actor(name).process_id.remote()), signal.SIGKILL)


def _ignore(event):
    pass


def test_every_way_gives_the_bytes_of_this_process(session, made_here):
    made = all_ways(session)
    assert set(made) == set(made_here) and all(np.array_equal(made[name], made_here[name]) for name in made)


def test_jobs_side_by_side_are_on_both_and_the_same_picture_comes_of_either(session):
    """The second edit of the turn is done by the worker that does not hold it."""
    mask = np.zeros((64, 64), np.uint8)
    mask[16:48, 16:48] = 255
    base = as_base(session.run(1, REQUEST, _ignore))
    edit, where, both = Edit((base,), "a dog on the sofa", mask), set(), threading.Event()

    def hear(event):
        if isinstance(event, events.Placed):
            where.add(event.worker)
            if len(where) == 2:
                both.set()
            both.wait(60)

    first, second = _side_by_side(session, [edit, edit], hear)
    assert len(where) == 2 and np.array_equal(first.image, second.image) and session.at_once == 2


def test_facts_say_what_is_there(cluster):
    facts = cluster.facts()
    assert len({each.name for each in facts}) == 2
    assert all(each.models and each.memory_bytes > 2**28 and each.card == "" for each in facts)


def test_cancel_is_heard_at_every_step_and_the_next_job_is_whole(session):
    for step in range(1, STEPS):
        cancel, steps = CancelToken(), []

        def stop(event, step=step, cancel=cancel, steps=steps):
            if isinstance(event, events.Progress) and event.stage == "painting":
                steps.append(event.done)
                if event.done == step:
                    cancel.cancel()

        request = Generate("a cat", 64, 64, Sampling(seed=step, steps=40))
        with pytest.raises(JobCancelled):
            session.run(1, request, stop, cancel)
        assert steps[-1] < 40
    assert session.run(2, REQUEST, _ignore).steps == STEPS


def test_model_is_sent_to_a_real_worker(cluster, home):
    key = fingerprint(inspect_model(tiny_folder("sd1")))
    sendable = sendable_model(tiny_folder("sd1"), key)
    [line, _] = cluster.lines()
    told = []
    sending.send(line, sendable, 1, told.append, CancelToken())
    assert told[-1].done == told[-1].total and line.expect(sendable.parcel) is None
    assert len(list(home.glob(f"*/MODELS/received/{key}/*"))) == 1


def test_worker_of_another_version_is_refused(cluster, monkeypatch):
    [facts, _] = cluster.facts()
    monkeypatch.setattr(clusters, "__version__", "9.9")
    with pytest.raises(RemoteError, match=r"has version .* and this computer 9\.9"):
        require_same_version(facts)


def test_a_third_computer_that_joins_gets_its_share(cluster, session, head, home):
    with worker(home / "third", "--address", head.join, "--bind", "127.0.0.4") as third:
        session.run(1, REQUEST, _ignore)
        assert session.at_once == 3 and third.workers[0] in {each.name for each in cluster.facts()}
        where, all_three = set(), threading.Event()

        def hear(event):
            if isinstance(event, events.Placed):
                where.add(event.worker)
                if len(where) == 3:
                    all_three.set()
                all_three.wait(60)

        images = [each.image for each in _side_by_side(session, [REQUEST] * 3, hear)]
    assert len(where) == 3 and all(np.array_equal(image, images[0]) for image in images)
    assert len(cluster.lines()) == 2  # it has left


# -- what dies is started anew, which takes its time: after what needs both


def test_killed_in_the_middle_the_job_is_done_by_the_other(cluster, session):
    heard, where = [], []

    def kill(event):
        heard.append(event)
        if isinstance(event, events.Placed):
            where.append(event.worker)
        if isinstance(event, events.Preview) and len(where) == 1:
            _kill(cluster, where[0])

    expected = session.run(1, LONG, _ignore).image
    result = session.run(2, LONG, kill)
    assert np.array_equal(result.image, expected) and len(where) == 2 and where[0] != where[1]
    assert sum(isinstance(event, events.Notice) for event in heard) == 1


def test_batch_whose_worker_is_killed_is_resumed_without_a_duplicate(cluster, settings, tmp_path):
    picture = tmp_path / "cat.png"
    write_png(picture, np.full((64, 64, 3), 90, np.uint8))
    jobs = [
        BatchJob(str(picture), "a dog", "a cat", seed=1, steps=2, id=f"cat {number}") for number in range(4)
    ]
    places = [Place(RemoteSession(settings, lambda line=line: [line]), line.name) for line in cluster.lines()]
    stop, out = CancelToken(), tmp_path / "out"

    def tell(row, done, total):
        if done == 1:
            _kill(cluster, places[0].worker)
        if done == 2:
            stop.cancel()

    with pytest.raises(JobCancelled):
        run_batch(jobs, places, out, "png", False, tell, stop)
    run_batch(jobs, places, out, "png", True, lambda *_: None, CancelToken())
    rows = (out / "rows.csv").read_text().splitlines()[1:]
    assert sorted(row.split(",")[0] for row in rows) == [f"cat {number}" for number in range(4)]
    assert len({read_image(out / f"cat {number}.png").tobytes() for number in range(4)}) == 1


# -- without a cluster


def test_workers_are_called_as_their_computer_and_never_as_another():
    host = socket.gethostname()
    assert free_names(1, []) == [host] and free_names(1, [host]) == [f"{host}-1"]
    assert free_names(2, [f"{host}-1"]) == [f"{host}-2", f"{host}-3"]


class StillbornServer:
    """Ray's client, whose server dies the first so many times."""

    def __init__(self, deaths):
        self.deaths, self.asked = deaths, 0

    def init(self, **_):
        self.asked += 1
        if self.asked <= self.deaths:
            raise ConnectionAbortedError("Starting Ray client server failed.")

    def shutdown(self):
        assert self.asked


@pytest.mark.parametrize(("deaths", "asked"), [(0, 1), (1, 2)])
def test_a_client_whose_server_died_at_birth_asks_once_more(deaths, asked):
    found = Cluster.__new__(Cluster)
    found.address, found._ray = "ray://studio:10001", StillbornServer(deaths)
    found._begin()
    assert found._ray.asked == asked


def test_a_client_whose_server_dies_again_is_told():
    found = Cluster.__new__(Cluster)
    found.address, found._ray = "ray://studio:10001", StillbornServer(2)
    with pytest.raises(ConnectionAbortedError):
        found._begin()


class CutOff:
    """Ray's client once it has given its connection up, or while it has it: calls raise what it raises."""

    exceptions = SimpleNamespace(RayError=ConnectionRefusedError)
    get = None

    def __init__(self, connected):
        self.is_initialized = lambda: connected

    def get_actor(self, name):
        def ask(*_):
            raise Exception("Ray Client is not connected.")

        return SimpleNamespace(hear=SimpleNamespace(remote=ask))


@pytest.mark.parametrize(("connected", "raised"), [(False, LineLost), (True, Exception)])
def test_a_line_of_a_client_that_gave_up_is_lost(connected, raised):
    with pytest.raises(raised) as told:
        clusters.RayLine(CutOff(connected), None, "one").hear("a ticket", 1, 0)
    assert type(told.value) is raised
