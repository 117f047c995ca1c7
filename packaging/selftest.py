"""Tries out the built program as an artist's machine would: python packaging/selftest.py [BUNDLE] [--deb FILE] [--json]

The bundle is copied to a read-only folder with spaces and letters of other scripts in its name. There it runs without
network, without a graphics card and, where the test is started by root, as a user who owns nothing.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bundle_files
import debian_checks
import program_checks
from checks import CheckFailed, Facts
from machine import Machine
from project import NAME, ROOT

BARS = {"bundle_mb": 900, "deb_mb": 350, "cold_start_s": 5, "build_minutes": 15}
ODD_FOLDER = "Bilder & Bücher, рисунки 絵"


@dataclass(frozen=True)
class Outcome:
    name: str
    passed: bool
    seconds: float
    facts: Facts


def main() -> int:
    options = _options()
    bundle = options.bundle.resolve()
    outcomes = try_files(bundle) + try_program(bundle)
    if options.deb is not None:
        outcomes += try_deb(options.deb.resolve())
    rows = figures(bundle, outcomes)
    if options.json:
        print(json.dumps(report(rows, outcomes), ensure_ascii=False, indent=1))
    else:
        show(rows, outcomes)
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def try_files(bundle: Path) -> list[Outcome]:
    return [attempt(name, lambda check=check: check(bundle)) for name, check in bundle_files.CHECKS.items()]


def try_program(bundle: Path) -> list[Outcome]:
    """Everything that starts the program."""
    with tempfile.TemporaryDirectory(prefix="palimpsest-") as scratch:
        os.chmod(scratch, 0o755)
        place = Path(scratch, ODD_FOLDER)
        place.mkdir()
        copy = place / bundle.name
        shutil.copytree(bundle, copy, symlinks=True)
        if sys.platform != "win32":
            subprocess.run(["chmod", "-R", "a-w", copy], check=True)
        machine = Machine(program_of(copy), Path(scratch, "home"))
        before = bundle_files.listing(copy)
        outcomes = [
            attempt(name, lambda check=check: check(machine)) for name, check in program_checks.CHECKS.items()
        ]
        outcomes.append(attempt("nothing is left running", machine.require_quiet))
        outcomes.append(attempt("nothing is written beside the program", lambda: same(before, copy)))
        outcomes.append(attempt("user data lie in the platform's folders", machine.require_tidy_home))
    return outcomes


def try_deb(package: Path) -> list[Outcome]:
    with tempfile.TemporaryDirectory(prefix="palimpsest-") as scratch:
        os.chmod(scratch, 0o755)
        steps = debian_checks.steps(package, Path(scratch, "home"))
        return [attempt(name, step) for name, step in steps.items()]


def same(before: dict[str, int], bundle: Path) -> Facts:
    after = bundle_files.listing(bundle)
    if changed := sorted(set(before.items()) ^ set(after.items())):
        raise CheckFailed(f"{len(changed)} files of the bundle changed, {changed[0][0]} among them")
    return {"files": len(after)}


def attempt(name: str, check: Callable[[], Facts]) -> Outcome:
    begun = time.monotonic()
    try:
        facts, passed = check(), True
    except (CheckFailed, OSError, KeyError, ValueError) as fault:
        facts, passed = {"fault": str(fault) or repr(fault)}, False
    seconds = round(time.monotonic() - begun, 1)
    print(
        f"{'pass' if passed else 'FAIL'}  {name}  ({seconds} s)  {facts or ''}", file=sys.stderr, flush=True
    )
    return Outcome(name, passed, seconds, facts)


# -- what is told -------------------------------------------------------------------------------------------------


def figures(bundle: Path, outcomes: list[Outcome]) -> list[dict[str, Any]]:
    """The rows of the table: each a figure with its bar; None where it was not measured."""
    facts = {key: value for outcome in outcomes for key, value in outcome.facts.items()}
    built = bundle.parent / "build.json"
    build = json.loads(built.read_text(encoding="utf-8")) if built.exists() else {}
    deb = next((bundle.parent / file for file in build.get("files", ()) if file.endswith(".deb")), None)
    values = {
        "bundle_mb": bundle_files.size(bundle) / 1e6,
        "deb_mb": None if deb is None or not deb.exists() else deb.stat().st_size / 1e6,
        "cold_start_s": facts.get("window_s"),
        "model_ready_s": facts.get("model_s"),
        "selftest": 100 * sum(outcome.passed for outcome in outcomes) / len(outcomes),
        "build_minutes": build.get("minutes"),
    }
    return [row(name, value) for name, value in values.items()]


def row(name: str, value: float | None) -> dict[str, Any]:
    bar = BARS.get(name)
    holds = None if value is None else value <= bar if bar is not None else None
    if name == "selftest":
        holds = value == 100
    value = None if value is None else round(value, 2)
    told = "= 100" if name == "selftest" else None if bar is None else f"<= {bar}"
    return {"id": name, "value": value, "bar": told, "holds": holds}


def report(rows: list[dict[str, Any]], outcomes: list[Outcome]) -> dict[str, Any]:
    return {
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "rows": rows,
        "checks": [vars(outcome) for outcome in outcomes],
    }


def show(rows: list[dict[str, Any]], outcomes: list[Outcome]) -> None:
    for entry in rows:
        verdict = {True: "holds", False: "falls short", None: ""}[entry["holds"]]
        print(f"{entry['id']:16} {entry['value']!s:>10}  {entry['bar'] or '':8} {verdict}")
    print(f"{sum(outcome.passed for outcome in outcomes)} of {len(outcomes)} checks passed")


def program_of(bundle: Path) -> Path:
    if bundle.suffix == ".app":
        return bundle / "Contents" / "MacOS" / NAME
    return bundle / (f"{NAME}-cli.exe" if sys.platform == "win32" else NAME)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Try out a built program.")
    built = "Palimpsest.app" if sys.platform == "darwin" else NAME
    parser.add_argument("bundle", type=Path, nargs="?", default=ROOT / "dist" / built)
    parser.add_argument(
        "--deb", type=Path, help="install this package with apt, try it, remove it (needs root)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
