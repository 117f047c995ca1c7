"""diffusers' own pipelines around a model that is in memory."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from PIL import Image

from editor_core.base.errors import EditorError
from editor_core.models.bundle import ModelBundle


class KLFace(torch.nn.Module):
    """An AutoencoderDC as Stable Diffusion's pipelines ask for it: its one latent as a distribution without spread."""

    def __init__(self, bundle: ModelBundle) -> None:
        super().__init__()
        self.vae = bundle.vae
        levels = bundle.downscale.bit_length()  # the pipelines count them to know the downscale

        class Config(SimpleNamespace):
            def __getitem__(self, name: str) -> Any:
                return getattr(self, name)

        self.config = Config(
            block_out_channels=(0,) * levels,
            scaling_factor=bundle.scaling_factor,
            latent_channels=bundle.latent_channels,
            sample_size=max(bundle.default_size),
            force_upcast=False,
        )
        self.dtype, self.device = torch.float32, bundle.device

    def encode(self, pixels: torch.Tensor) -> Any:
        latent = self.vae.encode(pixels).latent
        spread = SimpleNamespace(sample=lambda generator=None: latent, mode=lambda: latent)
        return SimpleNamespace(latent_dist=spread)

    def decode(self, latents: torch.Tensor, return_dict: bool = True, generator: Any = None) -> Any:
        return (self.vae.decode(latents).sample,)


def pipeline_class(name: str) -> Any:
    """A pipeline of diffusers'. Raises EditorError where the installation was built without them."""
    import diffusers

    try:
        return getattr(diffusers, name)
    except (AttributeError, ImportError, RuntimeError) as error:
        raise EditorError(
            "This installation does not include {name}; install the program with pip to use it.", name=name
        ) from error


def scheduler_config(bundle: ModelBundle) -> dict[str, Any]:
    """The model's noise, as diffusers' schedulers take it."""
    schedule = bundle.schedule
    return {
        "beta_start": schedule.beta_start,
        "beta_end": schedule.beta_end,
        "beta_schedule": schedule.beta_schedule,
        "prediction_type": schedule.prediction_type,
        "steps_offset": schedule.steps_offset,
        "set_alpha_to_one": schedule.set_alpha_to_one,
        "clip_sample": False,
    }


def around(bundle: ModelBundle, pipeline: str, **schedulers: Any) -> Any:
    """A pipeline of the bundle's networks, silent and without a safety checker."""
    plain = hasattr(bundle.vae.config, "block_out_channels")
    make = pipeline_class(pipeline)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipe = make(
            vae=bundle.vae if plain else KLFace(bundle),
            text_encoder=bundle.text_encoder,
            tokenizer=bundle.tokenizer,
            unet=bundle.unet,
            safety_checker=None,
            feature_extractor=None,
            requires_safety_checker=False,
            **schedulers,
        )
    pipe.set_progress_bar_config(disable=True)
    return pipe


@contextmanager
def running(bundle: ModelBundle) -> Iterator[None]:
    """A pipeline's run: the attention processors it puts onto the U-Net are taken off, and it warns of nothing."""
    before = dict(bundle.unet.attn_processors)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        bundle.unet.set_attn_processor(before)


def padded_picture(image: np.ndarray, grid: int) -> Image.Image:
    from editor_core.models.latents import pad_to_grid

    return Image.fromarray(pad_to_grid(image, grid))
