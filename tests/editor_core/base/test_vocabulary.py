"""The words that a model was taught."""

import json

import pytest

from editor_core.base import paths
from editor_core.base.vocabulary import Vocabulary

GROUPS = {"things": ("fox", "cat"), "places": ("in the snow",), "words": ("a", "two", "foxes")}


def written(text: str) -> list[str]:
    vocabulary = Vocabulary(GROUPS)
    return [text[word.start : word.end] for word in vocabulary.unknown(text)]


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("a fox in the snow", []),
        ("A FOX, (two:1.2) foxes 2!", []),
        ("ein Fuchs im Schnee", ["ein", "Fuchs", "im", "Schnee"]),
        ("a (dragon:1.3) in the snow", ["dragon"]),
        ("", []),
    ],
)
def test_words_that_were_not_taught_are_found_whatever_their_case_and_signs(text, unknown):
    assert written(text) == unknown


def test_a_model_that_lists_nothing_knows_every_word():
    assert Vocabulary().unknown("a dragon") == [] and Vocabulary().near("foxx") == []


def test_words_that_may_be_meant_are_offered():
    vocabulary = Vocabulary(GROUPS)
    assert vocabulary.near("Foxx", 1) == ["fox"] and vocabulary.near("dragon") == []
    assert vocabulary.beginning("fo") == ["fox", "foxes"] and vocabulary.beginning("fox") == ["foxes"]


def test_the_shipped_models_card_lists_what_its_examples_say():
    card = json.loads((paths.resources() / "models" / "default" / "palimpsest.json").read_text())
    vocabulary = Vocabulary({name: tuple(words) for name, words in card["vocabulary"].items()})
    assert not [word for text in card["example_prompts"] for word in vocabulary.unknown(text)]


UNKNOWN = """
lighthouse dragon peacock bird flower river zombie boat airplane walrus violin wizard knight princess king queen
witch spaceship skull sword shield tower bridge road mermaid city village typewriter sandwich trumpet lamp window
door garden park waterfall volcano cave island lobster planet galaxy cathedral Fuchs Schnee Hund Katze Haus Baum
Drache Schloss renard neige chien chat maison arbre zorro nieve windmill
"""


def test_sixty_words_that_the_shipped_model_was_not_taught_are_named():
    card = json.loads((paths.resources() / "models" / "default" / "palimpsest.json").read_text())
    vocabulary = Vocabulary({name: tuple(words) for name, words in card["vocabulary"].items()})
    words = UNKNOWN.split()
    prompts = [f"a {word} in the snow" for word in words]
    assert len(prompts) >= 60
    for word, prompt in zip(words, prompts, strict=True):
        assert [prompt[found.start : found.end] for found in vocabulary.unknown(prompt)] == [word]


def test_lights_are_words_of_times_and_weathers_that_no_place_has():
    groups = {
        "places": ("in the snow",),
        "times": ("by day", "at night"),
        "weather": ("while it snows", "in the rain"),
    }
    assert Vocabulary({**groups, "words": ("it",)}).lights == {
        "by",
        "day",
        "at",
        "night",
        "while",
        "snows",
        "rain",
    }
    assert not Vocabulary().lights
