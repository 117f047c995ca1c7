"""The cache on a card: bytes stay right whatever the card does meanwhile, in every tier and from every stream.

On the processor the same bodies run in the tiers it has.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch

from cache import ActivationCache, Budget, CacheKey, LayeredReader, RowNumbers, put_rows
from support.places import CARDS, PROCESSOR, Place, params

MB = 2**20
SHAPE = (2, 512, 256)  # half a megabyte in half precision


@pytest.fixture(params=params(PROCESSOR, CARDS[1]))
def place(request) -> Place:
    return request.param


def key(item: int, space: str = "run") -> CacheKey:
    return CacheKey(space, item, "slot")


def numbered(place: Place, value: int) -> torch.Tensor:
    """A tensor that tells which it is at every row."""
    rows = torch.arange(SHAPE[1], device=place.device)[None, :, None] % 64
    return (rows + 64 * (value % 16)).expand(SHAPE).to(torch.float16).contiguous()


@contextmanager
def opened(
    place: Place, near: int = 16 * MB, ram: int = 32 * MB, folder: Path | None = None
) -> Iterator[ActivationCache]:
    budget = Budget(near if place.on_card else 0, ram, 256 * MB if folder else 0)
    with ActivationCache(folder, budget, place.device) as cache:
        yield cache


def keep_busy(place: Place, rounds: int = 20) -> None:
    """Give the card milliseconds of work, so that what is asked of it next has not happened yet."""
    if place.on_card:
        matrix = torch.randn(4096, 4096, device="cuda")
        for _ in range(rounds):
            matrix = torch.nn.functional.normalize(matrix @ matrix)


def test_what_was_put_is_read_although_the_source_changes_at_once(place):
    with opened(place) as cache:
        keep_busy(place)
        for item in range(8):
            source = numbered(place, item)
            cache.put(key(item), source)
            source.fill_(-1)
            del source  # its memory is the next one's
        for item in range(8):
            assert torch.equal(cache.get(key(item)), numbered(place, item))
            assert torch.equal(cache.get(key(item), "cpu"), numbered(place, item).cpu())


def test_an_entry_evicted_before_its_copy_arrived_leaves_the_next_one_alone(place):
    """The host tier holds few: while the card is busy, copies into memory that was given to others wait to be made."""
    with opened(place, near=0, ram=4 * MB) as cache:
        keep_busy(place)
        for item in range(24):
            cache.put(key(item, f"turn {item}"), numbered(place, item))
        found = {item: cache.get(key(item, f"turn {item}")) for item in range(24)}
        place.settle()
        there = {item: tensor for item, tensor in found.items() if tensor is not None}
        assert there, "nothing was kept at all"
        for item, tensor in there.items():
            assert torch.equal(tensor, numbered(place, item)), f"{item} reads as another"


def test_an_entry_dropped_before_its_copy_arrived_leaves_the_next_one_alone(place):
    with opened(place, near=0) as cache:
        for item in range(16):
            keep_busy(place, 4)
            cache.put(key(0), numbered(place, 3))
            cache.drop(key(0))
            cache.put(key(1), numbered(place, item))
            assert torch.equal(cache.get(key(1)), numbered(place, item))


def test_rows_come_from_every_tier(place, tmp_path):
    rows = torch.tensor([3, 511, 0, 77], device=place.device)
    expected = numbered(place, 5)[:, rows]
    with opened(place, folder=tmp_path) as cache:
        cache.put(key(0), numbered(place, 5))
        assert torch.equal(cache.get_rows(key(0), rows), expected)
        cache.trim(Budget(0, 32 * MB, 256 * MB))  # from page-locked memory
        assert torch.equal(cache.get_rows(key(0), rows), expected)
    with opened(place, folder=tmp_path) as cache:  # from disk
        assert torch.equal(cache.get_rows(key(0), rows), expected)
        cache.prefetch([(key(0), rows)])
        assert torch.equal(cache.get_rows(key(0), rows), expected)


def test_the_nearest_memory_is_read_first_and_not_overfilled(place):
    with opened(place, near=4 * MB) as cache:
        for item in range(24):
            cache.put(key(item), numbered(place, item))
        stats = cache.stats()
        assert stats.device_bytes <= 4 * MB
        for item in range(24):
            assert torch.equal(cache.get(key(item)), numbered(place, item))
        if place.on_card:
            assert stats.device_bytes > 0 and cache.stats().hits_device > 0


def test_what_is_held_stays_while_everything_else_is_evicted(place):
    """A step reads where it lies while another thread puts as much as the tiers hold, several times over."""
    with opened(place, near=4 * MB, ram=8 * MB) as cache:
        cache.put(key(0, "step"), numbered(place, 7))
        cache.put(key(0, "step"), numbered(place, 9))
        reader, rows = LayeredReader(cache, ["step"]), torch.arange(0, SHAPE[1], 3, device=place.device)

        def fill() -> None:
            for item in range(64):
                cache.put(key(item, "other"), numbered(place, 1))

        with ThreadPoolExecutor(1) as thread, reader.holding(0):
            filling = thread.submit(fill)
            keep_busy(place, 4)
            for _ in range(50):
                assert torch.equal(reader.get_rows(0, "slot", rows), numbered(place, 9)[:, rows])
            filling.result()
            assert torch.equal(reader.get_rows(0, "slot", rows), numbered(place, 9)[:, rows])


def test_reading_ahead_gives_what_was_put_whatever_the_card_does(place, tmp_path):
    rows = torch.arange(0, SHAPE[1], 5, device=place.device)
    with opened(place, near=2 * MB, folder=tmp_path) as cache:
        for item in range(16):
            cache.put(key(item), numbered(place, item))
        for item in range(15):
            cache.prefetch([(key(item + 1), rows)])
            keep_busy(place, 2)
            assert torch.equal(cache.get_rows(key(item), rows), numbered(place, item)[:, rows])


def test_deltas_are_read_over_what_they_lie_on(place):
    rows = torch.arange(10, 50, device=place.device)
    with opened(place) as cache:
        cache.put(key(0, "base"), numbered(place, 1))
        fresh = numbered(place, 2)[:, rows].contiguous()
        put_rows(cache, key(0, "edit"), RowNumbers(rows), fresh, SHAPE[1])
        reader = LayeredReader(cache, ["edit", "base"])
        expected = numbered(place, 1).index_copy(1, rows, fresh)
        asked = torch.arange(0, SHAPE[1], 7, device=place.device)
        for _ in range(2):
            assert torch.equal(reader.get_rows(0, "slot", asked), expected[:, asked])
            assert torch.equal(reader.get(0, "slot"), expected)


def test_putting_does_not_wait_for_the_card(place):
    """A step's activations are taken while it goes on; the first put makes the memory, the others must not wait."""
    with opened(place) as cache:
        cache.put(key(0), numbered(place, 0))
        tensors = [numbered(place, item) for item in range(1, 6)]
        if place.on_card:
            torch.cuda.set_sync_debug_mode("error")
        try:
            for item, tensor in enumerate(tensors, 1):
                cache.put(key(item), tensor)
        finally:
            if place.on_card:
                torch.cuda.set_sync_debug_mode("default")
        for item, tensor in enumerate(tensors, 1):
            assert torch.equal(cache.get(key(item)), tensor)


def test_a_full_card_is_met_with_room_made_or_a_miss(place, monkeypatch):
    """The card may be fuller than the budget thinks: then less is kept there, and nothing fails or is lost."""
    with opened(place, near=8 * MB, ram=64 * MB) as cache:
        make, full = torch.empty, [False]

        def empty(*sizes, **options):
            if (
                full[0]
                and str(options.get("device", "")).startswith("cuda")
                and options.get("dtype") is torch.uint8
            ):
                raise torch.OutOfMemoryError("CUDA out of memory")
            return make(*sizes, **options)

        for item in range(4):
            cache.put(key(item), numbered(place, item))
        monkeypatch.setattr(torch, "empty", empty)
        full[0] = True
        for item in range(4, 8):
            assert cache.put(key(item), numbered(place, item))
        full[0] = False
        for item in range(8):
            assert torch.equal(cache.get(key(item)), numbered(place, item))
        held = cache.stats().device_bytes
        assert held <= 8 * MB
        if place.on_card:
            cache.put(key(9), numbered(place, 9))
            assert cache.stats().device_bytes > 0, "bytes that were never had still count"
