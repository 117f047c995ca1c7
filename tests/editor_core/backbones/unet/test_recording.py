import copy

import pytest
import torch

from editor_core.backbones.unet import group_norm
from editor_core.backbones.unet import recording as recording_module
from editor_core.backbones.unet.group_norm import apply_statistics
from editor_core.backbones.unet.level_norms import norms_by_level, statistics_site
from editor_core.backbones.unet.recording import (
    RecordKind,
    position_major,
    record_sites,
    recorded_bytes,
    recording,
)
from editor_core.backbones.unet.sites import level_count, level_sizes
from editor_core.base.errors import JobCancelled
from support.unets import random_inputs, tiny_unet


def record(unet, latents, text, dtype=torch.float32):
    recorded = {}
    with recording(record_sites(unet), recorded.__setitem__, dtype):
        out = unet(latents, 5, text).sample
    return recorded, out


@pytest.mark.parametrize("kind", ["default", "sd1", "sd2"])
@pytest.mark.parametrize("memory", [torch.contiguous_format, torch.channels_last])
def test_the_output_is_the_plain_one_and_every_site_is_recorded_once(kind, memory):
    unet = copy.deepcopy(tiny_unet(kind)).to(memory_format=memory)
    latents, text = random_inputs(unet, 13, 10)
    plain = unet(latents, 5, text).sample
    names = []
    with recording(record_sites(unet), lambda name, _: names.append(name)):
        out = unet(latents, 5, text).sample
    torch.testing.assert_close(out, plain, rtol=1e-5, atol=1e-5)
    assert names.count("conv_in") == 1
    assert sorted(names) == sorted(site.name for site in record_sites(unet))


def test_shapes_and_predicted_bytes_are_right_at_odd_sizes():
    unet = tiny_unet("sd1")
    recorded, _ = record(unet, *random_inputs(unet, 13, 10), dtype=torch.float16)
    sizes = level_sizes(13, 10, level_count(unet))
    for site in record_sites(unet):
        height, width = sizes[site.level]
        rows = 2 if site.kind is RecordKind.NORM else height * width
        assert recorded[site.name].shape == (2, rows, site.channels), site.name
        assert recorded[site.name].is_contiguous()
    predicted = recorded_bytes(unet, 13, 10, batch=2)
    assert predicted == {name: t.numel() * t.element_size() for name, t in recorded.items()}


@pytest.mark.parametrize("as_on_a_card", [False, True])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_statistics_reproduce_the_norm_in_float32(dtype, as_on_a_card, monkeypatch):
    for module in (group_norm, recording_module):
        monkeypatch.setattr(module, "reduces_slowly", lambda _: not as_on_a_card)
    unet = tiny_unet(dtype=dtype)
    norm = unet.down_blocks[0].resnets[0].norm1
    seen = {}
    handle = norm.register_forward_pre_hook(lambda _m, args: seen.__setitem__("x", args[0]))
    recorded, _ = record(unet, *random_inputs(unet))
    handle.remove()
    statistics = recorded[statistics_site(0)]
    assert statistics.dtype is torch.float32
    first = statistics[..., : norm.num_groups]  # it is the first to be called
    mean, variance = first.unbind(1)
    got = apply_statistics(norm, seen["x"].flatten(2).mT.double(), mean, variance + norm.eps)
    expected = torch.nn.functional.group_norm(
        seen["x"].double(), norm.num_groups, norm.weight.double(), norm.bias.double(), norm.eps
    )
    rounded = as_on_a_card and dtype is torch.float16  # each position's moments are, whose errors cancel
    torch.testing.assert_close(got, expected.flatten(2).mT, rtol=1e-4, atol=5e-5 if rounded else 1e-5)


@pytest.mark.parametrize("kind", ["default", "sd1", "sd2"])
def test_every_group_norm_belongs_to_one_level(kind):
    unet = tiny_unet(kind)
    found = [norm for norms in norms_by_level(unet) for norm in norms]
    every = [module for module in unet.modules() if isinstance(module, torch.nn.GroupNorm)]
    assert len(found) == len(every)
    assert set(map(id, found)) == set(map(id, every))


@pytest.mark.parametrize("error", [None, JobCancelled])
def test_hooks_and_patched_norms_come_off_however_the_body_ends(error):
    unet = tiny_unet()
    try:
        with recording(record_sites(unet), lambda *_: None):
            if error:
                raise error
    except JobCancelled:
        pass
    for module in unet.modules():
        assert "forward" not in module.__dict__
        assert not module._forward_hooks and not module._forward_pre_hooks


def test_position_major_of_any_memory_format():
    feature_map = torch.randn(2, 3, 4, 5)
    expected = feature_map.permute(0, 2, 3, 1).reshape(2, 20, 3)
    for memory in (torch.contiguous_format, torch.channels_last):
        laid_out = feature_map.contiguous(memory_format=memory)
        rows = position_major(laid_out, torch.float32)
        assert torch.equal(rows, expected) and rows.is_contiguous()
        assert (rows.data_ptr() == laid_out.data_ptr()) == (memory is torch.channels_last), "copied in vain"


def test_what_no_word_has_reached_is_recorded_once():
    unet = tiny_unet("sd1")
    latents, text = random_inputs(unet, 13, 10)
    both, _ = record(unet, latents, text)
    once = {}
    with recording(record_sites(unet), once.__setitem__, torch.float32, pictures=1):
        unet(latents, 5, text)
    early = [site.name for site in record_sites(unet) if site.before_text]
    assert early[0] == "conv_in"
    assert early[-1] == "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_v"
    for name, tensor in both.items():
        halves_agree = torch.allclose(tensor[0], tensor[1], rtol=1e-5, atol=1e-6)
        assert halves_agree == (name in early), name
        assert torch.equal(once[name], tensor[:1] if name in early else tensor)
    predicted = recorded_bytes(unet, 13, 10, batch=2, itemsize=4, equal_halves=True)
    assert predicted == {name: tensor.nbytes for name, tensor in once.items()}
