"""What the residual blocks of a step add to their convolutions, for all blocks at once.

The first convolution of a block is followed by the projected time, the same everywhere in the map, the second by the
shortcut's bias where it has one: both go into the convolutions' own biases.
"""

from collections.abc import Sequence

import torch
from torch.nn import functional as F

from editor_core.backbones.attention.sites import Module
from editor_core.backbones.unet.joined_weights import joined, time_projections


class BlockBiases:
    """The biases of some of a U-Net's residual blocks; at each call its weights are read anew.

    Where the projections of all blocks are joined, one product serves all.
    """

    def __init__(self, unet: Module, blocks: Sequence[Module]) -> None:
        self._blocks = blocks
        self._projections = time_projections(unet)
        self._weight = joined([projection.weight for projection in self._projections])
        self._bias = joined([projection.bias for projection in self._projections])

    def __call__(self, time: torch.Tensor) -> dict[Module, torch.Tensor]:
        """By convolution, for time embeddings (batch, channels): of first ones (batch, C_out), of second ones (C_out,).

        Where all times are one, a first one's holds the convolution's own bias, too. Second ones without a shortcut's
        bias are left out.
        """
        firsts = [block.conv1 for block in self._blocks]
        times = self._times(self._blocks[0].nonlinearity(time))
        if len(time) == 1:
            times = [*torch._foreach_add(times, [conv.bias for conv in firsts])]
        found = dict(zip(firsts, times, strict=True))
        joining = [block for block in self._blocks if block.conv_shortcut is not None]
        if joining:
            seconds = [block.conv2 for block in joining]
            sums = torch._foreach_add(
                [conv.bias for conv in seconds], [each.conv_shortcut.bias for each in joining]
            )
            found |= dict(zip(seconds, sums, strict=True))
        return found

    def _times(self, activated: torch.Tensor) -> list[torch.Tensor]:
        if self._weight is None or self._bias is None:
            return [block.time_emb_proj(activated) for block in self._blocks]
        sizes = [projection.out_features for projection in self._projections]
        parts = F.linear(activated, self._weight, self._bias).split_with_sizes(sizes, 1)
        times = dict(zip(self._projections, parts, strict=True))
        return [times[block.time_emb_proj] for block in self._blocks]
