"""What is printed arrives whole: in any encoding, in pipes and terminals, whatever words an artist writes."""

import dataclasses
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from editor_core.base import settings
from editor_core.commands import console, entry, streams
from editor_core.commands.registration import Manner
from editor_core.commands.tree import tree_lines
from editor_core.document.document import Document
from editor_core.document.turns import Turn
from editor_core.messages import events
from editor_core.project.project_file import save_project

ROOT = Path(__file__).resolve().parents[3]
WORDS = "[/dim] ein [red]Fuchs[/red] :fox: 小狐狸 \udcff"
READ = WORDS.replace("\udcff", "\ufffd")
"""Half a surrogate pair, which no file's encoding has, is replaced when a project is read."""
PICTURE = np.full((64, 64, 3), 200, np.uint8)


def turn(parent: Turn | None = None, prompt: str = WORDS, mask: bool = False) -> Turn:
    changed = np.full((64, 64), 255, np.uint8) if mask else None
    return Turn(parent=parent and parent.id, prompt=prompt, image=PICTURE, mask=changed, steps=5)


@pytest.fixture
def odd(tmp_path) -> Path:
    """A project with a branch, in words that trouble terminals."""
    first = turn()
    document = Document.new_from_turn(first)
    for _ in range(2):
        document.history.add(turn(first, mask=True))
    save_project(document, tmp_path / "[bold]名.palimpsest")
    return tmp_path / "[bold]名.palimpsest"


def program(*arguments, encoding="utf-8", cwd=ROOT, **how):
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"} | how.pop("env", {})
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *map(str, arguments)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        **how,
    )


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8", "utf-16", "shift_jis"])
def test_history_prints_in_every_encoding(odd, encoding):
    done = program("history", odd, encoding=encoding)
    assert done.returncode == 0 and not done.stderr, done.stderr
    lines = done.stdout.decode(encoding).splitlines()
    assert len(lines) == 4 and "[bold]" in lines[0]
    assert all("[/dim] ein [red]Fuchs[/red] :fox:" in line for line in lines[1:])
    if encoding in ("cp1252", "ascii"):
        assert lines[1].startswith("* ") and r"\u5c0f\u72d0\u72f8 \ufffd" in lines[1]
    else:
        assert "狐" in lines[1]


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_json_is_ascii_and_reads_back(odd, encoding):
    done = program("history", odd, "--json", encoding=encoding)
    assert done.returncode == 0
    assert json.loads(done.stdout.decode("ascii"))["turns"][0]["prompt"] == READ


@pytest.mark.parametrize("arguments", [["--help"], ["edit", "-h"], ["nonesuch"], ["history", "--[/dim]"]])
def test_help_and_wrong_usage_print_in_ascii(arguments):
    done = program(*arguments, encoding="ascii")
    assert done.returncode in (0, 2) and b"Traceback" not in done.stderr
    (done.stdout + done.stderr).decode("ascii")


def test_a_failure_with_odd_words_is_one_sentence_in_cp1252(tmp_path):
    done = program("history", tmp_path / "[/dim]小\udcff.palimpsest", encoding="cp1252")
    told = done.stderr.decode("cp1252")
    assert done.returncode == 1 and len(told.splitlines()) == 1 and r"[/dim]\u5c0f\udcff.palimpsest" in told


def test_json_has_null_for_what_is_no_number():
    assert json.loads(console.to_json({"a": float("nan"), "b": [float("inf"), 1.5], "c": np.float32(2)})) == {
        "a": None,
        "b": [None, 1.5],
        "c": "2.0",
    }


def test_only_encoding_is_mended():
    with pytest.raises(UnicodeDecodeError):
        streams.prepare()
        b"\xff".decode("ascii", "palimpsest.plain")


def test_models_in_a_pipe_are_plain_lines_with_their_names_whole(run, tmp_path):
    names = ["photos [pruned]", "[dim]", "two\tcolumns\nand  lines"]
    for name in names:
        (tmp_path / name).mkdir()
    chosen = dataclasses.replace(settings.load(), model_folders=tuple(str(tmp_path / name) for name in names))
    settings.save(chosen)
    code, out, err = run("models")
    rows = [line.split("\t") for line in out.splitlines()]
    assert code == 0 and not err and [len(row) for row in rows] == [5] * 4
    assert rows[0][:3] == ["default", "picture-book", "256x256"]
    assert [row[1] for row in rows[1:]] == ["photos [pruned]", "[dim]", "two columns and  lines"]


class Terminal(io.StringIO):
    encoding = "utf-8"  # type: ignore[assignment]

    def isatty(self):
        return True


