"""Every sampler equals diffusers' scheduler of its name, on whole maps and on rows, and goes on where it stopped."""

from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from diffusers import (
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerDiscreteScheduler,
    HeunDiscreteScheduler,
    LCMScheduler,
    TCDScheduler,
)
from diffusers.schedulers import scheduling_lcm, scheduling_tcd

from editor_core.base.errors import EditorError
from editor_core.messages.run import DEFAULT_SAMPLER
from editor_core.models.bundle import NoiseScheduleConfig
from editor_core.sampling.noise_of_path import noise_of_path
from editor_core.sampling.positions import rows_of, with_rows
from editor_core.sampling.sampler import Prediction, TimeStep, everywhere, run, sample
from editor_core.sampling.samplers import SAMPLERS, sampler_called
from editor_core.sampling.schedule import NoiseSchedule

OPTIONS = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
THEIRS = {
    "ddim": (DDIMScheduler, {"clip_sample": False}),
    "euler": (EulerDiscreteScheduler, {}),
    "euler-trailing": (EulerDiscreteScheduler, {"timestep_spacing": "trailing"}),
    "dpm++2m": (DPMSolverMultistepScheduler, {}),
    "dpm++2m-karras": (DPMSolverMultistepScheduler, {"use_karras_sigmas": True}),
    "heun": (HeunDiscreteScheduler, {}),
    "lcm": (LCMScheduler, {}),
    "dmd2": (LCMScheduler, {}),
    "tcd": (TCDScheduler, {}),
}
SPACED = ("ddim", "euler", "dpm++2m", "heun")  # the others' timesteps are their own
TO_PURE_NOISE = (
    "ddim",
    "euler",
    "euler-trailing",
    "dpm++2m",
    "lcm",
    "dmd2",
    "tcd",
)  # theirs know no other with it
WEIGHTS = torch.randn(4, 4, generator=torch.Generator().manual_seed(1)) / 3


def output_of(x: torch.Tensor, t: float) -> torch.Tensor:
    """A network of a kind: what it says depends on the latents and on the timestep."""
    return torch.einsum("ij,bjhw->bihw", WEIGHTS, x).tanh() + 0.1 * torch.sin(torch.tensor(float(t)) + x)


def schedule_of(**changes) -> NoiseSchedule:
    return NoiseSchedule.from_config(NoiseScheduleConfig(**OPTIONS | changes))


def noise(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(2))


