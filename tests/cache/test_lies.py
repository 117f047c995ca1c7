"""A slice of tests/campaign/cache_lies.py: damaged caches never answer wrongly, and work again afterwards."""

import shutil

import pytest

from cache import ActivationCache
from support.cache_damage import BUDGET, KEYS, fill, lies_of, tried


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    with ActivationCache(folder, BUDGET) as cache:
        fill(cache, KEYS)
    return folder


def test_a_whole_cache_answers_everything_rightly(whole):
    with ActivationCache(whole, BUDGET) as cache:
        assert lies_of(cache, KEYS) == (0, 44)


@pytest.mark.parametrize("seed", [*range(9), 1058])  # the last: rows out of order, which are never found
def test_a_damaged_cache_never_answers_wrongly(whole, tmp_path, seed):
    counts = tried(whole, tmp_path / "damaged", seed)
    assert counts["wrong"] == 0 and counts["kept"] == 1


def test_a_letter_changed_in_how_the_tables_were_made_is_damage(whole, tmp_path):
    """To SQLite it is only another name of a column; every question that names the column then fails, for ever."""
    folder = tmp_path / "cache"
    shutil.copytree(whole, folder)
    data = bytearray((folder / "index.sqlite").read_bytes())
    at = data.index(b"owner TEXT")
    data[at + 4] ^= 1
    (folder / "index.sqlite").write_bytes(data)
    with ActivationCache(folder, BUDGET) as cache:
        fill(cache, KEYS)
    with ActivationCache(folder, BUDGET) as cache:
        assert lies_of(cache, KEYS) == (0, 44)


def test_names_that_are_no_text_in_a_damaged_schema_are_damage(whole, tmp_path):
    """SQLite repeats them in its message, of which Python makes another exception."""
    folder = tmp_path / "cache"
    shutil.copytree(whole, folder)
    data = (folder / "index.sqlite").read_bytes().replace(b"segments_of_space", b"segment\xc5_of_space")
    (folder / "index.sqlite").write_bytes(data)
    with ActivationCache(folder, BUDGET) as cache:
        fill(cache, KEYS)
        assert lies_of(cache, KEYS) == (0, 44)


def test_a_segment_in_another_ones_place_and_rows_exchanged_are_misses(whole, tmp_path):
    """Both checksums right, both words false: only what a segment says it is can tell."""
    folder = tmp_path / "cache"
    with ActivationCache(folder, BUDGET) as cache:
        fill(cache, KEYS)
        index = cache._disk.index
        with index.transaction() as sql:
            rows = sql.execute("SELECT space, item, slot, segment FROM entries WHERE slot = 'a'").fetchall()
        files = {segment: cache._disk._path(segment).read_bytes() for *_, segment in rows}
        for segment, content in zip(files, reversed(files.values()), strict=True):
            cache._disk._path(segment).write_bytes(content)
    with ActivationCache(folder, BUDGET) as cache:
        wrong, right = lies_of(cache, KEYS)
        assert wrong == 0 and right < 40
