import pytest
import torch

from editor_core.backbones.unet.attention import control_cross_attention
from editor_core.backbones.unet.instrument import NeverCalledError, instrumented
from editor_core.base.errors import JobCancelled
from support.unets import random_inputs, tiny_unet


def test_all_thirty_two_layers_of_sd1_can_be_attached_and_are_counted():
    unet = tiny_unet("sd1")
    before = unet.attn_processors

    def same_as_before(site, _attached):
        return before[f"{site.name}.processor"]

    latents, text = random_inputs(unet)
    plain = unet(latents, 5, text).sample
    with instrumented(unet, same_as_before) as attached:
        out = unet(latents, 5, text).sample
        unet(sample=latents, timestep=5, encoder_hidden_states=text)
    assert torch.equal(out, plain)
    assert len(attached.sites) == 32
    assert attached.model_calls == 2
    assert set(attached.calls.values()) == {2}


@pytest.mark.parametrize("error", [None, JobCancelled, ZeroDivisionError])
def test_processors_and_hooks_come_off_however_the_body_ends(error):
    unet = tiny_unet()
    before = unet.attn_processors
    try:
        with instrumented(unet, control_cross_attention()):
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

    def fails_at_the_third(site, _attached):
        site_names.append(site.name)
        if len(site_names) == 3:
            raise ZeroDivisionError
        return lambda *args, **kwargs: None

    with pytest.raises(ZeroDivisionError), instrumented(unet, fails_at_the_third):
        pass
    assert all(unet.attn_processors[name] is before[name] for name in before)


def test_a_site_that_is_passed_over_is_reported(monkeypatch):
    unet = tiny_unet()
    block = unet.down_blocks[0].attentions[0].transformer_blocks[0]
    latents, text = random_inputs(unet)
    # as after a change in diffusers
    monkeypatch.setattr(block.attn2, "forward", lambda hidden_states, **_: hidden_states)
    with pytest.raises(NeverCalledError), instrumented(unet, control_cross_attention()):
        unet(latents, 5, text)


def test_sizes_follow_each_call():
    unet = tiny_unet()
    with instrumented(unet, control_cross_attention()) as attached:
        for height, width in ((16, 8), (9, 13)):
            unet(random_inputs(unet, height, width)[0], 5, random_inputs(unet)[1])
            assert attached.size(attached.sites[0]) == (height, width)
