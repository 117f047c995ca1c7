"""Null-text inversion with Prompt-to-Prompt (Mokady et al., arXiv 2211.09794): equation 3 and their editing.

The source is the guided run that the fitted embeddings of the empty prompt bring back to the picture; the target uses
the same embeddings, step by step. Pictures that were opened otherwise are inverted anew.
"""

import numpy as np

from editor_core.baselines.prompt_to_prompt import Settings, controlled
from editor_core.baselines.task import Task
from editor_core.engines.open_picture import open_picture
from editor_core.messages.requests import OpenPicture, Sampling


def edit(task: Task) -> np.ndarray:
    base, latents = task.base, task.base.latents
    if "null_text" not in latents:
        sampling = Sampling(base.seed, base.steps, base.guidance, base.negative)
        found = open_picture(
            OpenPicture(base.image, base.prompt, sampling, "null-text"), task.context, base.seed
        )
        latents = found.latents
    tensor = task.context.tensor
    return controlled(task, tensor(latents["trajectory"]), tensor(latents["null_text"]), Settings())
