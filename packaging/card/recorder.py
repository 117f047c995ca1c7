"""A pytest plugin: every test's result as soon as it is there, and no test a second time.

A fault of a kernel leaves the whole process unable to use the card. Then the process ends, and another goes on with
the tests that follow.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

RESULTS = "CARD_TEST_RESULTS"
"""The environment variable with the file of results, a JSON object a line."""
UNUSABLE = 77
"""The exit code of a process that cannot use the card any more."""
_MAX_TEXT = 6000


def known(path: Path) -> dict[str, dict[str, Any]]:
    """The results so far, by test."""
    if not path.exists():
        return {}
    results = [json.loads(line) for line in path.read_text().splitlines() if line.endswith("}")]
    return {result["id"]: result for result in results}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    done = known(Path(os.environ[RESULTS]))
    again = [item for item in items if item.nodeid in done]
    items[:] = [item for item in items if item.nodeid not in done]
    if again:
        config.hook.pytest_deselected(items=again)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if report.when == "call" or report.outcome != "passed":
        _keep(item, report)
        if report.outcome == "failed" and _card_is_unusable():
            os._exit(UNUSABLE)
    return report


def _keep(item: pytest.Item, report: pytest.TestReport) -> None:
    result = {"id": item.nodeid, "outcome": report.outcome, "seconds": round(report.duration, 3)}
    if report.outcome == "failed":
        result["text"] = report.longreprtext[-_MAX_TEXT:]
    elif report.outcome == "skipped":
        result["text"] = str(report.longrepr[-1]) if isinstance(report.longrepr, tuple) else ""
    with Path(os.environ[RESULTS]).open("a") as file:
        file.write(json.dumps(result) + "\n")


def _card_is_unusable() -> bool:
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_initialized():
        return False
    try:
        torch.cuda.synchronize()
        torch.zeros(1, device="cuda").item()
    except RuntimeError:
        return True
    return False
