"""The disk tier: damage, crashes, full and read-only disks. Wrong bytes must never come back."""

import errno
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import torch
from filelock import FileLock

from cache import (
    ActivationCache,
    Budget,
    CacheKey,
    directory,
    disk,
    index,
    row_blocks,
    segment,
)
from cache import (
    sizes as sizes_of,
)
from cache.seal import sealed
from cache.spec import TensorSpec
from support.cache_processes import contents

MB = 2**20
BUDGET = Budget(ram_bytes=16 * MB, disk_bytes=64 * MB)
RAM_ONLY_A_LITTLE = Budget(ram_bytes=2**14, disk_bytes=64 * MB)
KEYS = [CacheKey("space", 0, f"slot {slot}") for slot in range(4)]


@pytest.fixture
def folder(tmp_path):
    """A cache folder with one segment that holds KEYS."""
    with ActivationCache(tmp_path, BUDGET) as cache:
        for key in KEYS:
            cache.put(key, contents(key))
    return tmp_path


def segment_files(folder):
    return sorted((folder / "segments").iterdir())


def first_entry(path):
    """Where the bytes of a segment's first entry begin."""
    return min(directory.read_directory(memoryview(path.read_bytes())))


def flip(path, offset):
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 1]))


def found_in(folder, budget=BUDGET):
    with ActivationCache(folder, budget) as cache:
        return [cache.get(key) is not None for key in KEYS], cache.stats()


def test_a_flipped_bit_costs_only_its_own_entry(folder):
    path = segment_files(folder)[0]
    flip(path, first_entry(path) + 100)
    with ActivationCache(folder, BUDGET) as cache:
        assert cache.get(KEYS[0]) is None
        assert all(torch.equal(cache.get(key), contents(key)) for key in KEYS[1:])
        assert cache.stats().damaged == 1
        assert cache.info(KEYS[0]) is None, "it is dropped, not met again"
    assert found_in(folder)[0] == [False, True, True, True]


def test_rows_are_checked_only_where_they_lie(tmp_path):
    whole = torch.arange(2000 * 32).view(2000, 32).half()
    with ActivationCache(tmp_path, BUDGET) as cache:
        cache.put(KEYS[0], whole)
    path = segment_files(tmp_path)[0]
    flip(path, first_entry(path) + whole.nbytes - 10)
    with ActivationCache(tmp_path, BUDGET) as cache:
        rows = torch.tensor([0, 1])
        assert torch.equal(cache.get_rows(KEYS[0], rows), whole[rows])
        assert cache.get_rows(KEYS[0], torch.tensor([1999])) is None
        assert cache.stats().damaged == 1


@pytest.mark.parametrize("keep", [0, 100, 5000])
def test_a_file_cut_short_is_a_miss(folder, keep):
    os.truncate(segment_files(folder)[0], keep)
    with ActivationCache(folder, BUDGET) as cache:
        assert [cache.get(key) for key in KEYS] == [None] * 4
        assert cache.stats().damaged == 4
    assert segment_files(folder) == []


def test_a_file_cut_short_while_it_is_mapped_is_a_miss(folder):
    with ActivationCache(folder, BUDGET) as cache:
        assert cache.get_rows(KEYS[3], torch.tensor([0])) is not None
        os.truncate(segment_files(folder)[0], 100)
        assert cache.get_rows(KEYS[3], torch.tensor([1])) is None


def test_a_file_that_vanished_is_a_miss(folder):
    with ActivationCache(folder, BUDGET) as cache:
        segment_files(folder)[0].unlink()
        assert cache.get(KEYS[0]) is None
    segments = segment_files(folder)
    assert found_in(folder)[0] == [False] * 4
    assert segments == []


def test_opening_sweeps_listings_without_files_and_files_without_listing(folder):
    listed = segment_files(folder)[0]
    listed.unlink()
    strangers = [folder / "segments" / f"{'abcd' * 8}.seg", folder / "segments" / f"{'abcd' * 8}.tmp"]
    for stranger in strangers:
        stranger.write_bytes(b"?")
    with ActivationCache(folder, BUDGET) as cache:
        assert cache.stats().disk_bytes == 0
        assert segment_files(folder) == []
        assert cache.keys("space") == []


@pytest.mark.parametrize("garbage", [b"not a database at all" * 400, b""])
def test_a_damaged_index_is_begun_anew(folder, garbage):
    for suffix in ("-wal", "-shm"):
        (folder / f"index.sqlite{suffix}").unlink(missing_ok=True)
    (folder / "index.sqlite").write_bytes(garbage)
    warnings = []
    with ActivationCache(folder, BUDGET, on_warning=warnings.append) as cache:
        assert cache.get(KEYS[0]) is None
        assert segment_files(folder) == []
        cache.put(KEYS[0], contents(KEYS[0]))
    assert warnings == ([disk.INDEX_FAILED] if garbage else [])
    assert found_in(folder)[0] == [True, False, False, False]


