"""Layers as Photoshop's PSD, or PSB for large files (Adobe Photoshop File Formats Specification, 2019).

psd-tools packs the structures; which records and channels there are is decided here, for its own layers put a layer's
transparency into its mask. 8-bit RGB; rows are packed as PackBits, which every program reads.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from psd_tools.compression import compress
from psd_tools.constants import BlendMode, ChannelID, ColorMode, Compression, Resource, SectionDivider, Tag
from psd_tools.psd import PSD
from psd_tools.psd.header import FileHeader
from psd_tools.psd.image_data import ImageData
from psd_tools.psd.image_resources import ImageResource, ImageResources
from psd_tools.psd.layer_and_mask import (
    ChannelData,
    ChannelDataList,
    ChannelImageData,
    ChannelInfo,
    LayerAndMaskInformation,
    LayerFlags,
    LayerInfo,
    LayerRecord,
    LayerRecords,
)
from psd_tools.psd.tagged_blocks import TaggedBlocks

from editor_core.base.errors import ProjectError
from editor_core.base.message import Message
from editor_core.document.compositing import flatten
from editor_core.document.geometry import Rect
from editor_core.document.layer_masks import is_masked
from editor_core.document.layers import (
    AdjustmentLayer,
    GroupLayer,
    Layer,
    PictureLayer,
    PixelLayer,
    RasterLayer,
)
from editor_core.document.operators import OPERATORS
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.tiles import Pixels, Tiles
from editor_core.project.colour_profiles import srgb_profile
from editor_core.project.layer_parts import is_too_large, left_out_of_copies
from editor_core.project.photoshop_modes import MODES
from editor_core.project.picture_formats import over
from editor_core.project.safe_write import replacing

_MAX_PSD_BYTES = 2**31 - 1
_CHANNELS = (
    ChannelID.TRANSPARENCY_MASK,
    ChannelID.CHANNEL_0,
    ChannelID.CHANNEL_1,
    ChannelID.CHANNEL_2,
)
_MAX_OLD_NAME = 255  # bytes of the name beside the one in Unicode

_Record = tuple[LayerRecord, ChannelDataList]


def write_psd(snapshot: DocumentSnapshot, path: Path) -> tuple[Message, ...]:
    """Write a .psd; returns what it cannot hold. Raises ProjectError, also where the layers are too large for it."""
    size = sum(layer.bounds.width * layer.bounds.height * 4 for layer in _pixel_layers(snapshot.layers))
    if size > _MAX_PSD_BYTES:
        raise ProjectError("The layers are too large for .psd. Save them as .psb, for large files.")
    return _write(snapshot, path, 1)


def write_psb(snapshot: DocumentSnapshot, path: Path) -> tuple[Message, ...]:
    """Write a .psb, which may be of any size; returns what it cannot hold. Raises ProjectError."""
    return _write(snapshot, path, 2)


def _write(snapshot: DocumentSnapshot, path: Path, version: int) -> tuple[Message, ...]:
    writer = _Writer(snapshot.rect, version)
    records = list(writer.level(tuple(snapshot.layers)))
    picture = flatten(snapshot.layers, snapshot.rect)
    opaque = bool((picture[..., 3] == 255).all())
    information = LayerInfo(
        len(records) if opaque else -len(records),  # less than none: the picture has transparency
        LayerRecords([record for record, _ in records]),
        ChannelImageData([channels for _, channels in records]),
    )
    psd = PSD(
        header=FileHeader(
            version=version,
            channels=3 if opaque else 4,
            height=snapshot.height,
            width=snapshot.width,
            depth=8,
            color_mode=ColorMode.RGB,
        ),
        image_resources=_resources(),
        layer_and_mask_information=LayerAndMaskInformation(layer_info=information),
        image_data=_merged(picture, opaque, version),
    )
    with replacing(path, ProjectError) as file:
        psd.write(file)
    return (*writer.told, *left_out_of_copies(snapshot))


class _Writer:
    """Turns layers into records, the lowest first, a group between its bounds."""

    def __init__(self, canvas: Rect, version: int) -> None:
        self._canvas, self._version = canvas, version
        self.told: list[Message] = []
        """A sentence for each layer that the file cannot hold as it is."""

    def level(self, layers: tuple[Layer, ...], isolated: bool = True) -> Iterator[_Record]:
        for number, layer in enumerate(layers):
            if isinstance(layer, GroupLayer) and is_masked(layer):
                yield self._pixels(self._with_mask_applied(layer), clipped=False)
            elif isinstance(layer, GroupLayer):
                yield self._bound(SectionDivider.BOUNDING_SECTION_DIVIDER, "</Layer group>")
                yield from self.level(layer.children, layer.isolated)
                yield self._group(layer)
            elif isinstance(layer, AdjustmentLayer):
                continue  # told of by whoever offers the format
            elif isinstance(layer, PictureLayer) and isinstance(layer, PixelLayer):
                yield self._pixels(layer, clipped=isolated and _is_clipped(layers, number))

    def _with_mask_applied(self, group: GroupLayer) -> RasterLayer:
        """A group that a mask cuts, as one layer: the file's own masks cut one layer only."""
        self.told.append(Message("The mask of the layer “{layer}” is applied to it.", layer=group.name[:60]))
        pixels = flatten(group.children, self._canvas)
        return RasterLayer(
            name=group.name,
            tiles=Tiles.from_array(pixels, self._canvas.x, self._canvas.y),
            opacity=group.opacity,
            blend_mode=group.blend_mode,
            visible=group.visible,
        )

    def _bound(self, kind: SectionDivider, name: str, mode: BlendMode = BlendMode.NORMAL) -> _Record:
        record = LayerRecord(name=_old_name(name), tagged_blocks=_named(name))
        record.tagged_blocks.set_data(Tag.SECTION_DIVIDER_SETTING, kind, blend_mode=mode)
        return record, self._channels(record, np.zeros((0, 0, 4), np.uint8))

    def _group(self, layer: GroupLayer) -> _Record:
        mode = self._mode(layer) if layer.isolated else BlendMode.PASS_THROUGH
        record, channels = self._bound(SectionDivider.OPEN_FOLDER, layer.name, mode)
        _set_look(record, layer, mode)
        return record, channels

    def _pixels(self, layer: PixelLayer, *, clipped: bool) -> _Record:
        rect = layer.bounds
        if is_too_large(layer.tiles):  # other programs get what lies on the canvas
            rect = rect.intersected(self._canvas)
        pixels = layer.tiles.read(rect.shifted(-layer.x, -layer.y))
        record = LayerRecord(
            top=rect.y,
            left=rect.x,
            bottom=rect.bottom,
            right=rect.right,
            name=_old_name(layer.name),
            tagged_blocks=_named(layer.name),
        )
        assert isinstance(layer, PictureLayer)
        _set_look(record, layer, BlendMode.NORMAL if clipped else self._mode(layer))
        record.clipping = int(clipped)
        return record, self._channels(record, pixels)

    def _mode(self, layer: PictureLayer) -> BlendMode:
        if layer.blend_mode in OPERATORS:
            self.told.append(
                Message(
                    "The layer “{layer}” is written in the mode Normal, for the file has no other one for it.",
                    layer=layer.name[:60],
                )
            )
        return MODES.get(layer.blend_mode, BlendMode.NORMAL)

    def _channels(self, record: LayerRecord, pixels: Pixels) -> ChannelDataList:
        """The planes of a layer's pixels (h, w, 4), transparency first; the record is told how long they are."""
        planes = [_packed(pixels[..., number], self._version) for number in (3, 0, 1, 2)]
        record.channel_info = [ChannelInfo(each, len(data.data) + 2) for each, data in zip(_CHANNELS, planes)]
        return ChannelDataList(planes)


