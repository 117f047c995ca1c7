"""What the cache did and holds, as numbers."""

from dataclasses import dataclass, field
from threading import Lock


@dataclass(frozen=True, slots=True)
class CacheStats:
    """A snapshot; counters run since the cache was opened."""

    hits_device: int = 0
    hits_ram: int = 0
    hits_disk: int = 0
    hits_prefetched: int = 0
    misses: int = 0
    damaged: int = 0  # entries dropped because their bytes were not what was written
    refused: int = 0  # entries that found no room in any tier
    not_finite: int = 0  # entries refused because they held infinite values or what is no number
    evicted_entries: int = 0  # left the device or RAM tier
    evicted_spaces: int = 0  # left the disk
    bytes_put: int = 0
    bytes_written: int = 0  # to disk
    bytes_read: int = 0  # handed to callers
    bytes_read_disk: int = 0  # of the disk's files looked at for that
    seconds_waited: float = 0.0  # callers waited for the writer or the copy thread
    device_bytes: int = 0
    ram_bytes: int = 0
    disk_bytes: int = 0
    unsaved_bytes: int = 0  # on their way to the disk

    @property
    def hits(self) -> int:
        return self.hits_device + self.hits_ram + self.hits_disk + self.hits_prefetched


@dataclass(slots=True)
class Counters:
    """The counters behind the snapshot, added to from several threads."""

    values: dict[str, float] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def add(self, **amounts: float) -> None:
        with self._lock:
            for name, amount in amounts.items():
                self.values[name] = self.values.get(name, 0) + amount

    def snapshot(self, **held: int) -> CacheStats:
        """The counters with the bytes held now."""
        with self._lock:
            counted = dict(self.values)
        return CacheStats(**counted, **held)  # type: ignore[arg-type]
