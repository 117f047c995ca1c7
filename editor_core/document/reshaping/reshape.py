"""The command that changes the canvas, and how it is made: on any thread, from the document as it is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from editor_core.base.errors import LayerError
from editor_core.document.arrange import all_tiles
from editor_core.document.commands import UndoEntry
from editor_core.document.compositing import flatten, flatten_over
from editor_core.document.document import AnyDocument, Document
from editor_core.document.geometry import Rect, check_canvas
from editor_core.document.guides import Guides
from editor_core.document.identity import new_id
from editor_core.document.layers import (
    GroupLayer,
    Layer,
    LayerStack,
    PictureLayer,
    RasterLayer,
)
from editor_core.document.reshaping.changes import Change, Crop, Size
from editor_core.document.reshaping.turns import changed_turn
from editor_core.document.selection import Selection
from editor_core.document.tiles import Pixels, Tiles, unique_bytes
from editor_core.document.turns import Turn

BELOW = "Background"


@dataclass(frozen=True, eq=False)
class _Canvas:
    """What a change of the canvas replaces."""

    size: Size
    layers: LayerStack
    selection: Selection | None
    base: str | None
    """The turn that the Picture layer shows."""
    base_tiles: Tiles
    turns: tuple[Turn, ...]
    guides: Guides
    canvas_id: str

    def show(self, document: Document) -> None:
        document.canvas_id = self.canvas_id
        document.set_turns(self.turns, self.base, self.base_tiles)
        document.set_size(*self.size)
        document.set_layers(self.layers)
        document.set_selection(self.selection)
        document.set_guides(self.guides)


class Reshape(UndoEntry):
    """Another canvas with everything on it; taking it back gives the one before exactly."""

    def __init__(
        self,
        text: str,
        size: Size,
        layers: LayerStack,
        *,
        change: Change | None = None,
        selection: Selection | None = None,
        base: tuple[str, Tiles] | None = None,
    ) -> None:
        """``change``: of the turns; None leaves them. ``base``: the turn that the Picture layer shows then."""
        self.text = text
        self.size, self.layers, self.selection = size, layers, selection
        self._change, self._base = change, base
        self._before: _Canvas | None = None
        self._after: _Canvas | None = None

    @property
    def nbytes(self) -> int:
        before = () if self._before is None else all_tiles(self._before.layers)
        kept = {id(tile) for tile in all_tiles(self.layers)}
        return unique_bytes(tile for tile in before if id(tile) not in kept)

    def apply(self, document: Document) -> None:
        base = document.base_id
        self._before = _Canvas(
            size=(document.width, document.height),
            layers=document.layers,
            selection=document.selection,
            base=base,
            base_tiles=document.turn_tiles,
            turns=tuple(document.history) if self._change is not None else (),
            guides=document.guides,
            canvas_id=document.canvas_id,
        )
        if self._after is None:
            turns = tuple(
                changed_turn(turn, self._change) for turn in self._before.turns if self._change is not None
            )
            self._after = replace(
                self._before, size=self.size, layers=self.layers, selection=self.selection, turns=turns
            )
            if self._change is not None:
                guides = self._change.guides(document.guides, self._before.size)
                self._after = replace(self._after, canvas_id=new_id(), guides=guides)
            if self._base is not None:
                base_id, tiles = self._base
                self._after = replace(self._after, base=base_id, base_tiles=tiles)
        self._after.show(document)

    def revert(self, document: Document) -> None:
        assert self._before is not None
        self._before.show(document)


def reshape(state: AnyDocument, change: Change, text: str) -> Reshape:
    """The command for a change of the canvas.

    Raises SizeError, and LayerError where a layer would be too far away.
    """
    base = _turn(state, state.base_id)
    old = (state.width, state.height)
    size = change.size(old)
    check_canvas(*size)
    stack = state.layers
    made = LayerStack(
        tuple(change.layer(layer, old) for layer in stack),
        tuple(kept._replace(layer=change.layer(kept.layer, old)) for kept in stack.parked),
    )
    canvas = Rect(0, 0, *size)
    base_tiles = None if base is None else Tiles.from_rgb(change.picture(base.image))
    if isinstance(change, Crop):
        made = _with_paper(state, made, change, base_tiles)
    picture = made.get(state.picture_layer_id)
    if base_tiles is not None and isinstance(picture, RasterLayer):
        pixels = picture.tiles.read(canvas.shifted(-picture.x, -picture.y))
        tiles = Tiles.from_array(pixels).sharing(base_tiles)
        made = made.replacing(replace(picture, tiles=tiles, x=0, y=0))
    return Reshape(
        text,
        size,
        made,
        change=change,
        selection=_selection(state.selection, change, old),
        base=None if base is None or base_tiles is None else (base.id, base_tiles),
    )


def flattened(state: AnyDocument, text: str, name: str, paint: str) -> Reshape:
    """All that is seen as one layer; hidden layers of the picture go, masks, sketches and regions stay.

    What was painted on a turn stays beside its picture, in one layer called ``paint``, for it belongs to that turn.
    Raises LayerError where nothing of the picture is seen.
    """
    if not any(isinstance(layer, PictureLayer) and layer.visible for layer in state.layers):
        raise LayerError("There is no visible layer to flatten.")
    pixels = flatten(state.layers, state.rect)
    turn = _turn(state, state.snapshot().current_id)
    tiles = Tiles.from_array(pixels)
    base = None
    painted: tuple[Layer, ...] = ()
    if turn is not None:
        base = (turn.id, Tiles.from_rgb(turn.image))
        differs = (pixels[..., :3] != turn.image).any(axis=2, keepdims=True)
        if (pixels[..., 3] == 255).all() and differs.any():
            own = Tiles.from_array(np.where(differs, pixels, 0))
            painted = (RasterLayer(name=paint, tiles=own, on_turns=(turn.id,)),)
            tiles = base[1]
        else:
            tiles = tiles.sharing(base[1])
    merged = RasterLayer(id=state.picture_layer_id, name=name, tiles=tiles)
    rest = tuple(layer for layer in state.layers if not isinstance(layer, PictureLayer))
    stack = LayerStack((merged, *painted, *rest), state.layers.parked)
    return Reshape(text, (state.width, state.height), stack, selection=state.selection, base=base)


def content_bounds(state: AnyDocument) -> Rect:
    """What of the canvas is not empty: not clear or, in an opaque picture, not of its corner's colour."""
    pixels = flatten(state.layers, state.rect)
    seen = pixels[..., 3] > 0
    if seen.all():
        seen = (pixels != pixels[0, 0]).any(axis=2)
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not len(rows):
        return state.rect
    left, top = int(columns[0]), int(rows[0])
    return Rect(left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top)


