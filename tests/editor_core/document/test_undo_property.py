"""Random work on a document: undoing all of it is the start, redoing all of it is the end, to the last bit."""

from dataclasses import dataclass

import numpy as np
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from editor_core.base.errors import LayerError
from editor_core.document.commands import (
    AcceptTurn,
    AddLayer,
    CompositeCommand,
    JumpToTurn,
    MoveLayer,
    PaintStroke,
    RemoveLayer,
    RemoveTurn,
    RenameTurn,
    SetDrafts,
    SetLayerProperty,
    ShiftLayer,
    StarTurn,
)
from editor_core.document.document import Document
from editor_core.document.geometry import Rect
from editor_core.document.layers import GroupLayer, MaskLayer, PixelLayer, RasterLayer
from editor_core.document.undo import Command
from support.documents import contents, make_turn

ACTIONS = (
    "paint",
    "add",
    "add group",
    "remove",
    "move",
    "opacity",
    "place",
    "shift",
    "lock",
    "accept",
    "jump",
    "delete turn",
)
ACTIONS += (
    "type",
    "type",
    "set",
    "rename",
    "star",
    "both",
    "drag",
    "undo",
    "undo",
    "redo",
    "end merging",
    "mark saved",
)


@dataclass
class Worker:
    """An artist who does at random what is possible."""

    document: Document
    random: np.random.Generator

    def command(self, action: str) -> Command | None:
        document, random = self.document, self.random
        layers = list(document.layers.walk())
        groups = [None, *(layer.id for layer in layers if isinstance(layer, GroupLayer))]
        layer = layers[random.integers(len(layers))] if layers else None
        turns = list(document.history)
        turn = turns[random.integers(len(turns))] if turns else None
        parent = groups[random.integers(len(groups))]
        match action:
            case "paint" if isinstance(layer, PixelLayer):
                return self._stroke(layer)
            case "add":
                kind = RasterLayer if random.random() < 0.7 else MaskLayer
                return AddLayer(kind(name=f"layer {len(layers)}"), int(random.integers(3)), parent)
            case "add group":
                return AddLayer(GroupLayer(name="group"), None, parent)
            case "remove" if layer is not None:
                return RemoveLayer(layer.id)
            case "move" if layer is not None:
                return MoveLayer(layer.id, int(random.integers(3)), parent)
            case "opacity" if layer is not None:
                return SetLayerProperty(layer.id, opacity=float(random.random()))
            case "place" if isinstance(layer, PixelLayer):
                return SetLayerProperty(layer.id, x=int(random.integers(-50, 50)), y=3)
            case "shift" if layer is not None:
                return ShiftLayer(layer.id, int(random.integers(-50, 50)), 3)
            case "lock" if layer is not None:
                return SetLayerProperty(layer.id, locked=not layer.locked)
            case "accept":
                size = (40, 60) if random.random() < 0.8 else (50, 30)
                made = make_turn(int(random.integers(1000)), turn, size, mask=None)
                return AcceptTurn(made, shown=random.random() < 0.2)
            case "jump" if turn is not None:
                return JumpToTurn(turn.id)
            case "delete turn" if turn is not None:
                return RemoveTurn(turn.id)
            case "rename" if turn is not None:
                return RenameTurn(turn.id, f"name {random.integers(9)}")
            case "star" if turn is not None:
                return StarTurn(turn.id, not turn.starred)
            case "type" | "set":
                name, value = ("prompt", f"words {random.integers(99)}") if action == "type" else ("seed", 7)
                key = (document.history.current_id or "" if action == "type" else "", name)
                return SetDrafts({key: None}, {key: value})
            case "both" if layer is not None:
                parts = [
                    SetLayerProperty(layer.id, name="both"),
                    AcceptTurn(make_turn(7, turn, (40, 60), mask=None)),
                ]
                return CompositeCommand("Both", parts)
        return None

    def _stroke(self, layer: PixelLayer) -> Command:
        rect = Rect(*(int(value) for value in self.random.integers(-20, 40, 2)), 15, 9)
        pixels = self.random.integers(0, 256, (9, 15, layer.tiles.channels), np.uint8)
        return PaintStroke(layer.id, layer.tiles, layer.tiles.with_pixels(rect.x, rect.y, pixels))


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@example([*["paint"] * 3, "move", "move", "add group", "paint", "move", "accept", "paint", "accept"], 0, True)
@example(
    ["both", "add group", "paint", "add group", "drag", "paint", "add group", "paint", "paint"]
    + ["accept", "paint", "add", "delete turn", "accept"],
    4194303,
    True,
)
@given(st.lists(st.sampled_from(ACTIONS), min_size=10, max_size=80), st.integers(0, 2**31), st.booleans())
def test_undo_all_is_the_start_and_redo_all_is_the_end(
    actions: list[str], seed: int, begins_with_a_turn: bool
):
    document = Document(60, 40)
    if begins_with_a_turn:
        document = Document.new_from_turn(make_turn(1, size=(40, 60)))
    worker = Worker(document, np.random.default_rng(seed))
    states = [contents(document)]  # by position on the undo stack
    for action in actions:
        if action == "undo":
            document.undo()
        elif action == "redo":
            document.redo()
        elif action == "end merging":
            document.end_merging()
        elif action == "mark saved":
            document.mark_saved()
        elif action == "drag":
            for layer in list(document.layers.walk())[:1] * 3:
                _execute(document, SetLayerProperty(layer.id, opacity=float(worker.random.random())), states)
        else:
            _execute(document, worker.command(action), states)
        assert contents(document) == states[len(document.undo_stack)]
    while document.undo_stack.next_redo is not None:
        document.redo()
    end = contents(document)
    while document.undo_stack.next_undo is not None:
        document.undo()
        assert contents(document) == states[len(document.undo_stack)]
    assert contents(document) == states[0]
    while document.undo_stack.next_redo is not None:
        document.redo()
    assert contents(document) == end


def _execute(document: Document, command: Command | None, states: list[dict[str, object]]) -> None:
    """Execute, and keep the list of states in step: longer by one, or the last one replaced by a merge."""
    if command is None:
        return
    before = contents(document)
    try:
        document.execute(command)
    except LayerError:
        assert contents(document) == before
        return
    states[len(document.undo_stack) :] = [contents(document)]
