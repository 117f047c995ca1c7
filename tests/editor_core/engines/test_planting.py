"""New things in places where the model would put none: when they come by themselves, and how they are set in."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from editor_core.backbones.unet import row_step
from editor_core.engines import fisedit, instdiffedit, masafusion, planting
from editor_core.engines.generate import generate
from editor_core.engines.incremental.activations import ActivationsMissing, RecordedLineage
from editor_core.engines.incremental.answering import answers_on_rows
from editor_core.engines.regions.attention_mask import AttentionMask
from editor_core.messages.requests import Edit, Generate, Sampling
from editor_core.models.latents import encode, seeded_noise
from editor_core.models.prompts import tokenize
from editor_core.sampling.schedule import noised
from support.engine_runs import as_base, context_for, engine_edit, rows_only
from support.tiny_models import tiny_bundle

SAMPLING = Sampling(seed=3, steps=5, guidance=3.0)
ADDED = "a red cat on the sofa and a balloon"


@pytest.fixture(autouse=True)
def asked_in_earnest(monkeypatch):
    for engine in (fisedit, instdiffedit, masafusion):
        monkeypatch.setattr(engine, "is_empty", planting.is_empty)


@pytest.fixture(scope="module")
def context():
    with context_for(tiny_bundle("default")) as context:
        yield context


@pytest.fixture(scope="module")
def base(context):
    return as_base(generate(Generate("a red cat on the sofa", 64, 64, SAMPLING), context, 3))


@pytest.fixture
def mask():
    mask = np.zeros((64, 64), np.uint8)
    mask[8:24, 32:56] = 255
    return mask


@pytest.fixture
def new_and_empty(monkeypatch):
    """As if the words were new here and had not come, which a random network does not tell."""
    for module in (fisedit, instdiffedit, masafusion):
        monkeypatch.setattr(module, "is_empty", lambda *_: True)
        monkeypatch.setattr(module, "puts_something_new", lambda *_: True, raising=False)


def fake_thing(monkeypatch, size=(10, 20)):
    """A red thing of so many pixels (h, w) in the middle of a picture."""
    picture, thing = np.zeros((64, 64, 3), np.uint8), np.zeros((64, 64), bool)
    picture[20 : 20 + size[0], 20 : 20 + size[1]] = (255, 0, 0)
    thing[20 : 20 + size[0], 20 : 20 + size[1]] = True
    monkeypatch.setattr(planting, "_by_itself", lambda *_: (picture, thing))
    return picture, thing


@pytest.mark.parametrize(
    ("before", "after", "phrase"),
    [
        ("a cat on the sofa", "a cat and a red balloon on the sofa", "a red balloon"),
        ("a cat on the sofa", "a cat on the sofa, a balloon", "a balloon"),
        ("a cat on the sofa", "a balloon and a cat on the sofa", "a balloon"),
        ("a cat and a dog", "a cat", ""),
        ("a cat", "A CAT", ""),
    ],
)
def test_the_phrase_is_what_a_sentence_adds(context, before, after, phrase):
    assert planting.new_phrase(*(tokenize(context.bundle, text) for text in (before, after))) == phrase


def test_a_thing_is_painted_with_its_phrase_and_the_place(context):
    asked = planting.asked_by_sentence(context, "a cat on the sofa", "a cat and a dog on the sofa")
    assert (asked.phrase, asked.sentence, asked.against) == (
        "a dog",
        "a dog on the sofa",
        "a cat on the sofa",
    )
    first = planting.asked_by_sentence(context, "a cat on the sofa", "a dog and a cat on the sofa")
    assert (first.phrase, first.sentence) == ("a dog", "a dog on the sofa")
    assert planting.asked_by_sentence(context, "a cat and a dog", "a cat") is None
    alone = planting.asked_by_phrase("a dog", "two cats")
    assert (alone.words, alone.sentence, alone.against) == ("a dog", "a dog", "")
    assert planting.asked_by_phrase("and a dog", "two cats and a dog").words == "a dog"


def test_it_is_set_into_the_middle_of_the_masks_box_and_nowhere_else(mask):
    image = np.full((64, 64, 3), 10, np.uint8)
    picture, thing = np.zeros((64, 64, 3), np.uint8), np.zeros((64, 64), bool)
    picture[20:30, 20:40] = (250, 0, 0)
    thing[20:30, 20:40] = True
    mask[8:16, 32:36] = 0  # a bite out of the mask
    result = planting.set_in(image, mask, picture, thing)
    rows, columns = np.nonzero((result != image).any(2))
    assert not (result != image).any(2)[mask == 0].any()
    assert rows.min() >= 8 and rows.max() < 24 and columns.max() < 56
    assert abs((rows.min() + rows.max()) / 2 - 15.5) < 1.5
    assert columns.max() - columns.min() >= 18  # as large as the box lets it
    assert result[16, 44].tolist() == [250, 0, 0]


def test_a_soft_edge_does_not_cut_it():
    mask = np.zeros((64, 64), np.uint8)
    mask[8:56, 8:56], mask[16:48, 16:48] = 60, 255
    picture = np.full((32, 32, 3), 200, np.uint8)
    result = planting.set_in(np.zeros((64, 64, 3), np.uint8), mask, picture, np.ones((32, 32), bool))
    assert result.any(2)[18:46, 18:46].all() and not result.any(2)[mask < 255].any()


def test_first_steps_are_the_noised_picture_inside_and_the_bases_outside(context, base, mask, monkeypatch):
    fake_thing(monkeypatch)
    region = np.zeros((8, 8), bool)
    region[1:3, 4:7] = True
    asked = planting.asked_by_phrase("a balloon", ADDED)
    path = planting.planted(context, base, mask, region, asked, "", 3.0, 7)
    assert len(path) == 1 + 4
    plan = context.plan(base.sampler, base.steps, base.seed)
    trajectory = torch.tensor(base.latents["trajectory"])
    outside = ~torch.from_numpy(region)
    for at, x in zip(plan, path, strict=False):
        assert torch.equal(x[0][:, outside], trajectory[at.index][:, outside])
    x_0 = encode(context.bundle, planting.set_in(base.image, mask, *fake_thing(monkeypatch)))
    expected = noised(x_0, seeded_noise(7, tuple(x_0.shape)), plan[4].alpha_bar)
    torch.testing.assert_close(path[4][0][:, ~outside], expected[0][:, ~outside])


@pytest.mark.parametrize(("side", "painted"), [(2, 1), (4, 1), (5, 5), (8, 5)])
def test_what_is_smaller_than_the_model_paints_is_hardly_painted_over(context, side, painted):
    """The model's own side has sixteen positions."""
    region = np.zeros((8, 8), bool)
    region[:side, :] = True
    assert 20 - planting._painted_from(context, region, 20) == painted
    assert planting._painted_from(context, region, 1) == 0  # a step is left to lay it in


