"""Pictures from anywhere: orientation, profiles, depths, modes; and files that cannot be read."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from editor_core.base.errors import ImageFileError
from editor_core.project import png
from editor_core.project.image_io import (
    over_white,
    read_fitted_mask,
    read_fitted_sketch,
    read_image,
    read_mask,
    write_image,
    write_png,
)
from editor_core.project.metadata import provenance
from editor_core.project.picture_reading import read_picture
from support.documents import make_turn

RAMP = np.stack(np.meshgrid(np.arange(0, 250, 10), np.arange(0, 240, 16)), -1).astype(np.uint8)
RGB = np.dstack([RAMP, 255 - RAMP[..., 0]])
RGBA = np.dstack([RGB, RAMP[..., 1] // 2 + 50])


def saved(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


@pytest.mark.parametrize("ending", ["png", "webp"])
@pytest.mark.parametrize("pixels", [RGB, RGBA], ids=["rgb", "rgba"])
def test_lossless_formats_come_back_exactly(tmp_path: Path, ending: str, pixels: np.ndarray):
    path = tmp_path / f"a.{ending}"
    write_image(path, pixels)
    assert np.array_equal(read_image(path), pixels)


def test_jpeg_comes_back_nearly_and_on_white(tmp_path: Path):
    write_image(tmp_path / "a.jpg", RGBA)
    assert np.abs(read_image(tmp_path / "a.jpg").astype(int) - over_white(RGBA)).max() < 20
    write_image(tmp_path / "a.JPEG", RGB[..., 0])
    assert read_image(tmp_path / "a.JPEG").shape == RGB.shape


def test_alpha_that_hides_nothing_is_dropped(tmp_path: Path):
    write_png(tmp_path / "a.png", np.dstack([RGB, np.full(RGB.shape[:2], 255, np.uint8)]))
    assert np.array_equal(read_image(tmp_path / "a.png"), RGB)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_camera_s_orientation_is_followed(tmp_path: Path, orientation: int):
    # How the stored rows and columns must be turned, by the Exif standard's table.
    turned = [RGB, RGB[:, ::-1], RGB[::-1, ::-1], RGB[::-1], RGB.swapaxes(0, 1), np.rot90(RGB, -1)]
    turned += [np.rot90(RGB, 2).swapaxes(0, 1), np.rot90(RGB)]
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path / "a.png", Image.fromarray(RGB), exif=exif)
    assert np.array_equal(read_image(path), turned[orientation - 1])


def test_other_colour_spaces_become_srgb(tmp_path: Path):
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ"))
    path = saved(tmp_path / "a.png", Image.fromarray(RGB), icc_profile=lab.tobytes())
    assert read_image(path).shape == RGB.shape
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert np.array_equal(read_image(saved(tmp_path / "b.png", Image.fromarray(RGB), icc_profile=srgb)), RGB)


def wide_gamut_profile() -> bytes:
    """An sRGB profile whose red and blue primaries are exchanged, under another name."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = data.index(b"rXYZ"), data.index(b"bXYZ")
    data[red : red + 4], data[blue : blue + 4] = b"bXYZ", b"rXYZ"
    name = "sRGB".encode("utf-16-be")
    data = data.replace(name, "test".encode("utf-16-be")).replace(b"sRGB built", b"test built")
    return bytes(data)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_a_profile_is_really_applied(tmp_path: Path, mode: str):
    pixels = np.zeros((4, 4, 4), np.uint8)
    pixels[...] = (255, 0, 0, 200)
    image = Image.fromarray(pixels if mode == "RGBA" else pixels[..., :3]).convert(mode)
    result = read_image(saved(tmp_path / "a.png", image, icc_profile=wide_gamut_profile()))
    assert result[0, 0, 2] > 200 > 60 > result[0, 0, 0], "red was blue all along"
    assert result.shape[2] == (4 if mode == "RGBA" else 3)
    assert mode != "RGBA" or (result[..., 3] == 200).all()


