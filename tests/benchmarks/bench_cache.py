"""Cost of the activation cache: putting a step, reading its rows from memory and disk, tier bandwidth, reading ahead.

    python tests/benchmarks/bench_cache.py [--steps 12] [--folder DIR] [--json]

A step is 100 half-precision tensors, 34 MB, as the default model leaves them at 512x512; the rows are those of a
compact region of 5 % and the ring around it. Each figure is a median over the steps, in one run. On a machine that
is busy with other things the figures are those of a busy machine.
"""

import prelude  # noqa: F401 before torch

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from cache import ActivationCache, Budget, CacheKey, LayeredReader, RowNumbers, put_rows
from report import Row, show

MB = 10**6
# (positions' side, channels, how many): 34 MB for both guidance halves
SHAPES = [(64, 64, 20), (32, 128, 16), (16, 192, 32), (8, 256, 32)]
SHARE = 0.05


def step_tensors() -> list[torch.Tensor]:
    tensors = [
        torch.randn(2, side * side, channels).half() for side, channels, count in SHAPES for _ in range(count)
    ]
    return tensors


def region_rows(side: int) -> torch.Tensor:
    """Rows of a square of SHARE of the positions in the middle, and the ring around it."""
    width = min(max(round(side * SHARE**0.5), 1) + 2, side)
    first = (side - width) // 2
    inside = torch.zeros(side, side, dtype=torch.bool)
    inside[first : first + width, first : first + width] = True
    return inside.flatten().nonzero().flatten()


def milliseconds(work, *arguments) -> float:
    start = time.perf_counter()
    work(*arguments)
    return (time.perf_counter() - start) * 1e3


class Bench:
    def __init__(self, folder: Path, steps: int):
        self.folder, self.steps = folder, steps
        self.tensors = step_tensors()
        self.megabytes = sum(tensor.nbytes for tensor in self.tensors) / MB
        regions = {side * side: region_rows(side) for side, _, _ in SHAPES}
        self.rows = [regions[tensor.shape[1]] for tensor in self.tensors]
        ram = int(2 * steps * self.megabytes * MB) + 2**28
        self.budget = Budget(ram_bytes=ram, disk_bytes=2 * ram)
        self.results: list[Row] = []

    def report(self, name: str, value: float, unit: str, bar: str | None = None) -> None:
        self.results.append(Row(name, value, unit, bar))

    def key(self, step: int, slot: int, space: str = "run") -> CacheKey:
        return CacheKey(space, step, f"slot {slot}")

    def open(self) -> ActivationCache:
        return ActivationCache(self.folder, self.budget)

    def put_step(self, cache: ActivationCache, step: int, space: str = "run") -> None:
        for slot, tensor in enumerate(self.tensors):
            cache.put(self.key(step, slot, space), tensor)

    def copy_step(self, targets: list[torch.Tensor]) -> None:
        for target, tensor in zip(targets, self.tensors, strict=True):
            np.copyto(target.numpy(), tensor.numpy())

    def read_rows(self, cache: ActivationCache, step: int) -> None:
        for slot, rows in enumerate(self.rows):
            assert cache.get_rows(self.key(step, slot), rows) is not None

    def read_whole(self, cache: ActivationCache, step: int) -> None:
        for slot in range(len(self.tensors)):
            assert cache.get(self.key(step, slot)) is not None

    def median(self, work) -> float:
        return statistics.median(milliseconds(work, step) for step in range(self.steps))

    def run(self) -> list[Row]:
        self.putting()
        self.reading_disk()
        self.reading_ahead()
        self.chains()
        return self.results

    def putting(self) -> None:
        targets = [tensor.clone() for tensor in self.tensors]
        with self.open() as cache:
            fresh, reused, copies, writes = [], [], [], []
            for step in range(self.steps):
                fresh.append(milliseconds(self.put_step, cache, step))
                writes.append(milliseconds(cache.flush))
            rows = self.median(lambda step: self.read_rows(cache, step))
            whole = self.median(lambda step: self.read_whole(cache, step))
            cache.drop_space("run")
            for step in range(self.steps):
                copies.append(milliseconds(self.copy_step, targets))
                reused.append(milliseconds(self.put_step, cache, step))
                cache.flush()
        self.report("put_step_fresh", statistics.median(fresh), "ms")
        self.report("put_step", statistics.median(reused), "ms", "<= 50")
        self.report("plain_copy_step", statistics.median(copies), "ms")
        self.report("flush_step", statistics.median(writes), "ms")
        self.report("disk_write", self.megabytes / statistics.median(writes), "GB/s")
        self.report("rows_ram_step", rows, "ms", "<= 5")
        self.report("ram_read", self.megabytes / whole, "GB/s")

    def reading_disk(self) -> None:
        with self.open() as cache:
            first = self.median(lambda step: self.read_rows(cache, step))
            looked = cache.stats().bytes_read_disk / self.steps / MB
            again = self.median(lambda step: self.read_rows(cache, step))
            self.report("rows_disk_first_step", first, "ms")
            self.report("rows_disk_step", again, "ms")
            self.report("rows_disk_looked_at", looked, f"MB of {self.megabytes:.0f}")
        with self.open() as cache:
            whole = self.median(lambda step: self.read_whole(cache, step))
            self.report("disk_read", self.megabytes / whole, "GB/s")

    def reading_ahead(self) -> None:
        """How much of the time of reading rows from disk for the first time hides behind computing."""
        weights = torch.randn(512, 512)

        def compute() -> None:
            values = weights
            for _ in range(12):
                values = torch.tanh(values @ weights)

        def alone(step: int) -> None:
            compute()
            self.read_rows(cache, step)

        def ahead(step: int) -> None:
            if step + 1 < self.steps:
                cache.prefetch((self.key(step + 1, slot), rows) for slot, rows in enumerate(self.rows))
            compute()
            self.read_rows(cache, step)

        computing = self.median(lambda step: compute())
        with self.open() as cache:
            one_after_the_other = self.median(alone)
        with self.open() as cache:
            overlapped = self.median(ahead)
            self.report(
                "prefetched_share", cache.stats().hits_prefetched / (self.steps * len(self.rows)), "of reads"
            )
        self.report("compute_step", computing, "ms")
        self.report("compute_then_read", one_after_the_other, "ms")
        self.report("compute_while_reading", overlapped, "ms")
        self.report("prefetch_gain", one_after_the_other / overlapped, "x")

    def chains(self) -> None:
        """Rows through a chain of four turns whose deltas cover the region, against the base alone."""
        with self.open() as cache:
            chain = ["run"]
            for turn in range(1, 5):
                for step in range(self.steps):
                    for slot, (tensor, rows) in enumerate(zip(self.tensors, self.rows, strict=True)):
                        mine = rows[turn::4]
                        put_rows(
                            cache,
                            self.key(step, slot, f"turn {turn}"),
                            RowNumbers(mine),
                            tensor[:, mine],
                            tensor.shape[1],
                        )
                chain.insert(0, f"turn {turn}")
            cache.flush()
            for step in range(self.steps):
                self.read_whole(cache, step)
            reader = LayeredReader(cache, chain)

            def read(step: int) -> None:
                for slot, rows in enumerate(self.rows):
                    assert reader.get_rows(step, f"slot {slot}", rows) is not None

            self.report("rows_chain_of_5_step", self.median(read), "ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument(
        "--folder", type=Path, help="where to make the cache, so on which disk (default: temporary)"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(min(2, os.cpu_count() or 1))
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        results = Bench(Path(folder), options.steps).run()
    show(results, options.json)


if __name__ == "__main__":
    main()
