"""The words that a model was taught, where its card lists them: which of a prompt are none of them, and what is near.

A small model spells words that it never saw, and paints something for them. Where a card lists nothing, as for models
with CLIP's words, every word counts as known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from editor_core.base.words import PlacedWord, words_of

_NEAR = 0.7
"""Of two words' letters, how many are alike in one that may have been meant."""


@dataclass(frozen=True)
class Vocabulary:
    """Words by what they name: things, places, times, colours; and "words", all others."""

    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Every single word, in lower case, in the card's order."""
        phrases = [phrase for group in self.groups.values() for phrase in group]
        return tuple(dict.fromkeys(word.key[0] for text in phrases for word in _letters(text)))

    @property
    def joining(self) -> frozenset[str]:
        """Known words that name nothing, such as articles."""
        return frozenset(self.groups.get("words", ()))

    @property
    def lights(self) -> frozenset[str]:
        """Words that name a time or a weather, and in which all looks another way."""
        spelt = {name: _single(self.groups.get(name, ())) for name in ("times", "weather", "places")}
        return (spelt["times"] | spelt["weather"]) - spelt["places"] - self.joining

    def unknown(self, text: str) -> list[PlacedWord]:
        """The words of a prompt that the model was not taught, in order; none where nothing is listed."""
        known = frozenset(self.words)
        return [word for word in _letters(text) if word.key[0] not in known] if known else []

    def near(self, word: str, most: int = 3) -> list[str]:
        """Known words that are written nearly as one is, the nearest first."""
        return get_close_matches(word.lower(), self.words, most, _NEAR)

    def beginning(self, start: str) -> list[str]:
        """Known words that begin so and go on."""
        return [word for word in self.words if word.startswith(start.lower()) and word != start.lower()]


def _single(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(word.key[0] for text in phrases for word in _letters(text))


def _letters(text: str) -> list[PlacedWord]:
    """The words of a text without numbers and signs."""
    return [word for word in words_of(text) if any(sign.isalpha() for sign in word.key[0])]
