"""The tree of layers in ``editor/project.json``: what OpenRaster cannot hold, exactly."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, get_type_hints

from editor_core.base.errors import ProjectError
from editor_core.base.gate import fits, fitting
from editor_core.base.limits import MAX_DEPTH, MAX_LAYERS
from editor_core.base.message import Message
from editor_core.document.blending import LAYER_MODES
from editor_core.document.identity import is_id
from editor_core.document.layers import LAYER_KINDS, GroupLayer, Layer, LayerStack, PixelLayer
from editor_core.document.tiles import Tiles
from editor_core.project.archive import Archive, TooLargeError
from editor_core.project.layer_parts import parts_of
from editor_core.project.schema import LAYER_FIELDS, PartRecord

_CONTENT = frozenset({"tiles", "children"})


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
            entry |= _places(layer, sources)
            if layer.id not in sources:
                private.append(layer)
        tree.append(entry)
    return tree, private


def _places(layer: PixelLayer, sources: Mapping[str, str]) -> dict[str, Any]:
    bounds = layer.tiles.bounds()
    if layer.id in sources:
        return {"source": sources[layer.id], "left": bounds.x, "top": bounds.y}
    parts = [(name, tiles.bounds()) for name, tiles in parts_of(layer)]
    if len(parts) == 1:
        return {"source": parts[0][0], "left": bounds.x, "top": bounds.y}
    return {"parts": [{"source": name, "left": rect.x, "top": rect.y} for name, rect in parts]}


class LayerReader:
    """Reads the tree, each layer for itself: what is wrong of one is left out and told in ``lost``."""

    def __init__(self, archive: Archive, *, pixels: bool = True) -> None:
        """Without ``pixels`` only what can be told of them without decoding is looked at."""
        self.lost: list[Message] = []
        self._archive = archive
        self.pixels = pixels
        self._ids: set[str] = set()

    def read(self, tree: list[Any]) -> LayerStack:
        """The layers of ``tree`` that are whole. Raises TooLargeError when all need too much memory."""
        return LayerStack(self._level(tree, MAX_DEPTH))

    def _level(self, tree: list[Any], depth: int) -> tuple[Layer, ...]:
        if depth == 0:
            self.lost.append(Message("Groups that are nested too deeply cannot be opened."))
            return ()
        layers = (self._layer(entry, depth) for entry in tree)
        return tuple(layer for layer in layers if layer is not None)

    def _layer(self, entry: Any, depth: int) -> Layer | None:
        if len(self._ids) >= MAX_LAYERS:
            raise TooLargeError(
                "“{file}” has more layers than this program can open.", file=self._archive.path.name
            )
        kind = LAYER_KINDS.get(str(entry.get("kind"))) if isinstance(entry, dict) else None
        if kind is None or not is_id(entry.get("id")) or entry["id"] in self._ids:
            self.lost.append(Message("A layer cannot be read."))
            return None
        self._ids.add(entry["id"])
        values = self._values(kind, entry)
        if issubclass(kind, GroupLayer):
            children = entry.get("children")
            return kind(
                **values, children=self._level(children if isinstance(children, list) else [], depth - 1)
            )
        assert issubclass(kind, PixelLayer)
        try:
            return kind(**values, tiles=self._tiles(kind.channels, entry))
        except TooLargeError:
            raise
        except (ProjectError, ValueError):
            self.lost.append(Message("The layer “{layer}” cannot be read.", layer=values["name"][:60]))
            return None

    def _values(self, kind: type[Layer], entry: dict[str, Any]) -> dict[str, Any]:
        """What stands there of the layer's properties; those that make no sense keep their defaults."""
        types = _types(kind)
        given = types.keys() & entry.keys()
        wrong = sorted(name for name in given if not fits(entry[name], types[name]))
        kept = {name: entry[name] for name in given.difference(wrong)}
        values = {"name": kind.title} | {n: tuple(v) if isinstance(v, list) else v for n, v in kept.items()}
        if values.get("blend_mode", "normal") not in LAYER_MODES:
            values["blend_mode"] = "normal"
        if wrong:
            told = Message(
                "Some properties of the layer “{layer}” cannot be read: {properties}.",
                layer=values["name"][:60],
                properties=tuple(name.replace("_", " ") for name in wrong),
            )
            self.lost.append(told)
        return values

    def _tiles(self, channels: int, entry: dict[str, Any]) -> Tiles:
        """The pixels of all parts; raises ProjectError, ValueError."""
        found = entry.get("parts", [entry])
        tiles = Tiles(channels)
        for part in found if isinstance(found, list) else [None]:
            if not isinstance(part, dict):
                raise ValueError("part")
            place, wrong = fitting(PartRecord, part)
            if wrong:
                raise ValueError(wrong[0])
            if not self.pixels:
                self._archive.picture(place.source, "L", checked=False)
                continue
            read = self._archive.tiles(place.source, channels, place.left, place.top)
            tiles = read if len(found) == 1 else tiles.with_patch(read.patch(read))
        return tiles


def _types(kind: type[Layer]) -> dict[str, Any]:
    """Type and range of each property of a kind; of one that only this kind has, as its class says."""
    hints = get_type_hints(kind, include_extras=True)
    names = [field.name for field in fields(kind) if field.name not in _CONTENT]
    return {name: LAYER_FIELDS.get(name, hints[name]) for name in names}
