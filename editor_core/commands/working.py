"""How ``palimpsest worker`` goes about its work."""

import os
import socket
import time

from editor_core.base.errors import EditorError, RemoteError
from editor_core.base.settings import Settings
from editor_core.commands.console import Console
from editor_core.remote.cluster import Cluster
from editor_core.remote.node import Node

START_SECONDS = 120.0
"""A node that cannot be reached after so long has failed."""


def serve(node: Node, settings: Settings, count: int | None, door: str, console: Console) -> None:
    """Start the workers of this node, and return only with Ctrl+C (as KeyboardInterrupt), or raise when it failed.

    count: of workers; None is one for each graphics card. door: the address that clients use; empty where the head of
    the cluster is another computer.
    """
    with _connected(node) as cluster:
        names = _names(count or _cards(settings) or 1)
        cards = 1.0 if _cards(settings) else 0.0
        console.notice(f"Starting {', '.join(names)} …")
        cluster.start_workers(
            names, node.name, settings, cards, max(1.0, (os.cpu_count() or 1) // len(names))
        )
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


def _connected(node: Node) -> Cluster:
    """Once the node is there. Raises RemoteError."""
    given_up = time.monotonic() + START_SECONDS
    while node.is_running:
        try:
            return Cluster(node.address)
        except EditorError:
            if time.monotonic() > given_up:
                raise
    raise RemoteError("The node could not be started; what Ray says is in {log}.", log=str(node.log))


def _cards(settings: Settings) -> int:
    import torch

    return torch.cuda.device_count() if settings.device in ("auto", "cuda") else 0


def _names(count: int) -> list[str]:
    host = socket.gethostname()
    return [host] if count == 1 else [f"{host}-{number}" for number in range(1, count + 1)]
