"""Who is at an address: asked in a child process, for this one may be connected to another cluster."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from editor_core.base.errors import RemoteError
from editor_core.remote.cluster import Cluster
from editor_core.remote.worker import WorkerFacts

PROBE_SECONDS = 90.0


def probe(address: str, token: str) -> tuple[WorkerFacts, ...]:
    """What each worker is; blocks. Raises RemoteError: nobody there, a wrong token, other versions."""
    pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
    asked = pool.submit(_facts, address, token)
    try:
        return asked.result(PROBE_SECONDS)
    except TimeoutError as error:
        raise RemoteError("{address} does not answer.", address=address) from error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _facts(address: str, token: str) -> tuple[WorkerFacts, ...]:
    with Cluster(address, token) as cluster:
        found = tuple(cluster.facts())
    if not found:
        raise RemoteError("{address} answers, but no worker is there.", address=address)
    return found
