import pytest
import torch

from editor_core.models.bundle import NoiseScheduleConfig
from editor_core.models.conditioning import Conditioning
from editor_core.sampling.guidance import guide, guided_denoiser
from editor_core.sampling.schedule import NoiseSchedule

COND, UNCOND = Conditioning(torch.full((1, 3, 2), 2.0)), Conditioning(torch.full((1, 3, 2), -1.0))


class Network:
    """Answers with the latents times the embeddings' mean, and remembers what it was given."""

    def __init__(self):
        self.calls = []

    def __call__(self, x_t, t, conditioning):
        self.calls.append((x_t, t, conditioning.hidden))
        return x_t * conditioning.hidden.mean(dim=(1, 2)).view(-1, 1, 1, 1)


def make_schedule(prediction: str = "epsilon") -> NoiseSchedule:
    return NoiseSchedule.from_config(NoiseScheduleConfig(prediction_type=prediction))


@pytest.fixture
def x_t():
    return torch.randn(1, 4, 3, 5, generator=torch.Generator().manual_seed(0))


def test_guidance_goes_from_the_unconditional_half_through_the_conditional(x_t):
    network = Network()
    eps = guided_denoiser(network, make_schedule(), COND, UNCOND, 3.0)(x_t, 7)
    torch.testing.assert_close(eps, x_t * (-1 + 3 * (2 - -1)))
    ((batch, t, context),) = network.calls
    assert batch.shape == (2, 4, 3, 5) and t == 7
    assert torch.equal(context, torch.cat([UNCOND.hidden, COND.hidden]))


def test_guidance_one_runs_only_the_conditional_half(x_t):
    network = Network()
    eps = guided_denoiser(network, make_schedule(), COND)(x_t, 7)
    ((batch, _, context),) = network.calls
    assert len(batch) == 1 and torch.equal(context, COND.hidden)
    torch.testing.assert_close(eps, 2 * x_t)


def test_guidance_zero_is_the_unconditional_prediction(x_t):
    eps = guided_denoiser(Network(), make_schedule(), COND, UNCOND, 0.0)(x_t, 7)
    torch.testing.assert_close(eps, -x_t)


def test_guidance_needs_both_halves():
    with pytest.raises(ValueError, match="negative prompt"):
        guided_denoiser(Network(), make_schedule(), COND, None, 5.0)


def test_guided_v_gives_the_same_noise_as_guided_eps(x_t):
    schedule = make_schedule("v_prediction")
    v_uncond, v_cond = torch.randn(2, 1, 4, 3, 5, generator=torch.Generator().manual_seed(1))
    eps = guide(schedule.eps_from_output(v_uncond, x_t, 400), schedule.eps_from_output(v_cond, x_t, 400), 4.0)
    torch.testing.assert_close(schedule.eps_from_output(guide(v_uncond, v_cond, 4.0), x_t, 400), eps)
