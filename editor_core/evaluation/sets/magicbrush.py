"""MagicBrush (Zhang et al., arXiv 2306.10012): its test or dev folder.

`edit_sessions.json` has, for each picture, its turns (input, mask, output, instruction); pictures lie in
`images/ID/`; `global_descriptions.json` says what each of them shows. A mask is transparent, or white, where the edit
is.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from editor_core.evaluation.example import Example
from editor_core.evaluation.sets.files import json_of
from editor_core.project.image_io import read_image

WHITE = 255


def read(folder: Path) -> Iterator[Example]:
    """Every turn; each but a session's first follows the one before. Raises EditorError."""
    sessions = json_of(folder / "edit_sessions.json")
    described = json_of(folder / "global_descriptions.json")
    for session, turns in sessions.items():
        place, words = folder / "images" / session, described.get(session, {})
        before = ""
        for number, turn in enumerate(turns, 1):
            found = Example(
                id=f"{session}-{number}",
                kind="multi" if number > 1 else "single",
                before=place / turn["input"],
                words_before=words.get(turn["input"], ""),
                words_after=words.get(turn["output"], turn["instruction"]),
                instruction=turn["instruction"],
                mask=region_of(place / turn["mask"]),
                after=place / turn["output"],
                follows=before,
            )
            before = found.id
            yield found


def region_of(file: Path) -> np.ndarray:
    """uint8 (H, W): 255 where the file is transparent, or white where it has no transparency."""
    pixels = read_image(file)
    inside = pixels[..., 3] == 0 if pixels.shape[2] == 4 else (pixels == WHITE).all(2)
    region: np.ndarray = inside.astype(np.uint8) * 255
    return region
