"""What one-file models leave unsaid: the configurations of the families that are known (`resources/families`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editor_core.base import paths
from editor_core.base.errors import ModelError
from editor_core.models.layout import parts_beside
from editor_core.models.original_names import UNET
from editor_core.models.weight_files import read_json

_CONV_IN = UNET + "input_blocks.0.0.weight"
_KEYS_OF_WORDS = "attn2.to_k.weight"
_PROJECTION = "1.proj_in.weight"


@dataclass(frozen=True)
class Family:
    name: str
    """The folder's name: "sd1", "sd2" or "sdxl"."""
    folder: Path
    configs: Mapping[str, Mapping[str, Any]]
    """Part to configuration, the U-Net's with the channels and projections of the weights at hand."""

    @property
    def padding_2(self) -> str | None:
        """What fills prompts up for the second text encoder, where there is one."""
        file = self.folder / "tokenizer_2" / "tokenizer_config.json"
        return str(read_json(file)["pad_token"]) if file.is_file() else None

    @property
    def tokenizer(self) -> Mapping[str, Any]:
        """tokenizer_config.json: special tokens and padding, which differ between families."""
        return read_json(self.folder / "tokenizer" / "tokenizer_config.json")

    @property
    def scheduler(self) -> Mapping[str, Any]:
        return read_json(self.folder / "scheduler" / "scheduler_config.json")

    @property
    def pipeline(self) -> Mapping[str, Any]:
        return read_json(self.folder / "model_index.json")


def family_of(header: Mapping[str, Any], name: str) -> Family:
    """The family by the shapes in a file's header. Raises ModelError when there is none like it."""
    shapes = {key: entry["shape"] for key, entry in header.items() if key.startswith(UNET)}
    words = next((shape for key, shape in shapes.items() if key.endswith(_KEYS_OF_WORDS)), None)
    if _CONV_IN not in shapes or words is None:
        raise ModelError("The model file {file} is incomplete: its U-Net has parts missing.", file=name)
    width, channels = shapes[_CONV_IN][:2]
    for folder in sorted(path for path in _folder().iterdir() if path.is_dir()):
        unet = read_json(folder / "unet" / "config.json")
        if unet["block_out_channels"][0] == width and unet["cross_attention_dim"] == words[1]:
            linear = any(key.endswith(_PROJECTION) and len(shape) == 2 for key, shape in shapes.items())
            configs = {part: read_json(folder / part / "config.json") for part in parts_beside(unet)}
            configs["unet"] |= {"in_channels": channels, "use_linear_projection": linear}
            return Family(folder.name, folder, configs)
    raise ModelError(
        "The model file {file} is not Stable Diffusion 1.x, 2.x or SDXL: its U-Net has other sizes.",
        file=name,
    )


def _folder() -> Path:
    return paths.resources() / "families"
