"""The branching history of turns."""

from collections.abc import Iterator
from dataclasses import dataclass

from editor_core.document.turns import Turn


@dataclass(frozen=True)
class RemovedTurns:
    """A removed subtree: each turn with its place in the order of insertion, and what was current before."""

    turns: tuple[tuple[int, Turn], ...]
    current: str | None


class HistoryTree:
    """Turns by id, each below its parent; one of them is current. Iterates in the order of insertion."""

    def __init__(self) -> None:
        self._turns: dict[str, Turn] = {}
        self._children: dict[str | None, list[str]] = {}  # by parent, oldest first
        self._current: str | None = None

    def __len__(self) -> int:
        return len(self._turns)

    def __iter__(self) -> Iterator[Turn]:
        return iter(self._turns.values())

    def __contains__(self, turn_id: object) -> bool:
        return turn_id in self._turns

    def __getitem__(self, turn_id: str) -> Turn:
        return self._turns[turn_id]

    @property
    def current(self) -> Turn | None:
        """The turn that is shown, or None."""
        return None if self._current is None else self._turns[self._current]

    @property
    def current_id(self) -> str | None:
        """Id of the turn that is shown, or None."""
        return self._current

    @property
    def root_ids(self) -> tuple[str, ...]:
        """Turns without a parent."""
        return tuple(self._children.get(None, ()))

    def children(self, turn_id: str) -> tuple[str, ...]:
        """Ids of the turns made from this one, oldest first."""
        return tuple(self._children.get(turn_id, ()))

    def path(self, turn_id: str) -> tuple[str, ...]:
        """Ids from the root to this turn."""
        path = []
        step: str | None = turn_id
        while step is not None:
            path.append(step)
            step = self._turns[step].parent
        return tuple(reversed(path))

    def subtree(self, turn_id: str) -> tuple[str, ...]:
        """This turn and all that were made from it, in the order of insertion."""
        found = {turn_id: self._turns[turn_id]}
        for turn in self:  # a parent always comes before its children
            if turn.parent in found:
                found[turn.id] = turn
        return tuple(found)

    def add(self, turn: Turn) -> None:
        """Add ``turn`` below its parent; what is current stays. Raises ValueError."""
        if turn.id in self._turns:
            raise ValueError(f"turn {turn.id} is already in the history")
        if turn.parent is not None and turn.parent not in self._turns:
            raise ValueError(f"turn {turn.id} has an unknown parent {turn.parent}")
        self._turns[turn.id] = turn
        self._children.setdefault(turn.parent, []).append(turn.id)

    def replace(self, turn: Turn) -> None:
        """Put ``turn`` in the place of the one with the same id and parent; raises KeyError, ValueError."""
        if self._turns[turn.id].parent != turn.parent:
            raise ValueError(f"turn {turn.id} cannot change its parent")
        self._turns[turn.id] = turn

    def jump(self, turn_id: str | None) -> None:
        """Make a turn current (None: no turn); raises KeyError."""
        if turn_id is not None and turn_id not in self._turns:
            raise KeyError(turn_id)
        self._current = turn_id

    def remove(self, turn_id: str) -> RemovedTurns:
        """Remove a turn and all made from it; raises KeyError.

        If the current turn goes, its nearest remaining ancestor becomes current, else the newest.
        """
        gone = set(self.subtree(turn_id))
        removed = RemovedTurns(
            tuple((index, turn) for index, turn in enumerate(self) if turn.id in gone), self._current
        )
        parent = self._turns[turn_id].parent
        self._take({key: turn for key, turn in self._turns.items() if key not in gone})
        if self._current in gone:
            self._current = parent or next(reversed(self._turns), None)
        return removed

    def restore(self, removed: RemovedTurns) -> None:
        """Put a removed subtree back where it was, and make current what was."""
        turns = list(self._turns.values())
        for index, turn in removed.turns:
            turns.insert(index, turn)
        self._take({turn.id: turn for turn in turns})
        self._current = removed.current

    def _take(self, turns: dict[str, Turn]) -> None:
        self._turns, self._children = turns, {}
        for turn in turns.values():
            self._children.setdefault(turn.parent, []).append(turn.id)
