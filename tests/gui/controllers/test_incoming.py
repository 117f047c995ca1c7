"""Pictures dropped and pasted: new picture, layer, sketch; copying out."""

from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QMenu

from editor_core.document.commands import Select
from editor_core.document.geometry import Rect
from editor_core.document.layers import RasterLayer, SketchLayer
from editor_core.document.selection import Combine, combined, rectangle
from editor_core.project.image_io import write_image
from gui.controllers import incoming
from gui.dialogs.describe import DescribeDialog
from gui.look.images import from_qimage, to_qimage
from gui.worker.background import spawn
from support.pointing import at
from support.xcf_files import XcfFile, XcfLayer

RED = np.full((10, 20, 3), (250, 10, 20), np.uint8)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "rot ü.png"
    write_image(path, RED, None)
    return path


class Described(list):
    """The pictures, and which words were offered with them."""

    def __init__(self):
        super().__init__()
        self.offered = []


@pytest.fixture
def described(monkeypatch):
    """What was asked to be described."""
    asked = Described()

    async def ask(theme, pixels, parent=None, offered=""):
        asked.append(pixels)
        asked.offered.append(offered)

    monkeypatch.setattr(DescribeDialog, "ask", ask)
    return asked


@pytest.mark.parametrize(
    "name, way_out", [("mobile_sam.pt", "facebook/sam-vit-base"), ("old.ckpt", ".safetensors")]
)
def test_a_pickled_model_that_is_dropped_names_the_way_out(window, tmp_path, name, way_out):
    (tmp_path / name).write_bytes(b"pickle")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
    drop(window, data)
    told = window.messages.sentence
    assert (
        name in told
        and "pickled" in told
        and way_out in told
        and not window.preferences.settings.model_folders
    )


def drop(window, data, place=None):
    event = QDropEvent(
        QPointF(place or QPoint(300, 300)),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)
    menus = [menu for menu in window.findChildren(QMenu) if menu.isVisible()]
    return menus[0] if menus else None


def data_of(path=None, image=None):
    data = QMimeData()
    if path is not None:
        data.setUrls([QUrl.fromLocalFile(str(path))])
    if image is not None:
        data.setImageData(to_qimage(image))
    return data


def choose(menu, word):
    next(action for action in menu.actions() if word in action.text().replace("&", "")).trigger()
    menu.close()


def test_a_dropped_file_becomes_a_layer_where_it_was_dropped(picture, qtbot, file):
    spot = picture.canvas.mapTo(picture, at(picture, 30, 40))
    choose(drop(picture, data_of(file), spot), "new layer")
    document = picture.document.document
    qtbot.waitUntil(lambda: len(document.layers) == 2)
    layer = document.layers.layers[-1]
    assert isinstance(layer, RasterLayer) and layer.bounds == Rect(20, 35, 20, 10)
    assert document.picture()[40, 30].tolist() == [250, 10, 20]
    assert picture.layers.layer.id == layer.id
    document.undo()
    assert len(document.layers) == 1


def test_a_dropped_picture_becomes_a_sketch_that_fits(picture, qtbot):
    choose(drop(picture, data_of(image=RED)), "sketch")
    document = picture.document.document
    qtbot.waitUntil(lambda: len(document.layers) == 2)
    layer = document.layers.layers[-1]
    assert isinstance(layer, SketchLayer) and layer.bounds == Rect(0, 16, 64, 32)


def test_a_dropped_picture_becomes_a_new_one(picture, qtbot, file, described, monkeypatch):
    picture.document.document.mark_saved()
    choose(drop(picture, data_of(file)), "new picture")
    qtbot.waitUntil(lambda: len(described) == 1)
    assert np.array_equal(described[0], RED)


def test_with_nothing_open_a_dropped_file_is_opened(window, qtbot, file, described):
    assert drop(window, data_of(file)) is None
    qtbot.waitUntil(lambda: len(described) == 1)


