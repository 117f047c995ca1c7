"""What stands in an .xcf file: the picture's header, layers with their properties, where their pixels are.

GIMP's developers' documentation, "XCF file format" (versions 0 to 18) and, for the lists of effects that later versions
have behind each layer, none. All numbers are big-endian; every one is checked before anything is made of it.
"""

import struct
from dataclasses import dataclass, field
from typing import NamedTuple

from editor_core.base.limits import MAX_DEPTH, MAX_LAYERS, MAX_NAME, MAX_OFFSET
from editor_core.project.png import check_size

MAGIC = b"gimp xcf "
RGB, GREY, INDEXED = range(3)
_MOST_PROPERTIES = 10_000
_MAX_VERSION = 99  # from 100 on it is another program's file
_WIDE_POINTERS = 11  # the version that has them of 8 bytes
_EFFECTS = 20  # the version that names a layer's effects behind its mask

_COLOURMAP, _FLOATING, _OPACITY, _MODE, _VISIBLE, _LOCK_ALPHA, _APPLY_MASK = 1, 5, 6, 7, 8, 10, 11
_OFFSETS, _COMPRESSION, _RESOLUTION, _PARASITES, _LOCK, _GROUP, _PATH = 15, 17, 19, 21, 28, 29, 30
_FLOAT_OPACITY, _COMPOSITE_MODE, _COMPOSITE_SPACE, _BLEND_SPACE = 33, 35, 36, 37


class XcfError(ValueError):
    """The file is damaged, or no .xcf file."""


class Precision(NamedTuple):
    """How a channel's values are stored."""

    kind: str
    """As numpy says it, without the order of bytes: u1, u2, u4, f2, f4, f8."""
    linear: bool
    """Light itself, not the curve that sRGB makes of it."""


@dataclass(frozen=True)
class Hierarchy:
    """Where an array of pixels is: tiles of 64 pixels a side, row by row."""

    width: int
    height: int
    bytes_per_pixel: int
    tiles: tuple[int, ...]


@dataclass(frozen=True)
class XcfLayer:
    """One layer as the file has it."""

    name: str
    width: int
    height: int
    has_alpha: bool
    pixels: int
    """Where its hierarchy is."""
    mask: int
    """Where its mask's hierarchy is; 0 for none."""
    x: int = 0
    y: int = 0
    opacity: float = 1.0
    visible: bool = True
    locked: bool = False
    lock_alpha: bool = False
    mode: int = 0
    composite_mode: int = 0
    """1 union, 2 clip to backdrop, 3 clip to layer, 4 intersection; 0 where the file does not say it."""
    composite_space: int = 0
    """1 linear light, 2 sRGB, 3 CIE Lab; 0 where the file does not say it."""
    blend_space: int = 0
    is_group: bool = False
    is_floating: bool = False
    has_effects: bool = False
    path: tuple[int, ...] = ()
    """Its place: from the top, in the outermost group first."""


@dataclass(frozen=True)
class XcfImage:
    """A picture as the file has it; layers from the top down, those of groups after their group."""

    version: int
    width: int
    height: int
    base: int
    precision: Precision
    compression: int
    profile: bytes
    dpi: tuple[float, float] | None
    colours: bytes
    """Of an indexed picture: red, green, blue of each."""
    layers: tuple[XcfLayer, ...]
    lost: int = 0
    """How many layers could not be read."""

    @property
    def is_deep(self) -> bool:
        return self.precision.kind != "u1"


@dataclass
class _Properties:
    """What the lists of properties said, as far as it matters here."""

    numbers: dict[int, int] = field(default_factory=dict)
    payloads: dict[int, bytes] = field(default_factory=dict)


