"""Which part of a changed sentence is to be painted."""

import pytest

from editor_core.workflow.phrases import names_place, painted_phrase, with_words_for_part


@pytest.mark.parametrize(
    ("old", "new", "phrase"),
    [
        ("a fox in the snow", "a cat in the snow", "a cat"),
        ("a fox in the snow", "a fox on the beach", "on the beach"),
        ("a fox in the snow", "a fox in the forest", "in the forest"),
        ("a fox and a tree in the snow", "a fox and an owl in the snow", "an owl"),
        ("a fox in the snow", "a red fox in the snow", "a red fox"),
        ("a blue fox, left of a tree", "a red fox, left of a tree", "a red fox"),
        ("a fox in the snow", "a fox sitting in the snow", "sitting"),
        ("a fox", "a fox and a small house", "a small house"),
        ("a fox in the snow", "an owl and a fox in the snow", "an owl"),
        ("a fox in the snow", "an owl, a fox in the snow", "an owl"),
        ("a fox in the snow", "a cat left of a fox in the snow", "a cat"),
        ("a fox", "a fox with a hat", "a hat"),
        ("a fox", "a fox on the left", "on the left"),
        ("a fox in the snow at night", "a fox in the forest at night", "in the forest at night"),
        ("a fox in the snow, in rain", "a fox on the beach, in rain", "on the beach, in rain"),
        ("a fox in the snow and a tree", "a fox at the lake and a tree", "at the lake"),
        ("a fox in the snow", "a fox in the snow at night", "at night"),
        ("a fox in the snow", "sunflower", "sunflower"),
        ("a fox in the snow", "a fox in the snow", ""),
        ("a fox in the snow", "a fox", ""),
        ("", "a fox", "a fox"),
        ("", "", ""),
        ("a fox", "a fox, a red door.", "a red door"),
        ("ein Fuchs im Schnee", "ein Bär im Schnee", "Bär"),
    ],
)
def test_the_new_words_with_what_leads_them(old, new, phrase):
    assert painted_phrase(old, new) == phrase


@pytest.mark.parametrize(
    ("sentence", "words", "whole"),
    [
        ("a fox on snow", "a red door", "a fox on snow, a red door"),
        ("a fox on snow.", " a red door ", "a fox on snow, a red door"),
        ("a fox on snow", "", "a fox on snow"),
        ("a fox and a Red Door", "a red door", "a fox and a Red Door"),
        ("", "a red door", "a red door"),
    ],
)
def test_words_for_a_part_join_the_sentence(sentence, words, whole):
    assert with_words_for_part(sentence, words) == whole


@pytest.mark.parametrize("phrase", ["in the forest", "on a farm at night", "At the lake", "under water"])
def test_places(phrase):
    assert names_place(phrase)


@pytest.mark.parametrize("phrase", ["at night", "a cat", "left of a tree", "beside a house", ""])
def test_what_is_no_place(phrase):
    assert not names_place(phrase)
