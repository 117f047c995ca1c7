"""GIMP's files: every version, precision and way to pack; layers as layers; what is wrong is told."""

import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import ImageCms

from editor_core.base.errors import ImageFileError, ProjectError
from editor_core.document.compositing import flatten
from editor_core.document.geometry import Rect
from editor_core.document.layers import GroupLayer, RasterLayer
from editor_core.project.documents import load_document
from editor_core.project.file_kinds import OPENABLE_SUFFIXES, holds_layers
from editor_core.project.gimp import pixels as xcf_pixels
from editor_core.project.gimp.reading import gimp_layers, read_gimp
from editor_core.project.picture_reading import read_picture
from support.xcf_files import KINDS, XcfFile, XcfLayer, parasite, prop

PAINT = np.zeros((70, 130, 4), np.uint8)
PAINT[..., 0], PAINT[..., 1] = np.arange(130) * 1.9, np.arange(70)[:, None] * 3
PAINT[..., 2] = np.random.default_rng(0).integers(0, 256, (70, 130))
PAINT[10:, :, 3] = 255


def opened(tmp_path: Path, file: XcfFile):
    path = tmp_path / "a.xcf"
    path.write_bytes(file.written())
    return load_document(path)


def seen(document) -> np.ndarray:
    return flatten(document.layers, document.rect)


@pytest.mark.parametrize("version", [0, 2, 3, 7, 10, 11, 12, 14, 18, 20])
@pytest.mark.parametrize("compression", [0, 1, 2])
def test_every_version_and_packing_comes_back_exactly(tmp_path, version, compression):
    file = XcfFile(130, 70, [XcfLayer(PAINT, mode=0)], version=version, compression=compression)
    document = opened(tmp_path, file)
    (layer,) = document.layers
    assert layer.name == "layer" and not document.origin.lost
    assert np.array_equal(seen(document)[10:], PAINT[10:]) and not seen(document)[:10].any()


@pytest.mark.parametrize(("hundred", "kind"), KINDS.items())
@pytest.mark.parametrize("linear", [True, False])
def test_every_precision_becomes_the_same_picture(tmp_path, hundred, kind, linear):
    ramp = np.linspace(0, 1, 48).reshape(6, 2, 4)
    ramp[..., 3] = 1
    stored = np.where(ramp <= 0.04045, ramp / 12.92, ((ramp + 0.055) / 1.055) ** 2.4) if linear else ramp
    whole = kind.startswith("u")
    values = np.rint(stored * np.iinfo(kind).max).astype(kind) if whole else stored.astype(kind)
    document = opened(
        tmp_path, XcfFile(2, 6, [XcfLayer(values)], version=12, precision=hundred + (0 if linear else 50))
    )
    off = np.abs(seen(document).astype(int) - np.rint(ramp * 255))
    assert off.max() <= (7 if (linear, kind) == (True, "u1") else 1)  # 8 bits of light are few in the shadows
    assert bool(document.origin.lost) is (kind != "u1")


@pytest.mark.parametrize(
    ("version", "code", "kind"), [(4, 1, "u2"), (4, 4, "f4"), (5, 450, "f2"), (6, 500, "f4")]
)
def test_precisions_of_gimp_in_the_making(tmp_path, version, code, kind):
    white = np.ones((2, 2, 3), kind) if kind[0] == "f" else np.full((2, 2, 3), 65535, kind)
    assert (
        seen(opened(tmp_path, XcfFile(2, 2, [XcfLayer(white)], version=version, precision=code))) == 255
    ).all()


def test_grey_and_indexed_pictures(tmp_path):
    grey = np.dstack([np.arange(9).reshape(3, 3) * 20, np.full((3, 3), 255)]).astype(np.uint8)
    found = seen(opened(tmp_path, XcfFile(3, 3, [XcfLayer(grey)], base=1)))
    assert np.array_equal(found, grey[..., [0, 0, 0, 1]])
    colours = bytes((9, 8, 7, 200, 100, 50))
    palette = prop(1, struct.pack(">I", 2) + colours)
    wrong_length = palette[:4] + struct.pack(">I", 6) + palette[8:]  # as old programs wrote it
    indices = np.array([[[0, 255], [1, 255], [1, 0]]], np.uint8)
    for more in (palette, wrong_length):
        found = seen(opened(tmp_path, XcfFile(3, 1, [XcfLayer(indices)], base=2, more=more)))
        assert found[0].tolist() == [[9, 8, 7, 255], [200, 100, 50, 255], [0, 0, 0, 0]]


def flat(colour: tuple[int, ...], side: int = 8) -> np.ndarray:
    return np.full((side, side, len(colour)), colour, np.uint8)


