"""Networks that enlarge pictures, where the artist has one: ESRGAN (Wang et al., arXiv 1809.00219), Real-ESRGAN and the
others that spandrel knows, by their weights alone.

Most of these files are pickled. Neither spandrel's own loader nor any other is let at them but torch's for weights,
which runs nothing that a file says; TorchScript, which is a program, is refused with the rest.
"""

import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from warnings import catch_warnings

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

from editor_core.base.errors import ModelError
from editor_core.models.weight_files import read_safetensors_header

_DIGITS = 3  # of a block's number; who counts on would be waited for without end
_FAULTS = (RuntimeError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError)
"""What weights that fit no network may come to."""
_UNNEEDED = "torchvision.transforms.functional"


class Upscaler:
    """A network in memory, in half precision where it is not on the processor."""

    def __init__(self, name: str, network: Any, device: torch.device) -> None:
        """network: spandrel's ImageModelDescriptor."""
        half = device.type != "cpu" and network.supports_half
        self.name = name
        self._network, self._device = network.to(device, torch.float16 if half else torch.float32), device

    @property
    def factor(self) -> int:
        return int(self._network.scale)

    @torch.no_grad()
    def __call__(self, pixels: np.ndarray) -> np.ndarray:
        """A picture uint8 (h, w, 3), enlarged: float32 (factor h, factor w, 3), 0 to 255."""
        image = torch.from_numpy(np.array(pixels)).to(self._device).permute(2, 0, 1)[None].float() / 255
        found: Tensor = self._network(image.to(self._network.dtype))
        if self._network.dtype is not torch.float32 and not found.isfinite().all():
            self._network.to(dtype=torch.float32)  # half precision does not reach as far as its numbers
            found = self._network(image)
        return np.ascontiguousarray((found.float()[0] * 255).permute(1, 2, 0).cpu().numpy())


def load_upscaler(file: Path, device: torch.device) -> Upscaler:
    """Raises ModelError for a file that holds no such network or cannot be opened safely, and where spandrel is not."""
    spandrel = _spandrel()
    nothing = ModelError("“{file}” holds no network that enlarges pictures.", file=file.name)
    try:
        weights = spandrel.canonicalize_state_dict(_weights(file))
        if any(part.isdigit() and len(part) > _DIGITS for name in weights for part in name.split(".")):
            raise nothing
        network = spandrel.ModelLoader().load_from_state_dict(weights)
    except (spandrel.UnsupportedModelError, *_FAULTS) as error:
        raise nothing from error
    if network.purpose != "SR" or not network.input_channels == network.output_channels == 3:
        raise nothing
    return Upscaler(file.stem, network, device)


def _weights(file: Path) -> dict[str, Any]:
    if file.suffix.lower() == ".safetensors":
        read_safetensors_header(file)
        return load_file(file)
    try:
        with catch_warnings(action="ignore"):  # it warns of TorchScript, and refuses it then
            found = torch.load(file, map_location="cpu", weights_only=True)
    except OSError as error:
        raise ModelError("The model file “{file}” is damaged.", file=file.name) from error
    except (pickle.UnpicklingError, EOFError, *_FAULTS) as error:
        raise ModelError(
            "“{file}” holds something else than weights, and is not opened: it could run any program hidden in it.",
            file=file.name,
        ) from error
    if not isinstance(found, dict):
        raise TypeError("no state dict")
    return found


def _spandrel() -> Any:
    """The library: it takes its time, and few have it."""
    try:
        with _without_torchvision():
            import spandrel
    except ImportError as error:
        raise ModelError(
            "Networks that enlarge pictures need spandrel: pip install --no-deps spandrel einops"
        ) from error
    return spandrel


@contextmanager
def _without_torchvision() -> Iterator[None]:
    """Let spandrel be imported without torchvision, from which it takes three names for networks that enlarge nothing.

    A torchvision that is not built for the torch beside it keeps transformers from being imported, and on Linux pip
    brings one for CUDA even where torch is the processor's.
    """
    known = _UNNEEDED in sys.modules
    if not known:
        stand_in = ModuleType(_UNNEEDED)
        vars(stand_in).update(InterpolationMode=None, rotate=None, normalize=None)
        sys.modules[_UNNEEDED] = stand_in
    try:
        yield
    finally:
        if not known:
            del sys.modules[_UNNEEDED]
