"""The file a document was read from or saved to last, as it was known then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from editor_core.base.message import Message
from editor_core.document.turns import Turn


class Place(NamedTuple):
    """How far a file goes up to the end of a turn."""

    end: int = 0
    """In the file."""
    listed: int = 0
    """In the list of what it holds."""
    told: int = 0
    """In the text that its digest is made of."""
    entries: int = 0
    unpacked: int = 0
    """Bytes of these entries."""


@dataclass(frozen=True, eq=False)
class Layout:
    """The beginning of a project file: turns, one behind the other.

    They never change, so the next save copies the file as far as they go, without looking at them.
    """

    turns: tuple[Turn, ...] = ()
    places: tuple[Place, ...] = (Place(),)
    """Before the first turn and after each."""
    listed: bytes = b""
    told: str = ""

    @property
    def end(self) -> int:
        return self.places[-1].end

    @property
    def entries(self) -> int:
        return self.places[-1].entries

    @property
    def unpacked(self) -> int:
        return self.places[-1].unpacked

    def shared_with(self, turns: Sequence[Turn]) -> "Layout":
        """As far as the turns are the same."""
        same = next(
            (number for number, (a, b) in enumerate(zip(self.turns, turns, strict=False)) if a is not b),
            min(len(self.turns), len(turns)),
        )
        place = self.places[same]
        return Layout(
            self.turns[:same], self.places[: same + 1], self.listed[: place.listed], self.told[: place.told]
        )


@dataclass(frozen=True, eq=False)
class KnownFile:
    """A file on the disk such that it is recognized without being read."""

    path: Path
    stamp: tuple[int, int]
    """Bytes, and when it was written, in nanoseconds."""
    listed: bytes
    """The list of what it holds, with checksums."""
    find_turns: Callable[[], Layout]

    @cached_property
    def layout(self) -> Layout:
        """Where its turns lie; looked for when a save asks."""
        return self.find_turns()


@dataclass
class Origin:
    """Shared by a document and its snapshots, and brought up to date by every save of either."""

    path: Path | None = None
    """None: never saved."""
    digest: str = ""
    """What the file held; another one on the disk tells that another program has saved since."""
    turn_ids: frozenset[str] = frozenset()
    """Of the turns in it: any other in the file now was made by another program."""
    lost: tuple[Message, ...] = ()
    """A sentence for each part of the file that could not be read."""
    known: KnownFile | None = None
    """The file itself, where the next save may go on from it."""
    told: tuple[Message, ...] = ()
    """A sentence for each thing that happened to the file; nothing of it is lost."""
