"""Layers that look the same in every program: normal ones, with the colours that their modes make of what lies below.

A layer blended with its backdrop is the normal layer of the colour (1 - ab) Cs + ab B(Cb, Cs) (W3C Compositing and
Blending Level 1, section 10). What is sought here is more general, so that other programs' formulas can be baked, too:
the normal layer that makes of what is seen below what shall be seen. Where that is not possible, as for what cuts
transparent pixels, a layer and all below it in its group become one.

Two pictures are followed upwards, what the layers shall look like and what the baked ones do, so rounding to 8 bits
does not add up.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from editor_core.document.compositing import (
    Floats,
    Source,
    blended,
    blocks_of,
    colour_and_alpha,
    in_layer,
    to_bytes,
)
from editor_core.document.geometry import Rect
from editor_core.document.layers import (
    AdjustmentLayer,
    GroupLayer,
    Layer,
    PictureLayer,
    PixelLayer,
    RasterLayer,
)
from editor_core.document.operators import CLEARING, OPERATORS
from editor_core.document.tiles import TILE_SIZE, Pixels, TileKey, Tiles, tile_rect

_ROUNDING = np.float32(0.6 / 255)
_TOLERANCE = np.float32(1.3 / 255)
"""Of premultiplied colour and alpha: what rounding a layer's colours and its alpha makes, together."""
_TINY, _NONE = np.float32(1e-6), np.float32(0)
_MOST_PASSES = 8


class Planes(NamedTuple):
    """A composited picture, float32."""

    colour: Floats
    """Premultiplied, (3, h, w)."""
    alpha: Floats
    """(h, w)."""


Compose = Callable[[PictureLayer, Source, Planes], Planes]
"""What a layer makes of what lies below it."""
Fade = Callable[[GroupLayer, Planes, Planes], Planes]
"""What is seen of a group that is not isolated, of what lies below it, and of what it makes of that."""
Lift = Callable[[Planes], Planes]
"""What the whole picture becomes of what a group's layers make together."""


class Baked(NamedTuple):
    """Baked layers, and the names of those that are not what they were."""

    layers: tuple[Layer, ...]
    fitted: tuple[str, ...]
    """Became normal layers with other colours."""
    merged: tuple[str, ...]
    """Became one with all that lay below them in their group."""


def by_modes(layer: PictureLayer, source: Source, below: Planes) -> Planes:
    """What the document itself shows."""
    return Planes(*blended(*below, source))


def is_normal(layer: PictureLayer) -> bool:
    """Whether a layer looks the same in every program as it is, what is in it aside."""
    return layer.blend_mode == "normal" and not isinstance(layer, AdjustmentLayer)


def baked(
    layers: Iterable[Layer],
    rect: Rect,
    compose: Compose = by_modes,
    keeps: Callable[[PictureLayer], bool] = is_normal,
    fade: Fade | None = None,
) -> Baked:
    """The layers, bottom first, such that they look inside ``rect`` as ``compose`` has it.

    Those that ``keeps`` says may stay do so where they then look as they shall. Hidden layers are left as they are;
    pixels outside ``rect`` are lost where a layer changes. ``fade``: what the opacity of a group that is not isolated
    does, where it is not one of each of its layers, as here.
    """
    baker = _Baker(tuple(layers), rect, compose, keeps, fade)
    for _ in range(_MOST_PASSES):
        if baker.settled():
            return baker.result()
    baker.merge_all()
    return baker.result()


