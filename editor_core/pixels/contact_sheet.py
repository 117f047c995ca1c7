"""Pictures side by side, each below its name."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

_MAX_COLUMNS = 5
_GAP = 8  # pixels
_PAPER, _INK = (255, 255, 255), (30, 30, 30)


def contact_sheet(pictures: Sequence[tuple[str, NDArray[np.uint8]]]) -> NDArray[np.uint8]:
    """A picture uint8 (H, W, 3) of all pictures, uint8 (h, w, 3) of one size, in rows of at most five."""
    height, width = pictures[0][1].shape[:2]
    columns = min(_MAX_COLUMNS, len(pictures))
    rows = -(-len(pictures) // columns)
    size = max(11, min(width // 14, 28))
    font = ImageFont.load_default(size)
    line = size + 2 * _GAP
    sheet = Image.new("RGB", (columns * (width + _GAP) + _GAP, rows * (height + line) + _GAP), _PAPER)
    draw = ImageDraw.Draw(sheet)
    for number, (name, picture) in enumerate(pictures):
        left = _GAP + number % columns * (width + _GAP)
        top = number // columns * (height + line)
        draw.text((left, top + _GAP), _fitting(draw, name, font, width), _INK, font)
        sheet.paste(Image.fromarray(picture), (left, top + line))
    return np.array(sheet)


def _fitting(
    draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, room: int
) -> str:
    """The text, or as much of its beginning as fits into so many pixels."""
    short = text
    while len(short) > 1 and draw.textlength(short, font) > room:
        short = short.removesuffix("…")[:-1].rstrip() + "…"
    return short
