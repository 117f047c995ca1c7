"""``python -m palimpsest`` and the installed command ``palimpsest``."""

import sys
from pathlib import Path

if __package__ in (None, ""):  # started as a file of the source tree
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from palimpsest import _tree


def main() -> int:
    _tree.prepare()
    from main import main as program

    return program()


if __name__ == "__main__":
    sys.exit(main())
