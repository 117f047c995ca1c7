"""Where an edit may change the picture: the region that is meant, else the mask, else the selection."""

import numpy as np

from editor_core.document.commands import AddLayer, Select, SetLayerProperty
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import MaskLayer, RasterLayer, RegionLayer
from editor_core.document.selection import Selection
from editor_core.document.tiles import Tiles
from editor_core.workflow.targets import chosen_region, edited_part, region_named

SIZE = (30, 40)  # height, width


def spot(x: int, y: int) -> np.ndarray:
    mask = np.zeros(SIZE, np.uint8)
    mask[y : y + 5, x : x + 5] = 200
    return mask


def document_with(*layers) -> Document:
    document = Document.new_from_picture(np.zeros((*SIZE, 3), np.uint8))
    for layer in layers:
        document.execute(AddLayer(layer))
    return document


def test_anywhere_where_nothing_is_marked():
    assert edited_part(document_with(MaskLayer(name="empty"))) is None


def test_the_region_goes_before_the_mask_and_the_mask_before_the_selection():
    region = RegionLayer(name="door", tiles=Tiles(1).with_pixels(0, 0, spot(2, 2)), x=3, y=1)
    mask = MaskLayer(name="mask", tiles=Tiles(1).with_pixels(0, 0, spot(20, 10)))
    document = document_with(region, mask)
    document.execute(Select(Selection(Tiles(1).with_pixels(0, 0, spot(30, 20)))))
    assert np.array_equal(edited_part(document, region.id), spot(5, 3))
    assert np.array_equal(edited_part(document, mask.id), spot(20, 10))
    assert np.array_equal(edited_part(document), spot(20, 10))
    document.execute(SetLayerProperty(mask.id, visible=False))
    assert np.array_equal(edited_part(document), spot(30, 20))
    assert np.array_equal(edited_part(document.snapshot(), region.id), spot(5, 3))


def test_only_a_region_that_holds_something_is_meant():
    empty, paint = RegionLayer(name="empty"), RasterLayer(name="paint")
    document = document_with(empty, paint)
    assert [chosen_region(document, layer) for layer in (empty.id, paint.id, "gone", None)] == [None] * 4


def test_a_region_is_found_by_its_name_the_topmost_first():
    below = RegionLayer(name="door", tiles=Tiles(1).with_pixels(0, 0, spot(2, 2)))
    above = RegionLayer(name="door", tiles=Tiles(1).with_pixels(0, 0, spot(9, 9)))
    document = document_with(below, above, RegionLayer(name="door"), RasterLayer(name="wall"))
    assert region_named(document, "door") == above.id
    assert region_named(document, "wall") is None and region_named(document, None) is None
    assert edited_part(document, above.id).sum() == spot(9, 9).sum()
    assert document.rect == Rect(0, 0, 40, 30)