def test_an_index_of_another_version_is_begun_anew(folder):
    with sqlite3.connect(folder / "index.sqlite") as index:
        index.execute("PRAGMA user_version = 99")
    index.close()
    assert found_in(folder)[0] == [False] * 4


def test_index_pages_overwritten_never_give_wrong_bytes(folder):
    path = folder / "index.sqlite"
    data = bytearray(path.read_bytes())
    for start in range(4096, len(data), 4096):
        damaged = bytearray(data)
        damaged[start + 200 : start + 4096] = os.urandom(3896)
        path.write_bytes(damaged)
        with ActivationCache(folder, BUDGET) as cache:
            for key in KEYS:
                found = cache.get(key)
                assert found is None or torch.equal(found, contents(key))


def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_said_once_and_the_entries_stay_in_memory(tmp_path, monkeypatch):
    warnings = []
    with ActivationCache(tmp_path, BUDGET, on_warning=warnings.append) as cache:
        monkeypatch.setattr(segment, "_write_all", full)
        monkeypatch.setattr(disk, "PAUSE_SECONDS", 0.0)
        for key in KEYS:
            assert cache.put(key, contents(key))
            cache.flush()
        assert all(torch.equal(cache.get(key), contents(key)) for key in KEYS)
        assert warnings == [disk.DISK_FULL]
        assert cache.last_warning == disk.DISK_FULL
        assert segment_files(tmp_path) == []
        assert cache.stats().disk_bytes == 0


def test_writing_goes_on_when_there_is_room_again(tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "PAUSE_SECONDS", 0.0)
    with ActivationCache(tmp_path, BUDGET) as cache:
        with monkeypatch.context() as patch:
            patch.setattr(segment, "_write_all", full)
            cache.put(KEYS[0], contents(KEYS[0]))
            cache.flush()
        cache.put(KEYS[1], contents(KEYS[1]))
    assert found_in(tmp_path)[0] == [False, True, False, False]


def test_after_a_failure_the_disk_is_left_alone_for_a_while(tmp_path, monkeypatch):
    tries = []

    def failing(*_):
        tries.append(1)
        full()

    monkeypatch.setattr(segment, "_write_all", failing)
    with ActivationCache(tmp_path, BUDGET) as cache:
        for key in KEYS:
            cache.put(key, contents(key))
            cache.flush()
    assert len(tries) == 1


def test_an_older_value_does_not_come_back_when_the_new_one_could_not_be_written(tmp_path, monkeypatch):
    with ActivationCache(tmp_path, RAM_ONLY_A_LITTLE) as cache:
        cache.put(KEYS[0], torch.zeros(1000))
        cache.flush()
        monkeypatch.setattr(segment, "_write_all", full)
        cache.put(KEYS[0], torch.ones(1000))
        cache.flush()
        for item in range(20):
            cache.put(CacheKey("other", item, ""), torch.zeros(1000))
        assert cache.get(KEYS[0]) is None


def test_some_of_the_disk_is_left_to_others(tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "free_disk_bytes", lambda folder: disk.KEEP_FREE + 100)
    with ActivationCache(tmp_path, BUDGET) as cache:
        cache.put(KEYS[0], contents(KEYS[0]))
        cache.flush()
        assert cache.last_warning == disk.DISK_FULL
        assert segment_files(tmp_path) == []


LIMITED = """
import resource, sys
from pathlib import Path
import torch
from filelock import FileLock
from cache import ActivationCache, Budget, CacheKey
from cache.disk import DISK_FULL
resource.setrlimit(resource.RLIMIT_FSIZE, (2**19, 2**19))
with ActivationCache(Path(sys.argv[1]), Budget(ram_bytes=2**24, disk_bytes=2**26)) as cache:
    cache.put(CacheKey("a", 0, ""), torch.ones(2**20))
    cache.flush()
    assert torch.equal(cache.get(CacheKey("a", 0, "")), torch.ones(2**20))
    assert cache.last_warning == DISK_FULL, cache.last_warning
    assert list((Path(sys.argv[1]) / "segments").iterdir()) == []
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on file sizes there")
def test_a_limit_on_file_sizes_is_met_like_a_full_disk(tmp_path):
    subprocess.run([sys.executable, "-c", LIMITED, str(tmp_path)], check=True, timeout=60)


def test_a_folder_that_cannot_be_made_means_memory_only(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    warnings = []
    with ActivationCache(tmp_path / "file" / "cache", BUDGET, on_warning=warnings.append) as cache:
        cache.put(KEYS[0], contents(KEYS[0]))
        cache.flush()
        assert torch.equal(cache.get(KEYS[0]), contents(KEYS[0]))
        assert warnings == [disk.FOLDER_FAILED]
        assert cache.stats().disk_bytes == 0


READ_ONLY = """
import os, sys
from pathlib import Path
import torch
from filelock import FileLock
from cache import ActivationCache, Budget, CacheKey
from cache.disk import FOLDER_FAILED
if os.geteuid() == 0:
    os.setuid(65534)
