"""What holds for the whole process, set before any large library is loaded: the first call of every way in."""

import os

from editor_core.base import frozen, heap

ENVIRONMENT = {
    # OpenMP's threads spin while they wait, on the very cores that others of them want to work on.
    "OMP_WAIT_POLICY": "PASSIVE",
    # The tokenizers' own threads gain nothing on a sentence, and warn where a process forks.
    "TOKENIZERS_PARALLELISM": "false",
}
"""Read once, when torch and its libraries are loaded; what the user has set stays."""

OFFLINE = ("HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY")
"""Everything runs on this machine: the libraries that load models never ask another one."""


def prepare() -> None:
    """Call before torch, diffusers or Qt is imported."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    for name in OFFLINE:
        os.environ[name] = "1"
    heap.prepare()
    frozen.prepare()
