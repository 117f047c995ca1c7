"""Which device runs a model, and in which precision."""

import torch

from editor_core.base.errors import DeviceError

LARGE = 1_000_000_000
"""Bytes of a U-Net in half precision from which on a processor gains by it; Stable Diffusion's has 1.7e9."""


def choose_device(name: str = "auto") -> torch.device:
    """The device for "auto", "cpu", "cuda", "cuda:N" or "mps"; cards have numbers.

    Raises DeviceError when it is not here.
    """
    if name == "auto":
        return _best_device()
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise DeviceError(
            "There is no device called “{name}”. Available: auto, cpu, cuda, cuda:0, mps.", name=name
        ) from error
    if device.type not in ("cpu", "cuda", "mps"):
        raise DeviceError(
            "There is no device called “{name}”. Available: auto, cpu, cuda, cuda:0, mps.", name=name
        )
    if device.type == "cuda" and not torch.cuda.is_available():
        raise DeviceError("No supported NVIDIA graphics card was found on this computer.")
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise DeviceError("There is no graphics card number {number} in this computer.", number=device.index)
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise DeviceError("No supported Apple GPU was found on this computer.")
    return torch.device("cuda", device.index or 0) if device.type == "cuda" else device


def choose_dtype(device: torch.device, half_bytes: int = 0) -> torch.dtype:
    """The precision that is safe and quick on a device, for a U-Net of which so many bytes lie in half precision.

    On CUDA bfloat16 where the card has it: float16 overflows in the attention of Stable Diffusion 2.1 and
    gives black pictures (AUTOMATIC1111/stable-diffusion-webui#6510). On a processor that multiplies bfloat16 (AMX)
    large networks stay in half precision: at Stable Diffusion 1.5's width a step of 384x384 takes 5.0 instead of 12.4
    seconds, one on rows 1.2 instead of 2.3, in half the memory; small ones do not gain. Elsewhere float32.
    """
    if device.type == "cuda":
        native = torch.cuda.get_device_capability(device) >= (8, 0)
        return torch.bfloat16 if native else torch.float16
    gains = device.type == "cpu" and half_bytes >= LARGE and _multiplies_bfloat16()
    return torch.bfloat16 if gains else torch.float32


def _multiplies_bfloat16() -> bool:
    return bool(getattr(torch.cpu, "_is_amx_tile_supported", lambda: False)())


def _best_device() -> torch.device:
    if torch.cuda.is_available():
        return torch.device("cuda", 0)
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")
