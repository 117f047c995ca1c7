"""The stack of layers, and the kinds there are: immutable values, replaced rather than changed."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from editor_core.base.errors import LayerError
from editor_core.base.limits import MAX_DEPTH, MAX_LAYERS
from editor_core.document.layer import Layer, NewLayerAction, PictureLayer, PixelLayer
from editor_core.document.layer_kinds.adjustment import AdjustmentLayer
from editor_core.document.layer_kinds.group import GroupLayer
from editor_core.document.layer_kinds.mask import MaskLayer
from editor_core.document.layer_kinds.raster import RasterLayer
from editor_core.document.layer_kinds.region import RegionLayer
from editor_core.document.layer_kinds.sketch import SketchLayer
from editor_core.document.layer_kinds.text import TextLayer

__all__ = [
    "LAYER_KINDS",
    "AdjustmentLayer",
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
    "TextLayer",
    "showing_results",
]

LAYER_KINDS: Mapping[str, type[Layer]] = {
    layer.kind: layer
    for layer in (
        RasterLayer,
        TextLayer,
        MaskLayer,
        SketchLayer,
        RegionLayer,
        GroupLayer,
        AdjustmentLayer,
    )
}
"""By the name in project files; in this order the menu offers new ones."""


class Parked(NamedTuple):
    """A layer of a turn that is not shown, and its place among all layers."""

    layer: Layer
    place: int


@dataclass(frozen=True, eq=False)
class LayerStack:
    """The layers of a document, bottom first. Every change makes a new stack."""

    layers: tuple[Layer, ...] = ()
    parked: tuple[Parked, ...] = ()
    """Of turns that are not shown: out of sight and out of reach until `showing` brings them back."""

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

    @property
    def whole(self) -> tuple[Layer, ...]:
        """The top level with what is parked, which is hidden there: as files keep it."""
        return tuple(
            replace(layer, visible=False) if is_parked else layer for layer, is_parked in self._everything
        )

    def walk_whole(self) -> Iterator[Layer]:
        """Every layer, parked or not."""
        return _walk(tuple(layer for layer, _ in self._everything))

    def showing(self, belongs: Callable[[Layer], bool]) -> "LayerStack":
        """The stack with those layers of the top level parked that do not belong to what is shown, and no others.

        A layer that was hidden in a file, because it was parked, is visible when it comes back.
        """
        shown: list[Layer] = []
        parked: list[Parked] = []
        for place, (layer, was_parked) in enumerate(self._everything):
            if belongs(layer):
                shown.append(layer)
            else:
                kept = layer if was_parked or layer.visible else replace(layer, visible=True)
                parked.append(Parked(kept, place))
        return self._or_same(tuple(shown), tuple(parked))

    def carried_on(self, parent: str, turn: str, *, leave: bool = False) -> "LayerStack":
        """The stack with what lies on a turn lying on another, too, that was made of it; ``leave``: on that alone."""

        def carried(layer: Layer) -> Layer:
            if not isinstance(layer, PictureLayer) or parent not in layer.on_turns:
                return layer
            others = tuple(each for each in layer.on_turns if each != parent or not leave)
            return replace(layer, on_turns=(*others, turn))

        parked = tuple(kept._replace(layer=carried(kept.layer)) for kept in self.parked)
        return self._or_same(tuple(map(carried, self.layers)), parked)

    def forgetting(self, turns: Collection[str]) -> "LayerStack":
        """The stack without turns that are gone; of what lay on them alone, only what is shown stays."""

        def without(layer: Layer) -> Layer:
            if not isinstance(layer, PictureLayer) or not {*layer.on_turns} & {*turns}:
                return layer
            return replace(layer, on_turns=tuple(turn for turn in layer.on_turns if turn not in turns))

        parked = []
        for kept in self.parked:
            layer = without(kept.layer)
            is_result = isinstance(layer, RasterLayer) and layer.turn in turns
            lies_nowhere = isinstance(layer, PictureLayer) and layer is not kept.layer and not layer.on_turns
            if not is_result and not lies_nowhere:
                parked.append(kept._replace(layer=layer))
        return self._or_same(tuple(map(without, self.layers)), tuple(parked))

    def _or_same(self, layers: tuple[Layer, ...], parked: tuple[Parked, ...]) -> "LayerStack":
        """A stack of these, or itself where they are its own."""
        return self if (layers, parked) == (self.layers, self.parked) else LayerStack(layers, parked)

    @property
    def _everything(self) -> list[tuple[Layer, bool]]:
        """The top level with what is parked in its place; whether it is parked."""
        found = [(layer, False) for layer in self.layers]
        for layer, place in self.parked:
            found.insert(min(place, len(found)), (layer, True))
        return found

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
        if len(list(self.walk_whole())) >= MAX_LAYERS:
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
            return LayerStack(change(self.layers), self.parked)
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
