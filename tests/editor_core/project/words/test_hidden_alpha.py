"""Texts in the lowest bit of the transparency: found as they were hidden, and nothing where nothing is."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor_core.project.words.hidden_alpha import hidden_texts
from editor_core.project.words.reading import words_in

TEXTS = {
    "Software": "NovelAI",
    "Description": "a fox, дом",
    "Comment": json.dumps({"steps": 28, "seed": 7, "scale": 5.0, "sampler": "k_euler", "uc": "blurry"}),
}


def with_hidden(texts: dict[str, str], height: int = 61, width: int = 90) -> np.ndarray:
    """A picture with texts hidden bit by bit, written out here a second time."""
    packed = gzip.compress(json.dumps(texts).encode())
    hidden = b"stealth_pngcomp" + (8 * len(packed)).to_bytes(4) + packed
    pixels = np.full((height, width, 4), 254, np.uint8)
    for number, bit in enumerate("".join(f"{byte:08b}" for byte in hidden)):
        pixels[number % height, number // height, 3] |= int(bit)
    return pixels


def test_words_hidden_in_the_transparency_are_found(tmp_path: Path):
    Image.fromarray(with_hidden(TEXTS)).save(tmp_path / "a.png")
    words = words_in(tmp_path / "a.png")
    assert words is not None and (words.program, words.prompt, words.negative) == (
        "NovelAI",
        "a fox, дом",
        "blurry",
    )
    assert (words.seed, words.steps, words.guidance) == (7, 28, 5.0)


def test_texts_in_the_file_come_first(tmp_path: Path):
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("parameters", "a cat\nSteps: 3, Sampler: Euler, CFG scale: 2, Seed: 1")
    Image.fromarray(with_hidden(TEXTS)).save(tmp_path / "a.png", pnginfo=info)
    words = words_in(tmp_path / "a.png")
    assert words is not None and words.prompt == "a cat"


@pytest.mark.parametrize("spoil", ["none", "signature", "length", "packed", "small"])
def test_damage_is_no_text(spoil: str):
    alpha = with_hidden(TEXTS)[..., 3].copy()
    if spoil == "none":
        alpha[:] = 255
    elif spoil == "signature":
        alpha[0, 0] ^= 1
    elif spoil == "length":
        for number in range(8 * 15, 8 * 15 + 16):
            alpha[number % 61, number // 61] |= 1
    elif spoil == "packed":
        alpha[:, 8:12] ^= 1
    else:
        alpha = alpha[:4, :4]
    assert hidden_texts(alpha) == {}
