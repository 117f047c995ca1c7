"""A list of turns never waits for their pictures: those in a file are read one by one, the last asked for first."""

import numpy as np
import pytest

from editor_core.base.errors import ProjectError
from editor_core.document.stored import StoredArray
from gui.viewmodels.turn_looks import TurnLooks
from support.documents import make_turn

SIZE = (8, 12)


class InFile:
    """A turn whose arrays wait to be read."""

    def __init__(self, number: int) -> None:
        self.read: list[str] = []
        mask = np.zeros(SIZE, np.uint8)
        mask[:2] = 255
        arrays = {"image": np.full((*SIZE, 3), number, np.uint8), "mask": mask}
        stored = {name: self._stored(name, array) for name, array in arrays.items()}
        self.turn = make_turn(number, size=SIZE).changed(**stored)

    def _stored(self, name: str, array: np.ndarray) -> StoredArray:
        def read() -> np.ndarray:
            self.read.append(name)
            return array.copy()

        return StoredArray(array.shape, "u1", read)


@pytest.fixture
def looks(qtbot) -> TurnLooks:
    return TurnLooks()


def test_what_is_in_memory_is_seen_at_once(looks):
    turn = make_turn(1, size=SIZE)
    look = looks.of(turn)
    assert (look.image.width(), look.image.height()) == (112, 74) and looks.of(turn) is look


def test_what_lies_in_a_file_comes_later_the_last_asked_for_first(looks, qtbot):
    files = [InFile(number) for number in range(3)]
    made: list[str] = []
    looks.made.connect(made.append)
    assert all(looks.of(file.turn).image.isNull() for file in files) and not any(file.read for file in files)
    qtbot.waitUntil(lambda: len(made) == 3)
    assert made == [file.turn.id for file in reversed(files)]
    look = looks.of(files[0].turn)
    assert not look.image.isNull() and look.changed == 0.25
    assert all(sorted(file.read) == ["image", "mask"] for file in files)


def test_what_was_scrolled_past_is_not_read(looks, qtbot):
    files = [InFile(number) for number in range(80)]
    made: list[str] = []
    looks.made.connect(made.append)
    for file in files:
        looks.of(file.turn)
    looks.keep_only({file.turn.id for file in files[:79]})
    qtbot.waitUntil(lambda: len(made) == 63)
    qtbot.wait(1)
    assert len(made) == 63 and not any(file.read for file in (*files[:16], files[79]))


def test_a_picture_that_cannot_be_read_stays_empty_and_is_not_asked_for_again(looks, qtbot):
    asked: list[int] = []

    def read() -> np.ndarray:
        asked.append(1)
        raise ProjectError("It is gone.")

    turn = make_turn(1, size=SIZE).changed(image=StoredArray((*SIZE, 3), "u1", read), mask=None)
    looks.of(turn)
    qtbot.waitUntil(lambda: bool(asked))
    assert looks.of(turn).image.isNull() and looks.of(turn).changed is None and len(asked) == 1
