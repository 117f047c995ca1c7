"""Where a finished turn lands in the stack: in the Picture layer, or in a layer of its own."""

from collections.abc import Collection
from enum import Enum

import numpy as np

from editor_core.document.commands import AcceptTurn, AddLayer, CompositeCommand
from editor_core.document.compositing import visible_layers
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import AdjustmentLayer, GroupLayer, Layer, LayerStack, RasterLayer
from editor_core.document.masks import bounds
from editor_core.document.newer_paint import newer_paint
from editor_core.document.tiles import Tiles
from editor_core.document.turns import Turn
from editor_core.document.undo import Command

MAX_NAME = 60  # characters; longer layer names trouble other programs


class ResultPlacement(Enum):
    """Where the result of a turn goes."""

    REPLACE = "replace"
    """Into the Picture layer."""
    TOP = "top"
    """Into a new layer above all others."""
    ABOVE = "above"
    """Into a new layer above the chosen one, and above adjustments there that its picture has seen."""


def accept(
    document: Document,
    turn: Turn,
    placement: ResultPlacement,
    chosen: str | None = None,
    name: str = "",
    seen: LayerStack | None = None,
    typing_goes_on: bool = False,
    below: str = "",
) -> Command:
    """The step that makes ``turn`` part of the document.

    For a turn that the layers show already there is `AcceptTurn` itself. A turn gets a layer of its own only where it
    is a change of the shown turn; any other replaces the picture. Where paint lies over the picture, the result, which
    shows that paint too, always lands above it. Paint that is not on the layers ``seen`` when it was asked for is newer
    and stays above: whole layers, or a part of one as a layer of its own. ``typing_goes_on``: see `AcceptTurn`.
    ``below``: the id of a layer that was cut out of the picture, behind which the result belongs.
    """
    shown = document.history.current
    follows = shown is not None and turn.parent == shown.id and turn.shape == shown.shape
    if not turn.has_mask or not follows or document.picture_layer is None:
        return AcceptTurn(turn, typing_goes_on=typing_goes_on)
    if placement is ResultPlacement.REPLACE and not _painted_over(document):
        return AcceptTurn(turn, typing_goes_on=typing_goes_on)
    layer = RasterLayer(name=name[:MAX_NAME], tiles=_region(turn), turn=turn.id)
    parent: str | None = None
    index = None if seen is None else place_above(document.layers, seen)
    if placement is ResultPlacement.ABOVE and chosen is not None and chosen in document.layers:
        parent, index = _above_chosen(document.layers, chosen, seen or document.layers)
    if below in document.layers:
        parent, index = document.layers.place_of(below)
    step = AcceptTurn(turn, layer, index, parent, typing_goes_on=typing_goes_on)
    steps: list[Command] = [step]
    for older, newer in [] if seen is None else newer_paint(document, turn, seen):
        index = None if index is None else index + 1
        steps += [older, AddLayer(newer, index, parent)]
    return step if len(steps) == 1 else CompositeCommand(step.text, steps)


def place_above(layers: LayerStack, seen: LayerStack) -> int | None:
    """The lowest place above all that was ``seen``, which an empty layer of paint was not; None is the top."""
    known = {layer.id for layer in seen.walk() if not isinstance(layer, RasterLayer) or len(layer.tiles)}
    return max((place for place, layer in enumerate(layers, 1) if layer.id in known), default=None)


def _above_chosen(layers: LayerStack, chosen: str, seen: LayerStack) -> tuple[str | None, int]:
    """The group and the place in it above a layer, and above what the result was adjusted by there already."""
    adjusted_by = {layer.id for layer in visible_layers(seen)}
    parent, under = layers.place_of(chosen)
    place = parent, under + 1
    while True:
        group = None if parent is None else layers[parent]
        level = group.children if isinstance(group, GroupLayer) else layers.layers
        for index, layer in enumerate(level[under + 1 :], under + 2):
            if _adjusts(layer, adjusted_by):
                place = parent, index
        if parent is None:
            return place
        parent, under = layers.place_of(parent)


def _adjusts(layer: Layer, among: Collection[str]) -> bool:
    """Whether a layer is one of these that change the colours of what lies below it, or a group that lets one do so."""
    if isinstance(layer, GroupLayer) and not layer.isolated:
        return any(_adjusts(child, among) for child in layer.children)
    return isinstance(layer, AdjustmentLayer) and layer.id in among


def _painted_over(document: Document) -> bool:
    """Whether anything but results is seen beside the Picture layer."""
    return any(
        isinstance(layer, AdjustmentLayer)
        or (
            isinstance(layer, RasterLayer)
            and layer.id != document.picture_layer_id
            and not layer.turn
            and len(layer.tiles)
        )
        for layer in visible_layers(document.layers)
    )


def _region(turn: Turn) -> Tiles:
    """The turn's pixels where it changed something, transparent elsewhere."""
    assert turn.mask is not None
    place = bounds(turn.mask)
    part = place.slices_in(Rect(0, 0, turn.width, turn.height))
    pixels = np.empty((place.height, place.width, 4), np.uint8)
    pixels[..., :3] = turn.image[part]
    pixels[..., 3] = 255
    pixels[turn.mask[part] == 0] = 0
    return Tiles.from_array(pixels, place.x, place.y)
