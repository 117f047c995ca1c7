"""Every kind of picture opens alike, and what its file says beside the pixels survives opening, saving and export."""

import io
import struct
import zipfile
import zlib
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from editor_core.base.errors import ImageFileError
from editor_core.document.document import Document
from editor_core.document.notes import PictureNotes
from editor_core.pixels.opencv import cv2
from editor_core.project.colour_profiles import is_srgb
from editor_core.project.file_kinds import holds_layers
from editor_core.project.image_io import read_image, write_image
from editor_core.project.matrix_profiles import deep_to_srgb, matrix_profile
from editor_core.project.metadata import Provenance
from editor_core.project.picture_reading import read_picture
from editor_core.project.project_file import load_project, save_project
from editor_core.project.readable_formats import READABLE, READABLE_SUFFIXES
from editor_core.project.xmp import merged

SOFT = np.dstack([*np.meshgrid(np.arange(0, 256, 4), np.arange(0, 256, 8)), np.full((32, 64), 90)]).astype(
    np.uint8
)
EXACT = (".png", ".tiff", ".bmp", ".tga", ".ppm")


@cache  # a profile says when it was made
def srgb_with_other_primaries() -> bytes:
    """A profile that calls itself sRGB and has red and blue exchanged."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = data.index(b"rXYZ"), data.index(b"bXYZ")
    data[red : red + 4], data[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(data)


@pytest.mark.parametrize(
    "suffix", [kind.suffixes[0] for kind in READABLE if kind.name not in ("Krita", "GIMP", "OpenEXR")]
)
def test_every_kind_opens_whatever_it_is_called(tmp_path: Path, suffix: str):
    path = tmp_path / f"a{suffix}"
    if suffix == ".heic":
        pytest.importorskip("pillow_heif").register_heif_opener()
    if suffix == ".jxl":
        pytest.importorskip("pillow_jxl")
    Image.fromarray(SOFT).save(path)
    renamed = path.rename(tmp_path / "picture")
    read = read_picture(renamed)
    assert read.pixels.shape == SOFT.shape and not read.told and not holds_layers(renamed)
    worst = np.abs(read.pixels.astype(int) - SOFT).mean()
    assert worst == 0 if suffix in EXACT else worst < 12


def test_a_file_of_krita_opens_flattened(tmp_path: Path):
    merged_png = io.BytesIO()
    Image.fromarray(SOFT).save(merged_png, "PNG")
    for name, kind in (("a.kra", "application/x-krita"), ("b.zip", "application/zip")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("mimetype", kind)
            archive.writestr("mergedimage.png", merged_png.getvalue())
    assert np.array_equal(read_image(tmp_path / "a.kra"), SOFT) and not holds_layers(tmp_path / "a.kra")
    with pytest.raises(ImageFileError, match="of a kind that can be opened"):
        read_image(tmp_path / "b.zip")
    assert {".heic", ".kra", ".jfif", ".gif"} - set(READABLE_SUFFIXES) <= {".heic"}


def test_a_missing_library_is_named(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("editor_core.project.readable_formats.READABLE", READABLE[:2])
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(40))
    with pytest.raises(ImageFileError, match="is a picture of the kind HEIC; a library"):
        read_image(tmp_path / "a.heic")


def test_of_an_animation_the_first_picture_opens_and_that_is_told(tmp_path: Path):
    frames = [Image.fromarray(np.full((8, 8, 3), value, np.uint8)) for value in (10, 200)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    read = read_picture(tmp_path / "a.gif")
    assert (
        read.pixels[0, 0, 0] < 60
        and str(read.told[0]) == "“a.gif” holds 2 pictures; the first one was opened."
    )


@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_sixteen_bits_are_rounded_and_the_loss_is_told(tmp_path: Path, suffix: str):
    deep = (np.arange(64 * 64 * 3, dtype=np.uint32) * 5 % 65536).astype(np.uint16).reshape(64, 64, 3)
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(cv2.imencode(f".{suffix}", deep[..., ::-1])[1].tobytes())
    read = read_picture(path)
    assert np.array_equal(read.pixels, np.rint(deep / 257).astype(np.uint8))
    assert "more than 8 bits" in str(read.told[0])


def linear_profile(curve: bytes) -> bytes:
    """sRGB's colours with another curve."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    at = len(data)
    for name in (b"rTRC", b"gTRC", b"bTRC"):
        struct.pack_into(">II", data, data.index(name) + 4, at, len(curve))
    return bytes(data + curve)


