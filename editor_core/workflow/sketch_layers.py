"""The sketch the artist draws: whether there is any, how an engine sees it, the commands that hide what served."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from editor_core.document.commands import SetLayerProperty
from editor_core.document.compositing import flatten_over, visible_layers
from editor_core.document.document import AnyDocument, Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import LayerStack, RasterLayer, SketchLayer
from editor_core.document.undo import Command
from editor_core.workflow.proposal import REDRAW


def has_sketch(document: AnyDocument | None) -> bool:
    """Whether any visible sketch layer holds strokes."""
    return document is not None and any(
        isinstance(layer, SketchLayer) and len(layer.tiles) > 0 for layer in visible_layers(document.layers)
    )


def sketch_of(document: AnyDocument, rect: Rect | None = None) -> np.ndarray | None:
    """The visible sketch layers over white inside ``rect``, uint8 (h, w, 3); None where nothing at all is sketched."""
    if not has_sketch(document):
        return None
    sketches = [layer for layer in visible_layers(document.layers) if isinstance(layer, SketchLayer)]
    drawn = [RasterLayer(name="", tiles=layer.tiles, x=layer.x, y=layer.y) for layer in sketches]
    return flatten_over(drawn, rect or document.rect)


def sketch_for(document: Document, method: str, parameters: Mapping[str, Any]) -> np.ndarray | None:
    """`sketch_of` for an edit that follows one: Redraw, and any with a ControlNet; None for others."""
    return sketch_of(document) if method == REDRAW or parameters.get("controlnet") else None


def hide_used_sketches(document: Document, seen: LayerStack) -> list[Command]:
    """The commands that hide the sketches ``seen`` by an edit when it was asked for, but not those drawn on since."""
    before = {layer.id: layer for layer in visible_layers(seen) if isinstance(layer, SketchLayer)}
    return [
        SetLayerProperty(layer.id, visible=False)
        for layer in visible_layers(document.layers)
        if isinstance(layer, SketchLayer) and layer.id in before and layer.tiles is before[layer.id].tiles
    ]
