"""What cannot be done is said in one sentence that names the next step, and no file is touched."""

import os
import re
from pathlib import Path

import numpy as np
import pytest

from editor_core.commands.values import MAX_CHARACTERS, MAX_SEED
from editor_core.document.document import Document
from editor_core.project.image_io import write_png
from editor_core.project.project_file import save_project


def sentences(err: str) -> list[str]:
    """The lines on stderr that are no progress."""
    return [line for line in err.splitlines() if not re.fullmatch(r"\w+ \d+/\d+", line)]


@pytest.fixture
def bad_files(tmp_path: Path, project: Path) -> Path:
    whole = project.read_bytes()
    (tmp_path / "truncated.palimpsest").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "foreign.palimpsest").write_bytes(b"not a project at all")
    (tmp_path / "empty.palimpsest").write_bytes(b"")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    (tmp_path / "model").mkdir()
    (tmp_path / "text.png").write_text("hello")
    save_project(Document(64, 64), tmp_path / "bare.palimpsest")
    save_project(Document(64, 64), tmp_path / "twin.ora")
    save_project(Document(64, 64), tmp_path / "twin.palimpsest")
    write_png(tmp_path / "black.png", np.zeros((10, 10), np.uint8))
    return tmp_path


EDIT = ["edit", "fox.palimpsest", "-p", "a cat"]
NEW = ["new", "a cat", "-o", "new.palimpsest"]
SHAPE = [*EDIT, "--method", "masafusion"]
CASES = [
    (["edit", "missing.palimpsest", "-p", "a cat"], "check its name"),
    (["edit", "truncated.palimpsest", "-p", "a cat"], ".bak"),
    (["edit", "foreign.palimpsest", "-p", "a cat"], "palimpsest open"),
    (["edit", "empty.palimpsest", "-p", "a cat"], "palimpsest open"),
    (["edit", "black.png", "-p", "a cat"], "palimpsest open"),
    (["edit", "bare.palimpsest", "-p", "a cat"], "--was"),
    (["edit", "twin.ora", "-p", "a cat", "--was", "snow"], "say with -o"),
    (["edit", "*.nothing", "-p", "a cat"], "check the pattern"),
    (["edit", "model", "-p", "a cat"], "name a file in it"),
    (["edit", "fox.palimpsest", "-p", "  "], "Describe what the picture shows"),
    (["edit", "fox.palimpsest", "-p", "a" * (MAX_CHARACTERS + 1)], f"at most {MAX_CHARACTERS} characters"),
    (["edit", "fox.palimpsest", "-p", "a red fox on the snow"], "change --prompt"),
    ([*EDIT, "-o", "cat.png"], "write -o cat.palimpsest"),
    ([*EDIT, "--turn", "nonesuch"], "palimpsest history"),
    ([*EDIT, "--mask", "black.png"], "paint where the picture may change"),
    ([*EDIT, "--mask", "text.png"], "save it as PNG"),
    ([*EDIT, "--mask", os.devnull], "pipe it in and write -"),
    ([*EDIT, "--model", "model"], "palimpsest models"),
    ([*EDIT, "--method", "nonesuch"], "Available: fisedit"),
    (SHAPE, "--mask takes a picture"),
    ([*SHAPE, "--sketch", "missing.png"], "check its name"),
    ([*EDIT, "--set", "nonesuch=1"], "choose search, "),
    ([*EDIT, "--set", "growth=much"], "write a number"),
    ([*EDIT, "--set", "level_growth=1,much"], "for example 1,1"),
    ([*EDIT, "--set", "incremental=perhaps"], "write yes or no"),
    ([*EDIT, "--method", "instdiffedit", "--set", "preset=best"], "Available: auto"),
    ([*EDIT, "--method", "instdiffedit", "--set", f"seed={MAX_SEED + 1}"], "-1 draws"),
    (["invert", "fox.palimpsest", "--how", "nonesuch"], "Available: direct"),
    (["invert", "fox.palimpsest", "--turn", "nonesuch"], "palimpsest history"),
    (["invert", "bare.palimpsest"], "palimpsest edit"),
    (["mask", "missing.png", "-p", "a cat", "-o", "found.png"], "check its name"),
    (["mask", "fox.palimpsest", "-p", " ", "-o", "found.png"], "Describe what the picture shows"),
    (["mask", "fox.palimpsest", "-p", "a cat", "-o", "no/such/found.png"], "make it first"),
    (["mask", "fox.palimpsest", "-p", "a cat", "-o", "found.psd"], "saved as .png, .jpg"),
    (["open", "missing.png", "-p", "a cat", "-o", "new.palimpsest"], "check its name"),
    (["open", "broken.png", "-p", "a cat", "-o", "new.palimpsest"], "save it as PNG"),
    (["open", "fox.palimpsest", "-p", "a cat", "-o", "new.palimpsest"], "palimpsest edit"),
    (["open", "black.png", "-p", "a cat", "-o", "new.png"], "write -o new.palimpsest"),
    (["open", os.devnull, "-p", "a cat", "-o", "new.palimpsest"], "pipe it in and write -"),
    (["new", "a cat", "-o", "no/such/folder.palimpsest"], "make it first"),
    (["new", "a cat", "-o", "new.png"], "write -o new.palimpsest"),
    (["new", "a cat", "-o", "new"], "write -o new.palimpsest"),
    (["new", "a cat", "-o", "model"], "write -o model.palimpsest"),
    (["new", "", "-o", "new.palimpsest"], "Describe what the picture shows"),
    ([*NEW, "--size", "banana"], "write for example 320x256"),
    ([*NEW, "--size", "8x8"], "64 to 2048"),
    ([*NEW, "--device", "cuda:9"], "--device cpu"),
    ([*NEW, "--device", "banana"], "Available: auto, cpu"),
    ([*NEW, "--model", "/no/such/model"], "palimpsest models"),
    ([*NEW, "--seed", str(MAX_SEED + 1)], "-1 draws a random one"),
    ([*NEW, "--sampler", "magic"], "choose ddim"),
    ([*NEW, "--seed", "-2"], "-1 draws a random one"),
    (["history", "foreign.palimpsest"], "palimpsest open"),
    (["history", os.devnull], "pipe it in and write -"),
    (["export", "fox.palimpsest", "--what", "mask", "-o", "mask.png"], "--turn"),
    (["export", "fox.palimpsest", "--turn", "nonesuch", "-o", "x.png"], "palimpsest history"),
    (["export", "fox.palimpsest", "-o", "x.xcf"], "saved as .png, .jpg"),
    (["export", "fox.palimpsest", "-o", "x"], "saved as .png, .jpg"),
    (["export", "fox.palimpsest", "-o", "x.palimpsest"], "export makes pictures"),
    (["export", "fox.palimpsest", "-o", "x.png", "--quality", "50"], "leave --quality out"),
    (["export", "fox.palimpsest", "-o", "x.png", "--format", "jpg"], "leave one of them out"),
    (["export", "fox.palimpsest", "-o", "x.png", "--matte", "greenish"], "write for example white"),
    (["export", "fox.palimpsest", "-o", "x.ora", "--what", "mask"], "leave --what"),
    (["export", "fox.palimpsest", "bare.palimpsest", "-o", "text.png"], "name a folder"),
    (["export", "fox.palimpsest", "-o", "/dev/full"], "- writes to standard output"),
    (["demo", "--out", "-"], "name a folder"),
]


