"""Copy-on-write tiles against one plain array."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor_core.document.geometry import EMPTY, Rect
from editor_core.document.tiles import TILE_SIZE, Tiles, patch_rect, tile_rect

PLANE = Rect(-300, -300, 600, 600)
rects = st.builds(
    Rect, st.integers(-290, 200), st.integers(-290, 200), st.integers(1, 90), st.integers(1, 90)
)
writes = st.lists(
    st.tuples(st.sampled_from(["pixels", "fill", "erase"]), rects, st.integers(1, 255)), max_size=8
)


@settings(deadline=None, max_examples=60)
@given(writes)
def test_random_writes_equal_a_plain_array(steps: list[tuple[str, Rect, int]]):
    tiles, plain = Tiles(4), np.zeros((600, 600, 4), np.uint8)
    for action, rect, value in steps:
        before = tiles
        if action == "pixels":
            pixels = np.random.default_rng(value).integers(0, 256, (rect.height, rect.width, 4), np.uint8)
            tiles = tiles.with_pixels(rect.x, rect.y, pixels)
        else:
            pixels = np.full((1, 1, 4), value if action == "fill" else 0, np.uint8)
            tiles = tiles.filled(rect, tuple(pixels[0, 0].tolist()))
        assert before.read(PLANE).tobytes() == plain.tobytes(), "the old instance is as it was"
        plain[rect.slices_in(PLANE)] = pixels
        assert tiles.read(PLANE).tobytes() == plain.tobytes()
        changed = before.changed_keys(tiles)
        assert before.with_patch(tiles.patch(changed)).read(PLANE).tobytes() == plain.tobytes()
        assert tiles.with_patch(before.patch(changed)).changed_keys(before) == set()
    rows, columns = np.flatnonzero(plain.any(axis=(1, 2))), np.flatnonzero(plain.any(axis=(0, 2)))
    bounds = tiles.bounds()
    if not len(rows):
        assert bounds == EMPTY and len(tiles) == 0 and tiles.nbytes == 0
    else:
        assert (bounds.y, bounds.bottom) == (rows[0] - 300, rows[-1] - 299)
        assert (bounds.x, bounds.right) == (columns[0] - 300, columns[-1] - 299)
    assert all(tiles.tile(key).any() for key in tiles), "empty tiles are not kept"


def test_an_image_becomes_opaque_tiles():
    image = np.random.default_rng(0).integers(0, 256, (150, 260, 3), np.uint8)
    tiles = Tiles.from_rgb(image)
    rgba = tiles.read(Rect(0, 0, 260, 150))
    assert np.array_equal(rgba[..., :3], image) and (rgba[..., 3] == 255).all()
    assert tiles.bounds() == Rect(0, 0, 260, 150)


def test_masks_have_one_channel():
    mask = np.arange(12, dtype=np.uint8).reshape(3, 4)
    tiles = Tiles.from_array(mask, 5, -7)
    assert tiles.channels == 1 and np.array_equal(tiles.read(Rect(5, -7, 4, 3))[..., 0], mask)


def test_tiles_cannot_be_written_to():
    tiles = Tiles.from_rgb(np.zeros((128, 128, 3), np.uint8)).filled(Rect(0, 0, 5, 5), (1, 1, 1, 1))
    with pytest.raises(ValueError, match="read-only"):
        tiles.read(tile_rect((0, 0)))[0, 0] = 9


def test_a_stroke_copies_only_what_it_touches():
    tiles = Tiles.from_rgb(np.zeros((1024, 1024, 3), np.uint8))
    painted = tiles.filled(Rect(10, 10, 20, 20), (255, 0, 0, 255))
    assert painted.changed_keys(tiles) == {(0, 0)}
    assert patch_rect(painted.patch({(0, 0), (1, 2)})) == Rect(0, 0, 2 * TILE_SIZE, 3 * TILE_SIZE)


def test_an_empty_rectangle_changes_nothing():
    tiles = Tiles(4).filled(Rect(0, 0, 9, 9), (1, 1, 1, 1))
    assert tiles.filled(EMPTY, (5, 5, 5, 5)).changed_keys(tiles) == set() and not tiles.touches(EMPTY)


def test_a_large_even_area_costs_one_tile():
    tiles = Tiles(4).filled(Rect(0, 0, 8192, 8192), (255, 255, 255, 255))
    assert len(tiles) == 4096 and tiles.nbytes == TILE_SIZE * TILE_SIZE * 4


def test_equal_tiles_can_be_shared():
    image = np.random.default_rng(0).integers(0, 256, (300, 300, 3), np.uint8)
    tiles, same = Tiles.from_rgb(image), Tiles.from_rgb(image).filled(Rect(0, 0, 1, 1), (1, 2, 3, 4))
    shared = same.sharing(tiles)
    assert shared.changed_keys(tiles) == {(0, 0)}
    assert np.array_equal(shared.read(Rect(0, 0, 300, 300)), same.read(Rect(0, 0, 300, 300)))


@settings(deadline=None)
@given(rects, rects)
def test_rectangles_meet_and_join(a: Rect, b: Rect):
    common, both = a.intersected(b), a.united(b)
    assert common == b.intersected(a) and both == b.united(a)
    assert common == EMPTY or (common.united(a) == a and common.united(b) == b)
    assert both.intersected(a) == a and both.intersected(b) == b
    assert a.united(EMPTY) == a == EMPTY.united(a) and a.shifted(3, -4).shifted(-3, 4) == a


def test_combining_touches_only_what_is_covered_and_shares_plain_tiles():
    random = np.random.default_rng(3)
    tiles = Tiles.from_array(random.integers(1, 256, (300, 300, 4), np.uint8))
    coverage = np.zeros((300, 300, 1), np.uint8)
    coverage[10:280, 10:] = 255

    def paint(before, covered):
        return np.where(covered > 0, np.uint8(9), before)

    painted = tiles.combined(Rect(0, 0, 300, 300), coverage, paint)
    assert np.array_equal(
        painted.read(Rect(0, 0, 300, 300)), paint(tiles.read(Rect(0, 0, 300, 300)), coverage)
    )
    whole = Tiles(1).combined(Rect(0, 0, 256, 256), np.full((256, 256, 1), 7, np.uint8), lambda _, new: new)
    assert len(whole) == 4 and whole.nbytes == whole.tile((0, 0)).nbytes
    only = tiles.combined(Rect(130, 130, 20, 20), np.full((20, 20, 1), 255, np.uint8), paint)
    assert tiles.changed_keys(only) == {(1, 1)}
