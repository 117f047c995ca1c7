from copy import deepcopy

import pytest
import torch
from diffusers import UNet2DConditionModel

from editor_core.backbones.unet.sites import LayerKind, attention_sites, layers, level_count, level_sizes
from editor_core.base.errors import ModelError
from support.unets import random_inputs, tiny_unet


def test_sd1_has_sixteen_self_and_sixteen_cross_attention_layers():
    sites = attention_sites(tiny_unet("sd1"))
    assert len(sites) == 32
    assert [site.index for site in sites if site.is_cross] == list(range(16))
    parts = [site.part for site in sites if not site.is_cross]
    assert parts == ["down"] * 6 + ["mid"] + ["up"] * 9  # the calling order MasaCtrl counts in


@pytest.mark.parametrize("kind", ["default", "sd1", "sd2"])
def test_layers_are_listed_in_calling_order_and_none_is_missing(kind):
    unet = tiny_unet(kind)
    called = []
    listed = layers(unet)
    names = {layer.module: layer.name for layer in listed}
    handles = [m.register_forward_hook(lambda m, *_: called.append(names[m])) for m in names]
    latents, text = random_inputs(unet)
    unet(latents, 5, text)
    for handle in handles:
        handle.remove()
    assert called == [layer.name for layer in listed]
    convolutions = {m for m in unet.modules() if isinstance(m, torch.nn.Conv2d)}
    covered = {m for layer in listed for m in layer.module.modules()}
    assert convolutions <= covered


def test_skips_are_popped_as_often_as_pushed():
    for kind in ("default", "sd1"):
        listed = layers(tiny_unet(kind))
        assert sum(layer.pushes for layer in listed) == sum(layer.pops for layer in listed)
        assert [layer.adapter for layer in listed if layer.adapter is not None] == [0, 1, 2, 3, 4]


def test_odd_sizes_round_up_like_the_downsamplers():
    unet = tiny_unet()
    assert level_count(unet) == 4
    seen = []
    handles = [
        layer.module.register_forward_pre_hook(lambda _m, args: seen.append(tuple(args[0].shape[-2:])))
        for layer in layers(unet)
        if layer.kind is LayerKind.RESNET and layer.part == "down"
    ]
    unet(*random_inputs(unet, 13, 9)[:1], 5, random_inputs(unet)[1])
    for handle in handles:
        handle.remove()
    assert tuple(seen) == level_sizes(13, 9, 4) == ((13, 9), (7, 5), (4, 3), (2, 2))


def test_a_network_with_unknown_parts_is_refused():
    unet = UNet2DConditionModel(
        block_out_channels=(8, 8),
        norm_num_groups=4,
        cross_attention_dim=8,
        num_class_embeds=3,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
    )
    with pytest.raises(ModelError):
        layers(unet)


@pytest.mark.parametrize(
    ("way", "attribute", "value"),
    [
        ("down", "use_conv", False),
        ("down", "norm", torch.nn.Identity()),
        ("down", "padding", 0),
        ("up", "use_conv", False),
        ("up", "norm", torch.nn.Identity()),
        ("up", "interpolate", False),
    ],
)
def test_a_network_that_changes_sizes_in_another_way_is_refused(way, attribute, value):
    changed = deepcopy(tiny_unet())
    (sampler,) = getattr(getattr(changed, f"{way}_blocks")[0], f"{way}samplers")
    setattr(sampler, attribute, value)
    with pytest.raises(ModelError):
        layers(changed)


def test_a_block_with_fewer_transformers_than_resnets_is_no_guess():
    changed = deepcopy(tiny_unet("sd1"))
    del changed.down_blocks[0].attentions[-1]
    with pytest.raises(ValueError, match="shorter"):
        layers(changed)
