"""Long chains of edits: what they are read through stays short, whatever a turn left out and the cache has lost."""

from dataclasses import replace

import numpy as np
import pytest

from cache import Budget
from editor_core.backbones.unet import row_step
from editor_core.engines.incremental import delta_chain, keys
from editor_core.engines.incremental.activations import ActivationsMissing, RecordedLineage
from editor_core.engines.open_picture import open_picture
from editor_core.messages.requests import Edit, OpenPicture, Sampling
from support.edits_on_disk import BUNDLE, STEPS, mask, started
from support.engine_runs import as_base, context_for, engine_edit, rows_only

TOLERANCE = 2e-3  # of latents of unit variance: activations are kept in half precision
LAST = "a white fox"
DENSE = {"incremental": False}


@pytest.fixture(autouse=True)
def rows_everywhere(monkeypatch):
    monkeypatch.setattr(row_step, "choose", rows_only)
    monkeypatch.setattr(delta_chain, "MAX_DEPTH", 3)


@pytest.fixture
def context():
    with context_for(BUNDLE) as made:
        yield made


def edited(context, lineage, words, **more):
    turn = as_base(engine_edit(context, Edit(lineage, words, mask(20 + 8 * len(lineage)), **more)))
    context.cache.background.wait()
    return (*lineage, turn)


def chain_of_edits(context, count):
    lineage = (started(context),)
    for words in ("a blue dog", "a green owl", "a red cat", "an apple", "a table")[:count]:
        lineage = edited(context, lineage, words)
    return lineage


def steps_in(context, space):
    return {key.item for key in context.cache.keys(space) if keys.is_activation(key)}


def test_a_deep_chain_is_made_one_layer_and_read_as_before(context):
    """The fourth turn read three, which are one then; the fifth reads that, also when part of it is lost again."""
    lineage = chain_of_edits(context, 3)
    flat = keys.flat_space(lineage[2].cache_space)
    assert delta_chain.chain_of(context.cache, lineage) == [lineage[3].cache_space, flat]
    request = Edit(lineage, LAST, mask(40))
    fifth = engine_edit(context, request)
    assert fifth.log["steps_recomputed"] == 0
    for key in context.cache.keys(flat)[::3]:
        context.cache.drop(key)
    partly = engine_edit(context, request)
    context.cache.drop_space(flat)
    without = engine_edit(context, request)
    assert np.array_equal(fifth.image, partly.image) and np.array_equal(fifth.image, without.image)


def test_the_one_layer_holds_all_steps_whatever_turns_left_out(context):
    """One turn began later and another lost a step, as one that is painted twice does; no step is read deeper then."""
    lineage = edited(context, (started(context),), "a blue dog", strength=0.5)
    assert 0 < lineage[1].record.first_step < STEPS
    lineage = edited(context, lineage, "a green owl")
    for key in context.cache.keys(lineage[2].cache_space):
        if key.item == 0:
            context.cache.drop(key)
    lineage = edited(context, lineage, "a red cat")
    assert steps_in(context, keys.flat_space(lineage[2].cache_space)) == set(range(STEPS))
    recorded = RecordedLineage(context, lineage)
    assert {len(chain) for chain in recorded.chains} == {2}
    assert engine_edit(context, Edit(lineage, LAST, mask(40))).log["steps_recomputed"] == 0


def test_turns_that_are_one_layer_are_not_repeated_when_they_are_lost(context):
    lineage = chain_of_edits(context, 3)
    request = Edit(lineage, LAST, mask(40))
    expected = engine_edit(context, request).latents["trajectory"]
    for turn in lineage:
        context.cache.drop_space(turn.cache_space)
    found = engine_edit(context, request)
    assert found.log["steps_recomputed"] == STEPS
    assert np.abs(found.latents["trajectory"] - expected).max() < TOLERANCE
    assert [len(steps_in(context, turn.cache_space)) for turn in lineage] == [0, 0, 0, STEPS]


def test_where_many_turns_are_lost_all_is_computed_anew_and_the_chain_begins_there(context):
    lineage = chain_of_edits(context, 3)
    request = Edit(lineage, LAST, mask(40))
    with context_for(BUNDLE) as empty:
        anew, dense = engine_edit(empty, request), engine_edit(empty, replace(request, parameters=DENSE))
        assert anew.log["steps_recomputed"] == 0
        (told,) = empty.heard
        assert "Too little of the turns before" in told
        empty.heard.clear()
        assert np.array_equal(anew.image, dense.image)
        turns = (*lineage, as_base(anew))
        assert delta_chain.chain_of(empty.cache, turns) == [anew.cache_space]
        assert engine_edit(empty, Edit(turns, "a lamp", mask(30))).log["steps_recomputed"] == 0
        assert not empty.heard


def test_paint_on_turns_that_are_lost_is_inverted_whole_and_says_so(context):
    lineage = chain_of_edits(context, 3)
    image = lineage[-1].image.copy()
    image[40:56, 64:80] = (240, 30, 90)
    request = OpenPicture(image, lineage[-1].prompt, Sampling(steps=STEPS), lineage=lineage)
    with context_for(BUNDLE) as empty:
        assert open_picture(request, empty, 3).method == "open"
        assert any("Too little of the turns before" in told for told in empty.heard)


def test_a_chain_that_never_became_one_layer_is_not_read_for_ever(context, monkeypatch):
    monkeypatch.setattr(delta_chain, "flatten", lambda *_: False)  # as where there is no room for it
    lineage = chain_of_edits(context, 4)
    request = Edit(lineage, LAST, mask(40))
    rows = engine_edit(context, Edit(lineage[:-1], LAST, mask(40)))
    assert not context.heard
    dense = engine_edit(context, request)
    assert len(context.heard) == 1 and "The cache is full" in context.heard[0]
    assert rows.log["executor"] == "incremental" and dense.log["executor"] == "dense"


def test_a_run_repeats_only_so_many_calls(context, monkeypatch):
    """Those count, too, that a repeated turn needs of the turns below: here the first is pushed out meanwhile."""
    lineage, replay = chain_of_edits(context, 1), RecordedLineage._replay
    for allowed in (2, 3):
        for turn in lineage:
            context.cache.drop_space(turn.cache_space)
        losses = [lineage[0].cache_space]

        def and_lose(self, depth, halves, losses=losses):
            run = replay(self, depth, halves)
            return lambda step: (run(step), losses and context.cache.drop_space(losses.pop()))

        monkeypatch.setattr(RecordedLineage, "_replay", and_lose)
        read = RecordedLineage(context, lineage, repeats=iter(range(allowed))).read(0, 2)
        if allowed == 2:
            with pytest.raises(ActivationsMissing, match="too often"):
                read("conv_out", None)
        else:
            assert read("conv_out", None) is not None


def test_a_chain_that_takes_half_of_the_room_is_made_one_layer_before_it_is_deep(context, monkeypatch):
    lineage = chain_of_edits(context, 1)
    chain = [turn.cache_space for turn in reversed(lineage)]
    held = sum(space.ram_bytes for space in context.cache.spaces() if space.name in chain)
    for room, made in ((2 * held, False), (2 * held - 1, True)):
        monkeypatch.setattr(context.cache, "room", lambda room=room: Budget(ram_bytes=room))
        delta_chain.flatten_if_deep(context.cache, chain[0], [chain] * STEPS)
        context.cache.background.wait()
        assert (context.cache.space_metadata(keys.flat_space(chain[0])) is not None) is made
