"""Pairs of pictures with their truth: held-out scenes as `tests/benchmarks/picture_book.py` writes them.

`pairs.jsonl` has a line for each: id, kind, before, after and mask (files beside it), words_before, words_after; where
one goes on from another's result, that one's id as `follows`; `expected`, what the judge beside it should find.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec

from editor_core.base.errors import EditorError
from editor_core.evaluation.example import Example, Expected
from editor_core.evaluation.sets.files import lines_of


def read(folder: Path) -> Iterator[Example]:
    """Raises EditorError."""
    for number, line in enumerate(lines_of(folder / "pairs.jsonl"), 1):
        try:
            told = json.loads(line)
            files = {name: folder / told[name] for name in ("before", "after", "mask")}
            yield Example(
                told["id"],
                told["kind"],
                words_before=told["words_before"],
                words_after=told["words_after"],
                instruction=told["words_after"],
                seed=number,
                follows=told.get("follows", ""),
                expected=msgspec.convert(told["expected"], Expected) if "expected" in told else None,
                **files,
            )
        except (ValueError, KeyError, TypeError) as error:
            raise EditorError(
                "Line {number} of {file} is damaged.", number=number, file="pairs.jsonl"
            ) from error
