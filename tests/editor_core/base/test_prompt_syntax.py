"""Weights, chunks and literal signs in a prompt, and where each character stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_core.base.prompt_syntax import parsed, reweighed


def pieces(prompt):
    return [(piece.text, round(piece.weight, 4)) for piece in parsed(prompt).pieces]


@pytest.mark.parametrize(
    "prompt, expected",
    [
        ("a fox", [("a fox", 1)]),
        ("a (red) fox", [("a ", 1), ("red", 1.1), (" fox", 1)]),
        ("a ((red)) [fox]", [("a ", 1), ("red", 1.21), ("fox", 0.9091)]),
        ("a (red:1.3) fox", [("a ", 1), ("red", 1.3), (" fox", 1)]),
        ("(a [red] fox:0.5)", [("a ", 0.5), ("red", 0.4545), (" fox", 0.5)]),
        ("(red: .7 ), fox", [("red", 0.7), (", fox", 1)]),
        (r"a fox \(red\) \[1\] \\", [("a fox (red) [1] \\", 1)]),
        (r"(fox \(red\):1.2)", [("fox (red)", 1.2)]),
        ("smile :( and", [("smile :( and", 1)]),
        ("a fox:1.3) [x", [("a fox:1.3) [x", 1)]),
        ("(red]", [("(red]", 1)]),
        ("(red:99)", [("red", 10)]),
        ("", []),
        ("()", []),
    ],
)
def test_brackets_weigh(prompt, expected):
    assert pieces(prompt) == expected


def test_break_begins_a_chunk():
    found = parsed("a fox BREAK (snow:1.2) BREAKFAST").pieces
    assert [(piece.text.strip(), piece.begins_chunk) for piece in found] == [
        ("a fox", False),
        ("snow", True),
        ("BREAKFAST", False),
    ]


@pytest.mark.parametrize(
    "prompt, words, switch",
    [
        ("a [cat:dog:0.5] here", "a dog here", "[cat:dog:0.5]"),
        ("a [dog:0.5]", "a dog", "[dog:0.5]"),
        ("a [cat::10] here", "a  here", "[cat::10]"),
        ("a [cat|dog|owl]", "a cat", "[cat|dog|owl]"),
    ],
)
def test_switches_leave_the_words_that_stay_and_are_told(prompt, words, switch):
    assert "".join(piece.text for piece in parsed(prompt).pieces) == words
    assert parsed(prompt).switches == (switch,) and not parsed("a (dog:0.5)").switches


@given(st.text(alphabet="ab ()[]:1.5\\|BREAK", max_size=40))
def test_every_character_stands_where_it_is_said_to(prompt):
    for piece in parsed(prompt).pieces:
        assert [prompt[place] for place in piece.places] == list(piece.text)
        assert list(piece.places) == sorted(piece.places)


@pytest.mark.parametrize(
    "before, by, after",
    [
        ("a <red> fox", 0.1, "a (<red>:1.1) fox"),
        ("a (<red>:1.1) fox", 0.1, "a (<red>:1.2) fox"),
        ("a (<red>:1.1) fox", -0.1, "a <red> fox"),
        ("a <red> fox", -0.1, "a (<red>:0.9) fox"),
        ("a (<red>) fox", 0.1, "a (<red>:1.2) fox"),
        ("(a <red> fox:0.5)", 0.1, "(<a red fox>:0.6)"),
    ],
)
def test_keys_weigh_the_words_that_are_chosen(before, by, after):
    start, end = before.index("<"), before.index(">") - 1
    text, first, last = reweighed(before.replace("<", "").replace(">", ""), start, end, by)
    assert f"{text[:first]}<{text[first:last]}>{text[last:]}" == after
