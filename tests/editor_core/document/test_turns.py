"""Turns keep what they are given; prompts are compared word by word."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor_core.base.words import words_of
from editor_core.document.identity import is_id, new_id
from editor_core.document.turns import Turn, word_changes


def image() -> np.ndarray:
    return np.zeros((4, 6, 3), np.uint8)


def test_a_turn_does_not_change_when_its_arrays_did():
    pixels, latent = image(), np.zeros(3, np.float32)
    turn = Turn(image=pixels, mask=np.zeros((4, 6), np.uint8), latents={"a": latent}, parameters={"k": 1})
    pixels[:], latent[:] = 9, 9
    assert not turn.image.any() and not turn.latents["a"].any()
    for array in (turn.image, turn.mask, turn.latents["a"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(TypeError):
        turn.parameters["k"] = 2
    assert (turn.width, turn.height, turn.nbytes) == (6, 4, 72 + 24 + 12)


def test_a_renamed_turn_shares_its_arrays():
    turn = Turn(image=image(), mask=np.zeros((4, 6), np.uint8), latents={"a": np.zeros(3)})
    renamed = replace(turn, name="dawn")
    assert (
        renamed.image is turn.image
        and renamed.mask is turn.mask
        and renamed.latents["a"] is turn.latents["a"]
    )


@pytest.mark.parametrize(
    "wrong", [np.zeros((4, 6), np.uint8), np.zeros((4, 6, 4), np.uint8), np.zeros((4, 6, 3))]
)
def test_an_image_of_the_wrong_kind_is_refused(wrong: np.ndarray):
    with pytest.raises(ValueError, match="image is uint8"):
        Turn(image=wrong)
    with pytest.raises(ValueError, match="mask is uint8"):
        Turn(image=image(), mask=np.zeros((6, 4), np.uint8))


def test_ids_and_times_are_made():
    turns = [Turn(image=image()) for _ in range(3)]
    assert len({turn.id for turn in turns}) == 3 and all(is_id(turn.id) for turn in turns)
    assert turns[0].created.endswith("+00:00")
    assert is_id(new_id()) and not is_id("0123456789AB") and not is_id("../../../etc") and not is_id(5)


def marked(old: str, new: str) -> list[tuple[str, str, str]]:
    return [
        (change.kind, old[change.old_start : change.old_end], new[change.new_start : change.new_end])
        for change in word_changes(old, new)
    ]


def test_a_replaced_word():
    assert marked("a red fox on snow", "a red cat on snow") == [
        ("keep", "a red", "a red"),
        ("replace", "fox", "cat"),
        ("keep", "on snow", "on snow"),
    ]


def test_words_that_come_often_are_compared_too():
    """difflib passes over what makes up much of a long sequence unless it is told not to."""
    long = "stone, moss, " * 60
    changes = word_changes(f"{long} a red door", f"{long} a blue door")
    assert [change.kind for change in changes] == ["keep", "replace", "keep"]


def test_inserted_and_deleted_words_with_their_places():
    assert marked("a fox", "a small fox, at night") == [
        ("keep", "a", "a"),
        ("insert", "", "small"),
        ("keep", "fox", "fox"),
        ("insert", "", ", at night"),
    ]
    assert marked("one two three", "one three")[1] == ("delete", "two", "")
    assert word_changes("one two three", "one three")[1].new_start == 4


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("", "", []),
        ("", "a fox", ["insert"]),
        ("a fox", "", ["delete"]),
        ("a fox", "a  fox ", ["keep"]),
        ("A Fox", "a fox", ["keep"]),
        ("the artist's well-worn hat", "the artist's well-made hat", ["keep", "replace", "keep"]),
        ("雪地上的狐狸", "雪地上的猫", ["replace"]),  # the tokenizer's words: runs of letters
        ("caf\u00e9", "cafe\u0301", ["keep"]),
        (r"a fox \(wet\)", r"a fox \(dry\)", ["keep", "replace", "keep"]),
        ("a fox (wet)", "a fox (dry)", ["keep", "replace"]),  # brackets weigh
        ("a fox (wet)", "a fox wet", ["keep", "replace"]),
    ],
)
def test_kinds_of_change(old: str, new: str, kinds: list[str]):
    assert [change.kind for change in word_changes(old, new)] == kinds


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_changes_run_in_order_and_say_the_truth(old: str, new: str):
    old_at = new_at = 0
    for change in word_changes(old, new):
        assert old_at <= change.old_start <= change.old_end <= len(old)
        assert new_at <= change.new_start <= change.new_end <= len(new)
        old_at, new_at = change.old_end, change.new_end
        if change.kind == "keep":
            kept, copy = old[change.old_start : change.old_end], new[change.new_start : change.new_end]
            assert [word.key for word in words_of(kept)] == [word.key for word in words_of(copy)]
        if change.kind == "insert":
            assert change.old_start == change.old_end and change.new_start < change.new_end
        if change.kind == "delete":
            assert change.new_start == change.new_end and change.old_start < change.old_end
