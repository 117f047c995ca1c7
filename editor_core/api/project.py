"""A picture with its history, as Python programs hold it."""

from pathlib import Path

from editor_core.api.arrays import File, Picture
from editor_core.base.errors import ProjectError
from editor_core.document.commands import JumpToTurn
from editor_core.document.document import Document
from editor_core.document.turns import Turn
from editor_core.project.project_file import load_project, save_project


class Project:
    """A picture with its history: turns in a tree, one of them shown. It stays in memory until it is saved."""

    def __init__(self, document: Document) -> None:
        """Use `Project.load`, `Editor.generate` or `Editor.open`."""
        self._document = document

    @classmethod
    def load(cls, file: File) -> "Project":
        """The project in a .palimpsest or .ora file, as far as it is whole. Raises EditorError."""
        return cls(load_project(Path(file)))

    def save(self, file: File) -> None:
        """Write everything but the undo stack; a file that is there stays as ``<name>.bak``. Raises EditorError."""
        save_project(self._document, Path(file))

    @property
    def lost(self) -> tuple[str, ...]:
        """What of the file could not be read, a sentence each."""
        return tuple(map(str, self._document.origin.lost))

    @property
    def turns(self) -> tuple[Turn, ...]:
        """All turns, each after the one that it changed (``turn.parent`` is that one's ``id``)."""
        return tuple(self._document.history)

    @property
    def current(self) -> Turn:
        """The shown turn. Raises EditorError where there is none, as in a file of another program."""
        if (turn := self._document.history.current) is None:
            raise ProjectError("There is no turn to edit yet. Create or open a picture first.")
        return turn

    def show(self, turn: Turn) -> None:
        """Make another turn the shown one; the next edit begins there."""
        self._document.execute(JumpToTurn(turn.id))

    def picture(self) -> Picture:
        """What the layers show, uint8 (H, W, 3)."""
        return self._document.picture()

    def undo(self) -> None:
        """Take back the last edit, or the last `show`; the turn stays in no list then."""
        self._document.undo()

    def redo(self) -> None:
        """Do again what was undone."""
        self._document.redo()
