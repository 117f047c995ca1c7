"""A worker in a child process: the same bytes as here, a death that costs nothing."""

import os
import signal
from dataclasses import replace

import numpy as np
import pytest

from editor_core.base.errors import JobCancelled
from editor_core.base.settings import Settings
from editor_core.messages import events
from editor_core.messages.requests import Generate, Sampling
from editor_core.remote.process_pool import ProcessPool
from editor_core.remote.remote_session import RemoteSession
from editor_core.session.jobs import CancelToken
from support.same_bytes import all_ways
from support.tiny_models import tiny_folder

REQUEST = Generate("a cat on the sofa", 64, 64, Sampling(seed=1, steps=30))


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cache")
    return Settings(model=str(tiny_folder("default")), device="cpu", cache_folder=str(folder))


@pytest.fixture(scope="module")
def pool(settings):
    with ProcessPool(1, settings) as pool:
        yield pool


@pytest.fixture
def session(pool, settings):
    with RemoteSession(settings, lambda: pool.line(0)) as session:
        yield session


def test_every_way_gives_the_bytes_of_this_process(session, made_here):
    made = all_ways(session)
    assert set(made) == set(made_here) and all(np.array_equal(made[name], made_here[name]) for name in made)


def test_cancel_is_heard_between_steps_and_the_next_job_is_whole(session):
    cancel, steps = CancelToken(), []

    def stop(event):
        if isinstance(event, events.Progress) and event.stage == "painting":
            steps.append(event.done)
            cancel.cancel()

    with pytest.raises(JobCancelled):
        session.run(1, REQUEST, stop, cancel)
    assert steps[-1] < 30
    assert session.run(2, REQUEST, lambda event: None).steps == 30


def test_killed_in_the_middle_it_is_replaced_and_the_job_done(session, pool):
    request = replace(REQUEST, sampling=Sampling(seed=1, steps=12))
    expected = session.run(1, request, lambda event: None).image
    heard = []

    def kill(event):
        heard.append(event)
        if isinstance(event, events.Preview) and not any(isinstance(e, events.Notice) for e in heard):
            os.kill(pool.line(0)[0]._manager._process.pid, signal.SIGKILL)

    result = session.run(2, request, kill)
    assert np.array_equal(result.image, expected)
    told = [str(event.message) for event in heard if isinstance(event, events.Notice)]
    assert told == ["process 1 stopped; the work was begun again."]
