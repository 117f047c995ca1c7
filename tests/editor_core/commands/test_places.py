"""Where commands read and write: standard streams, patterns, folders, and names that decide the format."""

import io
import json
import shutil
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, features

from editor_core.commands import entry
from editor_core.document.commands import AddLayer
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import RasterLayer
from editor_core.document.tiles import Tiles
from editor_core.project.documents import load_document
from editor_core.project.image_io import read_image, write_png
from editor_core.project.openraster import MIMETYPE
from editor_core.project.project_file import load_project, save_project
from support.xcf_files import XcfFile, XcfLayer

RED = (200, 30, 10)


@pytest.fixture
def pipe(monkeypatch):
    """Run a command with bytes on standard input; returns (exit code, bytes on stdout, stderr)."""

    def pipe(given: bytes, *arguments):
        out, err = io.TextIOWrapper(io.BytesIO()), io.StringIO()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        code = entry.main([str(argument) for argument in arguments])
        out.flush()
        return code, out.buffer.getvalue(), err.getvalue()

    return pipe


@pytest.fixture
def painted(project) -> Path:
    """The project with a red square painted above its turn."""
    document = load_project(project)
    square = Tiles(4).with_pixels(10, 20, np.full((16, 16, 4), (*RED, 255), np.uint8))
    document.execute(AddLayer(RasterLayer(name="paint", tiles=square)))
    save_project(document, project)
    return project


