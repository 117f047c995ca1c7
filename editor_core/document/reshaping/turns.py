"""A turn on a changed canvas: its picture and mask are made when they are looked at.

What the model left behind still holds where the picture only lies elsewhere on the canvas: the old picture is then
the window that the model saw of the new one, and the next edit that fits there goes on from it. Otherwise the picture
is analysed anew by the next edit.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from editor_core.document.geometry import Rect
from editor_core.document.reshaping.changes import Change, Size
from editor_core.document.stored import Array, StoredArray, StoredArrays
from editor_core.document.turns import Turn
from editor_core.messages.run import RunRecord
from editor_core.messages.window_turns import name_in_window, told_of

Latents = Mapping[str, Array]


def changed_turn(turn: Turn, change: Change) -> Turn:
    """The turn as it is on the changed canvas."""
    size = change.size((turn.width, turn.height))
    latents, record = _left_behind(turn, change)
    mask = _later(size, (), lambda: change.mask(turn.mask)) if turn.has_mask else None
    return turn.changed(
        image=_later(size, (3,), lambda: change.picture(turn.image)),
        mask=mask,
        latents=latents,
        record=record,
        cache_space="",
    )


def _later(size: Size, channels: tuple[int, ...], make: Callable[[], Array]) -> StoredArray:
    return StoredArray((size[1], size[0], *channels), "uint8", make)


def _left_behind(turn: Turn, change: Change) -> tuple[Latents, RunRecord]:
    """The latents and the record that later edits may go on from."""
    record, latents = turn.record, turn.latents
    if record.window is not None and record.window_turns:
        place = change.place(Rect(*record.window))
        if place is not None:
            return latents, replace(record, window=_window(place))
    elif "trajectory" in latents and (place := change.place(Rect(0, 0, turn.width, turn.height))):
        return _in_window(latents), RunRecord(window=_window(place), window_turns=(told_of(turn),))
    return MappingProxyType({}), RunRecord()


def _in_window(latents: Latents) -> Latents:
    def rename(name: str) -> str:
        return name_in_window(0, name)

    if isinstance(latents, StoredArrays):
        return latents.renamed(rename)
    return MappingProxyType({rename(name): array for name, array in latents.items()})


def _window(place: Rect) -> tuple[int, int, int, int]:
    return place.x, place.y, place.width, place.height
