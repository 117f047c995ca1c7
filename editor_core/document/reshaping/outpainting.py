"""Extending the picture: the new area becomes the mask, ready to be repainted."""

import numpy as np

from editor_core.document.commands import AddLayer, CompositeCommand, PaintStroke
from editor_core.document.document import AnyDocument
from editor_core.document.geometry import Rect
from editor_core.document.layers import LayerStack, MaskLayer
from editor_core.document.reshaping.changes import Crop
from editor_core.document.reshaping.reshape import Reshape
from editor_core.document.tiles import Pixels, Tiles
from editor_core.document.undo import Command

TEXT = "Extend canvas"


def snapped(rect: Rect, old: Rect, grid: int, shares: tuple[float, float]) -> Rect:
    """A rectangle around the old canvas with its sides rounded up to the model's grid.

    shares: how much of what is added lies left of the old canvas, and above it. A side that does not grow stays.
    """
    left, width = _snapped(rect.x, rect.width, old.width, grid, shares[0])
    top, height = _snapped(rect.y, rect.height, old.height, grid, shares[1])
    return Rect(left, top, width, height)


def _snapped(start: int, length: int, old: int, grid: int, share: float) -> tuple[int, int]:
    if length <= old:
        return start, length
    rounded = -(-length // grid) * grid
    return -int((rounded - old) * share), rounded


def with_mask(command: Reshape, state: AnyDocument, crop: Crop, overlap: int, name: str) -> Command:
    """The step that extends the canvas and makes the new area the mask, in place of what was masked.

    overlap: pixels of the old picture that are repainted, too, so that no seam is left.
    """
    mask = new_area(crop, state.rect, overlap)
    if not mask.any():
        return command
    layers: LayerStack = command.layers
    masks = [layer for layer in layers.walk() if isinstance(layer, MaskLayer)]
    marking: list[Command] = [
        PaintStroke(layer.id, layer.tiles, Tiles(1), TEXT) for layer in masks[:-1] if layer.visible
    ]
    if masks:
        top = masks[-1]
        marking.append(PaintStroke(top.id, top.tiles, Tiles(1).with_pixels(-top.x, -top.y, mask), TEXT))
    else:
        marking.append(AddLayer(MaskLayer(name=name, tiles=Tiles.from_array(mask))))
    command.text = TEXT
    return CompositeCommand(TEXT, [command, *marking])


def new_area(crop: Crop, old: Rect, overlap: int) -> Pixels:
    """255 where the picture is continued, and ``overlap`` pixels into the old one from each edge that moved."""
    rect = crop.rect
    mask = np.full((rect.height, rect.width), 255, np.uint8)
    left = old.x + (overlap if rect.x < old.x else 0)
    top = old.y + (overlap if rect.y < old.y else 0)
    right = old.right - (overlap if rect.right > old.right else 0)
    bottom = old.bottom - (overlap if rect.bottom > old.bottom else 0)
    kept = Rect(left, top, max(0, right - left), max(0, bottom - top)).intersected(rect)
    if not kept.is_empty:
        mask[kept.slices_in(rect)] = 0
    return mask
