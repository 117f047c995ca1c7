"""Large blocks that are asked for again and again: new pages each time or not, counted by the system."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from editor_core.base import heap

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.skipif(not heap._is_glibc(), reason="another C library")

MEGABYTES = 96  # more than a heap of a thread's own could hold
# Prints how many megabytes of new pages four blocks one after another take, after one before them.
COUNT = f"""
import ctypes, resource, threading
from contextlib import nullcontext
from editor_core.base import heap

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
size = {MEGABYTES} << 20

def block():
    place = libc.malloc(ctypes.c_size_t(size))
    ctypes.memset(ctypes.c_void_p(place), 1, size)
    libc.free(ctypes.c_void_p(place))

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def count():
    block()
    before = faults()
    for _ in range(4):
        block()
    print((faults() - before) * resource.getpagesize() >> 20)

def scoped():
    with heap.reused():
        count()
"""


def _counted(code, **variables):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    environment |= {"PYTHONPATH": str(ROOT)} | variables
    done = subprocess.run(
        [sys.executable, "-c", COUNT + code], env=environment, capture_output=True, text=True, check=True
    )
    return [int(line) for line in done.stdout.split()]


def test_blocks_within_take_no_new_pages_and_those_outside_do():
    assert _counted("heap.prepare(); scoped()")[0] < MEGABYTES / 4
    assert _counted("heap.prepare(); count()")[0] >= 4 * MEGABYTES


def test_a_thread_shares_it():
    [within] = _counted("heap.prepare(); t = threading.Thread(target=scoped); t.start(); t.join()")
    assert within < MEGABYTES / 4


ONE_IN_ANOTHER = """
heap.prepare()
with heap.reused():
    with heap.reused():
        pass
"""


def test_one_inside_another_does_not_end_it_and_the_outer_one_does():
    assert _counted(ONE_IN_ANOTHER + "    count()")[0] < MEGABYTES / 4
    assert _counted(ONE_IN_ANOTHER + "count()")[0] >= 4 * MEGABYTES


def test_it_ends_with_an_error_too():
    code = (
        "heap.prepare()\ntry:\n    with heap.reused():\n        raise KeyError\nexcept KeyError:\n    count()"
    )
    assert _counted(code)[0] >= 4 * MEGABYTES


@pytest.mark.parametrize(
    ("prepare", "variables"), [("", {}), ("heap.prepare(); ", {"MALLOC_ARENA_MAX": "4"})]
)
def test_nothing_is_done_where_it_was_not_prepared_or_the_user_has_set_it(prepare, variables):
    assert _counted(prepare + "scoped()", **variables)[0] >= 4 * MEGABYTES


def test_another_c_library_is_left_alone(monkeypatch):
    monkeypatch.delattr(os, "confstr")
    monkeypatch.setattr(heap, "_libc", None)
    heap.prepare()
    with heap.reused():
        assert heap._libc is None and heap._inside == 0
