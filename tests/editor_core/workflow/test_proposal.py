"""Which way of editing is proposed."""

import pytest

from editor_core.workflow.proposal import (
    RECOLOUR,
    REDRAW,
    REPAINT,
    REWORD,
    Reason,
    Situation,
    can_run,
    only_colours,
    proposed,
)

ALL = {REWORD, REPAINT, REDRAW, RECOLOUR}


@pytest.mark.parametrize(
    ("situation", "method", "reason"),
    [
        (Situation("a fox", "a cat"), REWORD, Reason.WORDS),
        (Situation("a red fox", "a blue fox"), RECOLOUR, Reason.COLOUR),
        (Situation("a fox", "a red fox"), RECOLOUR, Reason.COLOUR),
        (Situation("a wooden house", "a stone house"), RECOLOUR, Reason.COLOUR),
        (Situation("a red fox", "a blue cat"), REWORD, Reason.WORDS),
        (Situation("a fox in the snow", "a fox on the beach"), REPAINT, Reason.PLACE),
        (Situation("a fox in the snow", "a fox on the beach at night"), REPAINT, Reason.PLACE),
        (Situation("a fox in the snow", "a cat on the sunny beach"), REWORD, Reason.WORDS),
        (Situation("a fox in the snow", "a fox in the snow at night"), REWORD, Reason.WORDS),
        (Situation("a red fox", "a blue fox", masked=True), REPAINT, Reason.MASK),
        (Situation("a fox", "a fox", masked=True, sketched=True), REDRAW, Reason.SKETCH),
    ],
)
def test_what_there_is_decides(situation, method, reason):
    assert proposed(situation, ALL) == (method, reason)


def test_only_what_is_there_is_proposed():
    assert proposed(Situation("a red fox", "a blue fox", True, True), {REWORD}) == (REWORD, Reason.WORDS)


def test_unchanged_words_are_no_colour():
    assert not only_colours("a red fox", "a red fox")


@pytest.mark.parametrize(
    ("method", "masked", "sketched", "can"),
    [
        (REWORD, True, True, False),
        (REPAINT, True, False, True),
        (REDRAW, True, False, False),
        (REDRAW, False, True, True),
    ],
)
def test_unchanged_words_need_something_else_to_work_from(method, masked, sketched, can):
    assert can_run(method, Situation("a fox", "a fox", masked, sketched)) is can
    assert can_run(method, Situation("a fox", "a cat", masked, sketched))
