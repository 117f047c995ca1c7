"""Where the pictures come from: Fluent Emoji 3D (MIT, Microsoft; npm package by LobeHub), rendered into scenes.

Get the package once, outside version control:

    npm pack @lobehub/fluent-emoji-3d && mkdir -p .cache/fluent-emoji-3d
    tar -xzf lobehub-fluent-emoji-3d-*.tgz -C .cache/fluent-emoji-3d --strip-components 1
"""

import tomllib
from pathlib import Path
from typing import Any

from scenes import Picture, Sprites, render, scene_of

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / ".cache" / "fluent-emoji-3d" / "assets"
CONFIG = Path(__file__).with_name("config.toml")


def load_settings(preset: str) -> dict[str, Any]:
    """Every number of a preset, by part."""
    return tomllib.loads(CONFIG.read_text())[preset]


def rendered(seed: int, sprites: Sprites, height: int, width: int, held_out: bool = False) -> Picture:
    """The picture of a seed's scene."""
    return render(scene_of(seed, held_out), sprites, height, width)
