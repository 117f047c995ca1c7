"""How often words that the shipped model was never taught are named: sixty sentences, a step of painting each.

    python tests/benchmarks/unknown_words.py [--json]

A third have an English noun that the model's tables lack, a third are German, a third misspelt. A sentence counts if
every one of its unknown words is named, and no other.
"""

import prelude  # noqa: F401 before torch

import argparse
from dataclasses import replace

from editor_core.base.errors import EditorError
from editor_core.base.settings import Settings
from editor_core.messages.events import Event, Notice
from editor_core.messages.requests import Generate, Sampling
from editor_core.session.session import Session
from report import Row, show

NOUNS = [
    "volcano",
    "wizard",
    "pyramid",
    "submarine",
    "lighthouse",
    "saxophone",
    "jellyfish",
    "crocodile",
    "waterfall",
    "skyscraper",
    "kangaroo",
    "compass",
    "telescope",
    "anvil",
    "accordion",
    "windmill",
    "pelican",
    "chandelier",
    "walrus",
    "harp",
]
GERMAN = [
    ("ein Fuchs im Schnee", "ein Fuchs im Schnee"),
    ("eine Katze", "eine Katze"),
    ("der Hund am Strand", "der Hund am Strand"),
    ("ein roter Ballon", "ein roter Ballon"),
    ("zwei Bären", "zwei Bären"),
]
MISSPELT = [("a foxx in the snow", "foxx"), ("a cat on the beech", "beech"), ("a penguinn", "penguinn")]
MISSPELT += [("an elefant in a meadow", "elefant"), ("a rabit in the forest", "rabit")]


def sentences() -> list[tuple[str, set[str]]]:
    """Sixty sentences with their unknown words."""
    places = ("in the snow", "on the beach", "in the forest", "in a meadow")
    found = [(f"a {noun} {places[i % 4]}", {noun}) for i, noun in enumerate(NOUNS)]
    for i in range(20):
        for pairs in (GERMAN, MISSPELT):
            text, unknown = pairs[i % len(pairs)]
            ending = ("", " at night", " at sunset", " and a dog")[i // len(pairs)]
            found.append((text + ending, set(unknown.split())))
    return found


def named(session: Session, text: str) -> set[str]:
    """The words that a first picture of a sentence is told to be unknown."""
    told: set[str] = set()

    def hear(event: Event) -> None:
        if isinstance(event, Notice):
            told.update(event.message.values.get("words", ()))

    try:
        session.run(0, Generate(text, 64, 64, Sampling(steps=1)), hear)
    except EditorError as error:
        told.update(error.message.values.get("words", ()))
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with Session(replace(Settings(), device="cpu", live_preview=False), keep_on_disk=False) as session:
        wrong = {
            text: sorted(found) for text, unknown in sentences() if (found := named(session, text)) != unknown
        }
    share = 100 * (1 - len(wrong) / len(sentences()))
    show(
        [Row("notices", share, "%", ">= 100", {"sentences": len(sentences()), "wrong": wrong})], options.json
    )


if __name__ == "__main__":
    main()
