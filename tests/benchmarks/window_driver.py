"""A window with the default model, hands to work it, and clocks: what `bench_window.py` measures with."""

import prelude  # noqa: F401 before torch

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
import psutil

if not (
    os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform in ("win32", "darwin")
):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import (
    QCoreApplication,
    QElapsedTimer,
    QEvent,
    QObject,
    QPoint,
    QPointF,
    Qt,
    QThread,
    QTimer,
)
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from editor_core.base.settings import Settings
from editor_core.document.commands import AddLayer
from editor_core.document.document import Document
from editor_core.document.layers import RasterLayer
from editor_core.document.tiles import Tiles
from gui.app import SWITCH_S
from gui.look.theme import Theme
from gui.shell.main_window import MainWindow
from gui.worker.facade import EngineFacade
from gui.worker.thread import open_session

WAIT_S = 300
IDLE_MS = 2
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


class PaintWatch(QObject):
    """Notes when the watched widget has been painted."""

    def __init__(self, widget: QObject) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QCoreApplication.sendEvent(watched, event)  # painted here and now, so that its end is known
            watched.installEventFilter(self)
            self.count += 1
            return True
        return False


class Heartbeat(QObject):
    """The longest time for which the event loop did not come round."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self.gaps = []
        self._clock.start()
        self._timer.start()

    def stop(self) -> float:
        self._timer.stop()
        return max(self.gaps)

    def _beat(self) -> None:
        self.gaps.append(self._clock.nsecsElapsed() / 1e6)
        self._clock.restart()


class Bench:
    """A window with the default model, and hands to work it."""

    def __init__(self, app: QApplication) -> None:
        self.app = app
        chosen = Settings(device="cpu", theme="dark")
        self.window = MainWindow(EngineFacade(lambda: open_session(chosen)), Theme(app, "dark"), chosen)
        self.window.resize(1366, 768)
        sys.setswitchinterval(SWITCH_S)  # as the program does
        self.window.begin()
        self.wait(self.window.prompt.form.isEnabled)
        self.canvas = self.window.canvas
        self.watch = PaintWatch(self.canvas)

    def wait(self, condition: Callable[[], bool], idle_ms: int = 0) -> None:
        """idle_ms: sleep so long between looks, as a window does that waits for a worker which needs the processor."""
        end = time.monotonic() + WAIT_S
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"waited {WAIT_S} s in vain: {self.window.messages.sentence}")
            self.app.processEvents()
            QThread.msleep(idle_ms)

    def show(self, document: Document) -> None:
        """In place of what was measured before, which would only hold memory."""
        self.close_all()
        self.window.files.adopt(document)
        self.canvas.fit()
        self.wait(lambda: self.canvas.isVisible())
        self.timed(self.canvas.update)

    def close_all(self) -> None:
        """Leave one empty tab."""
        for opened in list(self.window.documents):
            self.window.documents.close(opened)

    def timed(self, act: Callable[[], None]) -> float:
        """Milliseconds from an act to the end of the canvas's next paint event."""
        painted, began = self.watch.count, time.perf_counter()
        act()
        self.wait(lambda: self.watch.count > painted)
        return (time.perf_counter() - began) * 1000

    def mouse(self, kind: QEvent.Type, place: QPointF, button: Qt.MouseButton = LEFT) -> None:
        pressed = NONE if kind == QEvent.Type.MouseButtonRelease else button
        caused = NONE if kind == QEvent.Type.MouseMove else button
        where = self.canvas.mapToGlobal(place)
        event = QMouseEvent(kind, place, where, caused, pressed, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.canvas, event)

    def stroke(self, places: list[QPointF], button: Qt.MouseButton = LEFT) -> list[float]:
        """A drag; milliseconds of each move."""
        self.mouse(QEvent.Type.MouseButtonPress, places[0], button)
        times = [
            self.timed(lambda place=place: self.mouse(QEvent.Type.MouseMove, place, button))
            for place in places[1:]
        ]
        self.mouse(QEvent.Type.MouseButtonRelease, places[-1], button)
        self.app.processEvents()
        return times

    def wheel(self, place: QPointF, notches: int) -> None:
        event = QWheelEvent(
            place, self.canvas.mapToGlobal(place), QPoint(), QPoint(0, 120 * notches), NONE,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(self.canvas, event)


def layered(side: int) -> Document:
    """A picture with two more layers of content all over: colours with soft edges, and a shade that multiplies."""
    random = np.random.default_rng(1)
    document = Document(side, side)
    picture = Tiles.from_rgb(random_picture(random, side))
    document.execute(AddLayer(RasterLayer(name="Picture", id=document.picture_layer_id, tiles=picture)))
    colours = np.dstack([random_picture(random, side), random_picture(random, side)[..., :1]])
    document.execute(AddLayer(RasterLayer(name="Colours", tiles=Tiles.from_array(colours))))
    colours[..., 3] //= 2
    shade = RasterLayer(name="Shade", tiles=Tiles.from_array(colours), blend_mode="multiply")
    document.execute(AddLayer(shade))
    return document


def random_picture(random: np.random.Generator, side: int) -> np.ndarray:
    """Soft colours with some noise, uint8 (side, side, 3)."""
    patch = random.integers(0, 256, (64, 64, 3), np.uint8)
    step = -(-side // 64)
    large = patch.repeat(step, axis=0).repeat(step, axis=1)[:side, :side]
    return large ^ random.integers(0, 16, (side, side, 1), np.uint8)


def wave(bench: Bench, moves: int) -> Iterator[list[QPointF]]:
    """Strokes of 50 moves each, up and down the canvas, about as fast as a hand goes."""
    width, height = bench.canvas.width(), bench.canvas.height()
    for number in range(max(1, moves // 50)):
        phase = 0.7 * number
        yield [
            QPointF(width * (0.3 + 0.4 * step / 50), height * (0.5 + 0.3 * np.sin(step / 6 + phase)))
            for step in range(51)
        ]


def p95(times: list[float]) -> float:
    return float(np.percentile(times, 95))


def spread(times: list[float]) -> dict[str, float]:
    figures = {"median": statistics.median(times), "most": max(times), "count": len(times)}
    return {name: round(value, 2) for name, value in figures.items()}


def memory_mb() -> float:
    """What the process holds in memory."""
    return psutil.Process().memory_info().rss / 2**20
