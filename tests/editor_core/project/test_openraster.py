"""The OpenRaster rules, checked by taking the zip apart, and files as other programs write them."""

import io
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from editor_core.base.errors import ProjectError
from editor_core.document.blending import LAYER_MODES
from editor_core.document.commands import AddLayer
from editor_core.document.compositing import flatten
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import GroupLayer, Layer, MaskLayer, PictureLayer, RasterLayer
from editor_core.document.tiles import Tiles, unique_bytes
from editor_core.project.layer_formats import required_layer_format
from editor_core.project.openraster import export_openraster
from editor_core.project.project_file import load_project, save_project
from support.documents import full_document, make_turn

OPERATIONS = {
    *(
        "svg:src-over",
        "svg:multiply",
        "svg:screen",
        "svg:overlay",
        "svg:darken",
        "svg:lighten",
        "svg:color-dodge",
    ),
    *("svg:color-burn", "svg:hard-light", "svg:soft-light", "svg:difference", "svg:color", "svg:luminosity"),
    *("svg:hue", "svg:saturation", "svg:plus", "svg:src-atop", "svg:dst-in", "svg:dst-out", "svg:dst-atop"),
}


@pytest.fixture(params=["project", "export"])
def written(request: pytest.FixtureRequest, tmp_path: Path) -> zipfile.ZipFile:
    path = tmp_path / "demo.ora"
    (save_project if request.param == "project" else export_openraster)(full_document(), path)
    with zipfile.ZipFile(path) as file:
        yield file


def png(file: zipfile.ZipFile, name: str) -> Image.Image:
    return Image.open(io.BytesIO(file.read(name)))


def chunks(data: bytes) -> dict[bytes, bytes]:
    found, at = {}, 8
    while at < len(data):
        length = int.from_bytes(data[at : at + 4])
        found[data[at + 4 : at + 8]] = data[at + 8 : at + 8 + length]
        at += length + 12
    return found


def test_the_mimetype_comes_first_and_bare(written: zipfile.ZipFile):
    first = written.infolist()[0]
    assert first.filename == "mimetype" and first.compress_type == zipfile.ZIP_STORED
    assert written.read(first) == b"image/openraster"
    assert first.header_offset == 0 and not first.extra and not first.flag_bits & 8
    raw = Path(written.filename).read_bytes()
    assert raw[30:54] == b"mimetypeimage/openraster"


def test_only_the_two_allowed_ways_of_packing(written: zipfile.ZipFile):
    assert {entry.compress_type for entry in written.infolist()} <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    assert len(set(written.namelist())) == len(written.namelist())
    assert written.testzip() is None


def test_the_required_pictures(written: zipfile.ZipFile):
    document = full_document()
    merged = png(written, "mergedimage.png")
    assert merged.size == (200, 150)
    assert np.array_equal(np.asarray(merged.convert("RGBA")), flatten(document.layers, document.rect))
    thumbnail = png(written, "Thumbnails/thumbnail.png")
    assert thumbnail.size == (200, 150), "never enlarged"
    for name in ("mergedimage.png", "Thumbnails/thumbnail.png"):
        header = chunks(written.read(name))
        assert header[b"IHDR"][8] == 8 and header[b"IHDR"][12] == 0, "8 bits, not interlaced"
        assert b"sRGB" in header


def test_a_thumbnail_is_as_large_as_allowed(tmp_path: Path):
    document = Document.new_from_turn(make_turn(1, size=(300, 1000)))
    export_openraster(document, tmp_path / "wide.ora")
    with zipfile.ZipFile(tmp_path / "wide.ora") as file:
        assert png(file, "Thumbnails/thumbnail.png").size == (256, 77)


def test_the_stack_follows_the_letter(written: zipfile.ZipFile):
    text = written.read("stack.xml")
    root = ET.fromstring(text)
    assert root.tag == "image" and b"xmlns" not in text
    assert root.attrib == {"version": "0.0.6", "w": "200", "h": "150"}
    (stack,) = root
    assert stack.tag == "stack" and not stack.attrib
    for element in stack.iter():
        if element is stack:
            continue
        assert element.tag in ("stack", "layer")
        assert 0 <= float(element.attrib["opacity"]) <= 1 and element.attrib["visibility"] in (
            "visible",
            "hidden",
        )
        assert element.attrib["composite-op"] in OPERATIONS | {"krita:exclusion"}
        if element.tag == "layer":
            assert element.attrib["src"].startswith("data/") and element.attrib["src"] in written.namelist()
            assert str(int(element.attrib["x"])) == element.attrib["x"]
            assert str(int(element.attrib["y"])) == element.attrib["y"]
        else:
            assert element.attrib["isolation"] in ("isolate", "auto") and "x" not in element.attrib
    names = [element.get("name") for element in stack]
    assert names == ["group", "Picture", "empty"], "the first is the topmost; masks and sketches stay out"


