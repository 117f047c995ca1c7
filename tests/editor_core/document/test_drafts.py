"""What a file kept of drafts: only values that the window could have written."""

import pytest

from editor_core.document.drafts import Drafts
from support.documents import make_turn

TURN = "0123456789ab"
GOOD = {
    "prompt": "a fox",
    "steps": 20,
    "guidance": 7,
    "seed": None,
    "variants": 3,
    "masafusion.fused_layers": 9,
}


def test_what_was_kept_comes_back():
    kept = {TURN: {"prompt": "a fox", "guidance": 7.5}, "": {"seed": None, "variants": 2}}
    assert Drafts.from_json(kept).to_json({TURN}) == kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("prompt", 5),
        ("prompt", "a" * 1_000_001),
        ("steps", 0),
        ("steps", 10**30),
        ("steps", True),
        ("steps", 20.0),
        ("guidance", float("nan")),
        ("guidance", 1e308),
        ("seed", -1),
        ("seed", 2**64),
        ("variants", []),
        ("method", None),
        ("image", "x"),
        ("masafusion.fused_layers", {"of": 16}),
        ("masafusion.fused_layers", 2**64),
        ("masafusion.fused_layers.more", 3),
    ],
)
def test_what_could_not_be_is_left_out_alone(name: str, value: object):
    found = Drafts.from_json({TURN: {**GOOD, name: value}}).to_json({TURN})[TURN]
    assert found == {key: known for key, known in GOOD.items() if key != name}


@pytest.mark.parametrize("kept", [None, [], "x", {TURN: 5}, {TURN: ["a"]}])
def test_what_is_no_table_is_nothing(kept: object):
    assert Drafts.from_json(kept) == Drafts()


def test_percent_of_before_are_shares_of_their_method_now():
    found = Drafts.from_json({TURN: {"sketch_share": 40, "sketch_strength": "much"}})
    assert found.to_json({TURN}) == {TURN: {"masafusion.sketch_share": 0.4}}


def test_what_was_typed_is_no_draft_any_more_once_it_is_made():
    drafts = Drafts(
        {(TURN, "steps"): 20, (TURN, "guidance"): 7.5, (TURN, "prompt"): "a  red fox ", ("x", "steps"): 20}
    )
    made = make_turn(1, steps=20, guidance=5.0, prompt="a red fox")
    assert drafts.once_made(made, {TURN}).values == {(TURN, "guidance"): 7.5, ("x", "steps"): 20}
    assert drafts.moved("x", "y").values.keys() == {*drafts.values.keys(), ("y", "steps")} - {("x", "steps")}
