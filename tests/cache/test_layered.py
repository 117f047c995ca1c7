"""Chains of spaces against plain arrays that are written over."""

from contextlib import nullcontext

import hypothesis.strategies as st
import pytest
import torch
from hypothesis import given, settings

from cache import (
    ActivationCache,
    Budget,
    CacheKey,
    LayeredReader,
    RowNumbers,
    flatten,
    put_rows,
)

BUDGET = Budget(ram_bytes=2**22, disk_bytes=2**26)
TOTAL = 24
row_sets = st.lists(st.integers(0, TOTAL - 1), unique=True, max_size=TOTAL)
turns = st.lists(st.one_of(st.just("whole"), row_sets), min_size=1, max_size=6)


def values(turn, count, slot=0):
    return torch.arange(2 * count * 3).view(2, count, 3).add(1000 * turn + 100 * slot).half()


def build(cache, turns, slots=2):
    """Puts the turns on top of one another; returns the chain and what each slot then is."""
    now = {}
    for slot in range(slots):
        now[slot] = values(0, TOTAL, slot)
        cache.put(CacheKey("turn 0", 0, f"slot {slot}"), now[slot])
    for turn, rows in enumerate(turns, 1):
        for slot in range(slots):
            key = CacheKey(f"turn {turn}", 0, f"slot {slot}")
            if rows == "whole":
                now[slot] = values(turn, TOTAL, slot)
                cache.put(key, now[slot])
            else:
                numbers, fresh = torch.tensor(rows, dtype=torch.int64), values(turn, len(rows), slot)
                now[slot] = now[slot].index_copy(1, numbers, fresh)
                put_rows(cache, key, RowNumbers(numbers), fresh, TOTAL)
    return [f"turn {turn}" for turn in range(len(turns), -1, -1)], now


@given(turns, row_sets, row_sets)
@settings(deadline=None, max_examples=150)
def test_reading_through_a_chain_is_reading_the_written_over_array(turns, rows, more_rows):
    with ActivationCache(None, BUDGET) as cache:
        chain, now = build(cache, turns)
        reader = LayeredReader(cache, chain)
        for wanted in (torch.tensor(rows, dtype=torch.int64), torch.tensor(more_rows, dtype=torch.int64)):
            for slot, expected in now.items():
                reader.prefetch([(0, f"slot {slot}", wanted), (0, f"slot {slot}")])
                assert torch.equal(reader.get_rows(0, f"slot {slot}", wanted), expected[:, wanted])
                assert torch.equal(reader.get(0, f"slot {slot}"), expected)


@given(turns, row_sets)
@settings(deadline=None, max_examples=60)
def test_what_is_held_reads_the_same_whatever_is_put_or_dropped_meanwhile(turns, rows):
    wanted = torch.tensor(rows, dtype=torch.int64)
    with ActivationCache(None, BUDGET) as cache:
        chain, now = build(cache, turns)
        reader = LayeredReader(cache, chain)
        with reader.holding(0):
            for space in chain:
                cache.put(CacheKey(space, 0, "slot 0"), values(60, TOTAL))
                cache.drop(CacheKey(space, 0, "slot 1"))
            for slot, expected in now.items():
                assert torch.equal(reader.get_rows(0, f"slot {slot}", wanted), expected[:, wanted])
                assert torch.equal(reader.get(0, f"slot {slot}"), expected)
        assert torch.equal(reader.get(0, "slot 0"), values(60, TOTAL))
        assert reader.get(0, "slot 1") is None
        hits = cache.stats().hits_ram
        cache.drop_space(chain[-1])
        assert hits > 0 and cache.put(CacheKey("again", 0, "slot 0"), values(1, TOTAL))


def test_rows_that_are_not_there_are_refused_when_held_too():
    with ActivationCache(None, BUDGET) as cache:
        chain, _ = build(cache, [[1, 2]])
        reader = LayeredReader(cache, chain)
        with reader.holding(0), pytest.raises(IndexError):
            reader.get_rows(0, "slot 0", torch.tensor([TOTAL]))


@given(turns)
@settings(deadline=None, max_examples=40)
def test_a_flattened_chain_reads_the_same(turns):
    with ActivationCache(None, BUDGET) as cache:
        chain, now = build(cache, turns)
        assert flatten(cache, {0: chain}, "flat")
        for space in chain:
            cache.drop_space(space)
        reader = LayeredReader(cache, ["flat"])
        assert all(torch.equal(reader.get(0, f"slot {slot}"), expected) for slot, expected in now.items())
        assert cache.space_metadata("flat") is not None


