"""Two edits of one picture of a tiny model, with their activations in a folder, in this process or in another."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from cache import ActivationCache, Budget
from editor_core.backbones.unet import row_step
from editor_core.backbones.unet.recording import recorded_bytes
from editor_core.engines.generate import generate
from editor_core.messages.requests import Edit, Generate, Sampling
from support.engine_runs import as_base, context_for, engine_edit, rows_only
from support.tiny_models import tiny_bundle

SIDE, STEPS = 192, 4
BUNDLE = tiny_bundle("default")
STEP = sum(recorded_bytes(BUNDLE.unet, SIDE // 8, SIDE // 8, 2, equal_halves=True).values())
LARGE = Budget(ram_bytes=64 * STEP, disk_bytes=256 << 20)
SMALL = replace(LARGE, ram_bytes=3 * STEP)  # some steps are on disk only


def in_folder(folder: Path, budget: Budget, warn: Callable[[str], None] | None = None):
    """A context on a cache of its own, which is to be closed."""
    with context_for(BUNDLE) as context:
        pass
    context.cache = ActivationCache(folder, budget, on_warning=warn)
    return context


def mask(top: int) -> np.ndarray:
    given = np.zeros((SIDE, SIDE), np.uint8)
    given[top : top + 60, 40:100] = 255
    return given


def started(context, words: str = "a red cat"):
    request = Generate(words, SIDE, SIDE, Sampling(seed=3, steps=STEPS, guidance=3.0))
    return as_base(generate(request, context, 3))


def two_edits(context, base):
    first = engine_edit(context, Edit((base,), "a blue dog", mask(20)))
    return first, engine_edit(context, Edit((base, as_base(first)), "a green owl", mask(60)))


def edit_for_ever(folder: Path, budget: Budget, pipe) -> None:
    """Tells of every step, and waits to be killed."""
    row_step.choose = rows_only
    context = in_folder(folder, budget)
    base = started(context)
    context.cache.flush()
    context.progress = lambda *step: pipe.send(step)
    while True:
        two_edits(context, base)
