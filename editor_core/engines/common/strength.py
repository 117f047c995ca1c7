"""How much an edit may change: the step at which it begins, at each position of the latents.

At strength s an edit leaves out the first 1 - s of the steps and begins with the picture, noised as the step there
expects it (SDEdit, arXiv 2108.01073). A grey mask gives every position a strength of its own: the region grows as steps
pass, and where a position has not begun yet the latents are the base's (Differential Diffusion, arXiv 2306.00950).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch

from editor_core.models.latents import pad_to_grid
from editor_core.sampling.sampler import TimeStep
from editor_core.sampling.schedule import noised

Entering = Callable[[int], torch.Tensor]
"""From a step to the latents (1 or n, C, h, w) that positions beginning there begin with."""
_WHITE = 255
_ROUNDING = 1e-6  # 0.7 of 10 steps is 7 of them, whatever a float makes of it


def first_step(strength: float, steps: int) -> int:
    """The step that an edit begins with: 0 for all of them, at least the last one for any strength but 0."""
    return int((1 - strength) * steps + _ROUNDING)


@dataclass(frozen=True, eq=False)
class Beginnings:
    """Where an edit may change the latents, and from which step on."""

    first: torch.Tensor
    """int64 (h, w): the step each position begins at; `steps` where it never does."""
    steps: int
    """Of the whole run."""

    @cached_property
    def region(self) -> torch.Tensor:
        """bool (h, w): all positions that ever begin."""
        return self.first < self.steps

    @cached_property
    def stages(self) -> tuple[int, ...]:
        """The steps at which some position begins, ascending."""
        return tuple(sorted(set(self.first[self.region].tolist())))

    @property
    def earliest(self) -> int:
        """The first step that computes anything."""
        return self.stages[0] if self.stages else 0

    @property
    def is_soft(self) -> bool:
        """Whether positions begin at different steps."""
        return len(self.stages) > 1

    def stage(self, step: int) -> int:
        """The last step until ``step`` at which the region grew."""
        return max(stage for stage in self.stages if stage <= step)

    def begun(self, step: int) -> torch.Tensor:
        """bool (h, w): the positions that take part in a step."""
        return self.first <= step

    def start(self, base_path: torch.Tensor, entering: Entering) -> list[torch.Tensor]:
        """The latents up to the first step that is computed, each (n, C, h, w); the base's are (steps + 1, C, h, w)."""
        step = self.earliest
        begun = self.begun(step).to(base_path.device)
        latents = torch.where(begun, entering(step), base_path[step : step + 1])
        before = [base_path[i : i + 1].expand_as(latents) for i in range(step)]
        return [*before, latents]

    def begun_of(self, path: Sequence[torch.Tensor], base_path: torch.Tensor) -> list[torch.Tensor]:
        """Latents of the first steps, each (n, C, h, w), with the base's where a position has not begun yet."""
        begun = (self.begun(step).to(base_path.device) for step in range(len(path)))
        return [torch.where(b, x, base_path[i : i + 1]) for i, (b, x) in enumerate(zip(begun, path))]

    def entered(self, latents: torch.Tensor, step: int, entering: Entering) -> torch.Tensor:
        """Latents (n, C, h, w) that enter a step, with what positions beginning there begin with."""
        if step not in self.stages:
            return latents
        return torch.where((self.first == step).to(latents.device), entering(step), latents)

    def as_kept(self) -> np.ndarray | None:
        """int16 (h, w), as a turn keeps it; None where all begin at once."""
        if not self.is_soft:
            return None
        return self.first.clamp(max=np.iinfo(np.int16).max).numpy().astype(np.int16)


def beginnings(
    region: np.ndarray, steps: int, strength: float = 1.0, mask: np.ndarray | None = None, grid: int = 1
) -> Beginnings:
    """Where and when an edit begins in a region, bool (h, w).

    mask: uint8 (H, W), white where the whole strength counts and grey where less does; None is white. A position has
    the strength of its lightest pixel. grid: what the mask is padded to (`pad_to_grid`).
    """
    shares = np.ones(region.shape)
    if mask is not None:
        padded = pad_to_grid(mask, grid)
        (h, w), (height, width) = region.shape, padded.shape
        shares = padded.reshape(h, height // h, w, width // w).max(axis=(1, 3)) / _WHITE
    first = ((1 - strength * shares) * steps + _ROUNDING).astype(np.int64)
    return Beginnings(torch.from_numpy(np.where(region, first, steps)), steps)


def own_noise(base_path: torch.Tensor) -> Entering:
    """Positions go on from the base's own latents, (steps + 1, C, h, w)."""
    return lambda step: base_path[step : step + 1]


def fresh_noise(base_path: torch.Tensor, noise: torch.Tensor, plan: Sequence[TimeStep]) -> Entering:
    """Positions begin with the base's picture under a noise (n, C, h, w); at the first step with the noise alone."""

    def entering(step: int) -> torch.Tensor:
        return noised(base_path[-1:], noise, plan[step].alpha_bar) if step else noise

    return entering
