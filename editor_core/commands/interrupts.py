"""Ctrl+C: once is enough, it never comes between a finished file and the word that it is finished.

What comes after the last of that, such as writing the cache, may be stopped, too, but then the command is done.
"""

import _thread
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
]
SAME_WISH = (
    2.0  # seconds: a signal this soon after another asks for nothing new, and must not stop the tidying up
)

_SOON = 0.05  # seconds


class _State:
    held = 0  # blocks that are not to be left in the middle
    pending = False
    done = False
    last = float("-inf")


def install() -> None:
    """From here on a signal to stop is a KeyboardInterrupt in the main thread, which calls this."""
    _State.pending, _State.last = False, float("-inf")
    begin()
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup, or a shell's background job
            signal.signal(number, _on_signal)
    sys.unraisablehook = _raise_again


def ignore() -> None:
    """Nothing is left to be stopped: the process ends."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def held() -> Iterator[None]:
    """A block that a signal does not leave in the middle: it is remembered for ``check``."""
    _State.held += 1
    try:
        yield
    finally:
        _State.held -= 1


@contextmanager
def finishing(whole: bool = True) -> Iterator[None]:
    """The last of a command's work, and the word of it: a held block after which there is nothing left to be stopped.

    ``whole``: False for what goes to a pipe, which somebody may never read to its end.
    """
    if not whole:
        yield
        return
    with held():
        yield
        _State.done = True


def begin() -> None:
    """There is work to be done, and so to be stopped."""
    _State.done = False


def is_done() -> bool:
    """Whether all that the command was asked for is done and told."""
    return _State.done


def check() -> None:
    """Raises KeyboardInterrupt if a signal came during a held block."""
    if _State.pending:
        _State.pending = False
        raise KeyboardInterrupt


def _on_signal(number: int, frame: FrameType | None) -> None:
    now = time.monotonic()
    if _State.held:
        _State.pending = True
    elif now - _State.last > SAME_WISH:
        _State.last = now
        raise KeyboardInterrupt


def _raise_again(fault: "sys.UnraisableHookArgs") -> None:
    """A stop that fell into code where nothing can be raised, such as a finalizer, comes once more."""
    if fault.exc_type is KeyboardInterrupt:
        _State.last = float("-inf")
        _thread.start_new_thread(_interrupt_soon, ())  # from this hook nothing can be raised either
    else:
        sys.__unraisablehook__(fault)


def _interrupt_soon() -> None:
    threading.Event().wait(_SOON)
    if hasattr(signal, "pthread_kill"):  # which also ends a wait of the main thread
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()
