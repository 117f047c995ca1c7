"""LEDITS++ (Brack et al., arXiv 2311.16711) as diffusers ships it: LEditsPPPipelineStableDiffusion.

The newest training-free method that diffusers has for Stable Diffusion 1.x. Edit-friendly inversion, then guidance
towards what is new and away from what goes, each inside its own mask of attention and noise. The pipeline's defaults,
and its solver, with the source's words given; the concepts are the words that changed.
"""

import numpy as np
import torch
from diffusers import DPMSolverMultistepScheduler

from editor_core.base.errors import EditorError
from editor_core.baselines.pipelines import around, padded_picture, running, scheduler_config
from editor_core.baselines.task import Task
from editor_core.models.latents import crop
from editor_core.models.prompts import align

GUIDANCE, THRESHOLD = 5.0, 0.9
_OF_SOLVER = ("beta_start", "beta_end", "beta_schedule", "prediction_type", "steps_offset")


def edit(task: Task) -> np.ndarray:
    """Raises EditorError for a model whose latents have not Stable Diffusion's four channels: the pipeline's own."""
    base, bundle = task.base, task.bundle
    if bundle.latent_channels != 4:
        raise EditorError("LEDITS++ runs on Stable Diffusion 1.x and 2.x only.")
    concepts, away = changed(task)
    config = {key: value for key, value in scheduler_config(bundle).items() if key in _OF_SOLVER}
    scheduler = DPMSolverMultistepScheduler(**config, algorithm_type="sde-dpmsolver++", solver_order=2)
    pipe = around(bundle, "LEditsPPPipelineStableDiffusion", scheduler=scheduler)
    generator = torch.Generator().manual_seed(base.seed)
    with running(bundle):
        task.context.progress("inverting", 0, 0)
        pipe.invert(
            image=padded_picture(base.image, bundle.grid), source_prompt=base.prompt,
            num_inversion_steps=base.steps, generator=generator,
        )  # fmt: skip
        task.context.check_cancelled()
        task.context.progress("painting", 0, 0)
        picture = pipe(
            editing_prompt=concepts, reverse_editing_direction=away,
            edit_guidance_scale=[GUIDANCE] * len(concepts), edit_threshold=[THRESHOLD] * len(concepts),
            generator=generator, output_type="pil",
        ).images[0]  # fmt: skip
    return crop(np.array(picture), base.image.shape[1], base.image.shape[0])


def changed(task: Task) -> tuple[list[str], list[bool]]:
    """What is new and what goes, in words, and for each whether to guide away from it."""
    source, target = task.tokens()
    places = align(source, target).tolist()
    new = " ".join(word.text for word in target.words if places[word.tokens[0]] < 0)
    old = " ".join(word.text for word in source.words if word.tokens[0] not in places)
    found = [(text, away) for text, away in ((old, True), (new, False)) if text]
    return [text for text, _ in found] or [target.text], [away for _, away in found] or [False]
