"""Editing with every sampler: rows equal dense, runs repeat, and what draws noise is told where it cannot be undone."""

import numpy as np
import pytest

from editor_core.backbones.unet import row_step
from editor_core.base.errors import EditorError
from editor_core.engines.generate import generate
from editor_core.engines.open_picture import open_picture
from editor_core.messages.requests import Edit, Generate, OpenPicture, Sampling
from editor_core.sampling.samplers import SAMPLERS
from support.engine_runs import as_base, context_for, engine_edit, first_turn, rows_only
from support.tiny_models import tiny_bundle

NEW = [name for name in SAMPLERS if name not in ("ddim", "dpm++2m", "euler")]


@pytest.fixture
def context(monkeypatch):
    monkeypatch.setattr(row_step, "choose", rows_only)
    with context_for(tiny_bundle("sd2")) as context:
        yield context


def made(context, sampler, steps=5):
    sampling = Sampling(seed=3, steps=steps, guidance=3.0, sampler=sampler)
    return first_turn(context, Generate("a red cat", 64, 64, sampling))


@pytest.mark.parametrize("sampler", NEW)
def test_rows_equal_dense_and_repeat(context, sampler):
    """Where every position is computed, rows are what the whole network says."""
    base, part = made(context, sampler), np.zeros((64, 64), np.uint8)
    part[8:40, 8:40] = 255
    everything = np.full((64, 64), 255, np.uint8)
    dense, rows = (
        engine_edit(context, Edit((base,), "a blue cat", everything, parameters={"incremental": incremental}))
        for incremental in (False, True)
    )
    assert np.abs(rows.latents["trajectory"] - dense.latents["trajectory"]).max() < 2e-3
    rows, again = (engine_edit(context, Edit((base,), "a blue cat", part)) for _ in range(2))
    assert len(base.latents["trajectory"]) == 6 and rows.log["executor"] == "incremental"
    assert np.array_equal(rows.image, again.image)
    assert np.array_equal(rows.image[rows.mask == 0], base.image[rows.mask == 0])
    assert (rows.image != base.image).any()


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_the_other_ways_edit_too(context, sampler):
    """Repaint, Redraw and Recolour of what a sampler made keep what they must, and repeat where noise is drawn."""
    base, part = made(context, sampler, steps=3), np.zeros((64, 64), np.uint8)
    part[8:40, 8:40] = 255
    for method, parameters in (
        ("instdiffedit", {"variants": 1, "plant": False}),
        ("masafusion", {"plant": False}),
        ("embctrl", {}),
    ):
        mask = None if method == "embctrl" else part
        request = Edit((base,), "a blue cat", mask, method, parameters, guidance=15.0)
        edited = engine_edit(context, request)
        assert edited.sampler == sampler and len(edited.latents["trajectory"]) == 4
        if SAMPLERS[sampler].draws_noise:
            again = engine_edit(context, request).latents["trajectory"]
            assert np.abs(edited.latents["trajectory"] - again).max() < 1e-3
        assert np.array_equal(edited.image[edited.mask == 0], base.image[edited.mask == 0])
        assert (edited.image != base.image).any()


@pytest.mark.parametrize("sampler", ["euler-trailing", "lcm", "dmd2", "tcd"])
def test_few_steps_without_guidance_are_edited(context, sampler):
    """As distilled models and LoRAs want it."""
    sampling = Sampling(seed=3, steps=2, guidance=1.0, sampler=sampler)
    base = as_base(generate(Generate("a red cat", 64, 64, sampling), context, 3))
    mask = np.full((64, 64), 255, np.uint8)
    edited, dense = (
        engine_edit(context, Edit((base,), "a blue cat", mask, parameters={"incremental": on}))
        for on in (True, False)
    )
    assert edited.guidance == 1.0 and (edited.image != base.image).any()
    assert np.abs(edited.latents["trajectory"] - dense.latents["trajectory"]).max() < 2e-3


@pytest.mark.parametrize("sampler", ["lcm", "tcd"])
def test_pictures_are_opened_without_drawn_noise(context, sampler):
    heard, context.notice = [], lambda message: heard.append(str(message))
    image = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    asked = OpenPicture(image, "a red cat", Sampling(seed=1, steps=3, guidance=2.0, sampler=sampler))
    opened = open_picture(asked, context, 1)
    assert opened.sampler == "ddim" and f"{sampler.upper()} draws noise" in heard[0]


def test_more_steps_than_a_sampler_has_are_refused_in_a_sentence(context):
    with pytest.raises(EditorError, match=r"^LCM cannot take 51 steps\.$"):
        made(context, "lcm", 51)
