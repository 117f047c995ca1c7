"""The stack of layers, and the kinds there are: immutable values, replaced rather than changed."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from editor_core.base.errors import LayerError
from editor_core.base.limits import MAX_DEPTH, MAX_LAYERS
from editor_core.document.layer import Layer, NewLayerAction, PictureLayer, PixelLayer
from editor_core.document.layer_kinds.group import GroupLayer
from editor_core.document.layer_kinds.mask import MaskLayer
from editor_core.document.layer_kinds.raster import RasterLayer
from editor_core.document.layer_kinds.region import RegionLayer
from editor_core.document.layer_kinds.sketch import SketchLayer

__all__ = [
    "LAYER_KINDS",
    "GroupLayer",
    "Layer",
    "LayerStack",
    "MaskLayer",
    "NewLayerAction",
    "PictureLayer",
    "PixelLayer",
    "RasterLayer",
    "RegionLayer",
    "SketchLayer",
    "showing_results",
]

LAYER_KINDS: Mapping[str, type[Layer]] = {
    layer.kind: layer for layer in (RasterLayer, MaskLayer, SketchLayer, RegionLayer, GroupLayer)
}
"""By the name in project files; in this order the menu offers new ones."""


@dataclass(frozen=True, eq=False)
class LayerStack:
    """The layers of a document, bottom first. Every change makes a new stack."""

    layers: tuple[Layer, ...] = ()

    def __iter__(self) -> Iterator[Layer]:
        """The top level, bottom first."""
        return iter(self.layers)

    def __len__(self) -> int:
        """How many layers the top level has."""
        return len(self.layers)

    def __contains__(self, layer_id: object) -> bool:
        return any(layer.id == layer_id for layer in self.walk())

    def __getitem__(self, layer_id: str) -> Layer:
        """The layer with this id, however deep; raises KeyError."""
        layer = self.get(layer_id)
        if layer is None:
            raise KeyError(layer_id)
        return layer

    def get(self, layer_id: str) -> Layer | None:
        """The layer with this id, however deep, or None."""
        return next((layer for layer in self.walk() if layer.id == layer_id), None)

    def walk(self) -> Iterator[Layer]:
        """Every layer, bottom first, a group after its children."""
        return _walk(self.layers)

    def pixel_layer(self, layer_id: str) -> PixelLayer:
        """The layer with this id; raises LayerError when it is gone or is a group."""
        layer = self.get(layer_id)
        if not isinstance(layer, PixelLayer):
            raise LayerError("This layer cannot be painted on. Choose another one.")
        return layer

    def lock_on(self, layer_id: str) -> Layer | None:
        """The locked layer that protects this one: itself, a group around it, or None; raises KeyError."""
        step: str | None = layer_id
        while step is not None:
            if self[step].locked:
                return self[step]
            step, _ = self.place_of(step)
        return None

    def place_of(self, layer_id: str) -> tuple[str | None, int]:
        """The id of the group that holds the layer (None: top level) and its index there; raises KeyError."""
        for parent, siblings in self._levels():
            for index, layer in enumerate(siblings):
                if layer.id == layer_id:
                    return parent, index
        raise KeyError(layer_id)

    def with_layer(self, layer: Layer, index: int | None = None, parent: str | None = None) -> "LayerStack":
        """With ``layer`` put in at ``index`` (None: on top) of the group ``parent`` (None: top level)."""
        if layer.id in self:
            raise ValueError(f"layer {layer.id} is already in the stack")
        if self._level_of(parent) + _height(layer) > MAX_DEPTH:
            raise LayerError("Groups cannot be nested more than {most} deep.", most=MAX_DEPTH)
        if len(list(self.walk())) >= MAX_LAYERS:
            raise LayerError("A picture can have at most {most} layers.", most=MAX_LAYERS)

        def put(siblings: tuple[Layer, ...]) -> tuple[Layer, ...]:
            at = len(siblings) if index is None else index
            return (*siblings[:at], layer, *siblings[at:])

        return self._with_level(parent, put)

    def without(self, layer_id: str) -> "LayerStack":
        """The stack without this layer and, for a group, all it holds; raises KeyError."""
        parent, index = self.place_of(layer_id)
        return self._with_level(parent, lambda siblings: siblings[:index] + siblings[index + 1 :])

    def replacing(self, layer: Layer) -> "LayerStack":
        """The stack with ``layer`` in the place of the one with the same id; raises KeyError."""
        parent, index = self.place_of(layer.id)
        return self._with_level(parent, lambda siblings: (*siblings[:index], layer, *siblings[index + 1 :]))

    def _level_of(self, parent: str | None) -> int:
        """How many groups lie around what is in ``parent``."""
        around = 0
        while parent is not None:
            parent, _ = self.place_of(parent)
            around += 1
        return around

    def _levels(self) -> Iterator[tuple[str | None, tuple[Layer, ...]]]:
        yield None, self.layers
        for layer in self.walk():
            if isinstance(layer, GroupLayer):
                yield layer.id, layer.children

    def _with_level(
        self, parent: str | None, change: Callable[[tuple[Layer, ...]], tuple[Layer, ...]]
    ) -> "LayerStack":
        if parent is None:
            return LayerStack(change(self.layers))
        group = self[parent]
        if not isinstance(group, GroupLayer):
            raise LayerError("Only a group can hold other layers.")
        return self.replacing(replace(group, children=change(group.children)))


def _height(layer: Layer) -> int:
    """Levels from a layer down to the innermost it holds, its own counted."""
    return 1 + max(map(_height, layer.children), default=0) if isinstance(layer, GroupLayer) else 1


def _walk(layers: tuple[Layer, ...]) -> Iterator[Layer]:
    for layer in layers:
        if isinstance(layer, GroupLayer):
            yield from _walk(layer.children)
        yield layer


def showing_results(stack: LayerStack, turns: Collection[str]) -> LayerStack:
    """The stack with the results of these turns shown and all other results hidden."""
    for layer in stack.walk():
        if isinstance(layer, RasterLayer) and layer.turn and layer.visible != (layer.turn in turns):
            stack = stack.replacing(replace(layer, visible=not layer.visible))
    return stack
