"""What every benchmark prints: rows of measured figures, as a table or as one JSON object on stdout."""

from prelude import ROOT

import json
import os
import platform
import subprocess
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One figure. ``value`` is None when it was not measured; percentages run from 0 to 100."""

    id: str
    value: float | None
    unit: str
    bar: str | None = None
    """The target, for example ">= 3.5"."""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool | None:
        if self.value is None or self.bar is None:
            return None
        sign, number = self.bar.split()
        bar = float(number)
        return {">=": self.value >= bar, "<=": self.value <= bar, "=": self.value == bar}[sign]

    def as_json(self) -> dict[str, Any]:
        value = None if self.value is None else round(self.value, 4)
        return asdict(self) | {"value": value, "holds": self.holds}


def show(rows: list[Row], as_json: bool, device: str = "cpu") -> None:
    """Print the rows; with ``as_json`` nothing but the object goes to stdout."""
    if as_json:
        content = {"machine": machine(device), "commit": commit(), "rows": [row.as_json() for row in rows]}
        print(json.dumps(content, ensure_ascii=False))
        return
    for row in rows:
        value = "not measured" if row.value is None else f"{row.value:.3f} {row.unit}"
        verdict = "" if row.holds is None else f"{row.bar}: {'holds' if row.holds else 'falls short'}"
        print(f"{row.id:30} {value:>18}  {verdict:24} {row.details or ''}")


def machine(device: str = "cpu") -> str:
    import torch  # not above: the window's start is measured without it, as the program starts

    where = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    if device.startswith("cuda"):
        where += f", {torch.cuda.get_device_name()}"
    return f"{where}, {torch.get_num_threads()} threads, torch {torch.__version__}"


def commit() -> str:
    """The commit of the working tree, with "+" when files under version control differ from it; empty without git."""
    describe = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    try:
        return subprocess.run(describe, cwd=ROOT, capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""
