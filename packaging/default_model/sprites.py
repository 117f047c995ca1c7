"""The objects' pictures: Fluent Emoji 3D (MIT, Microsoft; npm package by LobeHub), recoloured and resized on demand.

The few that the tables name are kept in sprites.zip, byte for byte as in the package. To make it again:

    npm pack @lobehub/fluent-emoji-3d && tar -xzf lobehub-fluent-emoji-3d-*.tgz
    python packaging/default_model/sprites.py package/assets
"""

import argparse
import unicodedata
import zipfile
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from tables import COLOURS, TABLES, WORN

SPRITES = Path(__file__).with_name("sprites.zip")
EMOJI = {kind.word: kind.emoji for kind in (*TABLES["full"].objects, *WORN)}
"""The Unicode name of the emoji of each word."""


class Sprites:
    """The objects' pictures, RGBA with premultiplied alpha, recoloured and resized on demand."""

    def __init__(self, sources: dict[str, Image.Image]):
        self._sources = sources
        self._coloured = lru_cache(maxsize=None)(self._recoloured)

    @classmethod
    def load(cls, path: Path = SPRITES) -> "Sprites":
        """Read every object of the tables, and what may be worn."""
        with zipfile.ZipFile(path) as archive:
            return cls({word: read(archive, file_name(emoji)) for word, emoji in EMOJI.items()})

    def draw(self, word: str, colour: str, side: int, flip: bool) -> np.ndarray:
        """A trimmed picture, its longer side `side` pixels: float32 (h, w, 4), premultiplied."""
        source = self._coloured(word, colour)
        scale = side / max(source.size)
        size = (max(1, round(source.width * scale)), max(1, round(source.height * scale)))
        picture = np.asarray(
            source.resize(size, Image.Resampling.BOX if scale < 0.2 else Image.Resampling.BICUBIC)
        )
        pixels = picture.astype(np.float32) / 255
        pixels[..., :3] *= pixels[..., 3:]
        return pixels[:, ::-1] if flip else pixels

    def _recoloured(self, word: str, colour: str) -> Image.Image:
        source = self._sources[word]
        source = source.crop(source.getchannel("A").point(lambda alpha: 255 * (alpha > 8)).getbbox())
        if colour in ("", "red"):
            return source
        return recolour(source, colour)


def recolour(source: Image.Image, colour: str) -> Image.Image:
    """Turn the red parts of a picture into another colour, keeping its light and shade."""
    hue, saturation, value = COLOURS[colour]
    pixels = np.asarray(source.convert("RGB").convert("HSV")).astype(np.float32) / 255
    away = np.abs((pixels[..., 0] - 0.97 + 0.5) % 1.0 - 0.5)
    reds = np.clip((0.13 - away) / 0.03, 0, 1) * np.clip((pixels[..., 1] - 0.35) / 0.15, 0, 1)
    turned = np.stack([np.full_like(reds, hue), pixels[..., 1] * saturation, pixels[..., 2] * value], -1)
    painted = Image.fromarray((np.clip(turned, 0, 1) * 255).astype(np.uint8), "HSV").convert("RGB")
    mixed = Image.composite(painted, source.convert("RGB"), Image.fromarray((reds * 255).astype(np.uint8)))
    mixed.putalpha(source.getchannel("A"))
    return mixed


def file_name(emoji: str) -> str:
    """The file of the emoji with this Unicode name."""
    return f"{ord(unicodedata.lookup(emoji)):x}.webp"


def read(archive: zipfile.ZipFile, name: str) -> Image.Image:
    """One picture of the archive."""
    with archive.open(name) as file:
        return Image.open(file).convert("RGBA")


def pack(assets: Path, path: Path) -> None:
    """Keep the pictures of the tables from the unpacked emoji package; the same pictures give the same bytes."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(map(file_name, EMOJI.values())):
            source = assets / name
            if not source.exists():
                source = source.with_stem(f"{source.stem}-fe0f")
            archive.writestr(zipfile.ZipInfo(name), source.read_bytes())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assets", type=Path)
    pack(parser.parse_args().assets, SPRITES)


if __name__ == "__main__":
    main()
