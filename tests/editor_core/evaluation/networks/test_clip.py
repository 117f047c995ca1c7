"""CLIP's figures on a tiny model in a local folder."""

import numpy as np
import pytest
import torch

from editor_core.base.errors import ModelError
from editor_core.evaluation.networks.clip import Clip


@pytest.fixture(scope="module")
def clip(networks_folder):
    return Clip(networks_folder / "clip")


def picture(seed):
    return np.random.default_rng(seed).integers(0, 256, (40, 48, 3), np.uint8)


def test_cosines_are_those_of_clips_own_outputs(clip):
    before, result = picture(0), picture(1)
    found = clip.figures(before, result, "a fox", "a cat on snow", None)
    told = clip._words(["a fox", "a cat on snow"], padding=True, return_tensors="pt")
    pixels = clip._pixels([before, result], return_tensors="pt")["pixel_values"]
    with torch.no_grad():
        whole = clip._model(**told, pixel_values=pixels)
    pictures, words = whole.image_embeds, whole.text_embeds
    assert found["clip"] == pytest.approx(float(pictures[1] @ words[1]), abs=1e-5)
    assert found["clip_i"] == pytest.approx(float(pictures[0] @ pictures[1]), abs=1e-5)
    turned = torch.cosine_similarity(pictures[1] - pictures[0], words[1] - words[0], dim=0)
    assert found["clip_direction"] == pytest.approx(float(turned), abs=1e-5)
    assert found["clip_accuracy"] == float(pictures[1] @ words[1] > pictures[0] @ words[1])
    assert "clip_edited" not in found


def test_the_edited_part_is_looked_at_alone(clip):
    mask = np.zeros((40, 48), np.uint8)
    mask[10:20, 10:20] = 255
    black = np.zeros((40, 48, 3), np.uint8)
    black[mask > 0] = picture(1)[mask > 0]
    found = clip.figures(picture(0), picture(1), "a fox", "a cat", mask)
    alone = clip.figures(picture(0), black, "a fox", "a cat", None)
    assert found["clip_edited"] == pytest.approx(alone["clip"], abs=1e-5) != pytest.approx(found["clip"])


def test_a_folder_without_clip_is_refused(tmp_path):
    with pytest.raises(ModelError, match="no CLIP model"):
        Clip(tmp_path)
