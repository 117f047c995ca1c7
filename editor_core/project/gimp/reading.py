"""Layers from GIMP's .xcf files: as layers that look as they do in GIMP.

GIMP composites most layers in linear light and has formulas of its own for many modes. A layer that the document would
show otherwise becomes a normal one whose colours are what GIMP makes of it (`document/baking.py`), and that is told.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from editor_core.base.errors import EditorError, ProjectError
from editor_core.base.limits import MAX_PICTURE_BYTES
from editor_core.base.message import Message
from editor_core.document.baking import Planes, baked, by_modes
from editor_core.document.compositing import Source
from editor_core.document.layers import GroupLayer, Layer, LayerStack, PictureLayer, RasterLayer
from editor_core.document.notes import PictureNotes
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.tiles import Tiles
from editor_core.project.colour_profiles import is_srgb
from editor_core.project.gimp import compositing
from editor_core.project.gimp.compositing import GimpBlend
from editor_core.project.gimp.pixels import XcfPixels
from editor_core.project.gimp.structure import XcfImage, XcfLayer, read_structure
from editor_core.project.png import PictureDataError
from editor_core.project.safe_read import read_file

_FAULTS = (ValueError, LookupError, struct.error, zlib.error, MemoryError, OverflowError)
"""What damaged files lead to; XcfError is a ValueError."""
_MASK = "Mask"
_CUTTING = "destination-in"

# fmt: off
NEAREST = {
    0: "normal", 1: "normal", 3: "multiply", 4: "screen", 5: "soft-light", 6: "difference", 7: "plus",
    9: "darken", 10: "lighten", 11: "hue", 12: "saturation", 13: "color", 14: "luminosity",
    16: "color-dodge", 17: "color-burn", 18: "hard-light", 19: "soft-light", 23: "overlay", 28: "normal",
    24: "hue", 25: "saturation", 26: "color", 27: "luminosity", 30: "multiply", 31: "screen",
    32: "difference", 33: "plus", 35: "darken", 36: "lighten", 37: "hue", 38: "saturation", 39: "color",
    40: "luminosity", 42: "color-dodge", 43: "color-burn", 44: "hard-light", 45: "soft-light",
    52: "exclusion", 56: "luminosity", 58: "destination-out",
}
# fmt: on
"""Our modes for GIMP's, by the number in files, where there are any."""

Read = tuple[DocumentSnapshot, tuple[Message, ...]]


def read_gimp(path: Path) -> Read:
    """The layers of a file, and a sentence for each thing that is not as in GIMP. Raises ProjectError."""
    return gimp_layers(read_file(path, 4 * MAX_PICTURE_BYTES, ProjectError), path.name, ProjectError)


def gimp_layers(data: bytes, name: str, error: type[EditorError]) -> Read:
    """The same of a file in memory, called ``name`` where it cannot be read: ``error``."""
    try:
        image = read_structure(data)
        reader = _Reader(data, image, name)
        layers = reader.layers()
        snapshot = DocumentSnapshot(width=image.width, height=image.height, layers=LayerStack(layers))
        made = baked(layers, snapshot.rect, reader.compose, reader.has_a_mode_here, reader.fade)
    except PictureDataError as problem:
        raise error.of(
            Message("“{file}” was not opened: {reason}.", file=name, reason=problem.reason)
        ) from problem
    except _FAULTS as problem:
        raise error.of(
            Message("“{file}” could not be read: it is damaged or incomplete.", file=name)
        ) from problem
    told = (*reader.told, *_changed(made.fitted, made.merged))
    notes = PictureNotes(profile=reader.kept_profile, dpi=image.dpi)
    return replace(snapshot, layers=LayerStack(made.layers), notes=notes), told


@dataclass
class _Entry:
    """A layer and those in it, from the top down."""

    layer: XcfLayer
    children: list["_Entry"] = field(default_factory=list)