def test_everything_under_data_is_referenced(written: zipfile.ZipFile):
    root = ET.fromstring(written.read("stack.xml"))
    referenced = [element.attrib["src"] for element in root.iter("layer")]
    assert sorted(referenced) == sorted(name for name in written.namelist() if name.startswith("data/"))
    assert b"thumbnail" not in written.read("stack.xml")


def test_an_export_carries_nothing_private(tmp_path: Path):
    export_openraster(full_document(), tmp_path / "demo.ora")
    with zipfile.ZipFile(tmp_path / "demo.ora") as file:
        assert not [name for name in file.namelist() if name.startswith("editor")]


def test_an_export_opens_with_the_same_look(tmp_path: Path):
    document = full_document()
    export_openraster(document, tmp_path / "demo.ora")
    opened = load_project(tmp_path / "demo.ora")
    assert np.array_equal(opened.picture(), document.picture())
    rasters = [layer for layer in document.layers.walk() if isinstance(layer, RasterLayer)]
    copies = [layer for layer in opened.layers.walk() if isinstance(layer, RasterLayer)]
    for layer, copy in zip(rasters, copies, strict=True):
        assert (layer.name, layer.visible, layer.blend_mode) == (copy.name, copy.visible, copy.blend_mode)
        assert layer.bounds == copy.bounds and layer.opacity == pytest.approx(copy.opacity, abs=1e-6)


def test_all_blend_modes_survive(tmp_path: Path):
    document = Document(8, 8)
    for mode in LAYER_MODES:
        document.execute(AddLayer(RasterLayer(name=mode, blend_mode=mode)))
    export_openraster(document, tmp_path / "modes.ora")
    assert [layer.blend_mode for layer in load_project(tmp_path / "modes.ora").layers.walk()] == list(
        LAYER_MODES
    )


def test_a_document_without_raster_layers_still_has_one_in_the_file(tmp_path: Path):
    document = Document(8, 8)
    document.execute(AddLayer(MaskLayer(name="mask")))
    save_project(document, tmp_path / "bare.palimpsest")
    with zipfile.ZipFile(tmp_path / "bare.palimpsest") as file:
        assert len(list(ET.fromstring(file.read("stack.xml")).iter("layer"))) == 1
    assert [layer.name for layer in load_project(tmp_path / "bare.palimpsest").layers] == ["mask"]


def test_names_that_xml_cannot_hold(tmp_path: Path):
    document = Document(8, 8)
    document.execute(AddLayer(RasterLayer(name="a\0b<&\"'>\x1b ü 画 😀")))
    export_openraster(document, tmp_path / "names.ora")
    (layer,) = load_project(tmp_path / "names.ora").layers
    assert layer.name == "a�b<&\"'>� ü 画 😀"


# -- as other programs write it


def foreign(path: Path, stack: str | bytes, **pictures: np.ndarray) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", "image/openraster")
        file.writestr("stack.xml", stack)
        for name, pixels in pictures.items():
            data = io.BytesIO()
            Image.fromarray(pixels).save(data, "PNG")
            file.writestr(f"data/{name}.png", data.getvalue())
    return path


RED = np.full((4, 4, 4), (255, 0, 0, 255), np.uint8)


def layers_of(path: Path) -> tuple[Layer, ...]:
    return load_project(path).layers.layers


def test_a_sparse_file_in_the_manner_of_gimp(tmp_path: Path):
    stack = (
        "<image w='10' h='20'><stack>"
        "<stack name='g' opacity='0.5'><layer src='data/a.png' x='2' y='-3' name='in'/></stack>"
        "<layer src='data/a.png'/></stack></image>"
    )
    document = load_project(foreign(tmp_path / "gimp.ora", stack, a=RED))
    layer, group = document.layers.layers
    assert (document.width, document.height) == (10, 20)
    assert isinstance(group, GroupLayer) and not group.isolated and group.opacity == 0.5
    assert isinstance(group.children[0], RasterLayer) and group.children[0].bounds == Rect(2, -3, 4, 4)
    assert layer.name == "Layer" and layer.visible and layer.opacity == 1.0


