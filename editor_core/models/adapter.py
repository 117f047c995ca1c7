"""T2I-Adapters (https://arxiv.org/abs/2302.08453): small networks that tell a U-Net where the lines are.

A model brings its own in the subfolder `adapter_sketch`; a folder like `t2iadapter_sketch_sd14v1` inside the model's
or beside it serves too, and so does any that is named. Layout of diffusers: config.json and safetensors. An adapter is
read when the first sketch needs it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import diffusers

from editor_core.base.errors import ModelError
from editor_core.base.message import Message
from editor_core.models.available import source_folder
from editor_core.models.bundle import ModelBundle
from editor_core.models.control_files import find_line_control
from editor_core.models.handed_in import SOURCE
from editor_core.models.sketch_adapters import find_adapter, is_adapter
from editor_core.models.weight_files import find_weights, read_json


@dataclass(frozen=True, eq=False)
class SketchAdapter:
    """A loaded adapter, in evaluation mode and without gradients."""

    network: Any
    name: str
    """The folder's name, for a turn's log."""
    channels: int
    """Of the condition: 1 for lines, 3 for pictures in colour such as poses."""


_loaded: WeakKeyDictionary[Any, dict[Path, SketchAdapter]] = WeakKeyDictionary()


def adapter_for(bundle: ModelBundle, folder: str = "") -> SketchAdapter:
    """The adapter in a folder, or the model's own, loaded once per model.

    Raises ModelError when there is none or when it is damaged, pickled or of another model.
    """
    found = Path(folder).expanduser() if folder else _own(bundle)
    if found is None:
        raise ModelError(
            "This model has no sketch adapter, so it cannot use the sketch. Select the area to "
            "redraw instead."
        )
    adapters = _loaded.setdefault(bundle.unet, {})
    if found not in adapters:
        adapters[found] = _load(found, bundle)
    return adapters[found]


def own_control(bundle: ModelBundle) -> Path | None:
    """The ControlNet that reads a model's sketches, where it has no adapter."""
    if bundle.source == SOURCE or _own(bundle) is not None:
        return None
    return find_line_control(source_folder(bundle.source), bundle.unet.config.cross_attention_dim)


def _own(bundle: ModelBundle) -> Path | None:
    return None if bundle.source == SOURCE else find_adapter(source_folder(bundle.source))


def _load(folder: Path, bundle: ModelBundle) -> SketchAdapter:
    if not is_adapter(folder):
        raise ModelError("The folder “{folder}” contains no sketch adapter.", folder=str(folder))
    config = read_json(folder / "config.json")
    if not _fits(config, bundle):
        raise ModelError(
            "The sketch adapter “{folder}” is not compatible with this model.", folder=folder.name
        )
    network = _network(folder, bundle).to(bundle.device).eval().requires_grad_(False)
    return SketchAdapter(network, folder.name, int(config.get("in_channels", 3)))


def _fits(config: dict[str, Any], bundle: ModelBundle) -> bool:
    """SDXL's are half as fine, and have one more feature, for the middle of the U-Net."""
    channels, scale = list(bundle.unet.config.block_out_channels), bundle.downscale
    if bundle.text_encoder_2 is not None:
        channels, scale = [*channels, channels[-1]], 2 * scale
    return bool(config.get("channels") == channels and config.get("downscale_factor") == scale)


def _network(folder: Path, bundle: ModelBundle) -> Any:
    """Every weight must come from the file."""
    label = Message("sketch adapter")
    try:
        network, info = diffusers.T2IAdapter.from_pretrained(
            folder,
            torch_dtype=bundle.dtype,
            variant=find_weights(folder, "diffusion_pytorch_model", label).variant,
            local_files_only=True,
            use_safetensors=True,
            low_cpu_mem_usage=False,  # which needs the package accelerate
            output_loading_info=True,
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise ModelError("The model could not be loaded: its {part} is damaged.", part=label) from error
    if info["missing_keys"] or info["mismatched_keys"]:
        raise ModelError(
            "The model could not be loaded: the weights of its {part} are incomplete.", part=label
        )
    return network
