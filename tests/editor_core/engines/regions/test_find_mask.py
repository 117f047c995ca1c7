"""The search on tiny random models: what it tells, keeps, repeats and refuses."""

import dataclasses

import numpy as np
import pytest
import torch

from editor_core.base.errors import EditorError, JobCancelled, PromptError
from editor_core.engines.regions.find_mask import (
    EncodedPictures,
    find_mask,
    last_steps,
    phrase_in,
    search_steps,
    words_that_go,
)
from editor_core.engines.regions.mask_recipes import PRESETS, recipe_for
from editor_core.messages.requests import FindMask
from editor_core.models.latents import seeded_noise
from editor_core.models.prompts import tokenize
from support.engine_runs import context_for
from support.tiny_models import tiny_bundle

PICTURE = np.random.default_rng(0).integers(0, 256, (64, 96, 3), np.uint8)


@pytest.fixture(params=["sd1", "sd2", "default"])
def context(request):
    with context_for(tiny_bundle(request.param)) as context:
        yield context


@pytest.fixture
def small():
    with context_for(tiny_bundle("default")) as context:
        yield context


def find(context, phrase, pictures=None, image=PICTURE, **fields):
    fields.setdefault("parameters", {"preset": "paper", "steps": 2})
    return find_mask(FindMask(image, phrase, **fields), context, pictures or EncodedPictures())


def told_by(context):
    told = []
    context.mask_found = told.append
    return told


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_every_step_tells_a_mask_of_the_pictures_size(context, preset):
    told = told_by(context)
    last = find(context, "a red cat", parameters={"preset": preset, "steps": 2})
    assert [found.step for found in told] == [1, 2] and told[-1] is last
    for found in told:
        assert found.mask.shape == found.heat.shape == (64, 96) and set(np.unique(found.mask)) <= {0, 255}
        assert [word.text for word in found.words] == ["a", "red", "cat"]
        assert found.words[2].heat.dtype == np.uint8 and "a red cat"[found.words[2].start :] == "cat"
    assert last.parameters["rounds"] == PRESETS[preset].rounds


def test_the_same_seed_finds_the_same_mask(small):
    assert np.array_equal(find(small, "a cat", seed=1).heat, find(small, "a cat", seed=1).heat)
    assert not np.array_equal(find(small, "a cat", seed=1).heat, find(small, "a cat", seed=2).heat)


def test_case_and_spaces_do_not_matter(small):
    plain = find(small, "a red cat")
    for words in ("A Red CAT", "  a   red cat "):
        assert np.array_equal(find(small, words).heat, plain.heat), words


@pytest.mark.parametrize("phrase", ["cat", "chat noir à côté", "猫", "qwxyzzq", "a cat 🐈"])
def test_one_word_and_strange_words_give_a_finite_heat(small, phrase):
    assert np.isfinite(find(small, phrase).heat).all()


def test_a_phrase_that_is_too_long_is_said_or_refused(small):
    find(small, "cat " * 200)
    assert any("too long" in sentence for sentence in small.heard)
    with pytest.raises(PromptError):
        find(small, "qwertyzxcv" * 100)
    with pytest.raises(PromptError):
        find(small, "   ")


@pytest.mark.parametrize("shape", [(64, 64), (96, 64), (70, 101)])
def test_other_shapes_are_padded_and_cropped(small, shape):
    assert (
        find(small, "a cat", image=PICTURE[:1, :1].repeat(shape[0], 0).repeat(shape[1], 1)).mask.shape
        == shape
    )


def test_the_words_around_a_phrase_are_read_only_where_the_recipe_says(small):
    sentence = "a red cat on the sofa"
    same = find(small, "a red cat", sentence=sentence)
    assert np.array_equal(same.heat, find(small, "a red cat").heat)
    grounded = {"preset": "grounded"}
    inside = find(small, "A red cat", sentence=sentence, parameters=grounded)
    assert [word.text for word in inside.words] == ["a", "red", "cat"]
    assert not np.array_equal(
        inside.words[2].heat, find(small, "a red cat", parameters=grounded).words[2].heat
    )


@pytest.mark.parametrize(
    ("phrase", "named"), [("and a dog", "a dog"), ("a dog with a hat", "a dog a hat"), ("and", "and")]
)
def test_words_that_join_a_phrase_to_others_name_nothing(small, phrase, named):
    found = phrase_in(small, phrase, f"a cat {phrase}", recipe_for(small.bundle, {"preset": "grounded"}))
    assert " ".join(word.text for word in found.words) == named
    assert [word.text for word in found.others] == ["a", "cat"]


def test_a_picture_is_encoded_once(small, monkeypatch):
    pictures, encoded = EncodedPictures(most=2), []
    vae_encode = small.bundle.vae.encode
    monkeypatch.setattr(small.bundle.vae, "encode", lambda x: encoded.append(1) or vae_encode(x))
    for phrase in ("a cat", "a dog"):
        find(small, phrase, pictures)
    assert len(encoded) == 1
    for shift in (1, 2, 3):
        find(small, "a cat", pictures, image=PICTURE + np.uint8(shift))
    find(small, "a cat", pictures)  # the oldest was let go
    assert len(encoded) == 5


def test_a_picture_is_noised_once_for_a_seed_and_a_strength(small, monkeypatch):
    from editor_core.engines.regions import find_mask as module

    pictures, drawn = EncodedPictures(), []
    monkeypatch.setattr(module, "seeded_noise", lambda *a: drawn.append(a) or seeded_noise(*a))
    first = find(small, "a cat", pictures)
    find(small, "a dog", pictures)
    assert len(drawn) == 1
    find(small, "a cat", pictures, seed=1)
    find(small, "a cat", pictures, parameters={"preset": "paper", "steps": 2, "strength": 0.9})
    assert len(drawn) == 3
    assert np.array_equal(find(small, "a cat", pictures).heat, first.heat)


