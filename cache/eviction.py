"""Who goes first when room is needed. Pure functions.

Cost-aware LRU: what took long to compute and was used lately stays (the GreedyDual-Size idea of Cao and Irani,
1997, with age instead of an inflating clock). On disk a space goes as a whole: what a run has lost is computed
again step by step, but an edit reads all its steps, so half a run saves half the work and takes half the room,
while another run, whole, saves all of its own. In memory one item goes at a time, since the disk still has it; of
a space's items the one used last goes first, because runs are read from first to last, and what was just read is
needed last.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Writing and reading an entry costs about this much per byte even when its computing cost nothing; with it,
# entries of unknown cost are ordered by age alone.
SECONDS_PER_BYTE = 1e-9


@dataclass(frozen=True, slots=True)
class Candidate:
    """A space that could go."""

    name: str
    nbytes: int
    cost_seconds: float  # to compute it again
    last_used: float  # seconds, any clock


def retention(candidate: Candidate, now: float) -> float:
    """How much keeping a byte of it is worth: seconds per byte to make it again, over its age."""
    per_byte = candidate.cost_seconds / max(candidate.nbytes, 1) + SECONDS_PER_BYTE
    return per_byte / (max(now - candidate.last_used, 0.0) + 1.0)


def by_retention(candidates: Iterable[Candidate], now: float) -> list[Candidate]:
    """The least worth keeping first; equal ones oldest first."""
    return sorted(candidates, key=lambda one: (retention(one, now), one.last_used, one.name))


def choose_spaces(candidates: Iterable[Candidate], bytes_needed: int, now: float) -> list[str] | None:
    """Names of the spaces to evict whole so that ``bytes_needed`` come free; None if that cannot be."""
    chosen: list[str] = []
    for candidate in by_retention(candidates, now):
        if bytes_needed <= 0:
            break
        if candidate.nbytes > 0:
            chosen.append(candidate.name)
            bytes_needed -= candidate.nbytes
    return chosen if bytes_needed <= 0 else None


def order_items(
    spaces: Iterable[Candidate],
    items: Iterable[tuple[str, int | str, float]],
    current: str,
    now: float,
    item: int | str | None = None,
) -> Sequence[tuple[str, int | str]]:
    """Items (space, item, last used) in the order they leave memory: ``current``'s space last.

    Of a space, numbered items (the steps of a run) go before named ones, which serve all of them. Those that are called
    ``item``, as what room is made for, go after all others of any space: a step is read through several spaces at once.
    """
    ranked = by_retention(spaces, now)
    ranked.sort(key=lambda one: one.name == current)
    place = {candidate.name: rank for rank, candidate in enumerate(ranked)}
    ordered = sorted(items, key=lambda one: (one[1] == item, place[one[0]], isinstance(one[1], str), -one[2]))
    return [(space, item) for space, item, _ in ordered]
