"""Every way into the program, and every benchmark, sets up the process before the large libraries are loaded."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from editor_core.base import startup

ROOT = Path(__file__).resolve().parents[3]
BENCHMARKS = sorted((ROOT / "tests" / "benchmarks").glob("bench_*.py"))
NAMES = (*startup.ENVIRONMENT, *startup.OFFLINE)

# Ends the process at the first import of a large library, and tells what it would have found.
PROBE = """
import json, os, runpy, sys

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name in ("torch", "diffusers", "gui.app"):
            sys.stdout.write(json.dumps({n: os.environ.get(n) for n in NAMES}))
            sys.stdout.flush()
            os._exit(0)

sys.meta_path.insert(0, Watch())
sys.path.insert(0, os.path.dirname(SCRIPT))
sys.argv = [SCRIPT, *ARGUMENTS]
runpy.run_path(SCRIPT, run_name="__main__")
"""


def found_by(script, *arguments, **variables):
    """The environment that the first large library finds."""
    environment = {name: value for name, value in os.environ.items() if name not in NAMES} | variables
    code = f"SCRIPT, ARGUMENTS, NAMES = {str(script)!r}, {arguments!r}, {NAMES!r}\n{PROBE}"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0 and done.stdout, done.stderr
    return json.loads(done.stdout)


WANTED = startup.ENVIRONMENT | dict.fromkeys(startup.OFFLINE, "1")


@pytest.mark.parametrize("arguments", [["new", "a fox", "-o", os.devnull], []], ids=["command", "window"])
def test_the_program_sets_up_the_process_first(arguments, tmp_path):
    if arguments:
        arguments[-1] = str(tmp_path / "fox.palimpsest")
    assert found_by(ROOT / "main.py", *arguments) == WANTED


@pytest.mark.parametrize("benchmark", BENCHMARKS, ids=lambda path: path.stem)
def test_a_benchmark_measures_what_the_program_runs(benchmark):
    assert found_by(benchmark) == WANTED


def test_what_the_user_has_set_stays_but_for_the_network():
    found = found_by(ROOT / "main.py", OMP_WAIT_POLICY="ACTIVE", HF_HUB_OFFLINE="0")
    assert found["OMP_WAIT_POLICY"] == "ACTIVE" and found["HF_HUB_OFFLINE"] == "1"