class _Baker:
    """Works block by block: which layers change is known only when all were seen, so a change begins a new pass."""

    def __init__(
        self,
        layers: tuple[Layer, ...],
        rect: Rect,
        compose: Compose,
        keeps: Callable[[PictureLayer], bool],
        fade: Fade | None,
    ) -> None:
        self._layers, self._rect = layers, rect
        self._fade = fade
        self._compose, self._keeps = compose, keeps
        self._fitted: set[str] = set()
        self._opened: set[str] = set()
        """Normal groups of which each layer is fitted for itself."""
        self._closed: set[str] = set()
        """Those of them where that was not possible, so that they were fitted as a whole."""
        self._merged: set[str] = set()
        self._pixels: dict[str, dict[TileKey, Pixels]] = {}
        self._blocks = list(blocks_of(rect))
        self._names: list[str] = []

    def settled(self) -> bool:
        """Bake the blocks that are still to be done; False where some have to be done again.

        Those are all that were done before it was known which layers change.
        """
        valid = 0
        for number, block in enumerate(self._blocks):
            before, nothing = self._decided(), _nothing(block)
            self._level(self._layers, nothing, nothing, block, 1.0, None, _itself)
            if before != self._decided():
                valid = number + 1
        done = set(self._blocks[valid:])
        self._blocks = [block for block in blocks_of(self._rect) if block not in done] if valid else []
        return not self._blocks

    def _decided(self) -> tuple[frozenset[str], ...]:
        return frozenset(self._fitted), frozenset(self._opened), frozenset(self._merged)

    def merge_all(self) -> None:
        """Make one layer of all."""
        self._merged.add(next(layer.id for layer in reversed(self._layers) if _is_seen(layer)))
        self._blocks = list(blocks_of(self._rect))
        self.settled()

    # -- what is seen -------------------------------------------------------------------------------------------------

    def _level(
        self,
        layers: tuple[Layer, ...],
        wanted: Planes,
        seen: Planes,
        block: Rect,
        opacity: float,
        around: str | None,
        lift: Lift,
    ) -> tuple[Planes, Planes]:
        """What is wanted and what is seen above ``layers``; ``around``: the layer that a merge would begin at."""
        start = 0 if around else self._swallowed(layers)
        if start:
            for layer in layers[:start]:
                wanted = self._wanted(layer, wanted, block, 1.0)
            seen = self._keep(layers[start - 1].id, block, _bytes_of(wanted))
        for layer in layers[start:]:
            if isinstance(layer, PictureLayer) and _is_seen(layer):
                wanted, seen = self._layer(layer, wanted, seen, block, opacity, around or layer.id, lift)
        return wanted, seen

    def _layer(
        self,
        layer: PictureLayer,
        wanted: Planes,
        seen: Planes,
        block: Rect,
        opacity: float,
        unit: str,
        lift: Lift,
    ) -> tuple[Planes, Planes]:
        """The same above one layer."""
        if isinstance(layer, GroupLayer) and not layer.isolated:
            if self._fade is not None and layer.opacity < 1:
                self._merged.add(unit)
                target = self._wanted(layer, wanted, block, opacity)
                return target, lift(target)
            share = opacity * layer.opacity
            return self._level(layer.children, wanted, seen, block, share, unit, lift)
        if isinstance(layer, GroupLayer) and layer.id in self._opened:
            return self._layers_of(layer, wanted, seen, block, lift)
        source, baked_source = self._sources(layer, block, opacity)
        if source is None or baked_source is None:
            return wanted, seen
        target = self._compose(layer, source, wanted)
        if layer.id not in self._fitted:
            as_it_is = Planes(*blended(*seen, baked_source))
            if self._keeps(layer) and _alike(as_it_is, lift(target)):
                return target, as_it_is
            if isinstance(layer, GroupLayer) and _can_be_opened(layer, opacity):
                self._opened.add(layer.id)
                return self._layers_of(layer, wanted, seen, block, lift)
            self._fitted.add(layer.id)
        paint = _normal_layer(seen, lift(target), source)
        self._keep(layer.id, block, paint)
        reached = Planes(*blended(*seen, Source(paint, 1.0, "normal")))
        if not _alike(reached, lift(target)):
            self._give_up(unit)
            reached = _clipped(lift(target))  # as the merged layer will be
        return target, reached

    def _layers_of(
        self, group: GroupLayer, wanted: Planes, seen: Planes, block: Rect, lift: Lift
    ) -> tuple[Planes, Planes]:
        """The same above a normal group whose layers are fitted one by one, to what the group makes of them."""

        def seen_as(inside: Planes) -> Planes:
            return self._compose(group, Source(inside, 1.0, group.blend_mode), wanted)

        inside, seen = self._level(
            group.children, _nothing(block), seen, block, 1.0, group.id, lambda planes: lift(seen_as(planes))
        )
        return seen_as(inside), seen

    def _give_up(self, unit: str) -> None:
        """A layer cannot be fitted: its group becomes one, or it and all below it."""
        if unit in self._opened:
            self._opened.remove(unit)
            self._closed.add(unit)
            self._fitted.add(unit)
        elif unit not in self._closed:
            self._merged.add(unit)

    def _sources(
        self, layer: PictureLayer, block: Rect, opacity: float
    ) -> tuple[Source | None, Source | None]:
        """What a layer puts over those below, as it is and baked; None where it puts nothing there."""
        if not isinstance(layer, GroupLayer):
            source = source_of(layer, block, opacity)
            return source, source
        nothing, share = _nothing(block), layer.opacity * opacity
        wanted, seen = self._level(layer.children, nothing, nothing, block, 1.0, None, _itself)
        if not wanted.alpha.any() and layer.blend_mode not in CLEARING:
            return None, None
        return Source(wanted, share, layer.blend_mode), Source(seen, share, layer.blend_mode)

    def _wanted(self, layer: Layer, below: Planes, block: Rect, opacity: float) -> Planes:
        """What is wanted above a layer that is going to be merged."""
        if not isinstance(layer, PictureLayer) or not _is_seen(layer):
            return below
        share = opacity * layer.opacity
        if isinstance(layer, GroupLayer):
            above = below if not layer.isolated else _nothing(block)
            of_children = share if not layer.isolated and self._fade is None else 1.0
            for child in layer.children:
                above = self._wanted(child, above, block, of_children)
            if not layer.isolated:
                return above if self._fade is None else self._fade(layer, below, above)
            if not above.alpha.any() and layer.blend_mode not in CLEARING:
                return below
            return self._compose(layer, Source(above, share, layer.blend_mode), below)
        source = source_of(layer, block, opacity)
        return below if source is None else self._compose(layer, source, below)

    def _swallowed(self, layers: tuple[Layer, ...]) -> int:
        """How many of a level's layers, from the lowest, become one."""
        return max((number for number, layer in enumerate(layers, 1) if layer.id in self._merged), default=0)

    def _keep(self, layer_id: str, block: Rect, pixels: Pixels) -> Planes:
        """Take in a block of a layer's pixels (h, w, 4)."""
        key = block.x // TILE_SIZE, block.y // TILE_SIZE
        self._pixels.setdefault(layer_id, {}).pop(key, None)
        if pixels.any():
            tile = np.zeros((TILE_SIZE, TILE_SIZE, 4), np.uint8)
            tile[block.slices_in(tile_rect(key))] = pixels
            tile.flags.writeable = False
            self._pixels[layer_id][key] = tile
        colour, alpha = colour_and_alpha(Source(pixels, 1.0, "normal"))
        return Planes(colour * alpha, alpha)

    # -- what becomes of the layers -----------------------------------------------------------------------------------

    def result(self) -> Baked:
        merged: list[str] = []
        self._names = []
        layers = self._built(self._layers, 1.0, merged, isolated=True)
        return Baked(layers, tuple(self._names), tuple(merged))

    def _built(
        self, layers: tuple[Layer, ...], opacity: float, merged: list[str], *, isolated: bool
    ) -> tuple[Layer, ...]:
        start = self._swallowed(layers) if isolated else 0
        built = [
            layer for layer in layers[:start] if not isinstance(layer, PictureLayer) or not _is_seen(layer)
        ]
        if start:
            name = next(layer.name for layer in layers if isinstance(layer, PictureLayer) and _is_seen(layer))
            merged.append(name)
            built.append(RasterLayer(name=name, tiles=self._tiles(layers[start - 1].id)))
        for layer in layers[start:]:
            if not isinstance(layer, PictureLayer) or not _is_seen(layer):
                built.append(layer)
            elif isinstance(layer, GroupLayer) and not layer.isolated:
                children = self._built(layer.children, opacity * layer.opacity, merged, isolated=False)
                whole = all(not isinstance(each, PictureLayer) or is_normal(each) for each in children)
                built.append(replace(layer, children=children, opacity=1.0, isolated=whole))
            elif layer.id in self._fitted:
                self._names.append(layer.name)
                built.append(self._as_paint(layer))
            elif isinstance(layer, GroupLayer):
                closed = layer.id not in self._opened
                children = self._built(layer.children, 1.0, merged, isolated=closed)
                built.append(replace(layer, children=children, opacity=layer.opacity * opacity))
            else:
                built.append(replace(layer, opacity=layer.opacity * opacity))
        return tuple(built)

    def _as_paint(self, layer: PictureLayer) -> RasterLayer:
        return RasterLayer(
            name=layer.name, tiles=self._tiles(layer.id), locked=layer.locked, on_turns=layer.on_turns
        )

    def _tiles(self, layer_id: str) -> Tiles:
        return Tiles(4, self._pixels.get(layer_id))


