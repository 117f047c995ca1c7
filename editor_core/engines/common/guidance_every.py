"""The switch that leaves the unconditional half out of some steps (`sampling/guidance.py: GuidanceOfRun`)."""

from editor_core.base.message import Message
from editor_core.engines.common.parameters import setting
from editor_core.messages.requests import BaseTurn

guidance_every_setting: int | None = setting(
    None,
    Message("Guidance every"),
    Message(
        "Work guidance out anew at every so many steps only, after the first third; 2 is a sixth less work. "
        "Empty: as in the edited picture, else at every step"
    ),
    lowest=1,
    highest=10,
    expert=True,
)


def chosen_every(chosen: int | None, base: BaseTurn | None = None) -> int:
    """What a run does: unless told, what the turn that it edits did, which has kept no other halves."""
    if chosen is not None:
        return chosen
    return 1 if base is None else base.record.guidance_every


def every_in_spec(every: int) -> dict[str, int]:
    """What a run's space is told apart by; empty where both halves are computed at every step."""
    return {} if every == 1 else {"guidance_every": every}
