"""DDIM equals diffusers' DDIMScheduler step by step, and inversion undoes sampling."""

import pytest
import torch
from diffusers import DDIMInverseScheduler, DDIMScheduler

from editor_core.base.errors import JobCancelled
from editor_core.models.bundle import NoiseScheduleConfig
from editor_core.sampling.ddim import ddim_step
from editor_core.sampling.schedule import NoiseSchedule
from support.sampling import invert, sample

OPTIONS = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


def make_schedule(**changes) -> NoiseSchedule:
    return NoiseSchedule.from_config(NoiseScheduleConfig(**OPTIONS | changes))


def randn(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


class CancelAfter:
    def __init__(self, looks: int):
        self.looks = looks

    def raise_if_cancelled(self):
        self.looks -= 1
        if self.looks < 0:
            raise JobCancelled


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
@pytest.mark.parametrize("to_one", [True, False])
@pytest.mark.parametrize("spacing", ["leading", "trailing"])
def test_sampling_equals_diffusers(prediction, to_one, spacing):
    changes = {"prediction_type": prediction, "set_alpha_to_one": to_one, "timestep_spacing": spacing}
    ours, theirs = make_schedule(**changes), DDIMScheduler(**OPTIONS, **changes, clip_sample=False)
    theirs.set_timesteps(12)
    x = randn(0, 1, 4, 6, 10)
    outputs = {int(t): randn(int(t), 1, 4, 6, 10) for t in theirs.timesteps}
    trajectory = sample(lambda x_t, t: ours.eps_from_output(outputs[t], x_t, t), x, ours, 12)
    assert torch.equal(trajectory[:1], x)
    for index, t in enumerate(theirs.timesteps):
        x = theirs.step(outputs[int(t)], int(t), x).prev_sample
        torch.testing.assert_close(trajectory[index + 1 : index + 2], x, rtol=1e-5, atol=1e-5)


def test_one_inversion_step_equals_diffusers():
    ours, theirs = make_schedule(set_alpha_to_one=False), DDIMInverseScheduler(**OPTIONS, clip_sample=False)
    theirs.set_timesteps(20)
    x, eps = randn(1, 1, 4, 5, 7), randn(2, 1, 4, 5, 7)
    for t in (50, 500, 900):
        # Their scheduler is told the timestep it leaves, ours both.
        expected = theirs.step(eps, t + 50, x).prev_sample
        torch.testing.assert_close(ddim_step(x, eps, t, t + 50, ours), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("t, t_prev", [(951, 901), (501, 451), (1, -49)])
def test_an_inversion_step_undoes_a_step(t, t_prev):
    schedule = make_schedule()
    x_t, eps = randn(3, 2, 4, 3, 8), randn(4, 2, 4, 3, 8)
    x_prev = ddim_step(x_t, eps, t, t_prev, schedule)
    torch.testing.assert_close(ddim_step(x_prev, eps, t_prev, t, schedule), x_t, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("steps", [1, 2, 10])
def test_inversion_and_sampling_are_inverse_when_the_noise_does_not_depend_on_x(steps):
    schedule = make_schedule(steps_offset=1)
    noise = {t: randn(t, 1, 4, 5, 9) for t in schedule.timesteps(steps)}
    x_0 = randn(5, 1, 4, 5, 9)
    up = invert(lambda x_t, t: noise[t], x_0, schedule, steps)
    down = sample(lambda x_t, t: noise[t], up[:1], schedule, steps)
    assert up.shape == down.shape == (steps + 1, 4, 5, 9)
    assert torch.equal(up[-1:], x_0)
    torch.testing.assert_close(down, up, rtol=1e-4, atol=1e-4)


def test_inversion_reconstructs_better_with_more_steps():
    schedule = make_schedule()

    def denoise(x_t, t):  # the exact denoiser of data with variance 4 in each number
        alpha_bar = schedule.alpha_bar_at(t)
        return x_t * (1 - alpha_bar) ** 0.5 / (4 * alpha_bar + 1 - alpha_bar)

    x_0 = 2 * randn(6, 1, 4, 8, 6)
    errors = []
    for steps in (10, 50, 250):
        noise = invert(denoise, x_0, schedule, steps)[:1]
        errors.append((sample(denoise, noise, schedule, steps)[-1:] - x_0).abs().max().item())
    assert errors[0] > 2 * errors[1] > 4 * errors[2]
    assert noise.std().item() == pytest.approx(1, abs=0.1)


def test_each_step_is_reported_with_what_it_predicts():
    schedule = make_schedule()
    eps = randn(7, 1, 4, 4, 4)
    reports = []
    trajectory = sample(lambda x_t, t: eps, randn(8, 1, 4, 4, 4), schedule, 5, on_step=reports.append)
    assert [(step.at.index, step.at.steps, step.at.t) for step in reports] == list(
        zip(range(5), [5] * 5, schedule.timesteps(5))
    )
    for index, step in enumerate(reports):
        assert torch.equal(step.x_next, trajectory[index + 1 : index + 2])
        torch.testing.assert_close(
            schedule.add_noise(step.x_0, eps, step.at.t), trajectory[index : index + 1]
        )


@pytest.mark.parametrize("run", [sample, invert])
def test_cancelling_stops_between_steps(run):
    reports = []
    with pytest.raises(JobCancelled):
        x, cancel = randn(9, 1, 4, 4, 4), CancelAfter(3)
        run(lambda x_t, t: x_t, x, make_schedule(), 10, on_step=reports.append, cancel=cancel)
    assert len(reports) == 3


def test_half_precision_noise_is_summed_in_float32():
    schedule = make_schedule()
    eps = randn(10, 1, 4, 4, 4)
    x = randn(11, 1, 4, 4, 4).half()
    trajectory = sample(lambda x_t, t: eps.half(), x, schedule, 6)
    assert trajectory.dtype == torch.float32
    assert torch.equal(trajectory, sample(lambda x_t, t: eps.half().float(), x.float(), schedule, 6))
