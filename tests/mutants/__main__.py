"""Mutation testing: how many small faults in the engines, the U-Net, the samplers, the cache and the document do their
nearest tests find? PYTHONPATH=tests python -m mutants --count 300 --seed 1, or `make mutants`.

A random sample of all possible changes (`mutations.py`) is tried, one at a time, against the tests that run the changed
line (`selection.py`), quick ones first, until one fails. What was found is kept after each, in
tests/benchmarks/results/mutants.json: run it again and it goes on. Why no library does this: mutmut 3 passes over
functions with decorators, which the engines' entry points are, and over all code outside functions, where the
thresholds stand, and draws no sample; cosmic-ray starts Python, and with it torch, anew for every change.
"""

import argparse
import ast
import json
import multiprocessing
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

from mutants import selection
from mutants.mutations import Mutation, mutated, mutations
from mutants.processes import MutatedModule, Only, in_a_fork, preload, run_pytest

T = TypeVar("T")
R = TypeVar("R")
ENGINES = "tests/editor_core/engines"
NEAREST = {
    "cache": ["tests/cache"],
    "editor_core/backbones": ["tests/editor_core/backbones", ENGINES],
    "editor_core/document": ["tests/editor_core/document"],
    "editor_core/engines": [ENGINES],
    "editor_core/sampling": ["tests/editor_core/sampling", ENGINES],
}
"""What is changed, and the folders of its nearest tests."""
APART = {"tests/cache/test_processes.py"}
"""Runs the cache in processes that load the unchanged program."""
RESULTS = Path("tests/benchmarks/results/mutants.json")
EQUIVALENT = Path("tests/mutants/equivalent.json")
"""Changes that were looked at and make no difference that a test should see, each with the reason."""


@dataclass(frozen=True)
class Mutant:
    file: str
    number: int
    mutation: Mutation

    @property
    def key(self) -> str:
        """Names the change in this state of the file."""
        return f"{self.file}:{self.mutation.line}:{self.number}@{selection.digest(self.file)[:8]}"


def all_mutants() -> list[Mutant]:
    """Of every program file that the targets hold, in the same order always."""
    found = []
    for file in sorted(str(path) for target in NEAREST for path in Path(target).rglob("*.py")):
        changes = mutations(ast.parse(Path(file).read_text()))
        found += [Mutant(file, number, mutation) for number, mutation in enumerate(changes)]
    return found


