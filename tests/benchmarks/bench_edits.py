"""Edits of all kinds by all ways on the shipped model: what was asked for, what stayed, and what was left behind.

    python tests/benchmarks/bench_edits.py [FOLDER] [--split held-out|fresh|choosing] [--label NAME] [--kinds add,two,…]
                                           [--ways reword,repaint_mask,…] [--limit N] [--json]

FOLDER, else one of the temporary ones, receives the pictures that are edited, every result, what was measured of it,
and contact sheets to look at. What is there already under the same label is not computed again, so that a run may be
stopped and go on. The label is the commit, unless another is given: pictures of different code do not mix.
"""

import prelude  # noqa: F401 before torch

import argparse
import json
import pickle
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from edit_cases import COUNTS, MASKED, SPLITS, WAYS, Case, base_of, cases, request
from edit_judging import WHOLE, measured
from edit_traces import Traced, ring_rows
from editor_core.base.errors import NothingToChangeError
from editor_core.base.settings import Settings
from editor_core.messages.requests import BaseTurn
from editor_core.pixels.contact_sheet import contact_sheet
from editor_core.pixels.opencv import cv2
from editor_core.project.image_io import write_png
from editor_core.session.session import Session
from report import Row, commit, show

SIZE = 256
_ADDS = ("add", "sky")


