"""Plug-and-play diffusion features (Tumanyan et al., arXiv 2211.12572) over direct inversion.

The authors' settings: the features of the residual block up_blocks.1.resnets.1 for 80 % of the steps, queries and keys
of the decoder's self-attention layers 4 to 11 (the last eight of 16) for 50 %. The source's row has empty words.
"""

import torch

from baselines.common import Task
from editor_core.backbones.attention.control import AttentionControl, Sharing, own
from editor_core.backbones.attention.sites import last_self_attention

FEATURE_SHARE, ATTENTION_SHARE = 0.8, 0.5


def edit(task: Task):
    nothing, _, words = task.embeddings
    path, unet, steps = task.path, task.context.bundle.unet, task.base.steps
    text = torch.cat([nothing, nothing, words])
    backbone = task.context.backbone
    total = sum(not site.is_cross for site in backbone.sites)
    where = last_self_attention(backbone.sites, total // 2)
    control = AttentionControl(sharing=Sharing((own(0), (0, 0, 1), (0, 0, 2)), where=where))
    feature = unet.up_blocks[1].resnets[1]

    def eps(step, t, x):
        rows = torch.cat([path[step : step + 1], x, x])
        hook = None
        if step < FEATURE_SHARE * steps:  # before the block's shortcut is added
            hook = feature.conv2.register_forward_hook(lambda *args: args[-1][:1].expand_as(args[-1]))
        try:
            if step < ATTENTION_SHARE * steps:
                with backbone.attending(control):
                    out = task.unet(rows, t, text)
            else:
                out = task.unet(rows, t, text)
        finally:
            if hook is not None:
                hook.remove()
        return task.guided(out[1:2], out[2:], x, t)

    return task.walk(path[:1], eps)