def at_a_time(jobs: int, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[tuple[T, R]]:
    """Each task and what came of it, as they end: so many in processes that begin with all that is loaded here."""
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as workers:
        running = {workers.submit(work, task): task for task in tasks}
        for done in as_completed(running):
            yield running[done], done.result()


@dataclass(frozen=True)
class Task:
    """A mutant to be tried, as it travels to the process that tries it."""

    file: str
    number: int
    tests: tuple[str, ...]
    seconds: float
    """Of the processor; what needs ten times as long as ever hangs."""


class Selection:
    """The nearest tests by the lines they run."""

    def __init__(self, programs: set[str], longest: float, without: list[str], jobs: int) -> None:
        """Of tests that take no more than so many processor seconds each.

        programs: the files whose mutants are to be tried; without: test files left out; jobs: how many test files are
        measured at a time.
        """
        needed = [
            folder
            for target, tests in NEAREST.items()
            if any(program.startswith(f"{target}/") for program in programs)
            for folder in tests
        ]
        files = sorted(
            {str(path) for folder in needed for path in Path(folder).rglob("test_*.py")} - APART - {*without}
        )
        self.seconds: dict[str, float] = {}
        self.by_line: dict[str, dict[int, set[str]]] = {}
        measured = partial(selection.of_file, targets=list(NEAREST), longest=longest)
        for file, one in at_a_time(jobs, measured, files):
            print(f"know what {file} runs", flush=True)
            self.seconds |= one.seconds
            for program, lines in one.lines.items():
                by_line = self.by_line.setdefault(program, {})
                for line, tests in lines.items():
                    by_line.setdefault(line, set()).update(tests)

    def task(self, mutant: Mutant, budget: float) -> Task:
        """The tests that run the change, quick ones first, within so many seconds of the processor altogether.

        What runs when a module is imported is left to all tests of files in which one runs something of that module.
        """
        by_line, mutation = self.by_line.get(mutant.file, {}), mutant.mutation
        nearest = tuple(
            next(tests for target, tests in NEAREST.items() if mutant.file.startswith(f"{target}/"))
        )
        lines = range(mutation.first, mutation.last + 1) if mutation.in_function else by_line
        found = {test for line in lines for test in by_line.get(line, ()) if test.startswith(nearest)}
        if not mutation.in_function:
            files = {test.split("::")[0] for test in found}
            found = {test for test in self.seconds if test.split("::")[0] in files}
        chosen, spent = [], 0.0
        for test in sorted(found, key=lambda test: (self.seconds[test], test)):
            spent += self.seconds[test]
            if spent > budget and chosen:
                break
            chosen.append(test)
        return Task(
            mutant.file, mutant.number, tuple(chosen), 30 + 10 * sum(self.seconds[test] for test in chosen)
        )


def tried(task: Task) -> dict[str, object]:
    """What the tests made of the mutant."""
    source = Path(task.file).read_text()
    mutation = mutations(ast.parse(source))[task.number]
    tree, after = mutated(source, task.number)
    told: dict[str, object] = {
        "file": task.file,
        "line": mutation.line,
        "kind": mutation.kind,
        "before": mutation.before,
        "after": after,
    }
    if not task.tests:
        return told | {"result": "survived", "tests": 0}

    def run() -> int:
        path = Path(task.file)
        package = path.name == "__init__.py"
        name = ".".join((path.parent if package else path.with_suffix("")).parts)
        code = compile(tree, task.file, "exec")
        sys.meta_path.insert(0, MutatedModule(name, task.file, code, package))
        return run_pytest(sorted({test.split("::")[0] for test in task.tests}), [Only(task.tests)])

    done = in_a_fork(run, task.seconds)
    by = [
        line.removeprefix("KILLED BY ") for line in done.output.splitlines() if line.startswith("KILLED BY ")
    ]
    if done.code == 0:
        return told | {"result": "survived", "tests": len(task.tests), "seconds": round(done.seconds, 1)}
    if by:
        return told | {"result": "killed", "by": by[0], "seconds": round(done.seconds, 1)}
    if done.code is None:
        return told | {"result": "killed", "by": done.result, "seconds": round(done.seconds, 1)}
    return told | {"result": "not tried", "output": done.output[-600:]}


def _change(one: dict[str, object]) -> tuple[object, ...]:
    """Names a change in whatever line it lies by now."""
    return one["file"], one["code"], one["before"], one["after"]


@cache
def _known_reasons() -> dict[tuple[object, ...], str]:
    known = json.loads(EQUIVALENT.read_text()) if EQUIVALENT.exists() else []
    return {_change(one): one["why"] for one in known}


@cache
def _commit() -> str:
    """Of the program that was changed; its tests may be newer."""
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return done.stdout.strip()


def report(seed: int, count: int, whole: int, found: dict[str, dict[str, object]]) -> dict[str, object]:
    for key, one in found.items():
        if one["result"] == "killed":  # nothing more is asked of it
            found[key] = {name: one[name] for name in ("result", "by", "at_first") if name in one}
            continue
        one.pop("equivalent", None)
        one["code"] = Path(str(one["file"])).read_text().splitlines()[int(str(one["line"])) - 1].strip()
        if one["result"] == "survived" and (why := _known_reasons().get(_change(one))):
            one["equivalent"] = why
    equivalent = sum("equivalent" in one for one in found.values())
    results = Counter(str(one["result"]) for one in found.values())
    done = results["killed"] + results["survived"]
    folders = {}
    for target in NEAREST:
        of_target = [one for key, one in found.items() if key.startswith(f"{target}/")]
        folders[target] = [sum(one["result"] == "killed" for one in of_target), len(of_target)]
    return {
        "commit": _commit(),
        "seed": seed,
        "asked": count,
        "of": whole,
        "tried": done,
        "killed": results["killed"],
        "killed_at_first": sum(one["result"] == "killed" and "at_first" not in one for one in found.values()),
        "killed_share": round(results["killed"] / max(done - equivalent, 1), 3),
        "survived": results["survived"],
        "survived_but_equivalent": equivalent,
        "killed_of_tried_by_folder": folders,
        **by_test(found),
    }


Told = dict[str, dict[str, object]]


def by_test(found: Told) -> dict[str, object]:
    """What was found: of the killed only whose tests they fell to, and which were killed at a second try only."""
    killed: dict[str, list[str]] = {}
    for key, one in sorted(found.items()):
        if one["result"] == "killed":
            killed.setdefault(str(one["by"]).partition("::")[0], []).append(key)
    later = [key for names in killed.values() for key in names if "at_first" in found[key]]
    others = {key: one for key, one in sorted(found.items()) if one["result"] != "killed"}
    return {"killed_by": killed, "survived_at_first": later, "mutants": others}


def by_mutant(told: dict[str, Any]) -> Told:
    """The same again, from a report."""
    found = dict(told.get("mutants", {}))
    for test, keys in told.get("killed_by", {}).items():
        found |= {key: {"result": "killed", "by": test} for key in keys}
    for key in told.get("survived_at_first", ()):
        found[key]["at_first"] = "survived"
    return found


def keep(told: dict[str, object], results: Path) -> None:
    partial = results.with_suffix(".partial")
    partial.write_text(json.dumps(told, separators=(",", ":")) + "\n")
    partial.rename(results)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__.split("\n\n")[0])
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument(
        "--seed", type=int, default=None, help="of the sample; drawn and printed if not given"
    )
    parser.add_argument("--budget", type=float, default=40.0, help="processor seconds of tests for a mutant")
    parser.add_argument(
        "--longest", type=float, default=30.0, help="processor seconds; slower tests are left out"
    )
    parser.add_argument("--without", nargs="*", default=[], help="test files, left out for a first quick run")
    parser.add_argument("--jobs", type=int, default=2, help="mutants tried at a time")
    parser.add_argument("--again", action="store_true", help="try those that survived once more")
    parser.add_argument("--only", default="", help="of the sample, what is in files whose path holds this")
    parser.add_argument("--results", type=Path, default=RESULTS)
    return parser.parse_args()


