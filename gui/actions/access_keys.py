"""Access keys: the underlined letters with which a menu's entries are chosen, each letter once a menu."""

import re
from collections.abc import Sequence
from string import ascii_uppercase

from gui.texts.marks import plain_text

DOTS = "…"


def distinct(texts: Sequence[str]) -> list[str]:
    """The texts of one menu so that no two share an access key, and as many as can be have one.

    The first with a key keeps it, unless another text could have no other; the rest get a letter of the beginnings of
    their words, or any other. Texts without letters have theirs in brackets. A matching of texts and letters, by
    augmenting paths (Kuhn 1955).
    """
    wanted = [_wanted(text) for text in texts]
    owner: dict[str, int] = {}

    def finds(text: int, tried: set[str]) -> bool:
        free = next((key for key in wanted[text] if key not in owner), None)
        if free is not None:
            owner[free] = text
            return True
        for key in wanted[text]:
            if key not in tried:
                tried.add(key)
                if finds(owner[key], tried):
                    owner[key] = text
                    return True
        return False

    keys = [key_of(text) for text in texts]
    own_first = sorted(
        range(len(texts)), key=lambda text: keys[text] is None or keys.index(keys[text]) != text
    )
    for text in own_first:
        finds(text, set())
    given = {text: key for key, text in owner.items()}
    return [_marked(text, given.get(number)) for number, text in enumerate(texts)]


def key_of(text: str) -> str | None:
    """The letter behind the mark, as a capital."""
    found = re.search(r"&([^&])", text.replace("&&", ""))
    return found[1].upper() if found else None


def _wanted(text: str) -> list[str]:
    """Keys a text can have, the best first."""
    own = [key] if (key := key_of(text)) is not None else []
    plain = plain_text(text)
    begins = re.findall(r"(?<![^\W\d_])[A-Za-z]", plain)
    letters = re.findall(r"[A-Za-z]", plain) or ascii_uppercase
    return list(dict.fromkeys([*own, *(letter.upper() for letter in (*begins, *letters))]))


def _marked(text: str, key: str | None) -> str:
    if key == key_of(text):
        return text
    plain = plain_text(text)
    if key is None:
        return plain
    if (found := re.search(rf"(?<![^\W\d_]){key}", plain, re.I) or re.search(key, plain, re.I)) is not None:
        return f"{plain[: found.start()]}&{plain[found.start() :]}"
    dots = DOTS if plain.endswith(DOTS) else ""
    return f"{plain.removesuffix(DOTS)}(&{key}){dots}"
