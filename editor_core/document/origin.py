"""The file a document was read from or saved to last, as it was known then."""

from dataclasses import dataclass
from pathlib import Path

from editor_core.base.message import Message


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
    told: tuple[Message, ...] = ()
    """A sentence for each thing that happened to the file; nothing of it is lost."""
