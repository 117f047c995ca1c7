"""OpenEXR's pictures open as what they look like: linear light in sRGB, cut off at white, their transparency kept."""

from pathlib import Path

import numpy as np
import pytest

from editor_core.base.errors import ImageFileError
from editor_core.project.picture_reading import read_picture
from editor_core.project.readable_formats import READABLE

OpenEXR = pytest.importorskip("OpenEXR")

LEVELS = np.arange(256, dtype=np.float64) / 255
LIGHT = np.where(LEVELS <= 0.04045, LEVELS / 12.92, ((LEVELS + 0.055) / 1.055) ** 2.4)


def write(path: Path, channels: dict[str, np.ndarray], **header: object) -> Path:
    known = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    with OpenEXR.File(known | header, channels) as file:
        file.write(str(path))
    return path


def every_level() -> np.ndarray:
    """float32 (16, 16, 3) of linear light: each of 256 levels of sRGB, in three orders."""
    planes = [LIGHT, LIGHT[::-1], np.roll(LIGHT, 90)]
    return np.dstack([plane.reshape(16, 16) for plane in planes]).astype(np.float32)


def test_every_level_of_srgb_comes_out_as_it_went_in_and_the_loss_is_told(tmp_path: Path):
    read = read_picture(write(tmp_path / "a.exr", {"RGB": every_level()}))
    levels = np.arange(256)
    expected = np.dstack([plane.reshape(16, 16) for plane in (levels, levels[::-1], np.roll(levels, 90))])
    assert np.array_equal(read.pixels, expected) and read.kind == "EXR"
    assert [str(each) for each in read.told] == [
        "“a.exr” has more than 8 bits per colour; it was opened with 8, the file keeps the others."
    ]


def test_half_precision_premultiplied_colours_and_what_is_no_number(tmp_path: Path):
    light = every_level()
    light[0, :4] = (np.nan, np.inf, -3.0)
    alpha = np.full((16, 16, 1), 0.25, np.float32)
    rgba = np.dstack([light * alpha, alpha]).astype(np.float16)
    pixels = read_picture(write(tmp_path / "a.exr", {"RGBA": rgba})).pixels
    assert (pixels[..., 3] == 64).all()
    assert pixels[0, 0].tolist() == [0, 255, 0, 64]
    opaque = read_picture(write(tmp_path / "b.exr", {"RGB": every_level()})).pixels
    assert np.abs(pixels[1:, :, :3].astype(int) - opaque[1:]).max() <= 1


def test_grey_alone_is_grey_and_the_window_that_is_shown_decides(tmp_path: Path):
    grey = np.ascontiguousarray(every_level()[..., 0])
    shown = (np.array([-4, 2], np.int32), np.array([7, 21], np.int32))
    stored = (np.array([0, 0], np.int32), np.array([15, 15], np.int32))
    path = write(tmp_path / "a.exr", {"Y": grey}, displayWindow=shown, dataWindow=stored)
    pixels = read_picture(path).pixels
    assert pixels.shape == (20, 12, 4)
    assert (pixels[:, :4, 3] == 0).all() and (pixels[14:, :, 3] == 0).all()
    levels = np.arange(256).reshape(16, 16)
    assert np.array_equal(pixels[:14, 4:, 0], levels[2:, :8]) and (pixels[:14, 4:, 3] == 255).all()
    assert np.array_equal(pixels[..., 0], pixels[..., 2])


def test_what_is_cut_off_or_has_no_colours_is_refused(tmp_path: Path, capfd):
    whole = write(tmp_path / "a.exr", {"RGB": every_level()}).read_bytes()
    for length in (4, 60, len(whole) // 2):
        (tmp_path / "b.exr").write_bytes(whole[:length])
        with pytest.raises(ImageFileError, match="could not be read"):
            read_picture(tmp_path / "b.exr")
    depth = write(tmp_path / "c.exr", {"Z": every_level()[..., 0]})
    with pytest.raises(ImageFileError, match="could not be read"):
        read_picture(depth)


def test_a_missing_library_is_named(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("editor_core.project.readable_formats.READABLE", READABLE[:2])
    (tmp_path / "a.exr").write_bytes(b"v/1\x01" + bytes(40))
    with pytest.raises(ImageFileError, match="is a picture of the kind OpenEXR; a library"):
        read_picture(tmp_path / "a.exr")