class _Reader:
    """Makes layers of the document of the file's, and remembers how GIMP puts each over the others."""

    def __init__(self, data: bytes, image: XcfImage, name: str) -> None:
        self.told: list[Message] = []
        self._image = image
        self._pixels = XcfPixels(data, image)
        self._blends: dict[str, GimpBlend] = {}
        if image.is_deep:
            told = Message(
                "“{file}” has more than 8 bits per colour; it was opened with 8, the file keeps the others.",
                file=name,
            )
            self.told.append(told)
        if image.lost:
            told = Message(
                "“{file}” is damaged: {count} of its layers cannot be read.", file=name, count=image.lost
            )
            self.told.append(told)
        other = bool(image.profile) and not is_srgb(image.profile)
        if other and image.precision.linear:
            told = Message(
                "The colour profile of “{file}” does not fit it; its colours were taken as sRGB.", file=name
            )
            self.told.append(told)
        self.kept_profile = image.profile if other and not image.precision.linear else b""

    def layers(self) -> tuple[Layer, ...]:
        return self._level(_tree(self._image.layers), lowest=True)

    def compose(self, layer: PictureLayer, source: Source, below: Planes) -> Planes:
        """What GIMP makes of a layer over others."""
        blend = self._blends.get(layer.id)
        return by_modes(layer, source, below) if blend is None else blend.over(source, below)

    def fade(self, group: GroupLayer, below: Planes, above: Planes) -> Planes:
        """What GIMP makes of the opacity of a group that is not isolated."""
        return self._blends[group.id].faded(below, above, group.opacity)

    def has_a_mode_here(self, layer: PictureLayer) -> bool:
        """Whether a mode of ours could do what the layer's does."""
        blend = self._blends.get(layer.id)
        return blend is None or blend.mode in NEAREST or blend.mode == compositing.PASS_THROUGH

    def _level(self, entries: Sequence[_Entry], *, lowest: bool) -> tuple[Layer, ...]:
        """The layers of a group, bottom first; ``lowest``: whether nothing lies below them."""
        made: list[Layer] = []
        for entry in reversed(entries):
            layer = self._layer(entry, lowest=lowest)
            if layer is not None:
                made.append(layer)
                lowest = lowest and not layer.visible
        return tuple(made)

    def _layer(self, entry: _Entry, *, lowest: bool) -> Layer | None:
        layer = entry.layer
        blend = GimpBlend.of(layer.mode, layer.composite_mode, layer.composite_space, layer.blend_space)
        if lowest and layer.visible and layer.mode != compositing.PASS_THROUGH:
            blend = GimpBlend.plain(blend)
        look: dict[str, Any] = {
            "name": layer.name,
            "visible": layer.visible,
            "locked": layer.locked,
            "opacity": layer.opacity,
            "blend_mode": NEAREST.get(blend.mode, "normal"),
        }
        if layer.has_effects:
            self._tell(Message("The effects of the layer “{layer}” are not shown.", layer=layer.name[:60]))
        try:
            made = self._group(entry, look, lowest=lowest) if layer.is_group else self._paint(layer, look)
        except PictureDataError:
            raise
        except _FAULTS:
            self._tell(Message("The layer “{layer}” cannot be read.", layer=layer.name[:60]))
            return None
        self._blends[made.id] = blend
        if layer.mode == compositing.DISSOLVE:
            self._tell(
                Message(
                    "The layer “{layer}” is shown in the mode Normal, for “{mode}” is not known here.",
                    layer=layer.name[:60],
                    mode="dissolve",
                )
            )
        return made

    def _paint(self, layer: XcfLayer, look: dict[str, Any]) -> PictureLayer:
        tiles = self._pixels.layer(layer)
        if layer.mask:
            self._tell(
                Message(
                    "The mask of the layer “{layer}” became part of its transparency.", layer=layer.name[:60]
                )
            )
        return RasterLayer(**look, tiles=tiles, x=layer.x, y=layer.y, lock_transparency=layer.lock_alpha)

    def _group(self, entry: _Entry, look: dict[str, Any], *, lowest: bool) -> PictureLayer:
        """A group; its mask cuts all below it there, so it is the group's highest layer."""
        layer = entry.layer
        isolated = layer.mode != compositing.PASS_THROUGH
        children = self._level(entry.children, lowest=isolated or lowest)
        if not layer.mask:
            return GroupLayer(**look, children=children, isolated=isolated)
        if not isolated:
            self._tell(
                Message(
                    "The group “{layer}” has a mask; its layers are blended with one another only.",
                    layer=layer.name[:60],
                )
            )
        tiles = _as_alpha(self._pixels.mask(layer))
        mask = RasterLayer(name=_MASK, blend_mode=_CUTTING, tiles=tiles, x=layer.x, y=layer.y)
        return GroupLayer(**look, children=(*children, mask), isolated=True)

    def _tell(self, message: Message) -> None:
        if message not in self.told:
            self.told.append(message)


def _tree(layers: Sequence[XcfLayer]) -> list[_Entry]:
    """The layers as they lie in groups; one whose group is not there lies on top."""
    top: list[_Entry] = []
    groups: dict[tuple[int, ...], _Entry] = {}
    for layer in layers:
        entry = _Entry(layer)
        around = groups.get(layer.path[:-1]) if len(layer.path) > 1 else None
        (top if around is None else around.children).append(entry)
        if layer.is_group:
            groups.setdefault(layer.path or (len(top) - 1,), entry)
    return top


def _as_alpha(mask: Tiles) -> Tiles:
    """A mask as black paint."""
    found = {}
    for key in mask:
        if (kept := mask.tile(key)) is not None:
            pixels = np.concatenate([np.zeros((*kept.shape[:2], 3), np.uint8), kept], axis=2)
            pixels.flags.writeable = False
            found[key] = pixels
    return Tiles(4, found)


def _changed(fitted: tuple[str, ...], merged: tuple[str, ...]) -> tuple[Message, ...]:
    told = []
    if fitted:
        told.append(
            Message(
                "GIMP blends these layers its own way; they became normal layers that look as there: {names}.",
                names=tuple(name[:60] for name in fitted),
            )
        )
    if merged:
        told.append(
            Message(
                "These layers were merged with those below them, for only so they look as in GIMP: {names}.",
                names=tuple(name[:60] for name in merged),
            )
        )
    return tuple(told)
