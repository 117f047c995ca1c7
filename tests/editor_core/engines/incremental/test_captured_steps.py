"""Edits from captured steps, as a graphics card runs them; here a capture repeats the step, in the same memory."""

import numpy as np
import pytest

from editor_core.backbones.rows import Sparsity
from editor_core.backbones.unet import row_step
from editor_core.backbones.unet.step_graph import StepGraphs
from editor_core.messages.requests import Edit, Generate, Sampling
from support.captures import repeat
from support.engine_runs import as_base, context_for, engine_edit, first_turn, rows_only
from support.tiny_models import tiny_bundle

WORDS = "a blue dog on the sofa"


@pytest.fixture
def context(monkeypatch):
    monkeypatch.setattr(Sparsity, "on", lambda sparsity, device: sparsity)
    monkeypatch.setattr(row_step, "choose", rows_only)
    with context_for(tiny_bundle("default")) as context:
        yield context


@pytest.fixture
def graphs(context):
    context.backbone._graphs = StepGraphs(repeat)
    return context.backbone._graphs


@pytest.fixture
def base(context):
    return first_turn(context, Generate("a red cat on the sofa", 96, 64, Sampling(seed=3, steps=6)))


def refuse(run):
    raise RuntimeError("not on this machine")


def mask(base):
    mask = np.zeros(base.image.shape[:2], np.uint8)
    mask[:, :24] = 255
    return mask


def test_captured_steps_paint_what_steps_paint(context, graphs, base, caplog):
    captured = engine_edit(context, Edit((base,), WORDS, mask(base)))
    assert len(graphs) == 1 and captured.log["sparsity"]["captured"]
    context.backbone._graphs = StepGraphs(refuse)  # the same regions, but nothing captured
    plain = engine_edit(context, Edit((base,), WORDS, mask(base)))
    assert np.abs(captured.image.astype(int) - plain.image).max() <= 1
    assert np.array_equal(captured.image[captured.mask == 0], base.image[captured.mask == 0])


def test_an_edit_of_a_captured_edit_reads_what_it_left(context, graphs, base):
    first = as_base(engine_edit(context, Edit((base,), WORDS, mask(base))))
    request = Edit((base, first), "a blue dog on the red sofa", mask(base)[::-1])
    kept = engine_edit(context, request)
    context.cache.drop_space(first.cache_space)
    recomputed = engine_edit(context, request)
    assert kept.log["steps_recomputed"] == 0 and recomputed.log["steps_recomputed"] == base.steps
    assert np.abs(kept.image.astype(int) - recomputed.image).max() <= 1


def test_capturing_can_be_switched_off(context, graphs, base):
    result = engine_edit(context, Edit((base,), WORDS, mask(base), parameters={"captured": False}))
    assert not len(graphs) and not result.log["sparsity"]["captured"]


def test_graphs_are_forgotten(context, graphs, base):
    engine_edit(context, Edit((base,), WORDS, mask(base)))
    context.backbone.release()
    assert not len(graphs)
