"""How much noise a latent holds at each timestep, which timesteps a run visits, and what predictions mean.

Written: alpha_bar_t for the paper's cumulated alpha (called alpha_t in DDIM,
https://arxiv.org/abs/2010.02502), so x_t = sqrt(alpha_bar_t) x_0 + sqrt(1 - alpha_bar_t) eps.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from editor_core.models.bundle import NoiseScheduleConfig

PURE_NOISE = 2.0**-40
"""alpha_bar that stands for 0: from nothing but noise no clean latent could be read. In float64 it leaves a trace."""


_HARDLY_ANY = 1e-4


class Timestep(float):
    """A timestep whose share of signal is not the schedule's at that number: between two of them, or rounded."""

    alpha_bar: float

    def __new__(cls, t: float, alpha_bar: float) -> "Timestep":
        made = super().__new__(cls, t)
        made.alpha_bar = alpha_bar
        return made


@dataclass(frozen=True, eq=False)
class NoiseSchedule:
    alpha_bar: Tensor
    """float32 (T,): the share of signal at each training timestep."""
    final_alpha_bar: float
    """The share of signal after the last step: 1, or alpha_bar of timestep 0 (Stable Diffusion's
    `set_alpha_to_one` false)."""
    prediction_type: str
    """"epsilon" or "v_prediction": what the network's output means."""
    steps_offset: int = 0
    timestep_spacing: str = "leading"

    @classmethod
    def from_config(cls, config: NoiseScheduleConfig) -> "NoiseSchedule":
        alpha_bar = torch.cumprod(1.0 - betas(config), dim=0)
        if config.rescale_betas_zero_snr:
            alpha_bar = _to_pure_noise(alpha_bar)
        return cls(
            alpha_bar=alpha_bar,
            final_alpha_bar=1.0 if config.set_alpha_to_one else float(alpha_bar[0]),
            prediction_type=config.prediction_type,
            steps_offset=config.steps_offset,
            timestep_spacing=config.timestep_spacing,
        )

    def __len__(self) -> int:
        return len(self.alpha_bar)

    def timesteps(self, steps: int) -> list[int]:
        """The timesteps a run of `steps` steps visits, noisiest first (as diffusers' DDIMScheduler).

        Spacings of https://arxiv.org/abs/2305.08891, Table 2. Raises ValueError when steps is not in 1..T.
        """
        total = len(self)
        if not 1 <= steps <= total:
            raise ValueError(f"steps must lie in 1..{total}, not {steps}")
        if self.timestep_spacing == "leading":
            return [min(i * (total // steps) + self.steps_offset, total - 1) for i in reversed(range(steps))]
        if self.timestep_spacing == "trailing":
            return [round(total - i * (total / steps)) - 1 for i in range(steps)]
        return [int(t) for t in np.linspace(0, total - 1, steps).round()[::-1]]

    def previous(self, t: int, steps: int) -> int:
        """The timestep a step from t arrives at; negative after the last step."""
        return t - len(self) // steps

    def step_pairs(self, steps: int) -> list[tuple[int, int]]:
        """(t, t_prev) of every step, noisiest first."""
        return [(t, self.previous(t, steps)) for t in self.timesteps(steps)]

    def alpha_bar_at(self, t: float) -> float:
        """alpha_bar_t; for a negative t, after the last step, the final one."""
        if isinstance(t, Timestep):
            return t.alpha_bar
        return float(self.alpha_bar[int(t)]) if t >= 0 else self.final_alpha_bar

    def eps_from_output(self, output: Tensor, x_t: Tensor, t: float) -> Tensor:
        """The noise the network's raw output stands for. Shapes alike; float64 where there is hardly any signal."""
        if self.prediction_type == "epsilon":
            return output
        alpha_bar = self.alpha_bar_at(t)
        if alpha_bar < _HARDLY_ANY:  # the clean latents are a small difference between x_t and the noise
            output, x_t = output.double(), x_t.double()
        return eps_from_v(output, x_t, alpha_bar)

    def x0_from_eps(self, eps: Tensor, x_t: Tensor, t: float) -> Tensor:
        """The clean latent that the noise `eps` leaves in x_t."""
        return x0_from_eps(eps, x_t, self.alpha_bar_at(t))

    def add_noise(self, x_0: Tensor, eps: Tensor, t: float) -> Tensor:
        """`noised` to timestep t."""
        return noised(x_0, eps, self.alpha_bar_at(t))


def _to_pure_noise(alpha_bar: Tensor) -> Tensor:
    """sqrt(alpha_bar) shifted and scaled so that the noisiest has no signal and the cleanest is as it was.

    https://arxiv.org/abs/2305.08891, Algorithm 1.
    """
    root = alpha_bar.sqrt()
    shifted = (root - root[-1]) * root[0] / (root[0] - root[-1])
    squared = shifted**2
    squared[-1] = PURE_NOISE
    return squared


def noised(x_0: Tensor, eps: Tensor, alpha_bar_t: float) -> Tensor:
    """x_t = sqrt(alpha_bar_t) x_0 + sqrt(1 - alpha_bar_t) eps  (DDIM, equation 4)."""
    return math.sqrt(alpha_bar_t) * x_0 + math.sqrt(1 - alpha_bar_t) * eps


def betas(config: NoiseScheduleConfig) -> Tensor:
    """float32 (T,): the variance added at each training timestep."""
    total = config.num_train_timesteps
    if config.trained_betas is not None:
        return torch.tensor(config.trained_betas, dtype=torch.float32)
    if config.beta_schedule == "linear":
        return torch.linspace(config.beta_start, config.beta_end, total, dtype=torch.float32)
    if config.beta_schedule == "scaled_linear":  # Stable Diffusion's: linear in the standard deviation
        return torch.linspace(config.beta_start**0.5, config.beta_end**0.5, total, dtype=torch.float32) ** 2
    if config.beta_schedule == "squaredcos_cap_v2":  # https://arxiv.org/abs/2102.09672, equation 17
        share = [math.cos((i / total + 0.008) / 1.008 * math.pi / 2) ** 2 for i in range(total + 1)]
        return torch.tensor(
            [min(1 - share[i + 1] / share[i], 0.999) for i in range(total)], dtype=torch.float32
        )
    raise ValueError(f"unknown beta schedule {config.beta_schedule!r}")


def eps_from_v(v: Tensor, x_t: Tensor, alpha_bar_t: float) -> Tensor:
    """eps = sqrt(alpha_bar_t) v + sqrt(1 - alpha_bar_t) x_t  (https://arxiv.org/abs/2202.00512, app. D)."""
    return math.sqrt(alpha_bar_t) * v + math.sqrt(1 - alpha_bar_t) * x_t


def x0_from_eps(eps: Tensor, x_t: Tensor, alpha_bar_t: float) -> Tensor:
    """x_0 = (x_t - sqrt(1 - alpha_bar_t) eps) / sqrt(alpha_bar_t)  (DDIM, equation 9)."""
    return (x_t - math.sqrt(1 - alpha_bar_t) * eps) / math.sqrt(alpha_bar_t)
