"""The stack of layers: immutable, nested, found by id."""

from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar

import pytest
from msgspec import Meta

from editor_core.base.errors import LayerError
from editor_core.document.commands import AddLayer, ShiftLayer
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import (
    LAYER_KINDS,
    GroupLayer,
    LayerStack,
    MaskLayer,
    PictureLayer,
    PixelLayer,
    RasterLayer,
)
from editor_core.document.tiles import Tiles
from editor_core.project.project_file import load_project, save_project
from support.documents import contents

low, middle, high = RasterLayer(name="low"), MaskLayer(name="middle"), RasterLayer(name="high")
inner = GroupLayer(name="inner", children=(middle,))
outer = GroupLayer(name="outer", children=(inner, high))
stack = LayerStack((low, outer))


def test_layers_are_found_however_deep():
    assert [layer.name for layer in stack] == ["low", "outer"] and len(stack) == 2
    assert [layer.name for layer in stack.walk()] == ["low", "middle", "inner", "high", "outer"]
    assert stack[middle.id] is middle and middle.id in stack and "x" not in stack and stack.get("x") is None
    assert stack.place_of(middle.id) == (inner.id, 0) and stack.place_of(low.id) == (None, 0)
    for look in (stack.__getitem__, stack.place_of, stack.without, stack.lock_on):
        with pytest.raises(KeyError):
            look("x")


def test_only_layers_with_pixels_can_be_painted_on():
    assert stack.pixel_layer(middle.id) is middle
    for layer_id in (inner.id, "x"):
        with pytest.raises(LayerError):
            stack.pixel_layer(layer_id)


def test_every_change_is_a_new_stack():
    added = stack.with_layer(RasterLayer(name="new"), 0, inner.id)
    assert [layer.name for layer in added.walk()] == ["low", "new", "middle", "inner", "high", "outer"]
    assert [layer.name for layer in stack.with_layer(RasterLayer(name="new"))][-1] == "new"
    assert middle.id not in stack.without(inner.id) and high.id in stack.without(inner.id)
    assert stack.replacing(replace(middle, name="other"))[middle.id].name == "other"
    assert [layer.name for layer in stack.walk()] == ["low", "middle", "inner", "high", "outer"]


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="already"):
        stack.with_layer(low)
    with pytest.raises(LayerError, match="Only a group"):
        stack.with_layer(RasterLayer(name="new"), None, low.id)
    with pytest.raises(KeyError):
        stack.with_layer(RasterLayer(name="new"), None, "x")


def test_a_lock_protects_all_that_a_group_holds():
    assert stack.lock_on(middle.id) is None
    locked = stack.replacing(replace(stack[outer.id], locked=True))
    assert locked.lock_on(middle.id) is locked[outer.id] and locked.lock_on(low.id) is None


@dataclass(frozen=True, kw_only=True, eq=False)
class StampLayer(PixelLayer, PictureLayer):
    """A kind that no module knows: RGBA, part of the picture."""

    kind: ClassVar[str] = "stamp"
    title: ClassVar[str] = "Stamp"
    channels: ClassVar[int] = 4

    tiles: Tiles = field(default_factory=lambda: Tiles(4))
    angle: Annotated[float, Meta(ge=0, le=360)] = 0.0


def test_a_new_kind_is_one_class_and_one_registration(tmp_path, monkeypatch):
    monkeypatch.setitem(LAYER_KINDS, "stamp", StampLayer)
    document = Document(4, 3)
    red = Tiles(4).filled(Rect(0, 0, 2, 2), (255, 0, 0, 255))
    stamp = StampLayer(name="Stamp", tiles=red, x=1, opacity=0.5, blend_mode="multiply", angle=45.0)
    document.execute(AddLayer(GroupLayer(name="Group", children=(stamp,))))
    document.execute(ShiftLayer(document.layers.layers[0].id, 1, 0))
    assert document.picture()[0].tolist() == [[255] * 3, [255] * 3, [255, 128, 128], [255, 128, 128]]
    save_project(document, tmp_path / "stamp.palimpsest")
    assert contents(load_project(tmp_path / "stamp.palimpsest")) == contents(document)
    (group,) = load_project(tmp_path / "stamp.palimpsest").layers
    assert isinstance(group, GroupLayer) and isinstance(group.children[0], StampLayer)


@pytest.mark.parametrize("kind", LAYER_KINDS.values())
def test_every_kind_says_what_it_is(kind):
    layer = kind(name="x")
    assert LAYER_KINDS[layer.kind] is kind and kind.title
    assert layer.in_picture == isinstance(layer, PictureLayer)
    assert not isinstance(layer, PixelLayer) or layer.tiles.channels == kind.channels
    assert layer.copied().id != layer.id


def test_a_copy_of_a_result_is_paint_like_any_other():
    result = RasterLayer(name="fox", turn="0123456789ab", lock_transparency=True)
    copy = result.copied()
    assert copy.turn == "" and copy.mark == "lock-transparency" and result.mark == "layer-result"
