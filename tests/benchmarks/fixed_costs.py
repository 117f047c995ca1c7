"""What an edit turn costs beside its steps, and what its record takes: each saving against the plain way, in one run.

Processor seconds of turns about, for others may be at work beside it.
"""

import statistics
import time
from functools import partial

import numpy as np
import torch

from editor_core.engines import fisedit, planting
from editor_core.engines.incremental.activations import RecordedLineage
from editor_core.messages.requests import Edit
from editor_core.models.latents import decode_window
from report import Row
from scene_pairs import held_out_pairs

ROUNDS = 3


def measured(bench, whole, size: int) -> list[Row]:
    """bench: as `bench_fisedit.Bench` at that size; whole: the same of a session that records in half precision."""
    base = bench.generated("a fox in the snow", 1)
    asked = Edit((base,), "a cat in the snow", bench.mask(0.15))
    told = _questions(bench, asked)
    decoded, narrowed = _in_turns(told["decoded"], told["narrowed"])
    dense, rows = _in_turns(told["asked"], told["on_rows"])
    before = whole.generated("a fox in the snow", 1)
    plain, packed = _in_turns(
        partial(whole.run, Edit((before,), asked.prompt, asked.mask)), partial(bench.run, asked)
    )
    details = {"size": size}
    return [
        Row(
            f"narrowed_decoding_{size}",
            decoded / narrowed,
            "x",
            None,
            details | {"seconds": [decoded, narrowed]},
        ),
        Row(f"empty_on_rows_{size}", dense / rows, "x", None, details | {"seconds": [dense, rows]}),
        Row(f"packed_turn_{size}", plain / packed, "x", ">= 1", details | {"seconds": [plain, packed]}),
    ]


def _questions(bench, asked: Edit) -> dict[str, object]:
    """What is decoded of an edit, and asked of it, both ways; taken while it is made."""
    calls: dict[str, object] = {}
    empty, decode = fisedit.is_empty, fisedit.decode_region

    def is_empty(context, base, path, region, words, recorded, said):
        again = RecordedLineage(context, asked.lineage, recorded.kept)
        calls["asked"] = partial(planting._answer, context, base, path, words, 0.6)
        calls["on_rows"] = partial(planting._answer_on_rows, context, base, path, region, words, again, said)
        return empty(context, base, path, region, words, recorded, said)

    def decode_region(context, x_0, opacity):
        scale = context.bundle.downscale
        rows, columns = (np.flatnonzero((opacity > 0).any(axis)) // scale for axis in (1, 0))
        box = rows[0], columns[0], rows[-1] + 1, columns[-1] + 1
        calls["decoded"] = partial(decode_window, context.bundle, x_0, box, narrowed=False)
        calls["narrowed"] = partial(decode_window, context.bundle, x_0, box)
        return decode(context, x_0, opacity)

    fisedit.is_empty, fisedit.decode_region = is_empty, decode_region
    try:
        bench.run(asked)
    finally:
        fisedit.is_empty, fisedit.decode_region = empty, decode
    return calls


def packed_inside(bench, whole, pairs: int) -> Row:
    """How near edits of a packed record come to those of one in half precision, in their region."""
    found = []
    for seed, pair in enumerate(held_out_pairs(pairs, bench.size, ("object", "second", "colour"))):
        before, after = (caption.text for caption in pair.captions)
        made = [each.run(Edit((each.generated(before, seed),), after)) for each in (bench, whole)]
        inside = made[1].mask > 0
        error = (made[0].image[inside].astype(float) - made[1].image[inside]) ** 2
        found.append(10 * np.log10(255**2 / max(error.mean(), 1e-6)))
    details = {"edits": len(found), "each": [round(float(value), 1) for value in found]}
    return Row("packed_inside", statistics.median(found), "dB", ">= 35", details)


@torch.no_grad()
def _in_turns(*calls) -> list[float]:
    """Each call's processor seconds, the least of several; they take turns."""
    seconds: list[list[float]] = [[] for _ in calls]
    for _ in range(1 + ROUNDS):
        for call, taken in zip(calls, seconds, strict=True):
            start = time.thread_time()
            call()
            taken.append(time.thread_time() - start)
    return [round(min(taken[1:]), 4) for taken in seconds]