def _turn(state: AnyDocument, turn_id: str | None) -> Turn | None:
    return next((turn for turn in state.snapshot().turns if turn.id == turn_id), None)


def _selection(selection: Selection | None, change: Change, canvas: Size) -> Selection | None:
    """What was selected, as far as it is still on the canvas."""
    if selection is None:
        return None
    area = Rect(0, 0, *change.size(canvas))
    layer = change.pixels(RasterLayer(name="", tiles=selection.tiles), canvas)
    tiles = Tiles.from_array(layer.tiles.read(area.shifted(-layer.x, -layer.y))[..., 0])
    return Selection(tiles) if len(tiles) else None


# -- what lies where no picture was


def _with_paper(state: AnyDocument, stack: LayerStack, crop: Crop, base: Tiles | None) -> LayerStack:
    """Paint on the new part of the canvas: on the Picture layer and, where the picture is continued, on results."""
    if not crop.continues and crop.paper is None:
        return stack
    canvas = Rect(0, 0, *crop.size((0, 0)))
    old = state.rect.shifted(-crop.rect.x, -crop.rect.y).intersected(canvas)
    if old == canvas:
        return stack
    if crop.continues:
        for layer in [*stack.walk_whole()]:
            turn = _turn(state, layer.turn) if isinstance(layer, RasterLayer) and layer.turn else None
            if isinstance(layer, RasterLayer) and turn is not None:
                stack = _replacing(stack, _around(layer, crop.picture(turn.image), old))
    paper = base.read(canvas)[..., :3] if base is not None else crop.picture(_seen(state))
    picture = stack.get(state.picture_layer_id)
    if isinstance(picture, RasterLayer):
        return stack.replacing(_around(picture, paper, old))
    return stack.with_layer(_around(RasterLayer(name=BELOW), paper, old), 0)


def _seen(state: AnyDocument) -> Pixels:
    return flatten_over(state.layers, state.rect)


def _around(layer: RasterLayer, paper: Pixels, old: Rect) -> RasterLayer:
    """A layer with opaque paper (H, W, 3) on the canvas around a rectangle."""
    tiles = layer.tiles
    for part in _ring(Rect(0, 0, paper.shape[1], paper.shape[0]), old):
        cut = paper[part.slices_in(Rect(0, 0, paper.shape[1], paper.shape[0]))]
        opaque = np.dstack([cut, np.full(cut.shape[:2], 255, np.uint8)])
        tiles = tiles.with_pixels(part.x - layer.x, part.y - layer.y, opaque)
    return replace(layer, tiles=tiles)


def _ring(canvas: Rect, inner: Rect) -> Iterator[Rect]:
    """The canvas without an inner rectangle, as up to four."""
    if inner.is_empty:
        yield canvas
        return
    parts = (
        Rect(0, 0, canvas.width, inner.y),
        Rect(0, inner.bottom, canvas.width, canvas.height - inner.bottom),
        Rect(0, inner.y, inner.x, inner.height),
        Rect(inner.right, inner.y, canvas.width - inner.right, inner.height),
    )
    yield from (part for part in parts if not part.is_empty)


def _replacing(stack: LayerStack, layer: Layer) -> LayerStack:
    """With a layer in the place of the one of the same id, parked or not."""
    if layer.id in stack:
        return stack.replacing(layer)
    return LayerStack(
        stack.layers, tuple(kept._replace(layer=_swapped(kept.layer, layer)) for kept in stack.parked)
    )


def _swapped(within: Layer, layer: Layer) -> Layer:
    if within.id == layer.id:
        return layer
    if isinstance(within, GroupLayer):
        return replace(within, children=tuple(_swapped(child, layer) for child in within.children))
    return within
