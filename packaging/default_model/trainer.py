"""One training core for every part: the optimiser, the moving average, and the loop until the time is spent."""

import copy
import math
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from capturing import Captured, Pace
from replay import Samples
from runs import Budget
from speed import Meter


class Objective(Protocol):
    """What a part learns: a module, and losses that are added with their weights."""

    @property
    def learned(self) -> nn.Module:
        """What changes."""

    @property
    def names(self) -> tuple[str, ...]:
        """What the losses are called."""

    @property
    def weights(self) -> tuple[float, ...]:
        """What each loss counts."""

    def losses(self, batch: Samples) -> tuple[Tensor, ...]:
        """The losses of a batch, without waiting for the device."""


class Learner(Protocol):
    """What the loop trains."""

    device: torch.device
    samples: int

    @property
    def names(self) -> tuple[str, ...]:
        """What the numbers of a step are called."""

    def step(self, batch: Samples, fraction: float) -> Tensor:
        """One step when a fraction of the part's time is spent; its numbers (k,), valid until the next step."""


class Trainer:
    """An objective's module in training, its moving average and the optimiser. No step waits for the device."""

    def __init__(
        self, objective: Objective, part: dict[str, Any], device: torch.device, capture: bool = False
    ):
        self.objective, self.device, self._part = objective, device, part
        self.learned = objective.learned
        self._parameters = list(self.learned.parameters())
        self.average = copy.deepcopy(self.learned).requires_grad_(False)
        self._averaged = list(self.average.parameters())
        self._rate = torch.zeros((), device=device)
        self.optimiser = torch.optim.AdamW(
            self._parameters,
            lr=self._rate,
            weight_decay=1e-3,
            betas=(0.9, 0.99),
            fused=device.type in ("cuda", "cpu"),
            capturable=device.type == "cuda",
        )
        self._learn = Captured(self._step, capture and device.type == "cuda")
        self.samples = self.updates = 0

    @property
    def names(self) -> tuple[str, ...]:
        """What the losses are called."""
        return self.objective.names

    def step(self, batch: Samples, fraction: float) -> Tensor:
        """One step, and one of the moving average; the losses, valid until the next step."""
        self._rate.fill_(learning_rate(self._part, self.updates, fraction))
        losses = self._learn(batch)
        self.samples += length(batch)
        self.updates += 1
        decay = min(self._part["average"], (1 + self.updates) / (10 + self.updates))
        torch._foreach_lerp_(self._averaged, self._parameters, 1 - decay)
        return losses

    def _step(self, batch: Samples) -> Tensor:
        self.optimiser.zero_grad(set_to_none=True)
        losses = torch.stack(self.objective.losses(batch))
        sum(weight * loss for weight, loss in zip(self.objective.weights, losses, strict=True)).backward()
        nn.utils.clip_grad_norm_(self._parameters, 1.0)
        self.optimiser.step()
        return losses.detach()

    def state(self) -> dict[str, Any]:
        """What a checkpoint holds."""
        return {
            "samples": self.samples,
            "updates": self.updates,
            "modules": self.learned.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
        }

    def resume(self, state: dict[str, Any]) -> None:
        """Go on from a checkpoint; one that was begun has only the averaged weights, and the optimiser starts anew."""
        self.samples = state["samples"]
        self.average.load_state_dict(state["average"])
        self.learned.load_state_dict(state.get("modules", state["average"]))
        if "optimiser" in state:
            self.optimiser.load_state_dict(state["optimiser"])
            self.updates = state["updates"]
            for group in self.optimiser.param_groups:  # loading puts a number of its own in its place
                group["lr"] = self._rate


def learning_rate(part: dict[str, Any], step: int, fraction: float) -> float:
    """Warm-up, a plateau, and a fall to a twentieth in the last share of the part, half a cosine."""
    fall = part["fall"]
    end = max(0.0, (fraction - (1 - fall)) / fall) if fall else 0.0
    sunk = 0.5 * (1 - math.cos(math.pi * end))
    return float(part["learning_rate"] * min(1.0, (step + 1) / part["warm_up"]) * (1 - 0.95 * sunk))


def fit(
    learner: Learner,
    draw: Callable[[], Samples],
    budget: Budget,
    save: Callable[[], None],
    most: int | None = None,
) -> None:
    """Train until the budget is spent or for so many steps; whenever one is due, and at the end, a checkpoint."""
    total = torch.zeros(len(learner.names), device=learner.device)
    meter, pace, steps = Meter(learner.device), Pace(learner.device), 0
    while not budget.passed() and steps != most:
        batch = draw()
        shape = next(iter(batch.values())).shape
        total += meter.step(shape, partial(learner.step, batch, budget.fraction()))
        pace.step()
        steps += 1
        if budget.due() or steps == most:
            numbers = (total / meter.steps).tolist()
            said = "  ".join(
                f"{name} {number:.4f}" for name, number in zip(learner.names, numbers, strict=True)
            )
            print(f"samples {learner.samples}  {said}  {meter.report()}  {budget}", flush=True)
            total.zero_()
            save()
    save()


def length(batch: Samples) -> int:
    """The number of samples."""
    return len(next(iter(batch.values())))
