"""The page that compares papers and code names files, functions, switches and tests that there are."""

import dataclasses
import re
from pathlib import Path

import pytest

from editor_core.commands.app import COMMANDS
from editor_core.engines.registry import ENGINES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "fidelity.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.split("|")[1:-1]]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| Item")
]
PLACES = sorted(set(re.findall(r"`((?:[\w]+/)+[\w.+]+\.py)(?:: (\w+))?`", PAGE)))
SWITCHES = sorted(set(re.findall(rf"`({'|'.join(ENGINES)}): (\w+)=([^`]+)`", PAGE)))


def test_the_page_has_a_cell_for_everything():
    assert len(ROWS) > 40 and {len(row) for row in ROWS} == {6}
    for item, _where, how, *_ in ROWS:
        assert item and how, item


@pytest.mark.parametrize(("file", "name"), PLACES)
def test_what_it_points_at_is_there(file, name):
    source = (ROOT / file).read_text(encoding="utf-8")
    assert not name or re.search(rf"^(def|class) {name}\b|^{name} =", source, re.MULTILINE), f"{file}: {name}"


@pytest.mark.parametrize(("method", "name", "value"), SWITCHES)
def test_every_switch_is_a_setting_of_its_method(method, name, value):
    from editor_core.commands.values import parse_settings

    fields = {field.name for field in dataclasses.fields(ENGINES[method].parameters)}
    assert name in fields, f"{method} has no {name}"
    assert parse_settings(method, [f"{name}={value}"])[name] is not None
    assert name != "preset" or value in ("faithful", "exact", "paper", "printed", "demo", "grounded")


def test_every_command_it_names_is_one():
    named = set(re.findall(r"`palimpsest (\w+)", PAGE))
    assert named <= set(COMMANDS) and named
