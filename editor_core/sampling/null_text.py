"""Null-text inversion (https://arxiv.org/abs/2211.09794): a guided run that comes back to the picture.

DDIM inversion without guidance gives a trajectory that a guided run leaves. So, step by step, the embedding of the
empty prompt is fitted until the guided step lands where the inverted trajectory was. The schedule is the authors':
Adam with rate 1e-2 (1 - i/100) in step i, at most 10 inner steps, stop below 1e-5 + 2e-5 i; the embedding found in one
step is where the next begins. (MaSaFusion's appendix prints 2e-4 for the rate; its reference is this.)

Here the embedding that fitted best is kept, so that no step ends worse than it began, and what it predicted is
used for the step. The only backward passes of the program run here; give `predict` gradient checkpointing for memory.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from editor_core.models.progress import Cancel
from editor_core.sampling.ddim import OnStep, Step, ddim_step
from editor_core.sampling.guidance import Predict, guide
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
    predict: Predict,
    schedule: NoiseSchedule,
    inverted: Tensor,
    cond: Tensor,
    null: Tensor,
    scale: float,
    inner_steps: int = INNER_STEPS,
    on_step: OnStep | None = None,
    cancel: Cancel | None = None,
) -> NullText:
    """Fit an embedding per step to the inverted trajectory (steps + 1, C, h, w).

    cond, null: (1, L, D), of the prompt and of the empty prompt, in the network's precision; the fit itself is
    in float32. Raises JobCancelled between inner steps.
    """
    steps = len(inverted) - 1
    x, embedding = inverted[:1].float(), null.float()
    trajectory, embeddings, losses = [x], [], []
    for index, (t, t_prev) in enumerate(schedule.step_pairs(steps)):
        goal = inverted[index + 1 : index + 2].float()
        land = _landing(predict, schedule, x, cond, scale, t, t_prev)
        embedding, x_next, tried = _fit(land, embedding, goal, index, inner_steps, cancel)
        embeddings.append(embedding)
        losses.append(tuple(tried))
        if on_step is not None:
            on_step(Step(index, steps, t, x_next, x_next))
        x = x_next
        trajectory.append(x)
    return NullText(torch.cat(trajectory), torch.cat(embeddings), tuple(losses))


Land = Callable[[Tensor], Tensor]
"""From the empty prompt's embedding to where the guided step ends."""


def _landing(
    predict: Predict, schedule: NoiseSchedule, x: Tensor, cond: Tensor, scale: float, t: int, t_prev: int
) -> Land:
    with torch.no_grad():
        cond_output = predict(x.to(cond.dtype), t, cond).float()

    def land(embedding: Tensor) -> Tensor:
        output = predict(x.to(cond.dtype), t, embedding.to(cond.dtype)).float()
        eps = schedule.eps_from_output(guide(output, cond_output, scale), x, t)
        return ddim_step(x, eps, t, t_prev, schedule)

    return land


def _fit(
    land: Land, embedding: Tensor, goal: Tensor, index: int, inner_steps: int, cancel: Cancel | None
) -> tuple[Tensor, Tensor, list[float]]:
    """The best embedding met, where it lands, and every loss on the way."""
    fitted = embedding.clone().requires_grad_()
    optimiser = torch.optim.Adam([fitted], lr=learning_rate(index))
    best, landed = embedding, goal
    losses: list[float] = []
    with torch.enable_grad():
        for inner in range(inner_steps + 1):
            if cancel is not None:
                cancel.raise_if_cancelled()
            x_next = land(fitted)
            loss = F.mse_loss(x_next, goal)
            if not losses or loss.item() < min(losses):
                best, landed = fitted.detach().clone(), x_next.detach()
            losses.append(loss.item())
            if loss.item() < good_enough(index) or inner == inner_steps:
                break
            (gradient,) = torch.autograd.grad(loss * _LOSS_SCALE, fitted)
            if not gradient.isfinite().all():
                break  # half precision has run over; what was best so far stays
            fitted.grad = gradient
            optimiser.step()
    return best, landed, losses
