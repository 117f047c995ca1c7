"""Older project formats."""

import pytest

from editor_core.project.migrations import FORMAT, MIGRATIONS, NewerFormat, migrated


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
