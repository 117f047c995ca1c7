"""How near decoded pictures are to true ones, and how crisp they are."""

import torch
from torch import Tensor


def decibels(decoded: Tensor, truth: Tensor) -> float:
    """Mean PSNR of pictures (n, 3, H, W) in -1..1, one by one."""
    return (10 * torch.log10(4 / (decoded - truth).square().mean((1, 2, 3)))).mean().item()


def gradient_energy(pictures: Tensor) -> float:
    """Mean squared difference of neighbouring pixels, across and down, of pictures (n, 3, H, W)."""
    return sum(pictures.diff(dim=axis).square().mean().item() for axis in (-1, -2))
