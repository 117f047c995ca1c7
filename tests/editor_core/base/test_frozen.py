"""A frozen program has streams, and does not pass the boot loader's library path on."""

import sys

from editor_core.base import frozen


def test_a_program_without_a_console_can_print(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    frozen.prepare()
    print("to nowhere")  # noqa: T201
    sys.stdout.close()


def test_programs_we_start_get_the_users_library_path(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/palimpsest/_internal")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/home/me/lib")
    frozen.prepare()
    assert frozen.os.environ["LD_LIBRARY_PATH"] == "/home/me/lib"
    assert "LD_LIBRARY_PATH_ORIG" not in frozen.os.environ


def test_from_source_the_library_path_is_left_alone(monkeypatch):
    monkeypatch.setenv("LD_LIBRARY_PATH", "/home/me/lib")
    frozen.prepare()
    assert frozen.os.environ["LD_LIBRARY_PATH"] == "/home/me/lib"
