"""How much an edit may change, for every way of editing: the ends, what lies between, and grey masks."""

import numpy as np
import pytest
import torch

from editor_core.backbones.unet import row_step
from editor_core.base.errors import EditorError
from editor_core.base.settings import Settings
from editor_core.engines import embctrl
from editor_core.engines.common.strength import beginnings, first_step
from editor_core.engines.generate import generate
from editor_core.messages.requests import Edit, Generate, Sampling
from editor_core.session.session import Session
from support.engine_runs import as_base, context_for, engine_edit, rows_only
from support.tiny_models import tiny_bundle

STEPS = 4
WORDS = "a blue cat on the sofa"
WAYS = ["fisedit", "instdiffedit", "masafusion", "embctrl"]


@pytest.fixture(scope="module")
def context():
    with pytest.MonkeyPatch.context() as patch, context_for(tiny_bundle("default")) as context:
        patch.setattr(row_step, "choose", rows_only)
        patch.setattr(embctrl, "MIN_VISIBLE", 0)  # a tiny network changes little
        yield context


@pytest.fixture(scope="module")
def base(context):
    sampling = Sampling(seed=3, steps=STEPS, guidance=3.0)
    return as_base(generate(Generate("a red cat on the sofa", 96, 64, sampling), context, 3))


def left(base, tone=255):
    mask = np.zeros(base.image.shape[:2], np.uint8)
    mask[:, :48] = tone
    return mask


def edited(context, base, way, strength, mask=None, **parameters):
    if way == "instdiffedit":
        parameters = {"variants": 1, "phrase": WORDS} | parameters
    given = None if way == "embctrl" else left(base) if mask is None else mask
    guidance = 30.0 if way == "embctrl" else None  # else nothing of it is seen
    return engine_edit(
        context, Edit((base,), WORDS, given, way, parameters, None, guidance, strength=strength)
    )


def test_a_share_of_the_steps_is_left_out_and_no_strength_but_0_leaves_out_all():
    assert [first_step(share, 10) for share in (1.0, 0.95, 0.7, 0.3, 0.01, 0.0)] == [0, 0, 3, 7, 9, 10]
    found = beginnings(
        np.array([[True, True, True, False]]), 10, 0.5, np.array([[255, 128, 1, 255]], np.uint8)
    )
    assert found.first.tolist() == [[5, 7, 9, 10]]
    assert found.stages == (5, 7, 9) and found.region.tolist() == [[True, True, True, False]]
    assert found.begun(7).tolist() == [[True, True, False, False]] and found.stage(8) == 7


def test_a_position_has_the_strength_of_its_lightest_pixel():
    mask = np.zeros((8, 12), np.uint8)
    mask[3, 3], mask[4, 3], mask[5, 9] = 51, 102, 204
    found = beginnings(np.array([[True, True, True], [True, False, True]]), 10, 1.0, mask)
    assert found.first.tolist() == [[8, 10, 10], [6, 10, 2]]


@pytest.mark.parametrize("way", WAYS)
def test_the_weaker_an_edit_the_less_it_changes(context, base, way):
    strengths = (1.0, 0.5, 0.25)
    results = [edited(context, base, way, strength) for strength in strengths]
    before = base.latents["trajectory"]
    changes = [np.abs(result.latents["trajectory"][-1] - before[-1]).mean() for result in results]
    assert changes[0] > changes[1] > changes[2]
    for result, strength in zip(results, strengths, strict=True):
        step = first_step(strength, STEPS)
        path = result.latents["trajectory"]
        assert np.array_equal(path[:step], before[:step]) and not np.array_equal(
            path[step + 1 :], before[step + 1 :]
        )
        assert result.record.first_step == step and result.strength == strength
        assert np.array_equal(result.image[:, 48:], base.image[:, 48:]) or way == "embctrl"