def source_of(layer: PictureLayer, block: Rect, opacity: float) -> Source | None:
    """What a layer that is no group puts over those below; None where that is nothing."""
    share = layer.opacity * opacity
    if not isinstance(layer, PixelLayer):
        return None
    local = in_layer(layer, block)
    if isinstance(layer, AdjustmentLayer):
        return Source(layer.tiles.read(local), share, "normal", layer)
    if layer.tiles.touches(local) or layer.blend_mode in CLEARING:
        return Source(layer.tiles.read(local), share, layer.blend_mode)
    return None


def _itself(planes: Planes) -> Planes:
    return planes


def _can_be_opened(group: GroupLayer, opacity: float) -> bool:
    """Whether a group's layers may be fitted one by one: it is a normal one, and nothing in it cuts."""
    cuts = any(isinstance(each, PictureLayer) and each.blend_mode in OPERATORS for each in group.children)
    return is_normal(group) and group.opacity * opacity >= 1 and not cuts


def _is_seen(layer: Layer) -> bool:
    return layer.visible and layer.opacity > 0


def _nothing(block: Rect) -> Planes:
    shape = block.height, block.width
    return Planes(np.zeros((3, *shape), np.float32), np.zeros(shape, np.float32))


def _alike(seen: Planes, wanted: Planes) -> bool:
    """Whether 8 bits could tell the two apart; what is wanted may be brighter than white in between."""
    colour, alpha = _clipped(wanted)
    return bool(
        (np.abs(seen.colour - colour) <= _TOLERANCE).all()
        and (np.abs(seen.alpha - alpha) <= _TOLERANCE).all()
    )


