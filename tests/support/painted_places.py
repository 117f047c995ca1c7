"""A window that works by itself until it is killed: each stroke has a place and a colour of its own.

Run by path with a folder and a seed. It recovers what is offered, else opens what was saved, else paints a first
picture; then it goes on where the pictures show that it was, in two tabs by turns. Each stroke is told of when it has
ended. Now and then it is closed, and all is saved.
"""

import asyncio
import json
import random
import sys
import time
from pathlib import Path

import numpy as np

SIDE, CELL = 512, 16
PER_ROW = SIDE // CELL
WALLS = ("a white wall", "a second wall")  # the first words of the document in each tab
WAYS = (
    *("stroke",) * 28,
    *("undo", "job", "save", "save", "open", "wait", "other", "other") * 2,
    *("copy", "copy", "copy", "end"),
)


def colour_of(number: int) -> tuple[int, int, int]:
    return 3 + number % 250, 5 + number // 250, 77


def place_of(number: int) -> tuple[int, int]:
    """The cell's corner, x and y."""
    return CELL * (number % PER_ROW), CELL * (number // PER_ROW % PER_ROW)


def strokes_in(picture: np.ndarray) -> set[int]:
    """The numbers of the strokes that a picture shows."""
    middles = picture[CELL // 2 :: CELL, CELL // 2 :: CELL].reshape(-1, 3)
    numbers = range(len(middles))
    return {number for number in numbers if tuple(middles[number].tolist()) == colour_of(number)}


def wall_of(document) -> str:
    """Which of the two a document is."""
    return next(iter(document.history)).prompt


def all_strokes(documents) -> set[int]:
    """The strokes that an artist finds again who takes the best of each wall's documents."""
    best = {wall: set() for wall in WALLS}
    for document in documents:
        found = strokes_in(document.picture())
        best[wall_of(document)] = max(best[wall_of(document)], found, key=len)
    return set().union(*best.values())


def file_of(folder: Path, wall: str) -> Path:
    """Where a wall is saved."""
    return folder / f"{wall.split()[1]}.palimpsest"


def tell(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


class Work:
    """What the window does."""

    def __init__(self, window, folder: Path, seed: str) -> None:
        self.window, self.folder = window, folder
        self.chosen = random.Random(seed)
        self.number = 0
        self.made: list[tuple[object, int]] = []  # which step is which stroke

    async def until(self, condition) -> None:
        while not condition():
            await asyncio.sleep(0.001)

    async def begin(self) -> None:
        from editor_core.document.commands import AddLayer
        from editor_core.document.document import Document
        from editor_core.document.layers import RasterLayer
        from editor_core.document.tiles import Tiles
        from editor_core.document.turns import Turn

        await self.until(self.window.prompt.form.isEnabled)
        await self.window.opening
        recovered = {
            wall_of(document) for document in self.documents
        }  # perhaps as if it had never been saved
        for wall in WALLS:
            if wall not in recovered and file_of(self.folder, wall).exists():
                await self.window.files.open(file_of(self.folder, wall))
        for wall in set(WALLS) - {wall_of(document) for document in self.documents}:
            first = Turn(prompt=wall, image=np.full((SIDE, SIDE, 3), 255, np.uint8))
            self.window.files.adopt(Document.new_from_turn(first))
            layer = RasterLayer(name="paint", tiles=Tiles(4))
            self.window.document.execute(AddLayer(layer))
        seen = all_strokes(self.documents)
        known = [
            json.loads(line) for line in (self.folder / "told").read_text().splitlines() if line.endswith("}")
        ]
        told = max((line["ended"] + 1 for line in known if "ended" in line), default=0)
        self.number = max(told, max(seen, default=-1) + 1)
        for number in set(range(told)) - seen:
            tell(undone=number)  # what this window does not know of it will not show
        tell(began=self.number, seen=len(seen))

    @property
    def documents(self) -> list:
        return [opened.document for opened in self.window.documents if opened.document is not None]

    async def go_on(self) -> None:
        while self.number < PER_ROW * PER_ROW:
            await getattr(self, self.chosen.choice(WAYS))()
            await asyncio.sleep(self.chosen.choice((0.05, 0.1, 0.3)))

    async def stroke(self) -> None:
        from editor_core.document.commands import PaintStroke
        from editor_core.document.layers import RasterLayer

        layers = self.window.document.document.layers
        layer = next(
            layer for layer in layers.walk() if isinstance(layer, RasterLayer) and layer.name == "paint"
        )
        x, y = place_of(self.number)
        pixels = np.full((CELL, CELL, 4), (*colour_of(self.number), 255), np.uint8)
        step = PaintStroke(layer.id, layer.tiles, layer.tiles.with_pixels(x, y, pixels))
        self.made.append((step, self.number))
        self.window.document.execute(step)
        tell(ended=self.number, at=time.time(), wall=wall_of(self.window.document.document))
        self.number += 1

    async def undo(self) -> None:
        from editor_core.document.commands import PaintStroke

        last = self.window.document.document.undo_stack.next_undo
        if isinstance(last, PaintStroke):
            tell(undone=next(number for step, number in self.made if step is last))
            self.window.document.undo()
            self.window.document.execute(_Nothing())

    async def job(self) -> None:
        if self.window.editing.candidate is None:
            self.window.prompt.use_words(self.chosen.choice(("a fox", "a hare", "a boat")))
            self.window.prompt.run()

    async def save(self) -> None:
        await self.window.files.save()

    async def copy(self) -> None:
        """In place of the journal, as after some minutes."""
        self.window.recovery.keeper().shorten()

    async def end(self) -> None:
        self.window.close()
        await asyncio.Event().wait()

    async def open(self) -> None:
        """A file once more, in a tab of its own."""
        opened = self.window.documents.current
        if opened.path is not None and not opened.dirty:
            await self.window.closing.close(opened)
            await self.window.files.open(opened.path)

    async def other(self) -> None:
        self.window.actions_table["next_tab"].trigger()

    async def wait(self) -> None:
        await asyncio.sleep(self.chosen.random() * 0.5)


class _Nothing:
    """A step that changes nothing, so that nothing undone is made again."""

    text, nbytes, needs_saving = "Nothing", 0, False

    def apply(self, document) -> None:
        """Nothing."""

    revert = apply

    def merged_with(self, later) -> None:
        return None


def main(folder: Path, seed: str, disk_seconds: float = 0.0) -> None:
    """``disk_seconds``: how much longer a step takes to be written, as on a disk or a machine that others use."""
    import gui.app
    from editor_core.project import journal
    from gui.dialogs import ask, checklist
    from support.fake_session import FakeSession

    write_step = journal.write_step

    def write_slowly(*values: object) -> None:
        time.sleep(disk_seconds)  # noqa: TID251 - that is what a slow disk does
        write_step(*values)

    async def recover(*_: object) -> bool:
        return True

    async def all_of_it(parent, title, text, information, items, answers) -> tuple[bool, list[int]]:
        return True, list(range(len(items)))

    async def save(*_: object) -> ask.Unsaved:
        return ask.Unsaved.SAVE

    async def place(window, *_: object) -> Path:
        return file_of(folder, wall_of(window.document.document))

    ask.yes_later_or_no, checklist.which = recover, all_of_it
    ask.file_to_save, ask.unsaved_changes = place, save
    gui.app.open_session = lambda settings: FakeSession()
    journal.write_step = write_slowly

    async def script(window) -> None:
        work = Work(window, folder, seed)
        await work.begin()
        await work.go_on()

    gui.app.main([], script)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
