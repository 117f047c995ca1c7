"""The tree of layers in ``editor/project.json``: what OpenRaster cannot hold, exactly."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from editor_core.document.blending import BLEND_MODES
from editor_core.document.identity import is_id
from editor_core.document.layers import LAYER_KINDS, GroupLayer, Layer, LayerStack, PixelLayer
from editor_core.document.tiles import Tiles
from editor_core.project.archive import Archive

_CONTENT = frozenset({"tiles", "children"})
_MAX_DEPTH = 64


def layers_to_json(
    layers: Iterable[Layer], sources: Mapping[str, str]
) -> tuple[list[dict[str, Any]], list[PixelLayer]]:
    """The tree, bottom first, and the layers whose pixels are not in ``sources`` (layer id → name in the zip)."""
    tree: list[dict[str, Any]] = []
    private: list[PixelLayer] = []
    for layer in layers:
        entry: dict[str, Any] = {"kind": layer.kind}
        entry |= {
            field.name: getattr(layer, field.name) for field in fields(layer) if field.name not in _CONTENT
        }
        if isinstance(layer, GroupLayer):
            entry["children"], inner = layers_to_json(layer.children, sources)
            private += inner
        elif isinstance(layer, PixelLayer):
            bounds = layer.tiles.bounds()
            entry["source"] = sources.get(layer.id, f"editor/layers/{layer.id}.png")
            entry["left"], entry["top"] = bounds.x, bounds.y
            if layer.id not in sources:
                private.append(layer)
        tree.append(entry)
    return tree, private


def layers_from_json(archive: Archive, tree: list[dict[str, Any]]) -> LayerStack:
    """The layers of ``tree`` with their pixels; raises KeyError, TypeError, ValueError where it makes no sense."""
    stack = LayerStack(_layers(archive, tree, _MAX_DEPTH))
    ids = [layer.id for layer in stack.walk()]
    if len(set(ids)) != len(ids) or not all(is_id(layer_id) for layer_id in ids):
        raise ValueError("layer ids")
    return stack


def _layers(archive: Archive, tree: list[dict[str, Any]], depth: int) -> tuple[Layer, ...]:
    if depth == 0:
        raise ValueError("groups are nested too deeply")
    return tuple(_layer(archive, entry, depth) for entry in tree)


def _layer(archive: Archive, entry: dict[str, Any], depth: int) -> Layer:
    kind = LAYER_KINDS[entry["kind"]]
    names = {field.name for field in fields(kind)} - _CONTENT
    values: dict[str, Any] = {name: _checked(name, entry[name]) for name in names if name in entry}
    if kind is GroupLayer:
        return GroupLayer(**values, children=_layers(archive, entry["children"], depth - 1))
    assert issubclass(kind, PixelLayer)
    pixels, _ = archive.read_png(entry["source"], "RGBA" if kind.channels == 4 else "L")
    tiles = Tiles.from_array(pixels, int(entry["left"]), int(entry["top"]))
    return kind(**values, tiles=tiles)


_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "id": str,
    "name": str,
    "prompt": str,
    "turn": str,
    "visible": bool,
    "locked": bool,
    "lock_transparency": bool,
    "isolated": bool,
    "x": int,
    "y": int,
    "opacity": (int, float),
    "blend_mode": str,
}


def _checked(name: str, value: object) -> object:
    if not isinstance(value, _TYPES[name]):
        raise TypeError(f"{name} = {value!r}")
    if name == "opacity" and not 0 <= value <= 1:  # type: ignore[operator]
        raise ValueError(f"opacity = {value!r}")
    return value if name != "blend_mode" or value in BLEND_MODES else "normal"
