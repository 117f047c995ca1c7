"""Adjustment layers, layer masks and filters: colours, files, undo, what other programs are told."""

import numpy as np
import pytest

from editor_core.base.errors import LayerError
from editor_core.document.adjustments import KINDS, STRAIGHT, adjusted, curve, number, table
from editor_core.document.commands import AddLayer, Select, SetLayerProperty
from editor_core.document.compositing import flatten
from editor_core.document.document import Document
from editor_core.document.filtering import filtered, filtered_part
from editor_core.document.geometry import Rect
from editor_core.document.layer_masks import add_mask
from editor_core.document.layers import AdjustmentLayer, GroupLayer, RasterLayer
from editor_core.document.selection import Selection
from editor_core.document.tiles import Tiles
from editor_core.pixels.filters import FILTERS, Filtering
from editor_core.project.layer_formats import required_layer_format
from editor_core.project.project_file import load_project, save_project
from support.documents import contents, make_turn, random_tiles

COLOURS = np.random.default_rng(1).random((3, 40, 50), np.float32)
GREY = (100, 100, 100, 255)
STRONG = {
    "levels": {"black": 60, "white": 180, "gamma": 1.4, "darkest": 20, "lightest": 230},
    "curves": {"all": [[0, 0], [0.3, 0.6], [1, 1]], "red": [[0, 0.2], [1, 1]]},
    "hue": {"hue": 120, "saturation": -40, "lightness": 20},
    "balance": {"shadows_red": 80, "highlights_blue": -60},
}


def grey_picture():
    document = Document(64, 48)
    layer = RasterLayer(
        id=document.picture_layer_id, name="Picture", tiles=Tiles(4).filled(document.rect, GREY)
    )
    document.execute(AddLayer(layer))
    return document


@pytest.mark.parametrize("kind", KINDS)
def test_an_adjustment_of_usual_numbers_changes_nothing(kind):
    assert np.abs(adjusted(COLOURS, kind, {}) - COLOURS).max() < 1e-6
    made = adjusted(COLOURS, kind, STRONG[kind])
    assert made.dtype == np.float32 and made.min() >= 0 and made.max() <= 1
    assert np.abs(made - COLOURS).max() > 0.1


def test_levels_stretch_between_the_points():
    ramp = np.repeat(np.linspace(0, 1, 256, dtype=np.float32)[None, None], 3, 0)
    made = adjusted(ramp, "levels", {"black": 51, "white": 204, "gamma": 2.0})[0, 0]
    assert made[51] == 0 and made[204] == 1
    assert made[51 + 38] == pytest.approx((38 / 153) ** 0.5, abs=1e-4)
    assert adjusted(ramp, "levels", {"darkest": 255, "lightest": 0})[0, 0] == pytest.approx(ramp[0, 0, ::-1])


def test_a_curve_goes_through_its_points_and_never_back():
    points = ((0.0, 0.0), (0.25, 0.6), (0.5, 0.65), (1.0, 1.0))
    line = table(points)
    assert [float(line[round(x * 1023)]) for x, _ in points] == pytest.approx(
        [y for _, y in points], abs=2e-3
    )
    assert (np.diff(line) >= 0).all()
    red = adjusted(COLOURS, "curves", {"red": [[0, 1], [1, 0]]})
    assert np.abs(red[0] - (1 - COLOURS[0])).max() < 2e-3 and np.array_equal(red[1:], COLOURS[1:])


def test_hue_saturation_and_lightness():
    red = np.array([0.8, 0.1, 0.1], np.float32).reshape(3, 1, 1)
    assert adjusted(red, "hue", {"hue": 120}).ravel() == pytest.approx([0.1, 0.8, 0.1], abs=1e-5)
    assert np.ptp(adjusted(COLOURS, "hue", {"saturation": -100}), axis=0).max() < 1e-5
    assert (adjusted(COLOURS, "hue", {"lightness": 100}) == 1).all()
    assert not adjusted(COLOURS, "hue", {"lightness": -100}).any()


def test_balance_moves_the_tone_it_is_asked_for_and_keeps_the_light():
    dark = np.full((3, 1, 1), 0.2, np.float32)
    made = adjusted(dark, "balance", {"shadows_red": 50}).ravel()
    assert made[0] > 0.25 and made[1] == made[2] < 0.2
    assert made @ (0.2126, 0.7152, 0.0722) == pytest.approx(0.2, abs=1e-3)
    assert np.array_equal(adjusted(dark, "balance", {"highlights_red": 50}), dark)