with ActivationCache(Path(sys.argv[1]), Budget(ram_bytes=2**24, disk_bytes=2**26)) as cache:
    assert cache.last_warning == FOLDER_FAILED, cache.last_warning
    cache.put(CacheKey("a", 0, ""), torch.ones(4))
    assert torch.equal(cache.get(CacheKey("a", 0, "")), torch.ones(4))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no read-only bit there")
@pytest.mark.parametrize("used_before", [False, True])
def test_a_read_only_folder_means_memory_only(used_before):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if used_before:
            with ActivationCache(folder, BUDGET) as cache:
                cache.put(KEYS[0], contents(KEYS[0]))
        before = sorted(folder.rglob("*"))
        for path in [folder, *before]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        subprocess.run([sys.executable, "-c", READ_ONLY, name], check=True, timeout=60)
        assert sorted(folder.rglob("*")) == before
        for path in [folder, *before]:
            path.chmod(0o755)


def test_rows_read_from_disk_touch_only_their_blocks(tmp_path):
    tensor = torch.arange(2 * 4096 * 64).remainder(30000).to(torch.int16).view(2, 4096, 64)
    with ActivationCache(tmp_path, BUDGET) as cache:
        cache.put(KEYS[0], tensor)
    with ActivationCache(tmp_path, BUDGET) as cache:
        rows = torch.cat([torch.arange(y * 64 + 20, y * 64 + 34) for y in range(20, 34)])
        assert torch.equal(cache.get_rows(KEYS[0], rows), tensor[:, rows])
        looked = cache.stats().bytes_read_disk
        # 14 rows of the picture of 64 positions of 128 bytes, one block each; in both halves of the batch
        assert looked == 2 * 14 * sizes_of.BLOCK
        assert looked < tensor.nbytes / 4


