"""ControlNets (https://arxiv.org/abs/2302.05543): copies of a U-Net's first half that read a hint, such as lines.

Folders in diffusers' layout, and files under its names or under those of the first code. One is read when an edit first
asks for it, and kept with its model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import diffusers
import torch
from diffusers.loaders import single_file_utils
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from editor_core.base.errors import ModelError
from editor_core.base.message import Message
from editor_core.models.bundle import ModelBundle
from editor_core.models.conditioning import Conditioning
from editor_core.models.control_files import Hint, hint_of, is_controlnet
from editor_core.models.fingerprint import digest_weights
from editor_core.models.weight_files import find_weights, read_json

_FAULTS = (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError, AttributeError)
_LABEL = Message("ControlNet")


@dataclass(frozen=True, eq=False)
class ControlResiduals:
    """What a ControlNet adds: to each skip connection (B, C, h, w), the finest first, and after the middle."""

    skips: tuple[Tensor, ...]
    middle: Tensor

    def __add__(self, other: "ControlResiduals") -> "ControlResiduals":
        """What two nets add together."""
        skips = tuple(one + another for one, another in zip(self.skips, other.skips, strict=True))
        return ControlResiduals(skips, self.middle + other.middle)

    def among(self, rows: Sequence[int], count: int) -> "ControlResiduals":
        """For a batch of so many rows, of which these are the ones that it was computed for; the others get nothing."""

        def spread(each: Tensor) -> Tensor:
            whole = each.new_zeros(count, *each.shape[1:])
            whole[list(rows)] = each
            return whole

        return ControlResiduals(tuple(map(spread, self.skips)), spread(self.middle))


@dataclass(frozen=True, eq=False)
class ControlNet:
    """A loaded one, in evaluation mode and without gradients."""

    network: Any
    name: str
    """The file's or folder's, for a turn's log."""
    hint: Hint
    digest: str
    """Of its weights, quick as `fingerprint.py` has it."""


_loaded: WeakKeyDictionary[Any, dict[Path, ControlNet]] = WeakKeyDictionary()


def controlnet_for(bundle: ModelBundle, path: Path) -> ControlNet:
    """The ControlNet in a folder or file, loaded once per model.

    Raises ModelError when there is none, or when it is damaged, pickled or of another model.
    """
    nets = _loaded.setdefault(bundle.unet, {})
    if path not in nets:
        if not is_controlnet(path):
            raise ModelError("“{file}” is no ControlNet.", file=str(path))
        network = _of_folder(path) if path.is_dir() else _of_file(path, bundle)
        if not _fits(network, bundle):
            raise ModelError("The ControlNet “{file}” is not compatible with this model.", file=path.name)
        nn.Module.to(network, bundle.device, bundle.dtype)  # diffusers' own `to` talks
        network.eval().requires_grad_(False)
        name = path.stem if path.is_file() else path.name
        nets[path] = ControlNet(network, name, hint_of(path), _digest(path))
    return nets[path]


@torch.no_grad()
def control_residuals(
    net: ControlNet, x_t: Tensor, t: float, told: Conditioning, hint: Tensor, strength: float
) -> ControlResiduals:
    """Of latents (B, C, h, w) that are told as the U-Net is. hint: (1, 3, H, W) in the latents' precision."""
    added: dict[str, Any] = {}
    if told.pooled is not None:
        added["added_cond_kwargs"] = {"text_embeds": told.pooled, "time_ids": told.sizes}
    skips, middle = net.network(
        x_t,
        t,
        encoder_hidden_states=told.hidden,
        controlnet_cond=hint.expand(len(x_t), -1, -1, -1),
        conditioning_scale=strength,
        return_dict=False,
        **added,
    )
    return ControlResiduals(tuple(skips), middle)


def _digest(path: Path) -> str:
    digest = blake2b(digest_size=16)
    files = find_weights(path, "diffusion_pytorch_model", _LABEL).parts if path.is_dir() else (path,)
    for file in files:
        digest_weights(digest, file)
    return digest.hexdigest()


def _fits(network: Any, bundle: ModelBundle) -> bool:
    """Whether it is a copy of this U-Net's first half; those made for inpainting models go with any."""
    mine, model = network.config, bundle.unet.config
    alike = ("block_out_channels", "cross_attention_dim", "down_block_types", "addition_embed_type")
    same = all(_plain(mine.get(name)) == _plain(model.get(name)) for name in alike)
    halvings = len(mine.conditioning_embedding_out_channels) - 1
    return same and mine.in_channels == bundle.latent_channels and 1 << halvings == bundle.downscale


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else value


def _of_folder(folder: Path) -> Any:
    """Every weight must come from the file."""
    if read_json(folder / "config.json").get("global_pool_conditions"):
        raise ModelError("The ControlNet “{file}” is of a kind that is not supported.", file=folder.name)
    try:
        network, info = diffusers.ControlNetModel.from_pretrained(
            folder,
            variant=find_weights(folder, "diffusion_pytorch_model", _LABEL).variant,
            local_files_only=True,
            use_safetensors=True,
            low_cpu_mem_usage=False,  # which needs the package accelerate
            output_loading_info=True,
        )
    except _FAULTS as error:
        raise ModelError("The model could not be loaded: its {part} is damaged.", part=_LABEL) from error
    if info["missing_keys"] or info["mismatched_keys"]:
        raise ModelError(
            "The model could not be loaded: the weights of its {part} are incomplete.", part=_LABEL
        )
    return network


def _of_file(file: Path, bundle: ModelBundle) -> Any:
    """Its configuration is the U-Net's own, whose copy it is."""
    with torch.device("meta"):  # every number comes from the file
        network: Any = diffusers.ControlNetModel.from_unet(bundle.unet, load_weights_from_unet=False)
        if bundle.capabilities.inpainting:  # a ControlNet reads the latents alone
            network.register_to_config(in_channels=bundle.latent_channels)
            network.conv_in = nn.Conv2d(
                bundle.latent_channels, bundle.unet.config.block_out_channels[0], 3, 1, 1
            )
    try:
        with safe_open(file, "pt") as opened:
            names = list(opened.keys())
            tensors = {name: opened.get_tensor(name) for name in names}
        renamed = single_file_utils.convert_controlnet_checkpoint(tensors, dict(network.config))
        network.load_state_dict(renamed, assign=True)
    except _FAULTS as error:
        raise ModelError(
            "The ControlNet “{file}” is not compatible with this model.", file=file.name
        ) from error
    return network