@pytest.mark.parametrize(("arguments", "next_step"), CASES, ids=[" ".join(case)[:60] for case, _ in CASES])
def test_bad_input_is_one_sentence_with_the_next_step(
    arguments, next_step, bad_files, run, tiny, monkeypatch
):
    monkeypatch.chdir(bad_files)
    before = {path: path.read_bytes() for path in bad_files.rglob("*") if path.is_file()}
    if arguments[0] in ("new", "open", "edit", "invert", "mask") and "--model" not in arguments:
        arguments = [*arguments, *tiny]
    code, out, err = run(*arguments)
    assert code == 1 and not out
    assert len(sentences(err)) == 1 and err.strip().endswith(".") and next_step in err
    assert {path: path.read_bytes() for path in bad_files.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["edit"],
        ["nonesuch"],
        ["new", "a cat"],
        ["history", "x", "--nonesuch"],
        ["new", "a cat", "-o", "x.palimpsest", "--steps", "none"],
        ["export", "x.palimpsest", "-o", "x.png", "--what", "all"],
        ["export", "x.palimpsest", "-o", "x.jpg", "--quality", "0"],
    ],
)
def test_wrong_usage_ends_with_two(arguments, run):
    assert run(*arguments)[0] == 2


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_read_only_folder_is_noticed_before_any_work(run, tmp_path, small):
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    code, _, err = run("new", "a cat", "-o", folder / "x.palimpsest", *small)
    assert code == 1 and "read-only" in err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_nobody_writes_to_is_refused_at_once(run, tmp_path, project):
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    for arguments in (
        ["open", pipe, "-p", "a cat", "-o", tmp_path / "new.palimpsest"],
        ["edit", project, "-p", "a cat", "--mask", pipe],
        ["history", pipe],
        ["export", project, "-o", pipe],
    ):
        code, _, err = run(*arguments)
        assert code == 1 and "a device or a pipe, not a file" in err
    assert pipe.is_fifo()


def test_a_failure_is_told_in_json_too(run, tmp_path):
    import json

    code, out, err = run("history", tmp_path / "none.palimpsest", "--json")
    assert code == 1 and json.loads(out)["error"] == err.strip()
