"""The units of a segment."""

PAGE = 4096
BLOCK = 8192  # the smallest that zlib.crc32 works through without holding Python's lock


def aligned(nbytes: int) -> int:
    """The bytes that so many take in a segment."""
    return -(-nbytes // PAGE) * PAGE
