"""ActivationCache as its callers see it."""

import math

import pytest
import torch

from cache import ActivationCache, Budget, CacheKey, CacheStats

MB = 2**20
BUDGET = Budget(ram_bytes=8 * MB, disk_bytes=64 * MB)
DTYPES = [torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.uint8, torch.bool, torch.complex64]


def key(slot="slot", item=0, space="space"):
    return CacheKey(space, item, slot)


def noise(*shape, dtype=torch.float16, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (*shape,), generator=generator).to(dtype)


@pytest.fixture(params=["memory", "disk"])
def cache(request, tmp_path):
    folder = tmp_path if request.param == "disk" else None
    with ActivationCache(folder, BUDGET) as cache:
        yield cache


def reopened(cache, tmp_path):
    cache.close()
    return ActivationCache(tmp_path, BUDGET)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (5, 7), (2, 9, 3), (2, 0, 3), (1, 2, 3, 4)])
def test_get_returns_what_was_put_from_every_tier(tmp_path, dtype, shape):
    tensor = noise(*shape, dtype=dtype)
    with ActivationCache(tmp_path, BUDGET) as cache:
        assert cache.put(key(), tensor)
        assert torch.equal(cache.get(key()), tensor)
    with ActivationCache(tmp_path, BUDGET) as cache:
        found = cache.get(key())
        assert cache.stats().hits_disk == 1
    assert torch.equal(found, tensor)
    assert found.dtype == dtype
    assert found.shape == tensor.shape


def test_a_miss_is_none(cache):
    assert cache.get(key()) is None
    assert cache.get_rows(key(), torch.tensor([0])) is None
    assert cache.info(key()) is None
    assert cache.stats().misses == 2


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("shape", "row_dim"), [((2, 9, 3), 1), ((9, 5), 0), ((2, 9), 1), ((2, 3, 9, 1), -2)])
def test_rows_are_those_of_the_tensor(tmp_path, dtype, shape, row_dim):
    tensor, rows = noise(*shape, dtype=dtype), torch.tensor([8, 0, 3, 3])
    expected = tensor.index_select(row_dim, rows)
    with ActivationCache(tmp_path, BUDGET) as cache:
        cache.put(key(), tensor, row_dim=row_dim)
        assert torch.equal(cache.get_rows(key(), rows), expected)
    with ActivationCache(tmp_path, BUDGET) as cache:
        assert torch.equal(cache.get_rows(key(), rows), expected)


def test_no_rows_are_no_rows(cache):
    cache.put(key(), noise(2, 9, 3))
    assert cache.get_rows(key(), torch.zeros(0, dtype=torch.int64)).shape == (2, 0, 3)


def test_rows_that_are_not_there_are_a_mistake(cache):
    cache.put(key(), noise(2, 9, 3))
    with pytest.raises(IndexError):
        cache.get_rows(key(), torch.tensor([9]))


def test_rows_of_an_entry_without_rows_are_a_mistake(cache):
    cache.put(key(), noise(3), row_dim=None)
    with pytest.raises(ValueError, match="row dimension"):
        cache.get_rows(key(), torch.tensor([0]))


def test_the_entry_is_a_copy_both_ways(cache):
    tensor = noise(4, 4)
    cache.put(key(), tensor)
    before = tensor.clone()
    tensor.zero_()
    cache.get(key()).zero_()
    assert torch.equal(cache.get(key()), before)


def test_tensors_that_are_not_contiguous(cache):
    tensor = noise(6, 8, 4).transpose(1, 2)[:, ::2]
    cache.put(key(), tensor)
    assert torch.equal(cache.get(key()), tensor)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_never_kept(cache, value):
    broken = noise(3, 5)
    broken[1, 2] = value
    cache.put(key(), noise(3, 5))
    assert not cache.put(key(), broken)
    assert cache.get(key()) is None, "nor does an older value come back"
    assert cache.stats().not_finite == 1 and cache.stats().refused == 0
    assert not cache.put(key(), noise(3, 5).mul(1e5), dtype=torch.float16), "as which type it is kept counts"
    assert cache.spaces() == []


def test_tensors_whose_sign_is_still_to_be_changed(cache):
    values = torch.arange(6.0).view(2, 3)
    for slot, tensor in (
        ("negative", torch._neg_view(values)),
        ("conjugate", torch.complex(values, values).conj()),
    ):
        cache.put(key(slot), tensor)
        assert tensor.is_contiguous() and torch.equal(cache.get(key(slot)), tensor)


def test_the_last_value_under_a_key_counts(tmp_path):
    with ActivationCache(tmp_path, BUDGET) as cache:
        for value in range(3):
            cache.put(key(), torch.full((4, 4), value))
            cache.flush()
        assert torch.equal(cache.get(key()), torch.full((4, 4), 2))
    with ActivationCache(tmp_path, BUDGET) as cache:
        assert torch.equal(cache.get(key()), torch.full((4, 4), 2))
        assert len(list((tmp_path / "segments").iterdir())) == 1


def test_what_is_read_from_disk_stays_in_memory(tmp_path):
    with ActivationCache(tmp_path, BUDGET) as cache:
        cache.put(key(), noise(4, 4))
    with ActivationCache(tmp_path, BUDGET) as cache:
        first, second = cache.get(key()), cache.get(key())
        assert torch.equal(first, second)
        assert (cache.stats().hits_disk, cache.stats().hits_ram) == (1, 1)


def test_a_step_is_one_file(tmp_path):
    with ActivationCache(tmp_path, BUDGET) as cache:
        for item in range(3):
            for slot in range(50):
                cache.put(key(f"slot {slot}", item), noise(2, 16, 4))
    assert len(list((tmp_path / "segments").iterdir())) == 3


