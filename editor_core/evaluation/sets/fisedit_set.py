"""FISEdit's prompts and masks (Yu et al., arXiv 2305.17423): InstructPix2Pix's generated sentences.

A `.jsonl` file with "input", "edit" and "output" a line; "seed" where the set has one, else the line's number. Pictures
are made from the words. Masks, where there are any, are `mask_img/NUMBER.png`.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from editor_core.base.errors import EditorError
from editor_core.evaluation.example import Example
from editor_core.evaluation.sets.files import lines_of


def read(folder: Path) -> Iterator[Example]:
    """Raises EditorError."""
    listed = next(iter(sorted(folder.glob("*.jsonl"))), folder / "gpt-generated-prompts.jsonl")
    for number, line in enumerate(lines_of(listed)):
        try:
            told = json.loads(line)
            before, after = told["input"], told["output"]
        except (ValueError, KeyError, TypeError) as error:
            raise EditorError(
                "Line {number} of {file} is damaged.", number=number + 1, file=listed.name
            ) from error
        mask = folder / "mask_img" / f"{number}.png"
        yield Example(
            id=f"{number:06}",
            kind="generated",
            before=None,
            words_before=before,
            words_after=after,
            instruction=told.get("edit", ""),
            mask=mask if mask.is_file() else None,
            seed=int(told.get("seed", number)),
        )
