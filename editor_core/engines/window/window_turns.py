"""The turns inside a context window, kept with the turns of the large picture, so that an edit there can go on.

A window is opened once. What that and every edit in it leave (their latents, their words, where their activations lie)
is kept by the large picture's own turns, of which the window's lineage is put together again when the next mask fits
into the window. What was painted since is seen by comparing pixels, and inverted in its rows (`paint_over.py`). After
an edit elsewhere the picture has other words than the window's last turn, and a window is opened anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from editor_core.messages.events import TurnResult
from editor_core.messages.requests import BaseTurn
from editor_core.messages.run import record_from
from editor_core.messages.window_turns import name_in_window, told_of
from editor_core.models.bundle import ModelBundle
from editor_core.pixels.opencv import cv2

_ROOM = 8  # the model's own size is so many times what must lie between a mask and the edge of a window gone on with

_COARSER = 1.5  # a window is gone on with though its pixels are so many times those of a new one


@dataclass(frozen=True)
class Window:
    """A rectangle of the picture, in pixels."""

    left: int
    top: int
    width: int
    height: int
    seen_at: tuple[int, int] | None = None
    """(width, height) that it is scaled to for the model; None: as it is."""

    @property
    def rectangle(self) -> tuple[int, int, int, int]:
        """(left, top, width, height)."""
        return self.left, self.top, self.width, self.height

    @property
    def scale(self) -> float:
        """Pixels of the picture to one that the model sees."""
        return (
            1.0 if self.seen_at is None else max(self.width / self.seen_at[0], self.height / self.seen_at[1])
        )

    def seen(self, array: np.ndarray) -> np.ndarray:
        """What the model sees of a picture or drawing (H, W, …)."""
        part = self.of(array)
        if self.seen_at is None:
            return part
        return np.asarray(cv2.resize(np.ascontiguousarray(part), self.seen_at, interpolation=cv2.INTER_AREA))

    def mask_seen(self, mask: np.ndarray) -> np.ndarray:
        """What the model sees of a mask uint8 (H, W): all that it touches, a hard mask as a hard one."""
        part = self.seen(mask)
        if self.seen_at is None or not np.isin(self.of(mask), (0, 255)).all():
            return part
        return (part > 0).astype(np.uint8) * 255

    def enlarged(self, seen: np.ndarray, interpolation: int = cv2.INTER_LANCZOS4) -> np.ndarray:
        """What the model made of the window, (h, w, …), at the window's own size."""
        if self.seen_at is None:
            return seen
        return np.asarray(cv2.resize(seen, (self.width, self.height), interpolation=interpolation))

    def of(self, array: np.ndarray) -> np.ndarray:
        """The part of (H, W, …) that lies in the window."""
        return array[self.top : self.top + self.height, self.left : self.left + self.width]

    def placed(self, part: np.ndarray, whole: np.ndarray) -> np.ndarray:
        """A copy of the whole with a part of the window's size in its place."""
        copy = whole.copy()
        self.of(copy)[:] = part
        return copy

    def on(self, scale: float) -> "Window":
        """The same on a picture of another scale."""
        left, top = round(scale * self.left), round(scale * self.top)
        right, bottom = round(scale * (self.left + self.width)), round(scale * (self.top + self.height))
        return Window(left, top, right - left, bottom - top)

    def has_room_for(self, mask: np.ndarray, bundle: ModelBundle) -> bool:
        """Whether a mask uint8 (H, W) that is not empty lies in the window, and not at an edge inside the picture."""
        width, height = (round(self.scale * side) for side in bundle.default_size)
        across, down = np.flatnonzero(mask.any(0)), np.flatnonzero(mask.any(1))
        return _within(across, self.left, self.width, mask.shape[1], width // _ROOM) and _within(
            down, self.top, self.height, mask.shape[0], height // _ROOM
        )


def _within(marked: np.ndarray, start: int, length: int, side: int, room: int) -> bool:
    first = 0 if start == 0 else start + room
    end = side if start + length == side else start + length - room
    return bool(first <= marked[0] and marked[-1] < end)


def as_base(result: TurnResult) -> BaseTurn:
    return BaseTurn(**{field.name: getattr(result, field.name) for field in fields(BaseTurn)})


def kept_turns(
    turns: Iterable[BaseTurn | TurnResult],
) -> tuple[dict[str, np.ndarray], tuple[Mapping[str, Any], ...]]:
    """What a turn of the large picture keeps, in its latents and in its record, of new turns in a window."""
    latents: dict[str, np.ndarray] = {}
    told = []
    for number, turn in enumerate(turns):
        latents |= {name_in_window(number, name): array for name, array in turn.latents.items()}
        told.append(told_of(turn))
    return latents, tuple(told)


def open_window(
    lineage: Sequence[BaseTurn], mask: np.ndarray, bundle: ModelBundle, wanted: Window
) -> tuple[Window, tuple[BaseTurn, ...]] | None:
    """The last edit's window with its lineage, if it has room for the mask uint8 (H, W); None opens another.

    ``wanted`` is the one that would be opened: where that is seen much finer, it is.
    """
    window = next((found for turn in reversed(lineage) if (found := _window(turn))), None)
    if window is None or not window.has_room_for(mask, bundle) or window.scale > _COARSER * wanted.scale:
        return None
    turns: tuple[BaseTurn, ...] = ()
    for turn in reversed(lineage):
        if _window(turn) == window:
            turns = _turns(turn, window) + turns
            if "region" not in turns[0].latents:  # computed whole: the first one
                break
    whole = all("trajectory" in turn.latents for turn in turns) and "region" not in turns[0].latents
    same_model = all(turn.fingerprint == bundle.fingerprint for turn in turns)
    return (window, turns) if whole and same_model else None


def _window(turn: BaseTurn) -> Window | None:
    record = turn.record
    known = record.window is not None and record.window_turns
    return Window(*record.window, record.window_seen) if known and record.window is not None else None


def _turns(turn: BaseTurn, window: Window) -> tuple[BaseTurn, ...]:
    """The turns in the window that a turn of the large picture keeps; only the last one's picture is its own."""
    return tuple(
        BaseTurn(
            **{**told, "record": record_from(told["record"])},
            image=window.seen(turn.image),
            mask=None,
            latents=_latents(turn, number),
        )
        for number, told in enumerate(turn.record.window_turns)
    )


def _latents(turn: BaseTurn, number: int) -> dict[str, np.ndarray]:
    prefix = name_in_window(number, "")
    return {
        name.removeprefix(prefix): array for name, array in turn.latents.items() if name.startswith(prefix)
    }
