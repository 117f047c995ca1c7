"""Which phrase of a changed sentence names what is to be painted."""

from editor_core.document.turns import WordChange, word_changes

_ARTICLES = frozenset(["a", "an", "the", "some"])
_PLACES = frozenset(["in", "on", "at", "under"])
"""Words with which the whole picture's place begins; what is beside a thing is a thing itself."""
_PLACING = frozenset(["in", "on", "at", "by", "under", "near", "behind", "over", "beside"])


def painted_phrase(old: str, new: str) -> str:
    """The part of ``new`` that ``old`` does not say, with its article and preposition; empty where nothing is new.

    Of several new parts the longest. "a fox in the snow", "a cat in the snow" → "a cat"; → "a fox on the beach" gives
    "on the beach". A sentence that shares no word with the old one is taken whole: it is a phrase already.
    """
    changes = word_changes(old, new)
    if not any(change.kind == "keep" for change in changes):
        return new.strip()
    fresh = [change for change in changes if change.new_end > change.new_start and change.kind != "keep"]
    if not fresh:
        return ""
    longest = max(fresh, key=_length)
    start = _with_lead(new, longest.new_start, _ARTICLES)
    return new[_with_lead(new, start, _PLACING) : longest.new_end].strip(" ,;.")


def words_behind(sentence: str) -> str:
    """What a sentence says of the place: "a fox and a cat in a meadow" → "in a meadow"; empty where it says nothing."""
    words = sentence.split()
    place = next((number for number, word in enumerate(words) if word.lower() in _PLACES), len(words))
    return " ".join(words[place:])


def with_words_for_part(sentence: str, words: str) -> str:
    """The sentence of a picture in part of which these words shall be true, too."""
    words = words.strip()
    if not words or words.lower() in sentence.lower():
        return sentence
    return f"{sentence.rstrip(' ,;.')}, {words}" if sentence else words


def _length(change: WordChange) -> int:
    return change.new_end - change.new_start


def _with_lead(text: str, start: int, leads: frozenset[str]) -> int:
    """Where the word before ``start`` begins if it is one of ``leads``, else ``start``."""
    before = text[:start].split()
    if before and before[-1].lower() in leads:
        return text.rindex(before[-1], 0, start)
    return start
