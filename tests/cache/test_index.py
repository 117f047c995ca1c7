import pytest

from cache import index as steps
from cache.index import Index


def test_a_transaction_that_fails_leaves_nothing_and_the_next_one_works(tmp_path):
    index = Index(tmp_path / "index.sqlite")
    with pytest.raises(KeyError), index.transaction() as sql:
        steps.ensure_space(sql, "a", 0.0)
        raise KeyError
    assert index.spaces() == []
    with index.transaction() as sql:
        steps.ensure_space(sql, "b", 0.0)
    assert [space.name for space in index.spaces()] == ["b"]
    index.close()


def test_each_space_has_a_number_of_its_own_for_ever(tmp_path):
    index = Index(tmp_path / "index.sqlite")
    with index.transaction() as sql:
        first = steps.ensure_space(sql, "a", 0.0)
        assert steps.ensure_space(sql, "a", 1.0) == first
        steps.remove_space(sql, "a")
        assert steps.ensure_space(sql, "a", 0.0) != first
    index.close()
