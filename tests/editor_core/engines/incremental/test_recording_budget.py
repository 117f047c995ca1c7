"""What a first turn leaves on disk: at most 3 GB, attention maps included, unless the artist chose the cache's size."""

import json
import sys
from dataclasses import replace
from types import SimpleNamespace

import diffusers
import pytest
import torch

from cache import CacheKey
from editor_core.backbones.registry import backbone_of
from editor_core.base import paths
from editor_core.base.settings import Settings
from editor_core.engines.common.context import MOST_RECORDED
from editor_core.engines.generate import generate
from editor_core.engines.incremental import keys
from editor_core.engines.incremental.packing import packed_bytes
from editor_core.engines.incremental.recording_budget import (
    bytes_of_maps,
    fit_budget,
    maps_to_keep,
    recorded_bytes,
)
from editor_core.engines.incremental.reference import warmup_steps
from editor_core.messages.requests import Generate, Sampling
from editor_core.messages.run import RecordingMode
from editor_core.session.jobs import CancelToken
from editor_core.session.session import Session
from support.engine_runs import context_for
from support.tiny_models import tiny_bundle

GB, STEPS = 10**9, 30
ROOMY = SimpleNamespace(room=lambda: SimpleNamespace(ram_bytes=4 * GB, disk_bytes=400 * GB))


@pytest.fixture(scope="module")
def context():
    with context_for(tiny_bundle("sd1")) as context:
        yield context


def at_full_width(context, family):
    """The family's own U-Net, without numbers, and a disk that could hold everything."""
    config = json.loads((paths.resources() / "families" / family / "unet" / "config.json").read_text("utf-8"))
    with torch.device("meta"):
        unet = diffusers.UNet2DConditionModel.from_config(config)
    backbone, most = backbone_of(unet), context.most_recorded
    return SimpleNamespace(cache=ROOMY, backbone=backbone, most_recorded=most, packed=False)


def taken(context, latents, kept):
    """Bytes of a whole turn with its maps, and how many steps keep them."""
    steps = maps_to_keep(context, latents, STEPS, 2, 77, kept, warmup_steps(STEPS))
    maps = bytes_of_maps(context, latents, 77, steps, kept)
    return recorded_bytes(context, latents, STEPS, 2, kept) + maps, steps


def test_stable_diffusions_first_turn_takes_at_most_3_gb_unless_a_size_is_chosen(context):
    wide, latents = at_full_width(context, "sd1"), torch.empty(1, 4, 64, 64)
    kept = fit_budget(wide, latents, STEPS, 2, tokens=77)
    total, steps = taken(wide, latents, kept)
    assert kept is RecordingMode.COMPACT and 2.9 * GB < total <= 3 * GB
    assert steps == warmup_steps(STEPS) - 1  # an edit makes the last one's again
    wide.most_recorded = sys.maxsize
    assert fit_budget(wide, latents, STEPS, 2, tokens=77) is RecordingMode.FULL
    total, steps = taken(wide, latents, RecordingMode.FULL)
    assert total > 7.8 * GB and steps == warmup_steps(STEPS)
    wide.most_recorded = context.most_recorded
    assert fit_budget(wide, latents, 10, 2, tokens=77) is RecordingMode.FULL  # which takes less by itself


def test_packed_all_of_it_fits_into_as_much(context):
    wide, latents = at_full_width(context, "sd1"), torch.empty(1, 4, 64, 64)
    wide.packed = True
    assert fit_budget(wide, latents, STEPS, 2, tokens=77) is RecordingMode.PACKED
    backbone, positions = wide.backbone, wide.backbone.recorded_positions(64, 64)
    packed = sum(
        (1 if set(sites) & backbone.sites_before_words else 2)
        * positions[next(iter(sites))]
        * packed_bytes(sum(sites.values()))
        for sites in backbone.recorded_together.values()
    )
    predicted = recorded_bytes(wide, latents, STEPS, 2, RecordingMode.PACKED)
    assert 0.9 < STEPS * packed / predicted <= 1
    assert set(positions) - {site for sites in backbone.recorded_together.values() for site in sites} == {
        "conv_in"
    }


def test_maps_count_for_what_is_kept(context):
    wide, latents = at_full_width(context, "sd1"), torch.empty(1, 4, 64, 64)
    alone = recorded_bytes(wide, latents, STEPS, 2, RecordingMode.FULL)
    wide.most_recorded = alone
    assert fit_budget(wide, latents, STEPS, 2) is RecordingMode.FULL  # as where a picture is opened
    assert fit_budget(wide, latents, STEPS, 2, tokens=77) is RecordingMode.THINNED
    wide.most_recorded = alone + bytes_of_maps(wide, latents, 77, warmup_steps(STEPS), RecordingMode.FULL)
    assert fit_budget(wide, latents, STEPS, 2, tokens=77) is RecordingMode.FULL


@pytest.mark.parametrize(("chosen", "most"), [(0, MOST_RECORDED), (9000, sys.maxsize)])
def test_the_artists_own_size_goes_before(tmp_path, chosen, most):
    settings = Settings(cache_folder=str(tmp_path), disk_cache_mb=chosen, ram_cache_mb=16)
    bundle = tiny_bundle("sd1")
    with Session(settings) as session:
        context = session._context(0, bundle, backbone_of(bundle.unet), lambda event: None, CancelToken())
        assert context.most_recorded == most and MOST_RECORDED == 3 * GB
        assert context.packed == (chosen == 0)


def test_what_was_predicted_is_what_lies_in_the_cache(context):
    latents = torch.empty(1, 4, 8, 8)
    compact = recorded_bytes(context, latents, 2, 2, RecordingMode.COMPACT)
    tokens = context.bundle.max_tokens
    small = replace(
        context, most_recorded=compact + bytes_of_maps(context, latents, tokens, 1, RecordingMode.COMPACT)
    )
    turn = generate(Generate("a cat", 64, 64, Sampling(seed=1, steps=2, guidance=3.0)), small, 1)
    assert turn.record.recording is RecordingMode.COMPACT
    slots = {keys.activation_slot(site) for site in context.backbone.recorded_positions(8, 8, True)}
    found = [
        context.cache.info(CacheKey(turn.cache_space, step, slot)) for step in range(2) for slot in slots
    ]
    lies = sum(each.nbytes for each in found if each is not None)
    predicted = recorded_bytes(small, latents, 2, 2, RecordingMode.COMPACT)
    assert lies == pytest.approx(predicted, rel=0.05), lies / predicted
    maps = [
        context.cache.info(keys.map_key(turn.cache_space, 0, site.name))
        for site in context.backbone.sites
        if site.is_cross
    ]
    predicted = bytes_of_maps(small, latents, tokens, 1, RecordingMode.COMPACT)
    assert sum(each.nbytes for each in maps) == predicted
