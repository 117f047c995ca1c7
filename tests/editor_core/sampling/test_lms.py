"""The linear multistep sampler equals diffusers', and is what InstDiffEdit's search is told to use."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from diffusers.schedulers import scheduling_lms_discrete

from editor_core.base.errors import EditorError
from editor_core.engines.regions.mask_recipes import recipe_for
from editor_core.models.bundle import NoiseScheduleConfig
from editor_core.sampling.lms import LMS, _weights
from editor_core.sampling.sampler import sample
from editor_core.sampling.schedule import NoiseSchedule
from support.tiny_models import tiny_bundle

OPTIONS = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


def output_of(x, t):
    return 0.5 * x.tanh() + 0.1 * torch.sin(torch.tensor(float(t)) + x)


def integrated(sigmas, j, end):
    """The area under a level's Lagrange polynomial, by many small steps."""
    tau = np.linspace(sigmas[0], end, 20001)
    value = np.ones_like(tau)
    for k, sigma in enumerate(sigmas):
        if k != j:
            value *= (tau - sigma) / (sigmas[j] - sigma)
    return float(np.trapezoid(value, tau))


def written_out(schedule, plan, x):
    """Order one to four, in latents scaled by the signal, from diffusers' formula."""
    sigmas, slopes = [], []
    for at in plan:
        sigma, after = (((1 - a) / a) ** 0.5 for a in (at.alpha_bar, at.alpha_bar_next))
        sigmas, slopes = [sigma, *sigmas][:4], [output_of(x, at.t), *slopes][:4]
        scaled = x / at.alpha_bar**0.5
        scaled = scaled + sum(integrated(sigmas, j, after) * slope for j, slope in enumerate(slopes))
        x = scaled * at.alpha_bar_next**0.5
    return x


@pytest.mark.parametrize("steps", [1, 3, 9])
def test_it_is_its_formula_written_out(steps):
    schedule = NoiseSchedule.from_config(NoiseScheduleConfig(**OPTIONS))
    x = torch.randn(1, 4, 5, 6, generator=torch.Generator().manual_seed(2))
    plan = LMS().plan(schedule, steps)
    assert plan[-1].alpha_bar_next == 1 and len(plan) == steps
    found = sample(LMS(), plan, output_of, x)
    torch.testing.assert_close(found[-1:], written_out(schedule, plan, x), rtol=1e-4, atol=1e-4)


@pytest.fixture
def lms_scheduler(monkeypatch):
    """diffusers' own, which wants SciPy for one integral alone."""
    monkeypatch.setattr(scheduling_lms_discrete, "integrate", SimpleNamespace(quad=quad), raising=False)
    return scheduling_lms_discrete.LMSDiscreteScheduler


def quad(function, start, end, epsrel=0.0):
    """Gauss and Legendre with three places: exact for the cubic polynomials of order four."""
    places, weights = np.polynomial.legendre.leggauss(3)
    half = (float(end) - float(start)) / 2
    values = [float(function(float(start) + half * (1 + place))) for place in places]
    return half * float(weights @ values), 0.0


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_equals_diffusers(lms_scheduler):
    theirs = lms_scheduler(**OPTIONS, timestep_spacing="leading", steps_offset=1)
    theirs.set_timesteps(6)
    schedule = NoiseSchedule.from_config(
        NoiseScheduleConfig(**OPTIONS, timestep_spacing="leading", steps_offset=1)
    )
    x = torch.randn(1, 4, 5, 6, generator=torch.Generator().manual_seed(2))
    y = x * (theirs.sigmas[0] ** 2 + 1) ** 0.5
    for t in theirs.timesteps:
        y = theirs.step(output_of(theirs.scale_model_input(y, t), float(t)), t, y).prev_sample
    ours = sample(LMS(), LMS().plan(schedule, 6), output_of, x)
    torch.testing.assert_close(ours[-1:], y, rtol=1e-4, atol=1e-4)


def test_weights_of_a_straight_line_are_those_of_adams_and_bashforth():
    assert _weights([2.0, 3.0, 4.0], 1.0) == pytest.approx([-23 / 12, 16 / 12, -5 / 12])
    assert _weights([2.0], 1.0) == [-1.0]


def test_the_printed_recipe_searches_with_it():
    bundle = tiny_bundle("sd1")
    assert recipe_for(bundle, {"preset": "printed"}).sampler == "lms"
    assert recipe_for(bundle, {"preset": "paper"}).sampler == "ddim"
    with pytest.raises(EditorError, match="one of these samplers"):
        recipe_for(bundle, {"sampler": "euler"})
