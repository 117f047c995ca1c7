"""LoRAs merged into a loaded model's weights, and taken out again to the bit.

W' = W + sum over LoRAs of weight * alpha / rank * up down (https://arxiv.org/abs/2106.09685, equation 3), in float32,
rounded once to the network's own precision. Convolutions as LyCORIS's LoCon has them, also with the middle factor of
a Tucker decomposition (https://arxiv.org/abs/2309.14859, section 3.2). Rows read a module's weight, so nothing else of
the program knows of LoRAs but the fingerprint.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from hashlib import blake2b
from math import isfinite, prod, sqrt
from pathlib import Path
from typing import Any

import psutil
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from editor_core.base.errors import ModelError
from editor_core.base.loras import LoraChoice
from editor_core.models.bundle import ModelBundle
from editor_core.models.lora_file import LoraFile, StoredTensor, inspect_lora
from editor_core.models.lora_names import candidates, flat

Layer = nn.Linear | nn.Conv2d
_PARTS = ("unet", "text_encoder", "text_encoder_2")


@dataclass(frozen=True, eq=False)
class _Change:
    """What one LoRA adds to one module."""

    file: LoraFile
    part: str
    layer: str
    tensors: Mapping[str, StoredTensor]
    weight: float


class LoraMerger:
    """Holds a loaded model, and of the weights that LoRAs changed what they were.

    Where memory is too short to hold those, they are let go, and `can_switch` says that the model has to be loaded
    again before other LoRAs are merged.
    """

    def __init__(self, base: ModelBundle) -> None:
        self._base = base
        self._originals: dict[Layer, Tensor] = {}
        self.can_switch = True
        self.unmatched: tuple[tuple[str, int], ...] = ()
        """Of the LoRAs that are merged, those with layers that the model has not: name and how many."""

    @torch.no_grad()
    def merged(self, choices: Sequence[LoraChoice]) -> ModelBundle:
        """The model with these LoRAs, whose sources are paths, and no others; one with weight 0 is left out.

        Raises ModelError when one cannot be read or was made for another kind of model; its weights are then those of
        before, or its own.
        """
        if not self.can_switch:
            raise RuntimeError("the original weights are not there any more")
        files = _by_digest(choices)
        changes, unmatched = self._fitting(files)
        try:
            self._change(changes)
        except BaseException:
            self._change({})
            raise
        self.unmatched = unmatched
        if changes and not _room_for(self._originals.values()):
            self._originals, self.can_switch = {}, False
        kept = tuple(LoraChoice(str(file.path), weight) for file, weight in files)
        fingerprint = _fingerprint(self._base.fingerprint, files)
        return replace(self._base, fingerprint=fingerprint, loras=kept, **self._sampling(files))

    def _sampling(self, files: Sequence[tuple[LoraFile, float]]) -> dict[str, Any]:
        """What the first LoRA asks for that was distilled for few steps; nothing where none was."""
        asked = next((file.sampling for file, _ in files if file.sampling is not None), None)
        if asked is None:
            return {}
        schedule = replace(self._base.schedule, timestep_spacing=asked.timestep_spacing)
        return {
            "schedule": schedule,
            "default_steps": asked.steps,
            "default_guidance": asked.guidance,
            "distilled": True,
        }

    def _change(self, changes: Mapping[Layer, Sequence[_Change]]) -> None:
        """Give these modules, and those changed before, what they shall have."""
        for module in set(self._originals) - set(changes):
            module.weight.copy_(self._originals.pop(module))
        with _Reader() as reader:
            for module, added in changes.items():
                if module not in self._originals:
                    self._originals[module] = module.weight.to("cpu", copy=True)
                total = self._originals[module].float()
                for each in added:
                    total = total + reader.delta(each, module)
                module.weight.copy_(total)  # in place: strides and captured steps stay

    def _fitting(
        self, files: Sequence[tuple[LoraFile, float]]
    ) -> tuple[dict[Layer, list[_Change]], tuple[tuple[str, int], ...]]:
        """What is added to each module, and of which files how many layers have no place here."""
        parts = {part: getattr(self._base, part, None) for part in _PARTS}
        known = {part: _modules(network) for part, network in parts.items() if network is not None}
        blocks = _layers_per_block(self._base.unet)
        found: dict[Layer, list[_Change]] = {}
        unmatched = []
        for file, weight in files:
            missing = 0
            for (part, layer), tensors in file.layers.items():
                names, modules = candidates(part, layer, blocks), known.get(part, {})
                module = next((modules[name] for name in names if name in modules), None)
                if module is None:
                    missing += 1
                    continue
                if _shape(tensors) != _flattened(module):
                    raise _other_model(file)
                found.setdefault(module, []).append(_Change(file, part, layer, tensors, weight))
            if missing == len(file.layers):
                raise _other_model(file)
            if missing:
                unmatched.append((file.name, missing))
        return found, tuple(unmatched)


class _Reader:
    """Opens each file once."""

    def __init__(self) -> None:
        self._open: dict[Path, Any] = {}
        self._exits = ExitStack()

    def __enter__(self) -> "_Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self._exits.close()

    def delta(self, change: _Change, module: Layer) -> Tensor:
        """float32, of the weight's shape, on the CPU."""
        tensors = {slot: self._read(change.file, stored.name) for slot, stored in change.tensors.items()}
        up, down, mid = tensors["up"], tensors["down"], tensors.get("mid")
        product = up.flatten(1) @ down.flatten(1) if mid is None else _tucker(up, down, mid)
        scale = change.weight * _scale(change, len(down), tensors.get("alpha"))
        return product.reshape(module.weight.shape) * scale

    def _read(self, file: LoraFile, name: str) -> Tensor:
        try:
            if file.path not in self._open:
                self._open[file.path] = self._exits.enter_context(safe_open(file.path, "pt"))
            tensor: Tensor = self._open[file.path].get_tensor(name)
        except (OSError, SafetensorError) as error:
            raise ModelError("The LoRA {file} could not be read.", file=file.path.name) from error
        return tensor.float()


