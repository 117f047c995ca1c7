from dataclasses import dataclass

import numpy as np
import pytest

from editor_core.base.errors import EditorError
from editor_core.engines.common.parameters import check_ranges, defaults, parse_parameters, value_from_text
from editor_core.engines.registry import ENGINES


@dataclass(frozen=True)
class Numbers:
    share: float = 0.5
    count: int = 3
    switch: bool = True
    name: str = ""
    growth: tuple[int, ...] = ()
    seed: int | None = None
    start: float | None = None


def test_what_is_not_given_keeps_its_default():
    assert parse_parameters(Numbers, {}) == Numbers()
    given = {"share": 1, "growth": [1, 2], "seed": None, "start": 0}
    assert parse_parameters(Numbers, given) == Numbers(share=1.0, growth=(1, 2), start=0.0)


@pytest.mark.parametrize(
    "given",
    [
        {"share": "0.5"},
        {"share": True},
        {"share": None},
        {"count": 3.0},
        {"count": True},
        {"switch": 1},
        {"name": 3},
        {"growth": [1.5]},
        {"growth": 1},
        {"seed": "3"},
        {"count": np.float32(3)},
    ],
)
def test_values_of_the_wrong_type_are_refused_by_name(given):
    (name,) = given
    with pytest.raises(EditorError, match=f"is not a valid value for “{name}”"):
        parse_parameters(Numbers, given)


def test_unknown_names_are_refused_with_those_there_are():
    with pytest.raises(EditorError, match=r"no setting called “shares”. Available: count, growth, name, "):
        parse_parameters(Numbers, {"shares": 1})
    assert parse_parameters(Numbers, {"shares": 1, "count": 4}, besides=["shares"]).count == 4


@pytest.mark.parametrize(
    "name, text, value",
    [
        ("share", "0.25", 0.25),
        ("count", "4", 4),
        ("switch", "off", False),
        ("switch", "True", True),
        ("name", "a b", "a b"),
        ("growth", "1, 2", (1, 2)),
        ("growth", "", ()),
        ("seed", "7", 7),
        ("start", "1", 1.0),
    ],
)
def test_text_becomes_what_the_field_is(name, text, value):
    found = value_from_text(Numbers, name, text)
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    "name, text", [("count", "4.5"), ("switch", "maybe"), ("share", "much"), ("growth", "1,x")]
)
def test_text_that_is_no_value_is_refused(name, text):
    with pytest.raises(EditorError, match=f"is not a valid value for “{name}”"):
        value_from_text(Numbers, name, text)


def test_ranges():
    check_ranges(Numbers(growth=(0, 1)), {"share": (0, 1), "growth": (0, 5), "start": (0, 1)})
    for wrong in (Numbers(share=1.1), Numbers(growth=(0, -1)), Numbers(start=2.0)):
        with pytest.raises(EditorError, match="is not a valid value for"):
            check_ranges(wrong, {"share": (0, 1), "growth": (0, 5), "start": (0, 1)})


@pytest.mark.parametrize("engine", ENGINES.values(), ids=lambda engine: engine.name)
def test_every_methods_own_defaults_are_values_of_its_parameters(engine):
    assert parse_parameters(engine.parameters, defaults(engine.parameters)) == engine.parameters()
