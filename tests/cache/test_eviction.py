import hypothesis.strategies as st
from hypothesis import given

from cache.eviction import Candidate, by_retention, choose_spaces, order_items

candidates = st.lists(
    st.builds(
        Candidate,
        name=st.uuids().map(str),
        nbytes=st.integers(0, 1000),
        cost_seconds=st.floats(0, 100),
        last_used=st.floats(0, 1000),
    ),
    max_size=12,
)


def space(name, nbytes=100, cost=0.0, used=0.0):
    return Candidate(name, nbytes, cost, used)


@given(candidates, st.integers(0, 3000))
def test_enough_goes(spaces, needed):
    chosen = choose_spaces(spaces, needed, now=1000.0)
    free = sum(one.nbytes for one in spaces)
    if chosen is None:
        assert free < needed
    else:
        by_name = {one.name: one for one in spaces}
        assert sum(by_name[name].nbytes for name in chosen) >= needed
        assert len(set(chosen)) == len(chosen)


@given(candidates, st.integers(1, 3000))
def test_no_space_goes_in_vain(spaces, needed):
    chosen = choose_spaces(spaces, needed, now=1000.0) or []
    by_name = {one.name: one for one in spaces}
    assert sum(by_name[name].nbytes for name in chosen[:-1]) < needed


def test_at_equal_cost_the_oldest_goes_first():
    spaces = [space("new", used=90.0), space("old", used=10.0), space("middle", used=50.0)]
    assert [one.name for one in by_retention(spaces, now=100.0)] == ["old", "middle", "new"]


def test_what_took_long_to_compute_outlives_what_is_a_little_newer():
    spaces = [space("dear", cost=30.0, used=50.0), space("cheap", cost=1.0, used=60.0)]
    assert choose_spaces(spaces, 1, now=100.0) == ["cheap"]


def test_cost_counts_per_byte():
    spaces = [space("large", nbytes=1000, cost=30.0), space("small", nbytes=10, cost=20.0)]
    assert choose_spaces(spaces, 1, now=100.0) == ["large"]


def test_a_clock_set_back_is_no_reason_to_fail():
    assert choose_spaces([space("future", used=500.0)], 1, now=100.0) == ["future"]


def test_in_memory_the_current_space_goes_last_and_its_last_used_item_first():
    spaces = [space("current", used=1.0), space("other", used=99.0)]
    items = [("current", 0, 1), ("current", 1, 2), ("other", 0, 3), ("other", 1, 4)]
    order = order_items(spaces, items, "current", now=100.0)
    assert list(order) == [("other", 1), ("other", 0), ("current", 1), ("current", 0)]


def test_in_memory_what_serves_all_steps_goes_after_them_and_the_step_being_made_last():
    spaces = [space("base", used=1.0), space("edit", used=99.0)]
    items = [("base", 0, 1), ("base", "@rows", 9), ("base", 1, 2), ("edit", 0, 3), ("edit", 1, 4)]
    order = order_items(spaces, items, "edit", 100.0, item=1)
    assert list(order) == [("base", 0), ("base", "@rows"), ("edit", 0), ("base", 1), ("edit", 1)]
