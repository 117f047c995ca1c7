"""``python -m palimpsest`` and the installed command ``palimpsest``."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
INSTALLED = os.path.join(HERE, "program")
PROGRAM = (
    INSTALLED if os.path.isdir(INSTALLED) else os.path.dirname(os.path.dirname(HERE))
)  # else the source tree


def main() -> int:
    sys.path.insert(0, PROGRAM)
    from main import main as program

    return program()


if __name__ == "__main__":
    sys.exit(main())