CURVES = {
    "identity": struct.pack(">4sII", b"curv", 0, 0),
    "gamma": struct.pack(">4sIIH", b"curv", 0, 1, 256),
    "points": struct.pack(">4sII2H", b"curv", 0, 2, 0, 65535),
    "parametric": struct.pack(">4sIHHi", b"para", 0, 0, 0, 65536),
    "in two parts": struct.pack(">4sIHH5i", b"para", 0, 3, 0, 65536, 65536, 0, 65536, 3000),
}


@pytest.mark.parametrize("curve", CURVES.values(), ids=CURVES.keys())
def test_linear_light_of_sixteen_bits_keeps_its_shadows(tmp_path: Path, curve: bytes):
    wanted = np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(3, axis=2)
    wanted[..., 1] //= 2
    share = wanted / 255
    light = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    deep = np.dstack([np.rint(light * 65535), np.full((16, 16), 65535)]).astype(np.uint16)
    deep[0, 0, 3] = 30_000
    png = cv2.imencode(".png", deep[..., [2, 1, 0, 3]])[1].tobytes()
    profile = linear_profile(curve)
    chunk = b"iCCPlinear\0\0" + zlib.compress(profile)
    packed = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    (tmp_path / "a.png").write_bytes(png[:33] + packed + png[33:])
    read = read_picture(tmp_path / "a.png")
    assert np.abs(read.pixels[..., :3].astype(int) - wanted).max() <= 1 and read.pixels[0, 0, 3] == 117
    assert read.notes.profile == profile and len(read.told) == 1


def test_what_is_no_matrix_profile_is_left_to_others():
    srgb = linear_profile(CURVES["gamma"])
    assert matrix_profile(srgb) is not None
    wrong = struct.pack(">4sIHH", b"para", 0, 9, 0)
    for damaged in (
        b"",
        srgb[:200],
        srgb.replace(b"rTRC", b"rXXX"),
        linear_profile(wrong),
        linear_profile(b"text" * 9),
    ):
        assert matrix_profile(damaged) is None
        assert deep_to_srgb(np.zeros((2, 2, 3), np.uint16), damaged) is None


def test_profiles_are_known_by_what_they_do(tmp_path: Path):
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    renamed = srgb.replace("sRGB".encode("utf-16-be"), "mine".encode("utf-16-be"))
    assert is_srgb(srgb) and is_srgb(renamed) and not is_srgb(srgb_with_other_primaries())
    Image.fromarray(SOFT).save(tmp_path / "a.png", icc_profile=renamed)
    read = read_picture(tmp_path / "a.png")
    assert np.array_equal(read.pixels, SOFT) and not read.notes.profile
    Image.fromarray(SOFT).save(tmp_path / "b.png", icc_profile=srgb_with_other_primaries())
    read = read_picture(tmp_path / "b.png")
    assert np.abs(read.pixels.astype(int) - SOFT).max() > 50
    assert read.notes.profile == srgb_with_other_primaries()


def test_grey_with_transparency_follows_its_profile(tmp_path: Path):
    grey = Image.fromarray(SOFT[..., 0]).convert("LA")
    linear = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    grey.putalpha(Image.fromarray(SOFT[..., 1]))
    grey.save(tmp_path / "a.png", icc_profile=linear)
    read = read_picture(tmp_path / "a.png")
    assert np.array_equal(read.pixels[..., 3], SOFT[..., 1]) and np.array_equal(
        read.pixels[..., 0], SOFT[..., 0]
    )


