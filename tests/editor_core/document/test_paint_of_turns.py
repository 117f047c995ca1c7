"""What was painted on a turn goes with it: other turns do not show it, and it comes back with its own."""

import numpy as np
import pytest

from editor_core.document import arrange
from editor_core.document.commands import (
    AcceptTurn,
    AddLayer,
    JumpToTurn,
    RemoveTurn,
    SetLayerProperty,
)
from editor_core.document.document import Document
from editor_core.document.layers import MaskLayer, RasterLayer
from editor_core.document.result_placement import ResultPlacement, accept
from editor_core.document.tiles import Tiles
from editor_core.document.turns import Turn
from editor_core.project.archive import Archive
from editor_core.project.foreign_saves import new_layers
from editor_core.project.journal import read_step, write_step
from editor_core.project.openraster import export_openraster, read_openraster
from editor_core.project.project_file import load_project, save_project
from support.documents import make_turn


@pytest.fixture
def document():
    return Document.new_from_turn(make_turn(1))


def ink(document, name="ink"):
    """Paint half transparent: drawn twice it would show."""
    pixels = np.full((20, 30, 4), (200, 10, 30, 128), np.uint8)
    document.execute(AddLayer(RasterLayer(name=name, tiles=Tiles.from_array(pixels, 10, 10))))
    return document.layers.layers[-1]


def change_of(turn, seed, square=slice(50, 90)):
    mask = np.zeros(turn.image.shape[:2], np.uint8)
    mask[square, square] = 255
    image = turn.image.copy()
    image[mask > 0] = seed
    return make_turn(seed, turn, image=image, mask=mask)


def painting(document):
    """What the layers show, read as a turn of its own: as before an edit of what was painted."""
    parent = document.history.current
    mask = (document.picture() != parent.image).any(axis=2).astype(np.uint8) * 255
    return make_turn(70, parent, image=document.picture(), mask=mask, method="paint")


def names(document):
    return [layer.name for layer in document.layers]


def test_paint_goes_with_its_turn(document):
    first = document.history.current
    owl = change_of(first, 5)
    document.execute(accept(document, owl, ResultPlacement.REPLACE))
    document.execute(JumpToTurn(first.id))
    ink(document)
    painted = document.picture()
    document.execute(JumpToTurn(owl.id))
    assert np.array_equal(document.picture(), owl.image) and names(document) == ["Picture"]
    document.execute(JumpToTurn(first.id))
    assert np.array_equal(document.picture(), painted) and names(document) == ["Picture", "ink"]
    for expected in (owl.image, painted, first.image, owl.image):
        document.undo()
        assert np.array_equal(document.picture(), expected)
    for expected in (first.image, painted, owl.image, painted):
        document.redo()
        assert np.array_equal(document.picture(), expected)


def test_what_was_made_of_paint_shows_it_once(document):
    """The layers of a painting are what its turn shows; the turn before is as it was before it was painted on."""
    first = document.history.current
    ink(document)
    painted = painting(document)
    document.execute(AcceptTurn(painted, shown=True))
    cat = change_of(painted, 5, slice(5, 25))
    document.execute(accept(document, cat, ResultPlacement.REPLACE))
    for turn in (first, painted, cat, first, cat, painted):
        document.execute(JumpToTurn(turn.id))
        assert np.array_equal(document.picture(), turn.image)
    assert names(document) == ["Picture", "ink"], "still a layer that can be changed"


def test_results_of_other_branches_are_no_pile(document):
    first = document.history.current
    branches = [change_of(first, seed) for seed in (3, 4, 5)]
    for turn in branches:
        document.execute(JumpToTurn(first.id))
        document.execute(accept(document, turn, ResultPlacement.TOP, name=turn.prompt))
    assert names(document) == ["Picture", branches[-1].prompt]
    document.execute(JumpToTurn(branches[0].id))
    assert names(document) == ["Picture", branches[0].prompt]
    assert np.array_equal(document.picture(), branches[0].image)


def test_masks_stay_where_they_are_and_places_are_kept(document):
    first = document.history.current
    for name in ("low", "high"):
        ink(document, name=name)
    document.execute(AddLayer(MaskLayer(name="mask", tiles=Tiles(1)), 2))
    before = names(document)
    owl = make_turn(5)
    document.execute(AcceptTurn(owl))
    assert names(document) == ["Picture", "mask"]
    document.execute(JumpToTurn(first.id))
    assert names(document) == before == ["Picture", "low", "mask", "high"]


def test_a_layer_can_be_shown_on_every_turn(document):
    frame = ink(document)
    document.execute(SetLayerProperty(frame.id, on_turns=()))
    document.execute(AcceptTurn(make_turn(5)))
    assert names(document) == ["Picture", "ink"]
    document.undo()
    document.undo()
    document.execute(AcceptTurn(make_turn(5)))
    assert names(document) == ["Picture"]


