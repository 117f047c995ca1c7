"""How the window answers: strokes, panning, undo, stalls and the start, in a real window with real events.

    python tests/benchmarks/bench_window.py [--only PARTS] [--moves 400] [--json]

PARTS are some of stroke, busy, pan, large, undo, transform, live, object, tabs, start, with commas between them.

Runs under the display that is there, Xvfb (``xvfb-run -a``), or Qt's offscreen platform where there is none. A stroke's
latency is the time from the pointer's event to the end of the paint event it causes; a frame's, the same for a drag or
a turn of the wheel. What takes seconds at 8192x8192 is measured by the longest stall of the main thread. The busy
figures are taken while the default model edits a picture on the CPU. Live's and the object tool's are from the pointer
that goes up to the paint event that shows the result, the median of three, after one that nobody counts; an object is
clicked on once the network has looked at the picture.
"""

from prelude import ROOT

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PySide6.QtCore import (
    QEvent,
    QPointF,
    Qt,
    QTimer,
)
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from editor_core.document.commands import AcceptTurn, AddLayer, PaintStroke, Select
from editor_core.document.document import Document
from editor_core.document.layers import RasterLayer
from editor_core.document.tiles import Tiles
from editor_core.document.turns import Turn
from editor_core.messages.requests import Sampling
from editor_core.workflow.turns import edit_request
from gui.canvas.tool import Pointer
from gui.shell.main_window import MainWindow
from gui.tools.select import LassoSelect
from report import Row, show
from window_driver import (
    IDLE_MS,
    Bench,
    Heartbeat,
    PaintWatch,
    layered,
    memory_mb,
    p95,
    random_picture,
    spread,
    wave,
)

PARTS = ("stroke", "busy", "pan", "large", "undo", "transform", "live", "object", "tabs", "start")
STARTS = 3
TABS = 10


def measure_idle(bench: Bench, moves: int) -> list[Row]:
    bench.show(layered(2048))
    bench.window.actions_table["brush_tool"].trigger()
    bench.window.toolbox.brush.settings.set(size=48, hardness=0.5, flow=1.0, smoothing=0.2)
    times = [value for places in wave(bench, moves) for value in bench.stroke(places)]
    return [Row("stroke_idle_p95_ms", p95(times), "ms", "<= 16", spread(times))]


def measure_busy(bench: Bench, moves: int) -> list[Row]:
    """Strokes while the worker edits; and, in a run of its own, the stalls while a whole edit is watched."""
    window, stall = bench.window, Heartbeat()
    bench.close_all()
    window.prompt.use_words("a fox in the snow")
    stall.start()
    window.prompt.run()
    bench.wait(lambda: window.document.turn is not None)
    made = stall.stop()
    window.prompt.use_words("a cat in the snow")
    stall.start()
    window.prompt.run()
    bench.wait(lambda: window.editing.candidate is not None)
    window.actions_table["apply"].trigger()
    bench.wait(lambda: window.document.turn.prompt == "a cat in the snow")
    edited = stall.stop()
    times = strokes_during_edits(bench, window.document.document, moves)
    details = {"while generating": round(made, 1)}
    return [
        Row("longest_stall_ms", edited, "ms", "<= 100", details),
        Row("stroke_busy_p95_ms", p95(times), "ms", "<= 33", spread(times)),
    ]


def strokes_during_edits(bench: Bench, edited: Document, moves: int) -> list[float]:
    """Draw on another, larger document while edits of the first one run behind it."""
    window = bench.window
    turn_id = edited.history.current_id
    assert turn_id is not None
    bench.show(layered(2048))
    window.actions_table["brush_tool"].trigger()
    times: list[float] = []
    strokes = wave(bench, moves)
    for words in ("a dog in the snow", "a bear in the snow", "an owl in the snow", "a panda in the snow"):
        window.facade.submit(edit_request(edited, words, turn_id=turn_id), words)
        bench.wait(lambda: bool(window.jobs.running))
        while window.jobs.running and (places := next(strokes, None)):
            times += bench.stroke(places)
        window.facade.cancel_all()
        bench.wait(lambda: not window.jobs.running and not window.jobs.waiting)
    return times