def test_a_profile_and_a_text_of_megabytes_open(tmp_path: Path):
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    texts = PngImagePlugin.PngInfo()
    texts.add_text("workflow", "x" * 3 * 2**20, zip=True)
    Image.fromarray(SOFT).save(tmp_path / "a.png", icc_profile=srgb + bytes(3 * 2**20), pnginfo=texts)
    assert np.array_equal(read_image(tmp_path / "a.png"), SOFT)


# -- what stands beside the pixels

PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6">'
    "<dc:rights>© Ada</dc:rights></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
)


def photo(path: Path) -> Path:
    """A JPEG as a camera writes it: turned, with copyright, resolution and a profile of its own."""
    exif = Image.Exif()
    exif[0x0112], exif[0x8298], exif[0x010F] = 6, "Ada", "Camera"
    Image.fromarray(SOFT).save(
        path,
        exif=exif,
        dpi=(300, 300),
        xmp=PACKET.encode(),
        icc_profile=srgb_with_other_primaries(),
        quality=95,
    )
    return path


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tiff", ".avif"])
def test_copyright_resolution_and_profile_survive_opening_saving_and_export(tmp_path: Path, suffix: str):
    read = read_picture(photo(tmp_path / "photo.jpg"))
    assert read.pixels.shape == (64, 32, 3), "it was turned upright"
    document = Document.new_from_picture(read.pixels)
    document.notes = read.notes
    save_project(document, tmp_path / "a.palimpsest")
    kept = load_project(tmp_path / "a.palimpsest").notes
    assert kept == read.notes and kept.dpi == (300, 300)
    said = Provenance(source_type="trainedAlgorithmicMedia", notes=kept)
    write_image(tmp_path / f"a{suffix}", read.pixels, said, original_colours=True)
    with Image.open(tmp_path / f"a{suffix}") as image:
        image.load()
        exif = image.getexif()
        assert exif[0x8298] == "Ada" and exif.get(0x0112, 1) == 1
        assert image.info["icc_profile"] == srgb_with_other_primaries()
        assert suffix in (".webp", ".avif") or round(image.info["dpi"][0]) == 300
    again = read_picture(tmp_path / f"a{suffix}")
    packet = again.notes.xmp.decode()
    assert "© Ada" in packet and "trainedAlgorithmicMedia" in packet and "Orientation" not in packet
    if suffix not in (".jpg", ".avif"):
        assert np.abs(again.pixels.astype(int) - read.pixels).max() <= 3, "there and back in another profile"
    write_image(tmp_path / f"b{suffix}", read.pixels, said.without_notes())
    plain = read_picture(tmp_path / f"b{suffix}").notes
    assert not plain.profile and b"Ada" not in plain.exif + plain.xmp


def test_ours_is_not_said_twice_in_a_packet():
    ours = '<rdf:Description xmlns:palimpsest="urn:palimpsest:edit:1">{}</rdf:Description>'
    once = merged(PACKET.encode(), ours.format("one"))
    twice = merged(once.encode(), ours.format("two"))
    assert ">two<" in twice and ">one<" not in twice and "© Ada" in twice
    assert merged(b"no packet", ours.format("one")).count("rdf:RDF") == 2 and merged(b"", "") == ""


def test_a_damaged_note_costs_nothing(tmp_path: Path):
    document = Document.new_from_picture(SOFT)
    document.notes = PictureNotes(exif=b"not exif", xmp=b"\xff\xfe", dpi=(72.0, 72.0))
    save_project(document, tmp_path / "a.palimpsest")
    loaded = load_project(tmp_path / "a.palimpsest")
    assert loaded.notes == document.notes
    said = Provenance(notes=replace(loaded.notes, profile=b"no profile"))
    write_image(tmp_path / "a.jpg", SOFT, said, original_colours=True)
    assert read_image(tmp_path / "a.jpg").shape == SOFT.shape