class Bench:
    """Pictures and edits in a folder; what is there is read."""

    def __init__(self, session: Session, folder: Path, label: str) -> None:
        self._session, self._bases = session, folder / "bases"
        self._results = folder / label
        for each in (self._bases, self._results / "masks"):
            each.mkdir(parents=True, exist_ok=True)

    def _run(self, asked: object) -> Any:
        return self._session.run(0, asked, lambda event: None)

    def case(self, case: Case, ways: Sequence[str]) -> list[dict[str, Any]]:
        """What was measured of each way, and the sheet of them all."""
        name = f"{case.kind}-{case.number}"
        missing = [way for way in ways if not self._file(name, way).exists()]
        lineage = self._lineage(case) if missing else ()
        for way in missing:
            self._edit(case, way, lineage, name)
        done = [json.loads(self._file(name, way).read_text()) for way in ways]
        if missing:
            self._sheet(case, name, lineage[-1].image)
        return done

    def traced(self, case: Case, way: str) -> Traced:
        """The way, the picture before and after, and the mask that was given, or else found."""
        name = f"{case.kind}-{case.number}-{way}.png"
        found = cv2.imread(str(self._results / "masks" / name), cv2.IMREAD_GRAYSCALE)
        mask = case.mask if way.endswith(MASKED) else np.asarray(found)
        return way, self._lineage(case)[-1].image, _rgb(self._results / name), mask

    def _file(self, name: str, way: str) -> Path:
        return self._results / f"{name}-{way}.json"

    def _lineage(self, case: Case) -> tuple[BaseTurn, ...]:
        """The turns to the picture; those of a chain are edits themselves, and belong to the label."""
        folder = self._results if case.turns else self._bases
        file = folder / f"{case.kind}-{case.number}.pickle"
        if not file.exists():
            file.write_bytes(pickle.dumps(base_of(self._run, case)))
        lineage: tuple[BaseTurn, ...] = pickle.loads(file.read_bytes())
        return lineage

    def _edit(self, case: Case, way: str, lineage: tuple[BaseTurn, ...], name: str) -> None:
        base = lineage[-1].image
        log: dict[str, Any] = {}
        seconds = 0.0
        try:
            result = self._run(request(case, way, lineage))
            image, opacity, log, seconds = result.image, result.mask, dict(result.log), result.seconds
        except NothingToChangeError:
            image, opacity = base, np.zeros(base.shape[:2], np.uint8)
        write_png(self._results / f"{name}-{way}.png", image)
        write_png(self._results / "masks" / f"{name}-{way}.png", opacity)
        told = {"kind": case.kind, "way": way, "number": case.number, "painted": case.painted}
        told |= {"before": case.before, "after": case.after, "seconds": seconds}
        told |= {"executor": log.get("executor"), **asdict(measured(case, base, image, opacity))}
        self._file(name, way).write_text(json.dumps(told))

    def _sheet(self, case: Case, name: str, base: np.ndarray) -> None:
        """The picture with what an artist would mark, then every way's result that there is."""
        marked = base.copy()
        edges, _ = cv2.findContours(case.mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(marked, edges, -1, (255, 0, 255), 1)
        pictures = [(case.before, marked)]
        for file in sorted(self._results.glob(f"{name}-*.png")):
            told = json.loads(file.with_suffix(".json").read_text())
            signs = "".join(
                sign for sign, key in (("a", "asked"), ("g", "gone"), ("o", "others")) if told[key] is False
            )
            pictures.append((f"{told['way']} {f'(no {signs}) ' if signs else ''}{case.after}", _rgb(file)))
        write_png(self._results / f"sheet-{name}.png", contact_sheet(pictures))


def _rgb(file: Path) -> np.ndarray:
    found: np.ndarray = cv2.imread(str(file))[..., ::-1]
    return np.ascontiguousarray(found)


def rows(done: list[dict[str, Any]]) -> list[Row]:
    """Per kind and way, then what has a bar over all."""
    found = []
    for kind, ways in WAYS.items():
        for way in ways:
            each = [one for one in done if (one["kind"], one["way"]) == (kind, way)]
            if not each:
                continue
            asked, kept = _those(each, "asked"), _those(each, "kept_db")
            name = f"{kind}_{way}"
            details = {"edits": len(each)}
            if asked:
                found.append(Row(f"asked_{name}", _percent(asked), "%", None, details))
            if gone := _those(each, "gone"):
                found.append(Row(f"gone_{name}", _percent(gone), "%", None, details))
            if kept:
                found.append(Row(f"kept_{name}", statistics.median(kept), "dB", None, details))
    adds = [one for one in done if one["kind"] in _ADDS]
    swaps = [one for one in done if one["kind"] in ("swap", "two", "remove")]
    two = [one for one in done if one["kind"] == "two"]
    whole = [one for one in done if one["kind"] == "colour" and one["way"] == "recolour"]
    return [
        *found,
        _share("add_empty", _those(adds, "asked"), 85),
        _share("add_others_kept", _those(adds, "others"), None),
        _share("two_things_kept", _those(two, "others"), 95),
        _share("recolour_whole", [one["whole"] >= WHOLE and one["asked"] for one in whole], 90),
        _share("rest_gone", _those(swaps, "gone"), 95),
        Row("changed_outside", float(sum(one["outside"] for one in done)), "pixels", "= 0"),
    ]


def _those(each: list[dict[str, Any]], key: str) -> list[Any]:
    return [one[key] for one in each if one[key] is not None]


def _percent(values: Sequence[bool]) -> float:
    return round(100 * sum(values) / len(values), 1)


def _share(name: str, values: Sequence[bool], bar: int | None) -> Row:
    value = _percent(values) if values else None
    return Row(name, value, "%", None if bar is None else f">= {bar}", {"edits": len(values)})


def names(allowed: Sequence[str]) -> Any:
    def parse(text: str) -> tuple[str, ...]:
        found = tuple(text.split(","))
        if unknown := set(found) - set(allowed):
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: choose from {', '.join(allowed)}")
        return found

    return parse


def main() -> None:
    every = sorted({way for ways in WAYS.values() for way in ways})
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "folder", type=Path, nargs="?", default=Path(tempfile.gettempdir()) / "palimpsest-edits"
    )
    parser.add_argument("--split", choices=SPLITS, default="held-out")
    parser.add_argument("--label", help="of this code; the commit unless given")
    parser.add_argument("--kinds", type=names(tuple(WAYS)), default=tuple(WAYS), help=f"of {','.join(WAYS)}")
    parser.add_argument("--ways", type=names(every), default=tuple(every), help=f"of {','.join(every)}")
    parser.add_argument("--limit", type=int, help="at most so many pictures of each kind")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    settings = replace(
        Settings(),
        model="default",
        device="cpu",
        live_preview=False,
        cache_folder=str(options.folder / "cache"),
    )
    done: list[dict[str, Any]] = []
    traced: list[Traced] = []
    with Session(settings) as session:
        bench = Bench(session, options.folder, options.label or commit() or "now")
        for kind in options.kinds:
            ways = [way for way in WAYS[kind] if way in options.ways]
            count = min(COUNTS[kind], options.limit or COUNTS[kind])
            for case in cases(kind, options.split, SIZE, count) if ways else ():
                done += bench.case(case, ways)
                traced += [bench.traced(case, way) for way in ways]
    show(rows(done) + ring_rows(traced), options.json)


if __name__ == "__main__":
    main()