def test_a_thing_of_a_few_pixels_is_none(context, base, mask, monkeypatch):
    fake_thing(monkeypatch, (3, 3))
    asked = planting.asked_by_phrase("a balloon", ADDED)
    assert planting.planted(context, base, mask, np.ones((8, 8), bool), asked, "", 3.0, 7) is None


def test_the_network_is_asked_with_and_without_the_words(context, base, monkeypatch):
    path = torch.tensor(base.latents["trajectory"]).split(1)
    region = np.ones((8, 8), bool)
    same = planting.Asked(base.prompt, base.prompt, "", "")
    assert planting.is_empty(context, base, path, region, same)
    other = planting.Asked("a blue dog", base.prompt, "", "")
    monkeypatch.setattr(planting, "MIN_ANSWER", 1e-6)
    assert not planting.is_empty(context, base, path, region, other)
    tokens = tokenize(context.bundle, "a blue dog")
    every = tuple(token for word in tokens.words for token in word.tokens)
    assert not np.allclose(
        planting._answer(context, base, path, other, 0.6),
        planting._answer(context, base, path, replace(other, hidden=every), 0.6),
    )


def test_only_words_that_come_and_change_nothing_there_are_new(context, base, monkeypatch):
    everywhere = np.ones((8, 8), bool)
    monkeypatch.setattr(planting, "MIN_CHANGE", 99.0)
    assert planting.puts_something_new(context, base, ADDED, everywhere)
    assert not planting.puts_something_new(context, base, "a blue dog on the sofa", everywhere)
    monkeypatch.setattr(planting, "MIN_CHANGE", 0.0)
    assert not planting.puts_something_new(context, base, ADDED, everywhere)


@pytest.mark.parametrize(
    ("before", "after", "something_else"),
    [("a cat", "a dog", True), ("a cat", "a cat and a dog", False), ("a cat and a dog", "a cat", False)],
)
def test_another_thing_is_put_in_where_words_go_and_come(context, before, after, something_else):
    assert planting.puts_something_else(context, before, after) is something_else


