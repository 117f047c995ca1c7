"""What a segment says it holds: the page or pages at its beginning, under a checksum of their own.

    8 bytes   which format this is
    8 bytes   how long the list is
    16 bytes  its BLAKE2b digest
    the list  MessagePack, one array per entry: key, dtype, shape, row dimension, note, block checksums, and where its
              bytes begin, counted from the first page after the list

A delta's row numbers are named by their digest in its note (layered.py), so that they are under the checksum, too.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from struct import Struct, error
from zlib import crc32

import msgspec

from cache.key import CacheKey
from cache.sizes import BLOCK, aligned
from cache.spec import TensorSpec, dtype_called, dtype_name

_FORMAT = b"PALSEG 2"
_HEAD = Struct("<8sQ16s")


class DamagedDirectoryError(Exception):
    """The file does not begin with a directory as it was written."""


@dataclass(slots=True, eq=False)
class Contents:
    """An entry in a segment: what it is, where it lies, and the CRC-32 of each BLOCK of its bytes."""

    key: CacheKey
    spec: TensorSpec
    offset: int
    checksums: "array[int]"


class _Listing(msgspec.Struct, array_like=True):
    space: str
    item: int | str
    slot: str
    dtype: str
    shape: tuple[int, ...]
    row_dim: int | None
    note: str
    offset: int
    checksums: bytes


_decoder = msgspec.msgpack.Decoder(list[_Listing])


def checksums_of(data: memoryview) -> "array[int]":
    """CRC-32 of each BLOCK of the bytes."""
    return array("I", [crc32(data[at : at + BLOCK]) for at in range(0, len(data), BLOCK)])


def directory_of(
    entries: Sequence[tuple[CacheKey, TensorSpec]], contents: Iterable[memoryview]
) -> tuple[bytes, list[int]]:
    """The directory of a segment that will hold these entries, and where in it each will lie."""
    listed, ends = [], [0]
    for (key, spec), data in zip(entries, contents, strict=True):
        names = (key.space, key.item, key.slot, dtype_name(spec.dtype), spec.shape, spec.row_dim, spec.note)
        listed.append(_Listing(*names, ends[-1], checksums_of(data).tobytes()))
        ends.append(ends[-1] + aligned(spec.nbytes))
    text = msgspec.msgpack.encode(listed)
    head = _HEAD.pack(_FORMAT, len(text), blake2b(text, digest_size=16).digest())
    start = aligned(len(head) + len(text))
    return head + text, [start + end for end in ends[:-1]]


def read_directory(data: memoryview) -> Mapping[int, Contents]:
    """What lies at which offset of a segment's bytes; raises DamagedDirectoryError."""
    try:
        form, length, digest = _HEAD.unpack_from(data)
        text = data[_HEAD.size : _HEAD.size + length]
        if form != _FORMAT or len(text) != length or blake2b(text, digest_size=16).digest() != digest:
            raise DamagedDirectoryError
        start = aligned(_HEAD.size + length)
        return {start + listing.offset: _contents(listing, start) for listing in _decoder.decode(text)}
    except (error, msgspec.DecodeError, ValueError, OverflowError) as problem:
        raise DamagedDirectoryError from problem


def _contents(listing: _Listing, start: int) -> Contents:
    spec = TensorSpec(dtype_called(listing.dtype), listing.shape, listing.row_dim, listing.note)
    key = CacheKey(listing.space, listing.item, listing.slot)
    return Contents(key, spec, start + listing.offset, array("I", listing.checksums))
