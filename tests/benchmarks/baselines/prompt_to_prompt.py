"""Prompt-to-Prompt (Hertz et al., arXiv 2208.01626) over direct inversion, refinement controller.

Settings of PnPInversion's comparison: cross-attention maps of unchanged words are the source's for 40 % of the steps,
self-attention maps for 60 %, those only where a map has at most 32x32 positions in the latents of 64x64: half their
side. Control touches the conditional half, so the source needs no other.
"""

import torch

from baselines.common import Task
from editor_core.backbones.attention.control import AttentionControl, MapControl, Sharing, own
from editor_core.models.prompts import align

CROSS_SHARE, SELF_SHARE = 0.4, 0.6
NOTHING, SOURCE, TARGET = 0, 1, 2


def edit(task: Task):
    nothing, source_words, words = task.embeddings
    path, steps = task.path, task.base.steps
    text = torch.cat([nothing, source_words, words])
    refine = Refine(align(*task.tokens()))
    sharing = Sharing(
        (own(NOTHING), own(SOURCE), (SOURCE, SOURCE, TARGET)), where=lambda site: site.level >= 1
    )

    def eps(step, t, x):
        control = AttentionControl(
            MapControl(inject=refine, guided=False) if step < CROSS_SHARE * steps else None,
            sharing=sharing if step < SELF_SHARE * steps else None,
        )
        with task.context.backbone.attending(control):
            out = task.unet(torch.cat([x, path[step : step + 1], x]), t, text)
        return task.guided(out[NOTHING : NOTHING + 1], out[TARGET:], x, t)

    return task.walk(path[:1], eps)


class Refine:
    """Gives the target's map the source's columns for the words that stay; rows are nothing, source, target."""

    def __init__(self, alignment):
        self.alignment = alignment

    def __call__(self, site, probs):
        nothing, source, target = probs.chunk(3)
        kept = torch.where(self.alignment >= 0, source[..., self.alignment.clamp(min=0)], target)
        return torch.cat([nothing, source, kept])