def main() -> int:
    asked = arguments()
    before = json.loads(asked.results.read_text()) if asked.results.exists() else {}
    seed = asked.seed if asked.seed is not None else before.get("seed", random.randrange(10**6))
    print(f"seed {seed}", flush=True)
    preload()
    mutants = all_mutants()
    random.Random(seed).shuffle(mutants)
    sample = mutants[: asked.count]  # a larger sample begins with the smaller one
    keys = {mutant.key for mutant in sample}
    kept = by_mutant(before) if before.get("seed") == seed else {}
    found = {key: one for key, one in kept.items() if key in keys and one["result"] != "not tried"}
    survived = {key for key, one in found.items() if one["result"] == "survived" and "equivalent" not in one}
    again = survived if asked.again else set()
    wanted = [
        mutant
        for mutant in sample
        if asked.only in mutant.file and (mutant.key not in found or mutant.key in again)
    ]
    tests = Selection({mutant.file for mutant in wanted}, asked.longest, asked.without, asked.jobs)
    tasks = {tests.task(mutant, asked.budget): mutant for mutant in wanted}
    for task, one in at_a_time(asked.jobs, tried, list(tasks)):
        mutant = tasks[task]
        if mutant.key in again:
            one["at_first"] = "survived"
        found[mutant.key] = one
        print(
            f"{len(found):4} {one['result']:9} {mutant.key}  {one['before']}  ->  {one['after']}", flush=True
        )
        keep(report(seed, asked.count, len(mutants), found), asked.results)
    told = report(seed, asked.count, len(mutants), found)
    keep(told, asked.results)
    real = told["tried"] - told["survived_but_equivalent"]
    print(f"killed {told['killed']} of {real} that make a difference ({told['killed_share']:.1%})")
    return 0


if __name__ == "__main__":
    os.environ.update(OMP_NUM_THREADS="1", OMP_WAIT_POLICY="PASSIVE", QT_QPA_PLATFORM="offscreen")
    os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
    sys.exit(main())
