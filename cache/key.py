"""What an entry is called."""

import hashlib
import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CacheKey:
    """Names one tensor: a space (all that one run left behind), an item in it, and a slot of that item.

    A space is evicted as a whole, an item is written as a whole. The names mean nothing to the cache, but a
    space's name must never be used again for other contents.
    """

    space: str
    item: int | str
    slot: str

    @property
    def digest(self) -> str:
        """The same 32 hexadecimal digits for the same key in every process and on every machine."""
        text = json.dumps([self.space, self.item, self.slot])
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
