"""MasaCtrl (Cao et al., arXiv 2304.08465): the target's queries look at the source's keys and values.

The authors' settings: from step 4 of 50 and self-attention layer 10 of 16 on. With the sketch adapter on the target's
rows, as in their playground and as MaSaFusion compares it; the source follows the inverted latents (direct inversion).
"""

import numpy as np
import torch

from editor_core.backbones.attention.control import AttentionControl, Sharing, own
from editor_core.backbones.attention.sites import last_self_attention
from editor_core.baselines.task import Task, only_for

FIRST_SHARE = 4 / 50
LAYERS = 6


def edit(task: Task) -> np.ndarray:
    nothing, source_words, words = task.embeddings
    path, backbone = task.path, task.context.backbone
    text = torch.cat([nothing, source_words, nothing, words])
    features, where = task.features, last_self_attention(backbone.sites, LAYERS)
    control = AttentionControl(sharing=Sharing((own(0), own(1), (2, 0, 0), (3, 1, 1)), where=where))

    def eps(step: int, t: int, x: torch.Tensor) -> torch.Tensor:
        source = path[step : step + 1]
        added = only_for(4, (2, 3), features)
        if step < round(FIRST_SHARE * task.base.steps):
            out = task.unet(torch.cat([x, x]), t, text[2:], added and [f[2:] for f in added])
            return task.guided(out[:1], out[1:], x, t)
        with backbone.attending(control):
            out = task.unet(torch.cat([source, source, x, x]), t, text, added)
        return task.guided(out[2:3], out[3:], x, t)

    return task.walk(path[:1], eps)
