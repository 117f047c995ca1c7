"""Which tests run which lines: each test file once, in a fork, with program code that says which statements it runs.

Only the program is changed for that, so tests take as long as ever; a tracer would follow torch at every call.
"""

import ast
import builtins
import hashlib
import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder, SourceFileLoader
from pathlib import Path
from time import process_time
from types import CodeType

import pytest

from mutants.processes import in_a_fork, run_pytest

FOLDER = Path("build/mutants")
_TELL = "__ran__"


@dataclass
class TestFile:
    """What one test file runs."""

    seconds: dict[str, float]
    """Of the processor, by test; only tests that pass."""
    lines: dict[str, dict[int, list[str]]]
    """By program file and a statement's line, the tests that run it; only statements in functions."""

    __test__ = False


def of_file(test_file: str, targets: Sequence[str], longest: float) -> TestFile:
    """What the file runs; measured once for a state of the test file and of all that it runs.

    Tests that take more than `longest` seconds of the processor are left out.
    """
    kept = FOLDER / f"{test_file.replace('/', '.')}.json"
    found = _read(kept, longest)
    if found is None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        done = in_a_fork(lambda: _measure(test_file, targets, longest, kept), seconds=1200)
        found = _read(kept, longest)
        if found is None:
            raise RuntimeError(f"{test_file} could not be measured ({done.result}):\n{done.output[-2000:]}")
    tests = list(found["seconds"])
    lines = {
        file: {int(line): [tests[index] for index in indices] for line, indices in by_line.items()}
        for file, by_line in found["lines"].items()
    }
    return TestFile(found["seconds"], lines)


def digest(file: str) -> str:
    return hashlib.blake2b(Path(file).read_bytes(), digest_size=8).hexdigest()


def _read(kept: Path, longest: float) -> dict | None:
    """What was measured, unless a file that it depends on is another one by now or shorter tests were asked for."""
    if not kept.exists():
        return None
    found = json.loads(kept.read_text())
    unchanged = all(Path(file).exists() and digest(file) == was for file, was in found["digests"].items())
    return found if unchanged and found["longest"] >= longest else None


def _measure(test_file: str, targets: Sequence[str], longest: float, kept: Path) -> int:
    telling = _Telling(targets)
    sys.meta_path.insert(0, telling)
    watch = _Watch(longest)
    setattr(builtins, _TELL, watch.ran)
    run_pytest([test_file], plugins=[watch], stop_at_first=False)
    passed = {test: seconds for test, seconds in watch.seconds.items() if test not in watch.failed}
    lines: dict[str, dict[int, list[int]]] = {}
    for index, test in enumerate(passed):
        for file, line in sorted(watch.lines[test]):
            lines.setdefault(file, {}).setdefault(line, []).append(index)
    named = (f"tests/{name.replace('.', '/')}.py" for name in sys.modules if name.startswith("support."))
    support = sorted(file for file in named if Path(file).exists())  # no folder
    digests = {file: digest(file) for file in [test_file, *support, *telling.files]}
    partial = kept.with_suffix(".partial")
    partial.write_text(
        json.dumps({"longest": longest, "digests": digests, "seconds": passed, "lines": lines})
    )
    partial.rename(kept)
    return 0


def _too_long(*_: object) -> None:
    pytest.fail("left out")


class _Watch:
    """A pytest plugin: what each test runs, and how long it takes."""

    def __init__(self, longest: float) -> None:
        self.longest = longest
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self.lines: dict[str, set[tuple[str, int]]] = {}
        self._now: set[tuple[str, int]] = set()

    def ran(self, file: str, line: int) -> None:
        self._now.add((file, line))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self._now = self.lines[item.nodeid] = set()
        start = process_time()
        signal.signal(signal.SIGPROF, _too_long)
        signal.setitimer(signal.ITIMER_PROF, self.longest)
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            self.seconds[item.nodeid] = process_time() - start

    def pytest_runtest_logreport(self, report):
        if report.failed or report.skipped:
            self.failed.add(report.nodeid)


class _Telling(MetaPathFinder):
    """Loads modules of the targets so that they tell which statements they run."""

    def __init__(self, targets: Sequence[str]) -> None:
        self.targets = tuple(f"{target}/" for target in targets)
        self.files: list[str] = []

    def find_spec(self, name, path, target=None):
        spec = PathFinder.find_spec(name, path)
        if spec is None or not spec.origin or not spec.origin.endswith(".py"):
            return None
        try:
            file = str(Path(spec.origin).relative_to(Path.cwd()))
        except ValueError:
            return None
        if not file.startswith(self.targets):
            return None
        self.files.append(file)
        spec.loader = _TellingLoader(name, spec.origin)
        return spec


class _TellingLoader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        """Never the compiled file beside the source."""
        tree = ast.parse(self.get_data(self.path))
        file = str(Path(self.path).relative_to(Path.cwd()))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                _make_tell(node, file)
        return compile(ast.fix_missing_locations(tree), self.path, "exec")


def _make_tell(function: ast.AST, file: str) -> None:
    """A call before every statement of the function; of functions in it, they see to that themselves."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(function, name, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            first = name == "body" and isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            setattr(function, name, list(_told(block, file, first)))
    for inner in (*getattr(function, "handlers", ()), *getattr(function, "cases", ())):
        _make_tell(inner, file)


def _told(block: list[ast.stmt], file: str, of_function: bool):
    for place, statement in enumerate(block):
        docstring = of_function and place == 0 and isinstance(statement, ast.Expr)
        if not (docstring and isinstance(statement.value, ast.Constant)):
            told = ast.parse(f"{_TELL}({file!r}, {statement.lineno})").body[0]
            yield ast.copy_location(told, statement)
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            _make_tell(statement, file)
        yield statement