def test_a_profile_that_does_not_fit_is_passed_over(tmp_path: Path):
    path = saved(tmp_path / "a.png", Image.fromarray(RGB), icc_profile=b"not a profile")
    assert np.array_equal(read_image(path), RGB)


def test_sixteen_bits_keep_the_brightness(tmp_path: Path):
    grey = np.linspace(0, 65535, 64).astype(np.uint16).reshape(8, 8)
    result = read_image(saved(tmp_path / "a.png", Image.fromarray(grey)))
    assert result.shape == (8, 8, 3) and np.array_equal(result[..., 0], np.rint(grey / 257).astype(np.uint8))


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK"])
def test_other_modes_become_rgb(tmp_path: Path, mode: str):
    image = Image.fromarray(RGB).convert(mode)
    path = saved(tmp_path / ("a.jpg" if mode == "CMYK" else "a.png"), image)
    with Image.open(path) as reopened:
        assert np.array_equal(read_image(path), np.asarray(reopened.convert("RGB")))


def test_transparency_of_palettes_and_grey_is_kept(tmp_path: Path):
    palette = Image.fromarray(RGB).quantize(16)
    assert read_image(saved(tmp_path / "p.png", palette, transparency=3)).shape[2] == 4
    grey = Image.fromarray(RGBA).convert("LA")
    assert np.array_equal(read_image(saved(tmp_path / "g.png", grey))[..., 3], RGBA[..., 3])


# -- files that cannot be read


def sentence_of(path: Path) -> str:
    with pytest.raises(ImageFileError) as caught:
        read_image(path)
    sentence = str(caught.value)
    assert path.name in sentence and sentence.endswith(".") and "\n" not in sentence
    return sentence


def test_missing_wrong_and_foreign_files(tmp_path: Path):
    assert "does not exist" in sentence_of(tmp_path / "none.png")
    (tmp_path / "folder.png").mkdir()
    assert "is a folder" in sentence_of(tmp_path / "folder.png")
    for name, content in (("text.png", b"hello"), ("empty.png", b""), ("script.png", b"#!/bin/sh\n" * 50)):
        (tmp_path / name).write_bytes(content)
        assert "can be opened (PNG, JPEG, WebP" in sentence_of(tmp_path / name)
    saved(tmp_path / "a.pcx", Image.fromarray(RGB))
    assert "is no picture of a kind" in sentence_of(tmp_path / "a.pcx")


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("ending", ["png", "jpg", "webp", "avif", "tiff"])
def test_files_cut_off_at_any_place(tmp_path: Path, ending: str):
    whole = tmp_path / f"whole.{ending}"
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    write_image(whole, noise)
    data, all_of_it = whole.read_bytes(), read_image(whole)
    cut = tmp_path / f"cut.{ending}"
    opened = 0
    for length in np.linspace(1, len(data) * 0.95, 25).astype(int):
        cut.write_bytes(data[:length])
        try:
            read = read_picture(cut)
        except ImageFileError:
            sentence_of(cut)
        else:
            opened += 1
            assert "cut off" in str(read.told[0])
            assert np.array_equal(read.pixels[0, :8], all_of_it[0, :8]), "what is there is right"
    assert opened > (15 if ending in ("png", "jpg") else -1)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow tells of damaged Exif data and goes on
@pytest.mark.parametrize("ending", ["png", "jpg", "webp"])
def test_random_damage_is_a_sentence_or_a_picture(tmp_path: Path, ending: str):
    whole = tmp_path / f"whole.{ending}"
    write_image(whole, RGB, provenance([make_turn(1)]))
    data, random = whole.read_bytes(), np.random.default_rng(0)
    damaged = tmp_path / f"damaged.{ending}"
    for _ in range(80):
        copy = bytearray(data)
        for place in random.integers(0, len(copy), 3):
            copy[place] = random.integers(256)
        damaged.write_bytes(copy)
        try:
            assert read_image(damaged).dtype == np.uint8
        except ImageFileError as error:
            assert "damaged" in str(error)


