"""From a source tree, the program's modules are found at its root; installed, they lie in this package."""

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parents[2]


def prepare() -> None:
    """Call before importing a module of the program's."""
    if not (_HERE / "program").is_dir() and str(_ROOT) not in sys.path:
        sys.path.insert(0, str(_ROOT))
