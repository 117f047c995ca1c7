"""Records of four bits a number, joined by level: near to what was computed, read and refused as any other."""

import numpy as np
import pytest
import torch

from editor_core.engines import fisedit
from editor_core.engines.generate import generate
from editor_core.engines.incremental import keys
from editor_core.engines.incremental.activations import RecordedLineage
from editor_core.engines.incremental.joining import places
from editor_core.engines.incremental.packing import pack, packed_bytes, unpack, unpacked_plainly
from editor_core.messages.requests import Edit, Generate, Sampling
from editor_core.messages.run import RecordingMode
from support.engine_runs import as_base, context_for
from support.tiny_models import tiny_bundle

SAMPLING = Sampling(seed=3, steps=4, guidance=3.0)
WORDS, OTHERS = "a red cat on the sofa", "a red dog on the sofa"


@pytest.mark.parametrize("channels", [1, 2, 7, 48, 64, 100, 928])
def test_a_number_is_off_by_half_a_step_at_most(channels):
    rows = torch.randn(2, 5, channels, generator=torch.Generator().manual_seed(1)) * 3 + 1
    packed = pack(rows)
    assert packed.dtype is torch.uint8 and packed.shape == (2, 5, packed_bytes(channels))
    found = unpack(packed, channels)
    assert found.shape == rows.shape
    assert (found - rows).abs().max() <= (rows.max() - rows.min()) / 15 / 2 * 1.02 + 0.01
    torch.testing.assert_close(unpacked_plainly(packed, channels), found, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("wrong", [torch.nan, torch.inf, -torch.inf, 1e5, -1e5])
def test_what_half_precision_cannot_say_is_not_packed(wrong):
    rows = torch.ones(1, 3, 64)
    rows[0, 1, 5] = wrong
    assert pack(rows) is None
    assert pack(torch.ones(1, 0, 64)).shape == (1, 0, packed_bytes(64))


@pytest.fixture
def both():
    """A context that packs and one that does not, with the same first turn."""
    with context_for(tiny_bundle("default")) as packing, context_for(tiny_bundle("default")) as plain:
        packing.packed = True
        yield [
            (context, as_base(generate(Generate(WORDS, 64, 64, SAMPLING), context, 3)))
            for context in (packing, plain)
        ]


def test_a_first_turn_is_recorded_in_a_third_of_the_bytes(both):
    sizes = []
    for context, base in both:
        spaces = {space.name: space.ram_bytes for space in context.cache.spaces()}
        sizes.append(spaces[base.cache_space])
    assert [base.record.recording for _, base in both] == [RecordingMode.PACKED, RecordingMode.FULL]
    assert both[0][1].cache_space != both[1][1].cache_space
    assert sizes[0] < 0.5 * sizes[1]  # where levels are as narrow as here; a third where they are not


@pytest.mark.parametrize("guided", [1, 2])
def test_every_site_reads_what_it_recorded(both, guided):
    """All of it and some rows, of both guidance halves and of the conditional one."""
    (packing, base), (plain, same) = both
    packed = RecordedLineage(packing, (base,), RecordingMode.PACKED)
    whole = RecordedLineage(plain, (same,))
    some = torch.tensor([0, 3])
    for site in plain.backbone.recorded_positions(8, 8):
        expected = whole.read(1, guided)(site, None).float()
        read = packed.read(1, guided)
        found = read(site, None).float()
        assert (found - expected).abs().max() <= (expected.max() - expected.min()).clamp_min(1e-3) * 0.1, site
        if found.shape[1] > 3:
            torch.testing.assert_close(read(site, some).float(), found[:, some])


def test_an_edit_is_near_to_one_of_whole_numbers_and_is_edited_on(both):
    mask = np.zeros((64, 64), np.uint8)
    mask[16:48, 16:48] = 255
    pictures = []
    for context, base in both:
        lineage = (base,)
        for words in (OTHERS, "a blue dog on the sofa"):
            result = fisedit.edit(Edit(lineage, words, mask), context)
            assert result.log["executor"] == "incremental" and result.log["steps_recomputed"] == 0
            lineage = (*lineage, as_base(result))
        pictures.append(result)
    near, exact = (result.latents["trajectory"][-1] for result in pictures)
    assert 0 < np.abs(near - exact).max() < 0.1 * np.abs(exact).max()
    assert pictures[0].record.recording is RecordingMode.PACKED


def test_rows_that_were_evicted_are_computed_again_and_are_the_same(both):
    context, base = both[0]
    mask = np.zeros((64, 64), np.uint8)
    mask[16:48, 16:48] = 255
    turn = as_base(fisedit.edit(Edit((base,), OTHERS, mask), context))
    recorded = RecordedLineage(context, (base, turn), RecordingMode.PACKED)
    sites = list(places(context.backbone.recorded_together))
    before = {site: recorded.read(2, 2)(site, None) for site in sites}
    for space in (base.cache_space, turn.cache_space):
        for key in context.cache.keys(space):
            if keys.is_activation(key):
                context.cache.drop(key)
    for site in sites:
        torch.testing.assert_close(recorded.read(2, 2)(site, None), before[site], rtol=1e-3, atol=1e-3)
    assert recorded.recomputed == {2}


def test_values_that_are_no_numbers_are_refused(both, monkeypatch):
    context = both[0][0]
    before = context.cache.stats().not_finite
    conv = context.bundle.unet.down_blocks[0].resnets[0].conv1
    hook = conv.register_forward_pre_hook(lambda _, args: (args[0] * torch.nan,), prepend=True)
    with pytest.raises(Exception, match="invalid values"):
        generate(Generate(WORDS, 64, 64, SAMPLING), context, 4)
    hook.remove()
    assert context.cache.stats().not_finite > before
