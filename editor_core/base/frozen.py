"""What a program built by PyInstaller puts right before anything else."""

import os
import sys

_LIBRARY_PATHS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def is_frozen() -> bool:
    return bool(getattr(sys, "frozen", False))


def prepare() -> None:
    """Streams where a windowed program has none, and the user's own library path for the programs we start."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # Windows, without a console: libraries print all the same
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    for name in _LIBRARY_PATHS:
        restore_variable(name)


def restore_variable(name: str) -> None:
    """Undo what the boot loader did to a variable; this process has read it, a file manager must not inherit it."""
    if is_frozen():
        before = os.environ.pop(f"{name}_ORIG", None)
        if before is not None:
            os.environ[name] = before
        else:
            os.environ.pop(name, None)
