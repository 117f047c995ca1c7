"""Networks out of a diffusers folder without a second copy: the files are mapped, and their tensors are the weights.

`from_pretrained` first fills a network with random numbers, then reads the file beside it; without the package
accelerate that is twice the memory. Here nothing is filled, and what has the wanted precision already is not copied.
"""

from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor, nn

from editor_core.models.layout import ModelLayout
from editor_core.models.mapped_memory import in_precision
from editor_core.models.packed_weights import diffusers_network, named_as_in, text_encoder


def load_mapped(layout: ModelLayout, part: str, dtype: torch.dtype) -> tuple[nn.Module, dict[str, list[str]]]:
    """A network on the CPU, and what was missing or of another shape, as `output_loading_info` has it.

    Raises what the libraries do for weights that cannot be read: SafetensorError, OSError.
    """
    tensors: dict[str, Tensor] = {}
    for file in layout.weights[part].parts:
        with safe_open(file, "pt") as opened:
            tensors.update((name, opened.get_tensor(name)) for name in list(opened.keys()))
    config = dict(layout.configs[part])
    if part.startswith("text_encoder"):
        network: Any = text_encoder(config)
        tensors = named_as_in(network, tensors)
    else:
        network = diffusers_network(config)
        network._fix_state_dict_keys_on_load(tensors)  # names of attention in older files
    expected = network.state_dict()
    fitting = {
        name: tensor
        for name, tensor in tensors.items()
        if name in expected and tensor.shape == expected[name].shape
    }
    network.load_state_dict(fitting, strict=False, assign=True)
    return in_precision(network, dtype), {
        "missing_keys": sorted(expected.keys() - tensors.keys()),
        "mismatched_keys": sorted(expected.keys() & tensors.keys() - fitting.keys()),
    }