def test_a_flattened_chain_costs_what_its_turns_cost_together():
    """What is known of a space decides how long it is kept."""
    with ActivationCache(None, BUDGET) as cache:
        for slot in range(4):
            cache.put(CacheKey("turn 0", 0, f"slot {slot}"), values(0, TOTAL, slot), 0.5)
            rows = RowNumbers(torch.arange(3))
            put_rows(cache, CacheKey("turn 1", 0, f"slot {slot}"), rows, values(1, 3, slot), TOTAL, 0.25)
        cache.put(CacheKey("beside", 0, "slot 0"), values(2, TOTAL), 100.0)
        assert flatten(cache, {0: ["turn 1", "turn 0"]}, "flat")
        costs = {space.name: space.cost_seconds for space in cache.spaces()}
        assert costs["flat"] == pytest.approx(costs["turn 1"] + costs["turn 0"]) == pytest.approx(3.0)


def test_slots_of_a_turn_may_have_other_rows_each():
    with ActivationCache(None, BUDGET) as cache:
        expected = {}
        for slot, rows in enumerate(([0, 1, 2], [5, 2], list(range(TOTAL)))):
            numbers, below, fresh = torch.tensor(rows), values(0, TOTAL, slot), values(1, len(rows), slot)
            cache.put(CacheKey("turn 0", 0, f"slot {slot}"), below)
            put_rows(cache, CacheKey("turn 1", 0, f"slot {slot}"), RowNumbers(numbers), fresh, TOTAL)
            expected[slot] = below.index_copy(1, numbers, fresh)
        reader, asked = LayeredReader(cache, ["turn 1", "turn 0"]), torch.tensor([5, 0, 2, 7])
        for slot, whole in expected.items():
            assert torch.equal(reader.get(0, f"slot {slot}"), whole)
            assert torch.equal(reader.get_rows(0, f"slot {slot}", asked), whole[:, asked])


def test_branches_share_what_lies_below(tmp_path):
    with ActivationCache(tmp_path, BUDGET) as cache:
        base = values(0, TOTAL)
        cache.put(CacheKey("root", 0, "s"), base)
        for turn, name in enumerate(("left", "right"), 1):
            put_rows(
                cache, CacheKey(name, 0, "s"), RowNumbers(torch.tensor([turn, 5])), values(turn, 2), TOTAL
            )
    with ActivationCache(tmp_path, BUDGET) as cache:
        rows = torch.tensor([1, 2, 5, 6])
        left = LayeredReader(cache, ["left", "root"]).get_rows(0, "s", rows)
        right = LayeredReader(cache, ["right", "root"]).get_rows(0, "s", rows)
    assert torch.equal(left, torch.stack([values(1, 2)[:, 0], base[:, 2], values(1, 2)[:, 1], base[:, 6]], 1))
    assert torch.equal(
        right, torch.stack([base[:, 1], values(2, 2)[:, 0], values(2, 2)[:, 1], base[:, 6]], 1)
    )


@pytest.mark.parametrize(
    "lost", [("turn 2", 0, "slot 0"), ("turn 0", 0, "slot 0"), ("turn 1", "@rows", None)]
)
def test_a_lost_entry_anywhere_on_the_chain_is_a_miss_and_never_a_guess(lost):
    with ActivationCache(None, BUDGET) as cache:
        chain, _ = build(cache, [[1, 2], [2, 3]])
        space, item, slot = lost
        slot = slot or next(key.slot for key in cache.keys(space) if key.item == item)
        cache.drop(CacheKey(space, item, slot))
        reader = LayeredReader(cache, chain)
        assert reader.get(0, "slot 0") is None
        assert reader.get_rows(0, "slot 0", torch.tensor([9])) is None
        assert not flatten(cache, {0: chain}, "flat")
        assert cache.keys("flat") == []


def test_a_delta_of_another_size_is_a_miss():
    with ActivationCache(None, BUDGET) as cache:
        cache.put(CacheKey("root", 0, "s"), values(0, TOTAL))
        put_rows(cache, CacheKey("top", 0, "s"), RowNumbers(torch.tensor([1])), values(1, 1), TOTAL + 1)
        assert LayeredReader(cache, ["top", "root"]).get(0, "s") is None


