"""Entry point: no arguments or a file opens the window; a command runs headless. Each loads only what it needs."""

import multiprocessing
import sys


def main() -> int:
    multiprocessing.freeze_support()  # first of all, or a frozen program starts itself for ever
    from editor_core.base import startup

    startup.prepare()
    if sys.argv[1:2] == ["selftest"]:
        from gui.selftest import main as selftest

        return selftest(sys.argv[2:])
    from editor_core import cli

    if cli.is_command(sys.argv[1:]):
        return cli.main(sys.argv[1:])
    if not cli.has_display():
        return cli.demo_without_display(sys.argv[1:])
    from gui.app import main as window

    return window(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
