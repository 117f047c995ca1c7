"""Real-ESRGAN's network (RRDBNet, arXiv 1809.00219) with few channels, under the names of its published files."""

from importlib.util import find_spec
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

_CHANNELS, _GROWTH = 4, 32

needs_spandrel = pytest.mark.skipif(
    find_spec("spandrel") is None or find_spec("einops") is None,
    reason="spandrel is not here: pip install --no-deps spandrel einops",
)


def write_tiny_upscaler(file: Path, factor: int = 4, seed: int | None = None) -> Path:
    """The file. Without a seed the network repeats each pixel; with one its weights are random."""
    random = torch.Generator().manual_seed(seed or 0)
    weights: dict[str, Tensor] = {}

    def conv(name: str, into: int, out: int, passes: bool = False) -> None:
        weight = torch.zeros(out, into, 3, 3)
        if seed is not None:
            weight = torch.randn(out, into, 3, 3, generator=random) * (1 / (9 * into)) ** 0.5
        elif passes:
            weight[:, :, 1, 1] = torch.eye(out, into)
        weights[f"{name}.weight"], weights[f"{name}.bias"] = weight, torch.zeros(out)

    conv("conv_first", 3, _CHANNELS, passes=True)
    for block in (1, 2, 3):
        for number in range(5):
            out = _CHANNELS if number == 4 else _GROWTH
            conv(f"body.0.rdb{block}.conv{number + 1}", _CHANNELS + number * _GROWTH, out)
    conv("conv_body", _CHANNELS, _CHANNELS)
    for number in range(factor.bit_length() - 1):
        conv(f"conv_up{number + 1}", _CHANNELS, _CHANNELS, passes=True)
    conv("conv_hr", _CHANNELS, _CHANNELS, passes=True)
    conv("conv_last", _CHANNELS, 3, passes=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix == ".safetensors":
        save_file(weights, file)
    else:
        torch.save({"params_ema": weights}, file)
    return file
