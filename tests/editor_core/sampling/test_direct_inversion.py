"""Direct inversion, with real networks on the trajectory of an opened picture."""

import numpy as np
import pytest
import torch

from editor_core.models import latents, prompts
from editor_core.models.bundle import ModelBundle
from editor_core.sampling.ddim import ddim_step, invert, sample
from editor_core.sampling.direct_inversion import sample_beside
from editor_core.sampling.guidance import guided_denoiser
from editor_core.sampling.schedule import NoiseSchedule
from support.tiny_models import tiny_bundle

STEPS = 5


def predictor(bundle: ModelBundle):
    return lambda x_t, t, context: bundle.unet(x_t, t, context).sample


def opened(bundle: ModelBundle, schedule: NoiseSchedule) -> torch.Tensor:
    """The trajectory of a picture under the words "a cat"."""
    picture = np.random.default_rng(0).integers(0, 256, (64, 128, 3), dtype=np.uint8)
    denoise = guided_denoiser(predictor(bundle), schedule, prompts.embed(bundle, "a cat"))
    return invert(denoise, latents.encode(bundle, picture), schedule, STEPS)


@pytest.mark.parametrize("kind", ["sd1", "sd2"])
def test_direct_inversion_is_the_published_offset_without_its_extra_passes(kind):
    """Reference: Algorithm 2 of https://arxiv.org/abs/2310.01506, the target beside an offset source."""
    bundle = tiny_bundle(kind)
    schedule = NoiseSchedule.from_config(bundle.schedule)
    source = opened(bundle, schedule)
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
    source = opened(bundle, schedule)
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
