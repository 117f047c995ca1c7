"""The About dialog, the way to the log folder, a file handed over by the system, and the program's self-test."""

import json
import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QTabWidget

from editor_core import __version__
from editor_core.base import paths
from gui.dialogs.about import AboutDialog, LicencesPage, components
from support.tiny_models import tiny_folder

ROOT = Path(__file__).resolve().parents[3]


def test_about_tells_version_and_thanks(window, qtbot):
    window.actions_table["about"].trigger()
    dialog = window.findChild(AboutDialog)
    assert dialog.isVisible()
    assert any(__version__ in label.text() for label in dialog.findChildren(QLabel))
    assert "PyTorch" in dialog.findChild(QTabWidget).widget(0).toPlainText()
    dialog.close()


def test_the_licence_of_the_chosen_library_is_shown(qtbot, theme, tmp_path):
    rows = []
    for name in ("numpy", "torch"):
        (tmp_path / name).write_text(f"the licence of {name}")
        rows.append({"name": name, "version": "1.0", "licence": "BSD-3-Clause", "files": [name]})
    (tmp_path / "components.json").write_text(json.dumps(rows))
    page = LicencesPage(components(tmp_path))
    qtbot.addWidget(page)
    assert "the licence of numpy" in page.text.toPlainText()
    page.names.setCurrentRow(1)
    assert "the licence of torch" in page.text.toPlainText()


def test_a_source_tree_has_no_list_of_components():
    assert components(paths.resources() / "licenses") == []


def test_the_log_folder_is_opened(window, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    window.actions_table["show_logs"].trigger()
    assert [Path(url.toLocalFile()) for url in opened] == [paths.log_folder()]
    assert paths.log_folder().is_dir()


FILE_EVENT = """
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFileOpenEvent
from gui.app import Application
app = Application([])
asked = []
app.file_asked.connect(asked.append)
QCoreApplication.sendEvent(app, QFileOpenEvent("/tmp/a fox.palimpsest"))
assert asked == [Path("/tmp/a fox.palimpsest")], asked
"""


def python(code, **variables):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", **variables}
    return subprocess.run([sys.executable, *code], env=environment, cwd=ROOT, capture_output=True, text=True)


def test_a_file_handed_over_by_macos_is_opened():
    done = python(["-c", FILE_EVENT])
    assert done.returncode == 0, done.stderr


def test_the_selftest_does_the_main_job_in_a_folder_of_its_own(tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text(f"model = {json.dumps(str(tiny_folder('default')))}\n")
    done = python(
        ["main.py", "selftest", str(tmp_path)],
        **{f"PALIMPSEST_{name}_DIR": str(tmp_path / name.lower()) for name in ("CONFIG", "CACHE", "STATE")},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    steps = [json.loads(line)["step"] for line in done.stdout.splitlines()]
    assert steps == ["window", "model", "picture", "reword", "save", "reopen", "cancel"]


def test_a_failed_selftest_says_what_failed(tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text('model = "/nowhere"\n')
    done = python(
        ["main.py", "selftest", str(tmp_path)],
        **{f"PALIMPSEST_{name}_DIR": str(tmp_path / name.lower()) for name in ("CONFIG", "CACHE", "STATE")},
    )
    assert done.returncode == 1
    assert json.loads(done.stdout.splitlines()[-1])["step"] == "failed"
