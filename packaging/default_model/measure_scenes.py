"""How many training scenes a device makes in a second: python packaging/default_model/measure_scenes.py --json."""

import argparse
import tempfile
import time
from pathlib import Path

import torch

from device_scenes import DeviceScenes
from rows import Row, show_json, show_table
from runs import best_device
from speed import synchronise
from tables import TABLES, Tables
from tokenizer import write_tokenizer

BAR = 10_000
"""Scenes a second at 256x256 on a graphics card."""


def scene_rows(
    tables: Tables, device: torch.device, sides: list[int], backgrounds: int, batch: int, seconds: float
) -> list[Row]:
    """Scenes a second at each size, without and with line drawings, and how long the first batch waited."""
    sizes = [(side, side) for side in sides]
    rows = []
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        tokenizer = write_tokenizer(Path(folder), tables)
    scenes = DeviceScenes(tables, tokenizer, device, 0, backgrounds, sizes)
    rows.append(Row("scenes_made", time.perf_counter() - start, "s", None))
    for side, size in zip(sides, sizes, strict=True):
        scenes.batch(1, size)
        rows.append(Row(f"scenes_painted_{side}", time.perf_counter() - start, "s", None))
        number = max(1, batch * 128 * 128 // (side * side)) if device.type == "cpu" else batch
        bar = BAR if side == 256 and device.type == "cuda" else None
        for name, drawings in (("scenes", False), ("scenes_drawn", True)):
            speed = rate(scenes, number, size, drawings, seconds)
            rows.append(Row(f"{name}_{side}", speed, "scenes/s", None if drawings else bar))
    scenes.close()
    return rows


def rate(scenes: DeviceScenes, count: int, size: tuple[int, int], sketches: bool, seconds: float) -> float:
    """Scenes a second, measured over some time after a first batch."""
    scenes.batch(count, size, sketches=sketches)
    synchronise(scenes.device)
    made, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        scenes.batch(count, size, sketches=sketches)
        synchronise(scenes.device)
        made += count
    return made / (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="full")
    parser.add_argument("--sides", type=int, nargs="+", default=[128, 256, 512], metavar="PIXELS")
    parser.add_argument("--backgrounds", type=int, help="4000 on a card, 60 on a processor")
    parser.add_argument("--batch", type=int, help="256 on a card, 32 at 128x128 on a processor")
    parser.add_argument("--seconds", type=float, default=2, help="for each number")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    device = best_device()
    card = device.type == "cuda"
    rows = scene_rows(
        TABLES[options.preset],
        device,
        options.sides,
        options.backgrounds or (4000 if card else 60),
        options.batch or (256 if card else 32),
        options.seconds,
    )
    (show_json if options.json else show_table)(rows)


if __name__ == "__main__":
    main()