@pytest.mark.parametrize(
    "stack",
    [
        "<image w='4' h='4'><stack><layer src='/data/a.png' opacity='0,5'/></stack></image>",
        "<image w='4' h='4'><stack><layer src='data\\a.png' opacity='0.5'/></stack></image>",
        "<!DOCTYPE image SYSTEM 'ora.dtd'>"
        "<image w='4' h='4'><stack><layer src='./data/a.png' opacity='.5'/></stack></image>",
        "<?xml version='1.0' encoding='UTF-16'?>"
        "<image w='4' h='4'><stack><layer src='data/a.png' opacity='0.5'/></stack></image>",
    ],
    ids=["pyora", "backslash", "doctype", "utf-16"],
)
@pytest.mark.parametrize("entry", ["data/a.png", "data\\a.png"])
def test_other_programs_spellings(tmp_path: Path, stack: str, entry: str):
    data = io.BytesIO()
    Image.fromarray(RED).save(data, "PNG")
    with zipfile.ZipFile(tmp_path / "odd.ora", "w") as file:
        file.writestr("stack.xml", stack.encode("utf-16" if "UTF-16" in stack else "utf-8"))
        file.writestr(entry, data.getvalue())
    document = load_project(tmp_path / "odd.ora")
    (layer,) = document.layers
    assert layer.opacity == 0.5 and layer.bounds == Rect(0, 0, 4, 4) and not document.origin.lost


def test_what_is_not_known_here_is_told_and_costs_nothing_else(tmp_path: Path):
    stack = (
        "<image w='4' h='4'><stack><layer src='data/a.png' name='top' composite-op='krita:grain_merge'/>"
        "<layer src='data/b.svg' name='drawing'/><filter name='blur'/>"
        "<layer src='data/a.png' name='low'/></stack></image>"
    )
    document = load_project(foreign(tmp_path / "odd.ora", stack, a=RED))
    assert [layer.name for layer in document.layers] == ["low", "top"]
    assert [str(message) for message in document.origin.lost] == [
        "The layer “blur” is of a kind that cannot be shown (filter).",
        "The layer “drawing” is of a kind that cannot be shown (svg).",
        "The layer “top” is shown in the mode Normal, for “krita:grain_merge” is not known here.",
    ]


def test_a_layer_of_another_kind_of_picture_is_read(tmp_path: Path):
    data = io.BytesIO()
    Image.fromarray(RED).convert("RGB").save(data, "WEBP", lossless=True)
    with zipfile.ZipFile(tmp_path / "any.ora", "w") as file:
        file.writestr("stack.xml", "<image w='4' h='4'><stack><layer src='data/a.webp'/></stack></image>")
        file.writestr("data/a.webp", data.getvalue())
    assert np.array_equal(load_project(tmp_path / "any.ora").picture(), RED[..., :3])


def test_a_group_is_isolated_only_where_it_says_so(tmp_path: Path):
    stack = (
        "<image w='4' h='4'><stack>" + "<stack{}><layer src='data/a.png'/></stack>" * 3 + "</stack></image>"
    )
    stack = stack.format("", " isolation='auto'", " isolation='isolate'")
    assert [group.isolated for group in layers_of(foreign(tmp_path / "a.ora", stack, a=RED))] == [
        True,
        False,
        False,
    ]


def test_oddities_are_read_as_defaults(tmp_path: Path):
    stack = (
        "<?xml version='1.0' encoding='UTF-8'?><!-- by hand -->"
        "<image version='9.9.9' w='10' h='10'><stack name='root' opacity='0.1' visibility='hidden'>"
        "<layer src='data/a.png' composite-op='svg:magic' x='1.0' y='nan' opacity='7' edit-locked='true'/>"
        "<layer src='data/a.svg'/><text>hello</text>"
        "<layer src='data/a.png' opacity='much' x='left' visibility='hidden'/>"
        "</stack></image>"
    )
    lower, upper = layers_of(foreign(tmp_path / "odd.ora", stack, a=RED))
    assert isinstance(upper, RasterLayer) and isinstance(lower, RasterLayer)
    assert (upper.blend_mode, upper.x, upper.y, upper.opacity, upper.locked) == ("normal", 1, 0, 1.0, True)
    assert (lower.opacity, lower.x, lower.visible) == (1.0, 0, False)


@pytest.mark.parametrize("mode", ["L", "P", "I;16", "LA", "1"])
def test_pictures_of_any_kind_become_rgba(tmp_path: Path, mode: str):
    grey = Image.fromarray(np.full((4, 4), 255, np.uint8))
    picture = Image.fromarray(np.full((4, 4), 65535, np.uint16)) if mode == "I;16" else grey.convert(mode)
    data = io.BytesIO()
    picture.save(data, "PNG")
    with zipfile.ZipFile(tmp_path / "any.ora", "w") as file:
        file.writestr("stack.xml", "<image w='4' h='4'><stack><layer src='data/a.png'/></stack></image>")
        file.writestr("data/a.png", data.getvalue())
    assert (load_project(tmp_path / "any.ora").picture() == 255).all()


BOMB = b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><image w='4' h='4'><stack>&b;</stack></image>"


