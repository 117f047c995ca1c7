"""An installation takes one name, and the program runs from there."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The modules as a wheel has them."""
    place = tmp_path_factory.mktemp("site-packages")
    command = [sys.executable, "setup.py", "--quiet", "build_py", "--build-lib", str(place)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return place


def test_there_is_one_top_level_package_with_every_module(installed):
    assert [path.name for path in installed.iterdir()] == ["palimpsest"]
    program = installed / "palimpsest" / "program"
    listed = subprocess.run(
        ["git", "ls-files", "main.py", "gui", "editor_core", "cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    wanted = {name for name in listed.stdout.splitlines() if name.endswith(".py") and (ROOT / name).exists()}
    assert wanted <= {path.relative_to(program).as_posix() for path in program.rglob("*.py")}


@pytest.mark.parametrize("how", [["-m", "palimpsest"], ["-c", "import palimpsest.__main__ as p; p.main()"]])
def test_the_program_runs_from_there(installed, how):
    command = [sys.executable, *how, "--version"]
    done = subprocess.run(command, cwd=installed, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    probe = (
        "import sys, palimpsest.__main__ as p; sys.argv[1:] = ['models']; p.main()\n"
        "import editor_core; sys.stderr.write(editor_core.__file__)"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=installed, capture_output=True, text=True)
    assert done.stderr.startswith(str(installed / "palimpsest" / "program")), done.stderr


def test_the_command_is_the_packages(installed):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, function = project["scripts"]["palimpsest"].partition(":")
    assert (module, function) == ("palimpsest.__main__", "main")
    assert (installed / "palimpsest" / "__main__.py").is_file()


def test_from_the_source_tree_the_same_file_starts_the_tree():
    done = subprocess.run(
        [sys.executable, ROOT / "packaging" / "wheel" / "__main__.py", "--version"],
        cwd=ROOT / "resources", capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.startswith("palimpsest ")
