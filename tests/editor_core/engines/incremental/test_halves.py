"""Without guidance a step computes, records and reads the conditional half alone, and lineages may mix both."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

from cache import CacheKey
from editor_core.backbones.unet import row_step
from editor_core.backbones.unet.sparse import Choice, SparseStep
from editor_core.base.errors import NothingToChangeError
from editor_core.engines.generate import generate
from editor_core.engines.incremental import keys
from editor_core.engines.open_picture import open_picture
from editor_core.messages.requests import Edit, Generate, OpenPicture, Sampling
from support.engine_runs import as_base, context_for, engine_edit, first_turn
from support.tiny_models import KINDS, tiny_bundle

STEPS = 4
SAMPLING = Sampling(seed=3, steps=STEPS, guidance=3.0)
WORDS = "a red cat on the sofa"
PLAIN = {"plant": False, "hide_outside_words": False}


class Rows:
    """How each level is computed, in place of what costs say: rows above one that a test may set."""

    dense_from: int | None = None

    def __call__(self, unet, region, costs, keys):
        levels = len(region.levels)
        return Choice(levels if self.dense_from is None else self.dense_from, (False,) * levels)


@pytest.fixture(autouse=True)
def rows(monkeypatch):
    monkeypatch.setattr(row_step, "choose", chosen := Rows())
    return chosen


@pytest.fixture(params=["sd1", "sdxl"])
def context(request):
    with context_for(tiny_bundle(request.param)) as context:
        yield context


@pytest.fixture
def sd1():
    with context_for(tiny_bundle("sd1")) as context:
        yield context


def asked_for(guidance):
    return Generate(WORDS, 64, 64, replace(SAMPLING, guidance=guidance))


def made(context, guidance):
    return first_turn(context, asked_for(guidance))


def mask(left=16, right=48):
    area = np.zeros((64, 64), np.uint8)
    area[16:48, left:right] = 255
    return area


def edit(lineage, words, guidance, area=None, **parameters):
    area = mask() if area is None else area
    return Edit(tuple(lineage), words, area, parameters=PLAIN | parameters, guidance=guidance)


def items(context, space, step=STEPS - 1):
    """How many items the entries of a step have, at sites that words have reached."""
    before, found = context.backbone.sites_before_words, set()
    for site in context.backbone.recorded_positions(8, 8):
        if site not in before:
            found.add(context.cache.info(CacheKey(space, step, keys.activation_slot(site))).shape[0])
    return found


@pytest.fixture
def counted(monkeypatch, context):
    """Of each call of the network, dense or on rows, how many rows of words it was told."""
    told = []
    run = SparseStep.__call__

    def on_rows(step, rows, timestep, text, *rest, **named):
        told.append(("rows", len(text.embeddings)))
        return run(step, rows, timestep, text, *rest, **named)

    monkeypatch.setattr(SparseStep, "__call__", on_rows)
    handle = context.bundle.unet.register_forward_pre_hook(
        lambda _, given: told.append(("dense", len(given[0])))
    )
    yield told
    handle.remove()


def apart(one, another):
    return np.abs(one.latents["trajectory"] - another.latents["trajectory"]).max()


@pytest.mark.parametrize("context", KINDS, indirect=True)
def test_rows_equal_dense(context, counted):
    """Where every position is computed, rows are what the whole network says: of one half, told one sentence."""
    base, everything = as_base(generate(asked_for(1.0), context, 3)), np.full((64, 64), 255, np.uint8)
    assert items(context, base.cache_space) == {1} and set(counted) == {("dense", 1)}
    counted.clear()
    asked = edit((base,), "a blue dog on the sofa", 1.0, everything)
    incremental = engine_edit(context, asked)
    assert counted == [("rows", 1)] * STEPS
    assert items(context, incremental.cache_space) == {1}
    dense = engine_edit(context, replace(asked, parameters=asked.parameters | {"incremental": False}))
    assert apart(incremental, dense) < 2e-3 < apart(incremental, base)


@pytest.mark.parametrize("dense_from", [None, 1, 0], ids=["rows", "rows and dense levels", "dense"])
@pytest.mark.parametrize("found", [False, True], ids=["given", "found"])
def test_an_edit_reads_one_half_and_is_the_same_after_eviction(context, counted, rows, dense_from, found):
    """Also where its first steps attend by the base's maps."""
    rows.dense_from = dense_from
    base = made(context, 1.0)
    asked = edit((base,), "a red dog on the sofa", 1.0)
    if found:
        asked = replace(asked, mask=None)
    counted.clear()
    first = engine_edit(context, asked)
    assert first.log["steps_recomputed"] == 0 and (first.image != base.image).any()
    assert not any(width > 1 for kind, width in counted if kind == "rows")
    context.cache.drop_space(base.cache_space)
    again = engine_edit(context, asked)
    assert (again.log["steps_recomputed"] == STEPS) == (first.log["executor"] == "incremental")
    assert apart(first, again) < 2e-3
    assert dense_from == 0 or items(context, base.cache_space) == {1}


