"""A long walk through a history: twenty turns, branching at random, against a world without any cache."""

import numpy as np

from editor_core.backbones.unet import row_step
from editor_core.engines.generate import generate
from editor_core.engines.incremental import delta_chain
from editor_core.messages.requests import Edit, Generate, Sampling
from support.engine_runs import as_base, context_for, engine_edit, rows_only
from support.tiny_models import tiny_bundle

TURNS = 20
TOLERANCE = 5e-3  # of latents of unit variance: activations are kept in half precision, on the way and when recomputed
WORDS = ("a red cat", "a blue owl in the snow", "a green dog on a sofa", "a white cat in the snow")


def test_twenty_turns_with_branches_equal_recomputing_each_from_scratch(monkeypatch):
    """Every turn is also made on turns made from scratch, with an empty cache and with the same mask."""
    monkeypatch.setattr(row_step, "choose", rows_only)
    monkeypatch.setattr(delta_chain, "MAX_DEPTH", 4)  # so that flattened chains are walked on, too
    random, bundle = np.random.default_rng(11), tiny_bundle("default")
    with context_for(bundle) as context:
        first = as_base(
            generate(Generate(WORDS[0], 64, 64, Sampling(seed=3, steps=2, guidance=3.0)), context, 3)
        )
        walked, scratch = [(first,)], [(first,)]
        for number in range(TURNS):
            at = int(random.integers(max(0, len(walked) - 4), len(walked)))
            mask = np.zeros((64, 64), np.uint8)
            top, left, height, width = random.integers([0, 0, 8, 8], [40, 40, 24, 24])
            mask[top : top + height, left : left + width] = 255
            words = f"{WORDS[number % len(WORDS)]} {number}"
            cached = engine_edit(context, Edit(walked[at], words, mask))
            assert cached.log["executor"] == "incremental" and cached.log["steps_recomputed"] == 0
            with context_for(bundle) as empty, monkeypatch.context() as patch:
                patch.setattr(delta_chain, "MAX_DEPTH", TURNS)  # so that all is repeated, row by row
                anew = engine_edit(empty, Edit(scratch[at], words, mask))
            difference = np.abs(cached.latents["trajectory"] - anew.latents["trajectory"])
            assert difference.max() < TOLERANCE, (number, len(walked[at]))
            assert np.abs(cached.image.astype(int) - anew.image).max() <= 2
            walked.append((*walked[at], as_base(cached)))
            scratch.append((*scratch[at], as_base(anew)))
        assert max(len(lineage) for lineage in walked) > 8