def run_of_theirs(name, steps, changes, x):
    scheduler_class, options = THEIRS[name]
    scheduler = scheduler_class(**OPTIONS | changes | options)
    if name == "dmd2":  # as its authors' models are sampled
        scheduler.set_timesteps(timesteps=[round(1000 - i * 1000 / steps) - 1 for i in range(steps)])
    else:
        scheduler.set_timesteps((steps + 1) // 2 if name == "heun" else steps)  # which counts pairs of calls
    if name in ("euler", "euler-trailing", "heun"):  # they keep latents scaled by 1 / sqrt(alpha_bar)
        x = x * (scheduler.sigmas[0] ** 2 + 1) ** 0.5
    for t in scheduler.timesteps:
        seen = scheduler.scale_model_input(x, t)
        x = scheduler.step(output_of(seen, float(t)), t, x).prev_sample
    return x


COMBINED = [(name, spacing) for name in SPACED for spacing in ("leading", "trailing", "linspace")]
COMBINED += [(name, "leading") for name in THEIRS if name not in SPACED]


@pytest.fixture
def same_noise(monkeypatch):
    """diffusers draws what a run of ours with seed 7 draws, step by step."""
    drawn = iter(range(1000))

    def draw(shape, **_):
        return TimeStep(next(drawn), 0, 0, 0.0, 0.0, seed=7).noise_for(torch.empty(shape))

    for module in (scheduling_lcm, scheduling_tcd):
        monkeypatch.setattr(module, "randn_tensor", draw)


def test_every_sampler_is_compared():
    assert set(THEIRS) == set(SAMPLERS)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize("name, spacing", COMBINED)
@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
@pytest.mark.parametrize("steps", [1, 5, 19])
def test_equals_diffusers(same_noise, name, spacing, prediction, steps):
    compare(name, steps, {"timestep_spacing": spacing, "prediction_type": prediction, "steps_offset": 1})


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize("name", TO_PURE_NOISE)
@pytest.mark.parametrize("spacing", ["trailing", "linspace"])
@pytest.mark.parametrize("steps", [1, 5, 19])
def test_from_pure_noise_equals_diffusers(same_noise, name, spacing, steps):
    """Zero terminal signal-to-noise ratio; the first timestep is the noisiest there is."""
    changes = {"timestep_spacing": spacing, "prediction_type": "v_prediction", "rescale_betas_zero_snr": True}
    # Theirs adds up in float32 at sigma 4096 there, where one unit in the last place is 5e-4.
    compare(name, steps, changes, atol=1e-3 if name.startswith("euler") and steps == 1 else 1e-4)


def compare(name, steps, changes, atol=1e-4):
    schedule, sampler, x = schedule_of(**changes), sampler_called(name), noise(1, 4, 5, 6)

    def denoise(x_t, t):
        return schedule.eps_from_output(output_of(x_t, t), x_t, t)

    plan = [replace(at, seed=7) for at in sampler.plan(schedule, steps)]
    ours = sample(sampler, plan, denoise, x)
    assert ours.shape == (steps + 1, 4, 5, 6) and torch.equal(ours[:1], x)
    torch.testing.assert_close(ours[-1:], run_of_theirs(name, steps, changes, x), rtol=1e-4, atol=atol)


def test_noise_is_the_runs_and_the_steps_own():
    x = torch.empty(2, 4, 5, 6)
    drawn = [TimeStep(index, 9, 0, 0.0, 0.0, seed=seed).noise_for(x) for index in (0, 1) for seed in (7, 8)]
    assert drawn[0].shape == (1, 4, 5, 6) and len({each.numpy().tobytes() for each in drawn}) == 4
    assert torch.equal(TimeStep(1, 3, 5, 0.1, 0.2, seed=8).noise_for(x), drawn[3])


def test_an_even_number_of_steps_of_heun_begins_with_eulers():
    schedule, x = schedule_of(), noise(1, 4, 3, 3)
    plans = [sampler_called("heun").plan(schedule, steps) for steps in (6, 7)]
    assert [len(plan) for plan in plans] == [6, 7]
    stays = [[at.alpha_bar == at.alpha_bar_next for at in plan] for plan in plans]
    assert stays == [[False, False, True, False, True, False], [False, True, False, True, False, True, False]]
    assert torch.isfinite(sample(sampler_called("heun"), plans[0], output_of, x)).all()


@pytest.mark.parametrize("name", SAMPLERS)
def test_the_plan_hangs_together(name):
    plan = sampler_called(name).plan(schedule_of(), 7)
    assert [(at.index, at.steps) for at in plan] == [(index, 7) for index in range(7)]
    for first, second in pairwise(plan):
        assert first.alpha_bar <= second.alpha_bar == first.alpha_bar_next
        assert second.alpha_bar_before in (first.alpha_bar, None)
    assert plan[0].alpha_bar_before is None and plan[-1].alpha_bar_next > plan[-1].alpha_bar


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_run_in_two_parts_is_the_whole_run(name):
    schedule, sampler, x = schedule_of(), sampler_called(name), noise(2, 4, 3, 5)
    plan, predict = sampler.plan(schedule, 8), everywhere(lambda x_t, t: output_of(x_t, t))
    whole = [step.x_next for step in run(sampler, plan, x, predict)]
    first = list(run(sampler, plan[:3], x, predict))
    rest = run(sampler, plan[3:], first[-1].x_next, predict, x_0_before=first[-1].x_0)
    assert all(torch.equal(a, b.x_next) for a, b in zip(whole, [*first, *rest], strict=True))


@pytest.mark.parametrize("name", SAMPLERS)
def test_rows_take_the_same_steps_as_whole_maps(name):
    """Where each position's noise depends on itself alone, computing some of them gives those of the whole run."""
    schedule, sampler, x = schedule_of(), sampler_called(name), noise(1, 4, 6, 7)
    plan, some = sampler.plan(schedule, 8), torch.tensor([0, 3, 17, 40])
    whole = [step.x_next for step in run(sampler, plan, x, everywhere(output_of))]

    def predict(x_t, at):
        rows = rows_of(x_t, some)
        return Prediction(rows, rows_of(output_of(x_t, at.t), some), some)

    def place(rows, _found, at):
        return with_rows(whole[at.index], some, rows)

    for step, expected in zip(run(sampler, plan, x, predict, place), whole, strict=True):
        torch.testing.assert_close(step.x_next, expected)


def test_an_unknown_sampler_is_refused_in_a_sentence():
    assert sampler_called(DEFAULT_SAMPLER).name == "ddim"
    with pytest.raises(EditorError, match=r"no sampler called “ddpm”. Available: ddim, "):
        sampler_called("ddpm")
    with pytest.raises(ValueError, match="steps"):
        sampler_called("dpm++2m").plan(schedule_of(), 1000)


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_runs_noise_is_found_again_in_its_trajectory(name):
    sampler, schedule, predicted = sampler_called(name), schedule_of(), []
    plan = sampler.plan(schedule, 7)

    def denoise(x, t):
        predicted.append(output_of(x, t))
        return predicted[-1]

    path = sample(sampler, plan, denoise, noise(1, 4, 6, 5))
    for found, expected in zip(noise_of_path(sampler, plan, path), predicted, strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-3)
