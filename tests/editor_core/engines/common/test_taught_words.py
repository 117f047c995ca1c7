"""What is said where a model was not taught the words that it is asked for."""

from dataclasses import replace

import pytest

from editor_core.base.errors import NothingToChangeError
from editor_core.base.vocabulary import Vocabulary
from editor_core.engines.common.taught_words import check_new_words, tell_unknown_words
from support.engine_runs import context_for
from support.tiny_models import tiny_bundle

TAUGHT = Vocabulary({"things": ("fox", "cat"), "places": ("in the snow",), "words": ("a", "and", "two")})


@pytest.fixture
def told():
    """A context of a model with a vocabulary, and the notices that it gives."""
    notices = []
    with context_for(replace(tiny_bundle("sd1"), vocabulary=TAUGHT)) as context:
        context.notice = notices.append
        yield context, notices


def test_unknown_words_are_named_with_what_may_be_meant(told):
    context, notices = told
    tell_unknown_words(context, "a foxx and a dragon in the snow")
    assert "foxx, dragon" in str(notices[0]) and "mean fox?" in str(notices[0])
    tell_unknown_words(context, "a fox in the snow")
    assert len(notices) == 1


@pytest.mark.parametrize("after", ["a dragon in the snow", "a fox and a dragon in the snow", "Drache"])
def test_an_edit_of_which_all_that_is_new_is_unknown_is_refused_with_the_next_thing_to_try(told, after):
    context, _ = told
    with pytest.raises(NothingToChangeError, match="What can it paint"):
        check_new_words(context, "a fox in the snow", after)
    with pytest.raises(NothingToChangeError, match="Did you mean cat"):
        check_new_words(context, "a fox in the snow", "a catt in the snow")


def test_an_edit_with_a_known_new_word_goes_on_and_the_unknown_one_is_named(told):
    context, notices = told
    check_new_words(context, "a fox in the snow", "a cat and a dragon in the snow")
    assert "dragon" in str(notices[0])
    check_new_words(context, "a dragon in the snow", "two in the snow")  # nothing new that names anything
    check_new_words(context, "a fox and a cat", "a fox")
    assert len(notices) == 1


def test_a_model_without_a_list_is_told_everything():
    with context_for(tiny_bundle("sd1")) as context:
        context.notice = pytest.fail
        check_new_words(context, "a fox", "a dragon")
        tell_unknown_words(context, "a dragon")