def _is_clipped(layers: tuple[Layer, ...], number: int) -> bool:
    """Whether a layer and all from it down to the lowest show only where that one is."""
    first, *others = layers[: number + 1]
    cut = [
        isinstance(each, PixelLayer) and getattr(each, "blend_mode", "") == "source-atop" for each in others
    ]
    return isinstance(first, PixelLayer) and bool(cut) and all(cut)


def _packed(plane: Pixels, version: int) -> ChannelData:
    height, width = plane.shape
    if not plane.size:
        return ChannelData(Compression.RAW, b"")
    data = compress(np.ascontiguousarray(plane).tobytes(), Compression.RLE, width, height, 8, version)
    return ChannelData(Compression.RLE, data)


def _merged(picture: Pixels, opaque: bool, version: int) -> ImageData:
    """The picture as it looks, for programs that read no layers: on white, and what of it is transparent."""
    planes = over(picture)
    if not opaque:
        planes = np.dstack([planes, picture[..., 3]])
    height, width, count = planes.shape
    together = np.ascontiguousarray(planes.transpose(2, 0, 1)).tobytes()
    return ImageData(Compression.RLE, compress(together, Compression.RLE, width, height * count, 8, version))


def _resources() -> ImageResources:
    profile = ImageResource(key=Resource.ICC_PROFILE, data=srgb_profile())
    return ImageResources([(Resource.ICC_PROFILE, profile)])


def _set_look(record: LayerRecord, layer: PictureLayer, mode: BlendMode) -> None:
    record.blend_mode = mode
    record.opacity = round(layer.opacity * 255)
    locked = bool(getattr(layer, "lock_transparency", False))
    record.flags = LayerFlags(transparency_protected=locked, visible=layer.visible)


def _named(name: str) -> TaggedBlocks:
    blocks = TaggedBlocks()
    blocks.set_data(Tag.UNICODE_LAYER_NAME, name.encode("utf-16", "replace").decode("utf-16"))
    return blocks


def _old_name(name: str) -> str:
    """The name as old programs read it."""
    return name.encode("macroman", "replace")[:_MAX_OLD_NAME].decode("macroman")


def _pixel_layers(layers: Iterable[Layer]) -> Iterator[PixelLayer]:
    for layer in layers:
        if isinstance(layer, GroupLayer):
            yield from _pixel_layers(layer.children)
        elif isinstance(layer, PictureLayer) and isinstance(layer, PixelLayer):
            yield layer
