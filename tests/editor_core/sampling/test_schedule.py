"""The schedule agrees with diffusers' DDIMScheduler, and the conversions with each other."""

from itertools import pairwise

import pytest
import torch
from diffusers import DDIMScheduler

from editor_core.models.bundle import NoiseScheduleConfig
from editor_core.sampling import schedule as noise
from editor_core.sampling.schedule import NoiseSchedule

STABLE_DIFFUSION = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


def schedule_pair(**changes) -> tuple[NoiseSchedule, DDIMScheduler]:
    options = STABLE_DIFFUSION | changes
    return NoiseSchedule.from_config(NoiseScheduleConfig(**options)), DDIMScheduler(
        **options, clip_sample=False
    )


@pytest.mark.parametrize("beta_schedule", ["linear", "scaled_linear", "squaredcos_cap_v2"])
def test_alpha_bar_is_that_of_diffusers(beta_schedule):
    ours, theirs = schedule_pair(beta_schedule=beta_schedule)
    torch.testing.assert_close(ours.alpha_bar, theirs.alphas_cumprod, rtol=1e-6, atol=0)


def test_trained_betas_replace_the_formula():
    betas = (0.1, 0.2, 0.3)
    ours = NoiseSchedule.from_config(NoiseScheduleConfig(trained_betas=betas))
    torch.testing.assert_close(ours.alpha_bar, torch.tensor([0.9, 0.72, 0.504]))


@pytest.mark.parametrize("spacing", ["leading", "linspace", "trailing"])
@pytest.mark.parametrize("offset", [0, 1])
@pytest.mark.parametrize("steps", [1, 2, 3, 7, 20, 27, 30, 50, 333, 500])
def test_timesteps_are_those_of_diffusers(spacing, offset, steps):
    ours, theirs = schedule_pair(timestep_spacing=spacing, steps_offset=offset)
    theirs.set_timesteps(steps)
    assert ours.timesteps(steps) == theirs.timesteps.tolist()


@pytest.mark.parametrize("steps", [0, -1, 1001])
def test_impossible_step_counts_are_refused(steps):
    ours, _ = schedule_pair()
    with pytest.raises(ValueError, match="steps must lie in"):
        ours.timesteps(steps)


def test_every_step_starts_where_the_one_before_arrived():
    ours, _ = schedule_pair(steps_offset=1)
    pairs = ours.step_pairs(20)
    assert all(arrival == start for (_, arrival), (start, _) in pairwise(pairs))
    assert pairs[-1][1] < 0 <= pairs[-1][0]


@pytest.mark.parametrize("to_one", [True, False])
def test_the_end_of_the_run(to_one):
    ours, theirs = schedule_pair(set_alpha_to_one=to_one)
    assert ours.alpha_bar_at(-49) == pytest.approx(float(theirs.final_alpha_cumprod), abs=1e-7)


@pytest.mark.parametrize("alpha_bar", [0.9999, 0.5, 0.01])
def test_eps_v_and_x0_say_the_same(alpha_bar):
    x_0, eps = torch.randn(2, 1, 4, 5, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    x_t = alpha_bar**0.5 * x_0 + (1 - alpha_bar) ** 0.5 * eps
    v = alpha_bar**0.5 * eps - (1 - alpha_bar) ** 0.5 * x_0
    torch.testing.assert_close(noise.eps_from_v(v, x_t, alpha_bar), eps)
    torch.testing.assert_close(noise.x0_from_eps(eps, x_t, alpha_bar), x_0)


def test_noise_and_velocity_are_those_of_diffusers():
    ours, theirs = schedule_pair(prediction_type="v_prediction")
    x_0, eps = torch.randn(2, 1, 4, 6, 3, generator=torch.Generator().manual_seed(2))
    t = 321
    x_t = ours.add_noise(x_0, eps, t)
    torch.testing.assert_close(x_t, theirs.add_noise(x_0, eps, torch.tensor([t])))
    v = theirs.get_velocity(x_0, eps, torch.tensor([t]))
    torch.testing.assert_close(ours.eps_from_output(v, x_t, t), eps)
    torch.testing.assert_close(ours.x0_from_eps(eps, x_t, t), x_0, rtol=1e-4, atol=1e-5)
