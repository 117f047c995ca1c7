"""Live without a window: strokes, what they ask for, paint that is taken back, all results as one turn."""

import numpy as np
import pytest

from editor_core.document.commands import AddLayer, PaintStroke
from editor_core.document.document import Document
from editor_core.document.layers import RasterLayer, SketchLayer
from editor_core.document.tiles import Tiles
from editor_core.messages.requests import Generate, Sampling
from editor_core.workflow import live
from editor_core.workflow.live import GROWTH, LiveWork, seen_of
from editor_core.workflow.turns import turn_from_result
from support.fake_session import MODEL, painted

RED = (200, 30, 30, 255)


@pytest.fixture
def document():
    return Document.new_from_turn(
        turn_from_result(painted(Generate("a fox", 96, 96, Sampling(seed=1)), MODEL), None)
    )


def paint(document, x, y, kind=RasterLayer):
    """A square of eight pixels, on a layer of its own."""
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[:] = RED
    layer = kind(name="Paint", tiles=Tiles.from_array(pixels, x, y))
    document.execute(AddLayer(layer))
    return layer


def refine(document, work, **told):
    """The next stroke's request, answered as a model would: rows of its mask, from the twelfth of twenty steps on."""
    stroke = work.stroke(seen_of(document))
    request = work.request(document, stroke, "a fox", **told)
    result = painted(request, MODEL)
    region = (request.mask[::8, ::8] > 0).astype(np.uint8)
    object.__setattr__(result, "latents", {**result.latents, "region": region})
    object.__setattr__(result, "cache_space", f"space {len(work)}")
    work.take(stroke, result)
    return request


def test_a_stroke_is_asked_for_where_it_is_from_the_picture_with_it(document):
    work = LiveWork(document.history.current)
    assert work.stroke(seen_of(document)) is None
    paint(document, 30, 40)
    request = refine(document, work)
    rows, columns = np.nonzero(request.mask)
    assert (columns.min(), columns.max()) == (30 - GROWTH, 37 + GROWTH)
    assert (rows.min(), rows.max()) == (40 - GROWTH, 47 + GROWTH)
    assert request.method == "instdiffedit" and request.strength == live.STRENGTH and request.sketch is None
    assert np.array_equal(request.painted, document.picture())
    assert [base.prompt for base in request.lineage] == ["a fox"]
    assert work.stroke(seen_of(document)) is None  # it was refined


def test_each_stroke_goes_on_from_the_one_before(document):
    work = LiveWork(document.history.current)
    paint(document, 10, 10)
    first = refine(document, work)
    paint(document, 70, 70)
    second = refine(document, work, strength=0.7)
    assert not (first.mask & second.mask).any() and second.strength == 0.7
    assert np.array_equal(second.lineage[1].image, work._refined[0].result.image)
    assert work.spaces == ("space 0", "space 1")


def test_a_sketch_is_redrawn_and_begins_anew(document):
    work = LiveWork(document.history.current)
    paint(document, 30, 40, SketchLayer)
    request = refine(document, work)
    assert request.method == "masafusion" and request.strength == 1.0
    assert (request.sketch[42, 33] == RED[:3]).all() and (request.sketch[0, 0] == 255).all()
    document.undo()
    assert work.stroke(seen_of(document)) is None and len(work) == 0
    assert not seen_of(document).differs(work.seen).any()


def test_a_sketched_outline_asks_for_what_it_encloses(document):
    work = LiveWork(document.history.current)
    for x, y in ((30, 30), (60, 30)):  # two sides of it
        pixels = np.full((30, 2, 4), RED, np.uint8)
        document.execute(AddLayer(SketchLayer(name="Side", tiles=Tiles.from_array(pixels, x, y))))
    assert refine(document, work).mask[45, 45] == 0  # too far apart to be one outline
    pixels = np.full((2, 30, 4), RED, np.uint8)
    document.execute(AddLayer(SketchLayer(name="Top", tiles=Tiles.from_array(pixels, 31, 30))))
    assert work.stroke(seen_of(document)).mask[57, 45]  # with the sides that were drawn before


def test_strokes_that_were_cut_short_are_part_of_the_next(document):
    work = LiveWork(document.history.current)
    paint(document, 10, 10)
    work.stroke(seen_of(document))  # asked for, then cancelled
    paint(document, 70, 70)
    mask = refine(document, work).mask
    assert mask[14, 14] and mask[74, 74] and not mask[44, 44]


