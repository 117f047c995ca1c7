"""Guidance worked out at every second step only: how much quicker, and how near to guidance at every step."""

import statistics
import time
from collections import defaultdict

import numpy as np

from editor_core.base.errors import NothingToChangeError
from editor_core.messages.requests import Edit, Generate, Sampling
from report import Row
from scene_pairs import held_out_pairs

KINDS = ("object", "second", "colour", "place")
EVERY = (1, 2, 3)
USUAL, SHOWN = 1, 2


def measured(run, as_base, pairs: int, size: int) -> list[Row]:
    """New pictures and edits of the pairs; each edit is of the picture that was guided at every step."""
    seconds, apart = defaultdict(list), defaultdict(list)
    for seed, pair in enumerate(held_out_pairs(pairs, size, KINDS)):
        before, after = (caption.text for caption in pair.captions)
        asked = {
            n: Generate(
                before, size, size, Sampling(seed=seed), parameters={"guidance_every": n}, one_pass=True
            )
            for n in EVERY
        }
        made = {n: timed(run, request, seconds["new", n]) for n, request in asked.items()}
        base = as_base(made[USUAL])
        try:
            edits = {
                n: timed(run, Edit((base,), after, parameters={"guidance_every": n}), seconds["edit", n])
                for n in EVERY
            }
        except NothingToChangeError:
            continue
        inside = edits[USUAL].mask > 0
        for n in EVERY[1:]:
            apart["new", n].append(psnr(made[n].image, made[USUAL].image))
            apart["edit", n].append(psnr(edits[n].image[inside], edits[USUAL].image[inside]))
    return [row for what in ("new", "edit") for row in rows(what, seconds, apart)]


def rows(what: str, seconds, apart) -> list[Row]:
    total = {n: sum(seconds[what, n]) for n in EVERY}
    found = {n: apart[what, n] for n in EVERY[1:]}
    details = {
        f"every_{n}": {
            "quicker": round(total[USUAL] / total[n], 3),
            "median": round(statistics.median(found[n]), 1),
            "each": [round(value, 1) for value in found[n]],
        }
        for n in EVERY[1:]
    }
    return [
        Row(f"seldom_guidance_{what}", total[USUAL] / total[SHOWN], "x", None, details),
        Row(f"seldom_guidance_{what}_psnr", min(found[SHOWN]), "dB", ">= 35"),
    ]


def timed(run, request, seconds: list[float]):
    """What a run gives; the processor's seconds are added to the list, for others may be at work beside it."""
    start = time.process_time()
    result = run(request)
    seconds.append(time.process_time() - start)
    return result


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    error = float(((a.astype(np.float64) - b) ** 2).mean())
    return 99.0 if error == 0 else float(10 * np.log10(255**2 / error))
