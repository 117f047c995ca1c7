"""Object selection on held-out scenes with the true shape of every thing: clicks and boxes, and how long they take.

    python tests/benchmarks/bench_objects.py [--count 12] [--json]

A click lies somewhere well inside the thing, a box a few pixels around it. The numbers of the search were chosen on
pairs 5000 to 5009; these begin at 6000. "first" is the first click on a picture, which the network has to look at;
"seconds" every other.
"""

import prelude  # noqa: F401 before torch

import argparse
import statistics
import time

import numpy as np

from editor_core.base.settings import Settings
from editor_core.messages.requests import FindObject, LoadModel
from editor_core.pixels.opencv import cv2
from editor_core.session.session import Session
from report import Row, show
from scene_pairs import held_out_pairs

FIRST, SIZE = 6000, 256
MIN_PIXELS = 300  # smaller things are hardly seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    rng = np.random.default_rng(0)
    clicks, boxes, first, seconds = [], [], [], []
    with Session(Settings(device="cpu"), keep_on_disk=False) as session:
        session.run(0, LoadModel(device="cpu"), lambda event: None)

        def found(request: FindObject, times: list[float]) -> np.ndarray:
            start = time.perf_counter()
            mask: np.ndarray = session.run(0, request, lambda event: None).mask > 0
            times.append(time.perf_counter() - start)
            return mask

        for pair in held_out_pairs(chosen.count, SIZE, ("object", "second", "colour"), FIRST):
            image, times = pair.before.pixels, first
            for thing in (mask > 0 for mask in pair.before.masks if (mask > 0).sum() >= MIN_PIXELS):
                depth = cv2.distanceTransform(thing.astype(np.uint8), cv2.DIST_L2, 3)
                ys, xs = np.nonzero(depth > max(3, 0.4 * depth.max()))
                at = rng.integers(len(ys))
                clicks.append(overlap(found(FindObject(image, (int(xs[at]), int(ys[at]))), times), thing))
                times = seconds
                ys, xs = np.nonzero(thing)
                box = (int(xs.min()) - 4, int(ys.min()) - 4, int(xs.max()) + 5, int(ys.max()) + 5)
                boxes.append(overlap(found(FindObject(image, box=box), times), thing))
    show(
        [
            Row("objects.click.iou", statistics.mean(clicks), "", ">= 0.85", {"things": len(clicks)}),
            Row("objects.click.worst", min(clicks), ""),
            Row("objects.box.iou", statistics.mean(boxes), "", ">= 0.85"),
            Row("objects.box.worst", min(boxes), ""),
            Row("objects.first", statistics.median(first), "s"),
            Row("objects.seconds", statistics.median(seconds), "s", "<= 0.5"),
        ],
        chosen.json,
    )


def overlap(found: np.ndarray, true: np.ndarray) -> float:
    return float((found & true).sum() / (found | true).sum())


if __name__ == "__main__":
    main()
