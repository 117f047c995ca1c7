"""Values in the index under a checksum, together with the names they belong to.

A row whose bytes were damaged, or that another row's were put into, does not pass for what was written.
"""

from hashlib import blake2b

import msgspec

_DIGEST = 8
_encoder = msgspec.msgpack.Encoder()


def sealed(names: tuple[str | int | float | None, ...], value: object) -> bytes:
    """The value as MessagePack behind a digest of it and of its names."""
    packed = _encoder.encode(value)
    return _digest(names, packed) + packed


def unsealed(names: tuple[str | int | float | None, ...], data: object) -> bytes | None:
    """The packed value; None unless it was sealed with these names and is as it was."""
    if not isinstance(data, bytes) or data[:_DIGEST] != _digest(names, data[_DIGEST:]):
        return None
    return data[_DIGEST:]


def _digest(names: tuple[str | int | float | None, ...], packed: bytes) -> bytes:
    try:
        named = _encoder.encode(names)
    except (TypeError, ValueError, OverflowError):  # what damage made of a name
        return b""
    return blake2b(named + packed, digest_size=_DIGEST).digest()
