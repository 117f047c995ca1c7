"""Every method that ours are compared with, on tiny models: what its paper promises where that can be seen."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from diffusers import UNet2DConditionModel

from editor_core.backbones.attention.control import AttentionControl, MapControl
from editor_core.base.errors import EditorError, JobCancelled, PromptError
from editor_core.baselines import cycle_diffusion, ledits_pp, null_text_p2p, pix2pix_zero, prompt_to_prompt
from editor_core.baselines.registry import BASELINES, LEFT_OUT, baseline
from editor_core.baselines.run import run_baseline
from editor_core.baselines.task import Task
from editor_core.engines.generate import generate
from editor_core.engines.open_picture import open_picture
from editor_core.messages.requests import Generate, OpenPicture, RunBaseline, Sampling
from editor_core.models.prompts import align, tokenize
from support.engine_runs import as_base, context_for
from support.tiny_models import inpainting_bundle, tiny_bundle, write_pipeline

FOX, CAT = "a red fox on the snow", "a red cat on the snow"
STEPS = 4


def picture_of(height, width):
    """uint8 (H, W, 3): soft colours."""
    y, x = np.mgrid[:height, :width]
    return np.stack([y * 200 // height, x * 200 // width, 128 + 100 * np.sin(x / 9)], 2).astype(np.uint8)


@pytest.fixture(scope="module", params=["sd1", "default"])
def task(request):
    """A picture of sides off the grid, inverted; the right half may change."""
    image = picture_of(68, 80) if request.param == "sd1" else picture_of(64, 64)  # the first is off the grid
    with context_for(tiny_bundle(request.param)) as context:
        base = as_base(open_picture(OpenPicture(image, FOX, Sampling(seed=1, steps=STEPS)), context, 1))
        mask = np.zeros(image.shape[:2], np.uint8)
        mask[:, 40:] = 255
        yield Task(context, base, CAT, mask, np.zeros_like(mask))


TESTED_BELOW = ("null-text-p2p", "ledits++")
RUNNABLE = [name for name, method in BASELINES.items() if not method.own_model and name not in TESTED_BELOW]


@pytest.mark.parametrize("name", RUNNABLE)
def test_it_paints_the_pictures_size_and_leaves_the_model_as_it_was(task, name):
    before = dict(task.bundle.unet.attn_processors)
    picture = baseline(name).edit(task)
    assert picture.shape == task.base.image.shape and picture.dtype == np.uint8
    assert (picture != task.base.image).any()
    after = task.bundle.unet.attn_processors
    assert all(after[site] is processor for site, processor in before.items())
    if task.bundle.latent_channels == 4:  # once is enough: the same task, the same picture
        assert np.array_equal(baseline(name).edit(task), picture)


def test_the_same_noise_and_words_give_the_same_picture_again():
    with context_for(tiny_bundle("sd1")) as context:
        made = generate(Generate(FOX, 64, 64, Sampling(seed=1, steps=STEPS)), context, 1)
        everywhere = np.full((64, 64), 255, np.uint8)
        same, other = (
            baseline("regenerate").edit(Task(context, as_base(made), words, everywhere, everywhere))
            for words in (FOX, CAT)
        )
    assert np.abs(same.astype(int) - made.image).max() <= 1 and (other != same).any()


@pytest.mark.parametrize("name", ["sdedit", "cycle-diffusion", "p2p", "pix2pix-zero"])
def test_it_can_be_stopped_between_steps(task, name, monkeypatch):
    asked = iter([False] * 2)

    def check():
        if next(asked, True):
            raise JobCancelled

    monkeypatch.setattr(task.context, "check_cancelled", check)
    with pytest.raises(JobCancelled):
        baseline(name).edit(task)


def same_words(task, **changed):
    """The task whose words did not change, without guidance."""
    base = type(task.base)(**{**vars(task.base), "guidance": 1.0})
    return Task(task.context, base, FOX, task.mask, task.strokes)


def test_cycle_diffusion_with_the_same_words_is_the_picture(task):
    """Algorithm 1: the noise that is found takes the source's own words back to the source, exactly."""
    picture = cycle_diffusion.edit(same_words(task))
    assert np.abs(picture.astype(int) - task.picture(task.path[-1:])).max() <= 1


def test_cycle_diffusions_posterior_is_written_out():
    x_0, x, drawn = torch.tensor([2.0]), torch.tensor([3.0]), torch.tensor([0.5])
    now, after, sigma = 0.25, 0.64, 0.1
    eps = (3 - 0.5 * 2) / math.sqrt(0.75)
    expected = 0.8 * 2 + math.sqrt(1 - 0.64 - 0.01) * eps + 0.1 * 0.5
    assert cycle_diffusion.posterior(x_0, x, now, after, sigma, drawn).item() == pytest.approx(expected)


