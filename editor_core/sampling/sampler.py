"""The one sampling loop, and what a sampler is.

A **sampler** says at which noise levels the network is asked (`plan`) and how its answer leads from one to the next
(`step`). Everything else that differs between painting, fusing, searching and inverting lies in two callables: what
predicts the noise, perhaps at some positions only, and what is laid over the latents after a step.

A **trajectory** is float32 (steps + 1, C, h, w), noisiest first: `trajectory[i]` enters step i,
`trajectory[-1]` is x_0.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

import torch
from torch import Tensor

from editor_core.models.latents import seeded_noise
from editor_core.models.progress import Cancel
from editor_core.sampling.positions import rows_of, with_rows
from editor_core.sampling.schedule import NoiseSchedule, x0_from_eps


@dataclass(frozen=True)
class TimeStep:
    """One step of a plan."""

    index: int
    """Counted from 0 in the order of the plan."""
    steps: int
    """How many the whole plan has."""
    t: float
    """The timestep that the network is told."""
    alpha_bar: float
    """The share of signal in the latents that enter."""
    alpha_bar_next: float
    """The share of signal in those that leave."""
    alpha_bar_before: float | None = None
    """The share of signal that entered the step before; None at the first."""
    alpha_bar_between: float | None = None
    """Where a sampler that draws noise goes before it adds some, if that is not 1."""
    seed: int = 0
    """Of the run: what noise is drawn from."""

    def noise_for(self, latents: Tensor) -> Tensor:
        """The noise (1, C, h, w) that this step of this run adds, the same each time, for latents (B, C, h, w)."""
        seed = int.from_bytes(blake2b(f"{self.seed}/{self.index}".encode(), digest_size=8).digest(), "big")
        return seeded_noise(seed, (1, *latents.shape[1:])).to(latents.device)


class Sampler(Protocol):
    """How a run goes from noise to a picture; without state, so that one serves all runs."""

    @property
    def name(self) -> str:
        """What requests, turns and project files call it."""

    @property
    def label(self) -> str:
        """What the artist reads."""

    @property
    def draws_noise(self) -> bool:
        """Whether `step` adds fresh noise, which it is then given."""

    def plan(self, schedule: NoiseSchedule, steps: int) -> list[TimeStep]:
        """The steps, noisiest first. Raises ValueError when the schedule has not so many."""

    def step(
        self, at: TimeStep, x: Tensor, eps: Tensor, x_0_before: Tensor | None, noise: Tensor | None = None
    ) -> Tensor:
        """The latents after a step, from those that enter, x, and the noise in them, both (…).

        x_0_before: the clean latents that the step before predicted, None at a run's first; multistep solvers use it.
        noise: fresh noise, (…), for a sampler that draws some.
        """


@dataclass(frozen=True, eq=False)
class Prediction:
    """The noise in the latents of a step."""

    x: Tensor
    """The latents that take part: (B, C, h, w), or their rows (B, N, C) at `positions`."""
    eps: Tensor
    """The noise in them, of the same shape."""
    positions: Tensor | None = None
    """int64 (N,): where on the flattened latent grid the rows lie; None is everywhere."""

    def part_of(self, latents: Tensor) -> Tensor:
        """What of latents (B, C, h, w) takes part."""
        return latents if self.positions is None else rows_of(latents, self.positions)

    def whole(self, part: Tensor, rest: Tensor) -> Tensor:
        """Latents (B, C, h, w) of what takes part, and elsewhere of the rest, (1 or B, C, h, w)."""
        return part if self.positions is None else with_rows(rest, self.positions, part)


Denoiser = Callable[[Tensor, float], Tensor]
"""From latents (B, C, h, w) at a timestep to the noise eps in them, of the same shape."""
Predict = Callable[[Tensor, TimeStep], Prediction]
"""From the latents (B, C, h, w) that enter a step to the noise in them."""
Place = Callable[[Tensor, Prediction, TimeStep], Tensor]
"""From what took part, after the step, to the latents (B, C, h, w) that enter the next one."""


@dataclass(frozen=True, eq=False)
class Step:
    """What a step left."""

    at: TimeStep
    x_next: Tensor
    """(B, C, h, w) after the step."""
    x_0: Tensor
    """The clean latents as predicted at this step, shaped as the prediction's: what a preview shows."""
    prediction: Prediction


OnStep = Callable[[Step], None]


def everywhere(denoise: Denoiser) -> Predict:
    """What `run` asks for, of a denoiser that predicts at every position; sums are at least in float32."""

    def predict(x: Tensor, at: TimeStep) -> Prediction:
        eps = denoise(x, at.t)
        return Prediction(x, eps if eps.dtype == torch.float64 else eps.float())

    return predict


@torch.no_grad()
def run(
    sampler: Sampler,
    plan: Sequence[TimeStep],
    x: Tensor,
    predict: Predict,
    place: Place | None = None,
    cancel: Cancel | None = None,
    x_0_before: Tensor | None = None,
) -> Iterator[Step]:
    """Take the steps of ``plan``, a whole one or a part, from latents x (B, C, h, w); yields each as it is done.

    x_0_before: where a run goes on from another's, what its last step predicted, (B, C, h, w). Raises JobCancelled
    between steps, if ``cancel`` asks for it.
    """
    for at in plan:
        if cancel is not None:
            cancel.raise_if_cancelled()
        found = predict(x, at)
        x_0 = x0_from_eps(found.eps, found.x, at.alpha_bar).to(x)
        moved = sampler.step(
            at,
            found.x,
            found.eps,
            None if x_0_before is None else found.part_of(x_0_before),
            found.part_of(at.noise_for(x)) if sampler.draws_noise else None,
        ).to(x)
        x_0_before = found.whole(x_0, x if x_0_before is None else x_0_before)
        x = moved if place is None else place(moved, found, at)
        yield Step(at, x, x_0, found)


@torch.no_grad()
def sample(
    sampler: Sampler,
    plan: Sequence[TimeStep],
    denoise: Denoiser,
    x_T: Tensor,
    on_step: OnStep | None = None,
    cancel: Cancel | None = None,
) -> Tensor:
    """From noise x_T (1, C, h, w) to a picture; returns the trajectory. Raises JobCancelled between steps."""
    x = x_T.float()
    trajectory = [x]
    for step in run(sampler, plan, x, everywhere(denoise), cancel=cancel):
        trajectory.append(step.x_next)
        if on_step is not None:
            on_step(step)
    return torch.cat(trajectory)