@pytest.mark.parametrize(
    ("stack", "words"),
    [
        (BOMB, "declarations"),
        (b"<image w='4'", "cannot be read"),
        (b"<image w='4' h='4'/>", "incomplete"),
        (b"<image w='0' h='4'><stack/></image>", "incomplete"),
        (b"<image><stack/></image>", "incomplete"),
        (b"<image w='99999' h='9'><stack/></image>", "16384 pixels per side"),
        (b"<image w='4' h='4'><stack><layer src='../a.png'/></stack></image>", "nothing of its picture"),
        (
            b"<image w='4' h='4'><stack><layer src='data/a.svg'/></stack></image>",
            "nothing of its picture",
        ),
        (b"<image w='4' h='4'><stack><layer src='/etc/a.png'/></stack></image>", "nothing of its picture"),
        (b"<image w='4' h='4'><stack><layer src='C:\\a.png'/></stack></image>", "nothing of its picture"),
        (b"<image w='4' h='4'><stack><layer src='data/none.png'/></stack></image>", "nothing of its picture"),
        (
            b"<image w='4' h='4'><stack>" + b"<layer src='data/a.png'/>" * 5000 + b"</stack></image>",
            "more layers",
        ),
    ],
)
def test_damaged_and_hostile_lists_of_layers(tmp_path: Path, stack: bytes, words: str):
    path = foreign(tmp_path / "odd.ora", stack, a=RED)
    with pytest.raises(ProjectError, match=words) as caught:
        load_project(path)
    assert "odd.ora" in str(caught.value) and "\n" not in str(caught.value)


def test_a_picture_that_lies_about_its_size_is_refused(tmp_path: Path):
    header = (60_000).to_bytes(4) * 2 + bytes([8, 6, 0, 0, 0])
    data = b"\x89PNG\r\n\x1a\n"
    for kind, content in ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")):
        data += len(content).to_bytes(4) + kind + content + zlib.crc32(kind + content).to_bytes(4)
    with zipfile.ZipFile(tmp_path / "lie.ora", "w") as file:
        file.writestr("stack.xml", "<image w='4' h='4'><stack><layer src='data/a.png'/></stack></image>")
        file.writestr("data/a.png", data)
    with pytest.raises(ProjectError, match=r"lie\.ora"):
        load_project(tmp_path / "lie.ora")


def test_a_damaged_layer_costs_no_other_layer(tmp_path: Path):
    stack = (
        "<image w='4' h='4'><stack><layer src='data/none.png' name='lost'/><layer src='data/a.png' name='kept'/>"
        + "<stack name='group'>" * 70
        + "</stack>" * 70
        + "</stack></image>"
    )
    document = load_project(foreign(tmp_path / "part.ora", stack, a=RED))
    assert [layer.name for layer in document.layers][1:] == ["kept"]
    assert set(map(str, document.origin.lost)) == {
        "The layer “lost” cannot be read.",
        "Groups that are nested too deeply cannot be opened.",
    }


def test_thousands_of_layers_of_one_pixel_take_no_memory_to_speak_of(tmp_path: Path):
    stack = "<image w='4' h='4'><stack>" + "<layer src='data/a.png'/>" * 4000 + "</stack></image>"
    layers = layers_of(foreign(tmp_path / "many.ora", stack, a=RED[:1, :1]))
    assert len(layers) == 4000
    tiles = [layer.tiles.tile(key) for layer in layers for key in layer.tiles]
    assert unique_bytes(tiles) == 128 * 128 * 4


def test_tiles_outside_the_canvas_are_kept(tmp_path: Path):
    document = Document(8, 8)
    far = Tiles(4).filled(Rect(-500, 900, 3, 3), (1, 2, 3, 4))
    document.execute(AddLayer(RasterLayer(name="far", tiles=far, x=-7)))
    export_openraster(document, tmp_path / "far.ora")
    (layer,) = layers_of(tmp_path / "far.ora")
    assert isinstance(layer, RasterLayer) and layer.bounds == Rect(-507, 900, 3, 3)


def test_a_copy_names_what_it_leaves_out(tmp_path):
    """As one for Photoshop does; the painted layers and groups are there, and a document of these alone is whole."""
    document = full_document()
    others = [layer.name for layer in document.layers.walk() if not isinstance(layer, PictureLayer)]
    (told,) = required_layer_format(tmp_path / "a.ora").write(document.snapshot(), tmp_path / "a.ora")
    assert len(others) > 1 and str(told) == (
        f"Masks, sketches and regions are not part of it: {', '.join(others)}."
    )
    again = load_project(tmp_path / "a.ora")
    assert required_layer_format(tmp_path / "b.ora").write(again.snapshot(), tmp_path / "b.ora") == ()
