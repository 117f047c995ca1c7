"""A window that works by itself until it is killed: each stroke has a place and a colour of its own.

Run by path with a folder and a seed. It recovers what is offered, else opens what was saved, else paints a first
picture; then it goes on where the picture shows that it was. Each stroke is told of when it has ended.
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
WAYS = ("stroke",) * 14 + ("undo", "job", "save", "save", "open", "wait")


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


def tell(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


class Work:
    """What the window does."""

    def __init__(self, window, folder: Path, seed: str) -> None:
        self.window, self.folder = window, folder
        self.chosen = random.Random(seed)
        self.number = 0

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
        saved = self.folder / "saved.palimpsest"
        if self.window.document.document is None and saved.exists():
            await self.window.files.open(saved)
        if self.window.document.document is None:
            first = Turn(prompt="a white wall", image=np.full((SIDE, SIDE, 3), 255, np.uint8))
            document = Document.new_from_turn(first)
            self.window.files.adopt(document)
            layer = RasterLayer(name="paint", tiles=Tiles(4))
            self.window.document.execute(AddLayer(layer))
        seen = strokes_in(self.window.document.document.picture())
        known = [
            json.loads(line) for line in (self.folder / "told").read_text().splitlines() if line.endswith("}")
        ]
        told = max((line["ended"] + 1 for line in known if "ended" in line), default=0)
        self.number = max(told, max(seen, default=-1) + 1)
        for number in set(range(told)) - seen:
            tell(undone=number)  # what this window does not know of it will not show
        tell(began=self.number, seen=len(seen))

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
        self.window.document.execute(
            PaintStroke(layer.id, layer.tiles, layer.tiles.with_pixels(x, y, pixels))
        )
        tell(ended=self.number, at=time.time())
        self.number += 1

    async def undo(self) -> None:
        from editor_core.document.commands import PaintStroke

        if isinstance(self.window.document.document.undo_stack.next_undo, PaintStroke):
            tell(undone=self.number - 1)
            self.window.document.undo()
            self.window.document.execute(_Nothing())

    async def job(self) -> None:
        if self.window.editing.candidate is None:
            self.window.prompt.use_words(self.chosen.choice(("a fox", "a hare", "a boat")))
            self.window.prompt.run()

    async def save(self) -> None:
        await self.window.files.save()

    async def open(self) -> None:
        if (self.folder / "saved.palimpsest").exists() and not self.window.document.document.dirty:
            await self.window.files.open(self.folder / "saved.palimpsest")

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


def main(folder: Path, seed: str) -> None:
    import gui.app
    from gui.dialogs import ask
    from support.fake_session import FakeSession

    async def recover(*_: object) -> bool:
        return True

    async def place(*_: object) -> Path:
        return folder / "saved.palimpsest"

    ask.yes_later_or_no = recover
    ask.file_to_save = place
    gui.app.open_session = lambda settings: FakeSession()

    async def script(window) -> None:
        work = Work(window, folder, seed)
        await work.begin()
        await work.go_on()

    gui.app.main([], script)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