def test_what_can_never_be_read_is_dropped_so_that_it_is_computed_again():
    """A delta without its row numbers, one below which nothing is whole, one of another size."""
    with ActivationCache(None, BUDGET) as cache:
        chain, _ = build(cache, [[1, 2], [2, 3]])
        (numbers,) = [key for key in cache.keys("turn 1") if key.item == "@rows"]
        cache.drop(numbers)
        assert LayeredReader(cache, chain).get_rows(0, "slot 0", torch.tensor([1])) is None
        assert cache.info(CacheKey("turn 1", 0, "slot 0")) is None
        assert cache.info(CacheKey("turn 2", 0, "slot 0")) is not None
        assert LayeredReader(cache, ["turn 2"]).get(0, "slot 1") is None
        assert cache.info(CacheKey("turn 2", 0, "slot 1")) is None
        cache.put(CacheKey("turn 0", 0, "slot 0"), values(0, TOTAL + 1))
        assert LayeredReader(cache, ["turn 2", "turn 0"]).get(0, "slot 0") is None
        assert not {
            key for space in chain for key in cache.keys(space) if (key.item, key.slot) == (0, "slot 0")
        }


def test_one_miss_finds_all_that_is_lost_of_a_key():
    """Row numbers of two turns and the bytes of a third: after one miss, all that must be repeated is missed."""
    with ActivationCache(None, BUDGET) as cache:
        chain, _ = build(cache, [[1, 2], [2, 3], [3, 4], [4, 5]])
        for turn in (1, 3):
            (numbers,) = [key for key in cache.keys(f"turn {turn}") if key.item == "@rows"]
            cache.drop(numbers)
        cache.drop(CacheKey("turn 4", 0, "slot 0"))
        assert LayeredReader(cache, chain).get_rows(0, "slot 0", torch.tensor([9])) is None
        left = {space for space in chain if cache.info(CacheKey(space, 0, "slot 0")) is not None}
        assert left == {"turn 0", "turn 2"}


def test_what_is_put_in_place_of_a_held_delta_is_read():
    """Nothing whole lies below the delta that memory holds; what is computed again is seen at once."""
    with ActivationCache(None, BUDGET) as cache:
        key, numbers = CacheKey("top", 0, "s"), torch.tensor([1, 2])
        put_rows(cache, key, RowNumbers(numbers), values(1, 2), TOTAL)
        reader = LayeredReader(cache, ["top"])
        with reader.holding(0):
            assert reader.get_rows(0, "s", numbers) is None
            cache.put(key, values(2, TOTAL))
            assert torch.equal(reader.get_rows(0, "s", numbers), values(2, TOTAL)[:, numbers])


def test_row_numbers_are_kept_once_per_space():
    with ActivationCache(None, BUDGET) as cache:
        for item in range(3):
            for slot in range(4):
                key = CacheKey("top", item, f"s{slot}")
                put_rows(cache, key, RowNumbers(torch.tensor([1, 2])), values(1, 2), TOTAL)
        assert len(cache.keys("top")) == 12 + 1


def test_as_many_values_as_row_numbers():
    with ActivationCache(None, BUDGET) as cache, pytest.raises(ValueError, match="2 rows of values for 1"):
        put_rows(cache, CacheKey("top", 0, "s"), RowNumbers(torch.tensor([1])), values(1, 2), TOTAL)


def test_rows_written_to_between_two_reads_are_seen():
    with ActivationCache(None, BUDGET) as cache:
        chain, now = build(cache, [[1, 2]])
        reader, rows = LayeredReader(cache, chain), torch.tensor([0, 1])
        assert torch.equal(reader.get_rows(0, "slot 0", rows), now[0][:, [0, 1]])
        rows += 1
        assert torch.equal(reader.get_rows(0, "slot 0", rows), now[0][:, [1, 2]])


def test_flattening_in_the_background(tmp_path):
    with ActivationCache(tmp_path, BUDGET) as cache:
        chain, now = build(cache, [[1, 2], "whole", [3]])
        cache.background.start("flat", lambda ended: flatten(cache, {0: chain}, "flat", ended))
        cache.background.wait()
        assert torch.equal(cache.get(CacheKey("flat", 0, "slot 1")), now[1])


def test_a_cancelled_flattening_leaves_nothing():
    with ActivationCache(None, BUDGET) as cache:
        chain, _ = build(cache, [[1, 2]])
        assert not flatten(cache, {0: chain}, "flat", cancelled=lambda: True)
        assert [space.name for space in cache.spaces()] == ["turn 0", "turn 1"]


def test_each_item_is_flattened_through_a_chain_of_its_own():
    """The newest turn left nothing of item 1: it is what lies below, if that is what is asked for."""
    with ActivationCache(None, BUDGET) as cache:
        chain, now = build(cache, [[1, 2], [3]])
        cache.put(CacheKey("turn 0", 1, "slot 0"), values(50, TOTAL))
        put_rows(cache, CacheKey("turn 1", 1, "slot 0"), RowNumbers(torch.tensor([4])), values(51, 1), TOTAL)
        for into, chain_of_1 in (("left out", chain), ("flat", chain[1:])):
            assert flatten(cache, {0: chain, 1: chain_of_1}, into)
            assert torch.equal(cache.get(CacheKey(into, 0, "slot 1")), now[1])
        assert cache.get(CacheKey("left out", 1, "slot 0")) is None
        below = values(50, TOTAL).index_copy(1, torch.tensor([4]), values(51, 1))
        assert torch.equal(cache.get(CacheKey("flat", 1, "slot 0")), below)