def _clipped(planes: Planes) -> Planes:
    return Planes(planes.colour.clip(0, planes.alpha), planes.alpha)


def _bytes_of(planes: Planes) -> Pixels:
    """8-bit RGBA (h, w, 4) of a composited picture."""
    straight = planes.colour / np.maximum(planes.alpha, _TINY)
    return to_bytes(np.concatenate([straight * (planes.alpha > 0), planes.alpha[None]]))


def _normal_layer(seen: Planes, wanted: Planes, source: Source) -> Pixels:
    """The pixels (h, w, 4) of the normal layer that makes of what is seen what is wanted, as well as one can.

    With its alpha as, ao = ab + (1 - ab) as and co = (1 - as) cb + as Cs, c being premultiplied. Over an opaque
    backdrop any as does for which Cs is a colour: the layer's own where it can be, else the least.
    """
    (below, alpha_below), (target, alpha_target) = seen, _clipped(wanted)
    own = np.zeros_like(alpha_below) if source.adjustment is not None else colour_and_alpha(source)[1]
    room = 1 - alpha_below
    needed = (alpha_target - alpha_below) / np.maximum(room, _TINY)
    fits = np.abs(alpha_below + room * own - alpha_target) <= _ROUNDING
    alpha = np.where(fits, own, needed).clip(0, 1)
    opaque = room < _ROUNDING
    change = target - below
    change = np.where(
        np.abs(change).max(axis=0) <= _ROUNDING, _NONE, change
    )  # nothing that a layer is needed for
    least = np.where(change < 0, -change / np.maximum(below, _TINY), change / np.maximum(1 - below, _TINY))
    alpha = np.where(opaque, np.maximum(alpha, least.max(axis=0).clip(0, 1)), alpha)
    steps = alpha * np.float32(255)
    steps = np.where(opaque, np.ceil(steps - np.float32(0.01)), np.floor(steps + np.float32(0.5)))
    alpha = steps / np.float32(255)
    colour = (target - (1 - alpha) * below) / np.maximum(alpha, _TINY)
    return to_bytes(np.concatenate([colour * (alpha > 0), alpha[None]]))
