"""The mask the artist paints: which layer it is, whether there is any, the commands that change it."""

import numpy as np

from editor_core.document.commands import AddLayer, PaintStroke
from editor_core.document.compositing import visible_layers
from editor_core.document.document import AnyDocument, Document
from editor_core.document.layers import MaskLayer
from editor_core.document.tiles import Tiles
from editor_core.document.undo import Command


def mask_layer(document: AnyDocument) -> MaskLayer | None:
    """The topmost mask layer, which the mask brush paints on."""
    masks = [layer for layer in document.layers.walk() if isinstance(layer, MaskLayer)]
    return masks[-1] if masks else None


def has_mask(document: Document | None) -> bool:
    """Whether any visible mask layer holds something."""
    return document is not None and any(
        isinstance(layer, MaskLayer) and len(layer.tiles) > 0 for layer in visible_layers(document.layers)
    )


def clear_mask(layer: MaskLayer, text: str) -> PaintStroke:
    """The command that empties a mask."""
    return PaintStroke(layer.id, layer.tiles, Tiles(1), text)


def replace_mask(document: AnyDocument, mask: np.ndarray, text: str, name: str) -> Command:
    """The command that makes a mask, uint8 (H, W), the painted one; if need be on a new layer called ``name``."""
    layer = mask_layer(document)
    if layer is None:
        return AddLayer(MaskLayer(name=name, tiles=Tiles.from_array(mask)), text=text)
    return PaintStroke(layer.id, layer.tiles, Tiles(1).with_pixels(-layer.x, -layer.y, mask), text)


def invert_mask(layer: MaskLayer, document: AnyDocument, text: str) -> PaintStroke:
    """The command that turns a mask inside out on the whole canvas."""
    local = document.rect.shifted(-layer.x, -layer.y)
    pixels = 255 - layer.tiles.read(local)
    return PaintStroke(layer.id, layer.tiles, Tiles(1).with_pixels(local.x, local.y, pixels), text)