def test_only_wanted_keys_are_flattened():
    with ActivationCache(None, BUDGET) as cache:
        chain, now = build(cache, [[1, 2]])
        assert flatten(cache, {0: chain}, "flat", wanted=lambda key: key.slot == "slot 1")
        assert [key.slot for key in cache.keys("flat")] == ["slot 1"]
        assert torch.equal(cache.get(CacheKey("flat", 0, "slot 1")), now[1])


def test_what_is_read_where_it_lies_is_counted_like_any_other_read():
    with ActivationCache(None, BUDGET) as cache:
        chain, now = build(cache, [[1, 2]])
        reader, rows = LayeredReader(cache, chain), torch.tensor([0, 5])
        before = cache.stats()
        with reader.holding(0):
            found = reader.get(0, "slot 0"), reader.get_rows(0, "slot 1", rows)
        after = cache.stats()
        assert torch.equal(found[0], now[0]) and torch.equal(found[1], now[1][:, rows])
        assert after.hits > before.hits and after.misses == 0
        assert after.bytes_read - before.bytes_read >= sum(tensor.nbytes for tensor in found)


def test_of_a_chain_with_nothing_whole_below_only_the_lowest_delta_goes():
    """It alone is to be computed again, whole; those above can be read then."""
    with ActivationCache(None, BUDGET) as cache:
        chain, _ = build(cache, [[1, 2], [2, 3], [3, 4]])
        assert LayeredReader(cache, chain[:-1]).get(0, "slot 0") is None
        left = [space for space in chain if cache.info(CacheKey(space, 0, "slot 0")) is not None]
        assert left == ["turn 3", "turn 2", "turn 0"]


@given(
    st.lists(st.tuples(row_sets, st.integers(1, 2)), min_size=1, max_size=5),
    st.integers(1, 2),
    row_sets,
    st.booleans(),
)
@settings(deadline=None, max_examples=100)
def test_the_last_items_are_read_of_entries_that_have_more(turns, below, rows, held):
    """Every layer has one item or two; the last one can always be read, both only where every layer has both."""
    wanted, name = torch.tensor(rows, dtype=torch.int64), CacheKey("turn 0", 0, "s")
    with ActivationCache(None, BUDGET) as cache:
        now = values(0, TOTAL)
        cache.put(name, now[-below:])
        for turn, (numbers, items) in enumerate(turns, 1):
            fresh = values(turn, len(numbers))
            now = now.index_copy(1, torch.tensor(numbers, dtype=torch.int64), fresh)
            key = CacheKey(f"turn {turn}", 0, "s")
            put_rows(cache, key, RowNumbers(torch.tensor(numbers, dtype=torch.int64)), fresh[-items:], TOTAL)
        chain = [f"turn {turn}" for turn in range(len(turns), -1, -1)]
        reader, fewest = LayeredReader(cache, chain), min(below, *(items for _, items in turns))
        with reader.holding(0) if held else nullcontext():
            assert torch.equal(reader.get(0, "s", last=1), now[-1:])
            assert torch.equal(reader.get_rows(0, "s", wanted, last=1), now[-1:, wanted])
            assert torch.equal(reader.get(0, "s"), now[-fewest:])
        whole, part = reader.get(0, "s", last=2), reader.get_rows(0, "s", wanted, last=2)
        assert (whole is None) == (part is None) == (fewest < 2)
        assert whole is None or (torch.equal(whole, now) and torch.equal(part, now[:, wanted]))
        assert torch.equal(reader.get(0, "s", last=1), now[-1:]), "a miss for want of items drops nothing"
        assert flatten(cache, {0: chain}, "flat")
        assert torch.equal(LayeredReader(cache, ["flat"]).get(0, "s"), now[-fewest:])


def test_last_items_of_entries_without_rows():
    with ActivationCache(None, BUDGET) as cache:
        numbers = torch.rand(2, 2, 5)
        cache.put(CacheKey("turn", 0, "s"), numbers, row_dim=None)
        reader = LayeredReader(cache, ["turn"])
        assert torch.equal(reader.get(0, "s", last=1), numbers[1:])
        assert torch.equal(reader.get(0, "s", last=2), numbers) and reader.get(0, "s", last=3) is None