@pytest.mark.parametrize("method", ["fisedit", "instdiffedit", "masafusion"])
def test_every_way_sets_in_what_did_not_come_and_says_so(
    method, context, base, mask, monkeypatch, new_and_empty
):
    fake_thing(monkeypatch)
    phrase = {"phrase": "a balloon", "variants": 1} if method == "instdiffedit" else {}
    edit = Edit((base,), ADDED, mask, method, phrase)
    set_in = engine_edit(context, edit)
    plain = engine_edit(context, replace(edit, parameters={**phrase, "plant": False}))
    assert set_in.log["planted"] is True and plain.log["planted"] is False
    assert set_in.cache_space != plain.cache_space
    assert len(set_in.latents["trajectory"]) == len(base.latents["trajectory"])
    assert np.array_equal(set_in.image[mask == 0], base.image[mask == 0])
    assert not np.array_equal(set_in.image, plain.image)


@pytest.mark.parametrize("method", ["fisedit", "masafusion"])
def test_another_thing_that_did_not_come_in_place_of_one_is_set_in(
    method, context, base, mask, monkeypatch, new_and_empty
):
    fake_thing(monkeypatch)
    monkeypatch.setattr(f"editor_core.engines.{method}.puts_something_new", lambda *_: False)
    edit = Edit((base,), "a balloon on the sofa", mask, method)
    assert engine_edit(context, edit).log["planted"] is True


@pytest.mark.parametrize(
    ("method", "parameters"),
    [("instdiffedit", {"preset": "paper", "variants": 1}), ("masafusion", {"preset": "faithful"})],
)
def test_the_papers_presets_set_nothing_in(
    method, parameters, context, base, mask, monkeypatch, new_and_empty
):
    monkeypatch.setattr(planting, "_by_itself", pytest.fail)
    assert engine_edit(context, Edit((base,), ADDED, mask, method, parameters)).log["planted"] is False


def test_a_turn_with_a_thing_set_in_is_edited_on_as_from_scratch(
    context, base, mask, monkeypatch, new_and_empty
):
    fake_thing(monkeypatch)
    turn = as_base(engine_edit(context, Edit((base,), ADDED, mask)))
    monkeypatch.undo()
    asked = Edit((base, turn), "a red cat on the sofa and a boat", mask)
    warm = engine_edit(context, asked)
    for space in (base.cache_space, turn.cache_space):
        context.cache.drop_space(space)
    context.cache.drop_space(warm.cache_space)
    cold = engine_edit(context, asked)
    assert np.abs(warm.image.astype(int) - cold.image).max() <= 1


def test_words_for_things_elsewhere_are_hidden_and_that_is_kept(context, base, mask, monkeypatch):
    monkeypatch.setattr(fisedit, "tokens_outside", lambda *_: (2, 3))
    hidden = engine_edit(context, Edit((base,), "a red cat on the bed", mask, parameters={"plant": False}))
    seen = engine_edit(
        context,
        Edit((base,), "a red cat on the bed", mask, parameters={"hide_outside_words": False, "plant": False}),
    )
    assert hidden.record.hidden_tokens == (2, 3) and seen.record.hidden_tokens == ()
    assert hidden.cache_space != seen.cache_space and not np.array_equal(hidden.image, seen.image)
    turn = as_base(hidden)
    monkeypatch.undo()
    asked = Edit((base, turn), "a blue cat on the bed", mask)
    warm = engine_edit(context, asked)
    for space in (base.cache_space, turn.cache_space, warm.cache_space):
        context.cache.drop_space(space)
    cold = engine_edit(context, asked)
    assert np.abs(warm.image.astype(int) - cold.image).max() <= 1


def test_what_is_there_is_asked_early_and_whether_something_came_later(context, base, monkeypatch):
    """As shares of the steps: an early answer is strong where a thing could still come, too."""
    shares = []

    def answer(context, base, path, asked, share):
        shares.append(share)
        return np.zeros((8, 8), np.float32)

    monkeypatch.setattr(planting, "_answer", answer)
    everywhere = np.ones((8, 8), bool)
    path = torch.tensor(base.latents["trajectory"]).split(1)
    planting.puts_something_new(context, base, ADDED, everywhere)
    planting.is_empty(context, base, path, everywhere, planting.Asked(ADDED, base.prompt, "", ""))
    assert shares == [0.4, 0.6]


