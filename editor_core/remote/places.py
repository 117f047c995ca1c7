"""Where sessions run: here, or at an address. Whoever wants a session asks here and need not know which it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from editor_core.base.settings import Settings
from editor_core.remote.token import kept_token
from editor_core.session.runner import Runner

HERE = ""
"""The address that stands for this process."""


@contextmanager
def session_at(address: str, settings: Settings) -> Iterator[Runner]:
    """A session in this process, or of the workers at a cluster's address. Raises RemoteError."""
    if address == HERE:
        from editor_core.session.session import Session  # brings torch

        with Session(settings) as session:
            yield session
        return
    from editor_core.remote.cluster import Cluster
    from editor_core.remote.remote_session import RemoteSession

    with Cluster(address, kept_token()) as cluster, RemoteSession(settings, cluster.lines) as session:
        cluster.facts()  # refuses workers of another version
        yield session