@pytest.mark.parametrize(
    "wrong", [None, "x", [], [[0, 0]], [[0, 0], "ab"], [[0, 0], [0, True]], [[0.5, 0], [0.5, 1]]]
)
def test_numbers_that_make_no_sense_are_as_usual(wrong):
    assert curve({"all": wrong}, "all") == STRAIGHT
    assert number("levels", {"black": wrong}, "black") == 0
    assert number("levels", {"black": 1e9}, "black") == 254
    assert number("levels", {"black": float("nan")}, "black") == 0
    assert np.array_equal(adjusted(COLOURS, "unheard of", {"a": wrong}), COLOURS)


def test_an_adjustment_changes_what_is_below_it_in_its_group_as_far_as_it_is_not_held_back():
    document = grey_picture()
    invert = {"darkest": 255, "lightest": 0}
    held = Tiles(1).filled(Rect(0, 0, 16, 48), (255,)).filled(Rect(16, 0, 16, 48), (128,))
    layer = AdjustmentLayer(name="a", numbers=invert, tiles=held)
    above = RasterLayer(name="above", tiles=Tiles(4).filled(Rect(0, 0, 64, 8), (10, 20, 30, 255)))
    document.execute(AddLayer(layer))
    document.execute(AddLayer(above))
    seen = flatten(document.layers, document.rect)
    assert seen[20, 5].tolist() == [100, 100, 100, 255] and seen[20, 40].tolist() == [155, 155, 155, 255]
    assert seen[20, 20, 0] == pytest.approx(127, abs=1) and seen[2, 40].tolist() == [10, 20, 30, 255]
    document.execute(SetLayerProperty(layer.id, opacity=0.0))
    assert flatten(document.layers, document.rect)[20, 40, 0] == 100
    document.undo()
    group = GroupLayer(name="g", children=(RasterLayer(name="in"), replace_id(layer)))
    document.execute(AddLayer(group, 0))
    assert np.array_equal(flatten(document.layers, document.rect), seen)
    clear = Document(8, 8)
    clear.execute(AddLayer(AdjustmentLayer(name="a", numbers=invert)))
    assert not flatten(clear.layers, clear.rect).any()


def replace_id(layer):
    return layer.copied()


@pytest.mark.parametrize("kind", KINDS)
def test_adjustments_are_undone_saved_and_opened(tmp_path, kind):
    document = Document.new_from_turn(make_turn(1))
    before = contents(document)
    layer = AdjustmentLayer(name=kind, adjustment=kind, tiles=random_tiles(2, 1, Rect(5, 5, 30, 20)))
    document.execute(AddLayer(layer))
    for numbers in ({}, STRONG[kind]):
        document.execute(SetLayerProperty(layer.id, numbers=numbers))
    assert len(document.undo_stack) == 2 and document.undo_stack.next_undo.text == "Change adjustment"
    after, seen = contents(document), flatten(document.layers, document.rect)
    save_project(document, tmp_path / "a.palimpsest")
    opened = load_project(tmp_path / "a.palimpsest")
    assert contents(opened) == after and np.array_equal(flatten(opened.layers, opened.rect), seen)
    document.undo()
    document.undo()
    assert contents(document) == before


@pytest.mark.parametrize("ending", [".ora", ".psd"])
def test_other_programs_files_show_adjustments_in_the_merged_picture_and_that_is_told(tmp_path, ending):
    document = grey_picture()
    document.execute(AddLayer(AdjustmentLayer(name="darker", numbers={"lightest": 100})))
    told = required_layer_format(tmp_path / f"a{ending}").write(document.snapshot(), tmp_path / f"a{ending}")
    assert any("darker" in str(message) for message in told)
    required_layer_format(tmp_path / f"b{ending}").write(grey_picture().snapshot(), tmp_path / f"b{ending}")


