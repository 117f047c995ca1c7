"""Arrays to images and back, tiles and their resolutions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QImage, QPainter

from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import LayerStack, RasterLayer
from editor_core.document.levels import halve
from editor_core.document.tiles import Tiles
from gui.canvas.pixel_view import PixelView
from gui.canvas.sources import DocumentSource
from gui.canvas.tile_cache import TILE, ArraySource, TileCache
from gui.canvas.viewport import Viewport
from gui.look.images import drawn_image, from_qimage, premultiplied, thumbnail, to_qimage


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

    def read(self, x, y, width, height, level=0):
        self.read_pixels += width * height
        return super().read(x, y, width, height, level)


def as_drawn(pixels):
    """What opaque pixels are as Qt draws them."""
    return np.dstack([pixels[..., ::-1], np.full(pixels.shape[:2], 255, np.uint8)])


def everything(cache, level):
    width, height = cache.source.size
    return cache.region(level, cache.covering(level, Rect(0, 0, width, height)))


def test_level_zero_shows_the_pixels_as_they_are():
    pixels = noise(300, 700, 3)
    cache = TileCache(ArraySource(pixels))
    area = cache.covering(0, Rect(TILE + 4, 10, TILE - 8, 100))
    assert area == Rect(TILE, 0, TILE, TILE)
    assert np.array_equal(cache.region(0, area), as_drawn(pixels)[:TILE, TILE : 2 * TILE])
    assert np.array_equal(cache.region(0, Rect(250, 20, 300, 50)), as_drawn(pixels)[20:70, 250:550])


def test_an_image_of_drawn_pixels_has_the_colours():
    pixels = noise(20, 30, 4)
    image = drawn_image(premultiplied(pixels)).convertToFormat(QImage.Format.Format_RGBA8888_Premultiplied)
    colour = image.pixelColor(7, 5)
    back = np.array([colour.red(), colour.green(), colour.blue(), colour.alpha()])
    assert np.abs(back - pixels[5, 7]).max() <= 255 / max(1, pixels[5, 7, 3])


def test_transparent_pixels_lend_no_colour_to_coarser_levels():
    pixels = np.zeros((4, 4, 4), np.uint8)
    pixels[:, :2] = (200, 100, 50, 255)
    pixels[:, 2:] = (0, 255, 0, 0)
    tiles = Tiles.from_array(pixels)
    document = Document(4, 4)
    document.set_layers(LayerStack((RasterLayer(name="Paint", tiles=tiles),)))
    coarse = everything(TileCache(DocumentSource(document)), 2)
    assert coarse[0, 0].tolist() == [25, 50, 100, 128]


def test_coarse_levels_average():
    flat = np.full((1000, 1000, 3), 77, np.uint8)
    coarse = everything(TileCache(ArraySource(flat)), 2)
    assert coarse.shape == (250, 250, 4) and (coarse[..., :3] == 77).all()


def test_the_level_always_has_enough_pixels():
    cache = TileCache(ArraySource(np.zeros((4000, 4000, 3), np.uint8)))
    assert [cache.level_for(zoom) for zoom in (8, 1, 0.51, 0.5, 0.26, 0.25)] == [0, 0, 0, 1, 1, 2]


def test_only_tiles_in_sight_are_read_and_only_once():
    source = Counting(noise(2048, 2048, 3))
    cache = TileCache(source)
    for rect in (Rect(0, 0, 100, 100), Rect(10, 10, 100, 100)):
        cache.region(0, cache.covering(0, rect))
    assert source.read_pixels == TILE * TILE


def test_a_refresh_reads_only_what_changed():
    source = Counting(noise(1024, 1024, 3))
    cache = TileCache(source)
    everything(cache, 2)
    source.read_pixels = 0
    cache.refresh(Rect(248, 248, 16, 8), 2, Rect(0, 0, 256, 256))
    everything(cache, 2)
    assert source.read_pixels == 4 * 2 + 8 * 4 + 16 * 8  # level 2, and what it is made of


@settings(max_examples=30, deadline=None)
@given(
    st.tuples(st.integers(1, 900), st.integers(1, 700)),
    st.lists(
        st.tuples(st.integers(-20, 900), st.integers(-20, 700), st.integers(1, 400), st.integers(1, 400))
    ),
    st.sampled_from([3, 2048]),
)
def test_after_refreshes_every_level_is_as_if_read_anew(size, changes, limit):
    pixels = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), np.uint8)
    cache = TileCache(ArraySource(pixels), limit)
    for level in (0, 1, 2):
        everything(cache, level)
    for number, rect in enumerate(changes):
        x, y, width, height = Rect(*rect)
        pixels[max(0, y) : max(0, y + height), max(0, x) : max(0, x + width)] = number
        cache.refresh(Rect(*rect), number % 3, Rect(0, 0, 300, 200))
    fresh = TileCache(ArraySource(pixels))
    for level in (0, 1, 2):
        assert np.array_equal(everything(cache, level), everything(fresh, level))


def test_the_cache_keeps_within_its_limit():
    cache = TileCache(ArraySource(noise(2048, 2048, 3)), limit=10)
    everything(cache, 0)
    assert len(cache) <= 10


def test_a_view_redraws_what_changed_and_nothing_else(qapp):
    pixels = noise(600, 800, 3)
    view, viewport = PixelView(ArraySource(pixels)), Viewport(800, 600, 800, 600)
    shown = QImage(800, 600, QImage.Format.Format_RGB32)
    for _ in range(2):
        painter = QPainter(shown)
        view.draw(painter, viewport)
        painter.end()
        assert np.array_equal(from_qimage(shown), pixels)
        pixels[100:300, 250:600] = 7
        view.invalidate(Rect(250, 100, 350, 200))


def test_a_frame_reads_only_for_a_while_and_asks_for_another(qapp, monkeypatch):
    monkeypatch.setattr("gui.canvas.pixel_view.BUDGET_MS", 0)
    pixels, asked = noise(600, 800, 3), []
    view = PixelView(ArraySource(pixels), lambda: asked.append(1))
    frames = [painted(view, Viewport(800, 600, 800, 600)) for _ in range(40)]
    assert len(asked) == -(-800 // TILE) * -(-600 // TILE) - 1  # tiles, one a frame
    assert np.array_equal(from_qimage(frames[-1]), pixels)
    assert (from_qimage(frames[0])[:10, :10] == 0).all()


def test_what_was_seen_before_stands_in_for_missing_tiles(qapp, monkeypatch):
    pixels = np.full((600, 800, 3), 200, np.uint8)
    view = PixelView(ArraySource(pixels), lambda: None)
    while (from_qimage(painted(view, Viewport(800, 600, 800, 600))) != 200).any():
        pass
    monkeypatch.setattr("gui.canvas.pixel_view.BUDGET_MS", 0)
    zoomed = painted(view, Viewport(800, 600, 800, 600, zoom=0.5, left=200, top=150))
    assert (from_qimage(zoomed)[200:400, 250:550] == 200).all()


def painted(view, viewport):
    """The view on black."""
    shown = QImage(800, 600, QImage.Format.Format_RGB32)
    shown.fill(0)
    painter = QPainter(shown)
    view.draw(painter, viewport)
    painter.end()
    return shown