def png(size=(96, 64), colour=(90, 120, 200)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def opened(file: Path) -> Image.Image:
    return Image.open(io.BytesIO(file.read_bytes()))


# -- standard streams


def test_a_picture_comes_out_of_standard_output(pipe, project, tmp_path):
    code, out, err = pipe(b"", "export", project, "-o", "-")
    assert code == 0 and err == "Wrote -.\n"
    assert np.array_equal(np.array(Image.open(io.BytesIO(out))), load_project(project).history.current.image)
    code, out, err = pipe(b"", "export", project, "-o", "-", "--format", "jpg", "--json")
    assert out[:3] == b"\xff\xd8\xff" and json.loads(err)["file"] == "-"
    code, out, _ = pipe(b"", "export", project, "-o", "-", "--format", "ora")
    assert zipfile.ZipFile(io.BytesIO(out)).read("mimetype") == MIMETYPE.encode()
    assert not (tmp_path / "-").exists()


def test_a_project_goes_through_standard_streams(pipe, project, tiny, tmp_path):
    code, out, err = pipe(project.read_bytes(), "edit", "-", "-p", "a blue fox on the snow", *tiny)
    assert code == 0, err
    (tmp_path / "through.palimpsest").write_bytes(out)
    assert load_project(tmp_path / "through.palimpsest").history.current.prompt == "a blue fox on the snow"
    code, out, _ = pipe(out, "history", "-")
    assert code == 0 and out.decode().startswith("standard input\n")
    code, out, _ = pipe(project.read_bytes(), "mask", "-", "-p", "a cat", "-o", "-", *tiny)
    assert code == 0 and Image.open(io.BytesIO(out)).size == (96, 64)


def test_a_picture_and_words_come_from_standard_input(pipe, tiny, tmp_path):
    target = tmp_path / "opened.palimpsest"
    code, _, err = pipe(png(), "open", "-", "-p", "a cat", "-o", target, "--steps", 3, *tiny)
    assert code == 0 and load_project(target).width == 96, err
    code, out, err = pipe(
        "\ufeffein Fuchs im Schnee\n".encode(), "new", "-", "-o", "-", "--size", "64x64", "--steps", 3, *tiny
    )
    assert code == 0, err
    target.write_bytes(out)
    assert load_project(target).history.current.prompt == "ein Fuchs im Schnee"


@pytest.mark.parametrize(
    ("given", "arguments", "told"),
    [
        (
            b"no picture",
            ["open", "-", "-p", "a cat", "-o", "o.palimpsest"],
            "“standard input” is no picture of a kind",
        ),
        (b"no project", ["history", "-"], "“standard input” is no Palimpsest"),
        (b"", ["history", "-"], "“standard input” is no Palimpsest"),
        (bytes(3 << 20), ["history", "-"], "check the command before the |"),
        (b"word " * 200_000, ["new", "-", "-o", "n.palimpsest"], "write at most"),
        (b"", ["edit", "-", "-", "-p", "a cat"], "Only one of the files"),
        (b"", ["export", "fox.palimpsest", "fox.palimpsest", "-o", "-"], "name a folder"),
    ],
)
def test_what_cannot_come_or_go_through_a_stream_is_said(pipe, project, monkeypatch, given, arguments, told):
    monkeypatch.chdir(project.parent)
    code, out, err = pipe(given, *arguments)
    assert (code, out) == (1, b"") and told in err and len(err.splitlines()) == 1
    assert sorted(path.name for path in project.parent.iterdir()) == ["fox.palimpsest"]


def test_a_terminal_is_neither_read_nor_filled(run, project, monkeypatch):
    class Keyboard(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdin", Keyboard())
    code, _, err = run("history", "-")
    assert code == 1 and "put a command and | before" in err
    monkeypatch.setattr(sys, "stdout", Keyboard())
    assert entry.main(["export", str(project), "-o", "-"]) == 1 and not sys.stdout.getvalue()


# -- several files


def test_patterns_and_several_files(run, project, tmp_path, small):
    for name in ("b.palimpsest", "[c].palimpsest"):
        shutil.copy(project, tmp_path / name)
    code, out, _ = run("history", tmp_path / "*.palimpsest", "--json")
    assert code == 0
    assert [Path(json.loads(line)["file"]).name for line in out.splitlines()] == [
        "[c].palimpsest", "b.palimpsest", "fox.palimpsest",
    ]  # fmt: skip
    assert run("history", tmp_path / "[c].palimpsest")[0] == 0  # a file of that name is no pattern
    code, out, _ = run(
        "export", tmp_path / "b*", tmp_path / "fox.*", "-o", tmp_path / "out", "--format", "webp"
    )
    assert code == 0 and sorted(path.name for path in (tmp_path / "out").iterdir()) == ["b.webp", "fox.webp"]
    code, out, err = run("edit", tmp_path / "?.palimpsest", project, "-p", "a cat on the snow", *small)
    assert code == 0 and len(out.splitlines()) == 2, err
    assert len(load_project(tmp_path / "b.palimpsest").history) == len(load_project(project).history) == 2


def test_one_bad_file_does_not_stop_the_others(run, project, tmp_path):
    (tmp_path / "bad.palimpsest").write_bytes(b"bad")
    code, out, err = run("export", tmp_path / "bad.palimpsest", project, "-o", tmp_path / "out", "--json")
    assert code == 1 and (tmp_path / "out" / "fox.png").exists()
    error, result = (json.loads(line) for line in out.splitlines())
    assert error["file"].endswith("bad.palimpsest") and error["error"] == err.strip()
    assert result["file"].endswith("fox.png")


def test_two_files_of_one_name_are_not_written_over_each_other(run, project, tmp_path):
    (tmp_path / "other").mkdir()
    shutil.copy(project, tmp_path / "other")
    code, _, err = run("export", project, tmp_path / "other" / "fox.palimpsest", "-o", tmp_path / "out")
    assert code == 1 and "Two of the files would be written as fox.png" in err
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_a_folder_as_output_gets_the_files_name(run, project, tmp_path):
    assert run("export", project, "-o", tmp_path)[0] == 0
    assert (tmp_path / "fox.png").exists()


# -- what is edited


def test_a_name_in_upper_case_is_the_same_kind(run, project, small, tmp_path):
    loud = project.rename(tmp_path / "FOX.PALIMPSEST")
    code, out, err = run("edit", loud, "-p", "a cat on the snow", *small)
    assert code == 0 and json.loads(out)["file"] == str(loud), err
    assert run("export", loud, "-o", tmp_path / "FOX.PNG")[0] == 0
    assert opened(tmp_path / "FOX.PNG").format == "PNG"


def drawing(target: Path) -> Path:
    """A file with a drawn layer and no turn."""
    document = Document(96, 64)
    document.execute(
        AddLayer(RasterLayer(name="drawn", tiles=Tiles.from_rgb(np.full((64, 96, 3), RED, np.uint8))))
    )
    save_project(document, target)
    return target


@pytest.mark.parametrize("name", ["drawing.palimpsest", "drawing.ora", "DRAWING.ORA"])
def test_a_drawing_without_turns_is_edited(run, small, tmp_path, name):
    file = drawing(tmp_path / name)
    before = file.read_bytes()
    edit = ["edit", file, "-p", "a cat on the snow", "--was", "the snow"]
    code, out, err = run(*edit, *small)
    assert code == 0, err
    saved = Path(json.loads(out)["file"])
    document = load_project(saved)
    first, second = document.history
    assert (first.method, first.prompt, second.parent) == ("open", "the snow", first.id)
    assert (first.image == RED).all() and json.loads(out)["turn"] == second.id
    assert np.array_equal(document.picture(), second.image)
    if saved != file:
        assert saved.suffix == ".palimpsest" and file.read_bytes() == before
        code, out, err = run(*edit, *small)
        assert code == 1 and "say with -o" in err


def test_an_edit_builds_on_what_was_painted(run, painted, small, tmp_path):
    mask = np.zeros((64, 96), np.uint8)
    mask[:, 60:] = 255
    write_png(tmp_path / "mask.png", mask)
    code, _, err = run("edit", painted, "-p", "a cat on the snow", "--mask", tmp_path / "mask.png", *small)
    assert code == 0, err
    document = load_project(painted)
    _, paint, edited = document.history
    assert paint.method == "paint" and (paint.image[20:36, 10:26] == RED).all()
    assert edited.parent == paint.id and np.array_equal(document.picture(), edited.image)
    assert (edited.image[20:36, 10:26] == RED).all()


# -- what is exported


def test_an_export_shows_what_the_window_shows(run, painted, tmp_path):
    assert run("export", painted, "-o", tmp_path / "shown.png")[0] == 0
    document = load_project(painted)
    shown = read_image(tmp_path / "shown.png")
    assert np.array_equal(shown, document.picture()) and (shown[20:36, 10:26] == RED).all()
    for alone in (["--what", "turn"], ["--turn", document.history.current_id]):
        assert run("export", painted, *alone, "-o", tmp_path / "turn.png")[0] == 0
        assert np.array_equal(read_image(tmp_path / "turn.png"), document.history.current.image)


def test_layers_are_exported_as_openraster(run, painted, tmp_path):
    assert run("export", painted, "-o", tmp_path / "copy.ora")[0] == 0
    with zipfile.ZipFile(tmp_path / "copy.ora") as archive:
        assert archive.read("mimetype") == MIMETYPE.encode()
        assert not [name for name in archive.namelist() if name.startswith("editor/")]
    copy, document = load_project(tmp_path / "copy.ora"), load_project(painted)
    assert [layer.name for layer in copy.layers] == [layer.name for layer in document.layers]
    assert np.array_equal(copy.picture(), document.picture())


def test_gimps_own_files_are_read_like_any_with_layers(run, tmp_path):
    paint = np.full((64, 96, 4), (*RED, 255), np.uint8)
    glow = XcfLayer(paint, "glow", mode=45)
    (tmp_path / "a.xcf").write_bytes(XcfFile(96, 64, [glow, XcfLayer(paint)]).written())
    code, out, err = run("export", tmp_path / "a.xcf", "-o", tmp_path / "a.png")
    assert code == 0 and "GIMP blends these layers its own way" in out + err and "glow" in out + err
    assert read_image(tmp_path / "a.png").shape == (64, 96, 3)
    (tmp_path / "a.xcf").write_bytes(b"gimp xcf v011\0" + bytes(60))
    code, out, err = run("export", tmp_path / "a.xcf", "-o", tmp_path / "b.png")
    assert code == 1 and "damaged or incomplete" in err and not (tmp_path / "b.png").exists()


def test_a_copy_can_look_the_same_in_every_program(run, project, tmp_path):
    document = load_project(project)
    glow = Tiles(4).filled(Rect(0, 0, 30, 30), (200, 90, 30, 255))
    document.execute(AddLayer(RasterLayer(name="glow", tiles=glow, blend_mode="soft-light")))
    save_project(document, project)
    code, out, err = run("export", project, "-o", tmp_path / "copy.psd")
    assert code == 0 and "glow" in out + err and "--bake-modes" in out + err
    code, out, err = run("export", project, "-o", tmp_path / "copy.psd", "--bake-modes")
    assert code == 0 and "GIMP" not in out + err
    copy = load_document(tmp_path / "copy.psd")
    assert [layer.blend_mode for layer in copy.layers if layer.name == "glow"] == ["normal"]
    assert np.abs(copy.picture().astype(int) - document.picture()).max() <= 1
    code, _, err = run("export", project, "-o", tmp_path / "copy.png", "--bake-modes")
    assert code == 1 and "leave --bake-modes out" in err and not (tmp_path / "copy.png").exists()


FORMATS = [
    ("png", "PNG"),
    ("jpg", "JPEG"),
    ("JPEG", "JPEG"),
    ("jfif", "JPEG"),
    ("webp", "WEBP"),
    ("tif", "TIFF"),
]
FORMATS += [("tiff", "TIFF"), ("bmp", "BMP")]
if features.check("avif"):
    FORMATS.append(("avif", "AVIF"))


@pytest.mark.parametrize(("ending", "kind"), FORMATS)
def test_the_ending_decides_the_format(run, project, tmp_path, ending, kind):
    code, _, err = run("export", project, "-o", tmp_path / f"out.{ending}")
    assert code == 0, err
    image = opened(tmp_path / f"out.{ending}")
    wanted = load_project(project).picture().astype(int)
    assert image.format == kind and image.size == (96, 64)
    off = np.abs(np.array(image.convert("RGB")).astype(int) - wanted)
    assert off.max() == 0 if kind in ("PNG", "WEBP", "TIFF", "BMP") else off.mean() < 4, off.mean()


@pytest.mark.parametrize("ending", ["jpg", "webp", *(["avif"] if features.check("avif") else [])])
def test_less_quality_makes_a_smaller_file(run, project, tmp_path, ending):
    sizes = []
    for quality in (10, 90):
        target = tmp_path / f"{quality}.{ending}"
        assert run("export", project, "-o", target, "--quality", quality)[0] == 0
        sizes.append(target.stat().st_size)
    assert sizes[0] < sizes[1]


@pytest.fixture
def see_through(tmp_path) -> Path:
    """A drawing whose right half is transparent."""
    document = Document(96, 64)
    half = Tiles(4).with_pixels(0, 0, np.full((64, 48, 4), (*RED, 255), np.uint8))
    document.execute(AddLayer(RasterLayer(name="drawn", tiles=half)))
    save_project(document, tmp_path / "half.ora")
    return tmp_path / "half.ora"


@pytest.mark.parametrize("ending", ["png", "webp", "tiff", *(["avif"] if features.check("avif") else [])])
def test_transparency_is_kept_where_it_can_be(run, see_through, tmp_path, ending):
    assert run("export", see_through, "-o", tmp_path / f"out.{ending}")[0] == 0
    pixels = np.array(opened(tmp_path / f"out.{ending}"))
    assert (pixels[:, :48, 3] == 255).all() and (pixels[:, 48:, 3] == 0).all()
    assert run("export", see_through, "-o", tmp_path / f"matte.{ending}", "--matte", "#336699")[0] == 0
    pixels = np.array(opened(tmp_path / f"matte.{ending}"))
    assert pixels.shape[2] == 3 and np.abs(pixels[10, 90].astype(int) - (0x33, 0x66, 0x99)).max() <= 3


@pytest.mark.parametrize("ending", ["jpg", "bmp"])
def test_a_format_without_transparency_shows_a_matte(run, see_through, tmp_path, ending):
    for matte, colour in (([], (255, 255, 255)), (["--matte", "black"], (0, 0, 0))):
        assert run("export", see_through, "-o", tmp_path / f"out.{ending}", *matte)[0] == 0
        pixels = np.array(opened(tmp_path / f"out.{ending}")).astype(int)
        assert np.abs(pixels[:, 60:] - colour).max() <= 3 and np.abs(pixels[:, :40] - RED).max() <= 6


def test_a_failed_export_leaves_the_old_picture(run, project, tmp_path):
    target = tmp_path / "out.png"
    target.write_bytes(b"old")
    assert run("export", project, "-o", target, "--turn", "nonesuch")[0] == 1
    assert target.read_bytes() == b"old"
