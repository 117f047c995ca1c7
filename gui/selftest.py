"""The program tries itself out: `palimpsest selftest FOLDER` opens the window and does the main job in it once.

Each passed step is one JSON object on a line of stdout. packaging/selftest.py runs it in the built program; it helps as
well where an installation misbehaves. Nothing of the user's is read or written: all of it happens in FOLDER.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from gui.shell.main_window import MainWindow

PATIENCE = 300.0  # seconds for one step, on a slow and busy machine
GLANCE = 0.01  # seconds between two looks at a condition
STEPS = 6


class SelftestFailed(Exception):
    """A step did not do what it should."""


def main(arguments: list[str]) -> int:
    """Returns 0 when every step passed, 1 when one failed, 2 for wrong usage."""
    if len(arguments) != 1:
        sys.stderr.write("Usage: palimpsest selftest FOLDER\n")
        return 2
    folder = Path(arguments[0]).resolve()
    for name in ("CONFIG", "CACHE", "STATE"):
        os.environ.setdefault(f"PALIMPSEST_{name}_DIR", str(folder / name.lower()))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from gui.app import main as window_main

    selftest = Selftest(folder)
    code = window_main([], selftest.run)
    return code if selftest.passed else 1


class Selftest:
    """The steps, on the window's event loop."""

    def __init__(self, folder: Path) -> None:
        self.passed = False
        self._project = folder / "självtest ✓.palimpsest"

    async def run(self, window: "MainWindow") -> None:
        try:
            await self._steps(window)
            self.passed = True
        except SelftestFailed as error:
            tell("failed", sentence=str(error))
        finally:
            window._may_close = True
            window.close()

    async def _steps(self, window: "MainWindow") -> None:
        await self._opens(window)
        await self._makes_a_picture(window)
        await self._rewords(window)
        await self._saves_and_reopens(window)
        await self._cancels(window)

    async def _opens(self, window: "MainWindow") -> None:
        await until(window.isVisible, "the window shows")
        tell("window")
        await until(lambda: window.prompt.form.isEnabled() or window.messages.isVisible(), "the model loads")
        require(window.prompt.form.isEnabled(), window.messages.sentence)
        tell("model")
        window.prompt.form.steps.setValue(STEPS)

    async def _makes_a_picture(self, window: "MainWindow") -> None:
        window.prompt.use_words("a fox on the snow")
        window.prompt.run()
        await until(lambda: bool(window.document.turn) or window.messages.isVisible(), "a picture comes")
        require(bool(window.document.turn), window.messages.sentence)
        tell("picture")

    async def _rewords(self, window: "MainWindow") -> None:
        window.prompt.use_words("a cat on the snow")
        window.prompt.run()
        await until(lambda: bool(window.editing.candidate) or window.messages.isVisible(), "an edit comes")
        require(bool(window.editing.candidate), window.messages.sentence)
        window.editing.apply()
        document = window.document.document
        assert document is not None
        first, second = document.history
        outside = np.asarray(second.mask) == 0
        require(
            np.array_equal(first.image[outside], second.image[outside]), "pixels outside the mask changed"
        )
        tell("reword", changed=round(100 * float((~outside).mean()), 1))

    async def _saves_and_reopens(self, window: "MainWindow") -> None:
        document, opened = window.document.document, window.documents.current
        opened.set_path(self._project)
        require(await window.files.save(), "the project could not be saved")
        tell("save")
        await window.closing.close(opened)
        await window.files.open(self._project)
        reopened = window.document.document
        require(reopened is not None and reopened is not document, "the project did not reopen")
        assert reopened is not None
        require(len(reopened.history) == 2 and not reopened.dirty, "the project came back as another one")
        tell("reopen")

    async def _cancels(self, window: "MainWindow") -> None:
        steps: list[Any] = []
        ends: list[Any] = []
        window.facade.progress.connect(steps.append)
        for end in (window.facade.cancelled, window.facade.finished, window.facade.failed):
            end.connect(ends.append)
        window.prompt.form.steps.setValue(1000)
        window.prompt.use_words("a panda on the beach")
        window.prompt.generate()
        await until(lambda: bool(steps), "a job makes progress")
        window.facade.cancel_running()
        await until(lambda: bool(ends), "the job ends")
        require(type(ends[0]).__name__ == "Cancelled", "the job went on after it was cancelled")
        document = window.document.document
        require(document is not None and len(document.history) == 2, "a cancelled job changed the document")
        tell("cancel")


async def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for a condition; raises SelftestFailed when it does not come true in time."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await asyncio.sleep(GLANCE)
    except TimeoutError as error:
        raise SelftestFailed(f"It took too long until {what}.") from error


def require(passed: bool, sentence: str) -> None:
    if not passed:
        raise SelftestFailed(sentence)


def tell(step: str, **facts: object) -> None:
    sys.stdout.write(json.dumps({"step": step, **facts}, ensure_ascii=False) + "\n")
    sys.stdout.flush()
