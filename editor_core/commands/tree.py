"""The turns of a project as lines of text.

A turn's longest line of descent goes on straight below it, other children branch off to the right before: so a picture
edited a thousand times stays as narrow as one edited twice.
"""

from collections.abc import Iterator

from editor_core.commands.told import changed_share
from editor_core.document.history import HistoryTree
from editor_core.document.turns import Turn


def tree_lines(history: HistoryTree) -> Iterator[str]:
    """A line for each turn, parents above children; the shown one is marked."""
    children: dict[str | None, list[str]] = {None: []}
    for turn in history:
        children[turn.id] = []
        children[turn.parent].append(turn.id)
    size: dict[str, int] = {}  # how many turns come of each one
    for turn in reversed(list(history)):  # a parent always comes before its children
        size[turn.id] = 1 + sum(size[child] for child in children[turn.id])

    waiting = [
        (root, "", "") for root in reversed(children[None])
    ]  # turn, guides of its line, of those below
    while waiting:
        turn_id, guides, below = waiting.pop()
        mark = "●" if turn_id == history.current_id else "○"
        yield f"{guides}{mark} {_told(history[turn_id])}"
        if children[turn_id]:
            *branches, longest = sorted(children[turn_id], key=size.__getitem__)
            waiting.append((longest, below, below))
            waiting += [(child, f"{below}├─ ", f"{below}│  ") for child in reversed(branches)]


def _told(turn: Turn) -> str:
    words = " ".join(turn.prompt.split())
    share = "" if turn.mask is None else f", {changed_share(turn)} % changed"
    return f"{turn.id}  {words}  ({turn.method}{share}, {turn.seconds:.1f} s)"
