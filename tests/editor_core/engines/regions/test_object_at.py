"""The thing at a click: the graph's arithmetic, the cut, and tiny random networks of every kind."""

import numpy as np
import pytest

from editor_core.base.errors import JobCancelled, RegionError
from editor_core.engines.regions.object_at import (
    WALK_ON,
    Graph,
    Graphs,
    enlarged,
    find_object,
    thing_at,
    thing_in,
    walked,
)
from editor_core.messages.requests import FindObject
from support.engine_runs import context_for
from support.tiny_models import tiny_bundle

PICTURE = np.random.default_rng(0).integers(0, 256, (64, 96, 3), np.uint8)
THING = np.s_[16:48, 24:56]


@pytest.fixture(scope="module")
def parted():
    """A picture of 64 x 96 with a noisy red square, and a graph of its 8 x 12 positions that has it nearly apart."""
    rng = np.random.default_rng(1)
    image = rng.normal(60, 12, (64, 96, 3))
    image[THING] = rng.normal((190, 50, 50), 12, (32, 32, 3))
    inside = np.zeros((8, 12), bool)
    inside[2:6, 3:7] = True
    same = inside.ravel()[:, None] == inside.ravel()[None]
    steps = np.where(same, 1.0, 0.02).astype(np.float32)
    return image.clip(0, 255).astype(np.uint8), Graph(
        walked(steps / steps.sum(1, keepdims=True)), (8, 12), (64, 96)
    )


def overlap(mask):
    true = np.zeros((64, 96), bool)
    true[THING] = True
    return ((mask > 0) & true).sum() / ((mask > 0) | true).sum()


def test_a_walk_is_the_sum_of_its_steps():
    steps = np.random.default_rng(0).random((5, 5)).astype(np.float32)
    steps /= steps.sum(1, keepdims=True)
    reached, way = np.zeros((5, 5)), np.eye(5)
    for _ in range(400):
        reached, way = reached + way, WALK_ON * way @ steps
    np.testing.assert_allclose(walked(steps), reached / reached.mean(0), rtol=1e-3)


def test_maps_are_enlarged_both_ways():
    maps = np.eye(4, dtype=np.float32)  # each of 2 x 2 positions looks at itself
    fine = enlarged(maps, (2, 2), (4, 4))
    assert fine.shape == (16, 16)
    np.testing.assert_allclose(fine.sum(1), 1, rtol=1e-5)
    assert fine[0].argmax() == 0 and fine[15].argmax() == 15
    assert np.array_equal(fine[0], fine[5])  # of the same coarse position


@pytest.mark.parametrize("at", [(40, 32), (28, 20)])
def test_a_click_selects_the_thing(parted, at):
    image, graph = parted
    assert overlap(thing_at(graph, image, *at)) > 0.95


def test_a_click_beside_it_selects_the_rest(parted):
    image, graph = parted
    assert overlap(255 - thing_at(graph, image, 80, 10)) > 0.95


def test_a_box_selects_the_thing_in_it(parted):
    image, graph = parted
    mask = thing_in(graph, image, (18, 10, 64, 54))
    assert overlap(mask) > 0.95
    assert not mask[:10].any() and not mask[:, :18].any()


@pytest.mark.parametrize("kind", ["sd1", "sdxl", "default"])
def test_every_kind_of_network_answers_and_remembers(kind, monkeypatch):
    with context_for(tiny_bundle(kind)) as context:
        graphs = Graphs()
        assert not find_object(FindObject(PICTURE), context, graphs).mask.any()

        def refuse():
            raise JobCancelled

        monkeypatch.setattr(context, "check_cancelled", refuse)  # so the network cannot be asked again
        mask = find_object(FindObject(PICTURE, (40, 32)), context, graphs).mask
        assert mask.shape == (64, 96) and mask[32, 40] == 255 and set(np.unique(mask)) <= {0, 255}
        assert find_object(FindObject(PICTURE, box=(10, 10, 60, 50)), context, graphs).mask.shape == (64, 96)
        for nowhere in (FindObject(PICTURE, (96, 3)), FindObject(PICTURE, box=(-9, 0, 0, 9))):
            with pytest.raises(RegionError, match="outside"):
                find_object(nowhere, context, graphs)
        with pytest.raises(JobCancelled):
            find_object(FindObject(PICTURE[::-1].copy()), context, graphs)
