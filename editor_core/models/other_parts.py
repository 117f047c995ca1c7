"""A model with parts of the artist's choice: another autoencoder, words from an earlier layer of the text encoder.

Both are part of its configurations and weights, and so of its fingerprint.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from editor_core.base.errors import ModelError
from editor_core.models.folder_layout import check_fit
from editor_core.models.layout import PARTS, ModelLayout
from editor_core.models.weight_files import (
    PICKLED,
    WeightFiles,
    find_weights,
    read_json,
    read_safetensors_header,
)

_DECODER_IN = ("decoder.conv_in.weight", "first_stage_model.decoder.conv_in.weight")
_SKIP = "clip_skip"


def with_autoencoder(layout: ModelLayout, path: Path) -> ModelLayout:
    """The model with the autoencoder of a folder or a .safetensors file.

    Raises ModelError when there is none, or one for other latents.
    """
    config, folder, weights = _of_folder(path) if path.is_dir() else _of_file(layout, path)
    configs = {**layout.configs, "vae": config}
    check_fit(configs)
    return replace(
        layout,
        configs=configs,
        folders={**layout.folders, "vae": folder},
        weights={**layout.weights, "vae": weights},
    )


def with_clip_skip(layout: ModelLayout, skip: int) -> ModelLayout:
    """The model whose words are read from so many layers before the text encoder's end, 1 being the last.

    At least one layer stays.
    """
    config = layout.configs["text_encoder"]
    skipped = min(skip, int(config.get("num_hidden_layers", 12))) - 1
    if skipped < 1:
        return layout
    return replace(layout, configs={**layout.configs, "text_encoder": {**config, _SKIP: skipped}})


def skipped_layers(layout: ModelLayout) -> int:
    """How many layers at the text encoder's end are not asked."""
    return int(layout.configs["text_encoder"].get(_SKIP, 0))


def _of_folder(path: Path) -> tuple[dict[str, Any], Path, WeightFiles]:
    folder = path / "vae" if (path / "vae" / "config.json").is_file() else path
    if not (folder / "config.json").is_file():
        raise ModelError("The folder “{folder}” contains no autoencoder (VAE).", folder=str(path))
    config = read_json(folder / "config.json")
    if not str(config.get("_class_name")).startswith("Autoencoder"):
        raise ModelError("The folder “{folder}” contains no autoencoder (VAE).", folder=str(path))
    return config, folder, find_weights(folder, "diffusion_pytorch_model", PARTS["vae"])


def _of_file(layout: ModelLayout, path: Path) -> tuple[dict[str, Any], Path, WeightFiles]:
    """With the configuration of the model's own, which files of this kind do not bring."""
    if path.suffix.lower() in PICKLED:
        raise ModelError(
            "{file} is pickled: opening it could run any program hidden in it; get the VAE as .safetensors.",
            file=path.name,
        )
    if not path.is_file():
        raise ModelError("The autoencoder (VAE) “{file}” does not exist.", file=str(path))
    header, _ = read_safetensors_header(path)
    shape = next((header[name]["shape"] for name in _DECODER_IN if name in header), None)
    if shape is None:
        raise ModelError("{file} is no autoencoder (VAE): its weights have other names.", file=path.name)
    own = dict(layout.configs["vae"])
    if own.get("_class_name") != "AutoencoderKL" or shape[1] != layout.latent_channels:
        raise ModelError("The autoencoder (VAE) {file} was made for another kind of model.", file=path.name)
    return own, layout.folders["vae"], WeightFiles(None, (path,), packed=True)