@pytest.mark.parametrize("way", ["dialog", "drop"])
def test_a_file_of_gimp_opens_with_its_layers(window, qtbot, tmp_path, way):
    soft = np.full((8, 8, 4), (250, 10, 20, 128), np.uint8)
    layers = [XcfLayer(soft, "soft"), XcfLayer(np.full((8, 8, 4), (0, 0, 200, 255), np.uint8), "ground")]
    path = tmp_path / "drawing.xcf"
    path.write_bytes(XcfFile(8, 8, layers).written())
    if way == "drop":
        drop(window, data_of(path))
    else:
        spawn(window.files.open(path))
    qtbot.waitUntil(lambda: window.document.document is not None)
    assert [layer.name for layer in window.document.document.layers] == ["ground", "soft"]
    qtbot.waitUntil(lambda: "GIMP blends these layers its own way" in window.messages.sentence)


def test_of_other_files_it_is_said_what_can_be_opened(picture, qtbot, tmp_path):
    (tmp_path / "notes.txt").write_text("no picture")
    assert not picture.incoming.accepts(QMimeData())
    assert drop(picture, data_of(tmp_path / "notes.txt")) is None
    qtbot.waitUntil(lambda: "notes.txt" in picture.messages.sentence)
    assert "WebP" in picture.messages.sentence


def test_a_picture_without_an_ending_opens(picture, qtbot, file, described, tmp_path):
    picture.document.document.mark_saved()
    assert drop(picture, data_of(file.rename(tmp_path / "picture"))) is None
    qtbot.waitUntil(lambda: len(described) == 1)


def test_a_damaged_file_gives_one_sentence(picture, qtbot, tmp_path):
    (tmp_path / "broken.png").write_bytes(b"no picture")
    choose(drop(picture, data_of(tmp_path / "broken.png")), "new layer")
    qtbot.waitUntil(lambda: bool(picture.messages.sentence))
    assert len(picture.document.document.layers) == 1


@pytest.mark.parametrize(("action", "kind"), [("paste", RasterLayer), ("paste_sketch", SketchLayer)])
def test_pasting(picture, qtbot, action, kind):
    QGuiApplication.clipboard().setImage(to_qimage(RED))
    picture.actions_table[action].trigger()
    document = picture.document.document
    qtbot.waitUntil(lambda: len(document.layers) == 2)
    assert isinstance(document.layers.layers[-1], kind)


def test_pasting_without_a_document_opens_the_picture(window, qtbot, described):
    QGuiApplication.clipboard().setImage(to_qimage(RED))
    window.actions_table["paste"].trigger()
    qtbot.waitUntil(lambda: len(described) == 1)


def test_there_must_be_something_to_paste(picture, qtbot):
    QGuiApplication.clipboard().setText("words")
    picture.actions_table["paste"].trigger()
    qtbot.waitUntil(lambda: "no picture" in picture.messages.sentence)


def test_copying_what_is_selected_and_pasting_it(picture, qtbot):
    document = picture.document.document
    chosen = combined(None, rectangle(Rect(10, 20, 30, 16)), Combine.REPLACE, document.rect)
    document.execute(Select(chosen))
    picture.actions_table["copy"].trigger()
    copied = from_qimage(QGuiApplication.clipboard().image())
    assert np.array_equal(copied[..., :3], document.picture()[20:36, 10:40])


def test_a_clipboard_that_was_never_used(picture, qtbot, monkeypatch):
    monkeypatch.setattr(QGuiApplication, "clipboard", lambda: SimpleNamespace(mimeData=lambda: None))
    picture.actions_table["paste"].trigger()
    qtbot.waitUntil(picture.messages.isVisible)
    assert "no picture" in picture.messages.sentence


@pytest.fixture
def copied(qapp):
    """Puts an image and its place on the clipboard; nothing of it outlives the test."""

    def copied(image, place=b"0 0"):
        data = QMimeData()
        data.setImageData(image)
        data.setData(incoming.PLACE, place)
        QGuiApplication.clipboard().setMimeData(data)

    yield copied
    QGuiApplication.clipboard().clear()


@pytest.mark.parametrize(("width", "says"), [(0, "no picture"), (16_385, "too large")])
@pytest.mark.parametrize("way", ["paste", "paste_sketch", "paste_new", "drop"])
def test_an_image_that_is_none_or_too_large_is_a_sentence(picture, qtbot, copied, width, says, way):
    """Another program says what the clipboard holds."""
    copied(QImage(width, 1, QImage.Format.Format_RGB32))
    if way == "drop":
        choose(drop(picture, QGuiApplication.clipboard().mimeData()), "new layer")
    else:
        picture.actions_table[way].trigger()
    qtbot.waitUntil(lambda: bool(picture.messages.sentence))
    assert says in picture.messages.sentence
    assert len(picture.document.document.layers) == 1


