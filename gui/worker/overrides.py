"""What we put in the place of Qt's own methods is called by Qt, which cannot carry a Python exception on.

An exception in such a method (a paint, an event, what a model says) could end the process. So every one of them, in
every class of the window, is guarded as soon as its class is made: what it raises goes to the exception hook, as from
a slot, and Qt gets its own method's answer, or an empty one. Each fault is told once: a paint would repeat it for ever.
"""

import functools
import inspect
import logging
import sys
import types
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QCloseEvent
from shiboken6 import Shiboken

PACKAGE = "gui."
_QT = ("PySide6.", "shiboken6.", "Shiboken")
GUARDED = "__guarded__"

log = logging.getLogger(__name__)

Method = Callable[..., Any]

_told: set[tuple[str, type[BaseException], int]] = set()


def install() -> None:
    """Guard the overrides of every class of the window that is made from now on."""

    def guard(cls: type[Shiboken.Object], **named: Any) -> None:
        super(Shiboken.Object, cls).__init_subclass__(**named)  # other bases, as Generic, have theirs
        if cls.__module__.startswith(PACKAGE):
            guard_overrides(cls)

    Shiboken.Object.__init_subclass__ = classmethod(guard)  # type: ignore[arg-type,assignment]


def guard_overrides(cls: type) -> None:
    """Guard the methods that a class puts in the place of Qt's."""
    for name, method in list(vars(cls).items()):
        if isinstance(method, types.FunctionType) and overridden(cls, name) is not None:
            setattr(cls, name, _guarded(cls, name, method))


def overridden(cls: type, name: str) -> Method | None:
    """The method of Qt's that a class's own of that name stands for; None for one that is ours alone."""
    if name.startswith("__"):
        return None
    bases = (base for base in cls.__mro__[1:] if base.__module__.startswith(_QT) and name in vars(base))
    return next((getattr(base, name) for base in bases), None)


def _guarded(cls: type, name: str, method: Method) -> Method:
    answer = _empty_answer(method)

    @functools.wraps(method)
    def guarded(*args: Any, **named: Any) -> Any:
        try:
            return method(*args, **named)
        except BaseException as error:  # noqa: BLE001 - nothing above could catch it
            first = _tell(error)
            if first and args and isinstance(args[-1], QCloseEvent):
                args[-1].ignore()  # what is open could be lost; the second time it closes
            if answer is None:
                return None
            try:
                return getattr(super(cls, args[0]), name)(*args[1:], **named)
            except Exception:  # noqa: BLE001 - Qt has no method of its own there, or it met the same fault
                with suppress(TypeError):  # flags, which are nothing without a value
                    return answer()
                return None

    setattr(guarded, GUARDED, True)
    return guarded


def _empty_answer(method: Method) -> Method | None:
    """What makes an empty answer of the kind that the method gives; None where it gives none."""
    kind = inspect.signature(method).return_annotation
    if kind is None:
        return None
    return (
        kind
        if kind in (bool, int, str, list) or getattr(kind, "__module__", "").startswith(_QT)
        else lambda: None
    )


def _tell(error: BaseException) -> bool:
    """To the exception hook, once Qt is done with what it called us for; whether it was the first such fault."""
    place = _place(error)
    if place in _told:
        log.debug("Again: %r", error)
        return False
    _told.add(place)
    app = QCoreApplication.instance()
    if app is None:
        sys.excepthook(type(error), error, error.__traceback__)
    else:
        later = functools.partial(sys.excepthook, type(error), error, error.__traceback__)
        QTimer.singleShot(0, app, later)  # noqa: TID251 - once for a fault
    return True


def _place(error: BaseException) -> tuple[str, type[BaseException], int]:
    """Where it arose."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "", type(error), 0
    return trace.tb_frame.f_code.co_qualname, type(error), trace.tb_lineno
