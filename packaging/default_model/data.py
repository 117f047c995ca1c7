"""Where things are: the run's folder, the presets' numbers, and the picture of a seed."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scenes import Picture, render, scene_of
from sprites import Sprites
from tables import Tables

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / ".cache" / "default-model"
CONFIG = Path(__file__).with_name("config.toml")


def load_settings(preset: str) -> dict[str, Any]:
    """Every number of a preset, by part."""
    return tomllib.loads(CONFIG.read_text())[preset]


def sizes_of(settings: dict[str, Any], parts: Iterable[str]) -> list[tuple[int, int]]:
    """The sizes of pictures, (height, width), that some parts of a preset learn from, the smallest first."""
    return sorted({(size[0], size[1]) for name in parts for size in settings["parts"][name]["sizes"]})


def rendered(
    seed: int, tables: Tables, sprites: Sprites, height: int, width: int, held_out: bool = False
) -> Picture:
    """The picture of a seed's scene."""
    return render(scene_of(seed, tables, held_out), sprites, height, width)
