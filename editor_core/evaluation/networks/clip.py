"""CLIP's figures (Radford et al., arXiv 2103.00020), from a local folder: nothing is downloaded."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

from editor_core.base.errors import ModelError


class Clip:
    """Embeds pictures and sentences; the cosines that editing papers report."""

    columns = ("clip", "clip_i", "clip_direction", "clip_accuracy", "clip_edited")

    def __init__(self, folder: Path) -> None:
        """Raises ModelError where the folder holds no CLIP model with its tokenizer and image processor."""
        from transformers import CLIPImageProcessorPil, CLIPModel, CLIPTokenizer

        try:
            self._model: Any = CLIPModel.from_pretrained(folder, local_files_only=True).eval()
            self._words = CLIPTokenizer.from_pretrained(folder, local_files_only=True)
            self._pixels = CLIPImageProcessorPil.from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise ModelError("The folder “{folder}” contains no CLIP model.", folder=folder.name) from error

    @torch.no_grad()
    def figures(
        self,
        before: np.ndarray,
        result: np.ndarray,
        words_before: str,
        words_after: str,
        mask: np.ndarray | None,
    ) -> dict[str, float]:
        """clip: picture and new words. clip_i: picture and the one before. clip_direction: the changes of both
        (arXiv 2108.00946). clip_accuracy: 1 where the new words fit the result better than the picture before.
        clip_edited: as clip, of what lies in the mask, the rest black (PIE-Bench)."""
        shown = [before, result]
        if mask is not None:
            shown.append(np.where(mask[..., None] > 0, result, 0).astype(np.uint8))
        pictures, words = self._pictures(shown), self._sentences([words_before, words_after])
        fits = pictures @ words[1]
        turned = F.cosine_similarity(pictures[1] - pictures[0], words[1] - words[0], dim=0)
        found = {
            "clip": float(fits[1]),
            "clip_i": float(pictures[0] @ pictures[1]),
            "clip_direction": float(turned),
        }
        found["clip_accuracy"] = float(fits[1] > fits[0])
        if mask is not None:
            found["clip_edited"] = float(fits[2])
        return found

    def _pictures(self, pictures: list[np.ndarray]) -> torch.Tensor:
        pixels = self._pixels(pictures, return_tensors="pt")["pixel_values"]
        states = self._model.vision_model(pixel_values=pixels).pooler_output
        return F.normalize(self._model.visual_projection(states), dim=-1)

    def _sentences(self, sentences: list[str]) -> torch.Tensor:
        told = self._words(sentences, padding=True, truncation=True, return_tensors="pt")
        states = self._model.text_model(**told).pooler_output
        return F.normalize(self._model.text_projection(states), dim=-1)
