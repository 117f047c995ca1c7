"""Photoshop's files: what is written comes back exactly, what other programs put into them is read or told."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import BlendMode

from editor_core.base.errors import ProjectError
from editor_core.document.compositing import flatten
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import GroupLayer, LayerStack, MaskLayer, RasterLayer
from editor_core.document.tiles import Tiles
from editor_core.project import photoshop_writing
from editor_core.project.documents import load_document
from editor_core.project.file_kinds import holds_layers
from editor_core.project.photoshop_writing import write_psb, write_psd
from editor_core.project.picture_reading import read_picture
from support.documents import full_document
from support.mode_cases import cases, document_of

RED, BLUE = (250, 10, 20, 255), (10, 20, 250, 255)


def seen(document: Document) -> np.ndarray:
    return flatten(document.layers, document.rect)


@pytest.fixture
def stack() -> Document:
    """Two layers, red below, a smaller blue one above, half transparent."""
    document = Document(20, 10)
    red = RasterLayer(name="red", tiles=Tiles(4).filled(Rect(0, 0, 12, 10), RED))
    blue = RasterLayer(name="blue", tiles=Tiles(4).filled(Rect(0, 0, 10, 4), BLUE), x=6, y=2, opacity=0.5)
    document.set_layers(LayerStack((red, blue)))
    return document


def with_psd(path: Path, document: Document, change) -> Path:
    """A file as another program would leave it."""
    write_psd(document.snapshot(), path)
    psd = PSDImage.open(path)
    change(psd)
    psd.save(path)
    return path


@pytest.mark.parametrize("write", [write_psd, write_psb])
def test_every_mode_in_every_group_comes_back_exactly(tmp_path: Path, write):
    document = document_of(cases(operators=False))
    path = tmp_path / "modes.psd"
    assert write(document.snapshot(), path) == ()
    again = load_document(path)
    assert np.array_equal(seen(again), seen(document)) and not again.origin.lost
    looks = [
        (x.name, x.visible, round(x.opacity, 2), getattr(x, "blend_mode", "")) for x in again.layers.walk()
    ]
    assert looks == [
        (x.name, x.visible, x.opacity, getattr(x, "blend_mode", "")) for x in document.layers.walk()
    ]


def test_names_places_and_what_is_hidden(tmp_path: Path):
    document = full_document()
    write_psd(document.snapshot(), tmp_path / "a.psd")
    again = load_document(tmp_path / "a.psd")
    assert np.abs(seen(again).astype(int) - seen(document)).max() <= 1
    ours = [x for x in document.layers.walk() if isinstance(x, RasterLayer | GroupLayer)]
    assert [x.name for x in again.layers.walk()] == [x.name for x in ours]
    assert [x.visible for x in again.layers.walk()] == [x.visible for x in ours]
    assert holds_layers((tmp_path / "a.psd").rename(tmp_path / "a"))


def test_other_programs_see_the_picture_without_reading_layers(tmp_path: Path, stack: Document):
    write_psd(stack.snapshot(), tmp_path / "a.psd")
    with Image.open(tmp_path / "a.psd") as merged:
        on_white = np.asarray(merged.convert("RGB"))
    assert np.abs(on_white.astype(int) - stack.picture()).max() <= 1
    assert read_picture(tmp_path / "a.psd").pixels.shape[:2] == (10, 20)


def test_what_the_file_cannot_hold_is_told(tmp_path: Path, stack: Document):
    mask = MaskLayer(name="Mask", tiles=Tiles(1).filled(Rect(0, 0, 3, 3), (255,)))
    erase = RasterLayer(
        name="eraser", tiles=Tiles(4).filled(Rect(0, 0, 3, 3), RED), blend_mode="destination-out"
    )
    stack.set_layers(LayerStack((*stack.layers, erase, mask)))
    told = write_psd(stack.snapshot(), tmp_path / "a.psd")
    assert [str(message) for message in told] == [
        "The layer “eraser” is written in the mode Normal, for the file has no other one for it.",
        "Masks, sketches and regions are not part of it: Mask.",
    ]


def test_too_much_for_psd_is_for_psb(tmp_path: Path, stack: Document, monkeypatch):
    monkeypatch.setattr(photoshop_writing, "_MAX_PSD_BYTES", 100)
    with pytest.raises(ProjectError, match=r"\.psb"):
        write_psd(stack.snapshot(), tmp_path / "a.psd")
    write_psb(stack.snapshot(), tmp_path / "a.psb")
    assert (tmp_path / "a.psb").read_bytes()[:6] == b"8BPS\0\2" and not (tmp_path / "a.psd").exists()


def test_a_layer_s_mask_is_taken_into_its_transparency(tmp_path: Path, stack: Document):
    hiding = Image.fromarray(np.repeat(np.array([[0, 100, 255]], np.uint8), 4, axis=1).repeat(10, axis=0))
    path = with_psd(tmp_path / "a.psd", stack, lambda psd: psd[0].create_mask(hiding))
    document = load_document(path)
    red = document.layers.layers[0]
    told = ["The mask of the layer “red” became part of its transparency."]
    assert [str(each) for each in document.origin.lost] == told
    alpha = red.tiles.read(Rect(0, 0, 12, 10))[..., 3]
    assert np.array_equal(alpha[5], np.repeat([0, 100, 255], 4))


@pytest.mark.parametrize("isolated", [True, False])
def test_a_group_s_mask_cuts_all_of_it_and_stays_a_layer(tmp_path: Path, stack: Document, isolated: bool):
    above = RasterLayer(name="above", tiles=Tiles(4).filled(Rect(0, 0, 2, 10), BLUE), x=17)
    inside = seen(stack)
    stack.set_layers(
        LayerStack((GroupLayer(name="both", children=stack.layers.layers, isolated=isolated), above))
    )
    kept = np.zeros((10, 20), np.uint8)
    kept[:, 4:16] = np.linspace(20, 255, 12).astype(np.uint8)
    path = with_psd(tmp_path / "a.psd", stack, lambda psd: psd[0].create_mask(Image.fromarray(kept)))
    document = load_document(path)
    group = document.layers.layers[0]
    assert [layer.name for layer in group.children] == ["red", "blue", "Mask"] and group.isolated
    expected = np.rint(inside[..., 3] / 255 * kept)
    expected[:, 17:19] = 255
    assert np.abs(seen(document)[..., 3] - expected).max() <= 1
    told = [] if isolated else ["The group “both” has a mask; its layers are blended with one another only."]
    assert [str(each) for each in document.origin.lost] == told


@pytest.mark.parametrize("mode", ["normal", "multiply"])
def test_a_clipped_layer_shows_where_the_one_below_is(tmp_path: Path, stack: Document, mode: str):
    def clip(psd: PSDImage) -> None:
        psd[1].clipping = True
        psd[1].blend_mode = BlendMode.MULTIPLY if mode == "multiply" else BlendMode.NORMAL

    document = load_document(with_psd(tmp_path / "a.psd", stack, clip))
    assert [layer.name for layer in document.layers.walk()] == ["red", "blue", "Clipping group"]
    picture = seen(document)
    assert (picture[:, :12, 3] == 255).all() and not picture[:, 12:, 3].any()
    write_psd(document.snapshot(), tmp_path / "again.psd")
    assert np.array_equal(seen(load_document(tmp_path / "again.psd")), picture)
    half = (130, 15, 135) if mode == "normal" else (130, 5, 20)
    assert np.abs(picture[3, 8, :3].astype(int) - half).max() <= 1


def test_unknown_modes_and_damaged_layers_cost_only_themselves(tmp_path: Path, stack: Document, monkeypatch):
    def change(psd: PSDImage) -> None:
        psd[1].blend_mode = BlendMode.VIVID_LIGHT

    path = with_psd(tmp_path / "a.psd", stack, change)
    document = load_document(path)
    assert "vivid light" in str(document.origin.lost[0]) and len(document.layers) == 2
    read, calls = Image.Image.convert, []

    def failing(image, mode=None, *rest, **more):
        calls.append(mode)
        if len(calls) == 1:
            raise ValueError("damaged")
        return read(image, mode, *rest, **more)

    monkeypatch.setattr(Image.Image, "convert", failing)
    damaged = load_document(path)
    assert [layer.name for layer in damaged.layers] == ["blue"]
    assert "The layer “red” cannot be read." in map(str, damaged.origin.lost)


def test_a_file_without_layers_is_one_layer(tmp_path: Path):
    PSDImage.frompil(Image.new("RGB", (6, 5), (9, 8, 7))).save(tmp_path / "flat.psd")
    document = load_document(tmp_path / "flat.psd")
    assert (document.picture() == (9, 8, 7)).all() and len(document.layers) == 1


def test_damage_is_a_sentence_or_a_document(tmp_path: Path, stack: Document):
    write_psd(stack.snapshot(), tmp_path / "a.psd")
    data, random = (tmp_path / "a.psd").read_bytes(), np.random.default_rng(0)
    damaged = tmp_path / "damaged.psd"
    for round_ in range(60):
        copy = bytearray(data)
        for place in random.integers(4, len(copy), 3):
            copy[place] = random.integers(256)
        damaged.write_bytes(copy if round_ % 2 else copy[: random.integers(5, len(copy))])
        try:
            load_document(damaged)
        except ProjectError as error:
            assert "damaged.psd" in str(error)
    assert io.BytesIO(data).read(4) == b"8BPS"
