"""Two workers as `palimpsest worker` starts them, reached as clients reach them: the same bytes, a kill, a cancel."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from editor_core.base.errors import JobCancelled, RemoteError
from editor_core.base.settings import Settings
from editor_core.messages import events
from editor_core.messages.requests import Generate, Sampling
from editor_core.remote import cluster as clusters
from editor_core.remote.cluster import Cluster, require_same_version
from editor_core.remote.remote_session import RemoteSession
from editor_core.session.jobs import CancelToken
from editor_core.session.session import Session
from support.same_bytes import all_ways
from support.tiny_models import tiny_folder

pytestmark = [
    pytest.mark.skipif(not clusters.is_installed(), reason="Ray is not installed: pip install .[remote]"),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::FutureWarning:ray.*"),
]

ROOT = Path(__file__).resolve().parents[3]
TOKEN = {"RAY_AUTH_TOKEN": "a-token-of-the-tests-alone-0123456789"}
REQUEST = Generate("a cat on the sofa", 64, 64, Sampling(seed=1, steps=30))


@pytest.fixture(autouse=True)
def no_network():
    """Ray's processes talk over this computer's own sockets."""


@pytest.fixture(scope="module")
def settings():
    return Settings(model=str(tiny_folder("default")), device="cpu")


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    """The address of two workers, started as people start them."""
    home = tmp_path_factory.mktemp("worker")
    folders = {f"PALIMPSEST_{name}_DIR": str(home / name) for name in ("CONFIG", "CACHE", "STATE")}
    command = [sys.executable, "main.py", "worker", "--workers", "2", "--device", "cpu", "--json"]
    ports = ["--port", str(_free_port()), "--client-port", str(_free_port())]
    with subprocess.Popen(
        [*command, *ports], env=os.environ | folders | TOKEN, stdout=subprocess.PIPE, cwd=ROOT, text=True
    ) as started:
        try:
            yield json.loads(started.stdout.readline())["address"]
        finally:
            started.terminate()  # Ctrl+C may be ignored by what runs in the background
            try:
                started.wait(60)
            except subprocess.TimeoutExpired:
                started.kill()
                raise


@pytest.fixture(scope="module")
def cluster(door):
    with Cluster(door, TOKEN["RAY_AUTH_TOKEN"]) as cluster:
        yield cluster


def _free_port():
    """Below those that Ray gives to its own processes."""
    for port in random.sample(range(7000, 9900), 50):
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)):
                return port
    raise AssertionError("no port is free")


def test_every_way_gives_the_bytes_of_this_process(cluster, settings, tmp_path):
    with Session(Settings(model=settings.model, device="cpu", cache_folder=str(tmp_path))) as here:
        expected = all_ways(here)
    with RemoteSession(settings, cluster.lines) as session:
        made = all_ways(session)
    assert set(made) == set(expected) and all(np.array_equal(made[name], expected[name]) for name in expected)


def test_facts_say_what_is_there(cluster):
    facts = cluster.facts()
    assert len({each.name for each in facts}) == 2
    assert all(each.models and each.memory_bytes > 2**28 and each.card == "" for each in facts)


def test_killed_in_the_middle_the_job_is_done_by_the_other(cluster, settings):
    heard, where = [], []

    def kill(event):
        heard.append(event)
        if isinstance(event, events.Placed):
            where.append(event.worker)
        if isinstance(event, events.Preview) and len(where) == 1:
            ray = cluster._ray
            pid = ray.get(ray.get_actor(where[0]).process_id.remote())
            os.kill(pid, signal.SIGKILL)

    with RemoteSession(settings, cluster.lines) as session:
        expected = session.run(1, REQUEST, lambda event: None).image
        result = session.run(2, REQUEST, kill)
    assert np.array_equal(result.image, expected) and len(where) == 2 and where[0] != where[1]
    assert sum(isinstance(event, events.Notice) for event in heard) == 1


def test_cancel_is_heard_between_steps(cluster, settings):
    cancel = CancelToken()

    def stop(event):
        if isinstance(event, events.Progress) and event.stage == "painting":
            cancel.cancel()

    with RemoteSession(settings, cluster.lines) as session, pytest.raises(JobCancelled):
        session.run(1, REQUEST, stop, cancel)


def test_worker_of_another_version_is_refused(cluster, monkeypatch):
    [facts, _] = cluster.facts()
    monkeypatch.setattr(clusters, "__version__", "9.9")
    with pytest.raises(RemoteError, match=r"has version .* and this computer 9\.9"):
        require_same_version(facts)
