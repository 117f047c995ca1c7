"""The caches of several workers: those of one computer share its folder, and the memory that there is for them."""

import socket
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from editor_core.base.settings import Settings
from editor_core.messages.events import CacheInfo, CacheSpace


def shared_out(settings: Settings, count: int) -> Settings:
    """For each of so many workers of this computer.

    Their folder is one (processes lock what they do in it, and keep its budget together, see cache/disk.py), so that
    each finds there what the others made; memory cannot be shared, so each has its part of it.
    """
    if count == 1:
        return settings
    from cache.budget import Budget  # brings torch

    whole = settings.ram_cache_mb or Budget.from_machine().ram_bytes >> 20
    return replace(settings, ram_cache_mb=max(1, whole // count))


def with_host(info: CacheInfo) -> CacheInfo:
    """Its folder said to be this computer's."""
    return replace(info, folder=f"{socket.gethostname()}: {info.folder}") if info.folder else info


def together(found: Sequence[CacheInfo]) -> CacheInfo:
    """What several caches hold; a folder that several workers share is counted once."""
    folders = {info.folder: info for info in found if info.folder}
    in_memory, on_disk = Counter[str](), Counter[str]()
    seen: set[tuple[str, str]] = set()
    for info in found:
        for space in info.spaces:
            in_memory[space.name] += space.memory_bytes
            if (info.folder, space.name) not in seen:
                on_disk[space.name] += space.disk_bytes
            seen.add((info.folder, space.name))
    return CacheInfo(
        sum(info.memory_bytes for info in found),
        sum(info.memory_limit for info in found),
        sum(info.disk_bytes for info in folders.values()),
        sum(info.disk_limit for info in folders.values()),
        ", ".join(folders),
        tuple(CacheSpace(name, in_memory[name], on_disk[name]) for name in in_memory),
    )
