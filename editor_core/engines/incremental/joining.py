"""Records of sites that lie side by side: of many small ones a few, each written at once and read at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch

from editor_core.engines.incremental.packing import unpack


@dataclass(frozen=True)
class Place:
    """Where a site's channels lie in a record of several."""

    record: str
    begin: int
    end: int
    channels: int
    """Of the whole record."""


def places(together: Mapping[str, Mapping[str, int]]) -> dict[str, Place]:
    """Of each site."""
    found = {}
    for record, sites in together.items():
        begin, channels = 0, sum(sites.values())
        for site, count in sites.items():
            found[site] = Place(record, begin, begin + count, channels)
            begin += count
    return found


class Joining:
    """Collects what a step leaves at sites that are recorded together, and hands it on once it is all there."""

    def __init__(
        self,
        together: Mapping[str, Mapping[str, int]],
        put: Callable[[str, str, torch.Tensor | None, torch.Tensor], None],
    ) -> None:
        """put: (record, one of its sites, positions or None for all, numbers (batch, positions, channels of all))."""
        self._together, self._put = together, put
        self._record_of = {site: record for record, sites in together.items() for site in sites}
        self._waiting: dict[str, dict[str, torch.Tensor]] = {}

    def takes(self, site: str, rows: torch.Tensor | None, fresh: torch.Tensor) -> bool:
        """Take what was computed at a site; False where it is recorded by itself."""
        record = self._record_of.get(site)
        if record is None:
            return False
        waiting = self._waiting.setdefault(record, {})
        waiting[site] = fresh
        if len(waiting) == len(self._together[record]):
            del self._waiting[record]
            self._put(record, site, rows, torch.cat([waiting[each] for each in self._together[record]], -1))
        return True


class Unpacked:
    """What a step has read of joined records, for the other sites that read the same rows of them."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], tuple[torch.Tensor | None, torch.Tensor]] = {}

    def at(self, place: Place, rows: torch.Tensor | None, read: Callable[[], torch.Tensor]) -> torch.Tensor:
        """A site's part of the record's rows; `read` gets them, packed, where nobody has read them."""
        name = place.record, id(rows)
        if name not in self._known:  # the rows are held, so that their id stays their own
            self._known[name] = rows, unpack(read().cpu(), place.channels)
        return self._known[name][1][..., place.begin : place.end]