def test_cancel_ends_it_within_a_step_and_leaves_no_trace(small):
    told = told_by(small)
    processors = dict(small.bundle.unet.attn_processors)

    def stop_after_one():
        if told:
            raise JobCancelled

    small.check_cancelled = stop_after_one
    with pytest.raises(JobCancelled):
        find(small, "a cat")
    assert len(told) == 1
    assert small.bundle.unet.attn_processors == processors
    assert not small.bundle.unet._forward_pre_hooks


def test_how_many_steps_a_strength_takes():
    pairs = [(t, t - 1) for t in range(10, 0, -1)]
    assert last_steps(pairs, 0.5) == pairs[5:] and last_steps(pairs, 0.01) == pairs[-1:]
    assert last_steps(pairs, 1.0) == pairs
    assert search_steps(20, PRESETS["paper"]) == 10 and search_steps(20, PRESETS["grounded"]) == 2


def test_a_search_takes_its_share_of_the_steps_that_are_asked_for(small):
    found = find(small, "a dog", parameters={"preset": "paper"}, steps=6)
    assert (found.step, found.steps) == (3, 3)


def test_presets_follow_the_model_and_numbers_replace_theirs(small):
    other, told = small.bundle, dataclasses.replace(small.bundle.capabilities, grounded=True)
    grounded = dataclasses.replace(other, capabilities=told)
    assert recipe_for(other, {}) == PRESETS["paper"] and recipe_for(grounded, {}) == PRESETS["grounded"]
    assert recipe_for(other, {"threshold": 0.4, "rounds": 0}).rounds == 3
    for wrong in ({"preset": "best"}, {"strength": 1.5}, {"rounds": -1}, {"threshold": 1.0}):
        with pytest.raises(EditorError):
            recipe_for(other, wrong)


def test_the_blend_returns_the_background_to_the_pictures_own(small, monkeypatch):
    """With an empty mask the latents of every step are the noised picture at that step: y_{t-1}."""
    from editor_core.engines.regions import find_mask as module

    seen = []
    denoiser = module.denoiser

    def watching(*arguments):
        denoise = denoiser(*arguments)
        return lambda x, t: seen.append((x.clone(), t)) or denoise(x, t)

    monkeypatch.setattr(module, "denoiser", watching)
    find(small, "a cat", parameters={"preset": "paper", "steps": 2, "threshold": 0.999999})
    pictures = EncodedPictures()
    x_0 = pictures.encoded(small.bundle, PICTURE).x_0
    noise = module.seeded_noise(0, (3, *x_0.shape[1:]))
    x, t = seen[1]
    wanted = small.schedule.add_noise(x_0, noise, t)
    same = torch.isclose(x, wanted, atol=1e-5).all(1)
    assert same.float().mean() > 0.9  # all but the few positions at the very peak of the heat


def test_rounds_one_after_another_give_the_mask_of_the_batch(context):
    batch = find(context, "a red cat")
    singly = find(context, "a red cat", parameters={"preset": "paper", "steps": 2, "batched": False})
    assert np.abs(batch.heat.astype(int) - singly.heat).max() <= 1
    assert singly.parameters["batched"] is False and singly.parameters["rounds"] == 3


def test_the_pictures_own_sentence_is_asked_once_where_words_of_it_go(small):
    calls = []
    small.bundle.unet.register_forward_pre_hook(lambda module, args: calls.append(len(args[0])))
    try:
        sentence, grounded = "a red cat on the sofa", {"preset": "grounded"}
        find(small, "a red cat", sentence=sentence, parameters=grounded)
        assert calls == [2, 2]
        for before, parameters, asked in [
            ("a blue dog on the sofa", grounded, [1, 2, 2]),
            ("a cat on the sofa", grounded, [2, 2]),
            ("a blue dog on the sofa", grounded | {"before": False}, [2, 2]),
        ]:
            calls.clear()
            find(small, "a red cat", sentence=sentence, before=before, parameters=parameters)
            assert calls == asked, before
        calls.clear()
        find(small, "a cat", sentence="a cat", before="a blue dog on the sofa", parameters=grounded)
        assert calls == [2, 2]  # which of its words the phrase takes the place of, nobody knows
    finally:
        small.bundle.unet._forward_pre_hooks.clear()


def test_words_that_go():
    before = tokenize(tiny_bundle("default"), "a green owl and a cat in the snow")
    after = tokenize(tiny_bundle("default"), "a green owl and a dog in the snow")
    assert [word.text for word in words_that_go(before, after)] == ["cat"]
    assert words_that_go(before, before) == ()


def test_the_outline_is_a_matter_of_the_recipe(small):
    rough = find(small, "a red cat", parameters={"preset": "grounded", "outline": False})
    fitted = find(small, "a red cat", parameters={"preset": "grounded"})
    assert np.array_equal(rough.heat, fitted.heat) and not np.array_equal(rough.mask, fitted.mask)


def test_the_grounded_preset_reads_one_resolution_without_guidance():
    """What the shipped model was trained for: words that look at their things, at half the latents' size."""
    recipe = PRESETS["grounded"]
    assert (recipe.ratio, recipe.guided, recipe.steps, recipe.rounds) == (2, False, 2, 2)
