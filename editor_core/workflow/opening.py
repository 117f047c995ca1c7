"""How a picture that says how it was made is opened, in window and commands alike."""

from editor_core.base.sampler_table import SAMPLER_LABELS
from editor_core.messages.requests import Sampling
from editor_core.project.words.found import FoundWords

_STEPS = range(1, 1001)
_GUIDANCE = (0.0, 30.0)


def sampling_of(found: FoundWords | None) -> Sampling:
    """The numbers that a picture tells, as far as this program can use them; the model's own in place of the others."""
    if found is None:
        return Sampling()
    low, high = _GUIDANCE
    return Sampling(
        seed=found.seed,
        steps=found.steps if found.steps in _STEPS else None,
        guidance=found.guidance if found.guidance is not None and low <= found.guidance <= high else None,
        negative=found.negative,
        sampler=_ours(found.sampler),
    )


def _ours(name: str) -> str:
    """Our sampler of that name, by our own or Automatic1111's word for it; else the usual one."""
    known = {word.lower(): ours for ours, theirs in SAMPLER_LABELS.items() for word in (ours, theirs)}
    return known.get(name.lower(), Sampling().sampler)
