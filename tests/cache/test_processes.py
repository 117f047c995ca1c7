"""Several processes on one folder, some of them killed."""

import random

import pytest
import torch

from cache import ActivationCache, Budget, CacheKey, disk
from support.cache_processes import (
    all_keys,
    check,
    contents,
    folder_bytes,
    read,
    start,
    work,
    write_for_ever,
)

MB = 2**20
BUDGET = Budget(ram_bytes=MB, disk_bytes=disk.INDEX_RESERVE + 4 * MB)
KEY = CacheKey("space 0", 0, "slot 0")


@pytest.mark.parametrize("seed", range(6))
def test_killed_at_any_moment_no_wrong_byte_comes_back(tmp_path, seed):
    chosen, found = random.Random(seed), 0
    for _round in range(4):
        process, pipe = start(write_for_ever, tmp_path, BUDGET, chosen.randrange(10**6))
        for _ in range(chosen.randrange(1, 15)):
            assert pipe.poll(60)
            pipe.recv()
        for _ in range(chosen.randrange(5000)):  # somewhere in the middle of what it does next
            pass
        process.kill()
        process.join()
        with ActivationCache(tmp_path, BUDGET) as cache:
            assert cache.last_warning is None
            found += check(cache, all_keys())
            assert cache.stats().damaged == 0
            assert cache.stats().disk_bytes == sum(
                path.stat().st_size for path in (tmp_path / "segments").iterdir()
            )
            assert not list((tmp_path / "segments").glob("*.tmp"))
            assert folder_bytes(tmp_path) <= BUDGET.disk_bytes
    assert found > 0


def test_what_was_flushed_survives_the_kill(tmp_path):
    process, pipe = start(write_for_ever, tmp_path, Budget(ram_bytes=MB, disk_bytes=64 * MB), 1)
    done = [pipe.recv() for _ in range(12)]
    process.kill()
    process.join()
    with ActivationCache(tmp_path, BUDGET) as cache:
        assert check(cache, all_keys()) > 0
    assert len(done) == 12


def test_many_processes_at_once_do_no_harm(tmp_path):
    started = [start(work, tmp_path, BUDGET, seed, 60) for seed in range(3)]
    for process, pipe in started:
        assert pipe.poll(120)
        found, warnings = pipe.recv()
        process.join()
        assert warnings == []
        assert found > 0
    with ActivationCache(tmp_path, BUDGET) as cache:
        check(cache, all_keys())
        assert cache.stats().damaged == 0
        assert folder_bytes(tmp_path) <= BUDGET.disk_bytes


def test_each_process_reads_what_the_other_wrote(tmp_path):
    process, pipe = start(read, tmp_path, BUDGET)
    with ActivationCache(tmp_path, BUDGET) as cache:
        pipe.send(KEY)
        assert pipe.recv() is None
        cache.put(KEY, contents(KEY))
        cache.flush()
        pipe.send(KEY)
        assert torch.equal(torch.from_numpy(pipe.recv()), contents(KEY))
        pipe.send(None)
        process.join()


def test_evicting_under_a_readers_feet(tmp_path):
    rows = torch.tensor([0, 5])
    with ActivationCache(tmp_path, BUDGET) as reader, ActivationCache(tmp_path, BUDGET) as other:
        other.put(KEY, contents(KEY))
        other.flush()
        assert torch.equal(reader.get_rows(KEY, rows), contents(KEY)[:, rows])
        other.drop_space(KEY.space)
        found = reader.get_rows(KEY, rows)
        assert found is None or torch.equal(found, contents(KEY)[:, rows])
        other.put(KEY, contents(KEY) + 1)
        other.flush()
        assert torch.equal(reader.get_rows(KEY, rows), contents(KEY)[:, rows] + 1)
