"""A slice of the campaign with Ctrl+C at every moment of every command (tests/campaign/stops.py)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support import faults

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """
import json, sys
from pathlib import Path
sys.path[:0] = {paths!r}
from campaign.report import fresh
from support.faults import Faults
from support.interrupted_work import Stopped
folder = Path({folder!r})
library, found = Faults(folder), dict()
for kind in ("export", "copy", "photoshop"):
    Stopped(kind, fresh(folder), folder).calls(library)
    calls = Stopped(kind, fresh(folder), folder).calls(library)
    for nth in range(1, calls + 1, calls // 8):
        for name in Stopped(kind, fresh(folder), folder).at(library, nth):
            found[name] = found.get(name, 0) + 1
print(json.dumps(found))
"""


@pytest.mark.skipif(not faults.can_be_had(), reason="wants Linux and a C compiler")
def test_stopped_at_any_call_a_command_leaves_old_or_new_whole(tmp_path: Path):
    library = faults.built(tmp_path)
    script = SCRIPT.format(paths=[str(ROOT), str(ROOT / "tests")], folder=str(tmp_path / "work"))
    environment = faults.environment(library)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["stopped"] >= 12 and sum(found.values()) >= 24
