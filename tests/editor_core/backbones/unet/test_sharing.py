import math
from dataclasses import replace

import pytest
import torch

from editor_core.backbones.attention.control import AttentionControl, Sharing, own
from editor_core.backbones.attention.self_attention import SharedSelfAttention
from editor_core.backbones.attention.sites import last_self_attention
from editor_core.backbones.unet.backbone import UNetBackbone
from editor_core.backbones.unet.sites import attention_sites
from support.unets import random_inputs, tiny_unet


def run(unet, latents, text, sharing, count=99):
    backbone = UNetBackbone(unet)
    shared = replace(sharing, where=last_self_attention(backbone.sites, count))
    with backbone.attending(AttentionControl(sharing=shared)) as calls:
        return unet(latents, 5, text).sample, calls


def different_rows(unet, rows):
    latents, text = random_inputs(unet, 16, 24, batch=rows)
    return latents + torch.randn(latents.shape, generator=torch.Generator().manual_seed(2)), text


@pytest.mark.parametrize("kind", ["default", "sd1", "sd2"])
def test_rows_that_share_nothing_are_computed_as_ever(kind):
    unet = tiny_unet(kind)
    latents, text = different_rows(unet, 3)
    out, _ = run(unet, latents, text, Sharing(tuple(own(row) for row in range(3))))
    torch.testing.assert_close(out, unet(latents, 5, text).sample, rtol=1e-4, atol=1e-5)


def test_a_row_that_takes_all_three_from_its_twin_stays_itself():
    unet = tiny_unet()
    latents, text = different_rows(unet, 2)
    twins, words = latents[[0, 1, 0]], text[[0, 1, 0]]
    out, _ = run(unet, twins, words, Sharing((own(0), own(1), own(0))))
    torch.testing.assert_close(out[2], out[0])
    torch.testing.assert_close(out, unet(twins, 5, words).sample, rtol=1e-4, atol=1e-5)


def test_what_is_taken_matters_and_changes_no_other_row():
    unet = tiny_unet()
    latents, text = different_rows(unet, 2)
    plain = unet(latents, 5, text).sample
    seen = [plain[1]]
    for triple in [(0, 0, 0), (0, 0, 1), (1, 0, 0)]:
        out, _ = run(unet, latents, text, Sharing((own(0), triple)))
        torch.testing.assert_close(out[0], plain[0], rtol=1e-4, atol=1e-5)
        assert all(not torch.allclose(out[1], other, atol=1e-4) for other in seen)
        seen.append(out[1])


@pytest.mark.parametrize("kind", ["default", "sd1", "sd2"])
@pytest.mark.parametrize("triple", [(1, 1, 1), (0, 1, 1), (1, 0, 0), (0, 0, 1), (2, 0, 1), (1, 2, 0)])
def test_a_row_is_softmax_of_its_queries_and_keys_times_its_values(kind, triple):
    """softmax(Q K^T / sqrt(d)) V of the rows it names, in this order, for each head; row 1 is the one that shares."""
    site = next(site for site in attention_sites(tiny_unet(kind)) if not site.is_cross and site.level == 1)
    attn = site.module
    hidden = torch.randn(3, 6, attn.to_q.in_features, generator=torch.Generator().manual_seed(0)) * 3
    shared = SharedSelfAttention(site, Sharing((own(0), triple, own(2))))(attn, hidden)
    projections = zip((attn.to_q, attn.to_k, attn.to_v), triple, strict=True)
    queries, keys, values = (project(hidden[row]).chunk(attn.heads, -1) for project, row in projections)
    heads = [
        torch.softmax(q @ k.T / math.sqrt(q.shape[-1]), -1) @ v
        for q, k, v in zip(queries, keys, values, strict=True)
    ]
    expected = attn.to_out[0](torch.cat(heads, -1))
    torch.testing.assert_close(shared[1], expected, rtol=1e-4, atol=1e-5)


def test_a_recorded_row_stands_in_for_one_in_the_batch():
    unet = tiny_unet("sd1")
    latents, text = different_rows(unet, 2)
    kept = {}
    recording = Sharing(
        (own(0), (1, 0, 0)), record=lambda site, t: kept.__setitem__(site.name, t), to_record=(0,)
    )
    beside, calls = run(unet, latents, text, recording, 6)
    assert len(kept) == 6 and all(tensor.shape[:2] == (3, 1) for tensor in kept.values())
    assert indices(unet, calls) == list(range(10, 16))
    recorded = Sharing(((0, 1, 1),), recorded=lambda site: kept[site.name])
    alone, _ = run(unet, latents[1:], text[1:], recorded, 6)
    torch.testing.assert_close(alone[0], beside[1], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("count, hooked", [(6, 6), (16, 16), (0, 0), (99, 16)])
def test_layers_are_counted_from_the_last(count, hooked):
    unet = sd1_unet()
    latents, text = random_inputs(unet, 16, 16, batch=1)
    _, calls = run(unet, latents, text, Sharing((own(0),)), count)
    assert sum(calls.values()) == hooked
    assert indices(unet, calls) == list(range(16 - hooked, 16))


def indices(unet, calls):
    return [site.index for site in attention_sites(unet) if site.name in calls]


def test_stable_diffusion_has_32_attention_layers():
    sites = attention_sites(sd1_unet())
    assert len(sites) == 32 and sum(not site.is_cross for site in sites) == 16


def sd1_unet():
    return tiny_unet("sd1")


def test_a_batch_of_another_size_is_refused():
    unet = tiny_unet()
    latents, text = random_inputs(unet, batch=2)
    with pytest.raises(ValueError, match="3 rows"):
        run(unet, latents, text, Sharing((own(0), own(1), own(2))))
