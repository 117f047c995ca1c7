"""How ``palimpsest worker`` goes about its work."""

import itertools
import os
import socket
import time
from collections.abc import Collection
from contextlib import suppress
from math import ceil

from editor_core.base.errors import EditorError, RemoteError
from editor_core.base.settings import Settings
from editor_core.commands.console import Console
from editor_core.remote.caches import shared_out
from editor_core.remote.cluster import Cluster, NameTakenError
from editor_core.remote.node import Node

START_SECONDS = 120.0
"""A node that cannot be reached after so long has failed."""
_AGAIN_SECONDS = 0.1


def serve(node: Node, settings: Settings, count: int | None, door: str, console: Console) -> None:
    """Start the workers of this node, and return only with Ctrl+C (as KeyboardInterrupt), or raise when it failed.

    count: of workers; None is one for each graphics card. door: the address that clients use; empty where the head of
    the cluster is another computer.
    """
    with _connected(node) as cluster:
        names = _started(cluster, node, settings, count, console)
        told = f"At work: {', '.join(names)}. "
        if door:
            told += f"Windows and commands reach it with {door} and the token; Ctrl+C ends it."
        console.result({"workers": names, "address": door, "join": node.address}, told)
        try:
            node.wait()
        finally:
            for name in names:
                cluster.stop_worker(name)
    raise RemoteError("The node ended by itself; what Ray says is in {log}.", log=str(node.log))


def _started(
    cluster: Cluster, node: Node, settings: Settings, count: int | None, console: Console
) -> list[str]:
    """The names of the workers."""
    cards = _cards(settings)
    number = count or cards or 1
    while True:
        names = free_names(number, cluster.names())
        console.notice(f"Starting {', '.join(names)} …")
        each = shared_out(settings, number), share_of_card(cards, number), share_of_processor(number)
        with suppress(NameTakenError):  # by one that started at the same moment
            cluster.start_workers(names, node.name, *each)
            return names


def _connected(node: Node) -> Cluster:
    """Once the node is there. Raises RemoteError."""
    given_up = time.monotonic() + START_SECONDS
    cluster = None
    while node.is_running:
        try:
            cluster = cluster or Cluster(node.address)
            if cluster.has_node(node.name):
                return cluster
        except EditorError:
            if time.monotonic() > given_up:
                raise
        node.wait(_AGAIN_SECONDS)
    raise RemoteError("The node could not be started; what Ray says is in {log}.", log=str(node.log))


def _cards(settings: Settings) -> int:
    if settings.device not in ("auto", "cuda"):
        return 0
    import torch  # not above: this process only waits for those that do the work

    return torch.cuda.device_count()


def share_of_card(cards: int, count: int) -> float:
    """How much of a graphics card each of so many workers has; all of one where there are enough."""
    return 1 / ceil(count / cards) if cards else 0.0


def share_of_processor(count: int) -> float:
    """How many of its cores each of so many workers has."""
    return max(1.0, (os.cpu_count() or 1) // count)


def free_names(count: int, taken: Collection[str]) -> list[str]:
    """Of so many workers: this computer's, numbered where it has several or another one has the same."""
    host = socket.gethostname()
    if count == 1 and host not in taken:
        return [host]
    numbered = (f"{host}-{number}" for number in itertools.count(1))
    return list(itertools.islice((name for name in numbered if name not in taken), count))
