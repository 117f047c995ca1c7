"""Warnings, faults of threads and crashes are written down where the artist can find them."""

import os
import subprocess
import sys
from pathlib import Path

from editor_core.base import logs

ROOT = Path(__file__).resolve().parents[3]


def run(state, code):
    environment = {**os.environ, "PALIMPSEST_STATE_DIR": str(state), "PYTHONPATH": str(ROOT)}
    code = f"import logging, threading\nfrom editor_core.base import logs\nlogs.keep()\n{code}"
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)


def test_a_crash_is_reported_and_told_at_the_next_start(tmp_path):
    assert run(tmp_path, "import faulthandler; faulthandler._sigsegv()").returncode != 0
    assert "Segmentation fault" in (tmp_path / "logs" / "crash.log").read_text()
    assert run(tmp_path, "").returncode == 0
    assert (tmp_path / "logs" / "crash.log").read_text() == ""
    assert "Segmentation fault" in (tmp_path / "logs" / "crash.log.1").read_text()
    assert "crashed before" in (tmp_path / "logs" / "palimpsest.log").read_text()


def test_a_fault_in_a_thread_is_written_with_the_version(tmp_path):
    code = "t = threading.Thread(target=lambda: 1 / 0, name='saver'); t.start(); t.join()"
    assert "ZeroDivisionError" in run(tmp_path, code).stderr
    told = (tmp_path / "logs" / "palimpsest.log").read_text()
    assert "Fault in thread saver" in told and "ZeroDivisionError" in told and logs.__version__ in told


def test_a_quiet_run_leaves_no_log(tmp_path):
    assert run(tmp_path, "").returncode == 0
    assert not (tmp_path / "logs" / "palimpsest.log").exists()


def test_a_home_that_cannot_be_written_does_not_stop_the_program(tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert run(tmp_path / "file", "logging.getLogger('x').warning('hello')").returncode == 0


def test_old_reports_move_up_and_the_oldest_goes(tmp_path):
    file = tmp_path / "crash.log"
    for number in range(6):
        file.write_text(f"crash {number}")
        assert logs.rotate(file) == tmp_path / "crash.log.1"
    kept = sorted((path.name, path.read_text()) for path in tmp_path.iterdir())
    assert kept == [("crash.log.1", "crash 5"), ("crash.log.2", "crash 4"), ("crash.log.3", "crash 3")]
    file.write_text("")
    assert logs.rotate(file) is None
