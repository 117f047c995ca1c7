"""The one undo stack of a document, and the memory that those of all open documents share."""

from typing import TYPE_CHECKING, NamedTuple, Protocol
from weakref import ref

if TYPE_CHECKING:
    from editor_core.document.document import Document

MEMORY_BUDGET = 512 * 2**20  # bytes


class Command(Protocol):
    """A change of the document that can be taken back.

    ``apply`` raises before it changes anything or not at all; ``revert`` gives back exactly what was there.
    """

    @property
    def text(self) -> str:
        """What the step is called in the menu, such as “Brush stroke”."""

    @property
    def nbytes(self) -> int:
        """Memory that only this command holds."""

    @property
    def needs_saving(self) -> bool:
        """Whether a file lacks something after it; not so for words that are typed and not run."""

    def apply(self, document: "Document") -> None:
        """Make the change; also used to make it again after an undo."""

    def revert(self, document: "Document") -> None:
        """Take the change back."""

    def merged_with(self, later: "Command") -> "Command | None":
        """One command in place of this and ``later``, which followed it directly, or None."""


class UndoBudget:
    """Memory that undo stacks share.

    Where it does not suffice the oldest steps are forgotten, first of the stack that was added to longest ago. The last
    step of each is always kept, however large.
    """

    def __init__(self, nbytes: int = MEMORY_BUDGET) -> None:
        self.nbytes = nbytes
        self._stacks: list[ref[UndoStack]] = []  # added to last comes last

    def make_room(self, added_to: "UndoStack") -> None:
        """A step was added to a stack, which may be another one than those before."""
        stacks = [stack for each in self._stacks if (stack := each()) is not None and stack is not added_to]
        stacks.append(added_to)
        self._stacks = [ref(stack) for stack in stacks]
        used = sum(stack.held for stack in stacks)
        for stack in stacks:
            while used > self.nbytes and len(stack) > 1:
                used -= stack.forget_oldest()


class Mark(NamedTuple):
    """Where a stack stood: its last step, what could be made again, and which state was saved."""

    last: Command | None
    undone: tuple[Command, ...]
    saved: int | None


class UndoStack:
    """Applied commands and those taken back.

    The last step is always kept, however large; those before it as long as all fit the memory budget.
    """

    def __init__(self, memory_budget: int = MEMORY_BUDGET) -> None:
        self.budget = UndoBudget(memory_budget)
        """Its own, until it is given one that it shares with others."""
        self.held = 0
        """Bytes of the commands, as of when the last one was added that holds any."""
        self._done: list[Command] = []
        self._undone: list[Command] = []
        self._dropped = 0  # changes to be saved that fell off the far end
        self.forgotten = 0
        """Steps that fell off the far end: the memory budget had no room for them."""
        self._saved: int | None = 0  # position of the saved state, None: no longer reachable
        self._may_merge = False

    def __len__(self) -> int:
        return len(self._done)

    @property
    def next_undo(self) -> Command | None:
        return self._done[-1] if self._done else None

    @property
    def next_redo(self) -> Command | None:
        return self._undone[-1] if self._undone else None

    @property
    def done(self) -> tuple[Command, ...]:
        """What can be taken back, first step first."""
        return tuple(self._done)

    @property
    def undone_steps(self) -> tuple[Command, ...]:
        """What was taken back and can be made again, next first."""
        return tuple(reversed(self._undone))

    @property
    def last_change(self) -> Command | None:
        """The last step that needs saving."""
        return next((command for command in reversed(self._done) if command.needs_saving), None)

    @property
    def nbytes(self) -> int:
        return sum(command.nbytes for command in (*self._done, *self._undone))

    @property
    def at_saved_state(self) -> bool:
        return self._saved == self._position

    def push(self, command: Command) -> None:
        """Add a command that was just applied; what had been undone is forgotten."""
        if self._saved is not None and self._saved > self._position:
            self._saved = None
        self._undone.clear()
        merged = self._done[-1].merged_with(command) if self._done and self._may_merge else None
        if merged is None:
            self._done.append(command)
        else:
            self._done[-1] = merged
        self._may_merge = True
        if command.nbytes:
            self.held = self.nbytes
            self.budget.make_room(self)

    def undone(self) -> None:
        """Note that the last command was reverted."""
        self._undone.append(self._done.pop())
        self._may_merge = False

    def redone(self) -> None:
        """Note that the last reverted command was applied again."""
        self._done.append(self._undone.pop())
        self._may_merge = False

    @property
    def mark(self) -> "Mark":
        """Where it stands now."""
        return Mark(self.next_undo, tuple(self._undone), self._saved)

    def has_gone_beyond(self, mark: "Mark") -> bool:
        """Whether anything was done since, and not reverted."""
        return self.next_undo is not None and self.next_undo is not mark.last

    def back_at(self, mark: "Mark") -> None:
        """Note that all since was reverted, and does not come back; what could be made again then can be again."""
        self._undone = list(mark.undone)
        if self._saved is None:
            self._saved = mark.saved
        self.held = self.nbytes

    def end_merging(self) -> None:
        """Let the next command be a step of its own, as after a drag has ended."""
        self._may_merge = False

    def mark_saved(self) -> None:
        self._saved = self._position
        self._may_merge = False

    def mark_never_saved(self) -> None:
        """Let no state count as saved, as after a recovery."""
        self._saved = None

    @property
    def _position(self) -> int:
        return self._dropped + sum(command.needs_saving for command in self._done)

    def forget_oldest(self) -> int:
        """Let the first step go; returns the bytes that it held."""
        dropped = self._done.pop(0)
        freed = dropped.nbytes
        self.held -= freed
        self._dropped += dropped.needs_saving
        self.forgotten += 1
        return freed
