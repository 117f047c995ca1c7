"""A save that fails, or is killed, leaves a whole file."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from editor_core.project.project_file import (
    load_project,
)
from support.documents import contents

SAVE_AGAIN = """
import sys
from pathlib import Path
from types import MappingProxyType
sys.path[:0] = {paths!r}
from editor_core.project.project_file import load_project, save_project
path = Path({path!r})
document = load_project(path)
print("ready", flush=True)
while True:
    save_project(document, path)
    print("saved", flush=True)
"""


def test_killing_the_process_during_a_save_leaves_a_whole_file(saved: Path, tmp_path: Path):
    path = tmp_path / "demo.palimpsest"
    path.write_bytes(saved.read_bytes())
    expected = contents(load_project(path))
    script = SAVE_AGAIN.format(paths=[str(Path.cwd())], path=str(path))
    random = np.random.default_rng(0)
    for _ in range(6):
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None and process.stdout.readline() == b"ready\n"
            for _ in range(random.integers(0, 4)):
                process.stdout.readline()
            try:
                process.wait(timeout=float(random.uniform(0, 0.03)))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        assert contents(load_project(path)) == expected
        backup = tmp_path / "demo.palimpsest.bak"
        assert not backup.exists() or contents(load_project(backup)) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX systems")
def test_a_disk_that_takes_no_more_leaves_the_old_file(saved: Path, tmp_path: Path):
    path = tmp_path / "demo.palimpsest"
    path.write_bytes(saved.read_bytes())
    script = f"""
import resource, sys
from pathlib import Path
from types import MappingProxyType
sys.path.insert(0, {str(Path.cwd())!r})
from editor_core.base.errors import ProjectError
from editor_core.project.project_file import load_project, save_project
path = Path({str(path)!r})
document = load_project(path)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    save_project(document, path)
except ProjectError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert "“demo.palimpsest” was not saved: the file is too large for the disk." in done.stdout, done.stderr
    assert not done.stderr
    assert path.read_bytes() == saved.read_bytes() and os.listdir(tmp_path) == ["demo.palimpsest"]
