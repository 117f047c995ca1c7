"""Low-rank changes of a network's weights (LoRA, Hu et al. 2021, arXiv 2106.09685), in diffusers' file format."""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn


class LowRank(nn.Module):
    """For each linear and convolutional layer of a network W + up·down; at first the change is nothing."""

    def __init__(self, network: nn.Module, rank: int):
        super().__init__()
        self.shapes = {
            f"{name}.weight": layer.weight.shape
            for name, layer in network.named_modules()
            if isinstance(layer, nn.Linear | nn.Conv2d)
        }
        flat = {name: (shape[0], shape[1:].numel()) for name, shape in self.shapes.items()}
        self.down = nn.ParameterDict(
            {
                _key(name): torch.randn(min(rank, *sides), sides[1]) / sides[1] ** 0.5
                for name, sides in flat.items()
            }
        )
        self.up = nn.ParameterDict(
            {_key(name): torch.zeros(sides[0], min(rank, *sides)) for name, sides in flat.items()}
        )

    def changed(self, network: nn.Module) -> dict[str, Tensor]:
        """The weights of the changed layers, by the names of the network's parameters."""
        weights = dict(network.named_parameters())
        return {
            name: weights[name] + (self.up[_key(name)] @ self.down[_key(name)]).view(shape)
            for name, shape in self.shapes.items()
        }

    def save(self, file: Path, told: dict[str, str], prefix: str = "unet") -> None:
        """Write the file, in float16, with what is told about it."""
        file.parent.mkdir(parents=True, exist_ok=True)
        tensors = {}
        for name, shape in self.shapes.items():
            layer, key = f"{prefix}.{name.removesuffix('.weight')}", _key(name)
            down, up = self.down[key].detach(), self.up[key].detach()
            tensors[f"{layer}.lora_A.weight"] = down.view(len(down), *shape[1:]).half().cpu().contiguous()
            tensors[f"{layer}.lora_B.weight"] = (
                up.view(*up.shape, *[1] * (len(shape) - 2)).half().cpu().contiguous()
            )
        save_file(tensors, file, metadata={"format": "pt", **told})


def _key(name: str) -> str:
    """A parameter's name without dots, which ParameterDict does not take."""
    return name.removesuffix(".weight").replace(".", "-")


@torch.no_grad()
def merge(network: nn.Module, file: Path, prefix: str = "unet") -> None:
    """Add the file's changes to the network's weights."""
    tensors = load_file(file)
    for name, parameter in network.named_parameters():
        layer = f"{prefix}.{name.removesuffix('.weight')}"
        if f"{layer}.lora_A.weight" in tensors:
            down, up = (tensors[f"{layer}.lora_{letter}.weight"].float().flatten(1) for letter in "AB")
            parameter += (up @ down).view(parameter.shape).to(parameter)