def measure_pan(bench: Bench, moves: int) -> list[Row]:
    """Drags over the whole picture at several zooms, and the wheel in and out, tiles seen for the first time too."""
    bench.show(layered(8192))
    times: list[float] = []
    middle = QPointF(bench.canvas.width() / 2, bench.canvas.height() / 2)
    for zoom in (0.12, 0.25, 0.5, 1.0):
        start = bench.canvas.viewport.zoomed_to(zoom, (middle.x(), middle.y()))
        bench.timed(lambda start=start: (bench.canvas._moved(start), bench.canvas.update()))
        for way in (1, -1):
            count = moves // 8
            places = [middle + QPointF(way * 14 * step, way * 9 * step) for step in range(count + 1)]
            times += bench.stroke(places, Qt.MouseButton.MiddleButton)
    bench.canvas.fit()
    for notches in [1] * 12 + [-1] * 12:
        times.append(bench.timed(lambda notches=notches: bench.wheel(middle, notches)))
    return [Row("pan_8k_p95_ms", p95(times), "ms", "<= 33", spread(times))]


def measure_large(bench: Bench, _moves: int) -> list[Row]:
    """The longest stall while a picture of 8192x8192 is filled, selected, filled there and copied, each alone.

    What the recovery copy that follows such work stalls is told beside it.
    """
    side = 8192
    document = Document.new_from_picture(random_picture(np.random.default_rng(3), side))
    bench.show(document)
    window, toolbox = bench.window, bench.window.toolbox
    toolbox.fill.settings.set(tolerance=255)
    circle = [
        (side / 2 + 0.45 * side * np.cos(a), side / 2 + 0.45 * side * np.sin(a))
        for a in np.arange(0, 6.2, 0.02)
    ]
    lasso = LassoSelect(window.document, toolbox.selecting)

    def select() -> None:
        lasso.press(Pointer(*circle[0]))
        for point in circle[1:]:
            lasso.move(Pointer(*point))
        lasso.release(Pointer(*circle[-1]))

    operations = {
        "fill": lambda: toolbox.fill.press(Pointer(side / 2, side / 2)),
        "lasso": select,
        "fill_selection": window.actions_table["fill_selection"].trigger,
        "copy": window.actions_table["copy"].trigger,
        "recovery": window.recovery.keeper().keep,
    }
    heart, stalls, seconds = Heartbeat(), [], {}
    for name, operation in operations.items():
        bench.wait(lambda: window.recovery.at_rest)  # each is measured alone
        began = time.perf_counter()
        heart.start()
        operation()
        bench.wait(lambda: not window.document.working)
        bench.wait(lambda name=name: name != "recovery" or window.recovery.at_rest)
        bench.timed(bench.canvas.update)
        stalls.append(heart.stop())
        seconds[f"{name}_s"] = round(time.perf_counter() - began, 1)
    details = seconds | {f"{name}_ms": round(stall) for name, stall in zip(operations, stalls)}
    return [Row("large_stall_ms", max(stalls[:-1]), "ms", "<= 100", details)]


def measure_undo(bench: Bench, _moves: int) -> list[Row]:
    """What one step of a small stroke (24 pixels wide, 100 long) holds, the largest of many places."""
    side = 4096
    random = np.random.default_rng(2)
    document = Document(side, side)
    picture = Tiles.from_rgb(random_picture(random, side))
    document.execute(AddLayer(RasterLayer(name="Picture", id=document.picture_layer_id, tiles=picture)))
    colours = np.dstack([random_picture(random, side), np.full((side, side), 200, np.uint8)])
    document.execute(AddLayer(RasterLayer(name="Colours", tiles=Tiles.from_array(colours))))
    bench.show(document)
    bench.canvas.show_actual_size()
    bench.window.actions_table["brush_tool"].trigger()
    bench.window.toolbox.brush.settings.set(size=24)
    sizes = []
    for _ in range(20):
        x, y = (
            random.integers(150, bench.canvas.width() - 150),
            random.integers(50, bench.canvas.height() - 50),
        )
        bench.stroke([QPointF(x + 10 * step, y) for step in range(11)])
        command = document.undo_stack.next_undo
        assert command is not None
        sizes.append(command.nbytes / 2**20)
    return [Row("undo_mb", max(sizes), "MB", "<= 2", {"median": round(statistics.median(sizes), 3)})]


