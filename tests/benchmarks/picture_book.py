"""Write the picture-book's held-out pairs as a set that ``palimpsest bench picture-book`` reads.

    python tests/benchmarks/picture_book.py FOLDER [--count 200] [--size 256]

All kinds of edits in turn, with one object and with two; the same numbers always give the same pairs.
"""

import prelude  # noqa: F401 before torch

import argparse
import json
from pathlib import Path

import numpy as np

from editor_core.project.image_io import write_png
from scene_pairs import held_out_pairs

FIRST = 2000
"""The first pair's number: none was looked at while defaults were chosen."""


def write(folder: Path, count: int, size: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for number, pair in enumerate(held_out_pairs(count, size, first=FIRST)):
        pictures = {
            "before": pair.before.pixels,
            "after": pair.after.pixels,
            "mask": pair.mask.astype(np.uint8) * 255,
        }
        files = {name: f"{number:04}-{name}.png" for name in pictures}
        for name, pixels in pictures.items():
            write_png(folder / files[name], pixels)
        words = dict(zip(("words_before", "words_after"), (each.text for each in pair.captions), strict=True))
        lines.append(json.dumps({"id": f"{number:04}", "kind": pair.kind} | words | files))
    (folder / "pairs.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--size", type=int, default=256)
    options = parser.parse_args()
    write(options.folder, options.count, options.size)
