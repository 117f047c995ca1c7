"""Where Ray is not installed, or nobody is there, one sentence says what to do."""

import pytest

from editor_core.base.errors import RemoteError
from editor_core.remote import cluster, node
from editor_core.remote.cluster import Cluster
from editor_core.remote.node import Node


def test_missing_library_is_named_with_what_installs_it(monkeypatch):
    for module in (cluster, node):
        monkeypatch.setattr(module, "is_installed", lambda: False)
    with pytest.raises(RemoteError, match="pip install"):
        Cluster("ray://studio:10001")
    with pytest.raises(RemoteError, match="pip install"):
        Node()
