"""Command lines that nobody would write: any command, some of its options, values that make sense and others."""

import io
import random
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import typer.main

from editor_core.commands import entry
from editor_core.commands.app import app
from support.damage import HOSTILE, damaged
from support.hostile_input import in_time

_LEFT_OUT = {"bench", "demo", "worker"}  # they work for minutes, or wait for a cluster
_ELSEWHERE = "on"  # an option that looks for other computers
_SENSIBLE = {
    bool: (None,),
    int: ("0", "1", "3", "64"),
    float: ("0", "0.5", "1"),
    str: ("a dog", "a cat on the sofa", "1", "64x64"),
    Path: ("a.palimpsest", "a.png", "words.txt", "o.png", "o.palimpsest", "o.ora", "no/o.jpg", "."),
}
_WRONG = (
    *map(str, HOSTILE),
    *("18446744073709551616", "0x0", "99999x99999", "1e999", "[/dim]", "-1", "-", "--", "a:b:c", "@x", "\udcff"),
    *("1,2,3", "99999999999,1,1,1"),
)  # fmt: skip


def tried_command(project: Path, picture: Path, model: Path, folder: Path, seed: int) -> str:
    """It ends with a sentence, and no fault of the program. ``folder`` is the current one, empty, and deep."""
    chosen = random.Random(seed)
    if chosen.random() < 0.3:
        damaged(project, folder / "a.palimpsest", seed)
    else:
        shutil.copyfile(project, folder / "a.palimpsest")
    shutil.copyfile(picture, folder / "a.png")
    (folder / "words.txt").write_text(chosen.choice(_WRONG), encoding="utf-8", errors="replace")
    said, errors = io.StringIO(), io.StringIO()
    with in_time(), redirect_stdout(said), redirect_stderr(errors):
        code = entry.main(hostile_line(chosen, model))
    told = errors.getvalue()
    assert code in (0, 1, 2), code
    assert "Something went wrong" not in told and "Traceback" not in told, told
    return "used" if code == 0 else "refused"


def hostile_line(chosen: random.Random, model: Path) -> list[str]:
    """The arguments of a command, half of the lines with sensible values only but for one or two."""
    commands = typer.main.get_command(app).commands
    name = chosen.choice(sorted(commands.keys() - _LEFT_OUT))
    wrong = chosen.choice((0.1, 0.5))
    line = [name]
    for parameter in commands[name].params:
        known = {"model": str(model), "device": "cpu"}.get(parameter.name)
        is_option = parameter.param_type_name == "option"
        wanted = parameter.required or not is_option or known or chosen.random() < 0.25
        if parameter.name == _ELSEWHERE or not wanted:
            continue
        if is_option:
            line.append(parameter.opts[0])
        if (value := _value(parameter, chosen, wrong, known)) is not None:
            line.append(value)
    return line


def _value(
    parameter: typer.core.TyperOption, chosen: random.Random, wrong: float, known: str | None
) -> str | None:
    kind = parameter.type_descriptor.annotation
    if kind is bool:
        return None
    if chosen.random() < wrong:
        return chosen.choice(_WRONG)
    kinds = [each for each in _SENSIBLE if each.__name__ in str(kind)]
    return known or chosen.choice(_SENSIBLE[kinds[0] if kinds else str])
