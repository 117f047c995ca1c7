"""Random lives of a cache: budgets hold, what was taken is there, and get gives what was put, or nothing."""

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import hypothesis.strategies as st
import torch
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cache import ActivationCache, Budget, CacheKey, disk
from support.cache_processes import folder_bytes

KB = 2**10
spaces = st.sampled_from(["a", "b", "c"])
keys = st.builds(CacheKey, spaces, st.integers(0, 3), st.sampled_from(["x", "y"]))
sizes = st.sampled_from([1, 900, 5000, 20_000])


class CacheLife(RuleBasedStateMachine):
    folder: Path | None
    budget: Budget

    def __init__(self):
        super().__init__()
        self.right: dict[CacheKey, torch.Tensor] = {}
        self.count = 0
        self.cache = ActivationCache(self.folder, self.budget)
        self.bodies = ExitStack()

    def teardown(self):
        self.bodies.close()
        self.cache.close()

    @rule()
    def write_later(self):
        self.bodies.enter_context(self.cache.writing_later())

    @rule(space=spaces, item=st.integers(0, 3))
    def hold(self, space, item):
        entries = self.bodies.enter_context(self.cache.held(space, item))
        for slot, entry in entries.items():
            self.compare(CacheKey(space, item, slot), entry.spec.tensor(entry.block.data), None)

    @rule()
    def let_go(self):
        self.bodies.close()

    @rule(key=keys, size=sizes)
    def put(self, key, size):
        self.count += 1
        value = torch.arange(2 * size).add(self.count * 7).remainder(251).to(torch.uint8).view(2, size, 1)
        self.right.pop(key, None)
        if self.cache.put(key, value, cost_seconds=size / 1000):
            self.right[key] = value
            assert self.cache.info(key) is not None

    @rule(key=keys)
    def get(self, key):
        self.compare(key, self.cache.get(key), None)

    @rule(key=keys)
    def get_rows(self, key):
        if key in self.right:
            rows = torch.tensor([0, self.right[key].shape[1] // 2, self.right[key].shape[1] - 1])
            self.compare(key, self.cache.get_rows(key, rows), rows)

    def compare(self, key, found, rows):
        if found is not None:
            right = self.right[key]
            assert torch.equal(found, right if rows is None else right[:, rows])

    @rule(wanted=st.lists(keys, max_size=4))
    def prefetch(self, wanted):
        self.cache.prefetch(wanted)

    @rule(key=keys)
    def drop(self, key):
        self.cache.drop(key)
        self.right.pop(key, None)

    @rule(space=spaces)
    def drop_space(self, space):
        self.cache.drop_space(space)
        self.right = {key: value for key, value in self.right.items() if key.space != space}

    @rule()
    def flush(self):
        self.cache.flush()

    @rule()
    def trim_and_grow_again(self):
        self.bodies.close()
        small = Budget(self.budget.device_bytes // 2, self.budget.ram_bytes // 2, self.budget.disk_bytes)
        self.cache.trim(small)
        assert self.cache.stats().ram_bytes <= small.ram_bytes
        self.cache.trim(self.budget)

    @rule()
    def reopen(self):
        self.bodies.close()
        self.cache.close()
        self.cache = ActivationCache(self.folder, self.budget)

    @invariant()
    def budgets_hold(self):
        stats = self.cache.stats()
        assert stats.device_bytes <= self.budget.device_bytes
        assert stats.ram_bytes <= self.budget.ram_bytes
        if self.folder is not None:
            with self.cache._disk.index.transaction():  # nothing is evicted while it is counted
                assert folder_bytes(self.folder) <= self.budget.disk_bytes
        assert stats.damaged == 0
        assert self.cache.last_warning is None


class MemoryLife(CacheLife):
    folder = None
    budget = Budget(device_bytes=20 * KB, ram_bytes=100 * KB)


class DiskLife(CacheLife):
    budget = Budget(device_bytes=20 * KB, ram_bytes=100 * KB, disk_bytes=disk.INDEX_RESERVE + 150 * KB)

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp())
        super().__init__()

    def teardown(self):
        super().teardown()
        shutil.rmtree(self.folder)


TestMemoryLife = MemoryLife.TestCase
TestMemoryLife.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestDiskLife = DiskLife.TestCase
TestDiskLife.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