def test_models_in_a_terminal_are_a_table_with_their_names_whole(monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stdout", Terminal())
    console.Console(Manner()).table([{"name": "photos [pruned] :fox:", "size": 1.25}], title="[/dim]")
    told = sys.stdout.getvalue()
    assert "photos [pruned] :fox:" in told and "[/dim]" in told and "━" in told


def test_no_color_is_heeded(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    for wanted in (True, False):
        monkeypatch.setattr(sys, "stdout", Terminal())
        if not wanted:
            monkeypatch.setenv("NO_COLOR", "1")
        assert entry.main(["--help"]) == 0
        assert ("\x1b[1;3" in sys.stdout.getvalue() or "\x1b[3" in sys.stdout.getvalue()) is wanted


def test_quiet_and_verbose_say_less_and_more(project, run, tiny):
    said = {}
    for flag in ([], ["-q"], ["-v"]):
        code, out, err = run("mask", project, "-p", "a cat", "-o", project.parent / "m.png", *flag, *tiny)
        assert code == 0 and len(out.splitlines()) == 1
        said["".join(flag)] = err
    assert not said["-q"] and "loading 4/4\n" in said[""] and "loading 4/4 in " in said["-v"]


def test_quiet_and_json_may_stand_before_the_command(project, run, tiny):
    code, out, err = run(
        "-q", "--json", "mask", project, "-p", "a cat", "-o", project.parent / "m.png", *tiny
    )
    assert code == 0 and not err and json.loads(out)["phrase"] == "a cat"


def test_quiet_still_says_what_failed(tmp_path, run):
    code, _, err = run("history", "-q", tmp_path / "none.palimpsest")
    assert (code == 1 and "does not exist" in err) or "There is no file" in err


def test_a_result_is_out_at_once_in_a_pipe_too(monkeypatch):
    """A worker goes on for days after it has said where it is."""
    pipe = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(pipe, encoding="utf-8"))
    console.Console(Manner(as_json=True)).result({"address": "ray://studio:10001"}, "")
    assert json.loads(pipe.getvalue()) == {"address": "ray://studio:10001"}


def test_a_notice_is_no_markup(capsys):
    console.Console(Manner()).show(events.Notice(0, "[/dim] read anew :fox: " + "long " * 40))
    assert capsys.readouterr().err == "[/dim] read anew :fox: " + "long " * 40 + "\n"


def test_words_order_no_terminal_about(tmp_path, run):
    save_project(
        Document.new_from_turn(turn(prompt="a\x1b]0;title\x07 \x9b31m\u202efox\r\nb")), tmp_path / "o.ora"
    )
    code, out, _ = run("history", tmp_path / "o.ora")
    assert code == 0 and len(out.splitlines()) == 2
    assert not [sign for sign in out.replace("\n", "") if not sign.isprintable()]


def test_who_closes_the_pipe_hears_nothing_more(odd):
    command = f"{sys.executable} {ROOT / 'main.py'} history '{odd}' | true"
    done = subprocess.run(["sh", "-c", command], capture_output=True, cwd=ROOT)
    assert done.returncode == 0 and not done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_behind_the_output_is_a_sentence(odd):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, ROOT / "main.py", "history", odd], stdout=full, stderr=subprocess.PIPE, cwd=ROOT
        )
    assert done.returncode == 1 and done.stderr.decode().strip().endswith("No space left on device.")
    assert len(done.stderr.splitlines()) == 1


def test_a_long_chain_with_branches_stays_narrow():
    document = Document.new_from_turn(turn(prompt="first"))
    last = document.history.current
    for number in range(3000):
        after = turn(last, prompt=f"step {number}", mask=True)
        document.history.add(after)
        if number % 3 == 0:
            document.history.add(turn(last, prompt="aside", mask=True))
        last = after
    lines = list(tree_lines(document.history))
    assert len(lines) == 4001 and max(map(len, lines)) < 80
    assert lines[1].startswith("├─ ○") and lines[2].startswith("○") and "step 0" in lines[2]


def test_the_tree_shows_who_comes_of_whom():
    first = turn(prompt="first")
    document = Document.new_from_turn(first)
    turns = {"first": first}
    for name, parent in [("a", "first"), ("b", "first"), ("a1", "a"), ("a2", "a1"), ("c", "a")]:
        turns[name] = turn(turns[parent], prompt=name)
        document.history.add(turns[name])
    shown = [line.replace(turns[line.split("  ")[-2]].id, "") for line in tree_lines(document.history)]
    told = [line.rsplit("  ", 1)[0] for line in shown]
    assert told == [
        "●   first",
        "├─ ○   b",
        "○   a",
        "├─ ○   c",
        "○   a1",
        "○   a2",
    ]
