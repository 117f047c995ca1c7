"""The cache on a graphics card: a pretend one, whose copies come as late as they may and whose memory can be full."""

from threading import Thread

import pytest
import torch

from cache import ActivationCache, Budget, CacheKey, LayeredReader, RowNumbers, device, put_rows
from support.pretend_card.machine import pretend_cards

KB, MB = 2**10, 2**20
BUDGET = Budget(device_bytes=4 * MB, ram_bytes=4 * MB)


@pytest.fixture
def cards():
    with pretend_cards(capacity=64 * MB) as machine:
        yield machine


def key(item, space="run", slot="slot"):
    return CacheKey(space, item, slot)


def on_card(kilobytes, value=1, device="cuda:0"):
    return torch.full((1, kilobytes, KB), value, dtype=torch.uint8, device=device)


def leave_free(cards, nbytes):
    cards.settle()
    cards.memory[0].capacity = cards.memory[0].used + nbytes


def is_all(tensor, value):
    return bool((tensor.cpu() == value).all())


def test_every_tier_gives_the_same_bytes(cards, tmp_path):
    budget = Budget(4 * MB, 4 * MB, 2**28)
    tensor, rows = torch.randn(2, 500, 64).half(), torch.tensor([3, 499, 0])
    with ActivationCache(tmp_path, budget, "cuda:1") as cache:
        assert cache.put(key(0), tensor.to("cuda:1"))
        assert torch.equal(cache.get(key(0)).cpu(), tensor)
        cache.trim(Budget(0, budget.ram_bytes, budget.disk_bytes))
        assert torch.equal(cache.get(key(0)).cpu(), tensor)
        assert torch.equal(cache.get_rows(key(0), rows.to("cuda:1")).cpu(), tensor[:, rows])
    with ActivationCache(tmp_path, budget, "cuda:1") as cache:
        cache.prefetch([(key(0), rows)])
        found = cache.get_rows(key(0), rows)
        assert found.device == torch.device("cuda:1") and torch.equal(found.cpu(), tensor[:, rows])
        for device in ("cuda:1", "cpu", "cuda:1"):
            found = cache.get(key(0), device)
            assert found.device == torch.device(device) and torch.equal(found.cpu(), tensor)
        assert cache.stats().hits_device > 0


def test_a_buffer_whose_copy_has_not_come_yet_is_not_given_to_another_entry(cards):
    with ActivationCache(None, Budget(0, 64 * KB), "cuda") as cache:
        cache.put(key("A"), on_card(40, 1))
        cache.put(key("B"), torch.full((1, 40, KB), 2, dtype=torch.uint8))  # the host's, written at once
        assert cache.get(key("A")) is None
        cards.settle()
        assert is_all(cache.get(key("B")), 2)


@pytest.mark.parametrize("drop", ["drop", "drop_space", "replace"])
def test_nor_when_its_entry_is_dropped_or_replaced(cards, drop):
    with ActivationCache(None, Budget(0, 64 * KB), "cuda") as cache:
        cache.put(key("A"), on_card(20, 1))
        if drop == "replace":
            cache.put(key("A"), torch.full((1, 20, KB), 3, dtype=torch.uint8))
        elif drop == "drop":
            cache.drop(key("A"))
        else:
            cache.drop_space("run")
        cache.put(key("B"), torch.full((1, 20, KB), 2, dtype=torch.uint8))
        cards.settle()
        assert is_all(cache.get(key("B")), 2)
        assert drop != "replace" or is_all(cache.get(key("A")), 3)


def test_what_is_put_may_be_written_over_at_once(cards):
    with ActivationCache(None, Budget(0, 4 * MB), "cuda") as cache:
        for item, dtype in enumerate((None, torch.float16)):
            tensor = torch.ones(1, 10, 64, device="cuda")
            cache.put(key(item), tensor, dtype=dtype)
            tensor.fill_(5)
            assert is_all(cache.get(key(item)), 1)


def test_what_is_on_its_way_to_the_host_is_bounded(cards, monkeypatch):
    monkeypatch.setattr(device, "UNDER_WAY", 64 * KB)
    with ActivationCache(None, Budget(0, 4 * MB), "cuda") as cache:
        before = torch.cuda.memory_allocated()
        for item in range(40):
            cache.put(key(item), on_card(20, item))
        assert torch.cuda.memory_allocated() - before <= 64 * KB
        assert all(is_all(cache.get(key(item)), item) for item in range(40))


