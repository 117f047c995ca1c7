"""Where the parts lie that a one-file model does not bring: its words' vocabulary, an autoencoder, a text encoder.

A vocabulary is looked for in a folder of the file's name, beside the file, in the models that lie beside it, in the
program's own resources, and in the hub's cache. CLIP's is the same for every family here, so any will do.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from editor_core.base import paths
from editor_core.base.errors import ModelError
from editor_core.models.layout import PARTS
from editor_core.models.weight_files import WeightFiles, find_weights, read_json


def find_tokenizer(file: Path, size: int) -> Path:
    """The folder of a vocabulary of so many tokens. Raises ModelError when there is none."""
    for folder in _tokenizers(file):
        with suppress(ModelError):
            if _vocabulary_size(folder) == size:
                return folder
    raise ModelError(
        "The model file {file} comes without its words; put the folder “tokenizer” "
        "(vocab.json and merges.txt) of any Stable Diffusion model beside it.",
        file=file.name,
    )


def find_part(
    file: Path, part: str, config: Mapping[str, Any]
) -> tuple[Path, dict[str, Any], WeightFiles] | None:
    """The same part of a diffusers folder beside the file: its folder, configuration and weights, or None."""
    stem, size = {
        "vae": ("diffusion_pytorch_model", "latent_channels"),
        "text_encoder": ("model", "hidden_size"),
        "text_encoder_2": ("model", "hidden_size"),
    }[part]
    for folder in (file.parent / file.stem / part, *sorted(file.parent.glob(f"*/{part}"))):
        with suppress(ModelError):
            found = read_json(folder / "config.json")
            if found.get(size) == config[size]:
                return folder, found, find_weights(folder, stem, PARTS[part])
    return None


def _tokenizers(file: Path) -> Iterator[Path]:
    yield file.parent / file.stem / "tokenizer"
    yield file.parent / "tokenizer"
    yield from sorted(file.parent.glob("*/tokenizer"))
    yield paths.resources() / "tokenizers" / "clip"
    hub = hub_cache()
    yield from sorted(hub.glob("models--*/snapshots/*/tokenizer"))
    yield from sorted(hub.glob("models--openai--clip-vit-*/snapshots/*"))


def hub_cache() -> Path:
    """As https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables says."""
    if named := os.environ.get("HF_HUB_CACHE"):
        return Path(named)
    home = os.environ.get("HF_HOME")
    return (Path(home) if home else Path.home() / ".cache" / "huggingface") / "hub"


def _vocabulary_size(folder: Path) -> int:
    """Tokens. Raises ModelError when there is no vocabulary, or a damaged one."""
    whole, pieces = folder / "tokenizer.json", folder / "vocab.json"
    file = pieces if pieces.is_file() and (folder / "merges.txt").is_file() else whole
    try:
        return _size_in(file, file.stat().st_mtime_ns)
    except OSError as error:
        raise ModelError("There is no vocabulary in {folder}.", folder=str(folder)) from error


@lru_cache(maxsize=64)
def _size_in(file: Path, _changed: int) -> int:
    found = read_json(file)
    if file.name == "vocab.json":
        return len(found)
    model = found.get("model")
    vocabulary = model.get("vocab") if isinstance(model, dict) else None
    added = found.get("added_tokens")
    names = (
        {str(each.get("content")) for each in added if isinstance(each, dict)}
        if isinstance(added, list)
        else set()
    )
    return len(names | vocabulary.keys()) if isinstance(vocabulary, dict) else 0
