"""What a benchmark prints that takes long: each row as it is there, and all that there is where it was stopped."""

import json
import os
import signal

import pytest

from report import Row, show_each

WANTED = (Row("ratio", None, "x", "<= 1.05"), Row("lost", None, "jobs", "= 0"), Row("later", None, "s"))


@pytest.fixture(autouse=True)
def handlers():
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


def _values(printed):
    return [(row["id"], row["value"], row["holds"]) for row in json.loads(printed)["rows"]]


def test_a_whole_run_prints_its_rows(capsys):
    show_each(WANTED, iter([(1.0, {"size": 8}), (2, {}), (0.5, {})]), as_json=True)
    told = capsys.readouterr()
    assert _values(told.out) == [("ratio", 1.0, True), ("lost", 2, False), ("later", 0.5, None)]
    assert [line.split()[0] for line in told.err.splitlines()] == ["ratio", "lost", "later"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_prints_what_it_has_before_it_puts_away_its_things(capsys, number):
    told_before = []

    def measured():
        try:
            yield 1.0, {}
            assert "ratio" in capsys.readouterr().err  # told as soon as it was there
            os.kill(os.getpid(), number)
            yield 0, {}
        finally:
            told_before.append(capsys.readouterr().out)

    with pytest.raises(SystemExit) as ended:
        show_each(WANTED, measured(), as_json=True)
    assert ended.value.code == 128 + number
    assert _values(told_before[0]) == [("ratio", 1.0, True), ("lost", None, None), ("later", None, None)]


def test_a_run_that_fails_prints_what_it_has_once(capsys):
    def measured():
        yield 1.0, {}
        raise OSError("no more")

    with pytest.raises(OSError, match="no more"):
        show_each(WANTED, measured(), as_json=False)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["ratio", "lost", "later"]
    assert "not measured" not in lines[0] and all("not measured" in line for line in lines[1:])
