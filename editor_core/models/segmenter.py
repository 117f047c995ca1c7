"""Segment Anything (Kirillov et al., arXiv 2304.02643), where the artist has its weights: things clicked or boxed.

A folder as Hugging Face has it, with weights in safetensors; transformers has the network. What Meta and MobileSAM
published is pickled, and is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from editor_core.base.errors import ModelError
from editor_core.models.segmenter_files import check_segmenter, pickled

_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet, as its own transforms have them."""


@dataclass(frozen=True, eq=False)
class EncodedPicture:
    """What the network knows of a picture. features: (1, C, h, w)."""

    features: torch.Tensor
    height: int
    """Of the picture, in pixels."""
    width: int


class Segmenter:
    """A network in memory."""

    def __init__(self, network: Any, device: torch.device) -> None:
        self._network, self._device = network, device
        self._side: int = network.config.vision_config.image_size

    @torch.no_grad()
    def encode(self, image: np.ndarray) -> EncodedPicture:
        """Look at a picture uint8 (H, W, 3): its longer side is scaled to the network's own, the rest is padding."""
        height, width = image.shape[:2]
        pixels = torch.from_numpy(np.array(image)).to(self._device).permute(2, 0, 1)[None].float() / 255
        scaled = functional.interpolate(
            pixels, self._seen(height, width), mode="bilinear", antialias=True, align_corners=False
        )
        mean, deviation = (
            torch.tensor(values, device=self._device)[:, None, None] for values in (_MEAN, _DEVIATION)
        )
        normal = (scaled - mean) / deviation
        right, below = self._side - normal.shape[-1], self._side - normal.shape[-2]
        padded = functional.pad(normal, (0, right, 0, below))
        return EncodedPicture(self._network.get_image_embeddings(padded), height, width)

    @torch.no_grad()
    def mask_at(self, picture: EncodedPicture, x: int, y: int) -> np.ndarray:
        """The mask uint8 (H, W) of the thing at a pixel: of the network's three, the one that it trusts most."""
        scale = max(self._seen(picture.height, picture.width)) / max(picture.height, picture.width)
        point = torch.tensor([[[[x * scale, y * scale]]]], device=self._device)
        label = torch.ones((1, 1, 1), dtype=torch.long, device=self._device)
        found = self._network(
            image_embeddings=picture.features, input_points=point, input_labels=label, multimask_output=True
        )
        return self._mask(picture, found.pred_masks[0, 0, int(found.iou_scores[0, 0].argmax())])

    @torch.no_grad()
    def mask_in(self, picture: EncodedPicture, box: tuple[int, int, int, int]) -> np.ndarray:
        """The mask uint8 (H, W) of the thing in a box (left, top, right, bottom)."""
        scale = max(self._seen(picture.height, picture.width)) / max(picture.height, picture.width)
        corners = torch.tensor([[[scale * side for side in box]]], device=self._device)
        found = self._network(image_embeddings=picture.features, input_boxes=corners, multimask_output=False)
        return self._mask(picture, found.pred_masks[0, 0, 0])

    def _seen(self, height: int, width: int) -> tuple[int, int]:
        scale = self._side / max(height, width)
        return max(1, round(height * scale)), max(1, round(width * scale))

    def _mask(self, picture: EncodedPicture, logits: torch.Tensor) -> np.ndarray:
        """From logits (h, w) of the padded square to the picture's pixels."""
        square = functional.interpolate(
            logits[None, None].float(), (self._side, self._side), mode="bilinear", align_corners=False
        )
        height, width = self._seen(picture.height, picture.width)
        whole = functional.interpolate(
            square[..., :height, :width],
            (picture.height, picture.width),
            mode="bilinear",
            align_corners=False,
        )
        return np.asarray((whole[0, 0] > 0).cpu().numpy()).astype(np.uint8) * 255


def load_segmenter(folder: Path, device: torch.device) -> Segmenter:
    """Raises ModelError for what is none, damaged or pickled."""
    if folder.is_file():
        raise pickled(folder)
    check_segmenter(folder)
    from transformers import SamModel  # takes its time, and few have its weights

    try:
        network, told = SamModel.from_pretrained(
            str(folder), local_files_only=True, use_safetensors=True, output_loading_info=True
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise ModelError("The model file “{file}” is damaged.", file=folder.name) from error
    if missing := _missing(told):
        raise ModelError(
            "The model in {folder} is not whole: it lacks {name}.", folder=folder.name, name=missing
        )
    return Segmenter(network.eval().to(device), device)


def _missing(told: Mapping[str, Any]) -> str:
    """A tensor that the files lack; positions are computed, so none lacks those."""
    missing = [name for name in told.get("missing_keys", ()) if "positional_embedding" not in name]
    return str(sorted(missing)[0]) if missing else ""