def test_paint_that_is_taken_back_takes_its_result_along(document):
    work = LiveWork(document.history.current)
    for place in (10, 50, 80):
        paint(document, place, place)
        refine(document, work)
    document.undo()
    assert work.stroke(seen_of(document)) is None and len(work) == 2
    document.undo()
    document.undo()
    assert work.stroke(seen_of(document)) is None and len(work) == 0
    assert work.image is document.history.current.image and work.mask is None
    document.redo()
    assert work.stroke(seen_of(document)).mask[14, 14]


def test_paint_that_was_moved_is_refined_where_it_is_now(document):
    work = LiveWork(document.history.current)
    layer = paint(document, 10, 10)
    refine(document, work)
    tiles = layer.tiles.with_pixels(10, 10, np.zeros((8, 8, 4), np.uint8))
    tiles = tiles.with_pixels(60, 60, np.full((8, 8, 4), 255, np.uint8))
    document.execute(PaintStroke(layer.id, layer.tiles, tiles, "Move"))
    stroke = work.stroke(seen_of(document))
    assert len(work) == 0 and stroke.mask[64, 64] and not stroke.mask[14, 14]


def test_an_edit_keeps_to_what_may_change(document):
    work = LiveWork(document.history.current)
    paint(document, 10, 10)
    allowed = np.zeros((96, 96), np.uint8)
    assert work.stroke(seen_of(document), allowed) is None
    allowed[:14] = 100
    mask = work.stroke(seen_of(document), allowed).mask
    assert mask[12, 14] == 100 and not mask[14:].any()


def test_all_results_are_one_turn(document):
    work = LiveWork(document.history.current)
    assert work.whole_result() is None
    paint(document, 10, 10)
    refine(document, work)
    assert work.whole_result() is work._refined[0].result  # with what it left in the cache
    object.__setattr__(work._refined[0].result.record, "first_step", 2)
    paint(document, 70, 70, SketchLayer)
    refine(document, work)
    whole = work.whole_result()
    masks = [one.result.mask for one in work._refined]
    assert np.array_equal(whole.mask > 0, (masks[0] > 0) | (masks[1] > 0)) and whole.method == "masafusion"
    assert whole.cache_space not in work.spaces and np.array_equal(whole.image, work.image)
    assert whole.latents["begins"][1, 1] == 2 and whole.latents["begins"][9, 9] == 0
    assert whole.latents["begins"][5, 5] == whole.steps and not whole.latents["region"][5, 5]
    assert whole.record.first_step == 0


def test_a_result_that_was_computed_whole_makes_all_of_it_whole(document):
    work = LiveWork(document.history.current)
    for place in (10, 70):
        paint(document, place, place)
        refine(document, work)
    del work._refined[0].result.latents["region"]
    assert set(work.whole_result().latents) == {"trajectory"}


def test_paint_that_is_kept_is_refined_no_more(document):
    work = LiveWork(document.history.current)
    paint(document, 10, 10)
    refine(document, work)
    work.keep_paint(seen_of(document))
    assert work.mask is None and work.stroke(seen_of(document)) is None
    paint(document, 70, 70)
    assert not work.stroke(seen_of(document)).mask[14, 14]


def test_older_paint_stays_and_may_be_taken_back(document):
    paint(document, 10, 10)
    work = LiveWork(document.history.current, document.picture())
    assert work.stroke(seen_of(document)) is None
    for step in (document.undo, document.redo, document.undo):
        step()
        assert work.stroke(seen_of(document)) is None
    paint(document, 12, 12)
    assert refine(document, work).mask[14, 14]
    document.undo()
    assert work.stroke(seen_of(document)) is None and not len(work)
    document.redo()
    refine(document, work)
    bare = Tiles.from_rgb(document.history.current.image[14:17, 14:17])
    document.execute(AddLayer(RasterLayer(name="bare", tiles=bare, x=14, y=14)))
    assert work.stroke(seen_of(document)).mask[15, 15], "a part of what was refined is covered"


def test_after_many_results_what_they_refined_is_one_stroke_again(document, monkeypatch):
    monkeypatch.setattr(live, "MAX_RESULTS", 2)
    work = LiveWork(document.history.current)
    for place in (10, 40):
        paint(document, place, place)
        refine(document, work)
    paint(document, 75, 75)
    mask = refine(document, work).mask
    assert len(work) == 1 and mask[14, 14] and mask[44, 44] and mask[79, 79]
