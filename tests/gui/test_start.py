"""The whole program in a process of its own: Qt's plugins, many signals, the start and the end."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QTimer

from editor_core.base.settings import Settings
from gui.shell.main_window import MainWindow
from gui.worker.facade import EngineFacade

ROOT = Path(__file__).resolve().parents[2]


def python(code, *, platform="offscreen", prefix=(), **variables):
    environment = {**os.environ, "QT_QPA_PLATFORM": platform, **variables}
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    environment["PYTHONPATH"] = paths
    return subprocess.run(
        [*prefix, sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60
    )


def test_twenty_thousand_signals_of_a_bool():
    """PySide6 6.12.0 drops a reference to True with each of them and ends the interpreter after some 570."""
    code = """
from PySide6.QtCore import QObject, Signal
class Sender(QObject):
    sent = Signal(bool)
got = []
sender = Sender()
sender.sent.connect(got.append)
for i in range(20_000):
    sender.sent.emit(i % 2 == 0)
print(sum(got), len(got))
"""
    done = python(code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["10000", "20000"]


REAL_WINDOW = """
from editor_core.pixels.opencv import cv2
import sys, asyncio, qasync, PySide6
from pathlib import Path
from PySide6.QtCore import QLibraryInfo
from PySide6.QtWidgets import QApplication
from editor_core.base.settings import Settings
from gui.shell.main_window import MainWindow
from gui.look.theme import Theme
from gui.worker.facade import EngineFacade
from support.fake_session import FakeSession
app = QApplication([])
assert app.platformName() == "xcb", app.platformName()
plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
assert plugins.is_relative_to(Path(PySide6.__file__).parent), plugins
maps = Path("/proc/self/maps").read_text()
loaded = {line.split()[-1] for line in maps.splitlines() if "libqxcb" in line or "libQt" in line}
assert loaded and not [name for name in loaded if "cv2" in name], loaded
app.setQuitOnLastWindowClosed(False)
loop = qasync.QEventLoop(app)
window = MainWindow(EngineFacade(FakeSession), Theme(app, "dark"), Settings())
async def use():
    async def until(condition):
        while not condition():
            await asyncio.sleep(0.005)
    window.begin()
    await until(window.prompt.form.isEnabled)
    window.welcome.sentence_chosen.emit("a fox on snow")
    await until(lambda: window.document.turn is not None)
    seen = window.grab().toImage()
    letters = {seen.pixelColor(x, 14).name() for x in range(10, 300)}
    assert len(letters) > 5, "the menu shows no letters"
    window._may_close = True
    window.close()
with loop:
    loop.run_until_complete(use())
assert window.facade.wait(2000)
print("done")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="X11 is for Linux")
@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="needs xvfb-run")
def test_a_real_window_uses_pyside_plugins_though_cv2_came_first():
    prefix = ("xvfb-run", "-a", "-s", "-screen 0 1366x768x24")
    done = python(REAL_WINDOW, platform="xcb", prefix=prefix)
    assert done.returncode == 0 and "done" in done.stdout, done.stderr
    assert "cv2/qt" not in done.stderr


def test_the_window_imports_nothing_heavy():
    late = (
        "torch", "diffusers", "cv2", "httpx2", "huggingface_hub", "urllib.request", "email.message", "psutil", "typer",
        "gui.dialogs.settings", "gui.dialogs.models", "editor_core.remote.worker", "editor_core.models.layout",
        "editor_core.project.gimp",
    )  # fmt: skip
    code = f"import sys, main; main._headless([]); import gui.app; print([m for m in {late} if m in sys.modules])"
    done = python(code)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_the_worker_starts_when_the_window_has_been_painted(qtbot, session, theme):
    window = MainWindow(EngineFacade(lambda: session), theme, Settings(theme="dark"))
    qtbot.addWidget(window, before_close_func=lambda window: setattr(window, "_may_close", True))
    told, start = [], window.facade.start
    window.workspace.installEventFilter(painted := Painted(window))
    window.facade.start = lambda: (told.append(painted.count), start())
    window.begin()
    qtbot.waitUntil(window.prompt.form.isEnabled)
    assert len(told) == 1 and told[0] > 0
    window.close()
    assert window.facade.wait(2000)


