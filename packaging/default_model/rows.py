"""Rows of measured numbers, and how they are printed."""

import json
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from data import ROOT


@dataclass(frozen=True)
class Row:
    """One measured number and the bar it should reach, or the two that it should lie between; None where it was not
    measured, or where there is no bar."""

    id: str
    value: float | None
    unit: str
    bar: float | tuple[float, float] | None
    at_most: bool = False

    @property
    def holds(self) -> bool | None:
        if self.value is None or self.bar is None:
            return None
        if isinstance(self.bar, tuple):
            return self.bar[0] <= self.value <= self.bar[1]
        return self.value <= self.bar if self.at_most else self.value >= self.bar

    def as_json(self) -> dict[str, object]:
        value = None if self.value is None else round(self.value, 3)
        return {"id": self.id, "value": value, "unit": self.unit, "bar": self.bar, "holds": self.holds}


def commit() -> str:
    """The commit of the working tree; empty for a tree without its history."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.strip()
    except OSError:  # no git
        return ""


def show_json(rows: list[Row]) -> None:
    """Every benchmark's form."""
    machine = f"{platform.machine()} {platform.system()}, {torch.get_num_threads()} threads, torch {torch.__version__}"
    content = {"machine": machine, "commit": commit(), "rows": [row.as_json() for row in rows]}
    print(json.dumps(content, indent=2))


def show_table(rows: list[Row]) -> None:
    """For people."""
    for row in rows:
        value = "not measured" if row.value is None else f"{row.value:.2f} {row.unit}"
        bar = "" if row.bar is None else f"bar {said(row.bar)}"
        print(f"{row.id:18} {value:>20}   {bar:12}   {'' if row.holds is None else row.holds}")


def said(bar: float | Sequence[float] | None) -> str:
    """A bar as it is written in a table."""
    if bar is None:
        return ""
    return "–".join(f"{number:g}" for number in ([bar] if isinstance(bar, (int, float)) else bar))