def test_the_disk_budget_holds_and_whole_spaces_go(tmp_path):
    directories = 16 * sizes_of.PAGE
    budget = Budget(ram_bytes=2 * MB, disk_bytes=disk.INDEX_RESERVE + 2 * MB + directories)
    with ActivationCache(tmp_path, budget) as cache:
        for space in range(6):
            for item in range(4):
                assert cache.put(
                    CacheKey(f"space {space}", item, ""), torch.full((MB // 8,), space).to(torch.int8)
                )
                cache.flush()
                assert sum(path.stat().st_size for path in tmp_path.rglob("*")) <= budget.disk_bytes
        sizes = {space.name: space.disk_bytes for space in cache.spaces() if space.disk_bytes}
        assert set(sizes.values()) == {MB // 2 + 4 * sizes_of.PAGE}, "each segment begins with its directory"
        assert set(sizes) == {f"space {number}" for number in (2, 3, 4, 5)}
        assert cache.stats().evicted_spaces == 2


def test_a_run_larger_than_the_disk_budget_keeps_its_first_steps(tmp_path):
    budget = Budget(ram_bytes=MB, disk_bytes=disk.INDEX_RESERVE + MB + 8 * sizes_of.PAGE)
    with ActivationCache(tmp_path, budget) as cache:
        for item in range(16):
            cache.put(CacheKey("run", item, ""), torch.full((MB // 8,), item).to(torch.int8))
            cache.flush()
    with ActivationCache(tmp_path, budget) as cache:
        there = [item for item in range(16) if cache.get(CacheKey("run", item, "")) is not None]
        assert there == list(range(len(there)))
        assert len(there) == 8


def test_a_smaller_budget_is_kept_from_the_start(folder):
    with ActivationCache(folder, Budget(ram_bytes=MB, disk_bytes=disk.INDEX_RESERVE)) as cache:
        assert cache.stats().disk_bytes == 0
        assert segment_files(folder) == []


def test_use_is_remembered_when_choosing_what_goes(tmp_path):
    budget = Budget(ram_bytes=2**16, disk_bytes=disk.INDEX_RESERVE + MB)
    with ActivationCache(tmp_path, budget) as cache:
        for space in ("first", "second"):
            cache.put(CacheKey(space, 0, ""), torch.zeros(2**17, dtype=torch.int8)[: 2**15], row_dim=None)
            cache.flush()
    with ActivationCache(tmp_path, budget) as cache:
        cache._disk.index._writing.execute("UPDATE spaces SET last_used = last_used - 1000")
        assert cache.get(CacheKey("first", 0, "")) is not None
        cache.put(CacheKey("third", 0, ""), torch.zeros(2**15, dtype=torch.int8))
        cache.flush()
        cache.trim(Budget(ram_bytes=2**16, disk_bytes=disk.INDEX_RESERVE + 2**16 + 2 * sizes_of.PAGE))
        assert [space.name for space in cache.spaces() if space.disk_bytes] == ["first", "third"]


def test_an_index_that_fails_midway_leaves_memory_working(folder):
    warnings = []
    with ActivationCache(folder, BUDGET, on_warning=warnings.append) as cache:
        cache.put(KEYS[0], contents(KEYS[0]))
        cache.flush()
        cache._disk.index.close()
        assert torch.equal(cache.get(KEYS[0]), contents(KEYS[0]))
        assert cache.get(KEYS[1]) is None
        cache.describe_space("new", {"a": 1})
        assert cache.space_metadata("new") == {"a": 1}
        assert [space.name for space in cache.spaces()] == ["new", "space"]
        assert cache.keys("space") == [KEYS[0]]
        cache.put(KEYS[2], contents(KEYS[2]))
        cache.flush()
        assert torch.equal(cache.get(KEYS[2]), contents(KEYS[2]))
        assert cache.stats().disk_bytes == 0
        assert cache.room().disk_bytes >= 0
    assert set(warnings) == {disk.INDEX_FAILED, disk.WRITE_FAILED}


def test_an_index_that_fails_while_a_segment_is_written(tmp_path, monkeypatch):
    write_all = segment._write_all
    with ActivationCache(tmp_path, BUDGET) as cache:

        def fail_afterwards(handle, data):
            write_all(handle, data)
            monkeypatch.setattr(cache._disk.index, "transaction", broken_index)

        monkeypatch.setattr(segment, "_write_all", fail_afterwards)
        cache.put(KEYS[0], contents(KEYS[0]))
        cache.flush()
        assert torch.equal(cache.get(KEYS[0]), contents(KEYS[0]))
        assert cache.last_warning == disk.DISK_FULL
        monkeypatch.undo()
    assert found_in(tmp_path)[0] == [False] * 4
    assert segment_files(tmp_path) == []


def broken_index():
    raise sqlite3.OperationalError("database or disk is full")


def test_an_index_locked_by_another_program_means_memory_only(folder, monkeypatch):
    monkeypatch.setattr(index, "BUSY_SECONDS", 0.05)
    other = sqlite3.connect(folder / "index.sqlite")
    other.execute("BEGIN EXCLUSIVE")
    with ActivationCache(folder, BUDGET) as cache:
        assert cache.last_warning == disk.FOLDER_FAILED
    other.rollback()
    other.close()
    assert found_in(folder)[0] == [True] * 4


def test_a_damaged_index_that_others_use_is_left_to_them(folder):
    with ActivationCache(folder, BUDGET):
        data = (folder / "index.sqlite").read_bytes()
        (folder / "index.sqlite").write_bytes(data[:4096] + b"?" * (len(data) - 4096))
        with ActivationCache(folder, BUDGET) as second:
            assert second.last_warning == disk.FOLDER_FAILED
        (folder / "index.sqlite").write_bytes(data)


def test_a_file_that_cannot_be_deleted_now_is_counted_and_deleted_later(folder, monkeypatch):
    def in_use(self, missing_ok=False):
        raise PermissionError(
            "The process cannot access the file because it is being used by another process"
        )

    with ActivationCache(folder, BUDGET) as cache:
        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", in_use)
            cache.drop_space("space")
            assert cache.get(KEYS[0]) is None
            assert cache.stats().disk_bytes > 0
        cache.put(CacheKey("other", 0, ""), torch.zeros(4))
        cache.flush()
        assert len(segment_files(folder)) == 1


def test_a_segment_nobody_finished_goes_with_its_process(folder):
    half, dead = "a" * 32, "d" * 32
    with sqlite3.connect(folder / "index.sqlite") as listing:
        listing.execute("INSERT INTO owners VALUES (?)", (dead,))
        row = (half, dead, sealed((half, 4096, 0.0), None))
        listing.execute("INSERT INTO segments VALUES (?, 1, 4096, 0.0, ?, ?)", row)
    listing.close()
    for suffix in ("tmp", "seg"):
        (folder / "segments" / f"{half}.{suffix}").write_bytes(b"?")
    (folder / "owners" / f"{dead}.lock").write_bytes(b"")
    assert found_in(folder)[0] == [True] * 4
    assert [path.stem for path in segment_files(folder)] != [half]
    assert len(segment_files(folder)) == 1


def test_only_so_many_files_are_mapped_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "MAX_MAPS", 3)
    with ActivationCache(tmp_path, Budget(ram_bytes=2**14, disk_bytes=64 * MB)) as cache:
        for item in range(8):
            cache.put(CacheKey("run", item, ""), torch.full((1000,), item))
            cache.flush()
        for item in range(8):
            assert torch.equal(cache.get(CacheKey("run", item, "")), torch.full((1000,), item))
            assert len(cache._disk._maps) <= 3


def test_rows_written_to_between_two_reads_are_seen(tmp_path):
    tensor = torch.arange(4000 * 32).remainder(2000).view(4000, 32).half()
    with ActivationCache(tmp_path, BUDGET) as cache:
        cache.put(KEYS[0], tensor)
    with ActivationCache(tmp_path, BUDGET) as cache:
        rows = torch.tensor([0, 1])
        assert torch.equal(cache.get_rows(KEYS[0], rows), tensor[rows])
        rows += 3000
        assert torch.equal(cache.get_rows(KEYS[0], rows), tensor[rows])
        assert cache.get_rows(KEYS[0], torch.zeros(0, dtype=torch.int64)).shape == (0, 32)
        with pytest.raises(IndexError):
            cache.get_rows(KEYS[0], torch.tensor([4000]))


def test_many_sets_of_rows(tmp_path):
    tensor = torch.arange(300 * 8).view(300, 8)
    with ActivationCache(tmp_path, BUDGET) as cache:
        cache.put(KEYS[0], tensor)
    with ActivationCache(tmp_path, BUDGET) as cache:
        sets = [torch.tensor([number, number + 100]) for number in range(row_blocks.MAX_BLOCKS + 10)]
        assert all(torch.equal(cache.get_rows(KEYS[0], rows), tensor[rows]) for rows in sets)
        assert len(cache._disk._row_blocks._known) == row_blocks.MAX_BLOCKS


def test_a_lock_that_a_stopped_process_holds_costs_the_disk_tier_not_the_start(tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "LOCK_SECONDS", 0.05)
    with ActivationCache(tmp_path, BUDGET):
        pass
    with FileLock(tmp_path / "lock"), ActivationCache(tmp_path, BUDGET) as cache:
        assert cache.last_warning is not None
        assert cache.put(KEYS[0], contents(KEYS[0])) and cache.get(KEYS[0]) is not None
    with ActivationCache(tmp_path, BUDGET) as cache:
        assert cache.last_warning is None


def test_a_file_that_another_program_sweeps_first_does_not_keep_the_cache_from_opening(folder, monkeypatch):
    stranger = folder / "segments" / f"{'a' * 32}.seg"
    stranger.write_bytes(b"?")
    unlink = Path.unlink

    def gone_already(path, missing_ok=False):
        unlink(path, missing_ok=True)
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", gone_already)
    assert found_in(folder)[0] == [True] * 4
    assert not stranger.exists()


def test_the_blocks_of_the_same_rows_are_worked_out_once():
    spec, rows = TensorSpec.of(torch.zeros(2, 500, 64), 1, ""), torch.tensor([3, 400])
    known = row_blocks.RowBlocks()
    first = known.under(spec, rows)
    assert known.under(spec, rows) is first and known.under(spec, rows.clone()) is not first
    assert known.under(spec, rows.clone()).tolist() == first.tolist()
    rows[1] = 4
    assert known.under(spec, rows).tolist() != first.tolist()


def listed(folder, table):
    with sqlite3.connect(folder / "index.sqlite") as listing:
        found = {name for (name,) in listing.execute(f"SELECT name FROM {table}")}
    listing.close()
    return found


def test_who_works_in_a_folder_is_listed_there_as_long_as_it_does(folder):
    with ActivationCache(folder, BUDGET):
        assert listed(folder, "owners") == {path.stem for path in (folder / "owners").glob("*.lock")} != set()
    assert listed(folder, "owners") == set()


def test_a_space_whose_entries_were_dropped_one_by_one_is_forgotten(folder):
    with ActivationCache(folder, BUDGET) as cache:
        for key in KEYS:
            assert listed(folder, "spaces") == {"space"}
            cache.drop(key)
        cache.flush()
        assert listed(folder, "spaces") == set() and segment_files(folder) == []
