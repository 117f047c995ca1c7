"""Arrays to images and back, tiles and their resolutions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage

from gui.canvas.tile_cache import TILE, ArraySource, TileCache, halve
from gui.worker.images import from_qimage, thumbnail, to_qimage


def noise(*shape):
    return np.random.default_rng(5).integers(0, 256, shape, np.uint8)


@pytest.mark.parametrize("shape", [(5, 7, 3), (4, 3, 4), (1, 1, 3)])
def test_pixels_survive_the_way_to_an_image_and_back(shape):
    pixels = noise(*shape)
    assert np.array_equal(from_qimage(to_qimage(pixels)), pixels)


def test_an_image_owns_its_pixels():
    pixels = noise(6, 6, 3)
    image, before = to_qimage(pixels), pixels.copy()
    pixels[:] = 0
    assert np.array_equal(from_qimage(image), before)
    back = from_qimage(image)
    back[:] = 9
    assert np.array_equal(from_qimage(image), before)


def test_grey_and_strided_pixels():
    pixels = noise(8, 8)[::2, ::-1]
    image = to_qimage(pixels)
    assert image.format() == QImage.Format.Format_Grayscale8
    assert np.array_equal(from_qimage(image)[..., 0], pixels)


def test_a_thumbnail_keeps_the_proportions():
    image = thumbnail(noise(300, 1200, 3), 64)
    assert (image.width(), image.height()) == (64, 16)


@given(st.integers(1, 70), st.integers(1, 70))
def test_halving_is_the_mean_of_four(height, width):
    pixels = noise(height, width, 3)
    half = halve(pixels)
    assert half.shape == (-(-height // 2), -(-width // 2), 3)
    block = pixels[:2, :2].astype(int)
    if height > 1 and width > 1:
        assert np.array_equal(half[0, 0], (block.sum((0, 1)) + 2) // 4)


class Counting(ArraySource):
    """Counts the pixels that are read."""

    read_pixels = 0

    def read(self, x, y, width, height):
        self.read_pixels += width * height
        return super().read(x, y, width, height)


def test_level_zero_shows_the_pixels_as_they_are():
    pixels = noise(300, 700, 3)
    image, covered = TileCache(ArraySource(pixels)).image(0, 260, 10, 200, 100)
    assert (covered.x(), covered.y()) == (TILE, 0)
    assert np.array_equal(from_qimage(image), pixels[:TILE, TILE : 2 * TILE])


def test_coarse_levels_average():
    flat = np.full((1000, 1000, 3), 77, np.uint8)
    image, covered = TileCache(ArraySource(flat)).image(2, 0, 0, 1000, 1000)
    assert (covered.width(), covered.height()) == (250, 250)
    assert (from_qimage(image) == 77).all()


def test_the_level_always_has_enough_pixels():
    cache = TileCache(ArraySource(np.zeros((4000, 4000, 3), np.uint8)))
    assert [cache.level_for(zoom) for zoom in (8, 1, 0.51, 0.5, 0.26, 0.25)] == [0, 0, 0, 1, 1, 2]


def test_only_tiles_in_sight_are_read_and_only_once():
    source = Counting(noise(2048, 2048, 3))
    cache = TileCache(source)
    cache.image(0, 0, 0, 100, 100)
    cache.image(0, 10, 10, 100, 100)
    assert source.read_pixels == TILE * TILE


def test_a_changed_rectangle_is_read_again_on_every_level():
    pixels = noise(1024, 1024, 3)
    cache = TileCache(ArraySource(pixels))
    for level in (0, 1, 2):
        cache.image(level, 0, 0, 1024, 1024)
    pixels[600:700, 600:700] = 0
    cache.invalidate(600, 600, 100, 100)
    fresh = TileCache(ArraySource(pixels))
    for level in (0, 1, 2):
        changed, expected = (c.image(level, 0, 0, 1024, 1024)[0] for c in (cache, fresh))
        assert np.array_equal(from_qimage(changed), from_qimage(expected))


def test_the_cache_keeps_within_its_limit():
    cache = TileCache(ArraySource(noise(2048, 2048, 3)), limit=10)
    cache.image(0, 0, 0, 2048, 2048)
    assert len(cache) <= 10