def test_without_guidance_a_guided_turn_is_read_and_nothing_computed_again(context):
    base = made(context, 3.0)
    assert items(context, base.cache_space) == {2}
    asked = edit((base,), "a blue dog on the sofa", 1.0)
    first = engine_edit(context, asked)
    assert first.log["executor"] == "incremental" and first.log["steps_recomputed"] == 0
    assert items(context, first.cache_space) == {1}
    context.cache.drop_space(base.cache_space)
    again = engine_edit(context, asked)
    assert again.log["steps_recomputed"] == STEPS and apart(first, again) < 2e-3
    assert items(context, base.cache_space) == {1}  # the half that nobody asked for is not computed


def test_with_guidance_the_missing_half_is_computed_again_and_kept(context):
    base = made(context, 1.0)
    asked = edit((base,), "a blue dog on the sofa", 3.0)
    first = engine_edit(context, asked)
    assert first.log["executor"] == "incremental" and first.log["steps_recomputed"] == STEPS
    assert items(context, base.cache_space) == items(context, first.cache_space) == {2}
    with context_for(context.bundle) as empty:
        assert apart(first, engine_edit(empty, asked)) < 2e-3
    unguided = engine_edit(context, edit((base,), "a blue dog on the sofa", 1.0))
    assert unguided.log["steps_recomputed"] == 0 and items(context, base.cache_space) == {2}


@pytest.mark.parametrize("seed, mixed", [(0, False), (1, True)], ids=["rows", "rows and dense levels"])
def test_a_walk_that_mixes_guidance_equals_recomputing_every_step(sd1, rows, seed, mixed):
    """Six turns, with branches, each with or without guidance: from the cache, then from an empty one."""
    generator = np.random.default_rng(seed)
    turns = [(made(sd1, [1.0, 3.0][seed % 2]),)]
    for number in range(6):
        lineage = turns[generator.integers(len(turns))]
        left, guidance = int(generator.integers(0, 32)), [1.0, 3.0][generator.integers(2)]
        rows.dense_from = 1 if mixed and number % 2 else None
        words = f"a {['red', 'blue', 'green'][number % 3]} dog {number}"
        asked = edit(lineage, words, guidance, mask(left, left + 28))
        cached = engine_edit(sd1, asked)
        assert cached.log["executor"] == "incremental"
        if guidance == 1:
            assert cached.log["steps_recomputed"] == 0
        with context_for(sd1.bundle) as empty:
            recomputed = engine_edit(empty, asked)
        assert recomputed.log["steps_recomputed"] == STEPS and apart(cached, recomputed) < 2e-3
        turns.append((*lineage, as_base(cached)))


def test_records_of_one_half_are_found_when_the_program_starts_again(tmp_path):
    bundle = tiny_bundle("sd1")
    with context_for(bundle, tmp_path) as context:
        base = made(context, 1.0)
        turn = as_base(engine_edit(context, edit((base,), "a blue dog on the sofa", 1.0)))
        asked = edit((base, turn), "a green dog on the sofa", 1.0)
        expected = engine_edit(context, asked)
        context.cache.drop_space(expected.cache_space)
    with context_for(bundle, tmp_path) as context:
        again = engine_edit(context, asked)
        assert again.log["steps_recomputed"] == 0 and np.array_equal(again.image, expected.image)


def test_several_pictures_of_one_half_are_what_each_is_alone(sd1):
    base = made(sd1, 1.0)
    parameters = {"variants": 3, "plant": False, "batched": True}
    asked = Edit((base,), "a blue dog", mask(), "instdiffedit", parameters)
    together, alone = [], []
    for batched, results in ((True, together), (False, alone)):
        sd1.variant = results.append
        asked = replace(asked, parameters=parameters | {"batched": batched})
        results.append(engine_edit(sd1, asked))
        assert items(sd1, results[0].cache_space) == {1}
    assert [one.log["painted_together"] for one in together] == [3, 3, 3]
    assert all(apart(one, other) < 1e-3 for one, other in zip(together, alone, strict=True))


def test_paint_on_a_turn_is_inverted_with_one_half(context, counted):
    base = made(context, 3.0)
    image = base.image.copy()
    image[24:40, 24:40] = (240, 30, 90)
    counted.clear()
    paint = open_picture(OpenPicture(image, WORDS, SAMPLING, lineage=(base,)), context, 3)
    assert paint.method == "paint" and counted == [("rows", 1)] * STEPS
    edited = engine_edit(context, edit((base, as_base(paint)), "a blue dog on the sofa", 1.0))
    assert edited.log["executor"] == "incremental" and items(context, paint.cache_space) == {1}


