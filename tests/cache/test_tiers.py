"""How entries move between the device's memory (here the host's, twice), host memory and disk."""

from contextlib import ExitStack
from threading import Event, Thread

import pytest
import torch

from cache import ActivationCache, Budget, CacheKey, segment
from cache.disk import DiskTier

KB = 2**10


def key(item, space="run", slot="slot"):
    return CacheKey(space, item, slot)


def ones(kilobytes, value=1):
    return torch.full((1, kilobytes * KB), value, dtype=torch.uint8)


def there(cache, items, space="run"):
    return [item for item in items if cache.get(key(item, space)) is not None]


def test_the_device_tier_answers_first():
    with ActivationCache(None, Budget(device_bytes=64 * KB, ram_bytes=64 * KB)) as cache:
        cache.put(key(0), ones(4))
        assert torch.equal(cache.get(key(0)), ones(4))
        assert torch.equal(cache.get_rows(key(0), torch.tensor([0])), ones(4))
        assert cache.stats().hits_device == 2
        assert [space.device_bytes for space in cache.spaces()] == [4 * KB]


def test_what_is_read_whole_moves_to_the_device(tmp_path):
    budget = Budget(device_bytes=64 * KB, ram_bytes=64 * KB, disk_bytes=2**26)
    with ActivationCache(tmp_path, budget) as cache:
        cache.put(key(0), ones(4))
    with ActivationCache(tmp_path, budget) as cache:
        for _ in range(3):
            assert torch.equal(cache.get(key(0)), ones(4))
        assert (cache.stats().hits_disk, cache.stats().hits_device) == (1, 2)


def test_the_device_tier_never_serves_what_was_replaced():
    with ActivationCache(None, Budget(device_bytes=8 * KB, ram_bytes=64 * KB)) as cache:
        cache.put(key(0), ones(4))
        cache.put(key(0), ones(16, value=2))
        assert torch.equal(cache.get(key(0)), ones(16, value=2))
        cache.drop(key(0))
        assert cache.get(key(0)) is None


def test_a_run_larger_than_memory_keeps_its_first_steps_there(tmp_path):
    with ActivationCache(tmp_path, Budget(ram_bytes=64 * KB, disk_bytes=2**26)) as cache:
        for item in range(30):
            assert cache.put(key(item), ones(4, value=item))
            cache.flush()
        for item in range(30):
            assert torch.equal(cache.get(key(item)), ones(4, value=item))
        stats = cache.stats()
        assert stats.hits_ram >= 10
        assert stats.hits_ram + stats.hits_disk == 30
        before = stats.hits_ram
        assert there(cache, range(10)) == list(range(10))
        assert cache.stats().hits_ram == before + 10, "reading the later steps has not driven out the first"


def test_without_a_disk_the_run_used_longest_ago_goes_first():
    with ActivationCache(None, Budget(ram_bytes=32 * KB)) as cache:
        for space in ("old", "middle", "new"):
            for item in range(2):
                cache.put(key(item, space), ones(4))
        cache.get(key(0, "old"))
        for space, when in (("old", 300.0), ("middle", 100.0), ("new", 200.0)):
            cache._ram._spaces[space].last_used = when
        for item in range(2):
            cache.put(key(item, "newest"), ones(4))
        assert there(cache, range(2), "old") == [0, 1]
        assert there(cache, range(2), "middle") != [0, 1]
        assert there(cache, range(2), "new") == [0, 1]


def test_what_somebody_looks_at_fills_memory_and_what_has_no_room_is_refused():
    with ActivationCache(None, Budget(ram_bytes=32 * KB)) as cache, ExitStack() as looking:
        taken = []
        for item in range(12):
            if cache.put(key(item), ones(4)):
                taken.append(item)
                looking.enter_context(cache.held("run", item))
        assert there(cache, range(12)) == taken
        assert cache.stats().refused == 12 - len(taken) > 0
        assert not cache.put(key(0, "other"), ones(4))
        assert cache.room().ram_bytes < 4 * KB
        looking.close()
        assert cache.put(key(0, "other"), ones(4))


def test_a_refused_entry_takes_its_older_value_along():
    with ActivationCache(None, Budget(ram_bytes=32 * KB)) as cache:
        assert cache.put(key(0), ones(4))
        assert not cache.put(key(0), ones(64))
        assert cache.get(key(0)) is None


