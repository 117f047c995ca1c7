"""InstructPix2Pix (Brooks et al., arXiv 2211.09800) as diffusers ships it: a model of its own, eight channels in.

Classifier-free guidance over picture and words, equation 3, with the authors' 1.5 and 7.5. It reads an order ("make the
fox a cat"); where none is given, the new sentence.
"""

import warnings

import numpy as np
import torch

from editor_core.base.errors import ModelError
from editor_core.base.message import Message
from editor_core.baselines.pipelines import padded_picture, pipeline_class
from editor_core.baselines.task import Task
from editor_core.models.latents import crop

GUIDANCE, PICTURE_GUIDANCE = 7.5, 1.5


def edit(task: Task) -> np.ndarray:
    """Raises EditorError where its model is not named, ModelError where the folder holds another."""
    base = task.base
    folder = task.folder_for("instruct-pix2pix", Message("an InstructPix2Pix model"))
    make = pipeline_class("StableDiffusionInstructPix2PixPipeline")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pipe = make.from_pretrained(
                folder,
                local_files_only=True,
                use_safetensors=True,
                safety_checker=None,
                low_cpu_mem_usage=False,
            )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise ModelError("The folder “{folder}” contains no InstructPix2Pix model.", folder=folder) from error
    if pipe.unet.config.in_channels != 2 * pipe.vae.config.latent_channels:
        raise ModelError("The folder “{folder}” contains no InstructPix2Pix model.", folder=folder)
    pipe.set_progress_bar_config(disable=True)
    task.context.check_cancelled()
    task.context.progress("painting", 0, 0)
    picture = pipe.to(task.bundle.device)(
        task.instruction or task.prompt, image=padded_picture(base.image, task.bundle.grid),
        num_inference_steps=base.steps, guidance_scale=GUIDANCE, image_guidance_scale=PICTURE_GUIDANCE,
        generator=torch.Generator().manual_seed(base.seed),
    ).images[0]  # fmt: skip
    return crop(np.array(picture), base.image.shape[1], base.image.shape[0])
