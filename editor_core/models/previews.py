"""A look at latents while they are painted: decoded by a tiny autoencoder where there is one, else by a linear map.

TAESD (https://github.com/madebyollin/taesd) as diffusers has it, a folder of AutoencoderTiny, or as ComfyUI has it, the
file `taesd_decoder.safetensors`; SDXL's is called `taesdxl`. It is looked for in the model's folder, beside it, in the
folders `vae_approx`, `VAE-approx` and `vae` there, and among the program's own models.
"""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import torch
from diffusers import AutoencoderTiny
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from editor_core.base import paths
from editor_core.base.errors import ModelError
from editor_core.models.available import source_folder
from editor_core.models.bundle import ModelBundle
from editor_core.models.handed_in import SOURCE
from editor_core.models.latents import Picture, linear_preview, to_picture
from editor_core.models.layout import PARTS
from editor_core.models.weight_files import find_weights, read_json

_FOLDERS = ("", "vae_approx", "VAE-approx", "vae")
_FAULTS = (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError, ModelError)
"""What a damaged one may come to: a preview is then made without it."""
_decoders: WeakKeyDictionary[nn.Module, AutoencoderTiny | None] = WeakKeyDictionary()

log = logging.getLogger(__name__)


def preview(bundle: ModelBundle, latents: Tensor) -> Picture:
    """A look at latents (1, C, h, w): uint8, of the picture's size by a tiny autoencoder, else (h, w, 3)."""
    decoder = _decoder(bundle)
    if decoder is None:
        return linear_preview(bundle, latents)
    with torch.no_grad():
        pixels: Tensor = decoder.decode(latents.to(bundle.device, decoder.dtype)).sample
    return to_picture(pixels.float())


def _decoder(bundle: ModelBundle) -> AutoencoderTiny | None:
    """The model's, looked for once."""
    if bundle.unet not in _decoders:
        _decoders[bundle.unet] = None
        for place in _places(bundle):
            try:
                found = _load(place)
            except _FAULTS:
                log.info("The preview's decoder %s is damaged", place, exc_info=True)
                continue
            if found is not None and found.config.latent_channels == bundle.latent_channels:
                nn.Module.to(found, bundle.device, bundle.dtype)  # diffusers' own `to` talks
                _decoders[bundle.unet] = found
                break
    return _decoders[bundle.unet]


def _places(bundle: ModelBundle) -> Iterator[Path]:
    """Folders and files called as this family's are."""
    name = "taesdxl" if bundle.text_encoder_2 is not None else "taesd"
    own = [] if bundle.source == SOURCE else [source_folder(bundle.source)]
    homes = [place for path in own for place in (path, path.parent, path.parent.parent)]
    for home in (*homes, paths.models_folder()):
        for inside in _FOLDERS:
            yield home / inside / name
            yield home / inside / f"{name}_decoder.safetensors"


def _load(place: Path) -> AutoencoderTiny | None:
    """None where there is nothing. Raises what the libraries do for a damaged one."""
    if place.is_file():
        return _of_file(place)
    config = place / "config.json"
    if not config.is_file() or read_json(config).get("_class_name") != "AutoencoderTiny":
        return None
    find_weights(place, "diffusion_pytorch_model", PARTS["vae"])
    loaded: Any = AutoencoderTiny.from_pretrained(
        place, local_files_only=True, use_safetensors=True, low_cpu_mem_usage=False
    )
    return _ready(loaded)


def _of_file(file: Path) -> AutoencoderTiny:
    """The decoder's layers are numbered one higher there, for its first one clamps the latents, which diffusers' does
    outside of them."""
    network = AutoencoderTiny()
    renamed = {}
    for name, tensor in load_file(file).items():
        number, _, rest = name.removeprefix("decoder.").partition(".")
        renamed[f"layers.{int(number) - 1}.{rest}"] = tensor
    network.decoder.load_state_dict(renamed)
    return _ready(network)


def _ready(network: AutoencoderTiny) -> AutoencoderTiny:
    network.eval().requires_grad_(False)
    return network
