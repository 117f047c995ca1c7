"""Pillow's own guards against huge pictures and texts, at our limits while we read and as they were afterwards.

They are globals of Pillow's, which belongs to the whole process: a Python program that uses ours keeps its own.
"""

import functools
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import ParamSpec, TypeVar

from PIL import Image, PngImagePlugin

from editor_core.base.limits import MAX_NOTE_BYTES, MAX_PIXELS

P = ParamSpec("P")
R = TypeVar("R")

_OURS = (
    (Image, "MAX_IMAGE_PIXELS", MAX_PIXELS),
    (PngImagePlugin, "MAX_TEXT_CHUNK", MAX_NOTE_BYTES),  # of a profile or a text, unpacked
    (PngImagePlugin, "MAX_TEXT_MEMORY", 4 * MAX_NOTE_BYTES),  # of all texts
)


class _Limits(AbstractContextManager[None]):
    """Set by the first thread that comes in, put back by the last that leaves."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._before: list[object] = []

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._before = [getattr(module, name) for module, name, _ in _OURS]
                for module, name, value in _OURS:
                    setattr(module, name, value)
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                for (module, name, _value), before in zip(_OURS, self._before, strict=True):
                    setattr(module, name, before)


_limits = _Limits()


def within_our_limits(function: Callable[P, R]) -> Callable[P, R]:
    """A function that reads pictures with Pillow."""

    @functools.wraps(function)
    def guarded(*arguments: P.args, **named: P.kwargs) -> R:
        with _limits:
            return function(*arguments, **named)

    return guarded
