"""The OpenRaster part of a file: https://www.openraster.org, version 0.0.6.

``mimetype`` first and stored, ``stack.xml``, ``data/``, ``mergedimage.png``, ``Thumbnails/thumbnail.png``.
Only raster layers and groups take part; mask, sketch and region layers are not part of the picture.
"""

import hashlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from editor_core.base.errors import ProjectError
from editor_core.base.limits import MAX_DEPTH, MAX_LAYERS, MAX_NAME, MAX_OFFSET, MAX_TEXT
from editor_core.base.message import Message
from editor_core.document.blending import BLEND_MODES
from editor_core.document.compositing import flatten
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import (
    AdjustmentLayer,
    GroupLayer,
    Layer,
    LayerStack,
    PictureLayer,
    PixelLayer,
    RasterLayer,
)
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.tiles import Pixels, Tiles
from editor_core.project.archive import Archive, TooLargeError
from editor_core.project.layer_parts import is_too_large
from editor_core.project.plain_xml import DeclaredEntityError, parse_xml
from editor_core.project.png import ENCODED, PictureDataError, check_size, image_of
from editor_core.project.png_writer import encode_png
from editor_core.project.safe_write import replacing
from editor_core.project.zip_writer import ZipWriter

MIMETYPE, MIMETYPE_ENTRY = "image/openraster", "mimetype"
STACK = "stack.xml"
THUMBNAIL_SIDE = 256

# OpenRaster has no exclusion; Krita reads its own name for it, all others take it as normal.
_OPERATIONS = {mode: f"svg:{mode}" for mode in BLEND_MODES} | {
    "normal": "svg:src-over",
    "exclusion": "krita:exclusion",
    "source-atop": "svg:src-atop",
    "destination-in": "svg:dst-in",
    "destination-out": "svg:dst-out",
    "destination-atop": "svg:dst-atop",
}
_MODES = {operation: mode for mode, operation in _OPERATIONS.items()} | {"": "normal"}
_PIXELS = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff")  # of layers; the standard has PNG only
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def export_openraster(document: Document | DocumentSnapshot, path: Path) -> None:
    """Write the raster layers as a plain .ora file that other programs open; raises ProjectError."""
    with replacing(path, ProjectError) as file, ZipWriter(file) as writer:
        write_mimetype(writer)
        write_openraster(writer, document.snapshot())


class Written(NamedTuple):
    """What was written of a document as OpenRaster."""

    sources: dict[str, str]
    """Where in the zip each raster layer's pixels are, by layer id."""
    stack: str
    """The digest of the list of layers: another one tells that another program has written it."""


def write_mimetype(writer: ZipWriter) -> None:
    """The first entry, which tells programs what the file is."""
    writer.stored(MIMETYPE_ENTRY, MIMETYPE.encode())


def write_openraster(writer: ZipWriter, snapshot: DocumentSnapshot) -> Written:
    """Write the other OpenRaster entries."""
    root = ET.Element("image", version="0.0.6", w=str(snapshot.width), h=str(snapshot.height))
    stack = ET.SubElement(root, "stack")
    sources: dict[str, str] = {}
    pixels: dict[str, bytes] = {}
    _add_layers(stack, snapshot.layers.whole, snapshot.rect, sources, pixels)
    if not pixels:  # the format wants at least one layer
        _add_layers(stack, (RasterLayer(name="Empty"),), snapshot.rect, {}, pixels)
    listed: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    writer.deflated(STACK, listed)
    for name, data in pixels.items():
        writer.stored(name, data)
    merged = _without_needless_alpha(flatten(snapshot.layers, snapshot.rect))
    merged_png = _png_of_turn(merged, snapshot) or encode_png(merged)
    writer.stored("Thumbnails/thumbnail.png", encode_png(thumbnail(merged)))
    writer.stored("mergedimage.png", merged_png)
    return Written(sources, stack_digest(listed))


