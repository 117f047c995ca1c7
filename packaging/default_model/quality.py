"""How near decoded pictures are to true ones, and how crisp they are."""

import numpy as np
import torch
from torch import Tensor


def decibels(decoded: Tensor, truth: Tensor) -> float:
    """Mean PSNR of pictures (n, 3, H, W) in -1..1, one by one."""
    return (10 * torch.log10(4 / (decoded - truth).square().mean((1, 2, 3)))).mean().item()


def gradient_energy(pixels: np.ndarray) -> float:
    """Mean squared difference of neighbours' brightness (0..1) in a picture, uint8 (H, W, 3): how sharp it is."""
    grey = pixels.astype(np.float64).mean(-1) / 255
    return float(np.square(np.diff(grey, axis=0)).mean() + np.square(np.diff(grey, axis=1)).mean())