def test_dropped_entries_are_gone_for_good(tmp_path):
    with ActivationCache(tmp_path, BUDGET) as cache:
        cache.put(key("a"), noise(4))
        cache.put(key("b"), noise(5))
        cache.flush()
        cache.drop(key("a"))
        assert cache.get(key("a")) is None
        assert cache.keys("space") == [key("b")]
    with ActivationCache(tmp_path, BUDGET) as cache:
        assert cache.get(key("a")) is None
        assert torch.equal(cache.get(key("b")), noise(5))


def test_dropping_before_writing_leaves_nothing(tmp_path):
    with ActivationCache(tmp_path, BUDGET) as cache:
        cache.put(key(), noise(4))
        cache.drop(key())
    with ActivationCache(tmp_path, BUDGET) as cache:
        assert cache.get(key()) is None
        assert cache.spaces() == []
    assert list((tmp_path / "segments").iterdir()) == []


def test_a_dropped_space_takes_entries_metadata_and_files_along(tmp_path):
    with ActivationCache(tmp_path, BUDGET) as cache:
        cache.describe_space("space", {"prompt": "a cat"})
        cache.put(key(), noise(4))
        cache.put(key(space="other"), noise(4))
        cache.flush()
        cache.drop_space("space")
        assert cache.get(key()) is None
        assert cache.space_metadata("space") is None
        assert [space.name for space in cache.spaces()] == ["other"]
    assert len(list((tmp_path / "segments").iterdir())) == 1


def test_metadata_is_kept_with_the_space(tmp_path, cache):
    described = {"prompt": "a cat", "seed": 7, "size": [512, 512], "steps": None}
    cache.describe_space("space", described)
    assert cache.space_metadata("space") == described
    assert cache.space_metadata("other") is None


def test_metadata_survives_closing(tmp_path):
    with ActivationCache(tmp_path, BUDGET) as cache:
        cache.describe_space("space", {"seed": 7})
    with ActivationCache(tmp_path, BUDGET) as cache:
        assert cache.space_metadata("space") == {"seed": 7}


def test_info_tells_without_reading(tmp_path):
    with ActivationCache(tmp_path, BUDGET) as cache:
        cache.put(key(), noise(2, 9, 3), note="mine")
    with ActivationCache(tmp_path, BUDGET) as cache:
        spec = cache.info(key())
        assert (spec.shape, spec.dtype, spec.row_dim, spec.note) == ((2, 9, 3), torch.float16, 1, "mine")
        assert cache.stats().bytes_read_disk == 0


def test_items_may_be_numbers_or_words(tmp_path):
    with ActivationCache(tmp_path, BUDGET) as cache:
        cache.put(key(item=1), noise(4, seed=1))
        cache.put(key(item="1"), noise(4, seed=2))
    with ActivationCache(tmp_path, BUDGET) as cache:
        assert torch.equal(cache.get(key(item=1)), noise(4, seed=1))
        assert torch.equal(cache.get(key(item="1")), noise(4, seed=2))


def test_nothing_is_written_until_later_but_what_memory_cannot_hold_back(tmp_path):
    with ActivationCache(tmp_path, Budget(ram_bytes=2**20, disk_bytes=2**26)) as cache:
        with cache.writing_later():
            for step in range(2):
                cache.put(CacheKey("run", step, "s"), torch.zeros(2**15, dtype=torch.uint8))
            written_meanwhile = cache.stats().bytes_written
            for step in range(40):  # more than fits
                assert cache.put(CacheKey("run", step, "s"), torch.full((2**15,), step, dtype=torch.uint8))
        cache.flush()
        assert written_meanwhile == 0
        assert all(int(cache.get(CacheKey("run", step, "s"))[0]) == step for step in range(40))
        assert cache.stats().unsaved_bytes == 0


def test_what_waits_is_written_once_the_computation_is_over(tmp_path):
    with ActivationCache(tmp_path, BUDGET) as cache:
        with cache.writing_later():
            cache.put(CacheKey("run", 0, "s"), torch.ones(5))
        cache.flush()
        assert cache.stats().bytes_written > 0
    with ActivationCache(tmp_path, BUDGET) as cache:
        assert torch.equal(cache.get(CacheKey("run", 0, "s")), torch.ones(5))


def test_what_waits_is_written_without_being_asked_for_then(tmp_path):
    with ActivationCache(tmp_path, BUDGET) as cache:
        with cache.writing_later():
            cache.put(CacheKey("run", 0, "s"), torch.ones(5))
        writer = cache._writer
        with writer._changed:
            assert writer._changed.wait_for(lambda: not writer._queue and not writer._busy, 30)
        assert cache.stats().bytes_written > 0


def test_another_type_than_the_tensors_may_be_stored(cache):
    tensor = torch.randn(2, 300, 3)
    assert cache.put(key(), tensor, dtype=torch.float16)
    assert torch.equal(cache.get(key()), tensor.half())
    assert torch.equal(cache.get_rows(key(), torch.tensor([7, 0])), tensor.half()[:, [7, 0]])


def test_a_new_cache_has_done_and_holds_nothing():
    with ActivationCache(None, BUDGET) as cache:
        assert cache.stats() == CacheStats()


@pytest.mark.parametrize(
    ("shape", "row_dim", "expected"),
    [
        ((2, 5, 3), 1, 1),
        ((2, 5, 3), -2, 1),
        ((5,), 0, 0),
        ((5,), -1, 0),
        ((5,), 1, None),
        ((5,), -2, None),
        ((), 0, None),
        ((5,), None, None),
    ],
)
def test_rows_lie_along_a_dimension_that_there_is(cache, shape, row_dim, expected):
    cache.put(key(), noise(*shape), row_dim=row_dim)
    assert cache.info(key()).row_dim == expected