@pytest.mark.parametrize(
    "place", [b"-" + b"9" * 99 + b" 5", b"-99999999 5", b"5 -99999999", b"9 9 9", b"\xff", b"nan 0"]
)
def test_a_place_that_is_none_is_not_followed(picture, qtbot, copied, place):
    copied(to_qimage(RED), place)
    picture.actions_table["paste"].trigger()
    document = picture.document.document
    qtbot.waitUntil(lambda: len(document.layers) == 2)
    layer = document.layers.layers[-1]
    assert not document.rect.intersected(layer.tiles.bounds().shifted(layer.x, layer.y)).is_empty


@pytest.mark.parametrize("ending", ["png", "jfif", "webp", "avif", "bmp", "gif", "tif"])
def test_every_usual_picture_can_be_dropped(window, described, qtbot, tmp_path, ending):
    path = tmp_path / f"red.{ending}"
    Image.fromarray(RED).save(path, {"jfif": "JPEG", "tif": "TIFF"}.get(ending, ending.upper()))
    assert window.incoming.accepts(data_of(path))
    drop(window, data_of(path))
    qtbot.waitUntil(lambda: bool(described))
    assert described[0].shape[:2] == RED.shape[:2] and abs(int(described[0][5, 5, 0]) - 250) < 12


def several(tmp_path, count=3):
    data = QMimeData()
    paths = [tmp_path / f"picture {number}.png" for number in range(count)]
    for number, path in enumerate(paths):
        write_image(path, RED + np.uint8(number), None)
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_pictures_dropped_together_become_a_layer_each(picture, qtbot, tmp_path):
    document = picture.document.document
    menu = drop(picture, several(tmp_path), at(picture, 32, 32))
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: len(document.layers) == 4)
    assert [layer.name for layer in list(document.layers)[1:]] == ["picture 0", "picture 1", "picture 2"]
    document.undo()
    assert len(document.layers) == 1, "one step"


def test_pictures_dropped_into_an_empty_window_become_a_document(window, qtbot, tmp_path):
    drop(window, several(tmp_path, 2))
    qtbot.waitUntil(
        lambda: window.document.document is not None and len(window.document.document.layers) == 2
    )
    document = window.document.document
    assert (document.width, document.height) == (20, 10) and document.picture()[0, 0].tolist() == [
        251,
        11,
        21,
    ]


def test_one_unreadable_picture_among_several_costs_no_other(picture, qtbot, tmp_path):
    data = several(tmp_path)
    (tmp_path / "picture 1.png").write_bytes(b"no picture")
    drop(picture, data, at(picture, 32, 32)).actions()[0].trigger()
    qtbot.waitUntil(lambda: len(picture.document.document.layers) == 3)
    assert "picture 1.png" in picture.messages.sentence


def test_a_file_becomes_a_new_picture_with_what_it_says_of_itself(picture, qtbot, tmp_path, described):
    said, path = PngInfo(), tmp_path / "fox.png"
    said.add_text(
        "parameters", "a fox on the beach\nSteps: 20, Sampler: DDIM, CFG scale: 7, Seed: 42, Size: 20x10"
    )
    Image.fromarray(RED).save(path, pnginfo=said)
    choose(drop(picture, data_of(path)), "new picture")
    qtbot.waitUntil(lambda: described.offered == ["a fox on the beach"])


@pytest.mark.parametrize(
    ("word", "entry", "name"), [("new layer", "Add picture", "rot ü"), ("sketch", "Add picture", "Sketch")]
)
def test_what_was_dropped_has_its_name(picture, qtbot, file, word, entry, name):
    choose(drop(picture, data_of(file)), word)
    document = picture.document.document
    qtbot.waitUntil(lambda: len(document.layers) == 2)
    assert picture.layers.layer.name == name
    assert picture.actions_table["undo"].text() == f"&Undo · {entry}"


def test_undo_says_that_it_takes_a_paste_back(picture, qtbot):
    QGuiApplication.clipboard().setImage(to_qimage(RED))
    picture.actions_table["paste"].trigger()
    qtbot.waitUntil(lambda: len(picture.document.document.layers) == 2)
    assert picture.actions_table["undo"].text() == "&Undo · Paste"
