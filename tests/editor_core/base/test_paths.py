"""Resources are found in a source tree, in a wheel's installation and in a bundle; user data elsewhere."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from editor_core.base import paths

ROOT = Path(__file__).resolve().parents[3]


def test_a_source_tree_has_them_beside_the_packages():
    assert paths.resources() == ROOT / "resources"
    assert (paths.default_model() / "unet" / "config.json").is_file()


def test_a_bundle_has_them_where_the_boot_loader_says(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.resources() == tmp_path / "resources"


@pytest.mark.parametrize(
    "packages",
    ["lib/python3.12/site-packages", "Lib/site-packages", "local/lib/python3.11/dist-packages", ""],
    ids=["venv", "windows", "debian", "target"],
)
def test_a_wheel_has_them_below_the_prefix_of_its_packages(tmp_path, packages):
    share = tmp_path / "share" / "palimpsest" / "resources"
    share.mkdir(parents=True)
    (tmp_path / packages / "resources").mkdir(parents=True)  # of some other library, carelessly named
    assert paths._resources_of(tmp_path / packages / "editor_core" / "paths.py") == share


def test_the_wheel_carries_every_resource_the_program_reads():
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["data-files"]
    carried = set()
    for target, patterns in table.items():
        for pattern in patterns:
            for file in ROOT.glob(pattern):
                if file.is_file():
                    assert f"{target}/{file.name}" == f"share/palimpsest/{file.relative_to(ROOT).as_posix()}"
                    carried.add(file)
    listed = subprocess.run(["git", "ls-files", "resources"], cwd=ROOT, capture_output=True, text=True).stdout
    wanted = {
        ROOT / name
        for name in listed.splitlines()
        if not name.startswith("resources/screenshots") and not name.endswith(".ts")  # made into .xz
    }
    assert wanted <= carried, sorted(wanted - carried)


def test_user_data_are_never_beside_the_program(monkeypatch):
    for variable in ("CONFIG", "CACHE", "STATE"):
        monkeypatch.delenv(f"PALIMPSEST_{variable}_DIR")
    for folder in (
        paths.settings_file().parent,
        paths.cache_folder(),
        paths.state_folder(),
        paths.log_folder(),
    ):
        assert folder.is_absolute() and not folder.is_relative_to(ROOT)
        assert "palimpsest" in folder.parts
