"""PNG files written band by band: what Pillow reads of them, and how large they are beside Pillow's own."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from editor_core.base import paths
from editor_core.project.png_writer import BAND, encode_png

SHAPES = st.tuples(st.integers(1, 5), st.integers(1, 5), st.sampled_from([1, 3, 4])).map(
    lambda shape: shape[:2] if shape[2] == 1 else shape
)


def read(data):
    with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
        assert image.info["srgb"] == 0
        return np.asarray(image)


@given(arrays.arrays(np.uint8, SHAPES))
def test_every_pixel_comes_back(pixels):
    assert np.array_equal(read(encode_png(pixels)), pixels)


@pytest.mark.parametrize("rows", [BAND - 1, BAND, BAND + 1, 3 * BAND])
@pytest.mark.parametrize("channels", [3, 4])
def test_bands_join_without_a_seam(rows, channels):
    gradient = np.add.outer(np.arange(rows), np.arange(70))[..., None] * np.arange(1, channels + 1)
    pixels = gradient.astype(np.uint8)
    assert np.array_equal(read(encode_png(pixels)), pixels)
    assert np.array_equal(read(encode_png(pixels[::-1])), pixels[::-1])  # not in one piece of memory


def test_files_are_no_larger_than_pillow_s():
    """Each of the filters pays somewhere: a picture, a gradient, plain colour, noise."""
    with Image.open(paths.resources() / "welcome.jpg") as image:
        picture = np.asarray(image.convert("RGB"))
    ramp = np.add.outer(np.arange(200), np.arange(200))[..., None].astype(np.uint8).repeat(3, axis=2)
    noise = np.random.default_rng(0).integers(0, 256, (200, 200, 3), np.uint8)
    for pixels in (picture, ramp, np.full((200, 200, 3), 7, np.uint8), noise):
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "PNG", compress_level=1)
        assert len(encode_png(pixels)) <= 1.05 * len(file.getvalue()) + 256
