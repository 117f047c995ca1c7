"""Whole edits while the cache has troubles: what is lost is computed again, and the picture is the same."""

import errno
import os
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from threading import Barrier, Thread

import numpy as np
import pytest

from cache import Budget, CacheKey, disk
from cache.layered import ROWS_ITEM
from editor_core.backbones.registry import backbone_of
from editor_core.backbones.unet import row_step
from editor_core.backbones.unet.recording import recorded_bytes
from editor_core.engines.generate import generate
from editor_core.engines.incremental import activations
from editor_core.messages.requests import Edit, Generate, Sampling
from support.cache_processes import start
from support.edits_on_disk import (
    BUNDLE,
    SMALL,
    STEP,
    STEPS,
    edit_for_ever,
    in_folder,
    mask,
    started,
    two_edits,
)
from support.engine_runs import as_base, context_for, engine_edit, rows_only
from support.tiny_models import tiny_bundle

TOLERANCE = (
    2e-3  # of latents of unit variance: what is computed again runs fused, and is kept in half precision
)


@pytest.fixture(autouse=True)
def rows_everywhere(monkeypatch):
    monkeypatch.setattr(row_step, "choose", rows_only)


@pytest.fixture(scope="module")
def untroubled():
    """The latents of both edits where everything is in memory."""
    patch = pytest.MonkeyPatch()
    patch.setattr(row_step, "choose", rows_only)
    with context_for(BUNDLE) as context:
        edits = two_edits(context, started(context))
    patch.undo()
    return [edit.latents["trajectory"] for edit in edits]


def assert_same(edits, untroubled):
    for edit, expected in zip(edits, untroubled, strict=True):
        assert edit.log["executor"] == "incremental"
        assert np.abs(edit.latents["trajectory"] - expected).max() < TOLERANCE


def once_painting(context, step, do):
    """Calls ``do`` when a step of the painting begins, the first time."""
    left = [do]

    def progress(stage, done, total):
        if stage == "painting" and done == step and left:
            left.pop()()

    context.progress = progress


def test_coming_steps_are_read_ahead_and_change_nothing(tmp_path, untroubled, monkeypatch):
    context = in_folder(tmp_path, SMALL)
    with context.cache:
        base = started(context)
        context.cache.flush()
        edits = two_edits(context, base)
        assert context.cache.stats().hits_prefetched > 20
        assert_same(edits, untroubled)
        assert edits[0].log["steps_recomputed"] == edits[1].log["steps_recomputed"] == 0
        monkeypatch.setattr(activations.RecordedLineage, "fetch_ahead", lambda *_: None)
        before = context.cache.stats().hits_prefetched
        for edit, again in zip(edits, two_edits(context, base), strict=True):
            assert np.array_equal(edit.image, again.image)
            assert np.array_equal(edit.latents["trajectory"], again.latents["trajectory"])
        assert context.cache.stats().hits_prefetched == before


