"""A document in which every mode stands in every kind of group, for comparison with other programs."""

import numpy as np

from editor_core.document.blending import BLEND_MODES
from editor_core.document.document import Document
from editor_core.document.layers import GroupLayer, LayerStack, RasterLayer
from editor_core.document.operators import OPERATORS
from editor_core.document.tiles import Tiles

SIDE = 24  # pixels of a case
GROUPS = ("plain", "isolated", "pass-through")


def cases(operators: bool = True) -> list[tuple[str, str]]:
    """Each mode with each kind of group."""
    modes = (*BLEND_MODES, *(OPERATORS if operators else ()))
    return [(mode, group) for mode in modes for group in GROUPS]


def document_of(wanted: list[tuple[str, str]]) -> Document:
    """The cases side by side, each in an isolated group of its own."""
    document = Document(SIDE * len(wanted), SIDE)
    stack = tuple(_case(number, *case) for number, case in enumerate(wanted))
    document.set_layers(LayerStack(stack))
    return document


def _case(number: int, mode: str, group: str) -> GroupLayer:
    x = number * SIDE
    below = RasterLayer(name="below", tiles=ground(), x=x)
    above = RasterLayer(name="above", tiles=paint(), x=x, blend_mode=mode, opacity=0.8 if number % 2 else 1.0)
    inner: tuple[RasterLayer | GroupLayer, ...] = (below, above)
    if group != "plain":
        inner = (below, GroupLayer(name=group, children=(above,), isolated=group == "isolated"))
    return GroupLayer(name=f"{mode} {group}", children=inner)


def ground() -> Tiles:
    """Colours from left to right, over nothing, half and whole opacity from top to bottom."""
    pixels = np.zeros((SIDE, SIDE, 4), np.uint8)
    ramp = np.linspace(10, 245, SIDE).astype(np.uint8)
    pixels[..., 0], pixels[..., 1], pixels[..., 2] = ramp, ramp[::-1], 130
    pixels[8:16, :, 3], pixels[16:, :, 3] = 128, 255
    pixels[:8] = 0
    return Tiles.from_array(pixels)


def paint() -> Tiles:
    """Other colours, opaque to the left, half in the middle, nothing to the right."""
    pixels = np.zeros((SIDE, SIDE, 4), np.uint8)
    ramp = np.linspace(240, 20, SIDE).astype(np.uint8)[:, None]
    pixels[..., 0], pixels[..., 1], pixels[..., 2] = 60, ramp, ramp[::-1]
    pixels[:, :8, 3], pixels[:, 8:16, 3] = 255, 128
    pixels[:, 16:] = 0
    return Tiles.from_array(pixels)