def test_grouped_paint_is_still_its_turns(document):
    first, layer = document.history.current, ink(document)
    command, _ = arrange.group(document, [layer.id], "group")
    document.execute(command)
    painted = document.picture()
    document.execute(AcceptTurn(make_turn(5)))
    assert names(document) == ["Picture"]
    document.execute(JumpToTurn(first.id))
    assert names(document) == ["Picture", "group"] and np.array_equal(document.picture(), painted)


def test_what_is_parked_is_saved_and_hidden_from_other_programs(document, tmp_path):
    first = document.history.current
    ink(document)
    painted, owl = document.picture(), make_turn(5)
    document.execute(AcceptTurn(owl))
    save_project(document, tmp_path / "a.palimpsest")
    again = load_project(tmp_path / "a.palimpsest")
    assert names(again) == ["Picture"] and np.array_equal(again.picture(), owl.image)
    again.execute(JumpToTurn(first.id))
    assert names(again) == ["Picture", "ink"] and np.array_equal(again.picture(), painted)
    export_openraster(document, tmp_path / "a.ora")
    with Archive(tmp_path / "a.ora", lasting=False) as archive:
        plain, _ = read_openraster(archive)
    assert [(layer.name, layer.visible) for layer in plain.layers] == [("Picture", True), ("ink", False)]


def test_paint_goes_when_its_turn_is_deleted_and_comes_back_with_it(document):
    first, owl = document.history.current, make_turn(5)
    document.execute(AcceptTurn(owl))
    ink(document)
    painted = document.picture()
    document.execute(JumpToTurn(first.id))
    document.execute(RemoveTurn(owl.id))
    assert [layer.name for layer in document.layers.walk_whole()] == ["Picture"]
    document.undo()
    document.execute(JumpToTurn(owl.id))
    assert np.array_equal(document.picture(), painted)
    document.execute(RemoveTurn(owl.id))
    assert np.array_equal(document.picture(), first.image) and names(document) == ["Picture"]
    document.undo()
    assert np.array_equal(document.picture(), painted) and names(document) == ["Picture", "ink"]


def test_paint_stays_where_no_turn_is_left(document):
    ink(document)
    painted = document.picture()
    document.execute(RemoveTurn(document.history.current.id))
    assert np.array_equal(document.picture(), painted)
    document.execute(AcceptTurn(make_turn(5)))
    assert names(document) == ["Picture", "ink"], "it belongs to nothing that is gone"


def test_a_recovery_step_holds_what_is_parked(document, tmp_path):
    first, before = document.history.current, document.snapshot()
    ink(document)
    painted = document.picture()
    document.execute(AcceptTurn(make_turn(5)))
    write_step(tmp_path / "step.zip", before, document.snapshot())
    again = Document.from_snapshot(read_step(tmp_path / "step.zip", before))
    assert names(again) == ["Picture"]
    again.execute(JumpToTurn(first.id))
    assert names(again) == ["Picture", "ink"] and np.array_equal(again.picture(), painted)


def test_what_is_parked_here_is_not_taken_from_another_save_again(document, tmp_path):
    first = document.history.current
    ink(document)
    owl = make_turn(5)
    document.execute(AcceptTurn(owl))
    save_project(document, tmp_path / "a.palimpsest")
    theirs = load_project(tmp_path / "a.palimpsest")
    theirs.execute(JumpToTurn(first.id))  # there the paint is shown
    ink(theirs, name="their ink")
    assert [layer.name for layer in new_layers(document.layers, theirs.layers)] == ["their ink"]
    theirs.execute(JumpToTurn(owl.id))  # and there parked
    assert [layer.name for layer in new_layers(document.layers, theirs.layers)] == ["their ink"]


def test_a_group_that_holds_the_picture_is_every_turns(document):
    first, layer = document.history.current, ink(document)
    command, _ = arrange.group(document, [document.picture_layer_id, layer.id], "group")
    document.execute(command)
    document.execute(AcceptTurn(make_turn(5)))
    assert names(document) == ["group"] and document.picture_layer is not None
    document.execute(JumpToTurn(first.id))
    assert names(document) == ["group"]


def test_paint_is_enlarged_with_its_turn_and_lies_on_the_smaller_one(document):
    ink(document)
    painted = document.picture()
    document.execute(AcceptTurn(painting(document), shown=True))
    small = document.history.current
    large = Turn(image=painted.repeat(2, 0).repeat(2, 1), prompt="large", parent=small.id, method="upscale")
    document.execute(AcceptTurn(large))
    assert np.array_equal(document.picture(), large.image) and names(document) == ["Picture"]
    document.execute(JumpToTurn(small.id))
    assert np.array_equal(document.picture(), painted) and names(document) == ["Picture", "ink"]
    document.undo()
    assert np.array_equal(document.picture(), large.image)
    document.undo()
    assert np.array_equal(document.picture(), painted) and document.history.current is small