def test_pictures_beyond_the_limits(tmp_path: Path, monkeypatch):
    saved(tmp_path / "long.png", Image.new("L", (png.MAX_SIDE + 1, 1)))
    assert "at most 16384 pixels per side" in sentence_of(tmp_path / "long.png")
    monkeypatch.setattr(png, "MAX_PIXELS", 100)
    saved(tmp_path / "big.png", Image.new("L", (11, 10)))
    assert "11 × 10 pixels" in sentence_of(tmp_path / "big.png")


@pytest.mark.parametrize("side", [12_000, 40_000])
def test_a_decompression_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, side: int):
    saved(tmp_path / "a.png", Image.new("1", (8, 8)))
    data = bytearray((tmp_path / "a.png").read_bytes())
    data[16:24] = side.to_bytes(4) * 2
    data[29:33] = png.zlib.crc32(bytes(data[12:29])).to_bytes(4)
    (tmp_path / "bomb.png").write_bytes(data)
    assert "too large" in sentence_of(tmp_path / "bomb.png")


# -- masks


def test_masks_from_any_picture(tmp_path: Path):
    mask = RGB[..., 0]
    write_png(tmp_path / "grey.png", mask)
    assert np.array_equal(read_mask(tmp_path / "grey.png"), mask)
    white = np.full((*mask.shape, 3), 255, np.uint8)
    write_png(tmp_path / "white on nothing.png", np.dstack([white, mask]))
    assert np.array_equal(read_mask(tmp_path / "white on nothing.png"), mask)
    write_png(tmp_path / "black on nothing.png", np.dstack([white * 0, mask]))
    assert np.array_equal(read_mask(tmp_path / "black on nothing.png"), mask)
    write_png(tmp_path / "black.png", white * 0)
    assert not read_mask(tmp_path / "black.png").any()


def test_a_mask_says_what_was_done_to_it(tmp_path: Path):
    drawing = np.full((20, 30, 3), 255, np.uint8)
    drawing[5:10, 5:15] = 0
    write_png(tmp_path / "drawing.png", drawing)
    found = read_fitted_mask(tmp_path / "drawing.png", 60, 40)
    assert found.pixels.shape == (40, 60) and found.pixels[15, 20] == 255 and not found.pixels[0, 0]
    assert [str(message) for message in found.told] == [
        "The dark marks of “drawing.png” were taken, not the light around them.",
        "“drawing.png” was scaled from 30 × 20 to 60 × 40 pixels.",
    ]
    write_png(tmp_path / "empty.png", np.zeros((20, 30), np.uint8))
    with pytest.raises(ImageFileError, match="Nothing is marked"):
        read_fitted_mask(tmp_path / "empty.png", 30, 20)


def test_a_mask_that_we_wrote_comes_back_as_it_was(tmp_path: Path):
    mask = np.full((20, 30), 255, np.uint8)
    mask[5:10, 5:15], mask[5:10, 4] = 0, 90
    write_png(tmp_path / "mask.png", mask)
    assert np.array_equal(read_fitted_mask(tmp_path / "mask.png", 30, 20).pixels, mask)


def test_a_sketch_of_light_strokes_on_nothing(tmp_path: Path):
    strokes = np.zeros((20, 30, 4), np.uint8)
    strokes[8, 3:20] = 255
    write_png(tmp_path / "a.png", strokes)
    found = read_fitted_sketch(tmp_path / "a.png", 30, 20)
    assert (
        found.pixels.shape == (20, 30, 3)
        and found.pixels[8, 5].min() == 255
        and found.pixels[0, 0].max() == 0
    )


# -- writing


