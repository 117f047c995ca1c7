"""What the residual blocks of a step add to their convolutions, for all blocks at once.

The first convolution of a block is followed by the projected time, the same everywhere in the map, the second by the
shortcut's bias where it has one: both go into the convolutions' own biases.
"""

from collections.abc import Sequence

import torch
from torch.nn import functional as F

from editor_core.backbones.attention.sites import Module
from editor_core.backbones.unet.joined_weights import joined


class BlockBiases:
    """The biases of some residual blocks; reads their weights anew at each call, for they may be merged into."""

    def __init__(self, blocks: Sequence[Module]) -> None:
        self._blocks = blocks
        projections = [block.time_emb_proj for block in blocks]
        self._sizes = [projection.out_features for projection in projections]
        self._weight = joined([projection.weight for projection in projections])
        self._bias = joined([projection.bias for projection in projections])

    def __call__(self, time: torch.Tensor) -> dict[Module, torch.Tensor]:
        """By convolution, for time embeddings (batch, channels): of first ones (batch, C_out), of second ones (C_out,).

        Where all times are one, a first one's holds the convolution's own bias, too. Second ones without a shortcut's
        bias are left out.
        """
        if not self._blocks:
            return {}
        firsts = [block.conv1 for block in self._blocks]
        times = self._times(self._blocks[0].nonlinearity(time))
        if len(time) == 1:
            times = torch._foreach_add(times, [conv.bias for conv in firsts])
        shortcuts = [block for block in self._blocks if block.conv_shortcut is not None]
        sums = torch._foreach_add(
            [block.conv2.bias for block in shortcuts], [block.conv_shortcut.bias for block in shortcuts]
        )
        return dict(zip(firsts, times, strict=True)) | {
            block.conv2: bias for block, bias in zip(shortcuts, sums, strict=True)
        }

    def _times(self, activated: torch.Tensor) -> list[torch.Tensor]:
        if self._weight is None or self._bias is None:
            return [block.time_emb_proj(activated) for block in self._blocks]
        return list(F.linear(activated, self._weight, self._bias).split_with_sizes(self._sizes, 1))
