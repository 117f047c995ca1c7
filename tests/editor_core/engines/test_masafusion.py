"""MaSaFusion on tiny random models: the paper's limiting cases, what is shared and kept, and bad drawings."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from editor_core.base.errors import EditorError, ModelError, RegionError, SketchError
from editor_core.engines import masafusion
from editor_core.engines.common.sketching import Drawing, adapter_features
from editor_core.engines.common.strength import beginnings
from editor_core.engines.fusion import Recipe, parts_of_step
from editor_core.engines.generate import generate
from editor_core.engines.masafusion import MaSaFusionParameters, fuse, layers_of
from editor_core.engines.open_picture import open_picture
from editor_core.messages.requests import Edit, Generate, OpenPicture, Sampling
from editor_core.models.adapter import adapter_for
from editor_core.models.latents import seeded_noise
from editor_core.models.prompts import embed_prompt
from editor_core.sampling.ddim import ddim_step
from editor_core.sampling.guidance import guided_denoiser
from support.engine_runs import as_base, context_for, engine_edit, first_turn
from support.sampling import predictor, sample
from support.tiny_models import sketching_bundle, tiny_bundle, write_tiny_adapter

HEIGHT, WIDTH, STEPS = 64, 128, 4
SAMPLING = Sampling(seed=3, steps=STEPS, guidance=3.0)
FAITHFUL = MaSaFusionParameters(preset="faithful")
EXACT = MaSaFusionParameters()


@pytest.fixture(params=["sd1", "sd2", "default"])
def context(request):
    with context_for(sketching_bundle(request.param)) as context:
        yield context


@pytest.fixture
def base(context):
    return first_turn(context, Generate("a red cat on the sofa", WIDTH, HEIGHT, SAMPLING))


def drawing(tone=0):
    """A square outline on white paper."""
    sketch = np.full((HEIGHT, WIDTH), 255, np.uint8)
    sketch[12:52, 20:60] = tone
    sketch[15:49, 23:57] = 255
    return sketch


def left_half():
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[:, : WIDTH // 2] = 255
    return mask


def fused(context, base, region, prompt="a blue dog", features=(), parameters=EXACT, noise=None, drawn=None):
    noise = seeded_noise(9, base.latents["trajectory"][:1].shape) if noise is None else noise
    with torch.no_grad():
        drawn = Drawing("adapter", drawing(), features) if len(features) else drawn
        begins = beginnings(region.numpy(), base.steps)
        return fuse(context, base, prompt, "", base.guidance, begins, drawn, noise, parameters)


def trajectory_of(base):
    return torch.tensor(base.latents["trajectory"])


def region(base, what):
    shape = base.latents["trajectory"].shape[-2:]
    if what == "left":
        some = torch.zeros(shape, dtype=torch.bool)
        some[:, : shape[1] // 2] = True
        return some
    return torch.full(shape, what == "all")


def features_of(context, sketch=None):
    strokes = 255 - (drawing() if sketch is None else sketch)
    with torch.no_grad():
        return adapter_features(context, adapter_for(context.bundle), strokes, 1.0)


@pytest.mark.parametrize("parameters", [EXACT, FAITHFUL])
def test_same_words_same_noise_and_no_sketch_give_the_source(context, base, parameters):
    noise = trajectory_of(base)[:1]
    found = fused(context, base, region(base, "left"), base.prompt, parameters=parameters, noise=noise)
    torch.testing.assert_close(found.path, trajectory_of(base), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("sketched", [True, False])
def test_an_empty_region_gives_the_source_back(context, base, sketched):
    features = features_of(context) if sketched else ()
    found = fused(context, base, region(base, "none"), features=features)
    assert torch.equal(found.path, trajectory_of(base))


def test_an_empty_region_without_sketch_reconstructs_as_printed(context, base):
    found = fused(context, base, region(base, "none"), parameters=FAITHFUL)
    torch.testing.assert_close(found.path, trajectory_of(base), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("parameters", [EXACT, FAITHFUL])
def test_a_full_region_gives_the_adapters_own_picture(context, base, parameters):
    features = features_of(context)
    found = fused(context, base, region(base, "all"), features=features, parameters=parameters)
    words, bundle = embed_prompt(context.bundle, "a blue dog"), context.bundle
    predict = predictor(bundle.unet, [feature.expand(2, -1, -1, -1) for feature in features])
    denoise = guided_denoiser(predict, context.schedule, words.cond, words.uncond, base.guidance)
    noise = seeded_noise(9, (1, *base.latents["trajectory"].shape[1:]))
    plain = sample(denoise, noise, context.schedule, STEPS)
    torch.testing.assert_close(found.path, plain, rtol=1e-3, atol=1e-3)
    torch.testing.assert_close(found.intermediate, plain[-1:], rtol=1e-3, atol=1e-3)


def test_outside_the_region_the_exact_target_is_the_source_at_every_step(context, base):
    inside = region(base, "left")
    found = fused(context, base, inside, features=features_of(context))
    source = trajectory_of(base)
    assert torch.equal(found.path[..., ~inside], source[..., ~inside])
    assert not torch.allclose(found.path[-1][..., inside], source[-1][..., inside], atol=1e-2)


def test_the_batch_is_the_five_evaluations_one_by_one():
    """A faithful step against equations 9 and 10 written out, each evaluation in a call of its own."""
    with context_for(sketching_bundle("default")) as context:
        base = as_base(generate(Generate("a red cat", WIDTH, HEIGHT, SAMPLING), context, 3))
        features = features_of(context)
        inside = region(base, "left")
        found = fused(context, base, inside, features=features, parameters=FAITHFUL)
        plain = fused(context, base, inside, features=features, parameters=replace(FAITHFUL, fused_layers=0))
        assert not torch.allclose(found.path[1], plain.path[1], atol=1e-4)
        expected = one_step_unfused(context, base, features, inside)
        torch.testing.assert_close(plain.path[1:2], expected, rtol=1e-3, atol=1e-3)


def one_step_unfused(context, base, features, inside):
    unet, source = context.bundle.unet, trajectory_of(base)
    t, t_prev = context.schedule.step_pairs(STEPS)[0]
    noise = seeded_noise(9, tuple(source[:1].shape))
    x = torch.where(inside, noise, source[:1])

    def eps(prompt):
        words = embed_prompt(context.bundle, prompt)
        predict = predictor(unet, [feature.expand(2, -1, -1, -1) for feature in features])
        with torch.no_grad():
            return guided_denoiser(predict, context.schedule, words.cond, words.uncond, 3.0)(x, t)

    composited = torch.where(inside, eps("a blue dog"), eps("a red cat"))
    return ddim_step(x, composited, t, t_prev, context.schedule)


@pytest.mark.parametrize(
    "recipe, rows, without_source",
    [
        (Recipe(faithful=True, sketched=True), 10, 8),
        (Recipe(faithful=False, sketched=True), 6, 5),
        (Recipe(faithful=True, sketched=False), 6, 4),
        (Recipe(faithful=False, sketched=False), 4, 2),
    ],
)
def test_evaluations_that_have_no_effect_are_left_out(recipe, rows, without_source):
    parts = parts_of_step(recipe, fused=True)
    assert sum(len(part.halves) for part in parts) == rows
    assert sum(len(part.halves) for part in parts if part.name != "source") == without_source
    assert all(part.name != "source" for part in parts_of_step(recipe, fused=False))


def test_layers_and_steps_that_shared_are_counted(context, base):
    settings = {"fusion_start": 0.25, "fusion_end": 0.75, "fused_layers": 2}
    result = engine_edit(
        context, Edit((base,), "a dog", left_half(), "masafusion", settings, sketch=drawing())
    )
    assert result.log["fused_steps"] == 2 and result.log["shared_attention_calls"] == 4
    total = {"sd1": 4, "sd2": 4, "default": 10}
    layers = result.log["fused_layers"]
    assert len(layers) == 2 and layers[-1] == layers[0] + 1 <= max(total.values())
    assert result.parameters["fusion_end"] == 0.75 and result.log["adapter"] == "adapter_sketch"


def test_second_edit_reads_the_source_and_paints_the_same(context, base):
    request = Edit((base,), "a blue dog", left_half(), "masafusion", sketch=drawing())
    first, second = engine_edit(context, request), engine_edit(context, request)
    assert (first.log["source_steps_from_cache"], second.log["source_steps_from_cache"]) == (0, STEPS)
    assert np.abs(first.image.astype(int) - second.image).max() <= 2


def test_the_region_does_not_see_what_is_outside(context, base, monkeypatch):
    asked = []
    monkeypatch.setattr(masafusion, "tokens_outside", lambda *given: asked.append(given) or (2,))
    ends = [
        fused(context, base, region(base, "left"), features=features_of(context), parameters=parameters)
        for parameters in (EXACT, replace(EXACT, hide_outside_words=False), FAITHFUL)
    ]
    assert len(asked) == 1  # the faithful preset does without, too
    assert not torch.allclose(ends[0].path[-1], ends[1].path[-1], atol=1e-5)
    assert ends[0].shared_calls == ends[1].shared_calls


@pytest.mark.parametrize("preset", ["exact", "faithful"])
@pytest.mark.parametrize("sketch", [True, False])
def test_no_pixel_outside_the_region_changes(context, base, preset, sketch):
    request = Edit((base,), "a blue dog", left_half(), "masafusion", {"preset": preset}, None, None)
    result = engine_edit(context, replace(request, sketch=drawing() if sketch else None))
    outside = result.mask == 0
    assert outside[:, WIDTH // 2 :].all() and np.array_equal(result.image[outside], base.image[outside])
    assert (result.image != base.image).any()


def test_the_engines_own_outside_can_be_kept(context, base):
    settings = {"keep_outside": False, "preset": "faithful"}
    result = engine_edit(context, Edit((base,), "a dog", left_half(), "masafusion", settings))
    assert (result.mask == 255).all()


def test_the_region_is_proposed_from_the_sketch_alone(context, base):
    result = engine_edit(context, Edit((base,), "a blue dog", None, "masafusion", sketch=drawing()))
    assert result.parameters["region"] == "proposed" and (result.mask > 0).any() and (result.mask == 0).any()


def test_a_picture_off_the_grid_is_padded_not_stretched(context):
    base = as_base(generate(Generate("a red cat", 100, 70, SAMPLING), context, 3))
    sketch = np.full((70, 100), 255, np.uint8)
    sketch[10:60, 10:13] = 0
    mask = np.zeros((70, 100), np.uint8)
    mask[30, 40] = 255  # one pixel
    result = engine_edit(context, Edit((base,), "a dog", mask, "masafusion", sketch=sketch))
    assert result.image.shape == (70, 100, 3)


def test_the_intermediate_image_can_be_seen(context, base):
    result = engine_edit(context, Edit((base,), "a dog", left_half(), "masafusion", sketch=drawing()))
    picture = result.latents["intermediate"]
    assert picture.shape == (HEIGHT, WIDTH, 3) and not np.array_equal(picture, result.image)
    without = engine_edit(context, Edit((base,), "a dog", left_half(), "masafusion"))
    assert "intermediate" not in without.latents


@pytest.mark.parametrize("method", ["fisedit", "masafusion", "embctrl"])
def test_a_redrawn_turn_can_be_edited_on(context, base, method):
    turn = engine_edit(context, Edit((base,), "a blue dog", left_half(), "masafusion", sketch=drawing()))
    mask = None if method == "embctrl" else left_half()
    request = Edit((base, as_base(turn)), "a green owl in the forest", mask, method, guidance=30.0)
    result = engine_edit(context, request)
    outside = result.mask == 0
    assert np.array_equal(result.image[outside], turn.image[outside])


@pytest.mark.parametrize("how", ["direct", "null-text", "ddim"])
def test_opened_pictures_are_redrawn_whatever_the_inversion(how):
    with context_for(sketching_bundle("default")) as context:
        picture = np.random.default_rng(0).integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)
        opened = open_picture(OpenPicture(picture, "a red cat", Sampling(1, 2, 3.0), how), context, 1)
        assert ("null_text" in opened.latents) == (how == "null-text")
        assert (opened.log["psnr"] == opened.log["psnr_autoencoder"]) or how != "direct"
        for preset in ("exact", "faithful"):
            request = Edit((as_base(opened),), "a dog", left_half(), "masafusion", {"preset": preset})
            result = engine_edit(context, replace(request, sketch=drawing()))
            assert np.array_equal(result.image[result.mask == 0], picture[result.mask == 0])


BAD_SKETCHES = {
    "empty": np.full((HEIGHT, WIDTH), 255, np.uint8),
    "black": np.zeros((HEIGHT, WIDTH), np.uint8),
    "wrong size": np.zeros((10, 10), np.uint8),
    "colour": np.dstack([drawing(), np.full((HEIGHT, WIDTH), 255, np.uint8), drawing()]),
    "16-bit": drawing().astype(np.uint16) * 257,
    "inverted": 255 - drawing(),
    "grey": np.where(drawing() == 0, 150, 230).astype(np.uint8),
    "float": drawing().astype(np.float64),
}


@pytest.mark.parametrize("name", BAD_SKETCHES)
def test_bad_sketches_give_a_result_or_one_sentence(name):
    with context_for(sketching_bundle("default")) as context:
        base = first_turn(context, Generate("a red cat", WIDTH, HEIGHT, Sampling(3, 2, 3.0)))
        request = Edit((base,), "a dog", left_half(), "masafusion", sketch=BAD_SKETCHES[name])
        if name in ("empty", "black", "wrong size", "float"):
            with pytest.raises(SketchError) as caught:
                engine_edit(context, request)
            assert str(caught.value).endswith(".") and "\n" not in str(caught.value)
        else:
            assert engine_edit(context, request).image.shape == base.image.shape


def test_regions_that_cannot_be_used_are_refused_in_one_sentence(context, base):
    empty, small = np.zeros((HEIGHT, WIDTH), np.uint8), np.ones((8, 8), np.uint8)
    for mask in (None, empty, small):
        with pytest.raises(RegionError):
            engine_edit(context, Edit((base,), "a dog", mask, "masafusion"))
    everything = np.full((HEIGHT, WIDTH), 255, np.uint8)
    assert (engine_edit(context, Edit((base,), "a dog", everything, "masafusion")).mask == 255).all()


def test_an_unknown_preset_is_refused(context, base):
    with pytest.raises(EditorError, match="not a valid value for “preset”"):
        engine_edit(context, Edit((base,), "a dog", left_half(), "masafusion", {"preset": "quick"}))


def test_a_model_without_an_adapter_says_so():
    with context_for(tiny_bundle("default")) as context:
        base = as_base(generate(Generate("a red cat", WIDTH, HEIGHT, Sampling(3, 2, 3.0)), context, 3))
        with pytest.raises(ModelError, match="no sketch adapter"):
            engine_edit(context, Edit((base,), "a dog", left_half(), "masafusion", sketch=drawing()))


def test_an_adapter_of_a_folder_is_taken_and_named(tmp_path, context, base, request):
    kind = request.node.callspec.params["context"]
    write_tiny_adapter(tmp_path / "t2iadapter_canny_sd14v1", kind, channels=3)
    settings = {"adapter": str(tmp_path / "t2iadapter_canny_sd14v1")}
    result = engine_edit(
        context, Edit((base,), "a dog", left_half(), "masafusion", settings, sketch=drawing())
    )
    assert result.log["adapter"] == "t2iadapter_canny_sd14v1"
    write_tiny_adapter(tmp_path / "foreign", "sd1" if kind == "default" else "default")
    with pytest.raises(ModelError, match="not compatible"):
        settings = {"adapter": str(tmp_path / "foreign")}
        engine_edit(context, Edit((base,), "a dog", left_half(), "masafusion", settings, sketch=drawing()))


def test_an_adapter_that_reads_colours_is_given_them(tmp_path, context, base, request):
    write_tiny_adapter(tmp_path / "pose", request.node.callspec.params["context"], channels=3)
    pictures = []
    for colour in ((255, 85, 0), (0, 85, 255)):
        pose = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        pose[10:50, 20:26], pose[10:16, 40:60] = colour, 255
        asked = Edit(
            (base,), "a dog", left_half(), "masafusion", {"adapter": str(tmp_path / "pose")}, sketch=pose
        )
        pictures.append(engine_edit(context, asked).latents["trajectory"])
    assert not np.allclose(*pictures, atol=1e-5)


def test_what_shares_by_itself_follows_the_model(context):
    told = replace(context.bundle.capabilities, grounded=True)
    grounded = replace(context.bundle, capabilities=told)
    assert [layers_of(EXACT, bundle) for bundle in (context.bundle, grounded)] == [6, 0]
    assert layers_of(FAITHFUL, grounded) == 6 and layers_of(replace(EXACT, fused_layers=3), grounded) == 3


@pytest.mark.parametrize("never", [{"fused_layers": 0}, {"fusion_end": 0.0}])
def test_where_nothing_is_shared_only_the_target_is_evaluated(context, base, monkeypatch, never):
    features, rows, inside = features_of(context), [], region(base, "left")
    last = replace(EXACT, fusion_start=1 - 1 / STEPS)
    late = fused(context, base, inside, features=features, parameters=last)
    assert late.intermediate is not None and late.fused_steps == 1
    unet = context.bundle.unet
    handle = unet.register_forward_pre_hook(lambda _, given: rows.append(len(given[0])))
    alone = fused(context, base, inside, features=features, parameters=replace(EXACT, **never))
    handle.remove()
    assert set(rows) == {2} and alone.intermediate is None
    torch.testing.assert_close(alone.path[:-1], late.path[:-1], rtol=1e-3, atol=1e-3)


def test_left_alone_it_is_exact_and_the_last_six_layers_share_to_the_end():
    parameters = MaSaFusionParameters()
    assert (parameters.preset, parameters.fused_layers, parameters.fusion_end) == ("exact", None, 1.0)
