"""Attention maps come back from the cache as they were, or, kept small, as their averages."""

import pytest
import torch

from editor_core.engines.common.context import MOST_RECORDED
from editor_core.engines.generate import generate
from editor_core.engines.incremental import keys
from editor_core.engines.incremental.kept_maps import kept_map, map_to_keep, small_size
from editor_core.engines.incremental.recorder import COMPACT, STORED
from editor_core.engines.incremental.reference import StoredReference
from editor_core.messages.requests import Generate, Sampling
from editor_core.messages.run import RecordingMode
from support.engine_runs import as_base, context_for
from support.tiny_models import tiny_bundle


def maps(size):
    return torch.rand(2, size[0] * size[1], 5, generator=torch.Generator().manual_seed(0)).softmax(-1)


@pytest.mark.parametrize("kept", [RecordingMode.FULL, RecordingMode.THINNED, RecordingMode.NOTHING])
def test_whole_ones_are_the_maps_in_half_precision(kept):
    probs = maps((40, 40))
    assert torch.equal(kept_map(map_to_keep(probs, (40, 40), kept), (40, 40)), probs.to(STORED))


@pytest.mark.parametrize("size", [(64, 64), (63, 95), (24, 24), (9, 12)])
def test_small_ones_have_about_16_positions_a_side_and_a_byte_a_number(size):
    small = map_to_keep(maps(size), size, RecordingMode.COMPACT)
    height, width = small_size(size)
    assert small.shape == (2, height * width, 5) and small.dtype is COMPACT
    assert min(size) < 16 or 16 <= min(height, width) < 32
    found = kept_map(small, size)
    assert found.shape == (2, size[0] * size[1], 5) and found.dtype is STORED


def test_a_small_one_is_the_average_back_at_its_place():
    """Words look at things, so maps are smooth; what is left of one is as precise as eight bits are."""
    down, across = torch.meshgrid(torch.linspace(0, 1, 64), torch.linspace(0, 1, 48), indexing="ij")
    probs = torch.stack([down * across, down * (1 - across), 1 - down], -1).flatten(0, 1)[None]
    found = kept_map(map_to_keep(probs, (64, 48), RecordingMode.COMPACT), (64, 48)).float()
    assert (found - probs).abs().max() < 0.06 and (found - probs).abs().mean() < 0.015


def test_an_edit_reads_what_was_kept_and_makes_the_rest_again_alike():
    """A turn in eight bits: maps that are computed again are told as they would have been read."""
    with context_for(tiny_bundle("default")) as context:
        context.most_recorded = 1
        sampling = Sampling(seed=1, steps=4, guidance=3.0)
        base = as_base(generate(Generate("a red cat", 256, 256, sampling), context, 1))
        assert base.record.recording is RecordingMode.COMPACT and MOST_RECORDED > 1
        site = next(site.name for site in context.backbone.sites if site.is_cross)
        assert context.cache.get(keys.map_key(base.cache_space, 0, site)) is None  # no room was left for it
        t = context.plan(base.sampler, base.steps, base.seed)[0].t
        reference = StoredReference(context, base)
        again, read = reference.maps(0, t), reference.maps(0, t)
        assert (
            reference.recomputed == 1
            and context.cache.get(keys.map_key(base.cache_space, 0, site)).dtype is COMPACT
        )
        assert again.keys() == read.keys() and all(torch.equal(again[name], read[name]) for name in again)
        exact = reference.computed(0, t)
        assert all((again[name].float() - exact[name].float()).abs().mean() < 0.02 for name in exact)