def test_layers_come_as_layers(tmp_path):
    """Groups, names, offsets, visibility, opacity, masks, and modes that are the same in both programs."""
    mask = np.zeros((8, 8), np.uint8)
    mask[:, :4] = 255
    layers = [
        XcfLayer(flat((0, 0, 255, 255)), "hidden", visible=False, opacity=0.5),
        XcfLayer(flat((1, 1, 1, 255)), "group", is_group=True, path=(1,), spaces=(1, 2, 2)),
        XcfLayer(flat((0, 255, 0, 255)), "masked", x=4, y=-2, mask=mask, path=(1, 0)),
        XcfLayer(
            flat((255, 0, 0, 255)), "held", mask=mask, apply_mask=False, path=(1, 1), opacity=0.4, mode=0
        ),
        XcfLayer(flat((10, 20, 30, 255), 16), "Grund"),
    ]
    document = opened(tmp_path, XcfFile(16, 16, layers))
    ground, group, hidden = document.layers
    assert [ground.name, group.name, hidden.name] == ["Grund", "group", "hidden"]
    assert not hidden.visible and hidden.opacity == 0.5
    held, masked = group.children
    assert (masked.x, masked.y) == (4, -2)
    assert (masked.tiles.read(Rect(0, 0, 8, 8))[..., 3] == mask).all()
    assert held.opacity == pytest.approx(0.4) and isinstance(group, GroupLayer) and group.isolated
    assert [str(each) for each in document.origin.lost] == [
        "The mask of the layer “masked” became part of its transparency."
    ]
    assert seen(document)[2, 5].tolist() == [0, 255, 0, 255]


def test_a_groups_mask_cuts_the_group(tmp_path):
    mask = np.zeros((8, 8), np.uint8)
    mask[:, :4] = 255
    layers = [
        XcfLayer(flat((1, 1, 1, 255)), "group", is_group=True, path=(0,), mask=mask),
        XcfLayer(flat((255, 0, 0, 255)), path=(0, 0)),
    ]
    found = seen(opened(tmp_path, XcfFile(8, 8, layers, version=13)))
    assert (found[:, :4] == (255, 0, 0, 255)).all() and not found[:, 4:].any()


def test_what_gimp_blends_its_own_way_becomes_a_normal_layer_and_that_is_told(tmp_path):
    soft = flat((200, 100, 50, 128))
    layers = [
        XcfLayer(soft, "glow", mode=45),
        XcfLayer(soft, "soft"),
        XcfLayer(flat((40, 90, 200, 255)), "ground"),
    ]
    document = opened(tmp_path, XcfFile(8, 8, layers))
    assert {layer.blend_mode for layer in document.layers} == {"normal"}
    assert "soft, glow" in str(document.origin.lost[0]) and "its own way" in str(document.origin.lost[0])
    same = opened(
        tmp_path, XcfFile(8, 8, [replace(layers[0], mode=3, pixels=flat((200, 100, 50, 255))), layers[2]])
    )
    assert same.layers.layers[1].blend_mode == "multiply" and not same.origin.lost


def test_a_passed_through_group_that_fades_is_merged_and_told(tmp_path):
    layers = [
        XcfLayer(
            flat((1, 1, 1, 255)), "fading", is_group=True, path=(0,), mode=61, opacity=0.5, spaces=(1, 2, 2)
        ),
        XcfLayer(flat((200, 200, 200, 255)), "in it", mode=3, path=(0, 0)),
        XcfLayer(flat((100, 100, 100, 255)), "ground"),
    ]
    document = opened(tmp_path, XcfFile(8, 8, layers))
    (merged,) = document.layers
    assert (
        isinstance(merged, RasterLayer)
        and merged.name == "ground"
        and "merged" in str(document.origin.lost[0])
    )
    assert abs(int(seen(document)[0, 0, 0]) - (100 + 100 * 200 / 255) / 2) <= 1


