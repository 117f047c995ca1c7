from threading import Event

import pytest
import torch

from cache import ActivationCache, Budget, CacheKey, LayeredReader, RowNumbers, put_rows
from cache.prefetch import Prefetcher

BUDGET = Budget(ram_bytes=2**20, disk_bytes=2**26)
ROWS = torch.tensor([1, 3])


def key(number):
    return CacheKey("space", number, "slot")


def filled(folder):
    with ActivationCache(folder, BUDGET) as cache:
        for number in range(4):
            cache.put(key(number), torch.full((2, 8, 4), number))
    return ActivationCache(folder, BUDGET)


def ready(cache, count):
    """Waits until the copy thread has nothing left to do, and says how many results lie there."""
    prefetcher = cache._prefetcher
    with prefetcher._changed:
        assert prefetcher._changed.wait_for(
            lambda: all(one.state.name == "READY" for ones in prefetcher._known.values() for one in ones), 30
        )
        assert sum(map(len, prefetcher._known.values())) == count


def test_what_was_asked_for_is_there_once(tmp_path):
    with filled(tmp_path) as cache:
        cache.prefetch([key(0), (key(1), ROWS)])
        assert torch.equal(cache.get(key(0)), torch.full((2, 8, 4), 0))
        assert torch.equal(cache.get_rows(key(1), ROWS.clone()), torch.full((2, 2, 4), 1))
        ready(cache, 0)
        hits = cache.stats()
        assert hits.hits_prefetched + hits.hits_disk >= 2
        assert torch.equal(cache.get_rows(key(1), ROWS), torch.full((2, 2, 4), 1))
        assert cache.stats().misses == 0


@pytest.mark.parametrize("rows", [(), (torch.tensor([0, 5]),)], ids=["whole", "rows"])
def test_a_chain_asks_for_every_layer_that_a_read_needs(tmp_path, rows):
    below, fresh, numbers = torch.zeros(2, 8, 4), torch.ones(2, 2, 4), torch.tensor([0, 3])
    with ActivationCache(tmp_path, BUDGET) as cache:
        cache.put(CacheKey("below", 0, "slot"), below)
        put_rows(cache, CacheKey("above", 0, "slot"), RowNumbers(numbers), fresh, 8)
    with ActivationCache(tmp_path, BUDGET) as cache:
        reader = LayeredReader(cache, ["above", "below"])
        reader.prefetch([(0, "slot", *rows)])
        ready(cache, 2)
        expected = below.index_copy(1, numbers, fresh)
        if rows:
            assert torch.equal(reader.get_rows(0, "slot", *rows), expected[:, rows[0]])
        else:
            assert torch.equal(reader.get(0, "slot"), expected)
        assert cache.stats().hits_prefetched == 2


def test_results_wait_until_they_are_taken(tmp_path):
    with filled(tmp_path) as cache:
        cache.prefetch([key(0), (key(1), ROWS)])
        ready(cache, 2)
        assert cache.get(key(0)) is not None
        assert cache.get_rows(key(1), ROWS) is not None
        assert cache.stats().hits_prefetched == 2


def test_other_rows_are_read_afresh(tmp_path):
    with filled(tmp_path) as cache:
        cache.prefetch([(key(1), ROWS)])
        ready(cache, 1)
        assert cache.get_rows(key(1), torch.tensor([0])).shape == (2, 1, 4)
        assert cache.stats().hits_prefetched == 0


def test_results_nobody_took_are_let_go_after_two_calls(tmp_path):
    with filled(tmp_path) as cache:
        cache.prefetch([key(0)])
        ready(cache, 1)
        cache.prefetch([key(1)])
        ready(cache, 2)
        cache.prefetch([])
        ready(cache, 1)
        cache.prefetch([])
        ready(cache, 0)


def test_a_changed_entry_is_not_served_from_before(tmp_path):
    with filled(tmp_path) as cache:
        cache.prefetch([key(0), key(1), key(2)])
        ready(cache, 3)
        cache.put(key(0), torch.zeros(3))
        cache.drop(key(1))
        assert torch.equal(cache.get(key(0)), torch.zeros(3))
        assert cache.get(key(1)) is None
        cache.drop_space("space")
        assert cache.get(key(2)) is None
        ready(cache, 0)


def test_misses_and_rows_that_are_not_there_stop_nothing(tmp_path):
    with filled(tmp_path) as cache:
        cache.prefetch([key(99), (key(0), torch.tensor([99])), key(2)])
        ready(cache, 1)
        assert cache.get(key(99)) is None
        assert cache.get(key(2)) is not None


def test_more_than_fits_is_passed_over():
    prefetcher = Prefetcher(lambda key, rows: torch.zeros(10, dtype=torch.uint8), limit=25)
    prefetcher.request((key(number), None, 10) for number in range(4))
    assert prefetcher.held_bytes <= 25
    assert [prefetcher.take(key(number), None) is not None for number in (2, 3)] == [False, False]
    prefetcher.close()


def test_a_result_being_read_is_waited_for():
    begun, go_on = Event(), Event()

    def read(key, rows):
        begun.set()
        assert go_on.wait(30)
        return torch.ones(1)

    prefetcher = Prefetcher(read, limit=100)
    prefetcher.request([(key(0), None, 4), (key(1), None, 4)])
    assert begun.wait(30)
    assert prefetcher.take(key(1), None) is None, "not begun: the caller reads it itself"
    go_on.set()
    assert prefetcher.take(key(0), None) is not None
    prefetcher.close()


def test_rows_take_the_room_of_rows(tmp_path):
    with filled(tmp_path) as cache:
        before = cache.stats().ram_bytes
        cache.prefetch([(key(0), ROWS), key(1)])
        ready(cache, 2)
        rows, whole = cache.get_rows(key(0), ROWS), 2 * 8 * 4 * 8
        assert rows.nbytes == 2 * 2 * 4 * 8 and cache._prefetcher.held_bytes == whole
        cache.prefetch([(key(0), ROWS)])
        ready(cache, 2)
        assert cache._prefetcher.held_bytes == whole + rows.nbytes <= cache.stats().ram_bytes - before
