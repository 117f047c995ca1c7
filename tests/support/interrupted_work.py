"""Commands that are stopped by Ctrl+C at a chosen moment, and whether they left anything half done.

A moment is a system call on one of the files that a command works with: between two nothing on the disk changes. Each
is a process of its own, forked from one that has everything imported.
"""

import os
import signal
import sys
from pathlib import Path

import main as program
from editor_core.commands import entry
from editor_core.document.commands import AddLayer
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import RasterLayer
from editor_core.project.documents import load_document
from editor_core.project.image_io import read_image
from editor_core.project.project_file import load_project, save_project
from support.documents import make_turn, random_tiles
from support.faults import STOP, Faults
from support.forks import Forked

PICTURES = {"export": "a.png", "copy": "a.ora", "photoshop": "a.psd", "jpeg": "a.jpg"}
KINDS = (*PICTURES, "history", "new", "edit")
OLD = b"what was there before"
_SECONDS = 1200  # on a busy machine


class Stopped:
    """One command, ready to be run in an empty folder."""

    def __init__(self, kind: str, folder: Path, model: Path) -> None:
        self.kind, self.folder = kind, folder
        self.project, self.target = folder / "fox.palimpsest", folder / PICTURES.get(kind, "new.palimpsest")
        self._beside = folder.parent
        if kind != "new":
            document = Document.new_from_turn(make_turn(1, size=(64, 64), steps=4))
            document.execute(
                AddLayer(RasterLayer(name="paint", tiles=random_tiles(0, 4, Rect(0, 0, 64, 64))))
            )
            save_project(document, self.project)
        if kind in PICTURES:
            self.target.write_bytes(OLD)
        self._before = self._contents()
        tiny = ["--model", str(model), "--device", "cpu"]
        self._command = {
            "history": ["history", str(self.project)],
            "new": ["new", "a fox", "-o", str(self.target), "--size", "64x64", "--steps", "3", *tiny],
            "edit": ["edit", str(self.project), "--prompt", "a cat", *tiny],
        }.get(kind, ["export", str(self.project), "-o", str(self.target)])

    def calls(self, library: Faults) -> int:
        """How many moments there are."""
        code, said, calls = self._run(library, 0)
        assert code == 0, said
        return calls

    def at(self, library: Faults, nth: int) -> dict[str, int]:
        """Stop it at a moment; raises AssertionError where it left something that is neither old nor new."""
        code, said, _ = self._run(library, nth)
        if code == 1:
            assert said.splitlines()[-1] == entry.STOPPED, said
            after = self._contents()
            changed = [name for name in {*after, *self._before} if after.get(name) != self._before.get(name)]
            assert not changed, f"left half done: {changed}"
            return {"stopped": 1}
        assert code == 0, said
        self._look()
        return {"done": 1}

    def _run(self, library: Faults, nth: int) -> tuple[int | None, str, int]:
        """The exit code, what it said, and how many calls there were."""
        said, counted = self._beside / "said", self._beside / "calls"
        said.write_bytes(b"")

        def work() -> None:
            signal.signal(
                signal.SIGINT, signal.default_int_handler
            )  # ignored in what a shell runs in the background
            sys.argv = ["palimpsest", *self._command]
            with library.failing(nth, STOP) as calls:
                code = program.main()
            counted.write_text(str(calls[0]))
            os._exit(code)

        process = Forked(work, dict(os.environ), self._beside / "output", said)
        process.wait(_SECONDS)
        return process.code, said.read_text(), int(counted.read_text())

    def _contents(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file()}

    def _look(self) -> None:
        """Raises where a command that says that it is done is not."""
        names = {*self._before, self.target.name} if self.kind != "history" else {*self._before}
        if self.kind == "edit":
            names = {self.project.name, f"{self.project.name}.bak"}
            assert len(load_project(self.project).history) == 3  # what was painted before is a turn, too
        elif self.kind == "new":
            assert len(load_project(self.target).history) == 1
        elif self.kind in ("copy", "photoshop"):
            assert not load_document(self.target).origin.lost
        elif self.kind in PICTURES:
            assert read_image(self.target).shape[:2] == (64, 64)
        assert set(self._contents()) == names
