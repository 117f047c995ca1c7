import subprocess
import sys

import pytest

from editor_core.base import paths
from editor_core.models import available
from editor_core.models.available import available_models
from support.tiny_models import tiny_folder


def test_the_shipped_model_comes_first_and_folders_follow(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "default_model", lambda: tiny_folder("default"))
    folders = [str(tiny_folder("sd2")), str(tmp_path / "gone")]
    shipped, added, broken = available_models(folders)
    assert (shipped.source, shipped.name, shipped.size, shipped.problem) == (
        "default",
        "Tiny",
        (128, 128),
        None,
    )
    assert (added.source, added.name, added.folder) == (folders[0], "sd2", folders[0])
    assert (
        str(broken.problem) == f"The model folder “{tmp_path / 'gone'}” does not exist."
        and broken.size is None
    )


def test_a_missing_shipped_model_is_listed_with_its_problem(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "default_model", lambda: tmp_path / "none")
    (shipped,) = available_models()
    assert "missing" in str(shipped.problem)


@pytest.mark.parametrize(
    "fault", [ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError, OSError]
)
def test_a_damaged_folder_hides_no_other(monkeypatch, fault):
    inspect = available.inspect_model

    def damaged(path):
        if "damaged" in path.name:
            raise fault("somewhere deep")
        return inspect(path)

    monkeypatch.setattr(available, "inspect_model", damaged)
    shipped, broken, added = available_models(["/somewhere/damaged", str(tiny_folder("sd1"))])
    assert shipped.problem == added.problem is None and broken.size is None
    assert str(broken.problem) == "The model is damaged: its files are not what they should be."


@pytest.mark.parametrize(
    "module", ["available", "load", "bundle", "folder_layout", "single_file", "fingerprint", "progress"]
)
def test_listing_models_loads_no_networks(module):
    code = f"""
import sys
import editor_core.models.{module}
from editor_core.models.available import available_models
assert available_models([{str(tiny_folder("sd1"))!r}])[1].problem is None
print(sorted({{"torch", "diffusers", "transformers", "numpy"}} & sys.modules.keys()))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