def test_a_full_card_makes_the_device_tier_give_way(cards):
    with ActivationCache(None, BUDGET, "cuda") as cache:
        for item in range(20):
            cache.put(key(item), on_card(32, item))
        held = cache.stats().device_bytes
        assert held == 20 * 32 * KB
        leave_free(cards, 100 * KB)
        for item in range(20, 30):
            assert cache.put(key(item, "other"), on_card(32, item)), "a full card is no reason to raise"
        assert cards.memory[0].refused
        assert all(is_all(cache.get(key(item, "other"), "cpu"), item) for item in range(20, 30))
        assert cache.stats().device_bytes == sum(space.device_bytes for space in cache.spaces())


def test_after_a_full_card_the_tier_has_room_again(cards, monkeypatch):
    monkeypatch.setattr(device, "PAUSE_SECONDS", 0.0)
    with ActivationCache(None, Budget(128 * KB, 4 * MB), "cuda") as cache:
        capacity = cards.memory[0].capacity
        tensors = [on_card(32, item) for item in range(4)]
        leave_free(cards, 40 * KB)
        for item in range(4):
            cache.put(key(item), tensors[item])
        assert cache.stats().device_bytes <= 32 * KB
        cards.memory[0].capacity = capacity
        cache.put(key(9), on_card(32, 9))
        assert cache.stats().device_bytes >= 32 * KB
        assert is_all(cache.get(key(9)), 9) and cache.stats().hits_device == 1


def test_a_card_that_was_full_is_not_asked_again_at_once(cards):
    with ActivationCache(None, BUDGET, "cuda") as cache:
        tensors = [on_card(32, item) for item in range(10)]
        leave_free(cards, 40 * KB)
        for item in range(10):
            cache.put(key(item), tensors[item])
        assert cards.memory[0].refused == 2, "once for what leaves, once for what stays"


def test_putting_needs_no_memory_on_a_full_card(cards):
    with ActivationCache(None, Budget(0, 256 * KB), "cuda") as cache:
        tensor = torch.full((1, 30, KB), 3.0, device="cuda")
        leave_free(cards, 0)
        assert cache.put(key(0), tensor, dtype=torch.float16)
        assert is_all(cache.get(key(0), "cpu"), 3)


def test_a_block_whose_copy_fails_is_given_back(cards, monkeypatch):
    def fail(*_):
        raise RuntimeError("CUDA error: unspecified launch failure")

    with ActivationCache(None, Budget(0, 64 * KB), "cuda") as cache:
        monkeypatch.setattr(cache._transfers, "download", fail)
        for _ in range(5):
            with pytest.raises(RuntimeError, match="launch failure"):
                cache.put(key(0), on_card(30))
        monkeypatch.undo()
        assert cache.put(key(0), on_card(30)) and cache.put(key(1), on_card(30))


def test_reading_ahead_onto_a_full_card_is_given_up(cards):
    with ActivationCache(None, BUDGET, "cuda") as cache:
        cache.put(key(0), on_card(32, 3))
        cache.trim(Budget(MB, 4 * MB))
        cache._vram.clear()
        capacity = cards.memory[0].capacity
        leave_free(cards, 0)
        for _ in range(2):
            cache.prefetch([key(0)])
            with pytest.raises(torch.OutOfMemoryError):
                cache.get(key(0))
        cards.memory[0].capacity = capacity
        cache.prefetch([key(0)])
        assert is_all(cache.get(key(0)), 3)


def test_host_memory_that_cannot_be_page_locked_is_no_room(cards, monkeypatch):
    empty = torch.empty

    def refuse(*arguments, pin_memory=False, **others):
        if pin_memory:
            raise RuntimeError("CUDA error: out of memory")
        return empty(*arguments, **others)

    with ActivationCache(None, BUDGET, "cuda") as cache:
        monkeypatch.setattr(torch, "empty", refuse)
        assert not cache.put(key(0), on_card(4))
        assert cache.stats().refused == 1


