"""What ``palimpsest bench picture-book`` found, as tables for the README and as a result to keep.

    python tests/benchmarks/picture_book_table.py NAME=FOLDER… [--json]

A row for each method, or for each kind of edit: how many pictures, the share in which the judge sees what was asked
for, the rest gone and everything else kept, L1 to the true picture, PSNR outside the true mask, each with its 95 %
interval; then the same by kind of edit, or by turn. `--json` prints what `results/picture_book.json` keeps.
"""

import prelude  # noqa: F401 before torch

import argparse
import csv
import math
from pathlib import Path
from typing import Any

from editor_core.evaluation.summary import summary
from report import Row, show

RATES = ("asked", "gone", "kept")
FIGURES = (*RATES, "l1", "background_psnr", "iou", "changed_outside", "ring", "sharpness", "seconds")
FILED = (*RATES, "l1", "iou", "changed_outside", "sharpness")
FEW_TURNS = 5


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "rows.csv").open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if None not in row.values()]


def lines_of(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Means by method, with how many of its pictures each rate rests on."""
    found: list[dict[str, Any]] = [dict(line) for line in summary(rows, FIGURES)]
    for line in found:
        own = [row for row in rows if row["method"] == line["method"]]
        line["numbers"] = {name: sum(bool(row.get(name)) for row in own) for name in FIGURES}
    return found


def grouped(rows: list[dict[str, str]]) -> dict[str, list[dict[str, Any]]]:
    """Lines of each kind of edit, of a chain of each turn, of a long one of each quarter."""
    longest = max(turn_of(row) for row in rows)
    together = 1 if longest <= FEW_TURNS else longest // 4
    parts: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        parts.setdefault(part_of(row, together), []).append(row)
    return {name: lines_of(parts[name]) for name in sorted(parts)}


def part_of(row: dict[str, str], together: int) -> str:
    if not (turn := turn_of(row)):
        return row["kind"]
    last = -(-turn // together) * together
    return f"{turn:03}" if together == 1 else f"{last - together + 1:03}-{last:03}"


def turn_of(row: dict[str, str]) -> int:
    """Which turn of a chain an edit is, from 1; 0 outside of chains."""
    chain, _, turn = row["id"].rpartition("-")
    return int(turn) if chain else 0


def cell(line: dict[str, Any], name: str) -> str:
    value, low, high = (line[each] for each in (name, f"{name}_low", f"{name}_high"))
    if math.isnan(value):
        return "–"
    if name in RATES:
        value, low, high = (100 * each for each in (value, low, high))
    digits = 0 if name in RATES else 1 if name == "background_psnr" else 3
    return f"{value:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def table(title: str, lines: list[dict[str, Any]], columns: tuple[str, ...]) -> str:
    body = []
    for line in lines:
        failed = f" of {line['pictures']}" if line["failed"] else ""
        cells = " | ".join(cell(line, name) for name in columns)
        body.append(f"| {line['method']} | {line['pictures'] - line['failed']}{failed} | {cells} |")
    head = f"| {title} | pairs | {' | '.join(columns)} |"
    return "\n".join([head, "|---" * (len(columns) + 2) + "|", *body])


def results(name: str, lines: list[dict[str, Any]], parts: dict[str, list[dict[str, Any]]]) -> list[Row]:
    """A row for each method and filed figure: its interval, its number of pictures, and the mean of each part."""
    found = []
    for line in lines:
        for figure in FILED:
            if math.isnan(line[figure]):
                continue
            by_part = {
                part: rounded(other[figure])
                for part, others in parts.items()
                for other in others
                if other["method"] == line["method"] and not math.isnan(other[figure])
            }
            interval = [rounded(line[f"{figure}_{end}"]) for end in ("low", "high")]
            details = {"interval": interval, "pictures": line["numbers"][figure], "by": by_part}
            found.append(Row(f"{name}_{figure}_{line['method']}", line[figure], "", None, details))
    return found


def rounded(value: float) -> float:
    return float(f"{value:.3g}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", metavar="NAME=FOLDER")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    columns, rows = (*RATES, "l1", "background_psnr", "iou", "changed_outside", "sharpness"), []
    for name, folder in (each.split("=", 1) for each in options.folders):
        told = rows_of(Path(folder))
        parts = grouped(told)
        rows += results(name, lines_of(told), parts)
        for title, lines in {name: lines_of(told), **parts}.items() if not options.json else ():
            print(table(title, lines, columns), "\n")
    if options.json:
        show(rows, as_json=True)


if __name__ == "__main__":
    main()