def measure_transform(bench: Bench, moves: int) -> list[Row]:
    """Frames while a layer of 4096x4096, between two others, is scaled, rotated, sheared and moved; and at 100 %."""
    document = layered(4096)
    bench.show(document)
    window, canvas = bench.window, bench.canvas
    window.layers.choose(next(layer.id for layer in document.layers if layer.name == "Colours"))
    began = time.perf_counter()
    bench.timed(window.actions_table["transform_tool"].trigger)
    lifting = (time.perf_counter() - began) * 1000
    floating, times, began = window.toolbox.floating, [], time.thread_time()
    for zoomed in (False, True):
        if zoomed:
            canvas.show_actual_size()
            bench.timed(canvas.update)
        view = canvas.viewport
        for share in ((1.0, 1.0), (0.5, 0.0), (0.7, 0.4), (1.3, 0.5)):  # scaled, one side, moved, rotated
            x, y = view.to_screen(*floating.placement.place_of(floating.box, share))
            places = [QPointF(x - step, y + step / 2) for step in range(1 + moves // 8)]
            times += bench.stroke(places)
    processor = (
        (time.thread_time() - began) * 1000 / len(times)
    )  # what a frame takes where others take the rest
    details = {"processor, mean": round(processor, 1), "lifting": round(lifting)}
    window.actions_table["pan_tool"].trigger()
    bench.wait(lambda: not window.document.working)
    return [Row("transform_4096_ms", p95(times), "ms", "<= 33", spread(times) | details)]


def made(bench: Bench, words: str, side: int) -> Document:
    """A picture that the default model makes, of which everything is in the cache."""
    window = bench.window
    bench.close_all()
    window.editing.generate(words, Sampling(seed=11), (side, side))
    bench.wait(lambda: window.document.turn is not None)
    assert window.document.document is not None
    window.document.document.undo_stack.mark_saved()
    bench.canvas.fit()
    bench.timed(bench.canvas.update)
    return window.document.document


def measure_live(bench: Bench, _moves: int) -> list[Row]:
    """Strokes that cover a twentieth of the picture, refined; at 256x256, other sizes beside it."""
    found = {side: live_strokes(bench, side) for side in (256, 384, 512)}
    details = {f"{side}": round(statistics.median(times), 2) for side, (times, *_) in found.items()}
    _, shares, processor = found[256]
    for part, width in (("2 %", 0.04), ("12 %", 0.25)):  # what it costs follows the stroke's size
        details[f"256, {part}"] = round(statistics.median(live_strokes(bench, 256, width)[0]), 2)
    details |= {
        "computed share": round(statistics.median(shares), 3),
        "processor": round(statistics.median(processor), 2),  # what it takes where others take the rest
    }
    return [Row("live_stroke_s", statistics.median(found[256][0]), "s", "<= 1.5", details)]


def live_strokes(bench: Bench, side: int, width: float = 0.1) -> tuple[list[float], list[float], list[float]]:
    """Of each stroke: its seconds, the share of the picture that is computed, the processor's seconds.

    width: of the brush, as a share of the picture's.
    """
    window, document = bench.window, made(bench, "a fox in the snow", side)
    window.actions_table["brush_tool"].trigger()
    window.actions_table["live"].setChecked(True)
    window.toolbox.brush.settings.set(size=side * width, hardness=0.9, flow=1.0, smoothing=0.0)
    window.toolbox.colours.set(foreground=(200, 40, 30))
    times, shares, processor = [], [], []
    for x, y in ((0.2, 0.2), (0.6, 0.35), (0.15, 0.5), (0.5, 0.7)):
        places = [
            QPointF(*bench.canvas.viewport.to_screen(side * (x + 0.042 * step), side * y))
            for step in range(11)
        ]
        bench.stroke(places)
        began, worked = time.perf_counter(), time.process_time()  # the pointer is up
        bench.wait(lambda: not window.live.is_busy and window.live.has_results, IDLE_MS)
        bench.timed(bench.canvas.update)
        times.append(time.perf_counter() - began)
        processor.append(time.process_time() - worked)
        mask = window.live.results[-1].mask
        assert mask is not None
        shares.append(float((mask > 0).mean()))
    window.actions_table["live"].setChecked(False)
    window.editing.discard()
    document.undo_stack.mark_saved()
    return times[1:], shares[1:], processor[1:]


def measure_object(bench: Bench, _moves: int) -> list[Row]:
    """Clicks on a fox with the object tool, from the click to the selection's outline."""
    window, document = bench.window, made(bench, "a fox in the snow", 256)
    window.actions_table["object_tool"].trigger()  # the network looks at the picture
    times = []
    for x, y in ((0.5, 0.75), (0.5, 0.6), (0.45, 0.7), (0.55, 0.7)):
        place = QPointF(*bench.canvas.viewport.to_screen(256 * x, 256 * y))
        before = document.selection
        bench.stroke([place])
        began = time.perf_counter()
        bench.wait(lambda before=before: document.selection is not before, IDLE_MS)
        bench.timed(bench.canvas.update)
        times.append(time.perf_counter() - began)
        document.execute(Select(None))
    document.undo_stack.mark_saved()
    return [Row("object_selection_s", statistics.median(times[1:]), "s", "<= 0.5", spread(times[1:]))]


def measure_tabs(bench: Bench, _moves: int) -> list[Row]:
    """From the key that shows another of ten tabs until canvas and docks are painted; and what the documents hold.

    Each has three layers of 2048x2048, four turns and fifty steps, and was seen before, as when it was opened.
    """
    window, documents = bench.window, bench.window.documents
    before = memory_mb()
    for number in range(TABS):
        window.files.adopt(worked_on(number))
        bench.timed(bench.canvas.update)
        bench.app.processEvents()
    bench.wait(lambda: window.recovery.at_rest)
    opened, times = memory_mb(), []
    for _ in range(4 * len(documents)):
        began = time.perf_counter()
        bench.timed(window.actions_table["next_tab"].trigger)
        bench.app.processEvents()
        times.append((time.perf_counter() - began) * 1000)
    held = {"all, opened": round(opened - before), "more, switched": round(memory_mb() - opened)}
    held["undo"] = round(sum(each.document.undo_stack.held for each in documents if each.document) / 2**20)
    return [
        Row("tabs_switch_ms", p95(times), "ms", "<= 100", spread(times)),
        Row("tabs_memory_mb", (memory_mb() - before) / TABS, "MB", None, held),
    ]


def worked_on(number: int) -> Document:
    """A layered document of turns and strokes."""
    random, side = np.random.default_rng(number), 2048
    document = layered(side)
    parent = None
    for name in range(4):
        image = random_picture(random, side)
        turn = Turn(prompt=f"picture {number}, turn {name}", image=image, parent=parent)
        document.execute(AcceptTurn(turn))
        parent = turn.id
    layer = next(layer for layer in document.layers.walk() if layer.name == "Colours")
    tiles = layer.tiles
    for step in range(50):
        x, y = random.integers(0, side - 64, 2)
        after = tiles.with_pixels(int(x), int(y), np.full((64, 64, 4), (step, number, 90, 255), np.uint8))
        document.execute(PaintStroke(layer.id, tiles, after))
        document.end_merging()
        tiles = after
    return document


def measure_start() -> list[Row]:
    """From the start of the process to the first painted window whose event loop runs; the middle of three."""
    times = []
    for _ in range(STARTS):
        with fresh_state() as environment:
            began = time.time()
            command = [sys.executable, __file__, "--start-child"]
            done = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=True
            )
        times.append(float(done.stdout.split()[-1]) - began)
    details = {"all": [round(value, 2) for value in times]}
    return [Row("start_s", statistics.median(times), "s", "<= 2.5", details)]


@contextmanager
def fresh_state() -> Iterator[dict[str, str]]:
    """The environment of a first start: nothing remembered."""
    with tempfile.TemporaryDirectory() as folder:
        kept = {f"PALIMPSEST_{name}_DIR": str(Path(folder) / name) for name in ("STATE", "CACHE", "CONFIG")}
        yield os.environ | kept | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}


