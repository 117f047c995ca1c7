"""The arrows between the packages hold, and headless commands stay light."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_import_contracts_hold():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("arguments", [["--help"], ["edit", "--help"], ["--version"]])
def test_help_loads_neither_torch_nor_qt(arguments):
    probe = (
        "import sys, runpy\n"
        f"sys.argv = ['main.py', *{arguments!r}]\n"
        "try:\n    runpy.run_path('main.py', run_name='__main__')\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "heavy = [m for m in ('torch', 'PySide6', 'diffusers', 'transformers', 'cv2') if m in sys.modules]\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_headless_models_loads_no_qt():
    probe = (
        "import sys, runpy\n"
        "sys.argv = ['main.py', 'models', '--json']\n"
        "try:\n    runpy.run_path('main.py', run_name='__main__')\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "sys.exit('loaded Qt' if any(m.startswith('PySide6') for m in sys.modules) else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("folder", ["packaging", "tests"])
def test_no_package_marker_hides_another_package(folder):
    """``packaging/__init__.py`` would hide PyPI's packaging; one in tests/ would hide our own packages."""
    markers = {path.parent.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("__init__.py")}
    assert markers <= {"packaging/wheel/palimpsest"}  # which is called palimpsest where it is installed


def test_version_is_one_number():
    import tomllib

    from editor_core import __version__

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__
