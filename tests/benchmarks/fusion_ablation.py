"""What Redraw's fusion brings: its layers, its first and last step, and the size of the area, on held-out shapes.

    python tests/benchmarks/fusion_ablation.py [--count 40] [--size 192] [--steps 10] [--ways none,6_layers] [--json]

The pairs and the settings are those of `bench_fusion.py`, drawn from numbers of their own; each row is a way of fusing:
L1 to the true picture, how many of the pairs it has better than without fusion, and in how many the judge sees what was
asked for, and the median processor seconds of an edit. ``room``: so many more pixels around what truly changes.
"""

import prelude  # noqa: F401 before torch

import argparse
import statistics
import time
from dataclasses import replace

import torch

from bench_fusion import SHAPE_KINDS, Bench, Score, note, score, surroundings
from editor_core.document.masks import grow
from report import Row, show
from scene_pairs import held_out_pairs

FIRST = 3000
WAYS = {
    "none": {"fused_layers": 0},
    "6_layers": {"fused_layers": 6},
    "3_layers": {"fused_layers": 3},
    "all_layers": {"fused_layers": 128},
    "from_40": {"fused_layers": 6, "fusion_start": 0.4},
    "until_60": {"fused_layers": 6, "fusion_end": 0.6},
    "none_faithful": {"fused_layers": 0, "preset": "faithful"},
    "6_layers_faithful": {"preset": "faithful"},
}
ROOMS = {"": 0, "_room": 16}
"""Of the area, beyond what `bench_fusion.py` gives."""
Found = dict[tuple[str, str], list[Score]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--size", type=int, default=192)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--ways", default=",".join(WAYS), help="some of them")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    ways = {way: WAYS[way] for way in options.ways.split(",")}
    found: Found = {(way, room): [] for room in ROOMS for way in ways}
    with surroundings("default", "cpu") as context, torch.no_grad():
        bench = Bench(context, options)
        for number, pair in enumerate(held_out_pairs(options.count, options.size, SHAPE_KINDS, FIRST)):
            note(f"pair {number + 1} of {options.count}")
            base = bench.opened(pair.before.pixels, pair.captions[0].text)
            task = bench.task(base, pair)
            for room, pixels in ROOMS.items():
                wide = replace(task, mask=grow(task.mask, pixels) if pixels else task.mask)
                for way, settings in ways.items():
                    start = time.process_time()
                    picture = bench.ours(**settings)(wide)
                    found[way, room].append(score(picture, pair, time.process_time() - start))
    show([row(way, room, found) for way, room in found], options.json)


def row(way: str, room: str, found: Found) -> Row:
    scores = found[way, room]
    plain = found["none_faithful" if way.endswith("faithful") else "none", room]
    details = {
        "judge": round(statistics.mean(each.judge for each in scores), 3),
        "better_than_none": sum(mine.l1 < theirs.l1 for mine, theirs in zip(scores, plain, strict=True)),
        "pairs": len(scores),
        "processor_seconds": round(statistics.median(each.seconds for each in scores), 2),
    }
    return Row(f"fusion_{way}{room}", statistics.mean(each.l1 for each in scores), "L1", None, details)


if __name__ == "__main__":
    main()
