"""Which phrase of a changed sentence names what is to be painted."""

from editor_core.base.function_words import ARTICLES, PLACING, RELATING, without_joining
from editor_core.document.turns import WordChange, word_changes

_ENDS = ARTICLES | {each.split()[0] for each in RELATING}
"""Words that come behind what is said of a thing."""


def painted_phrase(old: str, new: str) -> str:
    """The part of ``new`` that ``old`` does not say, with its article and preposition; empty where nothing is new.

    Of several new parts the longest. "a fox in the snow", "a cat in the snow" → "a cat"; → "a fox on the beach" gives
    "on the beach", → "a red fox in the snow" gives "a red fox". A sentence that shares no word with the old one is
    taken whole: it is a phrase already.
    """
    changes = word_changes(old, new)
    if not any(change.kind == "keep" for change in changes):
        return new.strip()
    fresh = [change for change in changes if change.new_end > change.new_start and change.kind != "keep"]
    if not fresh:
        return ""
    longest = max(fresh, key=_length)
    begin = _with_lead(new, longest.new_start, ARTICLES)
    end = _with_noun(new, begin, longest.new_end)
    return without_joining(new[_with_lead(new, begin, PLACING) : end])


def with_words_for_part(sentence: str, words: str) -> str:
    """The sentence of a picture in part of which these words shall be true, too."""
    words = words.strip()
    if not words or words.lower() in sentence.lower():
        return sentence
    return f"{sentence.rstrip(' ,;.')}, {words}" if sentence else words


def _length(change: WordChange) -> int:
    return change.new_end - change.new_start


def _with_noun(text: str, begin: int, end: int) -> int:
    """Where the thing's words end whose first ones lie between ``begin`` and ``end``, if an article leads them."""
    said = text[begin:end].lower().split()
    if (
        len(said) < 2
        or said[0] not in ARTICLES
        or without_joining(text[begin:end]) != text[begin:end].strip()
    ):
        return end
    for word in text[end:].split():
        if word.strip(",;.").lower() in _ENDS:
            return end
        end = text.index(word, end) + len(word)
        if word[-1] in ",;.":
            return end
    return end


def _with_lead(text: str, start: int, leads: frozenset[str]) -> int:
    """Where the word before ``start`` begins if it is one of ``leads``, else ``start``."""
    before = text[:start].split()
    if before and before[-1].lower() in leads:
        return text.rindex(before[-1], 0, start)
    return start
