"""PIE-Bench (Ju et al., arXiv 2310.01506) and PIE-Bench++ (arXiv 2410.20496).

`mapping_file.json` has a record for each picture in `annotation_images/`. Words in square brackets are what changes. A
mask is a list of starts and lengths in 512x512 pixels, row by row; as in the authors' evaluation, the picture's border
belongs to it.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from editor_core.evaluation.example import Example
from editor_core.evaluation.sets.files import json_of

SIDE = 512


def read(folder: Path) -> Iterator[Example]:
    """Raises EditorError."""
    for name, told in json_of(folder / "mapping_file.json").items():
        before = told.get("original_prompt", told.get("source_prompt", ""))
        after = told.get("editing_prompt", told.get("target_prompt", ""))
        yield Example(
            id=name,
            kind=str(told.get("editing_type_id", told.get("edit_type", ""))),
            before=folder / "annotation_images" / told["image_path"],
            words_before=plain(before),
            words_after=plain(after),
            instruction=told.get("editing_instruction", ""),
            mask=decoded(told["mask"]),
        )


def plain(words: str) -> str:
    """Without the brackets around what changes."""
    return " ".join(re.sub(r"[\[\]]", "", words).split())


def decoded(runs: Sequence[int]) -> np.ndarray:
    """uint8 (512, 512) of (start, length, start, length, …)."""
    flat = np.zeros(SIDE * SIDE, np.uint8)
    for start, length in zip(runs[::2], runs[1::2], strict=False):
        flat[start : start + length] = 255
    mask = flat.reshape(SIDE, SIDE)
    mask[[0, -1]] = 255
    mask[:, [0, -1]] = 255
    return mask