def stack_digest(listed: bytes) -> str:
    return hashlib.sha256(listed).hexdigest()


def read_openraster(archive: Archive) -> tuple[DocumentSnapshot, tuple[Message, ...]]:
    """The layers of an OpenRaster file, and a sentence for each that cannot be read.

    What is missing or unknown is taken as the format's default. Raises ProjectError.
    """
    root = _parse(archive)
    width, height = _whole(root.get("w")), _whole(root.get("h"))
    stack = root.find("stack")
    if stack is None or width < 1 or height < 1:
        raise archive.damaged(Message("its list of layers is incomplete"))
    try:
        check_size(width, height)
    except PictureDataError as problem:
        raise ProjectError(
            "“{file}” was not opened: {reason}.", file=archive.path.name, reason=problem.reason
        ) from problem
    reader = _Reader(archive)
    layers = LayerStack(reader.level(stack, MAX_DEPTH))
    return DocumentSnapshot(width=width, height=height, layers=layers), tuple(reader.lost)


def thumbnail(pixels: Pixels) -> Pixels:
    """``pixels`` no larger than 256 × 256, never enlarged, in proportion."""
    step = max(
        1, max(pixels.shape[:2]) // (8 * THUMBNAIL_SIDE)
    )  # Pillow holds the interpreter while it scales
    image = image_of(pixels[::step, ::step])
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return np.asarray(image)


def _png_of_turn(pixels: Pixels, snapshot: DocumentSnapshot) -> bytes | None:
    """The bytes that the current turn's image is stored as, if ``pixels`` are just that image."""
    turn = next((turn for turn in snapshot.turns if turn.id == snapshot.current_id), None)
    if turn is None or not np.array_equal(turn.image, pixels):
        return None
    stored = turn.stored("image")
    return stored.encoded() if stored is not None and stored.encoded else ENCODED.array(turn.image)


def _without_needless_alpha(pixels: Pixels) -> Pixels:
    return pixels[..., :3] if (pixels[..., 3] == 255).all() else pixels


def _add_layers(
    stack: ET.Element,
    layers: tuple[Layer, ...],
    canvas: Rect,
    sources: dict[str, str],
    pixels: dict[str, bytes],
) -> None:
    for layer in reversed(layers):  # the first element is the topmost
        if isinstance(layer, AdjustmentLayer):
            continue  # the format has none; the merged picture shows what it does
        if isinstance(layer, PictureLayer) and isinstance(layer, PixelLayer):
            source = f"data/layer{len(pixels):03}.png"
            tiles = layer.tiles
            if is_too_large(tiles):  # other programs get what lies on the canvas
                seen = canvas.shifted(-layer.x, -layer.y)
                tiles = Tiles.from_array(tiles.read(seen), seen.x, seen.y)
            else:
                sources[layer.id] = source
            pixels[source] = ENCODED.tiles(tiles)
            bounds = tiles.bounds()
            position = {"src": source, "x": str(layer.x + bounds.x), "y": str(layer.y + bounds.y)}
            ET.SubElement(stack, "layer", position | _attributes(layer, layer.blend_mode) | _lock(layer))
        elif isinstance(layer, GroupLayer):
            isolation = {"isolation": "isolate" if layer.isolated else "auto"}
            group = ET.SubElement(stack, "stack", _attributes(layer, layer.blend_mode) | isolation)
            _add_layers(group, layer.children, canvas, sources, pixels)


def _attributes(layer: Layer, blend_mode: str) -> dict[str, str]:
    return {
        "name": _NOT_XML.sub("�", layer.name),
        "opacity": f"{layer.opacity:.6f}",
        "visibility": "visible" if layer.visible else "hidden",
        "composite-op": _OPERATIONS[blend_mode],
    }


def _lock(layer: Layer) -> dict[str, str]:
    return {"edit-locked": "true"} if layer.locked else {}


