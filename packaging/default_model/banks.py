"""Backgrounds and weather painted ahead on all cores, for scenes that are put together on a device.

This file is a process of its own that imports no torch: it reads what to paint as JSON, paints it with places.py and
weather.py, one picture a task, and prints the name of each bank when its file is whole.
"""

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

import places
import weather


@dataclass(frozen=True)
class Bank:
    """Pictures of one size: what each shows, (word, time of day or nothing for weather, seed)."""

    name: str
    height: int
    width: int
    pictures: tuple[tuple[str, str, int], ...]


class Painted:
    """Banks that another process paints, or has painted, into a folder (paint_ahead.py)."""

    def __init__(self, folder: Path, patience: float = 120.0):
        """A bank that is not there within so many seconds raises TimeoutError."""
        self._folder, self._patience = folder, patience

    def take(self, name: str) -> np.ndarray:
        """A bank as `Painters.take` gives it; it stays for others."""
        path, end = self._folder / f"{name}.npy", time.monotonic() + self._patience
        while not path.exists():
            if time.monotonic() > end:
                raise TimeoutError(f"{path} is not painted yet.")
            time.sleep(0.05)  # noqa: TID251  a file of another process gives no signal
        pictures: np.ndarray = np.load(path)
        return pictures

    def close(self) -> None:
        """Nothing is to be ended."""


class Painters:
    """A process that paints banks in the order given, while this one goes on."""

    def __init__(self, banks: Sequence[Bank], workers: int | None = None):
        self._folder = tempfile.TemporaryDirectory(prefix="banks-")
        self._ready: set[str] = set()
        self._process = subprocess.Popen(
            [sys.executable, __file__, self._folder.name, str(workers or os.cpu_count() or 1)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([asdict(bank) for bank in banks]))
        self._process.stdin.close()

    def take(self, name: str) -> np.ndarray:
        """A bank, uint8 (pictures, height, width, 4 or nothing), once it is painted; it can be taken once."""
        assert self._process.stdout is not None
        while name not in self._ready:
            line = self._process.stdout.readline()
            if not line:
                raise RuntimeError(f"The backgrounds could not be painted (status {self._process.wait()}).")
            self._ready.add(line.strip())
        path = Path(self._folder.name) / f"{name}.npy"
        pictures: np.ndarray = np.load(path)
        path.unlink()
        return pictures

    def close(self) -> None:
        """End the process, if it still paints, and forget what it painted."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._folder.cleanup()


def paint(task: tuple[str, str, int, int, int]) -> np.ndarray:
    """One picture: a place as uint8 (height, width, 4), opaque, or how much weather hides as uint8 (height, width)."""
    word, time, seed, height, width = task
    if not time:
        return (weather.coverage(word, height, width, seed) * 255 + 0.5).astype(np.uint8)
    pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[..., :3] = places.paint(word, time, height, width, seed) * 255 + 0.5
    return pixels


def write(bank: Bank, folder: Path, pool: "multiprocessing.pool.Pool") -> None:
    """Paint a bank and write it as NAME.npy, which is there once it is whole."""
    tasks = [(word, time, seed, bank.height, bank.width) for word, time, seed in bank.pictures]
    stack, partial = None, folder / f"{bank.name}.partial"
    for index, picture in enumerate(pool.imap(paint, tasks, chunksize=4)):
        if stack is None:
            shape = (len(tasks), *picture.shape)
            stack = np.lib.format.open_memmap(partial, "w+", np.uint8, shape)
        stack[index] = picture
    del stack
    partial.rename(folder / f"{bank.name}.npy")


def paint_all(banks: Sequence[Bank], folder: Path, workers: int) -> None:
    """Paint the banks that are not there yet, in their order, and print the name of each that is whole."""
    with multiprocessing.Pool(workers) as pool:
        for bank in banks:
            if (folder / f"{bank.name}.npy").exists():
                continue
            write(bank, folder, pool)
            print(bank.name, flush=True)


def main() -> None:
    banks = [Bank(**bank) for bank in json.load(sys.stdin)]
    paint_all(banks, Path(sys.argv[1]), int(sys.argv[2]))


if __name__ == "__main__":
    main()
