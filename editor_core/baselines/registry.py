"""The methods that ours are compared with, by name, and those that are named and left out."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from editor_core.base.errors import EditorError
from editor_core.base.message import Message
from editor_core.baselines.task import Task


@dataclass(frozen=True)
class Baseline:
    name: str
    label: str
    paper: str
    module: str
    """Of this package; loaded when it is asked for, since diffusers' pipelines take seconds."""
    mask: bool = False
    """Paints inside the given mask; others ignore it."""
    own_model: bool = False
    """Needs weights of its own."""
    swap: bool = False
    """Prompt-to-Prompt's word swap."""

    @torch.no_grad()
    def edit(self, task: Task) -> np.ndarray:
        """The picture, uint8 (H, W, 3). Raises EditorError and, between steps, JobCancelled."""
        module = importlib.import_module(f"{__package__}.{self.module}")
        run: Callable[..., np.ndarray] = module.edit
        return run(task, module.Settings(replace=True)) if self.swap else run(task)


BASELINES = {
    each.name: each
    for each in (
        Baseline("regenerate", "SDTP", "arXiv 2112.10752", "regenerate"),
        Baseline("sdedit", "SDEdit", "arXiv 2108.01073", "sdedit"),
        Baseline("blended-latents", "Blended latents", "arXiv 2206.02779", "blended_latents", mask=True),
        Baseline("diffedit", "DiffEdit", "arXiv 2210.11427", "diffedit"),
        Baseline("cycle-diffusion", "CycleDiffusion", "arXiv 2210.05559", "cycle_diffusion"),
        Baseline("p2p", "Prompt-to-Prompt", "arXiv 2208.01626", "prompt_to_prompt"),
        Baseline("p2p-replace", "P2P word swap", "arXiv 2208.01626", "prompt_to_prompt", swap=True),
        Baseline("null-text-p2p", "Null-text + P2P", "arXiv 2211.09794", "null_text_p2p"),
        Baseline("plug-and-play", "Plug-and-play", "arXiv 2211.12572", "plug_and_play"),
        Baseline("pix2pix-zero", "pix2pix-zero", "arXiv 2302.03027", "pix2pix_zero"),
        Baseline("masactrl", "MasaCtrl", "arXiv 2304.08465", "masactrl"),
        Baseline("ledits++", "LEDITS++", "arXiv 2311.16711", "ledits_pp"),
        Baseline("inpainting", "SD inpainting", "arXiv 2112.10752", "inpainting", mask=True, own_model=True),
        Baseline(
            "instruct-pix2pix", "InstructPix2Pix", "arXiv 2211.09800", "instruct_pix2pix", own_model=True
        ),
    )
}

LEFT_OUT = {
    "hive": Message(
        "HIVE (arXiv 2303.09618) is InstructPix2Pix with other weights: name their folder for instruct-pix2pix."
    ),
    "glide": Message(
        "GLIDE (arXiv 2112.10741) is left out: its networks work on pixels, not on a Stable Diffusion model."
    ),
    "imagic": Message(
        "Imagic (arXiv 2210.09276) is left out: it trains the whole network anew for every picture, so the weights "
        "would not be the same for all methods."
    ),
}
"""Compared with in the papers, and not here: why."""


def needs_own_model(name: str) -> bool:
    """Whether a method, if it is one of these, needs weights that no other has."""
    return name in BASELINES and BASELINES[name].own_model


def baseline(name: str) -> Baseline:
    """Raises EditorError for a name that none has."""
    if name in LEFT_OUT:
        raise EditorError.of(LEFT_OUT[name])
    if name not in BASELINES:
        raise EditorError(
            "There is no method called “{name}” to compare with. Available: {choices}.",
            name=name,
            choices=tuple(BASELINES),
        )
    return BASELINES[name]
