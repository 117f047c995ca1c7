"""Small documents with everything in them, and a comparison to the last bit."""

import numpy as np

from editor_core.document.commands import AcceptTurn, AddLayer
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import (
    GroupLayer,
    Layer,
    MaskLayer,
    PixelLayer,
    RasterLayer,
    RegionLayer,
    SketchLayer,
)
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.tiles import Tiles
from editor_core.document.turns import Turn


def make_turn(
    seed: int, /, parent: Turn | None = None, size: tuple[int, int] = (150, 200), **values: object
) -> Turn:
    """A turn with random pixels, mask and latents; ``size`` is (height, width)."""
    random = np.random.default_rng(seed)
    content = {
        "image": random.integers(0, 256, (*size, 3), np.uint8),
        "mask": None if parent is None else random.integers(0, 256, size, np.uint8),
        "latents": {
            "trajectory": random.normal(size=(3, 4, 4, 5)).astype(np.float32),
            "noise": np.float16([seed]),
        },
        "parent": None if parent is None else parent.id,
        "prompt": f"picture {seed}",
        "seed": seed,
        "steps": 20,
        "guidance": 7.5,
        "model": "tiny",
        "fingerprint": "0123456789abcdef",
        "parameters": {"k": 10, "switches": [True, None]},
        "log": {"share": 0.125},
        "cache_space": f"space-{seed}",
        "seconds": 1.5,
    }
    return Turn(**{**content, **values})


def random_tiles(seed: int, channels: int, rect: Rect) -> Tiles:
    pixels = np.random.default_rng(seed).integers(0, 256, (rect.height, rect.width, channels), np.uint8)
    return Tiles(channels).with_pixels(rect.x, rect.y, pixels)


def full_document(size: tuple[int, int] = (150, 200)) -> Document:
    """Two turns of (height, width), every kind of layer, groups in groups, offsets, things outside the canvas."""
    first = make_turn(1, size=size)
    document = Document.new_from_turn(first)
    document.execute(AcceptTurn(make_turn(2, first, size=size, name="dusk", starred=True)))
    glaze = RasterLayer(
        name="glaze", tiles=random_tiles(3, 4, Rect(-30, 5, 200, 40)), x=7, y=-9, blend_mode="hue"
    )
    shade = RasterLayer(
        name="shade", opacity=1 / 3, blend_mode="exclusion", tiles=random_tiles(4, 4, Rect(0, 0, 9, 9))
    )
    empty = RasterLayer(name="empty", visible=False, lock_transparency=True, x=3)
    inner = GroupLayer(name="inner", isolated=False, children=(shade,))
    document.execute(
        AddLayer(GroupLayer(name="group", opacity=0.5, children=(glaze, inner), blend_mode="screen"))
    )
    document.execute(AddLayer(empty, 0))
    document.execute(AddLayer(MaskLayer(name="mask", tiles=random_tiles(5, 1, Rect(4, 4, 20, 20)), x=-2), 1))
    document.execute(
        AddLayer(SketchLayer(name="sketch", tiles=random_tiles(6, 4, Rect(0, 0, 30, 3)), locked=True))
    )
    region = RegionLayer(name="region", prompt="a red door", tiles=random_tiles(7, 1, Rect(0, 0, 3, 30)))
    document.execute(AddLayer(region))
    document.settings["brush"] = {"size": 24}
    return document


def contents(state: Document | DocumentSnapshot) -> dict[str, object]:
    """Everything a document holds, as values that compare with ==."""
    snapshot = state.snapshot()
    return {
        "size": (snapshot.width, snapshot.height),
        "layers": [_layer(layer) for layer in snapshot.layers],
        "picture layer": snapshot.picture_layer_id if snapshot.picture_layer_id in snapshot.layers else None,
        "turns": [_turn(turn) for turn in snapshot.turns],
        "current": snapshot.current_id,
        "settings": dict(snapshot.settings),
        "extras": dict(snapshot.extras),
    }


def _layer(layer: Layer) -> dict[str, object]:
    values = {name: getattr(layer, name) for name in type(layer).__dataclass_fields__}
    values["kind"] = type(layer)
    if isinstance(layer, PixelLayer):
        values["tiles"] = {key: _array(layer.tiles.tile(key)) for key in layer.tiles}
    if isinstance(layer, GroupLayer):
        values["children"] = [_layer(child) for child in layer.children]
    return values


def _turn(turn: Turn) -> dict[str, object]:
    values = {name: getattr(turn, name) for name in Turn.__dataclass_fields__}
    arrays = {name: _array(array) for name, array in turn.latents.items()}
    return values | {
        "image": _array(turn.image),
        "mask": _array(turn.mask),
        "latents": arrays,
        "parameters": dict(turn.parameters),
        "log": dict(turn.log),
    }


def _array(array: np.ndarray | None) -> tuple[object, ...] | None:
    return None if array is None else (array.dtype.str, array.shape, array.tobytes())