class Painted(QObject):
    """How often a widget was painted."""

    count = 0

    def eventFilter(self, watched, event):
        self.count += event.type() == QEvent.Type.Paint
        return False


APP = """
import sys, threading
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import gui.app
from support.fake_session import FakeSession
session = FakeSession()
session.gate.clear()
gui.app.open_session = lambda settings: session
def quit_soon():
    window = next(w for w in QApplication.topLevelWidgets() if w.objectName() == "main")
    if not window.prompt.form.isEnabled() or window.jobs.running is None:
        if window.prompt.form.isEnabled() and not window.editing.busy:
            window.prompt.use_words("a fox"); window.prompt.run()
        QTimer.singleShot(10, quit_soon)
        return
    assert sys.excepthook is not sys.__excepthook__
    assert abs(sys.getswitchinterval() - gui.app.SWITCH_S) < 1e-6
    window.close()
begin = gui.app.MainWindow.begin
def begin_and_quit(window, path):
    begin(window, path)
    quit_soon()
gui.app.MainWindow.begin = begin_and_quit
code = gui.app.main([])
print("code", code, session.closed)
"""


def test_the_program_starts_and_ends_while_a_job_runs(tmp_path):
    done = python(APP, PALIMPSEST_STATE_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "code 0 True" in done.stdout
    assert "Destroyed" not in done.stderr and "pending" not in done.stderr, done.stderr
    assert (tmp_path / "window.json").exists()


STUBBORN = APP.replace(
    "gui.app.open_session = lambda settings: session",
    "session._wait = lambda cancel: threading.Event().wait()\ngui.app.open_session = lambda settings: session",
)


def test_a_worker_that_does_not_stop_is_not_waited_for():
    done = python(STUBBORN)
    assert done.returncode == 0, done.stderr
    assert "Destroyed" not in done.stderr


def test_a_closed_window_leaves_no_thread_and_no_timer(qapp, qtbot, session, theme):
    facade = EngineFacade(lambda: session)
    window = MainWindow(facade, theme, Settings(theme="dark"))
    window.begin()
    qtbot.waitUntil(window.prompt.form.isEnabled)
    window.prompt.use_words("a fox on snow")
    window.prompt.run()
    qtbot.waitUntil(lambda: window.document.turn is not None)
    window.actions_table["select_all"].trigger()
    timers = [timer for timer in window.findChildren(QTimer) if timer.isActive()]
    assert timers  # the outline of the selection marches, copies for recovery are due
    window._may_close = True
    window.close()
    assert facade.wait(2000)
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in window.findChildren(QTimer)))
    window.deleteLater()


SAFE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import gui.app
from support.fake_session import FakeSession
asked = []
gui.app.open_session = lambda settings: asked.append(settings) or FakeSession()
def quit_soon(window):
    if not window.prompt.form.isEnabled():
        QTimer.singleShot(10, lambda: quit_soon(window))
        return
    print(asked[0].device, asked[0].disk_cache_mb, window.messages.sentence)
    if DIES:
        import os
        os._exit(9)
    window.close()
begin = gui.app.MainWindow.begin
def begin_and_quit(window, path):
    begin(window, path)
    quit_soon(window)
gui.app.MainWindow.begin = begin_and_quit
gui.app.main(ARGUMENTS)
"""


def test_two_starts_that_died_are_followed_by_a_safe_one(tmp_path):
    (tmp_path / "settings.toml").write_text('device = "auto"\ndisk_cache_mb = 77\n')
    folders = {"PALIMPSEST_STATE_DIR": str(tmp_path), "PALIMPSEST_CONFIG_DIR": str(tmp_path)}

    def started(*arguments, dies=False):
        done = python(f"ARGUMENTS, DIES = {list(arguments)}, {dies}\n{SAFE}", **folders)
        return done.stdout.strip() or done.stderr

    assert [started(dies=True) for _ in range(2)] == ["auto 77"] * 2
    assert started().startswith("cpu 0 Palimpsest failed to start twice")
    assert started() == "auto 77", "a safe start that worked is a start"
    assert started("--safe").startswith("cpu 0 Safe mode")
    assert "77" in (tmp_path / "settings.toml").read_text()
