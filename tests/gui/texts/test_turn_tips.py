"""A turn's tooltip says what it was made with."""

import numpy as np

from editor_core.base.loras import LoraChoice
from editor_core.document.turns import Turn
from gui.texts.turn_tips import tip_of


def test_words_model_loras_and_sampling():
    turn = Turn(
        image=np.zeros((2, 2, 3), np.uint8), prompt="a fox", model="dream", seed=7, steps=20, guidance=7.5,
        loras=(LoraChoice("/a/pen.safetensors", 0.8), LoraChoice("ink.safetensors")), sampler="euler",
    )  # fmt: skip
    assert tip_of(turn).splitlines()[:3] == ["a fox", "Model: dream", "LoRAs: pen (0.8), ink"]
    assert all(text in tip_of(turn) for text in ("Seed 7", "20 steps", "guidance 7.5"))
    told = tip_of(turn.changed(vae="/a/soft.safetensors", clip_skip=2)).splitlines()
    assert told[3:5] == ["VAE: soft", "CLIP skip: 2"]
    assert tip_of(Turn(image=turn.image, prompt="a photo")) == "a photo"
