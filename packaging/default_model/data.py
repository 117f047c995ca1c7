"""Where the pictures come from: Fluent Emoji 3D (MIT, Microsoft; npm package by LobeHub), rendered into scenes.

Get the package once, outside version control:

    npm pack @lobehub/fluent-emoji-3d && mkdir -p .cache/fluent-emoji-3d
    tar -xzf lobehub-fluent-emoji-3d-*.tgz -C .cache/fluent-emoji-3d --strip-components 1
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from captions import Caption, plain_caption
from scenes import Picture, Scene, Sprites, changed, render, scene_of

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / ".cache" / "fluent-emoji-3d" / "assets"
RUN = ROOT / ".cache" / "default-model"
CONFIG = Path(__file__).with_name("config.toml")
VISIBLE_CHANGE = 8
"""Levels of 255 from which a pixel counts as changed."""


@dataclass(frozen=True)
class Pair:
    """A scene and the same scene with one thing changed: what an edit should give, and where it should act."""

    before: Picture
    after: Picture
    captions: tuple[Caption, Caption]
    scenes: tuple[Scene, Scene]
    mask: np.ndarray


def load_settings(preset: str) -> dict[str, Any]:
    """Every number of a preset, by part."""
    return tomllib.loads(CONFIG.read_text())[preset]


def rendered(seed: int, sprites: Sprites, height: int, width: int, held_out: bool = False) -> Picture:
    """The picture of a seed's scene."""
    return render(scene_of(seed, held_out), sprites, height, width)


def pair(seed: int, sprites: Sprites, height: int, width: int, held_out: bool = True) -> Pair:
    """The pair of a seed; its mask, bool (H, W), is true where the two pictures differ visibly."""
    scene = scene_of(seed, held_out)
    after = changed(scene, np.random.default_rng((2, seed)))
    pictures = render(scene, sprites, height, width), render(after, sprites, height, width)
    difference = np.abs(pictures[0].pixels.astype(np.int16) - pictures[1].pixels).max(-1)
    captions = plain_caption(scene), plain_caption(after)
    return Pair(*pictures, captions, (scene, after), difference > VISIBLE_CHANGE)
