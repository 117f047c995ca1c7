"""The region of an edit from one look at its base."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from editor_core.backbones.unet import row_step
from editor_core.backbones.unet.sparse import Choice
from editor_core.base.vocabulary import Vocabulary
from editor_core.engines.generate import generate
from editor_core.engines.incremental import activations, keys
from editor_core.engines.open_picture import open_picture
from editor_core.engines.regions import instant_region
from editor_core.engines.regions.instant_region import (
    can_look,
    find_instant_region,
    first_look,
    instant_mask,
)
from editor_core.messages.requests import BaseTurn, Edit, FindMask, Generate, OpenPicture, Sampling
from support.engine_runs import as_base, context_for, engine_edit
from support.tiny_models import MAX_TOKENS, tiny_bundle

SAMPLING = Sampling(seed=3, steps=6, guidance=3.0)
WORDS, NEW = "a red cat on the sofa", "a red dog on the sofa"


@pytest.fixture(scope="module")
def context():
    with context_for(tiny_bundle("sd1")) as context:
        yield context


@pytest.fixture(scope="module")
def base(context):
    return as_base(generate(Generate(WORDS, 96, 64, SAMPLING), context, 3))


def looking(monkeypatch, difference, looks):
    """Let the answers differ by float32 (h, w), and words look at columns, {(sentence, token): slice}."""
    asked = []

    def ask(context, base, prompt, step):
        sizes, maps = context.backbone.level_sizes(*difference.shape), {}
        for site in context.backbone.sites:
            probs = torch.zeros(2, 2, *sizes[site.level], MAX_TOKENS)
            for (sentence, token), columns in looks.items():
                at = slice(columns.start // site.ratio, columns.stop // site.ratio)
                probs[sentence, :, :, at, token] = 0.5
            maps[site.name] = probs.flatten(2, 3)
        asked.append(step)
        return difference, maps

    monkeypatch.setattr(instant_region, "_ask", ask)
    return asked


def difference_at(columns, strength=1.0):
    difference = np.full((8, 12), 0.01, np.float32)
    difference[:, columns] = strength
    return difference


def test_words_that_go_count_where_they_look_and_both_sentences_where_they_differ(context, base, monkeypatch):
    asked = looking(monkeypatch, difference_at(slice(8, 12)), {(0, 3): slice(0, 4), (1, 3): slice(4, 8)})
    found = find_instant_region(context, base, NEW)
    assert found.region[:, :3].all() and found.region[:, 9:].all() and not found.region[:, 5:7].any()
    assert asked == [1] and not found.free


def test_a_thing_that_stays_is_left_alone_where_its_words_look_more(context, base, monkeypatch):
    """The answers differ at both; "sofa", token 6, stays, and stands apart from "cat"."""
    monkeypatch.setattr(instant_region, "MAX_NEW_SHARE", 0.95)  # on so small a grid
    looks = {(0, 3): slice(0, 2), (0, 6): slice(8, 10)}
    looking(monkeypatch, difference_at(slice(8, 10)), looks)
    found = find_instant_region(context, base, NEW)
    assert found.region[:, 0].all() and not found.region[:, 8:10].any()
    assert found.evidence[:, 8:10].max() == 0  # neither is it shown


def test_words_of_the_same_thing_leave_it_to_the_edit(context, base, monkeypatch):
    """As a noun does whose colour goes, or what looks at nearly all of the picture."""
    monkeypatch.setattr(instant_region, "MAX_NEW_SHARE", 0.95)
    for stays in (slice(0, 4), slice(0, 12)):
        looking(monkeypatch, difference_at(slice(0, 4)), {(0, 3): slice(0, 4), (0, 6): stays})
        assert find_instant_region(context, base, NEW).region[:, :3].all()


@pytest.mark.parametrize("grounded", [True, False])
def test_the_place_does_not_claim_the_edges_of_what_goes_where_it_can_be_told(
    context, base, monkeypatch, grounded
):
    """The answers differ as far as "cat", 3, does not look, but "sofa", 6, and the start token do."""
    told = replace(context.bundle.capabilities, grounded=grounded)
    monkeypatch.setattr(context, "bundle", replace(context.bundle, capabilities=told))
    around = slice(4, 8)
    looking(
        monkeypatch, difference_at(slice(0, 6)), {(0, 3): slice(0, 4), (0, 6): around, (0, 0): slice(4, 12)}
    )
    monkeypatch.setattr(instant_region, "MAX_THING_SHARE", 0.5)  # on so small a grid
    monkeypatch.setattr(instant_region, "MAX_NEW_SHARE", 0.95)
    assert find_instant_region(context, base, NEW).region[:, 4:6].all() == grounded


PUT_IN = "a red cat dog on the sofa"


def test_something_new_is_looked_for_earlier_and_leaves_things_their_place(context, base, monkeypatch):
    looks = {(1, 4): slice(6, 8), (0, 3): slice(0, 4)}  # "cat" looks at what stands beside it
    asked = looking(monkeypatch, difference_at(slice(5, 8), 0.05), looks)
    found = find_instant_region(context, base, PUT_IN)
    assert asked == [2, 0] and found.free
    assert not found.region[:, :5].any() and found.region[:, 7].all() and not found.region[:, 11:].any()


def test_words_that_change_what_is_there_are_about_it(context, base, monkeypatch):
    looks = {(1, 4): slice(0, 2), (0, 3): slice(0, 2)}
    asked = looking(monkeypatch, difference_at(slice(0, 2), 0.08), looks)
    found = find_instant_region(context, base, PUT_IN)
    assert asked == [2, 0] and not found.free
    assert found.region[:, :2].all() and not found.region[:, 7:].any()


@pytest.mark.parametrize("looks", [{}, {(0, 3): slice(0, 4)}])
def test_words_that_change_most_of_the_picture_or_a_thing_alone_put_nothing_new_in(
    context, base, monkeypatch, looks
):
    wide = slice(0, 4) if looks else slice(0, 9)
    looking(monkeypatch, difference_at(wide, 0.1), {(1, 4): wide, **looks})
    found = find_instant_region(context, base, PUT_IN)
    assert not found.free and found.region[:, wide].all()


def test_words_that_change_the_answer_everywhere_are_followed_everywhere(context, base, monkeypatch):
    difference = difference_at(slice(8, 12), 0.1)
    difference[:, :8] = 0.04
    difference[0, 0] = 0.01
    looking(monkeypatch, difference, {(1, 4): slice(8, 12)})
    found = find_instant_region(context, base, PUT_IN)
    assert not found.free and found.region[:, 2:].all()


@pytest.mark.parametrize(("strong", "reached"), [(slice(0, 7), 11), (slice(0, 3), 5)])
def test_only_a_change_of_most_of_the_picture_is_followed_wherever_it_leads(
    context, base, monkeypatch, strong, reached
):
    difference = difference_at(slice(0, 11), 0.3)
    difference[:, strong] = 1
    difference[0, strong.stop] = 0.45  # the strongest of what lies below the threshold
    looking(monkeypatch, difference, {(0, 3): slice(0, 2)})
    columns = find_instant_region(context, base, NEW).region.any(0)
    assert columns[:reached].all() and not columns[reached:].any()


ELSEWHERE = "a red cat on the bed"


@pytest.fixture
def in_another_place(context, monkeypatch):
    """A model whose attention is grounded: the start token and "sofa", 6, look at the right, "cat", 3, at the left."""
    told, words = (
        replace(context.bundle.capabilities, grounded=True),
        Vocabulary({"places": ("on the bed",), "times": ("at night",)}),
    )
    monkeypatch.setattr(context, "bundle", replace(context.bundle, capabilities=told, vocabulary=words))
    right = slice(4, 12)
    difference = np.maximum(difference_at(right, 0.06), np.float32(0.02))
    difference[:, 9:] = 0  # the answers are the same somewhere
    looking(monkeypatch, difference, {(0, 0): right, (0, 6): right, (0, 3): slice(0, 4)})


def test_another_place_leaves_what_stands_there_to_the_byte_and_hides_its_name(
    context, base, in_another_place
):
    found = find_instant_region(context, base, ELSEWHERE)
    assert found.region[:, :9].all() and found.names == (3,)
    assert (found.things[:, :3] > 0.9).all() and (found.things[:, 5:] < 0.1).all()
    request = Edit((base,), ELSEWHERE, parameters={"plant": False})
    edited = engine_edit(context, request)
    left = edited.mask == 0
    assert left[:, :16].mean() > 0.5 and not left[:, 48:].any()
    assert np.array_equal(edited.image[left], base.image[left])
    assert 3 in edited.log["hidden_tokens"]
    shown = instant_mask(FindMask(base.image, "on the bed", ELSEWHERE, WORDS, base=base), context)
    assert np.array_equal(shown.mask > 0, edited.mask > 0)


@pytest.mark.parametrize(
    ("words", "kept"), [(ELSEWHERE, False), (f"{ELSEWHERE} at night", True)], ids=["unasked", "another light"]
)
def test_all_is_painted_anew_where_the_light_changes_too_or_things_are_not_to_be_kept(
    context, base, in_another_place, words, kept
):
    assert (find_instant_region(context, base, words).things is None) == kept
    edited = engine_edit(context, Edit((base,), words, parameters={"plant": False, "keep_things": kept}))
    assert edited.mask[:, :72].all() and edited.log["hidden_tokens"] == []


def test_a_thing_that_goes_does_not_outshout_another_light(context, base, in_another_place, monkeypatch):
    looking(monkeypatch, difference_at(slice(0, 4)), {(0, 0): slice(4, 12), (0, 3): slice(0, 4)})
    assert not find_instant_region(context, base, NEW).region.all()
    assert find_instant_region(context, base, f"{NEW} at night").region.all()


def test_no_difference_is_no_region(context, base, monkeypatch):
    looking(monkeypatch, np.zeros((8, 12), np.float32), {(0, 3): slice(0, 4)})
    assert not find_instant_region(context, base, NEW).region.any()


@pytest.fixture
def calls(context):
    """How many sentences the network is told, call by call."""
    calls = []
    handle = context.bundle.unet.register_forward_pre_hook(lambda _, args: calls.append(len(args[0])))
    yield calls
    handle.remove()


def test_one_call_of_the_network_is_all_it_takes(context, base, calls):
    opened = as_base(open_picture(OpenPicture(base.image, WORDS, SAMPLING), context, 3))
    calls.clear()
    find_instant_region(context, opened, NEW)
    assert calls == [2]


@pytest.mark.parametrize("steps", [6, 8])
def test_what_the_bases_own_run_said_is_not_asked_again(context, calls, steps):
    sampling = replace(
        SAMPLING, steps=steps
    )  # of 8 steps the one that is looked at is not among the first ones
    base = as_base(generate(Generate(WORDS, 96, 64, sampling), context, 3))
    calls.clear()
    known = find_instant_region(context, base, NEW)
    context.cache.drop(keys.answer_key(base.cache_space, first_look(steps)))
    asked = find_instant_region(context, base, NEW)
    assert calls == [1, 2] and known.evidence.any()
    assert np.allclose(known.evidence, asked.evidence, atol=2e-3)
    assert np.array_equal(known.region, asked.region)


def test_words_of_another_length_are_asked_together(context, base, calls):
    longer = (
        f"{NEW} and then a very long story of what else there is to be seen in it" + " there" * MAX_TOKENS
    )
    find_instant_region(context, base, longer)
    assert calls and set(calls) == {2}


def test_what_is_shown_while_typing_is_what_the_edit_changes(context, base):
    shown = instant_mask(FindMask(base.image, "a red dog", NEW, WORDS, base=base), context)
    edited = engine_edit(context, Edit((base,), NEW))
    assert np.array_equal(shown.mask > 0, edited.mask > 0) and shown.phrase == "a red dog"
    assert shown.heat.shape == base.image.shape[:2] and (shown.step, shown.steps) == (1, 1)


def test_only_this_models_own_path_is_looked_at(context, base):
    assert can_look(base, context.bundle) and not can_look(None, context.bundle)
    assert not can_look(replace(base, fingerprint="another"), context.bundle)
    assert not can_look(replace(base, latents={}), context.bundle)


@pytest.mark.parametrize("opened", [False, True])
@pytest.mark.parametrize("incremental", [False, True])
def test_first_steps_attend_as_the_base_and_are_repeated_so(context, base, monkeypatch, opened, incremental):
    dense_from = 1 if incremental else 0
    monkeypatch.setattr(row_step, "choose", lambda *_: Choice(dense_from, (False,) * 4))
    if opened:
        base = as_base(open_picture(OpenPicture(base.image, WORDS, SAMPLING), context, 3))
    steered, free = (
        engine_edit(context, Edit((base,), NEW, parameters={"steered_share": share})) for share in (0.5, 0.0)
    )
    assert (steered.record.steered_steps, free.record.steered_steps) == (3, 0)
    assert steered.cache_space != free.cache_space
    assert steered.log["executor"] == ("incremental" if incremental else "dense")
    assert not np.array_equal(steered.latents["trajectory"], free.latents["trajectory"])
    left = conv_out_at_step_0(context, base, steered)
    for space in (base.cache_space, steered.cache_space):
        context.cache.drop_space(space)
    again = conv_out_at_step_0(context, base, steered)
    unsteered = replace(as_base(steered), record=replace(steered.record, steered_steps=0))
    context.cache.drop_space(steered.cache_space)
    other = conv_out_at_step_0(context, base, unsteered)
    assert (again - left).abs().max() < 0.1 * (other - left).abs().max()


def conv_out_at_step_0(context, base, edited):
    """What the last convolution of the edit's first step was given, everywhere."""
    turn = edited if isinstance(edited, BaseTurn) else as_base(edited)
    recorded = activations.RecordedLineage(context, (base, turn))
    return recorded.read(0, 2)("conv_out", None).float()
