"""ControlNets in Reword, Repaint and Recolour: nothing where one is untrained, rows as dense, hints, turns again."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from editor_core.backbones.rows import DEFAULT_SPARSITY
from editor_core.base.errors import EditorError, ModelError
from editor_core.engines.common.denoiser import denoiser
from editor_core.engines.common.guides import NO_GUIDE, guide_for, guide_of
from editor_core.engines.embctrl import EmbCtrlParameters, recolour
from editor_core.engines.generate import generate
from editor_core.engines.incremental.activations import IncrementalDenoiser, RecordedLineage
from editor_core.engines.instdiffedit import InstDiffEditParameters
from editor_core.messages.requests import Edit, Generate, Sampling
from editor_core.messages.run import record_from
from editor_core.models.prompts import embed_prompts
from editor_core.pixels.drawing_aids import edges, strokes_of
from editor_core.sampling.guidance import Guidance
from editor_core.sampling.positions import rows_of
from support.engine_runs import as_base, context_for, engine_edit
from support.tiny_models import tiny_bundle, write_tiny_controlnet

SIDE, STEPS = 64, 3
SAMPLING = Sampling(seed=3, steps=STEPS, guidance=3.0)
PROMPT, OTHER = "a red cat on the sofa", "a blue cat on the sofa"
MASK = np.zeros((SIDE, SIDE), np.uint8)
MASK[16:48, 16:48] = 255
families = pytest.mark.parametrize("kind", ["sd1", "sdxl"], indirect=True, scope="module")
ONE = {"instdiffedit": {"variants": 1, "plant": False}, "fisedit": {"plant": False}}


@pytest.fixture(scope="module")
def kind(request):
    return getattr(request, "param", "sd1")


@pytest.fixture(scope="module")
def nets(kind, tmp_path_factory):
    folder = tmp_path_factory.mktemp("nets")
    write_tiny_controlnet(folder / "scribble", kind)
    write_tiny_controlnet(folder / "lineart", kind, zero=True)
    for name in ("depth", "tile", "inpaint", "normal"):
        (folder / name).symlink_to(folder / "scribble")
    return folder


@pytest.fixture(scope="module")
def context(kind):
    with context_for(tiny_bundle(kind)) as context:
        yield context


@pytest.fixture(scope="module")
def base(context):
    return as_base(generate(Generate(PROMPT, SIDE, SIDE, SAMPLING), context, 3))


def request_for(base, method, net=None, mask=MASK, sketch=None, **parameters):
    follow = {} if net is None else {"controlnet": str(net)}
    return Edit((base,), OTHER, mask, method, {**ONE[method], **follow, **parameters}, sketch=sketch)


def drawn():
    paper = np.full((SIDE, SIDE, 3), 255, np.uint8)
    paper[20:40, 20:24] = 0
    return paper


@pytest.mark.parametrize(
    "kind, method",
    [("sd1", "fisedit"), ("sdxl", "fisedit"), ("sd1", "instdiffedit")],
    indirect=["kind"],
    scope="module",
)
def test_an_untrained_one_changes_nothing_and_a_trained_one_the_region(context, base, nets, method):
    plain = engine_edit(context, request_for(base, method))
    untrained = engine_edit(context, request_for(base, method, nets / "lineart"))
    trained = engine_edit(context, request_for(base, method, nets / "scribble"))
    free = engine_edit(context, request_for(base, method, nets / "scribble", controlnet_share=0.0))
    path = plain.latents["trajectory"]
    assert np.abs(untrained.latents["trajectory"] - path).max() < 1e-5
    assert np.abs(free.latents["trajectory"] - path).max() < 1e-5
    assert np.abs(trained.latents["trajectory"] - path).max() > 1e-2
    assert np.array_equal(trained.image[trained.mask == 0], base.image[trained.mask == 0])
    assert trained.log["controlnet"] == "scribble" and "controlnet" not in plain.log
    assert len({plain.cache_space, untrained.cache_space, trained.cache_space, free.cache_space}) == 4


@pytest.mark.parametrize("preset", ["exact", "faithful"])
def test_recolour_follows_it_where_it_is_trained(context, base, nets, preset):
    source, words = embed_prompts(context.bundle, [(PROMPT, ""), (OTHER, "")])
    paths = {}
    for name in ("", "lineart", "scribble"):
        parameters = EmbCtrlParameters(preset, controlnet=str(nets / name) if name else "")
        guide = guide_for(context, request_for(base, "instdiffedit"), parameters)
        with torch.no_grad():
            paths[name] = recolour(context, base, source, words, 3.0, parameters, guide=guide)
    assert (paths["lineart"] - paths[""]).abs().max() < 1e-5
    assert (paths["scribble"] - paths[""]).abs().max() > 1e-3


@families
def test_rows_are_what_the_dense_network_predicts_with_it(context, base, nets):
    """For the latents that were recorded; the whole picture was painted with the same hint."""
    request = request_for(base, "instdiffedit", nets / "scribble", MASK * 0 + 255, incremental=False)
    painted = as_base(engine_edit(context, request))
    guide, words = guide_of(context, painted), (painted.record.painted_words, painted.negative, 3.0)
    region = torch.zeros(painted.latents["trajectory"].shape[-2:], dtype=torch.bool)
    region[2:5, 3:6] = True
    x = context.tensor(painted.latents["trajectory"][1:2])
    at = context.plan(painted.sampler, painted.steps, painted.seed)[1]
    lineage = RecordedLineage(context, (painted,))
    found = {}
    for name, given in (("guided", guide), ("free", NO_GUIDE)):
        on_rows = IncrementalDenoiser(
            context,
            lineage,
            region,
            *words[:2],
            Guidance(3.0),
            (),
            DEFAULT_SPARSITY.on(x.device),
            guide=given,
        )
        found[name] = on_rows(rows_of(x, on_rows.active), 1, at.t, STEPS - 1, x)
    dense = rows_of(denoiser(context, *words, control=guide.control)(x, at.t), on_rows.active)
    assert (found["guided"] - dense).abs().max() < 2e-3  # what was recorded is in half precision
    assert (found["free"] - dense).abs().max() > 2e-2


@pytest.mark.parametrize("incremental", [True, False])
def test_its_steps_are_computed_again_as_they_were(context, base, nets, incremental):
    """What a later edit reads of a turn that followed a hint, once the cache has lost it."""
    request = request_for(base, "instdiffedit", nets / "scribble", incremental=incremental)
    turn = as_base(engine_edit(context, request))
    turn = replace(turn, record=record_from({**vars(turn.record)}))
    later = Edit((base, turn), "a green cat on the sofa", MASK, "instdiffedit", ONE["instdiffedit"])
    expected = engine_edit(context, later)
    context.cache.drop_space(turn.cache_space)
    again = engine_edit(context, later)
    assert again.log["steps_recomputed"] == STEPS
    assert np.abs(again.latents["trajectory"] - expected.latents["trajectory"]).max() < 1e-5


def hint(context, base, net, **more):
    wanted = InstDiffEditParameters(controlnet=str(net))
    return guide_for(context, replace(request_for(base, "instdiffedit"), **more), wanted).hint.picture


def test_hints_are_drawn_or_made_of_the_picture(context, base, nets):
    lines = hint(context, base, nets / "scribble")
    assert np.array_equal(lines, np.repeat(edges(base.image)[..., None], 3, 2))
    strokes = hint(context, base, nets / "scribble", sketch=drawn())
    assert np.array_equal(strokes[..., 0], strokes_of(drawn(), SIDE, SIDE))
    assert np.array_equal(hint(context, base, nets / "tile"), base.image)
    gap = hint(context, base, nets / "inpaint")
    assert np.array_equal(gap[..., 3] == 0, MASK > 0) and np.array_equal(
        gap[MASK == 0, :3], base.image[MASK == 0]
    )
    condition = guide_for(
        context, request_for(base, "instdiffedit"), InstDiffEditParameters(controlnet=str(nets / "inpaint"))
    ).hint.condition
    assert (condition[0, :, MASK > 0] == -1).all() and condition[0, :, MASK == 0].min() >= 0
    assert np.array_equal(hint(context, base, nets / "normal", sketch=drawn()), drawn())
    assert hint(context, base, nets / "depth", sketch=drawn()).shape == (SIDE, SIDE, 3)


@pytest.mark.parametrize(
    ("name", "more", "said"),
    [
        ("depth", {}, "needs a hint"),
        ("normal", {}, "needs a hint"),
        ("inpaint", {"mask": None}, "an area to fill"),
    ],
)
def test_a_hint_that_cannot_be_made_is_asked_for(context, base, nets, name, more, said):
    with pytest.raises(EditorError, match=said):
        hint(context, base, nets / name, **more)


def test_a_net_that_is_gone_is_named(context, base, nets):
    turn = as_base(engine_edit(context, request_for(base, "fisedit", nets / "scribble")))
    gone = replace(turn, record=replace(turn.record, control={**turn.record.control, "source": "gone/net"}))
    with pytest.raises(ModelError, match="gone/net”, which is not found any more"):
        guide_of(context, gone)


def test_what_a_turn_says_of_it_is_read_again_or_refused():
    told = {"source": "net", "strength": 1.0, "share": 0.5}
    assert record_from({"control": told}).control == told
    for wrong in ({"source": 3}, [], {"source": "net", "strength": "much", "share": 1}):
        with pytest.raises(ValueError, match="control"):
            record_from({"control": wrong})
