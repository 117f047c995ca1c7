"""The OpenRaster part of a file: https://www.openraster.org, version 0.0.6.

``mimetype`` first and stored, ``stack.xml``, ``data/``, ``mergedimage.png``, ``Thumbnails/thumbnail.png``.
Only raster layers and groups take part; mask, sketch and region layers are not part of the picture.
"""

import re
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from editor_core.base.errors import ProjectError
from editor_core.document.blending import BLEND_MODES
from editor_core.document.compositing import flatten
from editor_core.document.document import Document
from editor_core.document.layers import GroupLayer, Layer, LayerStack, PictureLayer, PixelLayer, RasterLayer
from editor_core.document.snapshot import DocumentSnapshot
from editor_core.document.tiles import Pixels, Tiles
from editor_core.project.archive import MAX_TEXT, Archive
from editor_core.project.png import ENCODED, check_size, image_of
from editor_core.project.png_writer import encode_png
from editor_core.project.safe_write import replacing

MIMETYPE = "image/openraster"
THUMBNAIL_SIDE = 256
MAX_DEPTH = 64  # groups in groups

# OpenRaster has no exclusion; Krita reads its own name for it, all others take it as normal.
_OPERATIONS = {mode: f"svg:{mode}" for mode in BLEND_MODES} | {
    "normal": "svg:src-over",
    "exclusion": "krita:exclusion",
}
_MODES = {operation: mode for mode, operation in _OPERATIONS.items()}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class ZipWriter:
    """Puts entries into a new zip: pictures stored, text deflated, always the same date."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._zip = file

    def stored(self, name: str, data: bytes) -> None:
        self._put(name, data, zipfile.ZIP_STORED)

    def deflated(self, name: str, data: bytes) -> None:
        self._put(name, data, zipfile.ZIP_DEFLATED)

    def _put(self, name: str, data: bytes, method: int) -> None:
        entry = zipfile.ZipInfo(name)
        entry.compress_type = method
        entry.external_attr = 0o644 << 16
        self._zip.writestr(entry, data)


def export_openraster(document: Document | DocumentSnapshot, path: Path) -> None:
    """Write the raster layers as a plain .ora file that other programs open; raises ProjectError."""
    with replacing(path, ProjectError) as file, zipfile.ZipFile(file, "w") as archive:
        write_openraster(ZipWriter(archive), document.snapshot())


def write_openraster(writer: ZipWriter, snapshot: DocumentSnapshot) -> dict[str, str]:
    """Write the OpenRaster entries; returns where in the zip each raster layer's pixels are, by layer id."""
    writer.stored("mimetype", MIMETYPE.encode())
    root = ET.Element("image", version="0.0.6", w=str(snapshot.width), h=str(snapshot.height))
    stack = ET.SubElement(root, "stack")
    sources: dict[str, str] = {}
    pixels: dict[str, bytes] = {}
    _add_layers(stack, tuple(snapshot.layers), sources, pixels)
    if not pixels:  # the format wants at least one layer
        _add_layers(stack, (RasterLayer(name="Empty"),), {}, pixels)
    writer.deflated("stack.xml", ET.tostring(root, encoding="UTF-8", xml_declaration=True))
    for name, data in pixels.items():
        writer.stored(name, data)
    merged = _without_needless_alpha(flatten(snapshot.layers, snapshot.rect))
    merged_png = _png_of_turn(merged, snapshot) or encode_png(merged)
    writer.stored("Thumbnails/thumbnail.png", encode_png(thumbnail(merged)))
    writer.stored("mergedimage.png", merged_png)
    return sources


def read_openraster(archive: Archive) -> DocumentSnapshot:
    """The layers of an OpenRaster file; what is missing or unknown is taken as the format's default."""
    root = _parse(archive)
    width, height = _whole(root.get("w")), _whole(root.get("h"))
    stack = root.find("stack")
    if stack is None or width < 1 or height < 1:
        raise archive.damaged("its list of layers is incomplete")
    try:
        check_size(width, height)
    except ValueError as problem:
        raise ProjectError(f"“{archive.path.name}” was not opened: {problem}.") from problem
    layers = LayerStack(_read_layers(archive, stack, MAX_DEPTH))
    return DocumentSnapshot(width=width, height=height, layers=layers)


