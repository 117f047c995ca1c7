"""The mask the artist paints: which layer it is, whether there is any, how it is cleared and inverted."""

import numpy as np

from editor_core.document.commands import AddLayer, PaintStroke, SetLayerProperty
from editor_core.document.compositing import flatten_over, in_layer, visible_layers
from editor_core.document.document import AnyDocument, Document
from editor_core.document.layers import LayerStack, MaskLayer, RasterLayer, RegionLayer, SketchLayer
from editor_core.document.tiles import Pixels, Tiles
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


def share(mask: Pixels) -> float:
    """How much of a picture a mask, uint8 (H, W), covers, 0..1; estimated in a huge one, for this is asked often."""
    stride = max(1, max(mask.shape) // 2048)
    seen = mask[::stride, ::stride]
    return np.count_nonzero(seen) / max(1, seen.size)


def chosen_region(document: Document | None, layer_id: str | None) -> RegionLayer | None:
    """The region that the next edit is about: the chosen layer, if it is one that holds something."""
    layer = None if document is None or layer_id is None else document.layers.get(layer_id)
    return layer if isinstance(layer, RegionLayer) and len(layer.tiles) > 0 else None


def edited_part(document: Document, chosen: str | None = None) -> Pixels | None:
    """Where the next edit may change the picture, uint8 (H, W), None: anywhere.

    The chosen region, else the mask, else the selection.
    """
    region = chosen_region(document, chosen)
    if region is not None:
        return region.tiles.read(in_layer(region, document.rect))[..., 0]
    mask = document.edit_mask()
    if mask is None and document.selection is not None:
        return document.selection.read(document.rect)
    return mask


def has_sketch(document: Document | None) -> bool:
    """Whether any visible sketch layer holds strokes."""
    return document is not None and any(
        isinstance(layer, SketchLayer) and len(layer.tiles) > 0 for layer in visible_layers(document.layers)
    )


def sketch_of(document: Document) -> np.ndarray | None:
    """The visible sketch layers over white, uint8 (H, W, 3); None where nothing is sketched."""
    if not has_sketch(document):
        return None
    sketches = [layer for layer in visible_layers(document.layers) if isinstance(layer, SketchLayer)]
    drawn = [RasterLayer(name="", tiles=layer.tiles, x=layer.x, y=layer.y) for layer in sketches]
    return flatten_over(drawn, document.rect)


def used_sketches(document: Document, seen: LayerStack) -> list[Command]:
    """The commands that hide the sketches ``seen`` by an edit when it was asked for, but not those drawn on since."""
    before = {layer.id: layer for layer in visible_layers(seen) if isinstance(layer, SketchLayer)}
    return [
        SetLayerProperty(layer.id, visible=False)
        for layer in visible_layers(document.layers)
        if isinstance(layer, SketchLayer) and layer.id in before and layer.tiles is before[layer.id].tiles
    ]


def cleared(layer: MaskLayer, text: str) -> PaintStroke:
    """The command that empties a mask."""
    return PaintStroke(layer.id, layer.tiles, Tiles(1), text)


def taken_over(document: AnyDocument, mask: np.ndarray, text: str, name: str) -> Command:
    """The command that makes a mask, uint8 (H, W), the painted one; without a mask layer one comes on top."""
    layer = mask_layer(document)
    if layer is None:
        return AddLayer(MaskLayer(name=name, tiles=Tiles.from_array(mask)))
    return PaintStroke(layer.id, layer.tiles, Tiles(1).with_pixels(-layer.x, -layer.y, mask), text)


def inverted(layer: MaskLayer, document: AnyDocument, text: str) -> PaintStroke:
    """The command that turns a mask inside out on the whole canvas."""
    local = document.rect.shifted(-layer.x, -layer.y)
    pixels = 255 - layer.tiles.read(local)
    return PaintStroke(layer.id, layer.tiles, Tiles(1).with_pixels(local.x, local.y, pixels), text)
