"""Segment Anything with tiny random weights: places and sizes, what transformers' own processor makes, bad folders."""

import json

import numpy as np
import pytest
import torch
from transformers import SamImageProcessorPil, SamModel

from editor_core.base.errors import ModelError
from editor_core.models.segmenter import load_segmenter
from editor_core.models.segmenter_files import is_pickled_segmenter
from support.tiny_segmenter import write_tiny_segmenter

CPU = torch.device("cpu")
PICTURE = np.random.default_rng(0).integers(0, 256, (48, 96, 3), np.uint8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_tiny_segmenter(tmp_path_factory.mktemp("sam") / "tiny")


def test_a_picture_is_seen_as_its_own_processor_shows_it(folder):
    network = load_segmenter(folder, CPU)
    own = SamImageProcessorPil(
        size={"longest_edge": 64}, pad_size={"height": 64, "width": 64},
        mask_size={"longest_edge": 16}, mask_pad_size={"height": 16, "width": 16},
    )  # fmt: skip
    pixels = own(PICTURE, return_tensors="pt")["pixel_values"]
    shown = []
    network._network.get_image_embeddings = lambda seen: shown.append(seen)
    network.encode(PICTURE)
    assert shown[0].shape == pixels.shape
    assert (shown[0] - pixels).abs().max() < 0.05  # Pillow rounds to whole levels


def test_masks_are_the_pictures_size_and_those_of_the_network(folder):
    network, own = load_segmenter(folder, CPU), SamModel.from_pretrained(folder).eval()
    seen = network.encode(PICTURE)
    with torch.no_grad():
        found = own(
            image_embeddings=seen.features,
            input_points=torch.tensor([[[[30 * 64 / 96, 20 * 64 / 96]]]]),
            input_labels=torch.ones((1, 1, 1), dtype=torch.long),
        )
    best = found.pred_masks[0, 0, found.iou_scores[0, 0].argmax()]
    square = torch.nn.functional.interpolate(best[None, None], (64, 64), mode="bilinear")[..., :32, :64]
    whole = torch.nn.functional.interpolate(square, (48, 96), mode="bilinear")[0, 0] > 0
    mask = network.mask_at(seen, 30, 20)
    assert mask.shape == (48, 96) and mask.dtype == np.uint8 and set(np.unique(mask)) <= {0, 255}
    assert np.array_equal(mask > 0, whole.numpy())
    boxed = network.mask_in(seen, (10, 10, 40, 30))
    assert boxed.shape == (48, 96) and not np.array_equal(boxed, network.mask_in(seen, (60, 5, 90, 40)))


def test_what_cannot_be_used_is_refused_in_a_sentence(folder, tmp_path):
    with pytest.raises(ModelError, match="holds no Segment Anything"):
        write = tmp_path / "other"
        write.mkdir()
        (write / "config.json").write_text('{"model_type": "clip"}')
        load_segmenter(write, CPU)
    lacking = tmp_path / "pickled"
    lacking.mkdir()
    (lacking / "config.json").write_text((folder / "config.json").read_text())
    (lacking / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(ModelError, match="pickled"):
        load_segmenter(lacking, CPU)
    (lacking / "pytorch_model.bin").unlink()
    (lacking / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes()[:-40])
    with pytest.raises(ModelError):
        load_segmenter(lacking, CPU)
    other = json.loads((folder / "config.json").read_text())
    other["vision_config"]["num_hidden_layers"] = 2
    (lacking / "config.json").write_text(json.dumps(other))
    (lacking / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes())
    with pytest.raises(ModelError, match="lacks vision_encoder"):
        load_segmenter(lacking, CPU)


@pytest.mark.parametrize(
    "name, found",
    [
        ("sam_vit_b_01ec64.pth", True),
        ("mobile_sam.pt", True),
        ("sam_vit_b.safetensors", False),
        ("a.pth", False),
    ],
)
def test_checkpoints_are_known_by_their_names(tmp_path, name, found):
    assert is_pickled_segmenter(tmp_path / name) is found
    if found:
        (tmp_path / name).write_bytes(b"pickle")
        with pytest.raises(ModelError, match="facebook/sam-vit-base"):
            load_segmenter(tmp_path / name, CPU)