@pytest.mark.parametrize("way", WAYS[:3])
def test_the_whole_strength_is_the_edit_without_one(context, base, way):
    parameters = {"variants": 1, "phrase": WORDS} if way == "instdiffedit" else {}
    asked = engine_edit(context, Edit((base,), WORDS, left(base), way, parameters))
    assert np.array_equal(asked.image, edited(context, base, way, 1.0).image)
    assert asked.record.first_step == 0 and "begins" not in asked.latents


def test_no_strength_is_the_picture_itself_and_can_be_edited_on():
    bundle = tiny_bundle("default")
    with Session(Settings(), loader=lambda *_: bundle, keep_on_disk=False) as session:
        heard = []
        sampling = Sampling(seed=3, steps=2, guidance=3.0)
        base = as_base(session.run(0, Generate("a red cat", 64, 64, sampling), heard.append))
        for way in WAYS:
            still = session.run(0, Edit((base,), "a dog", method=way, strength=0.0), heard.append)
            assert np.array_equal(still.image, base.image) and not still.mask.any()
            assert still.prompt == base.prompt and still.strength == 0
        mask = left(base)
        after = session.run(0, Edit((base, as_base(still)), "a dog", mask), heard.append)
        assert np.array_equal(after.image, session.run(0, Edit((base,), "a dog", mask), heard.append).image)
        with pytest.raises(EditorError, match="strength"):
            session.run(0, Edit((base,), "a dog", strength=1.5), heard.append)


@pytest.mark.parametrize("way", WAYS[:3])
def test_grey_parts_of_a_mask_begin_later_and_change_less(context, base, way):
    mask = left(base)
    mask[:, 24:48] = 63
    how = {"plant": False}
    soft, hard = (edited(context, base, way, 1.0, mask, soft_mask=on, **how) for on in (True, False))
    path, before = soft.latents["trajectory"], base.latents["trajectory"]
    grey = slice(24 // context.bundle.downscale, 48 // context.bundle.downscale)
    last = 4 if way == "fisedit" else 3  # the others bring a noise of their own
    assert np.array_equal(path[:last, ..., grey], before[:last, ..., grey])
    assert not np.array_equal(path[4, ..., grey], before[4, ..., grey])
    assert not np.array_equal(path[1, ..., :3], before[1, ..., :3])
    assert np.array_equal(soft.image[:, 48:], base.image[:, 48:])
    if way != "masafusion":
        assert soft.log["executor"] == "incremental" and sorted(
            {x["begins"] for x in soft.log["levels"]}
        ) == [0, 3]
        assert "begins" not in hard.latents and soft.cache_space != hard.cache_space


def test_a_region_that_grows_is_painted_by_rows_as_densely(context, base):
    mask = left(base)
    mask[:, 24:48] = 128
    rows = edited(context, base, "fisedit", 1.0, mask)
    whole = edited(context, base, "fisedit", 1.0, mask, incremental=False)
    assert rows.log["executor"] == "incremental" and whole.log["executor"] == "dense"
    assert np.abs(rows.image.astype(int) - whole.image).mean() < 6


@pytest.mark.parametrize("tone", [255, 100], ids=["hard", "grey"])
def test_what_is_lost_of_a_weak_edit_is_computed_as_it_was(context, base, tone):
    """The steps before it began are its parent's, whether they are read or repeated."""
    mask = left(base)
    mask[:, 24:48] = tone
    weak = as_base(edited(context, base, "fisedit", 0.5, mask))
    request = Edit((base, weak), "a green cat on the sofa", left(base))
    read = engine_edit(context, request)
    with context_for(context.bundle) as empty:
        anew = engine_edit(empty, request)
    assert read.log["steps_recomputed"] == 0 and anew.log["steps_recomputed"] == STEPS
    assert np.abs(read.latents["trajectory"] - anew.latents["trajectory"]).max() < 3e-3


def test_variants_of_a_weak_edit_begin_with_noises_of_their_own(context, base):
    results = []
    context.variant = results.append
    results.append(edited(context, base, "instdiffedit", 0.5, variants=2))
    first, second = (torch.tensor(result.latents["trajectory"]) for result in results)
    assert torch.equal(first[:2], second[:2]) and not torch.equal(first[2], second[2])
