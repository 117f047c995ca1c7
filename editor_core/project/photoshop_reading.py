"""Layers from Photoshop's PSD and PSB: pixels, groups, modes, opacity, masks and clipping; the rest is told by name.

A layer's mask is taken into its transparency, and that is told; a group's becomes a layer that cuts the group. Text,
shapes and smart objects come as the pixels that the file has of them.
"""

import io
import logging
import struct
import zlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import BlendMode

from editor_core.base.errors import ProjectError
from editor_core.base.limits import MAX_DEPTH, MAX_LAYERS, MAX_NAME, MAX_OFFSET, MAX_PICTURE_BYTES
from editor_core.base.message import Message
from editor_core.document.geometry import Rect
from editor_core.document.layers import GroupLayer, Layer, LayerStack, RasterLayer
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.tiles import Pixels, Tiles
from editor_core.project.archive import max_layer_bytes
from editor_core.project.photoshop_modes import OURS
from editor_core.project.pillow_limits import within_our_limits
from editor_core.project.png import PictureDataError, check_size
from editor_core.project.safe_read import read_file

_FAULTS = (
    *(ValueError, AssertionError, OSError, EOFError, LookupError, TypeError, AttributeError, ArithmeticError),
    *(
        NotImplementedError,
        RecursionError,
        MemoryError,
        struct.error,
        zlib.error,
        Image.DecompressionBombError,
    ),
)
"""What psd-tools raises over damaged files and kinds that it does not read."""

Read = tuple[DocumentSnapshot, tuple[Message, ...]]

logging.getLogger("psd_tools").setLevel(logging.ERROR)  # it warns of every block that it does not know


@within_our_limits
def read_photoshop(path: Path) -> Read:
    """The layers of a file, and a sentence for each that cannot be read or is shown otherwise. Raises ProjectError."""
    data = read_file(path, 4 * MAX_PICTURE_BYTES, ProjectError)
    try:
        psd = PSDImage.open(io.BytesIO(data))
        width, height = psd.width, psd.height
        check_size(width, height)
        reader = _Reader(path, len(data), Rect(0, 0, width, height))
        layers = reader.level(psd, MAX_DEPTH)
        if not layers and not reader.told:
            layers = reader.flat(psd.topil())
    except PictureDataError as problem:
        raise ProjectError(
            "“{file}” was not opened: {reason}.", file=path.name, reason=problem.reason
        ) from problem
    except _FAULTS as problem:
        raise ProjectError(
            "“{file}” could not be read: it is damaged or incomplete.", file=path.name
        ) from problem
    return DocumentSnapshot(width=width, height=height, layers=LayerStack(layers)), tuple(reader.told)


