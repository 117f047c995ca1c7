"""Entry point: no arguments or a file opens the window; a command runs headless. Each loads only what it needs."""

import sys  # and nothing more up here, where Ctrl+C could not be caught


def main() -> int:
    arguments = sys.argv[1:]
    try:
        if (code := _headless(arguments)) is not None:
            return code
    except KeyboardInterrupt:  # before anything that could be stopped was begun, or after the last of it
        interrupts = sys.modules.get("editor_core.commands.interrupts")
        if interrupts is not None and interrupts.is_done():
            return 0
        sys.stderr.write("Stopped; nothing was changed.\n")
        return 1
    if arguments[:1] == ["selftest"]:
        from gui.selftest import main as selftest

        return selftest(arguments[1:])
    from gui.app import main as window

    return window(arguments)


def _headless(arguments: list[str]) -> int | None:
    """The exit code of a command; None where the window is wanted."""
    import multiprocessing

    multiprocessing.freeze_support()  # first of all, or a frozen program starts itself for ever
    from editor_core.base import startup

    startup.prepare()
    if arguments[:1] == ["selftest"]:
        return None
    from editor_core.commands import entry

    if entry.is_command(arguments):
        return entry.run(arguments)
    return None if entry.has_display() else entry.demo_without_display(arguments)


if __name__ == "__main__":
    sys.exit(main())