def test_an_unknown_ending_is_refused(tmp_path: Path):
    for name in ("a.psd", "a.gif", "a", "a.jpg2"):
        with pytest.raises(ImageFileError, match=r"Pictures can be saved as \.png, \.jpg, "):
            write_image(tmp_path / name, RGB)
    assert not list(tmp_path.iterdir())


def test_a_picture_too_large_for_its_format_is_refused(tmp_path: Path):
    with pytest.raises(ImageFileError, match="cannot be saved as WebP"):
        write_image(tmp_path / "a.webp", np.zeros((1, 16_400, 3), np.uint8))
    assert not list(tmp_path.iterdir())


def test_a_failed_write_leaves_the_old_picture(tmp_path: Path):
    with pytest.raises(ImageFileError, match="does not exist"):
        write_image(tmp_path / "none" / "a.png", RGB)
    with pytest.raises(ImageFileError, match="does not exist"):
        write_png(tmp_path / "none" / "a", RGB)


def test_a_png_says_how_it_was_made(tmp_path: Path):
    first = make_turn(1, prompt="a fox\non snow, дом")
    chain = [first, make_turn(2, first, prompt="a cat\non snow, дом")]
    write_image(tmp_path / "a.png", RGB, provenance(chain))
    data = (tmp_path / "a.png").read_bytes()
    assert data.index(b"parameters") < data.index(b"IDAT") and b"zTXt" not in data
    with Image.open(tmp_path / "a.png") as image:
        assert image.text["parameters"].startswith(
            "a cat\non snow, дом\nSteps: 20, Sampler: DDIM, CFG scale: 7.5,"
        )
        assert [turn["prompt"] for turn in json.loads(image.text["palimpsest:edit"])["turns"]] == [
            "a fox\non snow, дом",
            "a cat\non snow, дом",
        ]
        assert "/trainedAlgorithmicMedia" in image.text["XML:com.adobe.xmp"]
        assert 0x0110 not in image.getexif()
    assert np.array_equal(read_image(tmp_path / "a.png"), RGB)


@pytest.mark.parametrize("ending", ["jpg", "webp"])
def test_jpeg_and_webp_say_it_in_the_user_comment(tmp_path: Path, ending: str):
    path = tmp_path / f"a.{ending}"
    write_image(path, RGB, provenance([make_turn(1, prompt="a fox, дом 😀")]))
    with Image.open(path) as image:
        comment = image.getexif().get_ifd(0x8769)[0x9286]
        assert comment.startswith(b"UNICODE\0") and b"trainedAlgorithmicMedia" in image.info["xmp"]
    assert comment[8:].decode("utf-16-be").startswith("a fox, дом 😀\nSteps: 20")


@pytest.mark.parametrize("ending", ["png", "jpg", "webp"])
def test_without_provenance_nothing_is_said(tmp_path: Path, ending: str):
    path = tmp_path / f"a.{ending}"
    write_image(path, RGB)
    data = path.read_bytes()
    assert not [word for word in (b"parameters", b"palimpsest", b"xmp", b"UNICODE") if word in data]


def test_png_bytes_hold_what_was_encoded():
    for pixels, mode in ((RGB, "RGB"), (RGBA, "RGBA"), (RGB[..., 0], "L")):
        assert np.array_equal(png.decode_png(png.encode_png(pixels), mode), pixels)
    with pytest.raises(ValueError, match="cut off"):
        png.decode_png(b"nothing", "RGB")
    noise = io.BytesIO()
    Image.fromarray(RGB).save(noise, "JPEG")
    with pytest.raises(ValueError, match="not a PNG"):
        png.decode_png(noise.getvalue(), "RGB")


@pytest.mark.parametrize("shape", [(300, 7), (300, 7, 3), (300, 7, 4), (5, 300, 3)])
def test_a_tall_picture_is_handed_over_in_bands(shape):
    pixels = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    assert np.array_equal(np.asarray(png.image_of(pixels)), pixels)
    assert np.array_equal(np.asarray(png.image_of(pixels[::-1])), pixels[::-1])