def _tucker(up: Tensor, down: Tensor, mid: Tensor) -> Tensor:
    """The convolution (O, I, h, w) that runs down (r, I, 1, 1), mid (r, r, h, w) and up (O, r, 1, 1) in turn."""
    return torch.einsum("or,rshw,si->oihw", up.flatten(1), mid, down.flatten(1))


def _scale(change: _Change, rank: int, alpha: Tensor | None) -> float:
    """alpha / rank: the file's own, else as peft's configuration says, else 1."""
    if alpha is not None:
        return float(alpha) / rank
    config = change.file.configs.get(change.part, {})
    patterns = config.get("alpha_pattern")
    named = patterns.items() if isinstance(patterns, dict) else ()
    special = (value for name, value in named if change.layer.endswith(flat(name)))
    found = next(special, config.get("lora_alpha"))
    if not isinstance(found, int | float) or not isfinite(found):
        return 1.0
    return found / (sqrt(rank) if config.get("use_rslora") else rank)


def _shape(tensors: Mapping[str, StoredTensor]) -> tuple[int, int] | None:
    """(outputs, inputs times the kernel's area) of what the factors multiply to; None where they do not fit."""
    up, down, mid = (tensors[slot].shape if slot in tensors else () for slot in ("up", "down", "mid"))
    if min(len(up), len(down)) < 2 or prod(up[1:]) != down[0]:
        return None
    if mid and (len(mid) != 4 or mid[:2] != (down[0], down[0])):
        return None
    return up[0], prod(down[1:]) * prod(mid[2:])


def _flattened(module: Layer) -> tuple[int, int]:
    return len(module.weight), module.weight[0].numel()


def _modules(network: nn.Module) -> dict[str, Layer]:
    """Linear layers and convolutions by their flattened names."""
    return {flat(name): module for name, module in network.named_modules() if isinstance(module, Layer)}


def _layers_per_block(unet: Any) -> int:
    layers = unet.config.layers_per_block
    return int(layers if isinstance(layers, int) else layers[0])


def _by_digest(choices: Sequence[LoraChoice]) -> list[tuple[LoraFile, float]]:
    """Each file once, with the sum of its weights, in an order that does not depend on that of the choices."""
    files: dict[str, tuple[LoraFile, float]] = {}
    for choice in choices:
        if choice.weight == 0:
            continue
        file = inspect_lora(Path(choice.source).expanduser())
        _, before = files.get(file.digest, (file, 0.0))
        files[file.digest] = file, before + choice.weight
    return [files[digest] for digest in sorted(files) if files[digest][1] != 0]


def _fingerprint(base: str, files: Sequence[tuple[LoraFile, float]]) -> str:
    """The model's own where there is no LoRA."""
    if not files:
        return base
    digest = blake2b(base.encode(), digest_size=16)
    for file, weight in files:
        digest.update(f"{file.digest}:{weight!r};".encode())
    return digest.hexdigest()


def _other_model(file: LoraFile) -> ModelError:
    return ModelError("The LoRA {file} was made for another kind of model.", file=file.path.name)


def _room_for(kept: Iterable[Tensor]) -> bool:
    """Whether what is kept leaves the machine at least as much free memory as it takes."""
    return sum(tensor.nbytes for tensor in kept) <= int(psutil.virtual_memory().available)
