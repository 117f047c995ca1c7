"""Layers and their stack: immutable values, replaced rather than changed."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace

from editor_core.base.errors import LayerError
from editor_core.document.geometry import Rect
from editor_core.document.identity import new_id
from editor_core.document.tiles import Tiles


@dataclass(frozen=True, kw_only=True, eq=False)
class Layer:
    """What every entry of the stack has."""

    name: str
    id: str = field(default_factory=new_id)
    visible: bool = True
    locked: bool = False
    opacity: float = 1.0  # 0..1


@dataclass(frozen=True, kw_only=True, eq=False)
class PixelLayer(Layer):
    """A layer with pixels; pixel (0, 0) of ``tiles`` lies at (x, y) of the document."""

    tiles: Tiles
    x: int = 0
    y: int = 0

    @property
    def bounds(self) -> Rect:
        """The occupied part, in document pixels."""
        return self.tiles.bounds().shifted(self.x, self.y)


@dataclass(frozen=True, kw_only=True, eq=False)
class RasterLayer(PixelLayer):
    """Painted RGBA pixels (straight alpha, sRGB): part of the picture."""

    tiles: Tiles = field(default_factory=lambda: Tiles(4))
    blend_mode: str = "normal"
    lock_transparency: bool = False
    turn: str = ""
    """Id of the turn whose result it holds, with that turn's region only; empty for any other layer."""


@dataclass(frozen=True, kw_only=True, eq=False)
class MaskLayer(PixelLayer):
    """One channel, 0..255: where an edit may change the picture. Not part of the picture."""

    tiles: Tiles = field(default_factory=lambda: Tiles(1))


@dataclass(frozen=True, kw_only=True, eq=False)
class SketchLayer(PixelLayer):
    """RGBA strokes that guide an edit. Not part of the picture."""

    tiles: Tiles = field(default_factory=lambda: Tiles(4))


@dataclass(frozen=True, kw_only=True, eq=False)
class RegionLayer(PixelLayer):
    """One channel, 0..255, with words of its own for that part. Not part of the picture."""

    tiles: Tiles = field(default_factory=lambda: Tiles(1))
    prompt: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupLayer(Layer):
    """Layers under one heading, bottom first; an isolated group is flattened before it is blended."""

    children: tuple[Layer, ...] = ()
    blend_mode: str = "normal"
    isolated: bool = True


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
            raise LayerError("This layer cannot be painted on.")
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
