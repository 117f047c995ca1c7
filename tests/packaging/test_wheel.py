"""An installation takes one name, and the program runs from there."""

import runpy
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
        "ours = {name.split('.')[0] for name in sys.modules} & {'editor_core', 'cache', 'gui', 'main'}\n"
        "sys.exit(f'takes {ours}' if ours else 0)"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=installed, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_api_is_importable_beside_other_packages_of_our_names(installed, tmp_path):
    """An environment may have a package called ``cache`` already; ours must not be taken for it, nor it for ours."""
    (tmp_path / "cache.py").write_text("mine = True\n")
    probe = (
        f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(installed)!r}]; sys.modules['PySide6'] = None\n"
        "import cache\nfrom palimpsest import api\n"
        "assert cache.mine and api.Editor.__module__.startswith('palimpsest.program.editor_core.api'), api.Editor\n"
        "assert {'editor_core', 'gui', 'main'}.isdisjoint(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_names_are_put_in_only_where_modules_are_imported():
    with_one_name = runpy.run_path(str(ROOT / "setup.py"))["with_one_name"]
    source = (
        'from cache.key import (\n    X,\n)\nfrom cachetools import LRUCache\nx = "from cache.key import X"\n'
    )
    assert with_one_name(source) == source.replace(
        "from cache.key import (", "from palimpsest.program.cache.key import ("
    )
    with pytest.raises(SyntaxError, match="line 1"):
        with_one_name("import cache\n")


def test_the_command_is_the_packages(installed):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, function = project["scripts"]["palimpsest"].partition(":")
    assert (module, function) == ("palimpsest.__main__", "main")
    assert (installed / "palimpsest" / "__main__.py").is_file()


def test_from_the_source_tree_the_same_file_starts_the_tree():
    done = subprocess.run(
        [sys.executable, ROOT / "packaging" / "wheel" / "palimpsest" / "__main__.py", "--version"],
        cwd=ROOT / "resources", capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.startswith("palimpsest ")