def thumbnail(pixels: Pixels) -> Pixels:
    """``pixels`` no larger than 256 × 256, never enlarged, in proportion."""
    step = max(
        1, max(pixels.shape[:2]) // (8 * THUMBNAIL_SIDE)
    )  # Pillow holds the interpreter while it scales
    image = image_of(pixels[::step, ::step])
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return np.asarray(image)


def layer_origin(layer: PixelLayer) -> tuple[int, int]:
    """Where in the layer's own tiles its stored picture begins."""
    bounds = layer.tiles.bounds()
    return bounds.x, bounds.y


def _png_of_turn(pixels: Pixels, snapshot: DocumentSnapshot) -> bytes | None:
    """The bytes that the current turn's image is stored as, if ``pixels`` are just that image."""
    turn = next((turn for turn in snapshot.turns if turn.id == snapshot.current_id), None)
    return ENCODED.array(turn.image) if turn is not None and np.array_equal(turn.image, pixels) else None


def _without_needless_alpha(pixels: Pixels) -> Pixels:
    return pixels[..., :3] if (pixels[..., 3] == 255).all() else pixels


def _add_layers(
    stack: ET.Element, layers: tuple[Layer, ...], sources: dict[str, str], pixels: dict[str, bytes]
) -> None:
    for layer in reversed(layers):  # the first element is the topmost
        if isinstance(layer, PictureLayer) and isinstance(layer, PixelLayer):
            source = f"data/layer{len(pixels):03}.png"
            sources[layer.id], pixels[source] = source, ENCODED.tiles(layer.tiles)
            left, top = layer_origin(layer)
            position = {"src": source, "x": str(layer.x + left), "y": str(layer.y + top)}
            ET.SubElement(stack, "layer", position | _attributes(layer, layer.blend_mode) | _lock(layer))
        elif isinstance(layer, GroupLayer):
            isolation = {"isolation": "isolate" if layer.isolated else "auto"}
            group = ET.SubElement(stack, "stack", _attributes(layer, layer.blend_mode) | isolation)
            _add_layers(group, layer.children, sources, pixels)


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
    text = archive.read("stack.xml", MAX_TEXT)
    if b"<!" in re.sub(rb"<!--.*?-->", b"", text, flags=re.DOTALL) or b"\0" in text:
        raise archive.damaged("its list of layers has declarations that do not belong there")  # entity bombs
    try:
        return ET.fromstring(text)
    except (ET.ParseError, ValueError, LookupError) as problem:
        raise archive.damaged("its list of layers cannot be read") from problem


def _read_layers(archive: Archive, stack: ET.Element, depth: int) -> tuple[Layer, ...]:
    if depth == 0:
        raise archive.damaged("its groups are nested too deeply")
    layers: list[Layer] = []
    for element in reversed(stack):
        if element.tag == "stack":
            layers.append(_read_group(archive, element, depth))
        elif element.tag == "layer" and element.get("src", "").lower().endswith(".png"):
            layers.append(_read_layer(archive, element))
    return tuple(layers)


def _read_group(archive: Archive, element: ET.Element, depth: int) -> GroupLayer:
    return GroupLayer(
        name=element.get("name", "Group"),
        children=_read_layers(archive, element, depth - 1),
        opacity=_opacity(element),
        visible=element.get("visibility") != "hidden",
        blend_mode=_MODES.get(element.get("composite-op", ""), "normal"),
        isolated=element.get("isolation") != "auto",
    )


def _read_layer(archive: Archive, element: ET.Element) -> RasterLayer:
    pixels, _ = archive.read_png(element.attrib["src"], "RGBA")
    return RasterLayer(
        name=element.get("name", "Layer"),
        tiles=Tiles.from_array(pixels),
        x=_whole(element.get("x")),
        y=_whole(element.get("y")),
        opacity=_opacity(element),
        visible=element.get("visibility") != "hidden",
        blend_mode=_MODES.get(element.get("composite-op", ""), "normal"),
        locked=element.get("edit-locked") == "true",
    )


def _opacity(element: ET.Element) -> float:
    value = _number(element.get("opacity"), 1.0)
    return min(max(value, 0.0), 1.0)


def _whole(text: str | None) -> int:
    return int(min(max(_number(text, 0.0), -(2.0**31)), 2.0**31))


def _number(text: str | None, default: float) -> float:
    """A number from an attribute, or ``default`` when it is missing or makes no sense."""
    try:
        value = float(text or "")
    except ValueError:
        return default
    return value if value == value else default  # not NaN