@pytest.mark.parametrize(
    "method, batched, width",
    [
        ("fisedit", None, 1),
        ("instdiffedit", False, 1),
        ("instdiffedit", True, 2),
        ("masafusion", None, 1),
        ("embctrl", None, 2),
    ],
)
def test_no_method_computes_the_other_half(context, counted, method, batched, width):
    """A step of Recolour takes a row for the source and one for the target."""
    base = made(context, 1.0)
    told = {"embctrl": {}, "instdiffedit": {"variants": 2, "plant": False, "batched": batched}}
    counted.clear()
    with suppress(NothingToChangeError):  # a random network's colours may not be seen
        area = None if method == "embctrl" else mask()
        engine_edit(context, Edit((base,), "a blue cat on the sofa", area, method, told.get(method, PLAIN)))
    steps = counted[-STEPS:]
    assert len(steps) == STEPS and max(rows for _, rows in steps) == width, steps


EVERY_OTHER = [2, 2, 1, 2]
"""Halves of four steps whose guidance is worked out at every second one, after the first third."""


def every(context, lineage, chosen=None, **more):
    parameters = {} if chosen is None else {"guidance_every": chosen}
    return engine_edit(context, edit(lineage, "a blue dog on the sofa", None, **parameters, **more))


@pytest.fixture
def seldom_guided(context):
    asked = Generate(WORDS, 64, 64, SAMPLING, parameters={"guidance_every": 2})
    return as_base(generate(asked, context, 3))


def test_where_guidance_is_left_out_rows_equal_dense(context, seldom_guided, counted):
    """An edit leaves out what its base did, so that nothing is computed again."""
    base, everything = seldom_guided, np.full((64, 64), 255, np.uint8)
    assert [items(context, base.cache_space, step) for step in range(STEPS)] == [{n} for n in EVERY_OTHER]
    asked = edit((base,), "a blue dog on the sofa", None, everything)
    counted.clear()
    incremental = engine_edit(context, asked)
    assert incremental.log["steps_recomputed"] == 0
    assert counted == [("rows", n) for n in EVERY_OTHER]
    counted.clear()
    dense = engine_edit(context, replace(asked, parameters=asked.parameters | {"incremental": False}))
    assert counted == [("dense", n) for n in EVERY_OTHER]
    assert apart(incremental, dense) < 2e-3 < apart(incremental, base)
    assert incremental.record.guidance_every == dense.record.guidance_every == 2


def test_an_edit_on_such_an_edit_is_the_same_after_eviction(context, seldom_guided):
    turn = as_base(every(context, (seldom_guided,)))
    asked = edit((seldom_guided, turn), "a green dog on the sofa", None, mask(20, 60))
    first = engine_edit(context, asked)
    assert first.log["steps_recomputed"] == 0 and first.record.guidance_every == 2
    with context_for(context.bundle) as empty:
        again = engine_edit(empty, asked)
        assert again.log["steps_recomputed"] == STEPS and apart(first, again) < 2e-3
        assert [items(empty, turn.cache_space, step) for step in range(STEPS)] == [{n} for n in EVERY_OTHER]


def test_an_edit_may_choose_for_itself(context, seldom_guided, counted):
    """Fewer halves than the base's are read of it, more computed again."""
    more = every(context, (seldom_guided,), 1)
    assert more.log["steps_recomputed"] == 1 and more.record.guidance_every == 1
    often = made(context, 3.0)
    counted.clear()
    fewer = every(context, (often,), 2)
    assert fewer.log["steps_recomputed"] == 0 and counted == [("rows", n) for n in EVERY_OTHER]
    assert len({often.cache_space, seldom_guided.cache_space}) == 2
    assert fewer.cache_space != every(context, (often,)).cache_space
    assert apart(fewer, every(context, (often,))) > 0


@pytest.mark.parametrize("batched", [False, True])
def test_repaint_leaves_it_out_too(sd1, batched):
    asked = Generate(WORDS, 64, 64, SAMPLING, parameters={"guidance_every": 2})
    base = as_base(generate(asked, sd1, 3))
    results = []
    sd1.variant = results.append
    told = {"variants": 2, "plant": False, "batched": batched}
    results.append(engine_edit(sd1, Edit((base,), "a blue dog", mask(), "instdiffedit", told)))
    for result in results:
        assert result.record.guidance_every == 2 and result.log["steps_recomputed"] == 0
        found = [items(sd1, result.cache_space, step) for step in range(STEPS)]
        assert found == [{n} for n in EVERY_OTHER]
