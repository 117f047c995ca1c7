"""Prompts of several chunks and with weights, in every way of editing; base, prompt and negative of unequal length."""

from functools import cache

import numpy as np
import pytest

from editor_core.backbones.unet import row_step
from editor_core.base.errors import NothingToChangeError
from editor_core.engines.generate import generate
from editor_core.messages.requests import Edit, Generate, Sampling
from support.engine_runs import as_base, context_for, engine_edit, rows_only
from support.tiny_models import tiny_bundle
from support.written_out import attentive

SHORT, LONG = "a red cat", "a red cat on a sofa BREAK a hat on the table in the snow"
NEGATIVE = "fox BREAK owl BREAK pear"


bundle = cache(lambda: attentive(tiny_bundle("sd1"), 40))


@pytest.fixture
def context(monkeypatch):
    monkeypatch.setattr(row_step, "choose", rows_only)
    with context_for(bundle()) as context:
        yield context


def made(context, prompt, negative=""):
    sampling = Sampling(seed=3, steps=4, guidance=3.0, negative=negative)
    return as_base(generate(Generate(prompt, 64, 64, sampling), context, 3))


def masked():
    mask = np.zeros((64, 64), np.uint8)
    mask[8:40, 8:40] = 255
    return mask


@pytest.mark.parametrize("before, after, negative", [(SHORT, LONG, None), (LONG, SHORT, NEGATIVE)])
@pytest.mark.parametrize("method", ["fisedit", "instdiffedit", "masafusion", "embctrl"])
def test_every_way_edits(context, method, before, after, negative):
    base = made(context, before, NEGATIVE if negative is None else "")
    mask = None if method in ("fisedit", "embctrl") else masked()
    prompt = after.replace("red", "(blue:1.2)")
    parameters = {"variants": 1} if method == "instdiffedit" else {}
    result = engine_edit(context, Edit((base,), prompt, mask, method, parameters, negative))
    assert np.isfinite(result.latents["trajectory"]).all()
    assert np.array_equal(result.image[result.mask == 0], base.image[result.mask == 0])


def test_maps_of_a_long_negative_are_computed_again_as_they_were(context):
    base = made(context, SHORT, NEGATIVE)
    request = Edit((base,), "a blue cat")
    kept = engine_edit(context, request)
    context.cache.drop_space(base.cache_space)
    anew = engine_edit(context, request)
    assert np.abs(kept.latents["trajectory"] - anew.latents["trajectory"]).max() < 2e-3


def test_a_weight_alone_is_a_change(context):
    base = made(context, SHORT)
    changed = engine_edit(context, Edit((base,), "a (red:1.4) cat", masked()))
    assert (changed.image != base.image).any()
    with pytest.raises(NothingToChangeError):
        engine_edit(context, Edit((base,), "a  (red:1.0) cat", masked()))
