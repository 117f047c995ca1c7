"""One worker on this computer, with TLS, reached over a link that can be slow or cut: what a bad day costs."""

import itertools
import os
import socket
import ssl
import threading
from contextlib import ExitStack

import numpy as np
import psutil
import pytest

from editor_core.base.errors import RemoteError
from editor_core.base.settings import Settings
from editor_core.messages import events
from editor_core.messages.requests import Generate, Sampling
from editor_core.remote import cluster as clusters
from editor_core.remote.cluster import Cluster
from editor_core.remote.mailbox import PAUSE_SECONDS
from editor_core.remote.probe import probe
from editor_core.remote.remote_session import RemoteSession
from support.certificates import HAS_OPENSSL, tls_settings
from support.clusters import TOKEN, Ports, worker
from support.slow_link import slow_link
from support.tiny_models import tiny_folder

pytestmark = [
    pytest.mark.skipif(not clusters.is_installed(), reason="Ray is not installed: pip install .[remote]"),
    pytest.mark.skipif(not HAS_OPENSSL, reason="openssl is not installed, which makes the certificates"),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::FutureWarning:ray.*"),
]
REQUEST = Generate("a cat on the sofa", 64, 64, Sampling(seed=1, steps=40))


class Studio:
    """The head of the cluster and the link to it."""

    def __init__(self, folder):
        self.ports, self._folder, self._opened = Ports(), folder, ExitStack()
        self.link = self._opened.enter_context(slow_link(self.ports.clients))
        self.start()

    def start(self):
        self.head = self._opened.enter_context(worker(self._folder, ports=self.ports))

    def close(self):
        self._opened.close()


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in tls_settings(tmp_path_factory.mktemp("certificates")).items():
            patch.setenv(name, value)
        patch.setenv("RAY_CLIENT_RECONNECT_GRACE_PERIOD", "5")
        yield


@pytest.fixture(scope="module")
def studio(tls, tmp_path_factory):
    studio = Studio(tmp_path_factory.mktemp("worker"))
    yield studio
    node = psutil.Process(studio.head.process.pid).children(recursive=True)
    studio.head.process.kill()  # however a worker ends, its node ends with it
    studio.close()
    _, alive = psutil.wait_procs(node, 60)
    assert node and not alive


@pytest.fixture(scope="module")
def cluster(studio):
    with Cluster(f"ray://127.0.0.1:{studio.link.port}", TOKEN) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def session(cluster):
    with RemoteSession(Settings(model=str(tiny_folder("default")), device="cpu"), cluster.lines) as session:
        yield session


@pytest.fixture(scope="module")
def expected(session):
    return session.run(1, REQUEST, lambda event: None).image


def _once(what, kind=events.Preview):
    """Does it at the first event of that kind; what was heard, and what to hear with."""
    heard = []

    def hear(event):
        heard.append(event)
        if sum(isinstance(each, kind) for each in heard) == 1 and isinstance(event, kind):
            what()

    return heard, hear


def _notices(heard):
    return [str(event.message) for event in heard if isinstance(event, events.Notice)]


def test_nothing_of_it_is_open_to_other_computers(studio, expected):
    head = psutil.Process(studio.head.process.pid)
    asked = itertools.chain.from_iterable(
        each.net_connections("tcp") for each in (head, *head.children(recursive=True))
    )
    heard_at = {each.laddr.ip.removeprefix("::ffff:") for each in asked if each.status == psutil.CONN_LISTEN}
    assert heard_at == {"127.0.0.1"}


def test_what_is_said_is_encrypted(studio):
    context = ssl.create_default_context(cafile=os.environ["RAY_TLS_CA_CERT"])
    with (
        socket.create_connection(("127.0.0.1", studio.ports.clients)) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        assert (("commonName", "studio"),) in connection.getpeercert()["subject"]


def test_without_the_token_nobody_gets_in(studio):
    with pytest.raises(RemoteError, match="does not accept the token"):
        probe(studio.head.address, "another-token-that-is-long-enough-0123456789")


def test_slow_link_slows_neither_the_job_nor_itself_with_previews(studio, session, expected):
    heard, hear = _once(lambda: None)
    studio.link.slow(bytes_a_second=150_000, seconds=0.02)
    try:
        result = session.run(2, REQUEST, hear)
    finally:
        studio.link.slow()
    previews = sum(isinstance(event, events.Preview) for event in heard)
    assert np.array_equal(result.image, expected) and not _notices(heard)
    assert 1 <= previews <= result.seconds / PAUSE_SECONDS + 2 < REQUEST.sampling.steps


@pytest.mark.filterwarnings(  # a thread of grpc's own, which looks at a channel while that is closed
    "ignore:(?s).*Cannot invoke RPC. Channel closed:pytest.PytestUnhandledThreadExceptionWarning"
)
def test_connection_that_is_cut_for_a_moment_costs_nothing(studio, session, expected):
    def cut():
        studio.link.cut()
        threading.Timer(0.5, studio.link.mend).start()

    heard, hear = _once(cut)
    result = session.run(3, REQUEST, hear)
    assert np.array_equal(result.image, expected) and not _notices(heard)


def test_head_that_dies_and_comes_back_has_the_job_done_again(studio, session, expected):
    def die():
        studio.head.kill()
        threading.Thread(target=studio.start).start()

    heard, hear = _once(die)
    result = session.run(4, REQUEST, hear)
    assert np.array_equal(result.image, expected)
    assert len(_notices(heard)) == 1 and sum(isinstance(event, events.Placed) for event in heard) == 2
