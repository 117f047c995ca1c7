"""IP-Adapters (https://arxiv.org/abs/2308.06721): a reference picture beside the words, as a few tokens of its own.

At each cross-attention the same queries also attend to the picture's keys and values, and what comes of it is added,
weighed: decoupled attention (equation 5). An adapter is a .safetensors file in the layout of h94/IP-Adapter; the image
encoder that it was trained with lies in the folder `image_encoder` beside it, one folder up, or by the model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import torch
import transformers
from diffusers.models.embeddings import (
    ImageProjection,
    IPAdapterFullImageProjection,
    IPAdapterPlusImageProjection,
)
from PIL import Image
from safetensors import SafetensorError, safe_open
from torch import Tensor

from editor_core.base.errors import ModelError
from editor_core.base.message import Message
from editor_core.models.available import source_folder
from editor_core.models.bundle import ModelBundle
from editor_core.models.conditioning import Reference
from editor_core.models.fingerprint import digest_weights
from editor_core.models.handed_in import SOURCE
from editor_core.models.weight_files import find_weights, read_json, read_safetensors_header

ENCODER = "image_encoder"
_PROJECTION, _LAYERS = "image_proj.", "ip_adapter."
_READING = ("proj.weight", "proj.0.weight", "proj_in.weight")
"""What in a file reads the picture; its last dimension is what the encoder gives."""
_FOLDERS = ("ip_adapter", "ip-adapter", "IP-Adapter", "ipadapter")
_LABEL = Message("image encoder")
_KINDS = (ImageProjection, IPAdapterFullImageProjection, IPAdapterPlusImageProjection)
_MEAN, _DEVIATION = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
"""CLIP's (https://github.com/openai/CLIP)."""
_FAULTS = (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError, AttributeError)


@dataclass(frozen=True, eq=False)
class ReferenceAdapter:
    """A loaded one, with its image encoder, in evaluation mode and without gradients."""

    projection: Any
    """From what the encoder sees to tokens (1, T, D)."""
    encoder: Any
    layers: Mapping[str, tuple[Tensor, Tensor]]
    """Cross-attention's name to the weights (C, D) of its keys and values."""
    name: str
    digest: str
    """Of its weights and the encoder's."""

    @property
    def reads_hidden_states(self) -> bool:
        """Whether it is one of those called “plus” or “full”, which see more than one embedding of the picture."""
        return not isinstance(self.projection, ImageProjection)


_loaded: WeakKeyDictionary[Any, dict[Path, ReferenceAdapter]] = WeakKeyDictionary()


def is_reference_adapter(file: Path) -> bool:
    """Whether a .safetensors file holds an IP-Adapter."""
    try:
        header, _ = read_safetensors_header(file)
    except ModelError:
        return False
    return any(name.startswith(_PROJECTION) for name in header)


def reference_adapter_for(bundle: ModelBundle, file: Path) -> ReferenceAdapter:
    """The adapter in a file, loaded once per model. Raises ModelError."""
    adapters = _loaded.setdefault(bundle.unet, {})
    if file not in adapters:
        if not is_reference_adapter(file):
            raise ModelError("“{file}” is no IP-Adapter as a .safetensors file.", file=str(file))
        try:
            adapters[file] = _load(file, bundle)
        except ModelError:
            raise
        except _FAULTS as error:
            raise ModelError("The IP-Adapter “{file}” is damaged or incompatible.", file=file.name) from error
    return adapters[file]


@torch.no_grad()
def references(
    adapter: ReferenceAdapter, picture: np.ndarray, strength: float
) -> tuple[Reference, Reference]:
    """A picture, as `as_seen` gives it, for the conditional and for the unconditional half, one row each."""
    cond, uncond = (
        Reference(tokens, torch.full((1,), strength, device=tokens.device), adapter.layers)
        for tokens in (_tokens(adapter, picture, blank) for blank in (False, True))
    )
    return cond, uncond


def as_seen(adapter: ReferenceAdapter, picture: np.ndarray) -> np.ndarray:
    """The middle of a picture uint8 (H, W, 3), scaled to the encoder's size as CLIP's image processor does it."""
    image, side = Image.fromarray(picture), int(adapter.encoder.config.image_size)
    shorter = min(image.size)
    width, height = (int(side * length / shorter) for length in image.size)
    left, top = (width - side) // 2, (height - side) // 2
    scaled = np.asarray(image.resize((width, height), Image.Resampling.BICUBIC))
    return np.ascontiguousarray(scaled[top : top + side, left : left + side])


