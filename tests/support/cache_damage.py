"""Damaging a cache folder as a disk, a program or a power cut may; and looking whether it then lies.

Every key has one right value (support.cache_processes.contents), so whatever comes back can be judged.
"""

import functools
import os
import random
import shutil
import sqlite3
from pathlib import Path

import torch

from cache import ActivationCache, Budget, CacheKey, LayeredReader, RowNumbers, put_rows
from cache.spec import TensorSpec

BUDGET = Budget(ram_bytes=2**16, disk_bytes=2**26)  # next to no memory: everything is read from the disk
TOTAL = 300
WHOLE, DELTA = "whole", "delta"
CHAIN = (DELTA, WHOLE)
ITEMS, SLOTS = range(2), ("a", "b", "norms")
KEYS = [CacheKey(space, item, slot) for space in (WHOLE, DELTA) for item in ITEMS for slot in SLOTS]
METADATA = {"complete": True}
WANTED = torch.tensor([0, 7, 150, 299])
_SHAPES = {"a": (2, TOTAL, 32), "b": (2, TOTAL, 24), "norms": (2, 8, 1)}


@functools.cache
def value(key: CacheKey) -> torch.Tensor:
    """The only right value of a key, not to be changed; of a delta, its rows."""
    generator = torch.Generator().manual_seed(int(key.digest[:8], 16))
    batch, rows, width = _SHAPES[key.slot]
    if key.space == DELTA and key.slot != "norms":
        rows = len(delta_rows(key))
    return torch.randint(-999, 999, (batch, rows, width), generator=generator).half()


@functools.cache
def delta_rows(key: CacheKey) -> torch.Tensor:
    return torch.arange(key.item * 40, key.item * 40 + 60)


@functools.cache
def seen_through(item: int, slot: str) -> torch.Tensor:
    """What the chain of both spaces shows under a key."""
    newest = CacheKey(DELTA, item, slot)
    if slot == "norms":
        return value(newest)
    return value(CacheKey(WHOLE, item, slot)).index_copy(1, delta_rows(newest), value(newest))


def fill(cache: ActivationCache, keys: list[CacheKey]) -> None:
    for key in keys:
        if key.slot == "norms":
            cache.put(key, value(key), row_dim=None)
        elif key.space == WHOLE:
            cache.put(key, value(key))
        else:
            put_rows(cache, key, RowNumbers(delta_rows(key)), value(key), TOTAL)
    for space in CHAIN:
        cache.describe_space(space, METADATA)
    cache.flush()


def lies_of(cache: ActivationCache, keys: list[CacheKey]) -> tuple[int, int]:
    """How many answers were wrong, and how many right."""
    wrong = right = 0

    def judge(found: object, expected: object) -> None:
        nonlocal wrong, right
        same = torch.equal(found, expected) if isinstance(expected, torch.Tensor) else found == expected
        right, wrong = right + same, wrong + (not same)

    for key in keys:
        for found, expected in _answers(cache, key):
            if found is not None:
                judge(found, expected)
    reader = LayeredReader(cache, CHAIN)
    for key in keys:
        if key.space != DELTA:
            continue
        expected = seen_through(key.item, key.slot)
        if (whole := reader.get(key.item, key.slot)) is not None:
            judge(whole, expected)
        if key.slot != "norms" and (rows := reader.get_rows(key.item, key.slot, WANTED)) is not None:
            judge(rows, expected[:, WANTED])
    for space in CHAIN:
        if (metadata := cache.space_metadata(space)) is not None:
            judge(metadata, METADATA)
    return wrong, right


def _answers(cache: ActivationCache, key: CacheKey):
    expected = value(key)
    spec = cache.info(key)
    if spec is not None:
        wanted = TensorSpec.of(expected, None if key.slot == "norms" else -2, spec.note)
        yield spec, wanted
    if key.slot != "norms":
        rows = torch.tensor([3, 50])
        yield cache.get_rows(key, rows) if spec is not None else None, expected[:, rows]
    yield cache.get(key), expected


