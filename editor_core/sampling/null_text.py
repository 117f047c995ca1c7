"""Null-text inversion (https://arxiv.org/abs/2211.09794): a guided run that comes back to the picture.

DDIM inversion without guidance gives a trajectory that a guided run leaves. So, step by step, the embedding of the
empty prompt is fitted until the guided step lands where the inverted trajectory was. The schedule is the authors':
Adam with rate 1e-2 (1 - i/100) in step i, at most 10 inner steps, stop below 1e-5 + 2e-5 i; the embedding found in one
step is where the next begins. (MaSaFusion's appendix prints 2e-4 for the rate; its reference is this.)

Here the embedding that fitted best is kept, so that no step ends worse than it began, and what it predicted is
used for the step. The only backward passes of the program run here; give `predict` gradient checkpointing for memory.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from editor_core.models.conditioning import Conditioning
from editor_core.models.progress import Cancel
from editor_core.sampling.guidance import PredictOutput, guide, halves_at
from editor_core.sampling.sampler import OnStep, Prediction, Sampler, TimeStep, run
from editor_core.sampling.schedule import NoiseSchedule

INNER_STEPS = 10
_LOSS_SCALE = 1024.0  # Adam does not see it; small gradients survive half precision


@dataclass(frozen=True, eq=False)
class NullText:
    """What the fit found.

    `trajectory` (steps + 1, C, h, w) is where the guided run with these embeddings goes, noisiest first;
    `embeddings` float32 (steps, L, D); `losses` per step holds the loss before the first and after each inner step
    that was tried.
    """

    trajectory: Tensor
    embeddings: Tensor
    losses: tuple[tuple[float, ...], ...]


def learning_rate(step: int) -> float:
    """Of Adam in step i, the noisiest being 0. Never negative, however many steps there are."""
    return 1e-2 * max(1 - step / 100, 0.01)


def good_enough(step: int) -> float:
    """The loss below which the fit of step i stops."""
    return 1e-5 + 2e-5 * step


def null_text_inversion(
    predict: PredictOutput,
    schedule: NoiseSchedule,
    sampler: Sampler,
    plan: Sequence[TimeStep],
    inverted: Tensor,
    cond: Conditioning,
    null: Conditioning,
    scale: float,
    inner_steps: int = INNER_STEPS,
    on_step: OnStep | None = None,
    cancel: Cancel | None = None,
) -> NullText:
    """Fit an embedding per step to the inverted trajectory (steps + 1, C, h, w).

    cond, null: one row each, of the prompt and of the empty prompt, in the network's precision; the fit itself is
    in float32. Raises JobCancelled between inner steps.
    """
    fit = _Fit(predict, schedule, sampler, inverted.float(), cond, null, scale, inner_steps, cancel)
    trajectory = [inverted[:1].float()]
    for step in run(sampler, plan, trajectory[0], fit):
        trajectory.append(step.x_next)
        fit.x_0_before = step.x_0
        if on_step is not None:
            on_step(step)
    return NullText(torch.cat(trajectory), torch.cat(fit.embeddings), tuple(fit.losses))


class _Fit:
    """Predicts the noise of a step with the embedding that lands nearest to the inverted trajectory."""

    def __init__(
        self,
        predict: PredictOutput,
        schedule: NoiseSchedule,
        sampler: Sampler,
        inverted: Tensor,
        cond: Conditioning,
        null: Conditioning,
        scale: float,
        inner_steps: int,
        cancel: Cancel | None,
    ) -> None:
        self._predict, self._schedule, self._sampler = predict, schedule, sampler
        self._inverted, self._cond, self._null = inverted, cond, null
        self._scale, self._inner_steps, self._cancel = scale, inner_steps, cancel
        self._embedding = null.hidden.float()
        self.x_0_before: Tensor | None = None
        self.embeddings: list[Tensor] = []
        self.losses: list[tuple[float, ...]] = []

    def __call__(self, x: Tensor, at: TimeStep) -> Prediction:
        with torch.no_grad():
            cond_output = self._predict(x, at.t, self._cond)

        def predicted(embedding: Tensor) -> Tensor:
            output = cond_output
            if halves_at(self._scale) > 1:
                output = guide(self._predict(x, at.t, self._null.with_hidden(embedding)), output, self._scale)
            return self._schedule.eps_from_output(output, x, at.t)

        self._embedding, eps, tried = self._fitted(predicted, x, at)
        self.embeddings.append(self._embedding)
        self.losses.append(tuple(tried))
        return Prediction(x, eps)

    def _fitted(
        self, predicted: Callable[[Tensor], Tensor], x: Tensor, at: TimeStep
    ) -> tuple[Tensor, Tensor, list[float]]:
        """The best embedding met, the noise that it predicts, and every loss on the way."""
        goal = self._inverted[at.index + 1 : at.index + 2]
        fitted = self._embedding.clone().requires_grad_()
        optimiser = torch.optim.Adam([fitted], lr=learning_rate(at.index))
        best, best_eps = self._embedding, x
        losses: list[float] = []
        with torch.enable_grad():
            for inner in range(self._inner_steps + 1):
                if self._cancel is not None:
                    self._cancel.raise_if_cancelled()
                eps = predicted(fitted)
                loss = F.mse_loss(self._sampler.step(at, x, eps, self.x_0_before), goal)
                if not losses or loss.item() < min(losses):
                    best, best_eps = fitted.detach().clone(), eps.detach()
                losses.append(loss.item())
                if (
                    loss.item() < good_enough(at.index)
                    or inner == self._inner_steps
                    or not loss.requires_grad
                ):
                    break  # without guidance nothing depends on the embedding
                (gradient,) = torch.autograd.grad(loss * _LOSS_SCALE, fitted)
                if not gradient.isfinite().all():
                    break  # half precision has run over; what was best so far stays
                fitted.grad = gradient
                optimiser.step()
        return best, best_eps, losses
