"""Words of a prompt, and which of them two prompts share: one rule for what the window marks and what engines keep.

Words are divided as CLIP's tokenizer divides them (https://arxiv.org/abs/2103.00020): runs of letters, single digits,
English endings after an apostrophe, runs of other signs; case, white space and the way accents are composed make no
difference.
"""

import unicodedata
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import regex

from editor_core.base.prompt_syntax import parsed

_WORD = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d|\p{L}[\p{L}\p{M}]*|\p{N}|[^\s\p{L}\p{N}]+", regex.IGNORECASE)
_MAX_PAIRS = 4_000_000
"""Pairs of words that are compared at most: beyond what any text encoder sees, texts count as wholly different."""


@dataclass(frozen=True)
class PlacedWord:
    start: int
    """Characters from the text's beginning."""
    end: int
    key: tuple[str, float]
    """What it is compared by: its letters and its weight."""


def words_of(text: str) -> list[PlacedWord]:
    """The words and signs of a prompt, in order, without the brackets that weigh them (`prompt_syntax.py`)."""
    return [
        PlacedWord(
            piece.places[found.start()],
            piece.places[found.end() - 1] + 1,
            (unicodedata.normalize("NFC", found.group()).lower(), piece.weight),
        )
        for piece in parsed(text).pieces
        for found in _WORD.finditer(piece.text)
    ]


def aligned(base: Sequence[Hashable], edited: Sequence[Hashable]) -> list[tuple[int, int]]:
    """(base, edited) indices of the words that an optimal alignment keeps, in order.

    Needleman-Wunsch with match 1, mismatch -1 and gap 0, as Prompt-to-Prompt's refinement
    (https://arxiv.org/abs/2208.01626, section 3).
    """
    rows, columns = len(base), len(edited)
    if rows * columns > _MAX_PAIRS:
        return []
    score = [[0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(1, rows + 1):
        for j in range(1, columns + 1):
            match = 1 if base[i - 1] == edited[j - 1] else -1
            score[i][j] = max(score[i - 1][j - 1] + match, score[i - 1][j], score[i][j - 1])
    pairs = []
    i, j = rows, columns
    while i and j:
        if base[i - 1] == edited[j - 1] and score[i][j] == score[i - 1][j - 1] + 1:
            pairs.append((i - 1, j - 1))
            i, j = i - 1, j - 1
        elif score[i][j] == score[i - 1][j]:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]
