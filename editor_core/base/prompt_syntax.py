"""Prompts as people write them: ``(word:1.3)``, ``(word)``, ``[word]``, ``BREAK``, a backslash before a literal sign.

The notation of the Stable Diffusion web UI: round brackets weigh what is in them by 1.1, or by the number before the
closing one; square ones by 1 / 1.1; they multiply. BREAK begins another chunk of tokens. A bracket without its like is
a sign of the text. What switches words during a run, ``[a:b:0.5]`` and ``[a|b]``, is not done: the words that it ends
with, or begins with, stay, and `Parsed.switches` has it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

STRONGER = 1.1
STEP = 0.1
"""By which a key press weighs words."""
MAX_WEIGHT = 10.0
_SIGNS = re.compile(
    r"\\(?P<literal>[()\[\]\\])|(?P<weighed>:\s*(?P<number>[+-]?(?:\d+\.?\d*|\.\d+))\s*\))|(?P<bracket>[()\[\]])"
    r"|(?P<break>\bBREAK\b)|(?P<sign>.)",
    re.DOTALL,
)
_SWITCH = re.compile(r"\[(?:(?P<before>[^\[\]:|]*):)?(?P<after>[^\[\]:|]*):\s*\d*\.?\d+\s*\]")
_ALTERNATION = re.compile(r"\[(?P<first>[^\[\]:|]*)\|[^\[\]:]*\]")
_WEIGHED = re.compile(r"\((?P<words>[^()]*?)(?::\s*(?P<number>[+-]?(?:\d+\.?\d*|\.\d+))\s*)?\)")


@dataclass(frozen=True)
class Piece:
    """A stretch of words with one weight."""

    text: str
    """Without brackets, numbers and backslashes."""
    places: tuple[int, ...]
    """Of each character, where it stands in the prompt."""
    weight: float = 1.0
    begins_chunk: bool = False
    """Whether BREAK stands before it."""


@dataclass(frozen=True)
class Parsed:
    pieces: tuple[Piece, ...]
    switches: tuple[str, ...] = ()
    """What was meant to switch words during a run, as it was written."""

    @property
    def plain(self) -> bool:
        """Whether there is nothing but words."""
        return all(piece.weight == 1 and not piece.begins_chunk for piece in self.pieces)


@dataclass
class _Sign:
    text: str
    place: int
    weight: float = 1.0
    is_break: bool = False


@lru_cache(maxsize=256)
def parsed(prompt: str) -> Parsed:
    """The pieces of a prompt, in order, equal weights beside each other together."""
    signs: list[_Sign] = []
    open_brackets: list[tuple[str, int]] = []
    hidden, switches = _switching(prompt)
    for match in _SIGNS.finditer(prompt):
        place = match.start()
        if place in hidden:
            continue
        if match["literal"]:
            signs.append(_Sign(match["literal"], place + 1))
        elif match["break"]:
            signs.append(_Sign("", place, is_break=True))
        elif match["weighed"]:
            if open_brackets and open_brackets[-1][0] == "(":
                _close(signs, open_brackets, _clipped(float(match["number"])))
            else:
                signs += [_Sign(sign, place + index) for index, sign in enumerate(match["weighed"])]
        elif match["bracket"] and match["bracket"] in "([":
            open_brackets.append((match["bracket"], len(signs)))
            signs.append(_Sign(match["bracket"], place))
        elif match["bracket"] and open_brackets and open_brackets[-1][0] + match["bracket"] in ("()", "[]"):
            _close(signs, open_brackets, STRONGER if match["bracket"] == ")" else 1 / STRONGER)
        else:
            signs.append(_Sign(match[0], place))
    return Parsed(tuple(_pieces(signs)), switches)


def reweighed(prompt: str, start: int, end: int, by: float) -> tuple[str, int, int]:
    """The prompt with characters start to end weighed more or less, and where they are then.

    What is in brackets with a number already gets another number; at a weight of 1 the brackets go.
    """
    for match in _WEIGHED.finditer(prompt):
        inside = match.start("words") <= start and end <= match.end("words")
        if inside or (match.start() == start and match.end() == end):
            weight = float(match["number"]) if match["number"] else STRONGER
            begin, words, finish = match.start(), match["words"], match.end()
            break
    else:
        weight, begin, words, finish = 1.0, start, prompt[start:end], end
    weight = _clipped(round(weight + by, 2))
    shown = words if weight == 1 else f"({words}:{weight:g})"
    offset = begin + (weight != 1)
    return prompt[:begin] + shown + prompt[finish:], offset, offset + len(words)


def _close(signs: list[_Sign], open_brackets: list[tuple[str, int]], factor: float) -> None:
    """Weigh all since the bracket, which was one and no sign of the text."""
    _, first = open_brackets.pop()
    del signs[first]
    for sign in signs[first:]:
        sign.weight *= factor


def _switching(prompt: str) -> tuple[frozenset[int], tuple[str, ...]]:
    """The places of what does not stay of `[a:b:0.5]` and `[a|b]`, and these themselves."""
    hidden: set[int] = set()
    found = []
    for pattern, kept in ((_SWITCH, "after"), (_ALTERNATION, "first")):
        for match in pattern.finditer(prompt):
            if match.start() > 0 and prompt[match.start() - 1] == "\\":
                continue
            found.append(match[0])
            hidden |= set(range(*match.span())) - set(range(*match.span(kept)))
    return frozenset(hidden), tuple(found)


def _pieces(signs: list[_Sign]) -> Iterator[Piece]:
    text, weight, begins = "", 1.0, False
    places: list[int] = []
    for sign in signs:
        if sign.is_break or (text and sign.weight != weight):
            if text.strip():
                yield Piece(text, tuple(places), weight, begins)
                begins = False
            text, places = "", []
        begins = begins or sign.is_break
        if not sign.is_break:
            text += sign.text
            places += [sign.place] * len(sign.text)
            weight = sign.weight
    if text.strip():
        yield Piece(text, tuple(places), weight, begins)


def _clipped(weight: float) -> float:
    return max(-MAX_WEIGHT, min(MAX_WEIGHT, weight))
