from dataclasses import dataclass

import numpy as np
import pytest

from editor_core.base.errors import EditorError
from editor_core.base.message import Message
from editor_core.engines.common.parameters import (
    defaults,
    described,
    parse_parameters,
    setting,
    share,
)
from editor_core.engines.registry import ENGINES
from editor_core.messages.parameters import GIVEN_MASK, GIVEN_SKETCH, Choice, Kind


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


@dataclass(frozen=True)
class Bounded:
    part: float = share(0.5, Message("Part"), Message("How much"))
    growth: tuple[int, ...] = setting((), Message("Growth"), Message("By how much"), lowest=0, highest=5)
    start: float | None = share(None, Message("Start"), Message("From when"))
    kind: str = setting("a", Message("Kind"), Message("Which"), choices=(Choice("a", Message("A")),))
    seed: int | None = None


def test_what_a_field_says_of_its_range_holds():
    given = {"part": 1, "growth": (0, 5), "start": None, "kind": "a"}
    assert parse_parameters(Bounded, given) == Bounded(1.0, (0, 5))
    for name, wrong in [("part", 1.1), ("growth", (0, -1)), ("start", 2.0), ("part", float("nan"))]:
        with pytest.raises(EditorError, match=f"is not a valid value for “{name}”"):
            parse_parameters(Bounded, {name: wrong})
    with pytest.raises(EditorError, match="“b” is not a valid value for “kind”"):
        parse_parameters(Bounded, {"kind": "b"})


def test_a_dataclass_says_what_a_form_needs():
    part, growth, start, kind = described(Bounded)
    assert (part.kind, part.default, part.about.unit, part.optional) == (Kind.NUMBER, 0.5, "%", False)
    assert (growth.kind, growth.default) == (Kind.WHOLES, [])
    assert start.optional and start.accepts(None) and not part.accepts(None)
    assert kind.accepts("a") and not kind.accepts("b") and not kind.accepts(3)
    assert growth.accepts([5]) and not growth.accepts([6]) and not growth.accepts("12")
    assert part.accepts(1) and not part.accepts(True) and not part.accepts(-0.1)


SET_ELSEWHERE = {  # the prompt bar's own fields, and the mask panel's
    *("seed", "phrase", "variants"),
    *("preset", "strength", "threshold", "similarity_high", "similarity_low", "rounds"),
}


@pytest.mark.parametrize("engine", ENGINES.values(), ids=lambda engine: engine.name)
def test_every_parameter_of_a_method_can_be_set_in_the_window(engine):
    shown = {parameter.name: parameter for parameter in described(engine.parameters)}
    assert set(defaults(engine.parameters)) - set(shown) <= SET_ELSEWHERE
    for parameter in shown.values():
        assert parameter.accepts(parameter.default), parameter.name
        others = {*shown, GIVEN_MASK, GIVEN_SKETCH}
        assert parameter.about.only_if is None or parameter.about.only_if[0] in others
        bounded = parameter.about.lowest is not None and parameter.about.highest is not None
        assert bounded or parameter.kind in (Kind.SWITCH, Kind.TEXT), parameter.name


@pytest.mark.parametrize("engine", ENGINES.values(), ids=lambda engine: engine.name)
def test_every_methods_own_defaults_are_values_of_its_parameters(engine):
    assert parse_parameters(engine.parameters, defaults(engine.parameters)) == engine.parameters()
