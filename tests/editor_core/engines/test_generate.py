"""A first picture: what is told on the way, and what the result says of the run."""

import pytest

from editor_core.base.errors import PromptError
from editor_core.engines.generate import generate
from editor_core.messages.requests import Generate, Sampling
from editor_core.messages.run import RecordingMode
from support.engine_runs import context_for
from support.tiny_models import tiny_bundle

REQUEST = Generate("a red cat", 64, 64, Sampling(seed=3, steps=2, negative="snow"))


def test_every_step_is_told_once_and_the_result_says_how_it_was_made():
    with context_for(tiny_bundle("sd1")) as context:
        result = generate(REQUEST, context, 3)
    assert context.told == [("painting", 0, 2), ("painting", 1, 2), ("painting", 2, 2), ("decoding", 0, 1)]
    assert (result.prompt, result.negative, result.seed, result.steps) == ("a red cat", "snow", 3, 2)
    assert result.record.recording is RecordingMode.FULL and result.log["kept"] == "full"
    assert result.latents["trajectory"].shape[0] == 3 and result.mask is None


def test_nothing_is_painted_without_a_word():
    with context_for(tiny_bundle("sd1")) as context, pytest.raises(PromptError, match="empty"):
        generate(Generate(" ", 64, 64, Sampling(seed=3, steps=1)), context, 3)
    assert not context.told
