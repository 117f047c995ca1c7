"""What other processes do to a cache folder in the tests; and how they are started (quickly, torch loaded once)."""

import contextlib
import multiprocessing
import random
import sys

import torch

from cache import ActivationCache, Budget, CacheKey

CONTEXT = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
if sys.platform != "win32":
    CONTEXT.set_forkserver_preload(["cache"])

SLOTS = 6


def folder_bytes(folder) -> int:
    """Bytes of all files in the folder; a temporary file may be renamed while it is looked at."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            total += path.stat().st_size if path.is_file() else 0
    return total


def contents(key: CacheKey) -> torch.Tensor:
    """The only right value of a key, (2, rows, 32) half precision."""
    generator = torch.Generator().manual_seed(int(key.digest[:8], 16))
    return torch.randint(-999, 999, (2, 40 + int(key.digest[8:10], 16), 32), generator=generator).half()


def check(cache: ActivationCache, keys) -> int:
    """How many of the keys are there; each must be right to the bit."""
    found = 0
    for key in keys:
        whole, rows = cache.get(key), cache.get_rows(key, torch.tensor([3, 39]))
        assert whole is None or torch.equal(whole, contents(key)), key
        assert rows is None or torch.equal(rows, contents(key)[:, [3, 39]]), key
        found += whole is not None
    return found


def write_for_ever(folder, budget: Budget, pipe, seed: int) -> None:
    """Puts random items, tells of each that was flushed, and waits to be killed."""
    torch.set_num_threads(1)
    chosen = random.Random(seed)
    with ActivationCache(folder, budget) as cache:
        while True:
            space, item = f"space {chosen.randrange(4)}", chosen.randrange(20)
            for slot in range(SLOTS):
                key = CacheKey(space, item, f"slot {slot}")
                cache.put(key, contents(key))
            if chosen.random() < 0.5:
                cache.flush()
            if chosen.random() < 0.1:
                cache.drop_space(f"space {chosen.randrange(4)}")
            pipe.send((space, item))


def all_keys() -> list[CacheKey]:
    """Every key ``write_for_ever`` may write."""
    return [
        CacheKey(f"space {space}", item, f"slot {slot}")
        for space in range(4)
        for item in range(20)
        for slot in range(SLOTS)
    ]


def work(folder, budget: Budget, pipe, seed: int, rounds: int) -> None:
    """Writes, reads, drops and pins among others that do the same; tells what went wrong, or nothing."""
    torch.set_num_threads(1)
    chosen, keys = random.Random(seed), all_keys()
    warnings: list[str] = []
    found = 0
    with ActivationCache(folder, budget, on_warning=warnings.append) as cache:
        for _ in range(rounds):
            key = chosen.choice(keys)
            for slot in range(SLOTS):
                written = CacheKey(key.space, key.item, f"slot {slot}")
                cache.put(written, contents(written))
            found += check(cache, chosen.sample(keys, 10))
            if chosen.random() < 0.1:
                cache.drop_space(chosen.choice(keys).space)
    pipe.send((found, warnings))


def read(folder, budget: Budget, pipe) -> None:
    """Answers with the bytes of each key asked for until None comes."""
    torch.set_num_threads(1)
    with ActivationCache(folder, budget) as cache:
        for key in iter(pipe.recv, None):
            found = cache.get(key)
            pipe.send(None if found is None else found.numpy())


def start(target, *arguments):
    """The process and our end of its pipe, which is the target's third argument."""
    ours, theirs = CONTEXT.Pipe()
    folder, budget, *rest = arguments
    process = CONTEXT.Process(target=target, args=(folder, budget, theirs, *rest), daemon=True)
    process.start()
    theirs.close()
    return process, ours
