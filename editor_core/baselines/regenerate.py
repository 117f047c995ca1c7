"""A new picture of the new words from the source's own noise: FISEdit's "SDTP" (arXiv 2305.17423, Table 3)."""

import numpy as np
from torch import Tensor

from editor_core.baselines.task import Task


def edit(task: Task) -> np.ndarray:
    """The picture, uint8 (H, W, 3)."""
    nothing, _, target = task.embeddings

    def eps(step: int, t: int, x: Tensor) -> Tensor:
        return task.guided(task.unet(x, t, nothing), task.unet(x, t, target), x, t)

    return task.walk(task.path[:1], eps)
