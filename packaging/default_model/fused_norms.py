"""Norms of a U-Net in training that read and write half precision only, once each: `triton_norms.py` on a card.

The weights stay where they are, under their names. Where Triton is missing, does not compile, or comes to other numbers
than PyTorch, the norms stay PyTorch's: they are the reference.
"""

from functools import cache, partial
from typing import Any

import torch
from diffusers import UNet2DConditionModel
from diffusers.models.resnet import ResnetBlock2D
from torch import Tensor, nn
from torch.nn import functional as F

TOLERANCE = 0.02
"""Of numbers around one, and of their slopes, in bfloat16."""


class FusedGroupNorm(nn.GroupNorm):
    """A group norm with, where `silu` is set, the activation after it."""

    silu = False

    def forward(self, input: Tensor) -> Tensor:
        from triton_norms import GroupNorm

        maps = input.to(torch.bfloat16)
        normalised: Tensor = GroupNorm.apply(
            maps, self.weight, self.bias, self.num_groups, self.eps, self.silu
        )
        return normalised


class HalfLayerNorm(nn.LayerNorm):
    """A layer norm that autocast does not take to float32; PyTorch's kernel sums in float32 by itself."""

    def forward(self, input: Tensor) -> Tensor:
        with torch.autocast(input.device.type, enabled=False):
            half = torch.bfloat16
            return F.layer_norm(
                input.to(half), self.normalized_shape, self.weight.to(half), self.bias.to(half), self.eps
            )


def fuse_norms(unet: UNet2DConditionModel) -> UNet2DConditionModel:
    """The same U-Net, its norms fused where its device can."""
    if agree(unet.device):
        swap(unet)
    return unet


def swap(unet: UNet2DConditionModel) -> None:
    """Put the fused norms in the place of PyTorch's."""
    for module in unet.modules():
        if isinstance(module, nn.GroupNorm):
            module.__class__ = FusedGroupNorm
        elif isinstance(module, nn.LayerNorm):
            module.__class__ = HalfLayerNorm
    for block in unet.modules():
        if isinstance(block, ResnetBlock2D):
            block.norm1.silu = block.norm2.silu = True
            block.nonlinearity = nn.Identity()
            block.time_emb_proj.register_forward_pre_hook(_activate)
    unet.conv_norm_out.silu = True
    unet.conv_act = nn.Identity()


def _activate(module: nn.Module, given: tuple[Any, ...]) -> tuple[Tensor]:
    """Time's embedding goes through the same activation as the maps, but through no norm."""
    return (F.silu(given[0]),)


@cache
def agree(device: torch.device) -> bool:
    """Whether the kernels run on a device and come to PyTorch's numbers and slopes, tried once."""
    if device.type != "cuda":
        return False
    try:
        worst = difference(device)
    except Exception as error:  # noqa: BLE001  a compiler may be missing, and much else
        print(f"No fused norms: {error}", flush=True)
        return False
    print(f"Fused norms differ from PyTorch's by {worst:.4f}", flush=True)
    return worst < TOLERANCE


def difference(device: torch.device, size: int = 20) -> float:
    """The largest between the fused norm and PyTorch's, of numbers and of all slopes, as a share of the largest."""
    generator = torch.Generator().manual_seed(0)
    maps = torch.randn(2, 48, size, size, generator=generator).to(device, torch.bfloat16)
    towards = torch.randn(maps.shape, generator=generator).to(device, torch.bfloat16)
    worst = 0.0
    for silu in (False, True):
        fused = FusedGroupNorm(16, 48, device=device)
        fused.silu = silu
        with torch.no_grad():
            fused.weight.uniform_(0.5, 1.5)
            fused.bias.uniform_(-0.5, 0.5)
        given = maps.clone().requires_grad_()
        learned = (given, fused.weight, fused.bias)
        found, expected = (_numbers(norm, learned, towards) for norm in (fused, partial(_reference, fused)))
        for one, other in zip(found, expected, strict=True):
            worst = max(worst, float((one - other).abs().max() / other.abs().max()))
    return worst


def _numbers(norm: Any, learned: tuple[Tensor, ...], towards: Tensor) -> list[Tensor]:
    """What a norm gives of the first that it learns from, and the slopes of all, in float32."""
    normalised = norm(learned[0])
    slopes = torch.autograd.grad(normalised, learned, towards.to(normalised.dtype))
    return [each.detach().float() for each in (normalised, *slopes)]


def _reference(norm: FusedGroupNorm, maps: Tensor) -> Tensor:
    normalised = F.group_norm(maps.float(), norm.num_groups, norm.weight, norm.bias, norm.eps)
    return F.silu(normalised) if norm.silu else normalised
