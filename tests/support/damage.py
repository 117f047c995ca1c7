"""Damaging projects as a disk, a program or an enemy may: bytes, parts of the zip, values in its JSON."""

import copy
import json
import math
import random
import zipfile
from pathlib import Path
from typing import Any

HOSTILE: list[Any] = [
    *(None, True, -1, 0, 1e308, -1e308, 128.0, 0.5, 2**31, 2**63, 2**70, math.nan, math.inf),
    *("", "x", "yesterday", "../../etc/passwd", "\0", "\ud800", "<img src='file:///etc/passwd'>", "a" * 5000),
    *([], {}, [[[[]]]], {"a": {"b": {}}}, [None] * 50),
]


def damaged(source: Path, target: Path, seed: int) -> Path:
    """A damaged copy of a project; the same ``seed`` gives the same damage."""
    chosen = random.Random(seed)
    way = chosen.choice((_bytes, _bytes, _parts, _values, _values, _values))
    way(source, target, chosen)
    return target


def _bytes(source: Path, target: Path, chosen: random.Random) -> None:
    data = bytearray(source.read_bytes())
    for _ in range(chosen.choice((1, 1, 4, 40))):
        data[chosen.randrange(len(data))] = chosen.randrange(256)
    if chosen.random() < 0.2:
        del data[chosen.randrange(len(data)) :]
    target.write_bytes(data)


def _parts(source: Path, target: Path, chosen: random.Random) -> None:
    """Parts left out, cut, put in each other's place or written over, their checksums right."""
    with zipfile.ZipFile(source) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    names = list(parts)
    for _ in range(chosen.choice((1, 1, 3))):
        name = chosen.choice(names)
        what = chosen.randrange(4)
        if what == 0:
            parts.pop(name, None)
        elif what == 1:
            parts[name] = parts.get(chosen.choice(names), b"") if chosen.random() < 0.5 else b""
        elif parts.get(name):
            content = bytearray(parts[name])
            content[chosen.randrange(len(content))] ^= 1 << chosen.randrange(8)
            parts[name] = bytes(content[: chosen.randrange(len(content)) + 1] if what == 2 else content)
    _written(target, parts)


def _values(source: Path, target: Path, chosen: random.Random) -> None:
    """Values in the JSON replaced by others."""
    with zipfile.ZipFile(source) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    name = chosen.choice([name for name in parts if name.endswith(".json")])
    value = json.loads(parts[name])
    for _ in range(chosen.choice((1, 1, 3))):
        _replace_one(value, chosen)
    parts[name] = json.dumps(value).encode("utf-8", "surrogatepass")
    _written(target, parts)


def _replace_one(value: Any, chosen: random.Random) -> None:
    while isinstance(value, dict | list) and value:
        key = chosen.choice(list(value)) if isinstance(value, dict) else chosen.randrange(len(value))
        if not isinstance(value[key], dict | list) or not value[key] or chosen.random() < 0.3:
            value[key] = copy.deepcopy(chosen.choice(HOSTILE))  # it may be changed itself, by the next
            return
        value = value[key]


def _written(target: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(target, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)