def test_a_mask_shows_a_layer_where_it_is_painted_and_loses_nothing():
    document = grey_picture()
    layer = RasterLayer(name="red", tiles=Tiles(4).filled(Rect(0, 0, 64, 48), (200, 0, 0, 255)), opacity=0.5)
    document.execute(AddLayer(layer))
    before, seen = contents(document), flatten(document.layers, document.rect)
    command, mask = add_mask(document, layer.id, "red", "Mask of red")
    document.execute(command)
    assert np.array_equal(flatten(document.layers, document.rect), seen)
    document.undo()
    assert contents(document) == before
    document.execute(Select(Selection(Tiles(1).filled(Rect(0, 0, 20, 48), (255,)))))
    command, mask = add_mask(document, layer.id, "red", "Mask of red")
    document.execute(command)
    cut = flatten(document.layers, document.rect)
    assert np.array_equal(cut[:, :20], seen[:, :20]) and (cut[:, 20:] == GREY).all()
    assert document.layers[layer.id].tiles is layer.tiles and document.layers[mask].name == "Mask of red"


@pytest.mark.parametrize("name", list(FILTERS))
def test_a_filter_keeps_what_is_clear_and_even_and_is_one_step(name):
    document = grey_picture()
    layer = RasterLayer(name="a", tiles=random_tiles(3, 4, Rect(10, 10, 30, 20)), x=2)
    document.execute(AddLayer(layer))
    before = contents(document)
    numbers = {key: setting.usual for key, setting in FILTERS[name].settings.items()}
    document.execute(filtered(document.snapshot(), layer.id, Filtering(name, numbers), "Blurred"))
    assert document.undo_stack.next_undo.text == "Blurred"
    assert document.layers[layer.id].tiles.changed_keys(layer.tiles)
    document.undo()
    assert contents(document) == before
    even = np.full((20, 20, 4), GREY, np.uint8)
    if name != "noise":
        assert np.abs(Filtering(name, numbers).run(even).astype(int) - even).max() <= 1
    assert not Filtering(name, numbers).run(np.zeros((9, 9, 4), np.uint8)).any()


def test_a_filter_stays_in_the_selection_and_off_what_belongs_to_a_turn():
    document = Document.new_from_turn(make_turn(1))
    picture = document.picture_layer
    document.execute(Select(Selection(Tiles(1).filled(Rect(20, 20, 30, 30), (255,)))))
    seen = document.picture()
    document.execute(filtered(document.snapshot(), picture.id, Filtering("blur", {"radius": 6}), "Filtered"))
    assert document.picture_layer.tiles is picture.tiles
    assert [layer.name for layer in document.layers] == ["Picture", "Filtered"]
    after = document.picture()
    changed = (after != seen).any(axis=2)
    assert changed[20:50, 20:50].mean() > 0.9 and changed.sum() == changed[20:50, 20:50].sum()
    with pytest.raises(LayerError):
        filtered(document.snapshot(), None, Filtering("blur", {"radius": 6}), "Filtered")


def test_a_filtered_picture_looks_as_in_the_preview_where_it_is_clear_too():
    pixels = random_tiles(5, 4, Rect(0, 0, 64, 48)).read(Rect(0, 0, 64, 48))
    pixels[:, :20, 3] = 255
    pixels[10:30, 30:] = 0
    document, wanted = Document.new_from_picture(pixels), Filtering("blur", {"radius": 3})
    before = contents(document)
    expected = filtered_part(document.picture_layer, document.rect, wanted).astype(int)
    document.execute(filtered(document.snapshot(), document.picture_layer_id, wanted, "Filtered"))
    seen = flatten(document.layers, document.rect).astype(int)
    assert np.abs((seen - expected)[..., 3]).max() <= 1
    assert np.abs((seen - expected)[..., :3] * expected[..., 3:] / 255).max() <= 1
    assert [layer.name for layer in document.layers] == ["Picture", "Filtered"]
    document.undo()
    assert contents(document) == before


def test_blurring_brings_no_colour_out_of_what_is_clear():
    document = Document(64, 64)
    layer = RasterLayer(name="a", tiles=Tiles(4).filled(Rect(20, 20, 20, 20), (250, 0, 0, 255)))
    document.execute(AddLayer(layer))
    document.execute(filtered(document.snapshot(), layer.id, Filtering("blur", {"radius": 8}), "Filtered"))
    pixels = document.layers[layer.id].tiles.read(document.rect)
    assert 0 < pixels[17, 30, 3] < 255 and pixels[17, 30, 0] == 250 and not pixels[..., 1:3].any()
