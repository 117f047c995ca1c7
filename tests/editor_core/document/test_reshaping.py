"""Another canvas: everything on it goes along, one undo step gives the one before, files keep it."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from editor_core.base.errors import LayerError, SizeError
from editor_core.document.commands import AddLayer, JumpToTurn, Select
from editor_core.document.compositing import flatten
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import MaskLayer, RasterLayer
from editor_core.document.reshaping.changes import Crop, Scaled, Turned, reach_of, transformed
from editor_core.document.reshaping.reshape import content_bounds, flattened, reshape
from editor_core.document.selection import Selection
from editor_core.document.tiles import Tiles
from editor_core.messages.run import RunRecord
from editor_core.pixels.continued import continued
from editor_core.pixels.resampling import Filter, resized, warped
from editor_core.project.project_file import load_project, save_project
from support.documents import contents, full_document, make_turn, random_tiles

TURNS = [Turned(1), Turned(2), Turned(3), Turned(0, mirrored=True), Turned(2, mirrored=True)]
CHANGES = [
    *TURNS,
    Crop(Rect(20, 10, 90, 70)),
    Crop(Rect(-40, -24, 320, 240), paper=(1, 2, 3)),
    Crop(Rect(-40, 0, 240, 180), continues=True),
    Scaled(0.5, 0.5),
    Scaled(1.5, 0.7, Filter.NEAREST),
]


def done(document: Document, change) -> Document:
    document.execute(reshape(document.snapshot(), change, "Crop"))
    return document


def with_everything() -> Document:
    document = full_document()
    document.execute(Select(Selection(random_tiles(8, 1, Rect(10, 12, 50, 40)))))
    return document


def as_saved(held):
    """With the records of runs as JSON has them: it knows no tuples."""
    for turn in held["turns"]:
        turn["record"] = json.dumps(asdict(turn["record"]))
    return held


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_undo_and_redo_give_back_everything_exactly(change):
    document = with_everything()
    before, selected = contents(document), document.selection
    done(document, change)
    after, then = contents(document), document.selection
    assert after["size"] == change.size(before["size"])
    assert {turn["image"][1][:2][::-1] for turn in after["turns"]} == {after["size"]}
    document.undo()
    assert contents(document) == before and document.selection is selected
    document.redo()
    assert contents(document) == after and document.selection is then


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_changed_canvas_is_saved_and_opened_as_it_is(tmp_path, change):
    document = done(with_everything(), change)
    save_project(document, tmp_path / "a.palimpsest")
    assert as_saved(contents(load_project(tmp_path / "a.palimpsest"))) == as_saved(contents(document))


@pytest.mark.parametrize("change", TURNS, ids=str)
def test_right_angles_turn_what_is_seen_and_no_pixel_is_another(change):
    document = with_everything()
    seen, mask, marked = flatten(document.layers, document.rect), document.edit_mask(), document.selection
    done(document, change)
    turned = np.rot90(seen[:, ::-1] if change.mirrored else seen, -change.quarters)
    assert np.array_equal(flatten(document.layers, document.rect), turned)
    assert np.array_equal(document.edit_mask(), change.mask(mask))
    assert np.array_equal(
        document.selection.read(document.rect), change.mask(marked.read(Rect(0, 0, 200, 150)))
    )


def test_four_quarter_turns_are_none():
    document = with_everything()
    before = flatten(document.layers, document.rect)
    for _ in range(4):
        done(document, Turned(1))
    assert np.array_equal(flatten(document.layers, document.rect), before)


def test_a_crop_cuts_what_is_seen_and_layers_keep_what_lies_outside():
    document = with_everything()
    seen = flatten(document.layers, document.rect)
    glaze = next(layer for layer in document.layers.walk() if layer.name == "glaze")
    done(document, Crop(Rect(20, 10, 90, 70)))
    assert np.array_equal(flatten(document.layers, document.rect), seen[10:80, 20:110])
    assert document.layers[glaze.id].tiles is glaze.tiles
    done(document, Crop(Rect(-20, -10, 200, 150)))
    there = next(layer for layer in document.layers.walk() if layer.name == "glaze")
    assert (there.x, there.y) == (glaze.x, glaze.y)


def test_pictures_of_turns_are_made_when_they_are_looked_at_and_shown_again_on_a_jump():
    document = full_document()
    first = document.history[document.history.root_ids[0]]
    done(document, Turned(1))
    assert document.history[first.id].stored("image") is not None
    document.execute(JumpToTurn(first.id))
    assert (document.width, document.height) == (150, 200)
    assert np.array_equal(document.history[first.id].image, np.rot90(first.image, -1))
    picture = document.picture_layer.tiles.read(document.rect)[..., :3]
    assert np.array_equal(picture, np.rot90(first.image, -1))


def test_new_canvas_is_paper_or_clear_or_the_picture_continued():
    document = Document.new_from_turn(make_turn(1))
    done(document, Crop(Rect(-8, 0, 208, 150)))
    assert not flatten(document.layers, document.rect)[:, :8].any()
    assert (document.history.current.image[:, :8] == 255).all()
    document.undo()
    done(document, Crop(Rect(-8, 0, 208, 150), paper=(9, 8, 7)))
    assert (document.picture()[:, :8] == (9, 8, 7)).all()
    document.undo()
    old = document.history.current.image
    done(document, Crop(Rect(-8, 0, 208, 150), continues=True))
    assert np.array_equal(document.picture(), document.history.current.image)
    assert np.array_equal(document.picture()[:, 8:], old)
    assert np.array_equal(document.picture(), continued(old, 8, 0, 208, 150))


@pytest.mark.parametrize("shown", [True, False])
def test_a_continued_picture_is_that_of_every_turn_whatever_layer_shows_it(shown):
    from editor_core.document.result_placement import ResultPlacement, accept

    first = make_turn(1)
    document = Document.new_from_turn(first)
    second = make_turn(2, first, mask=make_turn(1).image[..., 0] // 128 * 255)
    kept = np.where(second.mask[..., None] > 0, second.image, first.image)
    second = make_turn(2, first, mask=second.mask, image=kept)
    document.execute(accept(document, second, ResultPlacement.TOP))
    if not shown:
        document.execute(JumpToTurn(first.id))
    done(document, Crop(Rect(-8, -8, 216, 166), continues=True))
    for turn in (first.id, second.id, first.id):
        document.execute(JumpToTurn(turn))
        assert np.array_equal(document.picture(), document.history[turn].image)


def test_what_the_model_left_stays_where_the_picture_only_lies_elsewhere():
    first = make_turn(1)
    document = Document.new_from_turn(first)
    done(document, Crop(Rect(-16, -8, 264, 206)))
    turn = document.history.current
    assert turn.record.window == (16, 8, 200, 150) and turn.cache_space == ""
    assert np.array_equal(turn.latents["window0_trajectory"], first.latents["trajectory"])
    assert turn.record.cache_spaces == (first.cache_space,)
    done(document, Crop(Rect(-10, 0, 280, 206)))
    assert document.history.current.record.window == (26, 8, 200, 150)
    done(document, Crop(Rect(30, 0, 200, 200)))
    assert document.history.current.record == RunRecord() and not document.history.current.latents


@pytest.mark.parametrize("change", [Turned(1), Scaled(0.5, 0.5), Crop(Rect(5, 5, 50, 50))], ids=str)
def test_nothing_of_the_model_stays_where_pixels_are_others(change):
    document = done(Document.new_from_turn(make_turn(1)), change)
    assert not document.history.current.latents and document.history.current.record == RunRecord()


def test_scaling_scales_layers_that_stick_out_as_those_that_do_not():
    document = Document(64, 32)
    for name, x in (("in", 4), ("out", -6)):
        tiles = Tiles(4).filled(Rect(0, 0, 12, 8), (200, 10, 10, 255))
        document.execute(AddLayer(RasterLayer(name=name, tiles=tiles, x=x, y=2)))
    done(document, Scaled(2, 2))
    inside, outside = document.layers.layers
    assert inside.bounds.intersected(Rect(8, 4, 24, 16)) == Rect(8, 4, 24, 16)
    assert outside.bounds == Rect(-12, 4, 24, 16)
    assert outside.tiles.read(Rect(3, 3, 1, 1))[0, 0].tolist() == [200, 10, 10, 255]


def test_flattening_leaves_one_layer_of_the_picture_and_all_that_is_not_part_of_it():
    document = Document.new_from_picture(make_turn(1).image)
    document.execute(
        AddLayer(RasterLayer(name="paint", tiles=random_tiles(2, 4, Rect(0, 0, 20, 20)), opacity=0.5))
    )
    document.execute(
        AddLayer(RasterLayer(name="hidden", tiles=random_tiles(3, 4, Rect(0, 0, 9, 9)), visible=False))
    )
    document.execute(AddLayer(MaskLayer(name="mask", tiles=random_tiles(4, 1, Rect(0, 0, 9, 9)))))
    before, seen = contents(document), flatten(document.layers, document.rect)
    document.execute(flattened(document.snapshot(), "Flatten image", "Picture", "Paint"))
    assert [layer.name for layer in document.layers] == ["Picture", "mask"]
    assert np.array_equal(flatten(document.layers, document.rect), seen)
    document.undo()
    assert contents(document) == before


def test_flattened_paint_of_a_turn_goes_with_it():
    first = make_turn(1)
    document = Document.new_from_turn(first)
    document.execute(AddLayer(RasterLayer(name="a", tiles=Tiles(4).filled(Rect(0, 0, 9, 9), (1, 2, 3, 128)))))
    document.execute(AddLayer(RasterLayer(name="b", tiles=Tiles(4).filled(Rect(5, 5, 9, 9), (9, 2, 3, 255)))))
    seen = document.picture()
    document.execute(flattened(document.snapshot(), "Flatten image", "Picture", "Paint"))
    assert [layer.name for layer in document.layers] == ["Picture", "Paint"]
    assert np.array_equal(document.picture(), seen)
    document.execute(JumpToTurn(first.id))
    assert np.array_equal(document.picture(), seen)


def test_a_picture_of_nothing_seen_cannot_be_flattened():
    with pytest.raises(LayerError):
        flattened(Document(8, 8).snapshot(), "Flatten image", "Picture", "Paint")


def test_trimming_finds_what_is_not_clear_or_not_the_corners_colour():
    document = Document(64, 48)
    assert content_bounds(document) == Rect(0, 0, 64, 48)
    document.execute(
        AddLayer(RasterLayer(name="a", tiles=Tiles(4).filled(Rect(10, 5, 20, 9), (1, 2, 3, 255))))
    )
    assert content_bounds(document) == Rect(10, 5, 20, 9)
    document.execute(
        AddLayer(RasterLayer(name="b", tiles=Tiles(4).filled(Rect(0, 0, 64, 48), (9, 9, 9, 255))), 0)
    )
    assert content_bounds(document) == Rect(10, 5, 20, 9)


def test_a_canvas_that_could_not_be_saved_is_refused():
    document = with_everything()
    before = contents(document)
    with pytest.raises(SizeError):
        done(document, Crop(Rect(0, 0, 20_000, 10)))
    with pytest.raises(SizeError):
        done(document, Scaled(80, 80))
    assert contents(document) == before


def test_resampling_weighs_colours_by_their_alpha():
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[:, :4] = (255, 0, 0, 255)
    pixels[:, 4:] = (0, 255, 0, 0)
    for made in (resized(pixels, 5, 5), warped(pixels, np.array([[0.6, 0, 0], [0, 0.6, 0]]), 5, 5)):
        assert not made[..., 1].any() and made[2, 0].tolist() == [255, 0, 0, 255]


def test_warping_by_whole_pixels_and_right_angles_is_exact():
    pixels = np.random.default_rng(1).integers(0, 256, (6, 9, 4), np.uint8)
    pixels[..., 3] = 255
    assert np.array_equal(warped(pixels, np.array([[1.0, 0, 2], [0, 1, 3]]), 11, 9)[3:, 2:], pixels)
    quarter = np.array([[0.0, -1, 6], [1, 0, 0]])
    assert np.array_equal(warped(pixels, quarter, 6, 9), np.rot90(pixels, -1))


def test_shrinking_passes_over_no_pixel():
    pixels = np.zeros((64, 64, 4), np.uint8)
    pixels[..., 3] = 255
    pixels[::8, ::8, 0] = 255
    small = warped(pixels, np.array([[0.125, 0, 0], [0, 0.125, 0]]), 8, 8)
    assert (abs(small[..., 0].astype(int) - 255 / 64) <= 1).all()


def test_a_transformed_layer_lies_where_the_matrix_takes_it():
    layer = RasterLayer(name="a", tiles=Tiles(4).filled(Rect(0, 0, 10, 4), (1, 2, 3, 255)), x=5, y=6)
    moved = transformed(layer, np.array([[1.0, 0, 7], [0, 1, -2]]))
    assert moved.bounds == Rect(12, 4, 10, 4)
    assert reach_of(Rect(0, 0, 10, 4), np.array([[0.0, -1, 0], [1, 0, 0]])) == Rect(-4, 0, 4, 10)
    assert transformed(layer, np.array([[0.0, -1, 0], [1, 0, 0]])).bounds == Rect(-10, 5, 4, 10)