def test_pix2pix_zero_goes_down_the_distance_of_the_maps(task):
    """Equation 3: after the step the maps are nearer to the source's than before; with its own words nothing moves."""
    t = task.schedule.timesteps(STEPS)[0]
    _, source_words, words = task.embeddings
    reference, x = {}, task.path[:1]

    def distance(latents, text):
        found = []

        def compare(site, probs):
            reference.setdefault(site.name, probs)
            found.append(((probs - reference[site.name]) ** 2).sum().item())

        with (
            torch.no_grad(),
            task.context.backbone.attending(AttentionControl(MapControl(record=compare, guided=False))),
        ):
            task.unet(latents, t, text)
        return sum(found)

    assert distance(x, source_words) == 0
    before = distance(x, words)
    moved = pix2pix_zero._towards(task, x, t, words, reference, 0.1)
    assert 0 < distance(moved, words) < before
    assert torch.equal(pix2pix_zero._towards(task, x, t, source_words, reference, 0.1), x)


def unguided(task):
    """The same words without guidance, and a run of them as the source; its latents and its picture."""
    plain = same_words(task)
    _, words, _ = plain.embeddings
    path = [plain.path[:1]]

    def keep(step, x):
        path.append(x)
        return x

    def eps(step, t, x):
        return plain.schedule.eps_from_output(plain.unet(x, t, words), x, t)

    picture = plain.walk(path[0], eps, after=keep)
    return plain, torch.cat(path), picture


def test_prompt_to_prompt_with_the_same_words_is_the_source(task):
    """Maps that are all the source's own: the target is the source, whatever the controllers do beside."""
    plain, path, expected = unguided(task)
    for settings in (prompt_to_prompt.Settings(), prompt_to_prompt.Settings(replace=True, local_blend=False)):
        picture = prompt_to_prompt.controlled(plain, path, None, settings)
        assert np.abs(picture.astype(int) - expected).max() <= 1


def test_null_text_takes_the_fitted_embeddings_step_by_step(task):
    """With other fitted embeddings the picture is another; a turn that has them is not inverted anew."""
    fitted = np.repeat(task.embeddings[0].numpy(), STEPS, 0)
    pictures = []
    for shift in (0, 0.5):
        latents = {**task.base.latents, "null_text": fitted + shift}
        base = type(task.base)(**{**vars(task.base), "latents": latents})
        pictures.append(
            baseline("null-text-p2p").edit(Task(task.context, base, CAT, task.mask, task.strokes))
        )
    assert np.array_equal(pictures[0], baseline("p2p").edit(task))  # nothing fitted yet
    assert not np.array_equal(*pictures)


def test_a_picture_without_fitted_embeddings_is_inverted_first(monkeypatch):
    asked = []

    def opened(request, context, seed):
        asked.append((request.how, request.prompt))
        raise JobCancelled

    monkeypatch.setattr(null_text_p2p, "open_picture", opened)
    with context_for(tiny_bundle("sd1")) as context:
        image = picture_of(64, 64)
        base = as_base(open_picture(OpenPicture(image, FOX, Sampling(seed=1, steps=2)), context, 1))
        with pytest.raises(JobCancelled):
            baseline("null-text-p2p").edit(Task(context, base, CAT, image[..., 0], image[..., 0]))
    assert asked == [("null-text", FOX)]


def test_word_swap_spreads_a_words_map_over_the_tokens_in_its_place():
    bundle = tiny_bundle("sd1")
    source, target = (
        tokenize(bundle, "a fox on snow"),
        tokenize(bundle, "a zebu on snow"),
    )  # zebu: four letters
    swapped = prompt_to_prompt.replaced(source, target)
    maps = torch.rand(1, 3, len(source.ids))
    found = swapped(maps, torch.zeros_like(maps))
    fox, zebu = source.words[1].tokens, target.words[1].tokens
    assert len(fox) == 1 and len(zebu) == 4
    for token in zebu:
        assert torch.allclose(found[..., token], maps[..., fox[0]])
    with pytest.raises(PromptError, match="as many words"):
        prompt_to_prompt.replaced(source, tokenize(bundle, "a red fox on snow"))