def tried(whole: Path, folder: Path, seed: int) -> dict[str, int]:
    """Damages a copy of ``whole``, looks whether it lies, then uses it as the program does.

    What is missing is put again, and must be there, and right, in the next process but one: the damage may show only
    then, and take all with it, but it must not stay. "kept" counts folders of which that holds.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(whole, folder)
    chosen = random.Random(seed)
    running = chosen.random() < 0.25
    wrong = right = 0
    if not running:
        damage(folder, chosen)
    with ActivationCache(folder, BUDGET) as cache:
        if running:
            lies_of(cache, KEYS[:6])
            damage_index(folder, chosen)
        wrong, right = lies_of(cache, KEYS)
        fill(cache, KEYS)
        again = _known(cache)
    with ActivationCache(folder, BUDGET) as cache:
        known = _known(cache)
        fill(cache, [key for key, is_right in known.items() if is_right is None])
    with ActivationCache(folder, BUDGET) as cache:
        last = _known(cache)
    later = [*again.values(), *known.values(), *last.values()]
    return {
        "wrong": wrong + later.count(False),
        "right": right + later.count(True),
        "kept": int(None not in last.values()),
        "running": int(running),
    }


def _known(cache: ActivationCache) -> dict[CacheKey, bool | None]:
    """Whether what comes back under each key is right; None where nothing does."""
    found = {key: cache.get(key) for key in KEYS}
    return {key: None if whole is None else torch.equal(whole, value(key)) for key, whole in found.items()}


def damage(folder: Path, chosen: random.Random) -> None:
    ways = (damage_index, damage_index, damage_segments, _swap_columns, _swap_columns, _swap_files, _lose)
    chosen.choice(ways)(folder, chosen)


def damage_index(folder: Path, chosen: random.Random) -> None:
    """Bits, whole pages, or the end of the file."""
    files = [
        path
        for path in sorted(folder.glob("index.sqlite*"))
        if path.stat().st_size and path.suffix != ".sqlite-shm"
    ]
    path = chosen.choice(files)
    data = bytearray(path.read_bytes())
    how = chosen.randrange(8)
    if how < 5:
        for _ in range(chosen.choice((1, 1, 1, 8, 60))):
            data[chosen.randrange(len(data))] ^= 1 << chosen.randrange(8)
    elif how == 5:
        page = 4096 * chosen.randrange(1 + len(data) // 4096)
        data[page : page + 4096] = chosen.choice((bytes(4096), os.urandom(4096)))[: len(data) - page]
    elif how == 6:
        first, second = (4096 * chosen.randrange(max(1, len(data) // 4096)) for _ in range(2))
        data[first : first + 4096], data[second : second + 4096] = (
            data[second : second + 4096],
            data[first : first + 4096],
        )
    else:
        del data[chosen.randrange(len(data)) :]
    with path.open("r+b") as file:  # the same file: whoever has it open sees it
        file.write(data)
        file.truncate(len(data))


def damage_segments(folder: Path, chosen: random.Random) -> None:
    path = chosen.choice(sorted((folder / "segments").iterdir()))
    data = bytearray(path.read_bytes())
    for _ in range(chosen.choice((1, 1, 8, 60))):
        at = chosen.randrange(min(len(data), chosen.choice((256, 4096, len(data)))))
        data[at] ^= 1 << chosen.randrange(8)
    if chosen.random() < 0.2:
        del data[chosen.randrange(len(data)) :]
    path.write_bytes(data)


def _swap_columns(folder: Path, chosen: random.Random) -> None:
    """What one row says is put into another's, or changed: sound SQL, false words."""
    index = sqlite3.connect(folder / "index.sqlite", isolation_level=None)
    try:
        rows = index.execute("SELECT space, item, slot FROM entries").fetchall()
        one, other = chosen.sample(rows, 2)
        where = "WHERE space = ? AND item = ? AND slot = ?"
        read = f"SELECT segment, place FROM entries {where}"
        (segment, place), (their_segment, their_place) = (
            index.execute(read, row).fetchone() for row in (one, other)
        )
        how = chosen.randrange(6)
        if how == 0:
            for row, values in ((one, (their_segment, their_place)), (other, (segment, place))):
                index.execute(f"UPDATE entries SET segment = ?, place = ? {where}", (*values, *row))
        elif how == 1:
            index.execute(f"UPDATE entries SET place = ? {where}", (their_place, *one))
        elif how == 2:
            changed = bytearray(place)
            changed[chosen.randrange(len(changed))] ^= 1 << chosen.randrange(8)
            index.execute(f"UPDATE entries SET place = ? {where}", (bytes(changed), *one))
        elif how == 3:
            index.execute(f"UPDATE OR REPLACE entries SET slot = ? {where}", (other[2] + "'", *one))
        elif how == 4:
            column, wrong = chosen.choice(
                [
                    ("nbytes", "'x'"),
                    ("nbytes", "-1"),
                    ("nbytes", "1e300"),
                    ("cost_seconds", "'x'"),
                    ("space", "77"),
                ]
            )
            index.execute(f"UPDATE segments SET {column} = {wrong} WHERE name = ?", (segment,))
        else:
            column, wrong = chosen.choice(
                [("name", "name || '?'"), ("metadata", "x'00'"), ("metadata", "'{}'"), ("last_used", "'x'")]
            )
            index.execute(f"UPDATE spaces SET {column} = {wrong} WHERE id = ?", (one[0],))
    finally:
        index.close()


def _swap_files(folder: Path, chosen: random.Random) -> None:
    """One segment in another's place, or both exchanged."""
    one, other = chosen.sample(sorted((folder / "segments").iterdir()), 2)
    if chosen.random() < 0.5:
        shutil.copyfile(one, other)
        return
    aside = one.with_suffix(".aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


def _lose(folder: Path, chosen: random.Random) -> None:
    path = chosen.choice([path for path in sorted(folder.rglob("*")) if path.is_file()])
    path.unlink()
