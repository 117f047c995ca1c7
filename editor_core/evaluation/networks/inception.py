"""Inception-v3 as FID takes it (Szegedy et al., arXiv 1512.00567; Heusel et al., arXiv 1706.08500).

The folder holds the weights that FID was published with, as PyTorch has them ("Conv2d_1a_3x3.conv.weight" …), in a .pth
file or .safetensors. Widths are the weights' own.
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from editor_core.evaluation.networks.weights import weights_in

SIDE = 299
_EPS = 0.001


class Inception:
    """A picture's features, from which distances between sets of pictures are computed."""

    columns: tuple[str, ...] = ()  # of one picture alone there is none

    def __init__(self, folder: Path) -> None:
        """Raises ModelError."""
        ends = ("Conv2d_1a_3x3.conv.weight", "Mixed_7c.branch_pool.conv.weight")
        self._weights = weights_in(folder, ends, "Inception-v3")

    @torch.no_grad()
    def features(self, picture: np.ndarray) -> np.ndarray:
        """float32 (C,), C = 2048 for the published weights, of uint8 (H, W, 3)."""
        x = torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].float() / 127.5 - 1
        x = F.interpolate(x, (SIDE, SIDE), mode="bilinear", align_corners=False)
        x = self._conv("Conv2d_1a_3x3", x, 2, (0, 0))
        x = self._conv("Conv2d_2a_3x3", x, 1, (0, 0))
        x = F.max_pool2d(self._conv("Conv2d_2b_3x3", x), 3, 2)
        x = self._conv("Conv2d_3b_1x1", x)
        x = F.max_pool2d(self._conv("Conv2d_4a_3x3", x, 1, (0, 0)), 3, 2)
        for name in ("Mixed_5b", "Mixed_5c", "Mixed_5d"):
            x = self._a(name, x)
        x = self._b("Mixed_6a", x)
        for name in ("Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e"):
            x = self._c(name, x)
        x = self._d("Mixed_7a", x)
        x = self._e("Mixed_7b", x, F.avg_pool2d(x, 3, 1, 1, count_include_pad=False))
        x = self._e("Mixed_7c", x, F.max_pool2d(x, 3, 1, 1))
        return np.asarray(x.mean((2, 3))[0], np.float32)

    def _conv(self, name: str, x: Tensor, stride: int = 1, padding: tuple[int, int] | None = None) -> Tensor:
        weight = self._weights[f"{name}.conv.weight"]
        same = weight.shape[2] // 2, weight.shape[3] // 2
        x = F.conv2d(x, weight, None, stride, same if padding is None else padding)
        mean, var, scale, shift = (
            self._weights[f"{name}.bn.{part}"] for part in ("running_mean", "running_var", "weight", "bias")
        )
        return F.relu(F.batch_norm(x, mean, var, scale, shift, eps=_EPS))

    def _chain(self, name: str, x: Tensor, *parts: str) -> Tensor:
        for part in parts:
            x = self._conv(f"{name}.{part}", x)
        return x

    def _a(self, name: str, x: Tensor) -> Tensor:
        pooled = F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
        return torch.cat(
            [
                self._chain(name, x, "branch1x1"),
                self._chain(name, x, "branch5x5_1", "branch5x5_2"),
                self._chain(name, x, "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"),
                self._chain(name, pooled, "branch_pool"),
            ],
            1,
        )

    def _b(self, name: str, x: Tensor) -> Tensor:
        deep = self._chain(name, x, "branch3x3dbl_1", "branch3x3dbl_2")
        return torch.cat(
            [
                self._conv(f"{name}.branch3x3", x, 2, (0, 0)),
                self._conv(f"{name}.branch3x3dbl_3", deep, 2, (0, 0)),
                F.max_pool2d(x, 3, 2),
            ],
            1,
        )

    def _c(self, name: str, x: Tensor) -> Tensor:
        pooled = F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
        return torch.cat(
            [
                self._chain(name, x, "branch1x1"),
                self._chain(name, x, "branch7x7_1", "branch7x7_2", "branch7x7_3"),
                self._chain(name, x, *(f"branch7x7dbl_{number}" for number in range(1, 6))),
                self._chain(name, pooled, "branch_pool"),
            ],
            1,
        )

    def _d(self, name: str, x: Tensor) -> Tensor:
        three = self._chain(name, x, "branch3x3_1")
        seven = self._chain(name, x, "branch7x7x3_1", "branch7x7x3_2", "branch7x7x3_3")
        return torch.cat(
            [
                self._conv(f"{name}.branch3x3_2", three, 2, (0, 0)),
                self._conv(f"{name}.branch7x7x3_4", seven, 2, (0, 0)),
                F.max_pool2d(x, 3, 2),
            ],
            1,
        )

    def _e(self, name: str, x: Tensor, pooled: Tensor) -> Tensor:
        three = self._chain(name, x, "branch3x3_1")
        deep = self._chain(name, x, "branch3x3dbl_1", "branch3x3dbl_2")
        return torch.cat(
            [
                self._chain(name, x, "branch1x1"),
                self._chain(name, three, "branch3x3_2a"),
                self._chain(name, three, "branch3x3_2b"),
                self._chain(name, deep, "branch3x3dbl_3a"),
                self._chain(name, deep, "branch3x3dbl_3b"),
                self._chain(name, pooled, "branch_pool"),
            ],
            1,
        )
