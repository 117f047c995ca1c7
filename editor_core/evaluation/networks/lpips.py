"""LPIPS (Zhang et al., arXiv 1801.03924, version 0.1) on AlexNet, from a local folder.

The folder holds torchvision's AlexNet ("features.0.weight" …) and the paper's linear layers ("lin0.model.1.weight" …),
as .pth files or .safetensors.
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from editor_core.evaluation.networks.weights import weights_in

_CONVOLUTIONS = ((0, 4, 2, False), (3, 1, 2, True), (6, 1, 1, True), (8, 1, 1, False), (10, 1, 1, False))
"""Number in torchvision's ``features``, stride, padding, and whether it is pooled before."""
_SHIFT, _SCALE = (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)
_NAMES = tuple(f"features.{number}.weight" for number, *_ in _CONVOLUTIONS) + tuple(
    f"lin{number}.model.1.weight" for number in range(len(_CONVOLUTIONS))
)


class Lpips:
    """How different two pictures look; 0 for equal ones."""

    columns = ("lpips", "lpips_truth", "background_lpips")

    def __init__(self, folder: Path) -> None:
        """Raises ModelError."""
        self._weights = weights_in(folder, _NAMES, "LPIPS")

    def figures(
        self, before: np.ndarray, result: np.ndarray, mask: np.ndarray | None, after: np.ndarray | None
    ) -> dict[str, float]:
        """lpips: from the picture before. lpips_truth: from the true one. background_lpips: from the one before, what
        lies in the mask black in both (PIE-Bench)."""
        found = {"lpips": self.distance(before, result)}
        if after is not None:
            found["lpips_truth"] = self.distance(after, result)
        if mask is not None:
            hidden = [np.where(mask[..., None] > 0, 0, each).astype(np.uint8) for each in (before, result)]
            found["background_lpips"] = self.distance(*hidden)
        return found

    @torch.no_grad()
    def distance(self, one: np.ndarray, other: np.ndarray) -> float:
        """Equation 1; uint8 (H, W, 3) each, with sides of 64 pixels at least."""
        total = 0.0
        pairs = zip(self._features(one), self._features(other), strict=True)
        for number, (a, b) in enumerate(pairs):
            apart = (_unit(a) - _unit(b)).square()
            total += float(F.conv2d(apart, self._weights[f"lin{number}.model.1.weight"]).mean())
        return total

    def _features(self, picture: np.ndarray) -> list[Tensor]:
        x = torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].float() / 127.5 - 1
        shift, scale = (torch.tensor(each).view(1, 3, 1, 1) for each in (_SHIFT, _SCALE))
        x, found = (x - shift) / scale, []
        for number, stride, padding, pooled in _CONVOLUTIONS:
            x = F.max_pool2d(x, 3, 2) if pooled else x
            weight, bias = (self._weights[f"features.{number}.{name}"] for name in ("weight", "bias"))
            x = F.relu(F.conv2d(x, weight, bias, stride, padding))
            found.append(x)
        return found


def _unit(features: Tensor) -> Tensor:
    length = features.square().sum(1, keepdim=True).sqrt()
    return features / (length + 1e-10)