def test_held_entries_may_be_evicted_while_a_step_reads_them(cards):
    with ActivationCache(None, BUDGET, "cuda") as cache:
        cache.put(key(0), on_card(4, 1))
        with cache.held("run", 0) as entries:
            seen = entries["slot"].block.data[: 4 * KB]
            cache.drop_space("run")
            cards.settle()
            assert is_all(seen, 1)
        assert cache.stats().device_bytes == 0


def test_layers_are_read_without_the_host_waiting_for_the_card(cards):
    """Every wait would let the card run dry: a step reads a hundred times."""
    with ActivationCache(None, BUDGET, "cuda") as cache:
        whole, rows = torch.randn(1, 50, 8, device="cuda"), torch.tensor([3, 4, 30], device="cuda")
        delta = torch.randn(1, 3, 8, device="cuda")
        for item in range(3):
            cache.put(key(item, "base"), whole)
            put_rows(cache, key(item, "edit"), RowNumbers(rows), delta, 50)
        reader = LayeredReader(cache, ["edit", "base"])
        wanted = torch.tensor([4, 5, 30], device="cuda")
        expected = torch.stack([delta[0, 1], whole[0, 5], delta[0, 2]]).cpu()
        for item in range(3):
            with reader.holding(item):
                before = cards.waits_of_host
                found = reader.get_rows(item, "slot", wanted)
                assert item == 0 or cards.waits_of_host == before
                assert torch.equal(found[0].cpu(), expected)
        wanted.add_(1)
        found = reader.get_rows(0, "slot", wanted)
        assert torch.equal(found[0].cpu(), torch.stack([whole[0, 5], whole[0, 6], whole[0, 31]]).cpu())


def test_rows_that_are_not_there_are_refused_before_the_card_sees_them(cards):
    with ActivationCache(None, BUDGET, "cuda") as cache:
        cache.put(key(0), torch.randn(1, 50, 8, device="cuda"))
        reader = LayeredReader(cache, ["run"])
        for rows in (torch.tensor([3, 50]), torch.tensor([-1])):
            for there in (rows, rows.cuda()):
                with pytest.raises(IndexError):
                    cache.get_rows(key(0), there)
                with reader.holding(0), pytest.raises(IndexError):
                    reader.get_rows(0, "slot", there)


def test_threads_that_put_and_read_agree(cards, tmp_path):
    """The writer, the reader ahead and two threads of our own, on two cards' worth of streams."""
    with ActivationCache(tmp_path, Budget(256 * KB, 256 * KB, 2**28), "cuda:1") as cache:

        def work(space):
            for item in range(30):
                assert cache.put(key(item, space), on_card(8, item, "cuda:1"))
                cache.prefetch([key(item - 3, space)])
                if item >= 3:
                    assert is_all(cache.get(key(item - 3, space)), item - 3)

        threads = [Thread(target=work, args=(space,)) for space in ("a", "b")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        cache.flush()
        for space in "ab":
            assert all(is_all(cache.get(key(item, space)), item) for item in range(30))


def test_a_quarter_of_the_device_tier_is_left_for_what_is_read_ahead(cards):
    with ActivationCache(None, BUDGET, "cuda") as cache:
        for item in range(40):
            cache.put(key(item), on_card(128, item))
        assert 2 * MB < cache.stats().device_bytes <= 3 * MB


def test_as_much_is_on_its_way_as_may_be_before_anybody_waits(cards, monkeypatch):
    monkeypatch.setattr(device, "UNDER_WAY", 60 * KB)
    with ActivationCache(None, Budget(0, 4 * MB), "cuda") as cache:
        waits = []
        for item in range(4):
            cache.put(key(item), on_card(20, item))
            waits.append(cards.waits_of_this_thread)
        assert waits[0] == waits[2] < waits[3]


def test_what_is_read_does_not_wait_for_what_the_card_is_busy_with(cards):
    with ActivationCache(None, Budget(0, 4 * MB), "cuda") as cache:
        cache.put(key(0), torch.full((1, 20, KB), 7, dtype=torch.uint8))
        torch.empty(KB, pin_memory=True).copy_(torch.ones(KB, device="cuda"), non_blocking=True)
        found = cache.get(key(0))
        assert torch.cuda.current_stream().is_behind and is_all(found, 7)
