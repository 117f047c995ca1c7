"""The pages build without a warning, and the reference has every public name."""

import os
import subprocess
import sys
from pathlib import Path

from editor_core import api

ROOT = Path(__file__).resolve().parents[2]


def test_the_pages_build_and_the_reference_is_whole(tmp_path):
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=quiet)
    assert done.returncode == 0, done.stderr + done.stdout
    page = (tmp_path / "api.html").read_text(encoding="utf-8")
    classes = {name for name in api.__all__ if isinstance(getattr(api, name), type)}
    elsewhere = {"EditorError", "JobCancelled", "NothingToChangeError", "LoraChoice"}
    for name in classes - elsewhere:
        assert f'{name}"' in page, name
    for method in (name for name in vars(api.Editor) if not name.startswith("_")):
        assert f"editor_core.api.Editor.{method}" in page, method
