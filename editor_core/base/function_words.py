"""Little English words that name nothing: what a phrase may begin or end with and be the same phrase."""

ARTICLES = frozenset(["a", "an", "the", "some"])
JOINING = frozenset(["and", "or", "with"])
PLACING = frozenset(["in", "on", "at", "by", "under", "near", "behind", "over", "beside"])
"""With which it is said where something is."""
RELATING = ("left of", "right of", "next to", "in front of", "on top of", *sorted(JOINING | PLACING))
"""With which another thing is named behind a thing."""
_PLACES = frozenset(["in", "on", "at", "under"])
"""Words with which the whole picture's place begins; what is beside a thing is a thing itself."""
_MARKS = " ,;."


def without_joining(phrase: str) -> str:
    """The phrase without what joins it to others: "and an owl," → "an owl", "a cat left of" → "a cat"."""
    words = phrase.strip(_MARKS)
    while (first := words.partition(" "))[0].lower().strip(_MARKS) in JOINING and first[2]:
        words = first[2].strip(_MARKS)
    while relation := next((each for each in RELATING if words.lower().endswith(f" {each}")), ""):
        words = words[: -len(relation)].strip(_MARKS)
    return words


def words_behind(sentence: str) -> str:
    """What a sentence says of the place: "a fox and a cat in a meadow" → "in a meadow"; empty where it says nothing."""
    words = sentence.split()
    place = next((number for number, word in enumerate(words) if word.lower() in _PLACES), len(words))
    return " ".join(words[place:])
