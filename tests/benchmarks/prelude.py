"""Imported before anything else by every benchmark: our packages are found, and torch starts as in the program."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
sys.path.append(str(ROOT / "tests"))  # for the tiny models
sys.path.append(str(ROOT / "packaging" / "default_model"))  # for scenes with their truth, and the judge

from editor_core.base import startup  # noqa: E402

startup.prepare()
