"""Stable identities for layers and turns."""

import re
import uuid

_ID = re.compile(r"[0-9a-f]{12}")


def new_id() -> str:
    """A fresh random id of 12 hexadecimal digits."""
    return uuid.uuid4().hex[:12]


def is_id(text: object) -> bool:
    """Whether ``text`` could have come from ``new_id``."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None
