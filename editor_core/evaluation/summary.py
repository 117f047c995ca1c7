"""Means of many rows, each with the interval in which it lies."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

_RESAMPLES = 1000
_TAILS = (2.5, 97.5)  # per cent: of the interval of 95 %


def summary(rows: Sequence[Mapping[str, str]], figures: Sequence[str]) -> list[dict[str, object]]:
    """A line for each method: of each figure the mean, its 95 % interval (bootstrap over pictures), how many were NaN.

    rows: as the CSV file has them, with "method" and each figure as text, empty where there is none.
    """
    lines: list[dict[str, object]] = []
    for method in dict.fromkeys(row["method"] for row in rows):
        own = [row for row in rows if row["method"] == method]
        line: dict[str, object] = {
            "method": method,
            "pictures": len(own),
            "failed": sum(bool(row["problem"]) for row in own),
        }
        for name in figures:
            values = [float(row[name]) for row in own if row.get(name)]
            known = [value for value in values if math.isfinite(value)]
            low, high = interval(known)
            mean = float(np.mean(known)) if known else math.nan
            line |= {
                name: mean,
                f"{name}_low": low,
                f"{name}_high": high,
                f"{name}_nan": len(values) - len(known),
            }
        lines.append(line)
    return lines


def by_kind(rows: Sequence[Mapping[str, str]], figures: Sequence[str]) -> list[dict[str, object]]:
    """The same for each kind of edit alone."""
    return [
        {"kind": kind} | line
        for kind in dict.fromkeys(row["kind"] for row in rows)
        for line in summary([row for row in rows if row["kind"] == kind], figures)
    ]


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Where the mean lies at 95 %, by drawing from the values again and again; the same draws every time."""
    if not values:
        return math.nan, math.nan
    drawn = np.random.default_rng(0).integers(0, len(values), (_RESAMPLES, len(values)))
    low, high = np.percentile(np.asarray(values)[drawn].mean(1), _TAILS)
    return float(low), float(high)
