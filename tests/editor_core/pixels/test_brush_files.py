"""GIMP's brushes: grey and coloured ones, and what is none."""

import struct

import numpy as np
import pytest

from editor_core.base.errors import ImageFileError
from editor_core.pixels.brush_files import brush_of, read_brush

GREY = np.arange(12, dtype=np.uint8).reshape(3, 4) * 20


def gbr(pixels, *, name=b"Leaf\0", version=2, magic=b"GIMP", spacing=30, width=None):
    height, wide = pixels.shape[:2]
    depth = 1 if pixels.ndim == 2 else pixels.shape[2]
    header = struct.pack(">5I", 28 + len(name), version, width or wide, height, depth)
    return header + magic + struct.pack(">I", spacing) + name + pixels.tobytes()


def test_a_grey_brush():
    brush = brush_of(gbr(GREY), "x.gbr")
    assert (brush.name, brush.spacing) == ("Leaf", 0.3) and np.array_equal(brush.picture, GREY)
    assert brush_of(gbr(GREY, name=b"\0"), "old leaf.gbr").name == "old leaf"


def test_a_coloured_brush_is_what_is_dark_and_opaque():
    pixels = np.zeros((1, 3, 4), np.uint8)
    pixels[0] = [(0, 0, 0, 255), (255, 255, 255, 255), (0, 0, 0, 128)]
    assert brush_of(gbr(pixels), "x.gbr").picture.tolist() == [[255, 0, 128]]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"GIMP" * 3, gbr(GREY, version=1), gbr(GREY, magic=b"8BPS"), gbr(GREY)[:-1], gbr(GREY, width=9000),
        gbr(np.zeros((2, 2, 3), np.uint8)),
    ],
)  # fmt: skip
def test_what_is_no_brush_is_refused_in_a_sentence(data, tmp_path):
    (tmp_path / "x.gbr").write_bytes(data)
    with pytest.raises(ImageFileError, match=r"x\.gbr"):
        read_brush(tmp_path / "x.gbr")
