"""The switch that leaves the unconditional half out of some steps (`sampling/guidance.py: GuidanceOfRun`)."""

from functools import partial

from editor_core.base.message import Message
from editor_core.engines.common.parameters import setting
from editor_core.messages.requests import BaseTurn

_setting = partial(setting, lowest=1, highest=10, expert=True)
_NAME = Message("Guidance every")

guidance_every_setting: int = _setting(
    1,
    _NAME,
    Message(
        "Work guidance out anew at every so many steps only, after the first third; 2: a sixth less work"
    ),
)
guidance_every_as_base_setting: int | None = _setting(
    None,
    _NAME,
    Message(
        "Work guidance out anew at every so many steps only, after the first third; empty: as in the edited picture"
    ),
)


def chosen_every(chosen: int | None, base: BaseTurn) -> int:
    """What an edit does: unless told, what its base did, which has kept no other halves."""
    return base.record.guidance_every if chosen is None else chosen


def every_in_spec(every: int) -> dict[str, int]:
    """What a run's space is told apart by; empty where both halves are computed at every step."""
    return {} if every == 1 else {"guidance_every": every}
