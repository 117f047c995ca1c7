import pytest
import torch

from editor_core.models.bundle import NoiseScheduleConfig
from editor_core.models.conditioning import Conditioning
from editor_core.sampling.guidance import Guidance, GuidedSteps, guide, guided_denoiser
from editor_core.sampling.sampler import TimeStep
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


def taken(guidance, first=0, steps=10, network=None):
    """The network that a run of so many steps asked, and eps of each from the ``first`` on."""
    network = network or Network()
    run = GuidedSteps(network, make_schedule(), COND, UNCOND, guidance, steps)
    x = torch.ones(1, 1, 2, 2)
    return network, [run(x, TimeStep(step, steps, 7, 0.5, 0.6)) for step in range(first, steps)]


@pytest.mark.parametrize(
    "every, both",
    [(1, range(10)), (2, [0, 1, 2, 3, 5, 7, 9]), (3, [0, 1, 2, 3, 6, 9]), (10, [0, 1, 2, 3])],
)
def test_the_unconditional_half_is_left_out_after_a_third_of_the_steps(every, both):
    network, found = taken(Guidance(3.0, every))
    assert [step for step, call in enumerate(network.calls) if len(call[0]) == 2] == list(both)
    assert all(torch.equal(call[2], COND.hidden) for call in network.calls if len(call[0]) == 1)
    for eps in found:  # of this network the difference is always the same
        torch.testing.assert_close(eps, torch.full((1, 1, 2, 2), -1 + 3 * (2 - -1.0)))


def test_in_between_the_difference_is_that_of_the_last_step_with_both():
    def network(x_t, t, told):
        calls.append(len(x_t))
        return x_t * told.hidden.mean(dim=(1, 2)).view(-1, 1, 1, 1) * len(calls)

    calls = []
    _, found = taken(Guidance(3.0, 2), network=network)
    assert calls[4] == 1  # the fifth, whose words alone give 2 · 5; the fourth gave 2 · 4 and -1 · 4
    torch.testing.assert_close(found[4], torch.full((1, 1, 2, 2), 2.0 * 5 + 2 * 3 * 4))


def test_a_run_that_begins_late_computes_both_until_it_knows_the_difference():
    network, _ = taken(Guidance(3.0, 2), first=4)
    assert [len(call[0]) for call in network.calls] == [2, 2, 1, 2, 1, 2]
    network, _ = taken(Guidance(1.0, 2))
    assert [len(call[0]) for call in network.calls] == [1] * 10
