"""Older project formats."""

from dataclasses import fields

import pytest

from editor_core.engines.registry import ENGINES
from editor_core.messages.run import record_from
from editor_core.project.migrations import (
    FORMAT,
    MIGRATIONS,
    NewerFormat,
    migrated,
    recorded,
    with_todays_names,
)


def test_the_present_format_is_left_alone():
    project = {"format": FORMAT, "layers": []}
    assert migrated(project) == project


def test_every_older_format_has_its_step():
    assert sorted(MIGRATIONS) == list(range(1, FORMAT))


def test_steps_are_taken_one_after_another_and_leave_the_original():
    steps = {1: lambda old: {**old, "way": [1]}, 2: lambda old: {**old, "way": old["way"] + [2]}}
    oldest = {"format": 1}
    assert migrated(oldest, steps) == {"format": 3, "way": [1, 2]}
    assert migrated({"format": 2, "way": []}, steps) == {"format": 3, "way": [2]}
    assert oldest == {"format": 1}


def test_newer_and_senseless_formats():
    with pytest.raises(NewerFormat):
        migrated({"format": FORMAT + 1})
    for version in (None, "1", 0, -1, 1.0, True):
        with pytest.raises(ValueError, match="format"):
            migrated({"format": version})


def test_what_old_logs_said_of_a_run_becomes_its_record():
    inner = {"kept": "full", "levels": [{"way": "rows"}], "stages": {"painting": 1.0}}
    old = {
        "method": "fisedit",
        "log": {
            "kept": "thinned",
            "warmup_steps": 6,
            "painted_words": "a fox",
            "executor": "incremental",
            "inversion": None,
            "window": [1, 2, 64, 64],
            "window_turns": [{"prompt": "a cat", "cache_space": "abc", "log": inner}],
            "cache_spaces": ["abc"],
        },
    }
    record = record_from(recorded(None, old["log"]))
    assert (record.recording, record.warmup_steps, record.painted_words) == ("thinned", 6, "a fox")
    assert record.window == (1, 2, 64, 64) and record.cache_spaces == ("abc",) and record.inversion == ""
    (turn,) = record.window_turns
    assert "log" not in turn and record_from(turn["record"]).levels == ({"way": "rows"},)
    assert recorded({"warmup_steps": 2}, old["log"]) == {"warmup_steps": 2}
    assert recorded(None, {}) == {}


def test_parameters_have_the_names_that_methods_give_them_today():
    """Whatever a turn of an older version says of its parameters is a name that some method knows."""
    old = {"alike": 0.8, "unlike": 0.4, "hide_elsewhere": False, "warmup_most": 7, "rounds": 2}
    renamed = with_todays_names(old)
    assert renamed == {
        "similarity_high": 0.8,
        "similarity_low": 0.4,
        "hide_outside_words": False,
        "max_warmup_steps": 7,
        "rounds": 2,
    }
    known = {field.name for engine in ENGINES.values() for field in fields(engine.parameters)}
    assert renamed.keys() <= known
    assert old["alike"] == 0.8 and with_todays_names({"alikeness": 3}) == {"alikeness": 3}
