"""Where work goes: the part of the picture an edit may change, the layer a tool paints on.

Nothing of a window is needed for that, so commands and window decide alike.
"""

from editor_core.document.commands import AddLayer, CompositeCommand, PaintStroke
from editor_core.document.compositing import flatten, in_layer, visible_layers
from editor_core.document.document import AnyDocument
from editor_core.document.layers import (
    Layer,
    MaskLayer,
    PixelLayer,
    RasterLayer,
    RegionLayer,
    SketchLayer,
    TextLayer,
)
from editor_core.document.paint import held_to
from editor_core.document.tiles import Pixels, Tiles
from editor_core.document.undo import Command


def chosen_region(document: AnyDocument | None, layer_id: str | None) -> RegionLayer | None:
    """The region that the next edit is about: the chosen layer, if it is one that holds something."""
    layer = None if document is None or layer_id is None else document.layers.get(layer_id)
    return layer if isinstance(layer, RegionLayer) and len(layer.tiles) > 0 else None


def region_named(document: AnyDocument, name: str | None) -> str | None:
    """The id of the topmost region of that name that holds something; None where there is none."""
    regions = (
        layer for layer in _from_top(document) if isinstance(layer, RegionLayer) and layer.name == name
    )
    return next((layer.id for layer in regions if len(layer.tiles) > 0), None)


def edited_part(document: AnyDocument, chosen: str | None = None) -> Pixels | None:
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


def paint_layer(document: AnyDocument, chosen: str | None) -> PixelLayer | None:
    """The chosen layer if it can be painted in colour, else the topmost painted one if no result lies over it.

    The Picture layer and layers of results belong to the turns, the next of which would paint over a stroke;
    strokes meant for them go to a layer above, and so do those meant for a text, or for a sketch that has served and
    is hidden.
    """
    painted = _chosen_painted(document, chosen)
    if painted is not None:
        return painted
    for layer in _from_top(document):
        if isinstance(layer, RasterLayer) and layer.turn and layer.visible:
            return None
        if isinstance(layer, TextLayer) and layer.id == chosen:
            return None
        if isinstance(layer, PixelLayer) and _is_painted(document, layer):
            return layer
    return None


def painted_layer(document: AnyDocument, chosen: str | None) -> PixelLayer | None:
    """The chosen layer if it was painted in colour, else the topmost such layer."""
    painted = (layer for layer in _from_top(document) if _is_painted(document, layer))
    layer = _chosen_painted(document, chosen) or next(painted, None)
    return layer if isinstance(layer, PixelLayer) else None


def mask_target(document: AnyDocument, chosen: str | None) -> PixelLayer | None:
    """The chosen mask or region, else the topmost mask."""
    layer = None if chosen is None else document.layers.get(chosen)
    if isinstance(layer, PixelLayer) and layer.channels == 1:
        return layer
    return next((layer for layer in _from_top(document) if isinstance(layer, MaskLayer)), None)


def sketch_target(document: AnyDocument, chosen: str | None) -> PixelLayer | None:
    """The chosen sketch, else the topmost; a hidden one has served already."""
    seen = [layer for layer in visible_layers(document.layers) if isinstance(layer, SketchLayer)]
    return next((layer for layer in seen if layer.id == chosen), seen[-1] if seen else None)


def painting_command(document: AnyDocument, layer: PixelLayer, painted: Tiles, text: str) -> Command:
    """The command that gives ``layer`` the painted pixels; a layer that is not in the document yet comes with it."""
    stroke = PaintStroke(layer.id, layer.tiles, painted, text)
    if layer.id in document.layers:
        return stroke
    return CompositeCommand(text, [AddLayer(layer), stroke])


def painted_on(command: Command) -> str | None:
    """The id of the layer that such a command paints on; None for another."""
    if isinstance(command, CompositeCommand):
        return next((found for part in command.commands if (found := painted_on(part)) is not None), None)
    return command.layer_id if isinstance(command, PaintStroke) else None


def cut_out(document: AnyDocument, name: str) -> RasterLayer | None:
    """What is seen in the selection as a layer of this name; None where nothing is selected or seen there."""
    if document.selection is None:
        return None
    rect = document.selection.bounds.intersected(document.rect)
    pixels = flatten(document.layers, rect).copy()
    pixels[..., 3:] = held_to(pixels[..., 3:], document.selection.read(rect))
    pixels[pixels[..., 3] == 0] = 0
    return RasterLayer(name=name, tiles=Tiles.from_array(pixels, rect.x, rect.y)) if pixels.any() else None


def _chosen_painted(document: AnyDocument, chosen: str | None) -> PixelLayer | None:
    layer = None if chosen is None else document.layers.get(chosen)
    drawn_on = isinstance(layer, SketchLayer) and layer.visible
    return layer if isinstance(layer, PixelLayer) and (drawn_on or _is_painted(document, layer)) else None


def _from_top(document: AnyDocument) -> list[Layer]:
    return list(document.layers.walk())[::-1]


def _is_painted(document: AnyDocument, layer: Layer | None) -> bool:
    if isinstance(layer, TextLayer):  # painted on, its words could not be changed any more
        return False
    return isinstance(layer, RasterLayer) and layer.id != document.picture_layer_id and not layer.turn
