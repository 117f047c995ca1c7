"""From older formats of ``editor/project.json`` to the present one.

``MIGRATIONS[n]`` takes the object of format n and returns that of format n + 1; it is pure and, once released,
never edited. Format 1 is the first.
"""

from collections.abc import Callable, Mapping
from typing import Any

FORMAT = 1

Migration = Callable[[dict[str, Any]], dict[str, Any]]
MIGRATIONS: Mapping[int, Migration] = {}


class NewerFormat(Exception):
    """The file comes from a newer version of the program."""


def migrated(project: dict[str, Any], migrations: Mapping[int, Migration] = MIGRATIONS) -> dict[str, Any]:
    """``project`` in the present format; raises NewerFormat, or ValueError when its format is none."""
    version = project.get("format")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ValueError(f"format {version!r}")
    newest = max(migrations, default=FORMAT - 1) + 1
    if version > newest:
        raise NewerFormat(version)
    for step in range(version, newest):
        project = {**migrations[step](project), "format": step + 1}
    return project


_IN_LOG = {"kept": "recording"} | {
    name: name
    for name in ("painted_words", "warmup_steps", "sparsity", "levels", "inversion", "window", "window_turns")
}


def recorded(record: Mapping[str, Any] | None, log: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a turn's JSON says that its run left behind; before there were records, its log said so."""
    if record is not None:
        return record
    found = {ours: log[theirs] for theirs, ours in _IN_LOG.items() if log.get(theirs) is not None}
    if isinstance(found.get("window_turns"), list):
        found["window_turns"] = [
            _window_turn(told) for told in found["window_turns"] if isinstance(told, Mapping)
        ]
    return found


_PARAMETERS = {
    "alike": "similarity_high",
    "unlike": "similarity_low",
    "hide_elsewhere": "hide_outside_words",
    "warmup_most": "max_warmup_steps",
}
"""What methods called their parameters once, and call them now."""


def with_todays_names(parameters: dict[str, Any]) -> dict[str, Any]:
    """A turn's parameters by today's names."""
    if not any(name in parameters for name in _PARAMETERS):
        return parameters
    return {_PARAMETERS.get(name, name): value for name, value in parameters.items()}


def _window_turn(told: Mapping[str, Any]) -> Mapping[str, Any]:
    plain = {name: value for name, value in told.items() if name != "log"}
    record, log = told.get("record"), told.get("log")
    known = record if isinstance(record, Mapping) else None
    return plain | {"record": recorded(known, log if isinstance(log, Mapping) else {})}
