"""Which tests run which lines: each test file once under coverage, a context for each test, in a process of its own."""

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import pytest

from mutants.processes import in_a_fork, run_pytest

FOLDER = Path("build/mutants")


@dataclass
class TestFile:
    """What one test file runs."""

    seconds: dict[str, float]
    """Of the processor, by test; only tests that pass."""
    lines: dict[str, dict[int, list[str]]]
    """By program file and line, the tests that run it."""

    __test__ = False


class _Watch:
    """A pytest plugin: a context for each test, and how long it takes."""

    def __init__(self, cover) -> None:
        self.cover, self.seconds, self.failed = cover, {}, set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self.cover.switch_context(item.nodeid)
        start = process_time()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = process_time() - start
            self.cover.switch_context("")

    def pytest_runtest_logreport(self, report):
        if report.failed or report.skipped:
            self.failed.add(report.nodeid)


def of_file(test_file: str, targets: list[str]) -> TestFile:
    """What the file runs; measured once for a state of the test file and of all that it runs."""
    kept = FOLDER / f"{test_file.replace('/', '.')}.json"
    found = _read(kept)
    if found is None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        done = in_a_fork(lambda: _measure(test_file, targets, kept), seconds=1200)
        found = _read(kept)
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


def _read(kept: Path) -> dict | None:
    """What was measured, unless a file that it depends on is another one by now."""
    if not kept.exists():
        return None
    found = json.loads(kept.read_text())
    unchanged = all(Path(file).exists() and digest(file) == was for file, was in found["digests"].items())
    return found if unchanged else None


def _measure(test_file: str, targets: list[str], kept: Path) -> int:
    import coverage

    cover = coverage.Coverage(data_file=None, include=[f"{target}/*" for target in targets])
    watch = _Watch(cover)
    cover.start()
    run_pytest([test_file], plugins=[watch], stop_at_first=False)
    cover.stop()
    data = cover.get_data()
    passed = {test: seconds for test, seconds in watch.seconds.items() if test not in watch.failed}
    number = {test: index for index, test in enumerate(passed)}
    lines = {}
    for file in data.measured_files():
        lines[str(Path(file).relative_to(Path.cwd()))] = {
            line: [number[test] for test in tests if test in number]
            for line, tests in data.contexts_by_lineno(file).items()
        }
    support = sorted(
        f"tests/{name.replace('.', '/')}.py" for name in sys.modules if name.startswith("support.")
    )
    digests = {file: digest(file) for file in [test_file, *support, *lines]}
    partial = kept.with_suffix(".partial")
    partial.write_text(json.dumps({"digests": digests, "seconds": passed, "lines": lines}))
    partial.rename(kept)
    return 0
