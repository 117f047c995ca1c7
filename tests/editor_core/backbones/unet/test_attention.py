import pytest
import torch

from editor_core.backbones.attention.control import (
    AttentionControl,
    Injection,
    InjectionBeside,
    MapControl,
    TokenMask,
)
from editor_core.backbones.attention.sites import at_ratio
from editor_core.backbones.unet.backbone import UNetBackbone
from editor_core.backbones.unet.sites import attention_sites, level_count, level_sizes
from support.unets import random_inputs, tiny_unet


def record_maps(unet, latents, text, **options):
    maps = {}

    def record(site, probs):
        maps[site.name] = probs

    with UNetBackbone(unet).attending(AttentionControl(MapControl(record, **options))) as calls:
        out = unet(latents, 5, text).sample
    return maps, out, calls


@pytest.mark.parametrize("kind", ["default", "sd1", "sd2"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_recording_changes_nothing_and_gives_probabilities(kind, dtype):
    unet = tiny_unet(kind, dtype)
    latents, text = random_inputs(unet, 16, 12)
    maps, out, calls = record_maps(unet, latents, text)
    tolerance = 1e-5 if dtype is torch.float32 else 0.1
    torch.testing.assert_close(out, unet(latents, 5, text).sample, rtol=tolerance, atol=tolerance)
    sites = [site for site in attention_sites(unet) if site.is_cross]
    assert len(maps) == len(calls) == len(sites)
    for site in sites:
        height, width = level_sizes(16, 12, level_count(unet))[site.level]
        assert maps[site.name].shape == (site.module.heads, height * width, text.shape[1])
        torch.testing.assert_close(maps[site.name].sum(-1), torch.ones(site.module.heads, height * width))


def test_only_the_conditional_half_is_recorded():
    unet = tiny_unet()
    latents, text = random_inputs(unet)
    guided, _, _ = record_maps(unet, latents, text)
    alone, _, _ = record_maps(unet, latents[1:], text[1:], guided=False)
    for name in guided:
        torch.testing.assert_close(guided[name], alone[name], rtol=1e-4, atol=1e-5)


def test_several_pictures_in_one_batch_lie_side_by_side():
    unet = tiny_unet()
    latents, text = random_inputs(unet)
    maps, _, _ = record_maps(unet, latents.repeat_interleave(3, 0), text.repeat_interleave(3, 0))
    one, _, _ = record_maps(unet, latents, text)
    for name in maps:
        torch.testing.assert_close(maps[name], one[name].repeat(3, 1, 1), rtol=1e-4, atol=1e-5)


def test_injecting_a_runs_own_maps_changes_nothing():
    unet = tiny_unet("sd1")
    latents, text = random_inputs(unet)
    maps, out, _ = record_maps(unet, latents, text)
    inject = Injection(lambda site: maps[site.name], torch.arange(text.shape[1]))
    with UNetBackbone(unet).attending(AttentionControl(MapControl(inject=inject))):
        again = unet(latents, 5, text).sample
    torch.testing.assert_close(again, out)


def test_unchanged_words_take_the_base_map_and_new_words_keep_theirs():
    unet = tiny_unet()
    latents, base_text = random_inputs(unet, tokens=6)
    inserted = torch.randn(2, 1, 12)
    edited_text = torch.cat([base_text[:, :2], inserted, base_text[:, 2:]], 1)
    alignment = torch.tensor([0, 1, -1, 2, 3, 4, 5])
    base, _, _ = record_maps(unet, latents, base_text)
    first = attention_sites(unet)[1]  # the first cross-attention: its queries do not depend on any text
    own, _, _ = record_maps(unet, latents, edited_text)
    used, out, _ = record_maps(
        unet, latents, edited_text, inject=Injection(lambda site: base[site.name].half(), alignment)
    )
    for name in base:
        torch.testing.assert_close(used[name][..., [0, 1, 3, 4, 5, 6]], base[name], rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(used[first.name][..., 2], own[first.name][..., 2])
    assert not torch.allclose(used[first.name].sum(-1), torch.ones(()), atol=1e-3)  # not normalised again
    plain = unet(latents, 5, edited_text).sample
    torch.testing.assert_close(out[0], plain[0])  # the unconditional half is left alone
    assert not torch.allclose(out[1], plain[1], atol=1e-4)


def test_a_wrong_alignment_is_refused():
    unet = tiny_unet()
    latents, text = random_inputs(unet)
    inject = Injection(lambda site: torch.zeros(()), torch.arange(3))
    control = AttentionControl(MapControl(inject=inject))
    with pytest.raises(ValueError, match="3 tokens"), UNetBackbone(unet).attending(control):
        unet(latents, 5, text)


def test_layers_at_a_quarter_of_the_latent_grid():
    unet = tiny_unet("sd1")
    latents, text = random_inputs(unet, 24, 16)
    maps, _, _ = record_maps(unet, latents, text, where=at_ratio(4))
    assert len(maps) == 5  # InstDiffEdit's five layers
    assert all(probs.shape[1] == 6 * 4 and not name.startswith("mid") for name, probs in maps.items())


def some_maps(items, positions, tokens=6, heads=2):
    return torch.rand(items * heads, positions, tokens, generator=torch.manual_seed(0)).softmax(-1)


def test_a_base_in_the_same_batch_gives_its_columns():
    site = attention_sites(tiny_unet())[1]
    probs = some_maps(2, 12)
    places = torch.tensor([0, 1, -1, 2, 3, 4])
    base, edited = probs.chunk(2)
    found = InjectionBeside(places)(site, probs).chunk(2)
    assert torch.equal(found[0], base)
    assert torch.equal(found[1][..., 2], edited[..., 2])
    assert torch.equal(found[1][..., [0, 1, 3, 4, 5]], base[..., [0, 1, 2, 3, 4]])


@pytest.mark.parametrize("level", [0, 1, 2])
def test_hidden_words_are_not_seen_from_within_the_region(level):
    site = next(site for site in attention_sites(tiny_unet()) if site.is_cross and site.level == level)
    height, width = level_sizes(9, 12, 3)[level]
    region = torch.zeros(9, 12, dtype=torch.bool)
    region[:4, :4] = True
    seen = TokenMask((2, 3), region, (False, True, False)).visible(site, 6).view(3, height, width, 6)
    inside = (torch.arange(height) < 4 >> level)[:, None] & (torch.arange(width) < 4 >> level)
    assert seen[[0, 2]].all() and seen[1, ~inside].all()
    assert seen[1, inside].tolist() == [[True, True, False, False, True, True]] * int(inside.sum())


def test_a_position_is_hidden_that_covers_any_of_the_region():
    """On coarser maps too, however little of it; and nothing else is."""
    site = next(site for site in attention_sites(tiny_unet()) if site.is_cross and site.level == 2)
    region = torch.zeros(8, 12, dtype=torch.bool)
    region[5, 2] = region[0, 11] = True
    seen = TokenMask((1,), region, (True,)).visible(site, 3).view(2, 3, 3)
    assert seen[..., 1].tolist() == [[True, True, False], [False, True, True]]
    assert seen[..., [0, 2]].all()


@pytest.mark.parametrize("kind", ["default", "sd1", "sd2"])
def test_hiding_words_is_leaving_their_tokens_out(kind):
    unet = tiny_unet(kind)
    latents, text = random_inputs(unet, 16, 12)
    everywhere = torch.ones(16, 12, dtype=torch.bool)
    masked = TokenMask((1, 4), everywhere, (True,) * len(latents))
    with UNetBackbone(unet).attending(AttentionControl(token_mask=masked)):
        out = unet(latents, 5, text).sample
    left = [i for i in range(text.shape[1]) if i not in (1, 4)]
    torch.testing.assert_close(out, unet(latents, 5, text[:, left]).sample, rtol=1e-4, atol=1e-5)