def _tokens(adapter: ReferenceAdapter, picture: np.ndarray, blank: bool) -> Tensor:
    weight = next(adapter.encoder.parameters())
    values = torch.from_numpy((picture / 255 - _MEAN) / _DEVIATION).permute(2, 0, 1)[None].to(weight)
    if adapter.reads_hidden_states:
        seen = adapter.encoder(torch.zeros_like(values) if blank else values, output_hidden_states=True)
        found: Tensor = adapter.projection(seen.hidden_states[-2])
        return found
    embedding = adapter.encoder(values).image_embeds
    tokens: Tensor = adapter.projection(torch.zeros_like(embedding) if blank else embedding)
    return tokens


def _load(file: Path, bundle: ModelBundle) -> ReferenceAdapter:
    with safe_open(file, "pt") as opened:
        tensors = {name: opened.get_tensor(name) for name in list(opened.keys())}
    layers = _layers(tensors, bundle)
    own = {
        name.removeprefix(_PROJECTION): each for name, each in tensors.items() if name.startswith(_PROJECTION)
    }
    encoder_folder = _encoder_for(file, own, bundle)
    encoder_files = find_weights(encoder_folder, "model", _LABEL).parts
    encoder = transformers.CLIPVisionModelWithProjection.from_pretrained(
        encoder_folder, local_files_only=True, use_safetensors=True, dtype=bundle.dtype
    )
    digest = blake2b(digest_size=16)
    for each in (file, *encoder_files):
        digest_weights(digest, each)
    projection = _projection(own, file, bundle)
    for network in (projection, encoder):
        network.to(bundle.device, bundle.dtype).eval().requires_grad_(False)
    return ReferenceAdapter(projection, encoder, layers, file.stem, digest.hexdigest())


def own_reference_adapter(bundle: ModelBundle) -> Path | None:
    """The first IP-Adapter for words of this width in the folder `ip_adapter` of a model or beside it; or None."""
    if bundle.source == SOURCE:
        return None
    model = source_folder(bundle.source)
    home = model if model.is_dir() else model.parent
    for place in dict.fromkeys((home, home.parent)):
        for folder in _FOLDERS:
            for file in sorted((place / folder).glob("*.safetensors")):
                if is_reference_adapter(file) and _width(file) == bundle.unet.config.cross_attention_dim:
                    return file
    return None


def _width(file: Path) -> int:
    header, _ = read_safetensors_header(file)
    shapes = (each["shape"] for name, each in header.items() if name.endswith("to_k_ip.weight"))
    return int(next(shapes, (0, 0))[1])


def _layers(tensors: Mapping[str, Tensor], bundle: ModelBundle) -> dict[str, tuple[Tensor, Tensor]]:
    """By the attention's name. Files count all attention layers in diffusers' order; the odd ones are for words."""
    suffix = ".processor"
    places = [name.removesuffix(suffix) for name in bundle.unet.attn_processors if "attn2" in name]
    found = {}
    for number, place in enumerate(places):
        pair = [tensors[f"{_LAYERS}{2 * number + 1}.to_{each}_ip.weight"] for each in "kv"]
        attention = bundle.unet.get_submodule(place)
        if any(weight.shape != attention.to_k.weight.shape for weight in pair):
            raise ValueError(place)
        key, value = (weight.to(bundle.device, bundle.dtype) for weight in pair)
        found[place] = (key, value)
    return found


def _projection(own: Mapping[str, Tensor], file: Path, bundle: ModelBundle) -> Any:
    projection = bundle.unet._convert_ip_adapter_image_proj_to_diffusers(dict(own), low_cpu_mem_usage=False)
    if not isinstance(projection, _KINDS):
        raise ModelError(
            "The IP-Adapter “{file}” reads faces, which is not supported; choose one for pictures.",
            file=file.name,
        )
    return projection


def _encoder_for(file: Path, own: Mapping[str, Tensor], bundle: ModelBundle) -> Path:
    """Raises ModelError where none lies near that sees as many numbers as the adapter reads."""
    wanted = {each.shape[-1] for name, each in own.items() if name in _READING}
    home = None if bundle.source == SOURCE else source_folder(bundle.source)
    near = [file.parent, file.parent.parent, *([] if home is None else [home, home.parent])]
    for folder in (place / ENCODER for place in near):
        if (folder / "config.json").is_file():
            config = read_json(folder / "config.json")
            if wanted & {config.get("projection_dim"), config.get("hidden_size")}:
                return folder
    raise ModelError(
        "The IP-Adapter “{file}” needs its image encoder: put the folder image_encoder beside it.",
        file=file.name,
    )
