"""The changes that mutation testing makes."""

import ast

import pytest

from mutants.__main__ import by_mutant, by_test
from mutants.mutations import mutated, mutations


def all_of(source):
    """Every program that one change makes of a source."""
    return [ast.unparse(mutated(source, number)[0]) for number in range(len(mutations(ast.parse(source))))]


@pytest.mark.parametrize(
    "source, others",
    [
        ("a < b", ["a <= b"]),
        ("a + b * c", ["a - b * c", "a + b / c"]),
        ("a and b", ["a or b"]),
        ("not a", ["a"]),
        ("f(-a)", ["pass", "f(a)"]),
        ("x = 3", ["x = 4"]),
        ("x = 0.5", ["x = 0.75"]),
        ("x = True", ["x = False"]),
        ("x = 'name'", ["x = 'XXname'"]),
        ("x = y[a:b]", ["x = y[:b]", "x = y[a:]"]),
        ("x = f(a, b=c)", ["x = f(a)"]),
        ("x = where(a, b, c)", ["x = where(a, c, b)"]),
        ("x += y", ["x -= y"]),
        ("x = [y for y in z if y]", ["x = [y for y in z if not y]"]),
        ("x = a if b else c", ["x = a if not b else c"]),
        ("while a:\n    break", ["while not a:\n    break", "while a:\n    continue"]),
    ],
)
def test_every_change_is_made_alone(source, others):
    assert all_of(source) == others


@pytest.mark.parametrize(
    "source",
    [
        '"""Says what it is for."""',
        "import a",
        "raise Fault('A sentence.', 3)",
        "x: list[3]",
        "def f(x: 3) -> 4:\n    pass",
        "@d(frozen=True)\nclass A:\n    pass",
        "Half = Literal['one', 'two']",
        "Either = A | B",
        "x = notice(f'It is {3}.', 4)",
    ],
)
def test_what_only_people_read_is_left_alone(source):
    assert all_of(source) == []


def test_the_lines_of_a_change_are_those_of_its_statement():
    source = (
        "X = 1\nif X:\n    Y = f(\n        2,\n    )\n\ndef g(a=3):\n    return (\n        a + 4\n    )\n"
    )
    places = {
        m.before: (m.first, m.last, m.in_function) for m in mutations(ast.parse(source)) if m.kind == "number"
    }
    assert places == {"1": (1, 1, False), "2": (3, 5, False), "3": (7, 10, False), "4": (8, 10, True)}


def test_a_report_is_gone_on_with():
    found = {
        "a.py:1": {"result": "killed", "by": "tests/test_a.py"},
        "a.py:2": {"result": "killed", "by": "tests/test_a.py", "at_first": "survived"},
        "b.py:3": {"result": "survived", "file": "b.py", "line": 3},
    }
    told = by_test(found | {"a.py:1": {"result": "killed", "by": "tests/test_a.py::test_it"}})
    assert told["killed_by"] == {"tests/test_a.py": ["a.py:1", "a.py:2"]}
    assert by_mutant(told) == found
