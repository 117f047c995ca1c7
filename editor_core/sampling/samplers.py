"""The samplers by name, as `base/sampler_table.py` lists them."""

from importlib import import_module

from editor_core.base.errors import EditorError
from editor_core.base.sampler_table import SAMPLER_TABLE, SamplerRow
from editor_core.sampling.sampler import Sampler


def _made(row: SamplerRow) -> Sampler:
    sampler: Sampler = getattr(import_module(f"{__package__}.{row.module}"), row.kind)()
    return sampler


SAMPLERS: dict[str, Sampler] = {row.name: _made(row) for row in SAMPLER_TABLE}


def sampler_called(name: str) -> Sampler:
    """Raises EditorError for a name that no sampler has."""
    if name not in SAMPLERS:
        raise EditorError(
            "There is no sampler called “{name}”. Available: {choices}.", name=name, choices=tuple(SAMPLERS)
        )
    return SAMPLERS[name]