def test_reweighting_scales_what_is_new_and_refinement_keeps_the_rest():
    bundle = tiny_bundle("sd1")
    source, target = tokenize(bundle, FOX), tokenize(bundle, CAT)
    places = align(source, target)
    control = prompt_to_prompt.reweighed(prompt_to_prompt.refined(places), places < 0, 2.0)
    before, after = torch.rand(2, 1, 3, len(source.ids))
    found = control(before, after)
    assert torch.equal(found[..., 3], 2 * after[..., 3]) and torch.equal(found[..., 1], before[..., 1])
    assert prompt_to_prompt.gone(source, places) == [3]


def test_ledits_concepts_are_the_words_that_changed(task):
    assert ledits_pp.changed(task) == (["fox", "cat"], [True, False])


def test_ledits_runs_on_latents_of_four_channels_and_three_levels():
    """Its pipeline reads maps of a quarter of the latents' side, so a U-Net has to have some."""
    bundle = tiny_bundle("sd1")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        unet = UNet2DConditionModel(
            in_channels=4, out_channels=4, sample_size=8, block_out_channels=(32, 32, 64), layers_per_block=1,
            down_block_types=("CrossAttnDownBlock2D",) * 3, up_block_types=("CrossAttnUpBlock2D",) * 3,
            attention_head_dim=8, cross_attention_dim=32,
        )  # fmt: skip
    deeper = replace(bundle, unet=unet.eval().requires_grad_(False))
    with context_for(deeper) as context:
        image = picture_of(128, 128)
        base = as_base(open_picture(OpenPicture(image, FOX, Sampling(seed=1, steps=4)), context, 1))
        before = dict(unet.attn_processors)
        picture = baseline("ledits++").edit(Task(context, base, CAT, image[..., 0], image[..., 0]))
    assert picture.shape == image.shape and (picture != image).any()
    assert all(unet.attn_processors[site] is processor for site, processor in before.items())
    with (
        context_for(tiny_bundle("default")) as context,
        pytest.raises(EditorError, match="runs on Stable Diffusion"),
    ):
        baseline("ledits++").edit(Task(context, base, CAT, image[..., 0], image[..., 0]))


def test_an_inpainting_model_paints_with_its_further_channels(task):
    image = picture_of(64, 64)
    with context_for(inpainting_bundle()) as context:
        base = as_base(open_picture(OpenPicture(image, FOX, Sampling(seed=1, steps=2)), context, 1))
        left = np.zeros((64, 64), np.uint8)
        left[:, :32] = 255
        one, other = (
            baseline("inpainting").edit(Task(context, base, CAT, mask, np.zeros_like(mask)))
            for mask in (left, 255 - left)
        )
        assert not np.array_equal(one, other)
    with pytest.raises(EditorError, match="inpainting needs"):
        baseline("inpainting").edit(task)


def test_what_needs_weights_of_its_own_says_so(task, tmp_path):
    with pytest.raises(EditorError, match="--with instruct-pix2pix=FOLDER"):
        baseline("instruct-pix2pix").edit(task)
    named = Task(
        task.context, task.base, CAT, task.mask, task.strokes, "", {"instruct-pix2pix": str(tmp_path)}
    )
    with pytest.raises(EditorError, match="no InstructPix2Pix model"):
        baseline("instruct-pix2pix").edit(named)


def test_instruct_pix2pix_runs_a_model_of_its_own(tmp_path):
    weights = {"instruct-pix2pix": str(write_pipeline(tmp_path / "eight", in_channels=8))}
    with context_for(tiny_bundle("sd1")) as context:
        image = picture_of(68, 80)
        base = as_base(open_picture(OpenPicture(image, FOX, Sampling(seed=1, steps=2)), context, 1))
        orders = [
            baseline("instruct-pix2pix").edit(
                Task(context, base, CAT, image[..., 0], image[..., 0], order, weights)
            )
            for order in ("", "make the fox a cat")
        ]
        assert orders[0].shape == image.shape and not np.array_equal(*orders)
        four = {"instruct-pix2pix": str(write_pipeline(tmp_path / "four"))}
        with pytest.raises(EditorError, match="no InstructPix2Pix model"):
            baseline("instruct-pix2pix").edit(
                Task(context, base, CAT, image[..., 0], image[..., 0], "", four)
            )


def test_a_name_that_is_none_lists_the_others_and_what_is_left_out_says_why():
    with pytest.raises(EditorError, match="sdedit"):
        baseline("magic")
    for name in LEFT_OUT:
        with pytest.raises(EditorError, match="arXiv"):
            baseline(name)


def test_a_mask_of_another_size_is_refused(task):
    request = RunBaseline(task.base, CAT, "sdedit", np.zeros((8, 8), np.uint8))
    with pytest.raises(EditorError, match="picture's size"):
        run_baseline(request, task.context)
