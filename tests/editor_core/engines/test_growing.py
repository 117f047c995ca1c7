"""A mask that gives way to what is painted in it."""

import numpy as np
import pytest

from editor_core.engines import growing
from editor_core.engines.generate import generate
from editor_core.messages.requests import Edit, Generate, Sampling
from support.engine_runs import as_base, context_for, engine_edit
from support.tiny_models import tiny_bundle

SAMPLING = Sampling(seed=3, steps=5, guidance=3.0)


@pytest.fixture(scope="module")
def context():
    with context_for(tiny_bundle("default")) as context:
        yield context


@pytest.fixture(scope="module")
def base(context):
    return as_base(generate(Generate("a red cat on the sofa", 128, 128, SAMPLING), context, 3))


@pytest.fixture
def mask():
    mask = np.zeros((128, 128), np.uint8)
    mask[32:72, 40:88] = 255
    return mask


def thing_is(monkeypatch, rows, columns):
    """As if a thing had come there, which a random network does not tell."""
    thing = np.zeros((128, 128), bool)
    thing[rows, columns] = True
    monkeypatch.setattr(growing, "_thing", lambda *_: thing)


def edited(context, base, mask, method, **parameters):
    own = {"phrase": "a dog", "variants": 1} if method == "instdiffedit" else {}
    return engine_edit(context, Edit((base,), "a dog on the sofa", mask, method, own | parameters))


@pytest.mark.parametrize("method", ["fisedit", "instdiffedit"])
def test_a_thing_pushes_the_edge_and_nothing_changes_beyond_it(context, base, mask, method, monkeypatch):
    thing_is(monkeypatch, slice(60, 84), slice(50, 70))
    told = []
    monkeypatch.setattr(context, "region", told.append)
    spaces = {space.name for space in context.cache.spaces()}
    result = edited(context, base, mask, method, grow_mask=True)
    assert (result.mask[mask > 0] > 0).all() and (result.mask[60:84, 50:70] > 0).all()
    assert result.mask[:24].max() == result.mask[96:].max() == 0, "no farther than the thing"
    assert np.array_equal(result.image[result.mask == 0], base.image[result.mask == 0])
    assert len(told) == 1 and np.array_equal(told[0] > 0, result.mask > 0), "of the trial nothing is told"
    assert {space.name for space in context.cache.spaces()} - spaces <= {result.cache_space}


@pytest.mark.parametrize(
    "rows, columns",
    [(slice(40, 60), slice(50, 70)), (slice(80, 96), slice(50, 70)), (slice(0, 0), slice(0, 0))],
)
def test_a_thing_that_fits_or_does_not_come_leaves_the_mask_alone(
    context, base, mask, monkeypatch, rows, columns
):
    thing_is(monkeypatch, rows, columns)
    plain = edited(context, base, mask, "instdiffedit")
    result = edited(context, base, mask, "instdiffedit", grow_mask=True)
    assert np.array_equal(result.mask, plain.mask) and np.array_equal(result.image, plain.image)
    assert not plain.parameters["grow_mask"] and plain.mask[mask == 0].max() == 0


def test_there_is_less_strength_the_farther_out_and_none_far_away(mask):
    room = growing._with_room(mask)
    assert np.array_equal(room[mask > 0], mask[mask > 0])
    below = room[72:, 64]
    assert 170 < below[0] < 255 * 0.7 and (np.diff(below[:20].astype(int)) < 0).all()
    assert below[19] > 70 and below[20:].max() == 0, "half of the shorter side"
    assert room[88, 104] == 0, "round corners"


def test_a_shadow_goes_with_its_thing_and_light_does_not(mask):
    thing = np.zeros((128, 128), bool)
    thing[60:76, 50:70] = True
    before = np.full((128, 128, 3), 128, np.uint8)
    after = before.copy()
    after[72:84, 70:86] = 60
    after[72:84, 36:48] = 220
    after[100:110, 60:70] = 60
    pushed = growing._pushed(thing, before, after, mask, growing._with_room(mask), 8)
    assert (pushed[74:82, 72:84] > 0).all(), "the shadow"
    assert pushed[74:82, 36:40].max() == 0 and pushed[98:].max() == 0 and pushed[mask > 0].max() == 0
