"""How well pictures follow a sketch: where the object lies in what was painted, against where it was drawn."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from captions import Caption, plain_caption
from examples import to_unit, tokenised
from grounding import AttentionRecorder
from rows import Row
from sampling import Model, sample, text_states
from scenes import render, scene_of
from sketches import draw
from sprites import Sprites
from tables import Tables

HALFWAY = 500
"""The training step (of 1000) up to which a picture is noised to read the attention of its words."""
THRESHOLD = 0.4
"""From which share of its largest value a word's attention counts as its object."""


def sketch_rows(
    model: Model,
    tables: Tables,
    sprites: Sprites,
    count: int,
    size: tuple[int, int],
    guidance: float,
    steps: int,
) -> list[Row]:
    """Mean IoU of the object's region with the drawn one, on held-out one-object scenes: with sketch, and without."""
    if model.adapter is None:
        return [Row("sketch_iou", None, "", 0.6), Row("sketch_iou_without", None, "", None)]
    scenes = [scene_of(seed, tables, held_out=True, count=1) for seed in range(5000, 5000 + count)]
    captions = [plain_caption(scene) for scene in scenes]
    truths = [render(scene, sprites, *size) for scene in scenes]
    wanted = [F.avg_pool2d(torch.from_numpy(truth.masks[:1]).float(), 16)[0] > 0.5 for truth in truths]
    sketches = np.stack([draw(truth, [0]) for truth in truths])
    overlaps: dict[bool, list[float]] = {True: [], False: []}
    for start in range(0, count, 8):
        part = slice(start, start + 8)
        prompts, seeds = [caption.text for caption in captions[part]], list(range(count))[part]
        for drawn in overlaps:
            lines = sketches[part] if drawn else None
            pictures = sample(model, prompts, seeds, size, steps, guidance, lines)
            regions = object_regions(model, pictures, captions[part])
            overlaps[drawn] += [overlap(a, b) for a, b in zip(regions, wanted[part], strict=True)]
    return [
        Row("sketch_iou", float(np.mean(overlaps[True])), "", 0.6),
        Row("sketch_iou_without", float(np.mean(overlaps[False])), "", None),
    ]


@torch.no_grad()
def object_regions(model: Model, pictures: np.ndarray, captions: list[Caption]) -> list[Tensor]:
    """Where the first object's word looks in each picture, bool at 1/16 of the pixels."""
    processors = dict(model.unet.attn_processors)
    recorder = AttentionRecorder(model.unet)
    alpha = model.scheduler.alphas_cumprod[HALFWAY]
    latents = model.vae.encode(to_unit(pictures)).latent * model.vae.config.scaling_factor
    noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(0))
    noisy = alpha.sqrt() * latents + (1 - alpha).sqrt() * noise
    model.unet(noisy, HALFWAY, text_states(model, [caption.text for caption in captions]))
    maps = recorder.take()[2].unflatten(1, (pictures.shape[1] // 16, pictures.shape[2] // 16))
    model.unet.set_attn_processor(processors)
    regions = []
    for attention, caption in zip(maps, captions, strict=True):
        _, named = tokenised(model.tokenizer, caption)
        word = attention[..., max(position for position, owner in named if owner == 0)]
        regions.append(word > THRESHOLD * word.max())
    return regions


def overlap(found: Tensor, wanted: Tensor) -> float:
    """Intersection over union."""
    return ((found & wanted).sum() / (found | wanted).sum().clamp_min(1)).item()