def flip(file):
    data = bytearray(file.read_bytes())
    data[:: len(data) // 40] = bytes(255 - byte for byte in data[:: len(data) // 40])
    file.write_bytes(data)


def cut(file):
    os.truncate(file, file.stat().st_size // 2)


@pytest.mark.parametrize("harm", [flip, cut, os.unlink])
def test_an_edit_survives_harm_done_to_the_files_while_it_runs(tmp_path, untroubled, harm):
    context = in_folder(tmp_path, SMALL)
    with context.cache:
        base = started(context)
        context.cache.flush()

        def do():
            context.cache.flush()
            for file in sorted((tmp_path / "segments").glob("*.seg")):
                harm(file)

        once_painting(context, 1, do)
        edits = two_edits(context, base)
        assert_same(edits, untroubled)
        # What was read ahead before the harm may see the first edit through; the second one meets it in any case.
        assert context.cache.stats().damaged > 0 and sum(edit.log["steps_recomputed"] for edit in edits) > 0


def test_an_edit_of_a_turn_whose_row_numbers_were_lost_stays_incremental(untroubled):
    with context_for(BUNDLE) as context:
        base = started(context)
        first = engine_edit(context, Edit((base,), "a blue dog", mask(20)))
        for key in context.cache.keys(first.cache_space):
            if key.item == ROWS_ITEM:
                context.cache.drop(CacheKey(key.space, key.item, key.slot))
        second = engine_edit(context, Edit((base, as_base(first)), "a green owl", mask(60)))
        assert_same([first, second], untroubled)
        assert second.log["steps_recomputed"] == 1 and context.heard == []
        lineage = (base, as_base(first), as_base(second))
        expected = engine_edit(context, Edit(lineage, "a white fox", mask(40)))
        for turn in lineage[1:]:
            for key in context.cache.keys(turn.cache_space):
                if key.item == ROWS_ITEM:
                    context.cache.drop(key)
        third = engine_edit(context, Edit(lineage, "a white fox", mask(40)))
        assert_same([third], [expected.latents["trajectory"]])
        assert third.log["steps_recomputed"] == 1 and context.heard == []


def test_a_turn_that_began_on_rows_and_ended_densely_is_edited_on(untroubled, monkeypatch):
    """In the middle of the edit the cache could serve no rows any more; the next one computes what that left out."""
    with context_for(BUNDLE) as context:
        base = started(context)
        find = activations.RecordedLineage._find
        monkeypatch.setattr(
            activations.RecordedLineage,
            "_find",
            lambda self, step, *rest: None if step == 2 else find(self, step, *rest),
        )
        ended = engine_edit(context, Edit((base,), "a blue dog", mask(20)))
        half = as_base(ended)
        monkeypatch.undo()
        monkeypatch.setattr(row_step, "choose", rows_only)
        assert ended.log["executor"] == "dense" and len(context.heard) == 1
        request = Edit((base, half), "a green owl", mask(60))
        edited = engine_edit(context, request)
        with context_for(BUNDLE) as empty:
            anew = engine_edit(empty, request)
        assert_same([edited], [anew.latents["trajectory"]])
        assert edited.log["steps_recomputed"] == 2 and len(context.heard) == 1


def test_the_disk_fills_up_in_the_middle_of_an_edit(tmp_path, untroubled, monkeypatch):
    warnings = []
    context = in_folder(tmp_path, SMALL, warnings.append)
    with context.cache:
        base = started(context)
        context.cache.flush()

        def full(handle, data):
            raise OSError(errno.ENOSPC, "No space left on device")

        once_painting(context, 1, lambda: monkeypatch.setattr(os, "write", full))
        assert_same(two_edits(context, base), untroubled)
        context.cache.flush()
        monkeypatch.undo()
    assert warnings == [disk.DISK_FULL]
    assert not list(tmp_path.rglob("*.tmp"))


def test_the_budget_holds_while_pictures_are_made_and_edited_and_what_went_comes_back(tmp_path):
    """Room for two runs and the index; four pictures are made, and then each is edited."""
    budget = replace(SMALL, disk_bytes=int(2.6 * STEPS * STEP) + disk.INDEX_RESERVE)
    context, most = in_folder(tmp_path, budget), [0]

    def watch(*_):
        sizes = []
        for file in tmp_path.rglob("*"):
            with suppress(FileNotFoundError):
                sizes.append(file.stat().st_size if file.is_file() else 0)
        most[0] = max(most[0], sum(sizes))

    context.progress = watch
    recalled = 0
    with context.cache, context_for(BUNDLE) as roomy:
        bases = []
        for words in ("a red cat", "a fox", "an owl", "a table"):
            bases.append(started(context, words))
            context.cache.flush()
        for base in bases:
            request = Edit((base,), "a blue dog", mask(20))
            edited, expected = engine_edit(context, request), engine_edit(roomy, request)
            assert_same([edited], [expected.latents["trajectory"]])
            recalled += edited.log["steps_recomputed"]
            context.cache.flush()
        watch()
        assert recalled > 0 and context.cache.stats().evicted_spaces > 0
    assert STEPS * STEP < most[0] <= budget.disk_bytes


def test_a_chain_that_memory_alone_can_hold_a_step_of_stays_incremental(untroubled):
    """No disk, and room for less than a run and its edits: steps are computed again, one after another."""
    context = in_folder(None, Budget(ram_bytes=int(2.4 * STEPS * STEP)))
    with context.cache:
        base = started(context)
        edits = two_edits(context, base)
        started(context, "a fox")  # takes the room
        assert_same(two_edits(context, base), untroubled)
        lineage = (base, *map(as_base, edits))
        started(context, "an owl")
        third = engine_edit(context, Edit(lineage, "a white fox", mask(40)))
        with context_for(BUNDLE) as roomy:
            expected = engine_edit(roomy, Edit(lineage, "a white fox", mask(40)))
        assert_same([third], [expected.latents["trajectory"]])
        assert third.log["steps_recomputed"] > 0 and context.heard == []


def test_two_editors_work_in_one_folder_at_once(tmp_path, untroubled):
    """Each with a budget of its own, smaller than what both leave."""
    budget = replace(SMALL, disk_bytes=4 * STEPS * STEP + disk.INDEX_RESERVE)
    contexts = [in_folder(tmp_path, budget) for _ in range(2)]
    own = {name: deepcopy(getattr(BUNDLE, name)) for name in ("unet", "vae")}
    contexts[1].bundle = replace(BUNDLE, **own)  # as in a process of its own
    contexts[1].backbone = backbone_of(contexts[1].bundle.unet)
    results, barrier = {}, Barrier(2)

    def work(number):
        context = contexts[number]
        with context.cache:
            barrier.wait()
            base = started(context)
            results[number] = two_edits(context, base)

    threads = [Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(2):
        assert_same(results[number], untroubled)


@pytest.mark.parametrize("steps_told", [3, 6])
def test_an_editor_killed_while_it_edits_leaves_what_the_next_one_can_use(tmp_path, untroubled, steps_told):
    """In the middle of the first edit and of the second; what was on disk is read, and what was not is made again."""
    process, pipe = start(edit_for_ever, tmp_path, SMALL)
    for _ in range(steps_told):
        assert pipe.poll(120)
        pipe.recv()
    process.kill()
    process.join()
    with context_for(BUNDLE) as roomy:
        base = started(roomy)
    context = in_folder(tmp_path, SMALL)
    with context.cache:
        edits = two_edits(context, base)
        assert_same(edits, untroubled)
        assert edits[0].log["steps_recomputed"] == 0 and context.cache.stats().damaged == 0
        assert context.cache.last_warning is None
    assert not list(tmp_path.rglob("*.tmp"))


def test_a_budget_that_changes_never_mixes_whole_and_thinned_records(monkeypatch):
    """RecordingMode not at all, then thinned out, then a new picture whole: each finds its own records."""
    bundle = tiny_bundle("sd1")
    each = [
        sum(recorded_bytes(bundle.unet, 32, 32, 2, equal_halves=True, thinned=thin).values())
        for thin in (True, False)
    ]
    rooms = {"nothing": each[0], "thinned": sum(each) * 2, "full": 3 * each[1] * 2}
    given = np.zeros((256, 256), np.uint8)
    given[40:120, 50:140] = 255
    request = Generate("a red cat", 256, 256, Sampling(seed=3, steps=2, guidance=3.0))
    with context_for(bundle) as context:
        bases = {}
        for kept in ("nothing", "full", "thinned"):
            room = Budget(ram_bytes=rooms[kept], disk_bytes=0)
            monkeypatch.setattr(context.cache, "room", lambda room=room: room)
            bases[kept] = as_base(generate(request, context, 3))
            assert bases[kept].record.recording == kept
        for room in ("thinned", "full", "thinned", "nothing"):
            budget = Budget(ram_bytes=rooms[room], disk_bytes=0)
            monkeypatch.setattr(context.cache, "room", lambda budget=budget: budget)
            for kept, base in bases.items():
                fits = room == "full" or (room == "thinned" and kept != "full")
                context.heard.clear()
                edited = engine_edit(context, Edit((base,), "a blue dog", given))
                assert edited.log["executor"] == ("incremental" if fits else "dense")
                assert edited.log["kept"] == (
                    "full" if fits and kept == "full" else "thinned" if fits else "nothing"
                )
                said = any("The cache is full" in sentence for sentence in context.heard)
                assert said is (not fits and kept != "nothing")


def test_what_recomputing_pushes_out_is_computed_again(monkeypatch):
    with context_for(BUNDLE) as context:
        base = started(context)
        edits = two_edits(context, base)
        lineage = (base, *map(as_base, edits))
        for key in context.cache.keys(base.cache_space):
            context.cache.drop(key)
        dense, once = activations.RecordedLineage._replay, []

        def replay(self, depth, halves):
            run = dense(self, depth, halves)

            def and_lose(step):
                run(step)
                if depth == 0 and not once:  # as memory does when it is full
                    once.append(step)
                    for key in context.cache.keys(edits[0].cache_space):
                        if key.item == ROWS_ITEM:
                            context.cache.drop(CacheKey(key.space, key.item, key.slot))

            return and_lose

        monkeypatch.setattr(activations.RecordedLineage, "_replay", replay)
        edited = engine_edit(context, Edit(lineage, "a white fox", mask(40)))
        assert edited.log["executor"] == "incremental" and context.heard == []
