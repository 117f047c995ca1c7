"""Layer masks: a layer and a mask beside it in a group, which shows the layer only where the mask is painted.

The mask is a paint layer in the mode destination-in, so brush and eraser work on it, and other programs read it.
"""

from dataclasses import replace

import numpy as np

from editor_core.base.errors import LayerError
from editor_core.document.arrange import Restack
from editor_core.document.document import AnyDocument
from editor_core.document.layers import GroupLayer, PictureLayer, RasterLayer
from editor_core.document.tiles import Tiles

MODE = "destination-in"
WHITE = (255, 255, 255, 255)


def add_mask(state: AnyDocument, layer_id: str, called: str, name: str) -> tuple[Restack, str]:
    """The step that puts a layer into a group of its name, ``called``, with a mask called ``name``; also the mask's id.

    What is selected is seen, without a selection everything. The group blends as the layer did. Raises LayerError.
    """
    stack = state.layers
    layer = stack[layer_id]
    if not isinstance(layer, RasterLayer | GroupLayer):
        raise LayerError("Only paint layers and groups can have a mask.")
    if (lock := stack.lock_on(layer_id)) is not None:
        raise LayerError("The layer “{layer}” is locked. Unlock it first.", layer=lock.name)
    parent, index = stack.place_of(layer_id)
    mask = RasterLayer(name=name, blend_mode=MODE, tiles=_shown(state))
    inner = replace(layer, blend_mode="normal", opacity=1.0)
    group = GroupLayer(
        name=called,
        children=(inner, mask),
        blend_mode=layer.blend_mode,
        opacity=layer.opacity,
        visible=layer.visible,
        on_turns=layer.on_turns,
    )
    made = stack.without(layer_id).with_layer(group, index, parent)
    return Restack("Add layer mask", stack, made), mask.id


def _shown(state: AnyDocument) -> Tiles:
    if state.selection is None:
        return Tiles(4).filled(state.rect, WHITE)
    bounds = state.selection.bounds
    shown = state.selection.read(bounds)
    pixels = np.full((bounds.height, bounds.width, 4), 255, np.uint8)
    pixels[..., 3] = shown
    pixels[shown == 0] = 0
    return Tiles.from_array(pixels, bounds.x, bounds.y)


def is_masked(layer: PictureLayer) -> bool:
    """Whether a layer is a group that a mask in it cuts."""
    return (
        isinstance(layer, GroupLayer)
        and layer.isolated
        and any(
            isinstance(child, RasterLayer) and child.blend_mode == MODE and child.visible
            for child in layer.children
        )
    )