def test_the_profile_is_followed_and_kept_and_so_is_the_resolution(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    more = prop(21, parasite("comment", b"x") + parasite("icc-profile", profile)) + prop(
        19, struct.pack(">ff", 300, 300)
    )
    document = opened(tmp_path, XcfFile(8, 8, [XcfLayer(flat((10, 200, 30, 255)))], more=more))
    assert document.notes.dpi == (300, 300) and not document.notes.profile  # it is sRGB's own
    assert seen(document)[0, 0].tolist() == [10, 200, 30, 255]


def test_it_opens_as_one_picture_too(tmp_path):
    path = tmp_path / "renamed.png"
    path.write_bytes(XcfFile(130, 70, [XcfLayer(PAINT)]).written())
    read = read_picture(path)
    assert read.pixels.shape == (70, 130, 4) and np.array_equal(read.pixels[10:], PAINT[10:])
    assert holds_layers(path) and ".xcf" in OPENABLE_SUFFIXES


# -- damaged, and made to harm -----------------------------------------------------------------------------------------


def test_damaged_files_are_refused_in_a_sentence_or_opened_in_part(tmp_path):
    layers = [XcfLayer(PAINT[:20, :20], "one"), XcfLayer(PAINT[:, :70], "two", mask=PAINT[:, :70, 3])]
    data, random = XcfFile(80, 70, layers).written(), np.random.default_rng(0)
    opened = 0
    for number in range(300):
        damaged = bytearray(data)
        if number % 3 == 0:
            del damaged[random.integers(1, len(data)) :]
        for _ in range(number % 3):
            damaged[random.integers(0, min(len(data), 600 if number % 2 else len(data)))] = random.integers(
                0, 256
            )
        try:
            snapshot, lost = gimp_layers(bytes(damaged), "damaged.xcf", ProjectError)
            flatten(snapshot.layers, snapshot.rect)
            opened += len(lost) > 1  # its mask is told of the second layer
        except ProjectError as error:
            assert "damaged.xcf" in str(error) and "Error" not in str(error)
    assert opened


def test_of_a_file_that_is_cut_off_the_whole_layers_open(tmp_path):
    layers = [XcfLayer(PAINT, "first"), XcfLayer(PAINT, "second"), XcfLayer(PAINT, "third")]
    data = XcfFile(130, 70, layers).written()
    snapshot, lost = gimp_layers(data[: data.index(b"third") - 4], "a.xcf", ProjectError)
    assert [layer.name for layer in snapshot.layers] == ["second", "first"]
    assert str(lost[0]) == "“a.xcf” is damaged: 1 of its layers cannot be read."
    with pytest.raises(ProjectError, match="damaged or incomplete"):
        gimp_layers(data[: data.index(b"first")], "a.xcf", ProjectError)


def huge(side: int, count: int) -> bytes:
    """Many large layers, all of whose tiles are the same few bytes."""
    tile = XcfLayer(flat((1, 2, 3, 255), 64), x=1, y=1)
    data = bytearray(XcfFile(64, 64, [tile] * count).written())
    where = data.rindex(struct.pack(">II", 64, 64) + bytes(3))
    (tile_at,) = struct.unpack_from(">Q", data, where + 8)
    level = len(data)
    data += struct.pack(">II", side, side) + struct.pack(">Q", tile_at) * (side // 64) ** 2 + bytes(8)
    place = len(data)
    data += struct.pack(">III", side, side, 4) + struct.pack(">QQ", level, 0)
    for at in range(len(data) - 12):
        if data[at : at + 12] == struct.pack(">III", 64, 64, 1):
            struct.pack_into(">II", data, at, side, side)
            pointer = data.index(prop(0), at) + 8
            struct.pack_into(">Q", data, pointer, place)
    return bytes(data)


def test_tiles_that_share_their_bytes_cost_no_memory_and_soon_no_time(tmp_path, monkeypatch):
    snapshot, lost = gimp_layers(huge(4096, 1), "a.xcf", ProjectError)
    (layer,) = snapshot.layers
    assert layer.bounds.width == 4096 and layer.tiles.nbytes == 128 * 128 * 4 and not lost
    _, lost = gimp_layers(huge(1024, 40), "a.xcf", ProjectError)
    assert "cannot be read" in str(lost[0])  # more tiles than a file of that size has room for
    monkeypatch.setattr(xcf_pixels, "max_layer_bytes", lambda size: 100_000)
    noise = XcfLayer(np.random.default_rng(1).integers(0, 256, (256, 256, 4), np.uint8))
    _, lost = gimp_layers(XcfFile(64, 64, [noise]).written(), "a.xcf", ProjectError)
    assert "cannot be read" in str(lost[0])


@pytest.mark.parametrize(
    ("bytes_at_9", "sentence"),
    [
        (b"v200\0", "damaged"),
        (b"v01x\0", "damaged"),
        (b"v011\0" + struct.pack(">III", 50_000, 50_000, 0), "50000"),
    ],
)
def test_other_versions_and_sizes_are_refused(tmp_path, bytes_at_9, sentence):
    data = XcfFile(8, 8, [XcfLayer(flat((1, 2, 3, 255)))]).written()
    path = tmp_path / "a.xcf"
    path.write_bytes(data[:9] + bytes_at_9 + data[9 + len(bytes_at_9) :])
    with pytest.raises(ProjectError, match=sentence):
        read_gimp(path)
    with pytest.raises(ImageFileError, match=r"a\.xcf"):
        read_picture(path)
