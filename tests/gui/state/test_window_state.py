"""What the window remembers, whatever is in its file."""

import json
import random

import pytest
from PySide6.QtCore import QByteArray

from editor_core.base import paths
from editor_core.document.strokes import Brush
from gui.state.window_state import WindowState
from support.damage import HOSTILE


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("PALIMPSEST_STATE_DIR", str(tmp_path))
    return paths.state_folder() / "window.json"


def looked_at(state):
    """Everything there is to read, as the window reads it."""
    return (
        (state.recent, state.folder, state.apply_at_once, state.show_results, state.placement),
        (state.brush("brush", Brush()), state.colours, state.shortcuts, state.geometry, state.layout),
    )


def filled(file):
    state = WindowState()
    picture = file.with_name("a.png")
    picture.write_bytes(b"")
    state.remember_file(picture)
    state.colours = (1, 2, 3), (250, 251, 252)
    state.shortcuts = {"undo": ("Ctrl+Z", "F2")}
    state.remember_brush("brush", Brush(size=7.5, pressure_size=False))
    state.remember_window(QByteArray(b"\0geometry"), QByteArray(b"\xfflayout"))
    state.apply_at_once = True
    state.placement = "above"
    return state


def test_everything_is_there_again_at_the_next_start(file):
    before = looked_at(filled(file))
    assert looked_at(WindowState()) == before
    assert WindowState().colours == ((1, 2, 3), (250, 251, 252))
    assert bytes(WindowState().layout.data()) == b"\xfflayout"
    assert WindowState().brush("brush", Brush()) == Brush(size=7.5, pressure_size=False)


def test_two_windows_keep_what_each_of_them_changed(file):
    first, second = WindowState(), WindowState()
    first.apply_at_once = True
    second.colours = (9, 9, 9), (8, 8, 8)
    assert WindowState().apply_at_once and WindowState().colours == ((9, 9, 9), (8, 8, 8))


def test_a_value_that_is_none_costs_no_other(file):
    filled(file)
    whole = json.loads(file.read_text(encoding="utf-8"))
    expected = looked_at(WindowState())[0][1:]
    file.write_text(json.dumps({**whole, "foreground": [0, 0, 300], "brushes": {"brush": {"size": "x"}}}))
    assert WindowState().colours == ((0, 0, 0), (250, 251, 252))
    assert WindowState().brush("brush", Brush()) == Brush()
    assert looked_at(WindowState())[0][1:] == expected


@pytest.mark.parametrize("seed", range(40))
def test_hostile_values_never_reach_the_window(file, seed):
    filled(file)
    chosen = random.Random(seed)
    values = json.loads(file.read_text(encoding="utf-8"))
    for _ in range(3):
        values[chosen.choice(list(values))] = chosen.choice([*HOSTILE, 1e308, {"brush": {"size": 1e308}}])
    file.write_bytes(json.dumps(values).encode("utf-8", "surrogatepass"))
    state = WindowState()
    _, (brush, colours, shortcuts, geometry, _) = looked_at(state)
    assert 0.1 <= brush.size <= 10_000 and all(0 <= part <= 255 for colour in colours for part in colour)
    assert all(isinstance(key, str) for keys in shortcuts.values() for key in keys)
    assert isinstance(geometry, QByteArray)
    state.apply_at_once = True
    assert WindowState().apply_at_once


@pytest.mark.parametrize(
    "content", [b"", b"[" * 100_000, b"\xff\xfe", b"{}" * 3, b"[1]", b'{"recent": ["\\u0000"]}']
)
def test_a_file_that_is_none_is_as_if_nothing_had_been_kept(file, content):
    file.write_bytes(content)
    assert looked_at(WindowState())[0] == looked_at(WindowState(safe=True))[0]


def test_safe_mode_neither_reads_nor_writes(file):
    filled(file)
    before = file.read_bytes()
    safe = WindowState(safe=True)
    assert not safe.apply_at_once and safe.shortcuts == {}
    safe.set_show_results(False)
    assert not safe.show_results and file.read_bytes() == before