def start_child() -> int:
    """The program as a user starts it; prints the time of the first paint and leaves."""
    import main
    from gui import app

    class Timed(MainWindow):
        def showEvent(self, event: QEvent) -> None:
            super().showEvent(event)
            watch = PaintWatch(self.workspace)
            tick = QTimer(self)
            tick.timeout.connect(lambda: watch.count and _leave())
            tick.start(1)

    app.MainWindow = Timed
    sys.argv = ["palimpsest"]
    return main.main()


def _leave() -> None:
    print(time.time(), flush=True)
    os._exit(0)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default=",".join(PARTS), help="some of: " + ", ".join(PARTS))
    parser.add_argument("--moves", type=int, default=400, help="of the pointer, for each figure")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--start-child", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.start_child:
        return start_child()
    chosen = arguments.only.split(",")
    with fresh_state() as environment:
        os.environ.update(environment)
        show(measure(chosen, arguments.moves), arguments.json)
        sys.stdout.flush()
    os._exit(0)  # the worker may be in the middle of a step


def measure(chosen: list[str], moves: int) -> list[Row]:
    rows = measure_start() if "start" in chosen else []
    parts = {
        "stroke": measure_idle,
        "undo": measure_undo,
        "pan": measure_pan,
        "large": measure_large,
        "transform": measure_transform,
        "live": measure_live,
        "object": measure_object,
        "tabs": measure_tabs,
        "busy": measure_busy,
    }
    wanted = [part for name, part in parts.items() if name in chosen]
    if not wanted:
        return rows
    app = QApplication(["palimpsest"])
    loop = QEventLoop(app)
    asyncio.events._set_running_loop(loop)  # coroutines of the window run while this waits for events
    bench = Bench(app)
    for part in wanted:
        rows += part(bench, moves)
    return rows


if __name__ == "__main__":
    sys.exit(main())