def _parse(archive: Archive) -> ET.Element:
    try:
        return parse_xml(archive.read(STACK, MAX_TEXT))
    except DeclaredEntityError as problem:
        raise archive.damaged(Message("its list of layers contains forbidden declarations")) from problem
    except ValueError as problem:
        raise archive.damaged(Message("its list of layers cannot be read")) from problem


class _Reader:
    """Reads layers, each for itself: what is wrong of one is left out and told in ``lost``."""

    def __init__(self, archive: Archive) -> None:
        self.lost: list[Message] = []
        self._archive = archive
        self._layers = 0

    def level(self, stack: ET.Element, depth: int) -> tuple[Layer, ...]:
        if depth == 0:
            self.lost.append(Message("Groups that are nested too deeply cannot be opened."))
            return ()
        layers: list[Layer] = []
        for element in reversed(stack):
            if element.tag == "stack":
                layers.append(self._group(element, depth))
            elif element.tag == "layer" and element.get("src", "").lower().endswith(_PIXELS):
                layers += self._layer(element)
            else:
                self._count()
                self.lost.append(_foreign(element))
        return tuple(layers)

    def _group(self, element: ET.Element, depth: int) -> GroupLayer:
        self._count()
        return GroupLayer(
            name=_name(element, "Group"),
            children=self.level(element, depth - 1),
            opacity=_opacity(element),
            visible=element.get("visibility") != "hidden",
            blend_mode=self._mode(element),
            isolated=element.get("isolation") == "isolate",  # the standard's default is not to be
        )

    def _layer(self, element: ET.Element) -> Iterator[RasterLayer]:
        self._count()
        name = _name(element, "Layer")
        try:
            tiles = self._archive.tiles(element.attrib["src"], 4, 0, 0)
        except TooLargeError:
            raise
        except ProjectError:
            self.lost.append(Message("The layer “{layer}” cannot be read.", layer=name[:60]))
            return
        yield RasterLayer(
            name=name,
            tiles=tiles,
            x=_whole(element.get("x")),
            y=_whole(element.get("y")),
            opacity=_opacity(element),
            visible=element.get("visibility") != "hidden",
            blend_mode=self._mode(element),
            locked=element.get("edit-locked") == "true",
        )

    def _mode(self, element: ET.Element) -> str:
        """How the layer is composited; a way that is unknown here is told."""
        operation = element.get("composite-op", "")
        if operation not in _MODES:
            told = Message(
                "The layer “{layer}” is shown in the mode Normal, for “{mode}” is not known here.",
                layer=_name(element, "Layer")[:60],
                mode=operation[:60],
            )
            self.lost.append(told)
        return _MODES.get(operation, "normal")

    def _count(self) -> None:
        self._layers += 1
        if self._layers > MAX_LAYERS:
            raise TooLargeError(
                "“{file}” has more layers than this program can open.", file=self._archive.path.name
            )


def _foreign(element: ET.Element) -> Message:
    """That a layer of another kind cannot be shown: text, a vector drawing, a filter."""
    kind = element.get("src", "").rpartition(".")[2] if element.tag == "layer" else str(element.tag)
    return Message(
        "The layer “{layer}” is of a kind that cannot be shown ({kind}).",
        layer=_name(element, "Layer")[:60],
        kind=kind[:20] or "?",
    )


def _name(element: ET.Element, default: str) -> str:
    return element.get("name", default)[:MAX_NAME]


def _opacity(element: ET.Element) -> float:
    value = _number(element.get("opacity"), 1.0)
    return min(max(value, 0.0), 1.0)


def _whole(text: str | None) -> int:
    return int(min(max(_number(text, 0.0), -MAX_OFFSET), MAX_OFFSET))


def _number(text: str | None, default: float) -> float:
    """A number from an attribute, or ``default`` when it is missing or makes no sense."""
    try:
        value = float((text or "").replace(",", "."))
    except ValueError:
        return default
    return value if value == value else default  # not NaN