class _Reader:
    """Reads layers, each for itself: what is wrong of one is left out and told."""

    def __init__(self, path: Path, size: int, canvas: Rect) -> None:
        self.told: list[Message] = []
        self._path = path
        self._canvas = canvas
        self._room = max_layer_bytes(size)
        self._count = 0

    def level(self, layers: Iterable[Any], depth: int) -> tuple[Layer, ...]:
        """The layers of a group, bottom first; those that are clipped to one become a group with it."""
        if depth == 0:
            self.told.append(Message("Groups that are nested too deeply cannot be opened."))
            return ()
        found: list[Layer] = []
        base: int | None = None  # where in ``found`` the layer is to which others are clipped
        for each in layers:
            layer = self._layer(each, depth)
            if not each.clipping or base is None:
                base = len(found) if layer is not None and not each.clipping else None
                found += [] if layer is None else [layer]
            elif layer is not None:
                found[base] = self._clipped(found[base], layer)
        return tuple(found)

    def flat(self, image: Image.Image | None) -> tuple[Layer, ...]:
        """A file without layers as one."""
        if image is None:
            return ()
        return (RasterLayer(name="Background", tiles=self._tiles(np.asarray(image.convert("RGBA")))),)

    def _layer(self, each: Any, depth: int) -> Layer | None:
        self._count += 1
        if self._count > MAX_LAYERS:
            raise ProjectError("“{file}” has more layers than this program can open.", file=self._path.name)
        name = str(each.name)[:MAX_NAME]
        look = {
            "name": name,
            "visible": bool(each.visible),
            "opacity": each.opacity / 255 * (each.fill_opacity / 255),
            "blend_mode": self._mode(each, name),
        }
        try:
            if each.has_effects():
                self.told.append(
                    Message("The effects of the layer “{layer}” are not shown.", layer=name[:60])
                )
            if each.is_group():
                return self._group(each, look, depth)
            pixels = _pixels_of(each)
        except _FAULTS:
            self.told.append(Message("The layer “{layer}” cannot be read.", layer=name[:60]))
            return None
        if pixels is None and each.kind != "pixel":
            told = Message(
                "The layer “{layer}” is of a kind that cannot be shown ({kind}).",
                layer=name[:60],
                kind=str(each.kind)[:20],
            )
            self.told.append(told)
            return None
        if pixels is not None and _mask_of(each) is not None:
            told = Message(
                "The mask of the layer “{layer}” became part of its transparency.", layer=name[:60]
            )
            self.told.append(told)
        tiles = Tiles(4) if pixels is None else self._tiles(pixels)
        left, top = (int(min(max(value, -MAX_OFFSET), MAX_OFFSET)) for value in (each.left, each.top))
        return RasterLayer(**look, tiles=tiles, x=left, y=top)

    def _group(self, each: Any, look: dict[str, Any], depth: int) -> GroupLayer:
        """A group; its mask cuts all below it there, so it is the group's highest layer."""
        children, isolated = self.level(each, depth - 1), each.blend_mode != BlendMode.PASS_THROUGH
        mask = _mask_of(each)
        if mask is None:
            return GroupLayer(**look, children=children, isolated=isolated)
        if not isolated:
            self.told.append(
                Message(
                    "The group “{layer}” has a mask; its layers are blended with one another only.",
                    layer=look["name"][:60],
                )
            )
        kept = _plane_of(mask, self._canvas)
        cut = np.dstack([np.zeros((*kept.shape, 3), np.uint8), kept])
        cutting = RasterLayer(name=_MASK, blend_mode="destination-in", tiles=self._tiles(cut))
        return GroupLayer(**look, children=(*children, cutting), isolated=True)

    def _mode(self, each: Any, name: str) -> str:
        theirs = each.blend_mode
        if theirs not in OURS and theirs != BlendMode.PASS_THROUGH:
            told = Message(
                "The layer “{layer}” is shown in the mode Normal, for “{mode}” is not known here.",
                layer=name[:60],
                mode=theirs.name.replace("_", " ").lower(),
            )
            self.told.append(told)
        return OURS.get(theirs, "normal")

    def _clipped(self, base: Layer, layer: Layer) -> Layer:
        """A layer clipped to the one below it: an isolated group, in which it only shows where that one is."""
        group = base if isinstance(base, GroupLayer) and base.name == _CLIPPING else _clipping_group(base)
        inner = group.children
        cut = layer
        if isinstance(layer, RasterLayer) and layer.blend_mode == "normal":
            cut = replace(layer, blend_mode="source-atop")
        elif isinstance(layer, RasterLayer) and isinstance(inner[0], RasterLayer):
            cut = _cut_to(layer, inner[0])
        else:
            told = Message("The group “{layer}” is not clipped to the layer below it.", layer=layer.name[:60])
            self.told.append(told)
        return replace(group, children=(*inner, cut))

    def _tiles(self, pixels: Pixels) -> Tiles:
        tiles = Tiles.from_array(np.ascontiguousarray(pixels))
        self._room -= tiles.nbytes
        if self._room < 0:
            raise ProjectError("“{file}” has more pixels than this program can open.", file=self._path.name)
        return tiles


_CLIPPING, _MASK = "Clipping group", "Mask"


def _pixels_of(each: Any) -> Pixels | None:
    """A layer's pixels (h, w, 4), its mask taken into the transparency; None where the file has none."""
    width, height = each.width, each.height
    if not width or not height:
        return None
    check_size(width, height)
    image = each.topil()
    if image is None:
        return None
    pixels = np.array(image.convert("RGBA"))
    if (mask := _mask_of(each)) is not None:
        pixels[..., 3] = _product(pixels[..., 3], _plane_of(mask, Rect(each.left, each.top, width, height)))
    return pixels


def _mask_of(each: Any) -> Any | None:
    """The mask that a layer or group is seen through; None where there is none, or it is switched off."""
    mask = each.mask
    return mask if mask is not None and not mask.disabled and mask.topil() is not None else None


def _plane_of(mask: Any, rect: Rect) -> Pixels:
    """A mask's values (h, w) in a rectangle of the picture."""
    plane = Image.fromarray(np.full((rect.height, rect.width), mask.background_color, np.uint8))
    plane.paste(mask.topil().convert("L"), (mask.left - rect.x, mask.top - rect.y))
    return np.array(plane)


def _product(one: Pixels, other: Pixels) -> Pixels:
    product: Pixels = ((one.astype(np.uint16) * other + 127) // 255).astype(np.uint8)
    return product


def _cut_to(layer: RasterLayer, base: RasterLayer) -> RasterLayer:
    """The layer where the one below it is, for modes that have no cutting form."""
    rect = layer.bounds.intersected(base.bounds)
    if rect.is_empty:
        return replace(layer, tiles=Tiles(4))
    pixels = layer.tiles.read(rect.shifted(-layer.x, -layer.y)).copy()
    below = base.tiles.read(rect.shifted(-base.x, -base.y))
    pixels[..., 3] = _product(pixels[..., 3], below[..., 3])
    return replace(layer, tiles=Tiles.from_array(pixels), x=rect.x, y=rect.y)


def _clipping_group(base: Layer) -> GroupLayer:
    """A group with the look of a layer, and that layer in it as it is without."""
    assert isinstance(base, RasterLayer | GroupLayer)
    plain = replace(base, visible=True, opacity=1.0, blend_mode="normal")
    return GroupLayer(
        name=_CLIPPING,
        visible=base.visible,
        opacity=base.opacity,
        blend_mode=base.blend_mode,
        children=(plain,),
    )
