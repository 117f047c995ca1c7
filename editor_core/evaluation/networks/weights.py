"""Weights of a network that is written out here, read from a folder; nothing is downloaded."""

import pickle
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from editor_core.base.errors import ModelError

Weights = dict[str, Tensor]


def weights_in(folder: Path, wanted: tuple[str, ...], what: str) -> Weights:
    """The tensors of all .safetensors and .pth files, by name. Raises ModelError where one of ``wanted`` is missing.

    A .pth file may hold tensors only; what else a pickle could do is not done.
    """
    found: Weights = {}
    try:
        for file in sorted([*folder.glob("*.safetensors"), *folder.glob("*.pth")]):
            if file.suffix == ".safetensors":
                found |= load_file(file)
            else:
                told = torch.load(file, map_location="cpu", weights_only=True)
                found |= {name: value for name, value in told.items() if isinstance(value, Tensor)}
    except (OSError, SafetensorError, RuntimeError, AttributeError, pickle.UnpicklingError) as error:
        raise ModelError(
            "The folder “{folder}” contains no {what}.", folder=folder.name, what=what
        ) from error
    if any(name not in found for name in wanted):
        raise ModelError("The folder “{folder}” contains no {what}.", folder=folder.name, what=what)
    return {name: value.float() for name, value in found.items()}
