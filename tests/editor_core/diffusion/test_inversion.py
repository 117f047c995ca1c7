"""Inversion of opened pictures and direct inversion, with real networks."""

import numpy as np
import pytest
import torch
from support.tiny_models import KINDS, tiny_bundle

from editor_core.diffusion import latents, prompts
from editor_core.diffusion.ddim import ddim_invert_step, ddim_step, sample
from editor_core.diffusion.direct_inversion import sample_beside
from editor_core.diffusion.guidance import guided_denoiser
from editor_core.diffusion.inversion import invert_picture
from editor_core.diffusion.schedule import NoiseSchedule
from editor_core.errors import JobCancelled
from editor_core.models.bundle import ModelBundle

STEPS = 5


def predictor(bundle: ModelBundle):
    return lambda x_t, t, context: bundle.unet(x_t, t, context).sample


def opened_picture() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (64, 128, 3), dtype=np.uint8)


class Stop:
    def raise_if_cancelled(self):
        raise JobCancelled


@pytest.mark.parametrize("kind", KINDS)
def test_an_opened_picture_gets_a_trajectory_that_ends_in_it(kind):
    bundle = tiny_bundle(kind)
    picture = opened_picture()
    trajectory = invert_picture(bundle, predictor(bundle), picture, "a red cat", STEPS)
    assert trajectory.shape == (STEPS + 1, bundle.latent_channels, 8, 16)
    assert torch.equal(trajectory[-1:], latents.encode(bundle, picture))
    schedule = NoiseSchedule.from_config(bundle.schedule)
    cond = prompts.embed(bundle, "a red cat")
    for index, (t, t_prev) in enumerate(schedule.step_pairs(STEPS)):
        x_prev = trajectory[index + 1 : index + 2]
        with torch.no_grad():
            eps = schedule.eps_from_output(bundle.unet(x_prev, t, cond).sample, x_prev, t)
        expected = ddim_invert_step(x_prev, eps, t, t_prev, schedule)
        torch.testing.assert_close(trajectory[index : index + 1], expected)


def test_inversion_can_be_cancelled():
    bundle = tiny_bundle("sd1")
    with pytest.raises(JobCancelled):
        invert_picture(bundle, predictor(bundle), opened_picture(), "a cat", STEPS, cancel=Stop())


@pytest.mark.parametrize("kind", ["sd1", "sd2"])
def test_direct_inversion_is_the_published_offset_without_its_extra_passes(kind):
    """Reference: Algorithm 2 of https://arxiv.org/abs/2310.01506, with the target branch after an offset source."""
    bundle = tiny_bundle(kind)
    schedule = NoiseSchedule.from_config(bundle.schedule)
    source = invert_picture(bundle, predictor(bundle), opened_picture(), "a cat", STEPS)
    context = torch.cat([prompts.embed(bundle, "a cat"), prompts.embed(bundle, "a dog")])

    def coupled(x, t):
        """A denoiser whose target leans on the source, as attention control makes it."""
        output = bundle.unet(x, t, context).sample
        output = torch.stack([output[0], 0.5 * output[0] + 0.5 * output[1]])
        return schedule.eps_from_output(output, x, t)

    pair = torch.cat([source[:1], source[:1]])
    expected = [pair[1:]]
    with torch.no_grad():
        for index, (t, t_prev) in enumerate(schedule.step_pairs(STEPS)):
            pair = ddim_step(pair, coupled(pair, t), t, t_prev, schedule)
            offset = source[index + 1] - pair[0]
            pair = torch.stack([pair[0] + offset, pair[1]])
            expected.append(pair[1:])
    found = sample_beside(coupled, source, source[:1], schedule)
    torch.testing.assert_close(found, torch.cat(expected), rtol=1e-3, atol=1e-4)


def test_a_target_that_ignores_the_source_is_plain_sampling():
    bundle = tiny_bundle("default")
    schedule = NoiseSchedule.from_config(bundle.schedule)
    source = invert_picture(bundle, predictor(bundle), opened_picture(), "a cat", STEPS)
    dog = prompts.embed(bundle, "a dog")
    alone = guided_denoiser(predictor(bundle), schedule, dog)
    reports = []
    beside = sample_beside(
        lambda x, t: torch.cat([torch.full_like(x[:1], torch.nan), alone(x[1:], t)]),
        source,
        source[:1],
        schedule,
        reports.append,
    )
    assert torch.equal(beside, sample(alone, source[:1], schedule, STEPS))
    assert [report.index for report in reports] == list(range(STEPS))
