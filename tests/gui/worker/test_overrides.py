"""An exception where Qt called us becomes the fault dialog, never a dead process."""

import importlib
import pkgutil
import sys
import types
from typing import Generic, TypeVar

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QRunnable, QSize, Qt
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QListView, QWidget
from shiboken6 import Shiboken

import gui
from gui.worker import overrides

Kind = TypeVar("Kind")


def subclasses(cls):
    for sub in cls.__subclasses__():
        yield sub
        yield from subclasses(sub)


def test_every_override_in_every_class_of_the_window_is_guarded():
    for module in pkgutil.walk_packages(gui.__path__, "gui."):
        importlib.import_module(module.name)
    classes = {cls for cls in subclasses(Shiboken.Object) if cls.__module__.startswith("gui.")}
    found = [
        (cls, name, method)
        for cls in classes
        for name, method in vars(cls).items()
        if isinstance(method, types.FunctionType) and overrides.overridden(cls, name) is not None
    ]
    assert [f"{cls.__name__}.{name}" for cls, name, m in found if not hasattr(m, overrides.GUARDED)] == []
    names = {name for _, name, _ in found}
    assert len(found) > 60 and {"paintEvent", "event", "data", "paint", "eventFilter", "closeEvent"} <= names


@pytest.fixture
def faults(monkeypatch):
    told = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: told.append((kind, str(error))))
    monkeypatch.setattr(overrides, "_told", set())
    return told


def broken(base, **methods):
    """A class as one of the window's, whose methods all fail."""
    return type("Broken", (base,), {**methods, "__module__": "gui.made_here"})


def fail_nothing(self, event) -> None:
    raise ValueError("broken")


def fail_truth(self, event) -> bool:
    raise ValueError("broken")


def fail_size(self) -> QSize:
    raise ValueError("broken")


def fail_count(self, parent=QModelIndex()) -> int:  # noqa: B008
    raise ValueError("broken")


def fail_data(self, index, role=Qt.ItemDataRole.DisplayRole) -> object:
    raise ValueError("broken")


def test_a_fault_in_a_paint_is_told_once_however_often_it_is_painted(qtbot, faults):
    widget = broken(QWidget, paintEvent=fail_nothing, sizeHint=fail_size)()
    qtbot.addWidget(widget)
    widget.show()
    for _ in range(3):
        widget.repaint()
    qtbot.waitUntil(lambda: len(faults) == 2)
    assert faults == [(ValueError, "broken")] * 2
    assert isinstance(widget.sizeHint(), QSize)


def test_where_qt_has_an_answer_of_its_own_it_is_given(qtbot, faults):
    widget = broken(QWidget, event=fail_truth)()
    qtbot.addWidget(widget)
    widget.resize(40, 30)
    widget.show()
    qtbot.waitUntil(lambda: widget.isVisible() and len(faults) == 1)
    assert widget.grab().size().width() == 40


def test_a_model_whose_every_answer_fails_is_an_empty_list(qtbot, faults):
    model = broken(QAbstractListModel, rowCount=fail_count, data=fail_data)()
    view = QListView()
    qtbot.addWidget(view)
    view.setModel(model)
    view.show()
    qtbot.waitUntil(lambda: len(faults) == 1)
    assert model.rowCount() == 0 and model.data(model.index(0)) is None


def test_a_window_that_fails_in_closing_stays_open_the_first_time(qtbot, faults):
    widget = broken(QWidget, closeEvent=fail_nothing)()
    qtbot.addWidget(widget)
    first, second = QCloseEvent(), QCloseEvent()
    widget.closeEvent(first)
    widget.closeEvent(second)
    assert not first.isAccepted() and second.isAccepted()
    qtbot.waitUntil(lambda: len(faults) == 1)


def test_what_does_not_fail_is_as_it_was(qtbot):
    def paint(self, event: QPaintEvent) -> None:
        """Paints."""
        seen.append(event)

    seen = []
    widget = broken(QWidget, paintEvent=paint)()
    qtbot.addWidget(widget)
    widget.resize(5, 5)
    widget.grab()
    assert seen and widget.paintEvent.__doc__ == "Paints."


def test_a_class_that_is_qts_and_generic_can_still_be_made():
    """As in libraries: Qt's hook for new classes hands on to that of the other bases."""

    class Job(QRunnable, Generic[Kind]):
        pass

    assert Job.__parameters__ == (Kind,)
