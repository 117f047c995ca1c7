import pytest
import torch

from editor_core.backbones.attention.control import AttentionControl, MapControl
from editor_core.backbones.attention.instrument import NeverCalledError, instrumented
from editor_core.backbones.unet.backbone import UNetBackbone
from editor_core.backbones.unet.sites import attention_sites
from editor_core.base.errors import JobCancelled
from support.unets import random_inputs, tiny_unet

EVERY_MAP = AttentionControl(MapControl())


def test_all_thirty_two_layers_of_sd1_can_be_attached_and_are_counted():
    unet = tiny_unet("sd1")
    before = unet.attn_processors

    def same_as_before(site):
        return before[f"{site.name}.processor"]

    latents, text = random_inputs(unet)
    plain = unet(latents, 5, text).sample
    with instrumented(unet, attention_sites(unet), same_as_before) as calls:
        out = unet(latents, 5, text).sample
        unet(sample=latents, timestep=5, encoder_hidden_states=text)
    assert torch.equal(out, plain)
    assert len(calls) == 32
    assert set(calls.values()) == {2}


@pytest.mark.parametrize("error", [None, JobCancelled, ZeroDivisionError])
def test_processors_and_hooks_come_off_however_the_body_ends(error):
    unet = tiny_unet()
    before = unet.attn_processors
    try:
        with UNetBackbone(unet).attending(EVERY_MAP):
            assert unet.attn_processors.keys() == before.keys()
            assert unet.attn_processors != before
            if error:
                raise error
    except (JobCancelled, ZeroDivisionError):
        pass
    after = unet.attn_processors
    assert all(after[name] is before[name] for name in before)
    assert not unet._forward_pre_hooks


def test_a_failure_while_attaching_leaves_nothing_behind():
    unet = tiny_unet()
    before = unet.attn_processors
    site_names = []

    def fails_at_the_third(site):
        site_names.append(site.name)
        if len(site_names) == 3:
            raise ZeroDivisionError
        return lambda *args, **kwargs: None

    with pytest.raises(ZeroDivisionError), instrumented(unet, attention_sites(unet), fails_at_the_third):
        pass
    assert all(unet.attn_processors[name] is before[name] for name in before)


def test_a_site_that_is_passed_over_is_reported(monkeypatch):
    unet = tiny_unet()
    block = unet.down_blocks[0].attentions[0].transformer_blocks[0]
    latents, text = random_inputs(unet)
    # as after a change in diffusers
    monkeypatch.setattr(block.attn2, "forward", lambda hidden_states, **_: hidden_states)
    with pytest.raises(NeverCalledError), UNetBackbone(unet).attending(EVERY_MAP):
        unet(latents, 5, text)