def read_structure(data: bytes) -> XcfImage:
    """The whole structure. Raises XcfError, PictureDataError for a size that cannot be, and struct.error at the end."""
    return _Reader(data).image()


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.version = self._version()

    def image(self) -> XcfImage:
        width, height, base = self._numbers(3)
        check_size(width, height)
        if min(width, height) < 1 or base not in (RGB, GREY, INDEXED):
            raise XcfError("no such picture")
        precision = precision_of(self.version, self._number() if self.version >= 4 else 0)
        found = self._properties()
        pointers = self._pointers(MAX_LAYERS)
        layers = [layer for pointer in pointers if (layer := self._whole_layer(pointer)) is not None]
        if pointers and not layers:
            raise XcfError("no layer can be read")
        return XcfImage(
            version=self.version,
            width=width,
            height=height,
            base=base,
            precision=precision,
            compression=(found.payloads.get(_COMPRESSION) or b"\0")[0],
            profile=_parasite(found.payloads.get(_PARASITES, b""), b"icc-profile"),
            dpi=_resolution(found.payloads.get(_RESOLUTION, b"")),
            colours=found.payloads.get(_COLOURMAP, b""),
            layers=tuple(layers),
            lost=len(pointers) - len(layers),
        )

    def hierarchy(self, pointer: int) -> Hierarchy:
        """The tiles of a layer or mask."""
        self.at = pointer
        width, height, bytes_per_pixel = self._numbers(3)
        level = self._pointer()
        check_size(width, height)
        self.at = level
        if tuple(self._numbers(2)) != (width, height):
            raise XcfError("the level is of another size")
        count = -(-width // 64) * -(-height // 64)
        form, size = (">%dQ", 8) if self.version >= _WIDE_POINTERS else (">%dI", 4)
        if self.at + count * size > len(self.data):
            raise XcfError("tiles are missing")
        return Hierarchy(width, height, bytes_per_pixel, struct.unpack_from(form % count, self.data, self.at))

    def _version(self) -> int:
        if not self.data.startswith(MAGIC):
            raise XcfError("no .xcf file")
        tag = self.data[len(MAGIC) : len(MAGIC) + 5]
        self.at = len(MAGIC) + 5
        if tag == b"file\0":
            return 0
        if tag[:1] != b"v" or not tag[1:4].isdigit() or int(tag[1:4]) > _MAX_VERSION:
            raise XcfError("an unknown version")
        return int(tag[1:4])

    def _whole_layer(self, pointer: int) -> XcfLayer | None:
        """A layer, None for one that is damaged."""
        try:
            return self._layer(pointer)
        except (ValueError, struct.error):
            return None

    def _layer(self, pointer: int) -> XcfLayer:
        self.at = pointer
        width, height, kind = self._numbers(3)
        name = self._text()
        found = self._properties()
        pixels, mask = self._pointer(), self._pointer()
        effects = self._pointer() if self.version >= _EFFECTS else 0
        check_size(width, height)
        numbers = found.numbers
        x, y = _pair(found.payloads.get(_OFFSETS, b""), ">ii") or (0, 0)
        return XcfLayer(
            name=name,
            width=width,
            height=height,
            has_alpha=bool(kind & 1),
            pixels=pixels,
            mask=self._mask(mask) if mask and numbers.get(_APPLY_MASK, 1) else 0,
            x=min(max(int(x), -MAX_OFFSET), MAX_OFFSET),
            y=min(max(int(y), -MAX_OFFSET), MAX_OFFSET),
            opacity=_opacity(found),
            visible=bool(numbers.get(_VISIBLE, 1)),
            locked=bool(numbers.get(_LOCK, 0)),
            lock_alpha=bool(numbers.get(_LOCK_ALPHA, 0)),
            mode=numbers.get(_MODE, 0),
            composite_mode=abs(numbers.get(_COMPOSITE_MODE, 0)),
            composite_space=abs(numbers.get(_COMPOSITE_SPACE, 0)),
            blend_space=abs(numbers.get(_BLEND_SPACE, 0)),
            is_group=_GROUP in found.payloads,
            is_floating=_FLOATING in found.payloads,
            has_effects=bool(effects),
            path=_path(found.payloads.get(_PATH, b"")),
        )

    def _mask(self, pointer: int) -> int:
        self.at = pointer
        self._numbers(2)
        self._text()
        self._properties()
        return self._pointer()

    def _properties(self) -> _Properties:
        found = _Properties()
        for _ in range(_MOST_PROPERTIES):
            kind, length = self._numbers(2)
            if kind == 0:
                return found
            if kind == _COLOURMAP:  # old programs wrote a wrong length
                length = 3 * min(self._number(), 256)
            payload = self._bytes(length)
            found.payloads[kind] = payload
            if length == 4:
                found.numbers[kind] = struct.unpack(">i", payload)[0]
        raise XcfError("too many properties")

    def _pointers(self, most: int) -> list[int]:
        """A list that ends with 0."""
        found: list[int] = []
        while pointer := self._pointer():
            found.append(pointer)
            if len(found) > most:
                raise XcfError("too many layers")
        return found

    def _pointer(self) -> int:
        if self.version < _WIDE_POINTERS:
            return self._number()
        (pointer,) = struct.unpack_from(">Q", self.data, self.at)
        self.at += 8
        return int(min(pointer, len(self.data)))  # beyond the end there is nothing to be read

    def _numbers(self, count: int) -> tuple[int, ...]:
        found = struct.unpack_from(f">{count}I", self.data, self.at)
        self.at += 4 * count
        return found

    def _number(self) -> int:
        return self._numbers(1)[0]

    def _text(self) -> str:
        text = self._bytes(self._number()).rstrip(b"\0").decode("utf-8", "replace")
        return text[:MAX_NAME]

    def _bytes(self, length: int) -> bytes:
        if self.at + length > len(self.data):
            raise XcfError("it is cut off")
        self.at += length
        return self.data[self.at - length : self.at]


def read_hierarchy(data: bytes, version: int, pointer: int) -> Hierarchy:
    """Where the pixels of a layer or mask are. Raises as `read_structure`."""
    reader = _Reader(data)
    reader.version = version
    return reader.hierarchy(pointer)


def precision_of(version: int, code: int) -> Precision:
    """How the values are stored. Raises XcfError for a code that there is none of."""
    if version < 4:
        return Precision("u1", False)
    if version == 4:  # of GIMP in the making
        old = {0: ("u1", False), 1: ("u2", False), 2: ("u4", True), 3: ("f2", True), 4: ("f4", True)}
        if code in old:
            return Precision(*old[code])
        raise XcfError("an unknown precision")
    kinds = {1: "u1", 2: "u2", 3: "u4"}
    kinds |= {4: "f2", 5: "f4"} if version < 7 else {5: "f2", 6: "f4", 7: "f8"}
    if code // 100 not in kinds or code % 100 not in (0, 50, 75):
        raise XcfError("an unknown precision")
    return Precision(kinds[code // 100], code % 100 == 0)


def _opacity(found: _Properties) -> float:
    """As a float where the file has one."""
    exact = found.payloads.get(_FLOAT_OPACITY, b"")
    value = struct.unpack(">f", exact)[0] if len(exact) == 4 else found.numbers.get(_OPACITY, 255) / 255
    return min(max(float(value), 0.0), 1.0) if value == value else 1.0


def _path(payload: bytes) -> tuple[int, ...]:
    depth = len(payload) // 4
    if depth > MAX_DEPTH:
        raise XcfError("groups are nested too deeply")
    return struct.unpack(f">{depth}I", payload[: 4 * depth])


def _pair(payload: bytes, form: str) -> tuple[float, float] | None:
    if len(payload) != 8:
        return None
    first, second = struct.unpack(form, payload)
    return first, second


def _resolution(payload: bytes) -> tuple[float, float] | None:
    """Pixels per inch, where that makes sense."""
    found = _pair(payload, ">ff")
    return found if found is not None and all(1 <= value <= 100_000 for value in found) else None


def _parasite(payload: bytes, name: bytes) -> bytes:
    """What is attached to the picture under a name; empty where nothing is."""
    at = 0
    while at + 4 <= len(payload):
        (length,) = struct.unpack_from(">I", payload, at)
        title = payload[at + 4 : at + 4 + length].rstrip(b"\0")
        at += 4 + length
        if at + 8 > len(payload):
            break
        _, size = struct.unpack_from(">II", payload, at)
        at += 8 + size
        if title == name:
            return payload[at - size : at]
    return b""