@pytest.mark.parametrize("hides", [False, True])
def test_rows_are_asked_what_the_whole_network_is(context, base, hides):
    """Everywhere, where rows are all of the picture; in the same places, where they are a part of it."""
    path = torch.tensor(base.latents["trajectory"]).split(1)
    tokens = tokenize(context.bundle, "a blue dog").words
    hidden = tokens[1].tokens if hides else ()
    asked = planting.Asked("a blue dog", base.prompt, "", "", tuple(hidden))
    whole = planting._answer(context, base, path, asked, 0.6)
    recorded, region = RecordedLineage(context, (base,)), np.ones((8, 8), bool)
    rows = planting._answer_on_rows(context, base, path, region, asked, recorded)
    np.testing.assert_allclose(rows, whole, rtol=0.02, atol=0.02 * whole.max())
    region[:, 4:] = False
    part = planting._answer_on_rows(context, base, path, region, asked, recorded)
    assert part[:, :3].max() > 0 and part[:, 6:].max() < part[:, :3].max()


@pytest.mark.parametrize("hides", [False, True])
def test_what_was_said_while_a_region_was_painted_is_not_asked_again(context, base, mask, monkeypatch, hides):
    told, found = [], []

    def answers(*asked):
        told.append(len(asked[-1]))
        return answers_on_rows(*asked)

    def is_empty(context, base, path, region, asked, recorded, said):
        assert said and bool(asked.hidden) is hides
        for known in (said, {}):
            found.append(planting._answer_on_rows(context, base, path, region, asked, recorded, known))
        return False

    monkeypatch.setattr(row_step, "choose", rows_only)
    monkeypatch.setattr(planting, "answers_on_rows", answers)
    monkeypatch.setattr(fisedit, "is_empty", is_empty)
    hidden = tokenize(context.bundle, "a blue dog").words[1].tokens if hides else ()
    monkeypatch.setattr(fisedit, "tokens_outside", lambda *_: hidden)
    engine_edit(context, Edit((base,), "a blue dog", mask))
    known, asked = found
    assert told == [1, 2] and asked.max() > 0
    np.testing.assert_allclose(known, asked, rtol=1e-3, atol=1e-3 * asked.max())


def test_what_more_than_words_had_a_say_in_is_asked_for_itself(context, base, mask, monkeypatch):
    heard = []
    monkeypatch.setattr(row_step, "choose", rows_only)
    monkeypatch.setattr(fisedit, "is_empty", lambda *asked: heard.append(asked[-1]))
    for parameters in ({}, {"margin": 2}, {"keys": "active"}):
        engine_edit(context, Edit((base,), "a blue dog", mask, parameters=parameters))
    soft = mask // 2
    soft[8:24, 32:40] = 255
    engine_edit(context, Edit((base,), "a blue dog", soft, parameters={"soft_mask": True}))
    assert [bool(said) for said in heard] == [True, False, False, False]


def test_rows_that_cannot_be_read_leave_the_question_to_the_whole_network(context, base, monkeypatch):
    def missing(*_):
        raise ActivationsMissing

    monkeypatch.setattr(planting, "_answer_on_rows", missing)
    monkeypatch.setattr(planting, "_answer", lambda *_: np.full((8, 8), 99.0))
    asked = planting.Asked(ADDED, base.prompt, "", "")
    everywhere = np.ones((8, 8), bool)
    assert not planting.is_empty(context, base, [], everywhere, asked, RecordedLineage(context, (base,)))


def test_what_is_no_thing_is_not_set_in(context, base, mask, monkeypatch):
    """A phrase that the model takes for the background would bring all of it."""
    everything = np.ones((16, 16), np.float32)
    found = AttentionMask(everything > 0, everything, np.zeros((0, 16, 16), np.float32), background=True)
    monkeypatch.setattr(planting, "search", lambda *_: iter([found]))
    asked = planting.asked_by_phrase("the snow", ADDED)
    assert planting.planted(context, base, mask, np.ones((8, 8), bool), asked, "", 3.0, 7) is None


def test_a_thing_that_came_elsewhere_leaves_the_region_empty(context, base, monkeypatch):
    answer, region = np.full((8, 8), 99.0, np.float32), np.zeros((8, 8), bool)
    region[:4] = True
    answer[region] = 0
    monkeypatch.setattr(planting, "_answer", lambda *_: answer)
    monkeypatch.setattr(planting, "MIN_CHANGE", 1.0)
    path = torch.tensor(base.latents["trajectory"]).split(1)
    asked = planting.Asked(ADDED, base.prompt, "", "")
    assert planting.is_empty(context, base, path, region, asked)
    assert planting.puts_something_new(context, base, ADDED, region)
    assert not planting.is_empty(context, base, path, ~region, asked)
    assert not planting.puts_something_new(context, base, ADDED, ~region)
