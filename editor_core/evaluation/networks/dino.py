"""DINO's figures (Caron et al., arXiv 2104.14294) from a local folder: a ViT as transformers keeps it."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from editor_core.base.errors import ModelError

_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class Dino:
    """Compares pictures by what a self-supervised network makes of them."""

    columns = ("dino", "structure")

    def __init__(self, folder: Path) -> None:
        """Raises ModelError."""
        from transformers import ViTModel

        try:
            self._model: Any = ViTModel.from_pretrained(
                folder, local_files_only=True, add_pooling_layer=False
            ).eval()
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise ModelError("The folder “{folder}” contains no DINO model.", folder=folder.name) from error
        self._keys: list[Tensor] = []
        self._last_keys().register_forward_hook(lambda _, __, keys: self._keys.append(keys))

    @torch.no_grad()
    def figures(
        self, before: np.ndarray, result: np.ndarray, mask: np.ndarray | None, after: np.ndarray | None
    ) -> dict[str, float]:
        """dino: cosine of the class tokens, to the true picture if there is one, else to the one before (MagicBrush).

        structure: how much the self-similarities of the last layer's keys differ from those of the picture before, mean
        square (Tumanyan et al., arXiv 2201.00424, as PIE-Bench has it).
        """
        self._keys.clear()
        tokens = [self._tokens(each) for each in (before, result)]
        alike = [_self_similarity(keys[0]) for keys in self._keys]
        target = tokens[0] if after is None else self._tokens(after)
        return {
            "dino": float(F.cosine_similarity(target, tokens[1], dim=0)),
            "structure": float((alike[0] - alike[1]).square().mean()),
        }

    def _tokens(self, picture: np.ndarray) -> Tensor:
        side = self._model.config.image_size
        x = torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].float() / 255
        x = F.interpolate(x, (side, side), mode="bicubic", antialias=True, align_corners=False).clamp(0, 1)
        mean, std = (torch.tensor(each).view(1, 3, 1, 1) for each in (_MEAN, _STD))
        token: Tensor = self._model((x - mean) / std).last_hidden_state[0, 0]
        return token

    def _last_keys(self) -> torch.nn.Module:
        """The layer that makes the keys of the last attention, by the names that transformers has given it."""
        found: list[torch.nn.Module] = [
            module
            for name, module in self._model.named_modules()
            if name.rsplit(".", 1)[-1] in ("key", "k_proj")
        ]
        if not found:
            raise ModelError("This DINO model has no keys to compare.")
        return found[-1]


def _self_similarity(keys: Tensor) -> Tensor:
    """(tokens, tokens): cosines of keys (tokens, channels)."""
    unit = F.normalize(keys, dim=-1)
    return unit @ unit.T
