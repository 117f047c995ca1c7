"""The branching history, against a model that is replayed from scratch."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor_core.document.history import HistoryTree
from editor_core.document.turns import Turn


def turn(turn_id: str, parent: str | None = None) -> Turn:
    return Turn(id=turn_id, parent=parent, image=np.zeros((2, 2, 3), np.uint8))


def tree(*edges: tuple[str, str | None]) -> HistoryTree:
    history = HistoryTree()
    for turn_id, parent in edges:
        history.add(turn(turn_id, parent))
    return history


BRANCHED = (("a", None), ("b", "a"), ("c", "b"), ("d", "a"), ("e", None), ("f", "d"))


def test_a_branched_tree_tells_its_shape():
    history = tree(*BRANCHED)
    assert len(history) == 6
    assert [entry.id for entry in history] == list("abcdef")
    assert history.root_ids == ("a", "e")
    assert history.children("a") == ("b", "d")
    assert history.path("f") == ("a", "d", "f")
    assert history.subtree("a") == ("a", "b", "c", "d", "f")
    assert "f" in history and "x" not in history
    assert history["c"].parent == "b"


def test_nothing_is_current_until_a_jump():
    history = tree(*BRANCHED)
    assert history.current is None and history.current_id is None
    history.jump("d")
    assert history.current is history["d"] and history.current_id == "d"
    history.jump(None)
    assert history.current is None


def test_unknown_turns_are_refused():
    history = tree(*BRANCHED)
    with pytest.raises(KeyError):
        history.jump("x")
    with pytest.raises(KeyError):
        history.remove("x")
    with pytest.raises(ValueError, match="already"):
        history.add(turn("a"))
    with pytest.raises(ValueError, match="unknown parent"):
        history.add(turn("g", "x"))
    assert [entry.id for entry in history] == list("abcdef")


def test_a_turn_may_be_replaced_but_not_moved():
    history = tree(*BRANCHED)
    history.replace(replace(history["b"], name="better"))
    assert history["b"].name == "better" and [entry.id for entry in history] == list("abcdef")
    with pytest.raises(ValueError, match="parent"):
        history.replace(turn("b", "e"))
    with pytest.raises(KeyError):
        history.replace(turn("x"))


@pytest.mark.parametrize(
    ("current", "removed", "then"),
    [("c", "b", "a"), ("f", "a", "e"), ("c", "d", "c"), ("a", "a", "e"), ("e", "e", "f")],
)
def test_removing_the_current_turn_shows_its_nearest_relative(current: str, removed: str, then: str):
    history = tree(*BRANCHED)
    history.jump(current)
    history.remove(removed)
    assert history.current_id == then


def test_removing_the_only_root_leaves_nothing_current():
    history = tree(("a", None), ("b", "a"))
    history.jump("b")
    history.remove("a")
    assert history.current is None and len(history) == 0


# -- against a model: (id, parent) pairs in the order of insertion, and the current id


class Model:
    """What a history should be, computed the long way round."""

    def __init__(self) -> None:
        self.edges: list[tuple[str, str | None]] = []
        self.current: str | None = None

    def descends(self, turn_id: str | None, ancestor: str) -> bool:
        parents = dict(self.edges)
        while turn_id is not None:
            if turn_id == ancestor:
                return True
            turn_id = parents[turn_id]
        return False

    def remove(self, turn_id: str) -> None:
        parent = dict(self.edges)[turn_id]
        lost = self.descends(self.current, turn_id)
        self.edges = [edge for edge in self.edges if not self.descends(edge[0], turn_id)]
        if lost:
            self.current = parent or (self.edges[-1][0] if self.edges else None)


def state(history: HistoryTree) -> tuple[list[tuple[str, str | None]], str | None]:
    return [(entry.id, entry.parent) for entry in history], history.current_id


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["add", "root", "jump", "remove", "restore"]), st.integers(0, 50))))
def test_random_changes_equal_a_replayed_model(steps: list[tuple[str, int]]):
    history, model = HistoryTree(), Model()
    for number, (action, pick) in enumerate(steps):
        ids = [turn_id for turn_id, _ in model.edges]
        chosen = ids[pick % len(ids)] if ids else None
        if action in ("add", "root"):
            parent = chosen if action == "add" else None
            history.add(turn(f"t{number}", parent))
            model.edges.append((f"t{number}", parent))
        elif chosen is not None and action == "jump":
            history.jump(chosen)
            model.current = chosen
        elif chosen is not None and action == "remove":
            history.remove(chosen)
            model.remove(chosen)
        elif chosen is not None:
            before = state(history)
            history.restore(history.remove(chosen))
            assert state(history) == before
        assert state(history) == (model.edges, model.current)
        for turn_id, parent in model.edges:
            assert history.path(turn_id)[-1] == turn_id
            assert (history.path(turn_id)[:-1] or (None,))[-1] == parent
