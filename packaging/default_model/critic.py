"""A small discriminator of patches, which tells decoded pictures from true ones so that edges come out crisp.

PatchGAN (Isola et al. 2017, arXiv 1611.07004) with spectral norms, the hinge loss (Lim and Ye 2017, arXiv 1705.02894)
and the matching of its features (Wang et al. 2018, arXiv 1711.11585).
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm


class PatchCritic(nn.Module):
    """Scores of overlapping patches, 22 pixels a side with three levels: one for every fourth pixel each way."""

    def __init__(self, widths: list[int]):
        super().__init__()
        strides = [1, *[2] * (len(widths) - 1)]
        self.levels = nn.ModuleList(
            spectral_norm(nn.Conv2d(wide, wider, 4 if stride == 2 else 3, stride, 1))
            for (wide, wider), stride in zip(pairwise([3, *widths]), strides, strict=True)
        )
        self.score = spectral_norm(nn.Conv2d(widths[-1], 1, 3, 1, 1))

    def forward(self, pictures: Tensor) -> list[Tensor]:
        """The features of each level and, last, the scores, of pictures (n, 3, H, W)."""
        features = []
        for level in self.levels:
            pictures = F.leaky_relu(level(pictures), 0.2)
            features.append(pictures)
        return [*features, self.score(pictures)]


def critics_loss(true: list[Tensor], decoded: list[Tensor]) -> Tensor:
    """Hinge loss of the critic: true pictures above 1, decoded ones below -1."""
    return F.relu(1 - true[-1].float()).mean() + F.relu(1 + decoded[-1].float()).mean()


def decoders_losses(true: list[Tensor], decoded: list[Tensor]) -> tuple[Tensor, Tensor]:
    """What the decoder is to lower: the critic's doubt, and the distance of the critic's features."""
    distances = [
        F.l1_loss(own.float(), wanted.detach().float())
        for own, wanted in zip(decoded[:-1], true[:-1], strict=True)
    ]
    return -decoded[-1].float().mean(), torch.stack(distances).mean()
