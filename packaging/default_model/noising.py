"""The noise schedule on the device of the training: noising, velocities and the steps of DDIM."""

import torch
from torch import Tensor

from networks import build_scheduler


class Noising:
    """Variance-preserving noise at integer steps 0..count-1; a step is a tensor (n,), latents are (n, C, h, w).

    Velocity v = a·noise - s·latents with a² + s² = 1 (Salimans and Ho 2022, arXiv 2202.00512).
    """

    def __init__(self, device: torch.device):
        self.alphas = build_scheduler().alphas_cumprod.to(device)
        self.count = len(self.alphas)

    def shares(self, steps: Tensor) -> tuple[Tensor, Tensor]:
        """How much of latents and how much of noise, each (n, 1, 1, 1); below step 0 as at step 0, as DDIM ends."""
        alpha = self.alphas[steps.clamp_min(0)].view(-1, 1, 1, 1)
        return alpha.sqrt(), (1 - alpha).sqrt()

    def noised(self, latents: Tensor, noise: Tensor, steps: Tensor) -> tuple[Tensor, Tensor]:
        """Noisy latents, and the velocity there."""
        a, s = self.shares(steps)
        return a * latents + s * noise, a * noise - s * latents

    def moved(self, noisy: Tensor, velocity: Tensor, steps: Tensor, to: Tensor) -> Tensor:
        """One step of DDIM (Song et al. 2021, arXiv 2010.02502, eq. 12 with σ = 0) to the noise of other steps."""
        a, s = self.shares(steps)
        b, r = self.shares(to)
        return b * (a * noisy - s * velocity) + r * (s * noisy + a * velocity)

    def velocity_between(self, noisy: Tensor, steps: Tensor, moved: Tensor, to: Tensor) -> Tensor:
        """The velocity that one step of DDIM needs to get from noisy latents to others: `moved` solved for it."""
        a, s = self.shares(steps)
        b, r = self.shares(to)
        return ((b * a + r * s) * noisy - moved) / (b * s - r * a)

    def min_snr_weight(self, steps: Tensor, most: float = 5.0) -> Tensor:
        """The weight of a velocity's error, (n,): min-SNR (Hang et al. 2023, arXiv 2303.09556)."""
        ratio = self.alphas[steps] / (1 - self.alphas[steps])
        return ratio.clamp(max=most) / (ratio + 1)
