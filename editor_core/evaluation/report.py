"""A benchmark's page: the summary, then every picture beside what each method made of it."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

OF_SETS = ("fid", "csfid")
_STYLE = (
    "body{font:14px sans-serif;margin:2em}table{border-collapse:collapse;margin-bottom:2em}"
    "td,th{padding:3px 9px;text-align:right;border-bottom:1px solid #ccc}td:first-child,th:first-child{text-align:left}"
    "figure{display:inline-block;margin:4px}img{width:192px}figcaption{width:192px;font-size:12px}"
)


def write_report(
    file: Path,
    name: str,
    figures: Sequence[str],
    lines: Sequence[Mapping[str, object]],
    rows: Sequence[Mapping[str, str]],
) -> None:
    """Write the page; its pictures lie beside it."""
    shown = [
        figure for figure in figures if any(line.get(f"{figure}_nan") != line["pictures"] for line in lines)
    ]
    of_sets = [name for name in OF_SETS if any(name in line for line in lines)]
    titles = ("method", "pictures", "failed", *shown, *of_sets)
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    body = "".join(f"<tr>{_cells(line, shown, of_sets)}</tr>" for line in lines)
    pictures = "".join(_row(file, example, rows) for example in dict.fromkeys(row["id"] for row in rows))
    file.write_text(
        f"<!doctype html><meta charset=utf-8><title>{escape(name)}</title><style>{_STYLE}</style>"
        f"<h1>{escape(name)}</h1><p>Means, with the 95 % interval over pictures.</p>"
        f"<table><tr>{head}</tr>{body}</table>{pictures}",
        encoding="utf-8",
    )


def _cells(line: Mapping[str, object], figures: Sequence[str], of_sets: Sequence[str]) -> str:
    first = "".join(f"<td>{escape(str(line[name]))}</td>" for name in ("method", "pictures", "failed"))
    return (
        first
        + "".join(
            f"<td>{line[name]:.4g} <small>({line[f'{name}_low']:.4g}–{line[f'{name}_high']:.4g})</small></td>"
            for name in figures
        )
        + "".join(f"<td>{line.get(name, float('nan')):.4g}</td>" for name in of_sets)
    )


def _row(file: Path, example: str, rows: Sequence[Mapping[str, str]]) -> str:
    own = [row for row in rows if row["id"] == example]
    folder = file.parent / "pictures" / example
    painted = [(name, "") for name in ("before",) if (folder / f"{name}.png").exists()]
    for row in own:  # in a chain each method goes on from a picture of its own
        if (folder / f"{row['method']}-before.png").exists():
            painted.append((f"{row['method']}-before", ""))
        painted.append((row["method"], row["problem"]))
    figures = "".join(
        f"<figure><img loading=lazy src='pictures/{escape(example)}/{escape(name)}.png' alt=''>"
        f"<figcaption>{escape(name)}</figcaption></figure>"
        if not problem
        else f"<figure><figcaption>{escape(name)}: {escape(problem)}</figcaption></figure>"
        for name, problem in painted
    )
    return f"<h2>{escape(example)}</h2>{figures}"