def test_putting_waits_for_the_disk_when_memory_is_full_of_what_is_not_written(tmp_path, monkeypatch):
    go_on, write_all = Event(), segment._write_all

    def slow(handle, data):
        assert go_on.wait(30)
        write_all(handle, data)

    monkeypatch.setattr(segment, "_write_all", slow)
    with ActivationCache(tmp_path, Budget(ram_bytes=32 * KB, disk_bytes=2**26)) as cache:
        many = Thread(target=lambda: [cache.put(key(item), ones(4)) for item in range(20)])
        many.start()
        with cache._lock:
            assert cache._saved.wait_for(lambda: cache._unsaved_bytes >= 24 * KB, 0.2) or many.is_alive()
        go_on.set()
        many.join(30)
        cache.flush()
        assert there(cache, range(20)) == list(range(20))
        assert cache.stats().seconds_waited > 0
        assert cache.stats().ram_bytes <= 32 * KB


def test_a_smaller_budget_evicts_and_a_larger_one_gives_room():
    with ActivationCache(None, Budget(device_bytes=64 * KB, ram_bytes=64 * KB)) as cache:
        for item in range(8):
            cache.put(key(item), ones(4))
        cache.trim(Budget(device_bytes=8 * KB, ram_bytes=0))
        assert cache.stats().ram_bytes == 0
        cache.trim(Budget(device_bytes=64 * KB, ram_bytes=64 * KB))
        assert cache.put(key(0), ones(4))


def test_room_counts_what_may_go(tmp_path):
    budget = Budget(device_bytes=8 * KB, ram_bytes=64 * KB, disk_bytes=2**26)
    with ActivationCache(tmp_path, budget) as cache:
        empty = cache.room()
        assert 0 < empty.ram_bytes <= budget.ram_bytes
        assert 0 < empty.disk_bytes <= budget.disk_bytes
        cache.put(key(0), ones(8))
        cache.flush()
        assert cache.room().disk_bytes == empty.disk_bytes
        assert cache.room().ram_bytes == empty.ram_bytes
        with cache.held("run", 0):
            assert cache.room().ram_bytes < empty.ram_bytes


def test_reading_while_it_is_dropped_gives_the_old_bytes():
    with ActivationCache(None, Budget(ram_bytes=64 * KB)) as cache:
        cache.put(key(0), ones(4))
        with cache._lock:
            entry = cache._ram.find(key(0))
            entry.readers += 1
        cache.drop(key(0))
        for item in range(1, 10):
            cache.put(key(item), ones(4, value=9))
        assert bool((entry.block.data == 1).all()), "memory that somebody looks at is not handed out"
        with cache._lock:
            cache._ram.release(entry)


def test_tensors_may_come_from_and_go_to_inference_mode():
    with ActivationCache(None, Budget(ram_bytes=64 * KB)) as cache:
        with torch.inference_mode():
            cache.put(key(0), ones(4))
            inside = cache.get(key(0))
        cache.put(key(1), inside)
        cache.put(key(0), ones(4, value=2))
        with torch.inference_mode():
            assert torch.equal(cache.get(key(1)), ones(4))
            rows = torch.tensor([0])
            assert torch.equal(cache.get_rows(key(0), rows), ones(4, value=2))


def test_a_tensor_with_a_gradient_is_stored_without():
    with ActivationCache(None, Budget(ram_bytes=64 * KB)) as cache:
        cache.put(key(0), torch.ones(4, requires_grad=True))
        assert not cache.get(key(0)).requires_grad


def test_a_foreign_mistake_while_opening_is_not_hidden(tmp_path, monkeypatch):
    def broken(*_):
        raise TypeError("a fault of ours")

    monkeypatch.setattr(DiskTier, "_sweep", broken)
    with pytest.raises(TypeError):
        ActivationCache(tmp_path, Budget(disk_bytes=2**26))


def test_what_is_told_of_spaces_in_memory_is_the_sum_of_their_entries():
    with ActivationCache(None, Budget(ram_bytes=64 * KB)) as cache:
        for turn in range(200):
            space = f"turn {turn % 7}"
            cache.put(key(turn % 5, space, f"slot {turn % 3}"), ones(1 + turn % 6), cost_seconds=turn)
            if turn % 11 == 0:
                cache.drop(key(turn % 5, space))
            if turn % 31 == 0:
                cache.drop_space(f"turn {turn % 4}")
        told = {space.name: (space.ram_bytes, space.cost_seconds) for space in cache.spaces()}
        there = [entry for entry in cache._ram if entry.key.space in told]
        assert set(told) == {entry.key.space for entry in cache._ram}
        for name, (nbytes, cost) in told.items():
            own = [entry for entry in there if entry.key.space == name]
            assert nbytes == sum(len(entry.block.data) for entry in own)
            assert cost == pytest.approx(sum(entry.cost_seconds for entry in own))
