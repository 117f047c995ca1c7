"""Plug-and-play diffusion features (Tumanyan et al., arXiv 2211.12572) over direct inversion.

The authors' settings: the features of the residual block up_blocks.1.resnets.1 for 80 % of the steps, queries and keys
of the decoder's self-attention layers 4 to 11 (the last eight of 16) for 50 %. The source's row has empty words.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np
import torch

from editor_core.backbones.attention.control import AttentionControl, Sharing, own
from editor_core.backbones.attention.sites import last_self_attention
from editor_core.baselines.task import Task

FEATURE_SHARE, ATTENTION_SHARE = 0.8, 0.5


def edit(task: Task) -> np.ndarray:
    nothing, _, words = task.embeddings
    path, backbone, steps = task.path, task.context.backbone, task.base.steps
    text = torch.cat([nothing, nothing, words])
    total = sum(not site.is_cross for site in backbone.sites)
    where = last_self_attention(backbone.sites, total // 2)
    control = AttentionControl(sharing=Sharing((own(0), (0, 0, 1), (0, 0, 2)), where=where))

    def eps(step: int, t: int, x: torch.Tensor) -> torch.Tensor:
        features = _first_rows(task.bundle.unet) if step < FEATURE_SHARE * steps else nullcontext()
        attention = backbone.attending(control) if step < ATTENTION_SHARE * steps else nullcontext()
        with features, attention:
            out = task.unet(torch.cat([path[step : step + 1], x, x]), t, text)
        return task.guided(out[1:2], out[2:], x, t)

    return task.walk(path[:1], eps)


@contextmanager
def _first_rows(unet: Any) -> Iterator[None]:
    """All rows have the source's features, before the block's shortcut is added."""
    convolution = unet.up_blocks[1].resnets[1].conv2
    hook = convolution.register_forward_hook(lambda *args: args[-1][:1].expand_as(args[-1]))
    try:
        yield
    finally:
        hook.remove()
