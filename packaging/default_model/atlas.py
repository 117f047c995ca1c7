"""Every sprite in every colour and in a ladder of sizes, on a device, ready to be picked pixel by pixel."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from torch import Tensor

from sprites import Sprites
from tables import COLOURS, Tables

STEP = 2 ** (1 / 8)
"""From one size of a sprite to the next: objects are at most 4.5 % larger or smaller than was drawn."""
SMALLEST, GREATEST = 6, 320


def ladder(largest: float) -> list[int]:
    """The sizes (longer sides in pixels) that are kept for objects up to a size."""
    top = min(GREATEST, max(SMALLEST + 1, int(largest)))
    sides = {round(top / STEP**step) for step in range(64) if top / STEP**step >= SMALLEST}
    return sorted(sides)


class Atlas:
    """Sprites as one row of packed pixels.

    `pixels` is int32 (P,): premultiplied RGBA, a byte each; pixel 0 is clear. `shapes` is int32 (rows, sides, 3): the
    first pixel, height and width of a row's sprite at a size; row 0 is the null object, which has none. `row_of`, int64
    (objects + 1, colours + 1), finds an object's row, and `worn_row`, (worn + 1,), that of what is worn.
    """

    def __init__(self, tables: Tables, sprites: Sprites, sides: Sequence[int], device: torch.device):
        variants = [(kind.word, "") for kind in tables.objects]
        first_worn = len(variants) + 1
        variants += [(worn.word, "") for worn in tables.worn]
        row_of = [[0] * (len(COLOURS) + 1)] + [
            [i + 1] * (len(COLOURS) + 1) for i in range(len(tables.objects))
        ]
        for index, kind in enumerate(tables.objects, 1):
            for number, colour in enumerate(COLOURS, 1):
                if kind.colours and colour != "red":  # they are red as they come
                    variants.append((kind.word, colour))
                    row_of[index][number] = len(variants)
        shapes = np.zeros((len(variants) + 1, len(sides), 3), np.int32)
        parts, end = [np.zeros((1, 4), np.uint8)], 1
        with ThreadPoolExecutor() as threads:  # Pillow lets go of the interpreter while it resizes
            drawn = threads.map(lambda variant: [packed(sprites, *variant, side) for side in sides], variants)
            for row, pictures in enumerate(drawn, 1):
                for column, picture in enumerate(pictures):
                    height, width = picture.shape[:2]
                    shapes[row, column] = end, height, width
                    parts.append(picture.reshape(-1, 4))
                    end += height * width
        self.pixels = torch.from_numpy(np.concatenate(parts)).view(torch.int32).flatten().to(device)
        self.shapes = torch.from_numpy(shapes).to(device)
        self.row_of = torch.tensor(row_of, device=device)
        self.worn_row = torch.tensor([0, *range(first_worn, first_worn + len(tables.worn))], device=device)
        between = np.sqrt(np.multiply(sides[1:], sides[:-1]))
        self._between = torch.from_numpy(between.astype(np.float32)).to(device)

    def find(self, rows: Tensor, sides: Tensor) -> Tensor:
        """First pixel, height and width, int32 (..., 3), of rows' sprites at the kept sizes nearest to `sides`."""
        return self.shapes[rows, torch.bucketize(sides.contiguous(), self._between)]


def packed(sprites: Sprites, word: str, colour: str, side: int) -> np.ndarray:
    """A sprite at a size: premultiplied RGBA, uint8 (h, w, 4)."""
    return (sprites.draw(word, colour, side, False) * 255 + 0.5).astype(np.uint8)
