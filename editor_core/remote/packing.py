"""What pickle needs to be told of our messages."""

import copyreg
from types import MappingProxyType
from typing import Any


def pack_read_only_mappings() -> None:
    """Let read-only mappings travel (a turn's latents and parameters are such); they arrive read-only."""
    copyreg.pickle(MappingProxyType, _packed)


def _packed(mapping: MappingProxyType[Any, Any]) -> tuple[Any, ...]:
    return MappingProxyType, (dict(mapping),)
