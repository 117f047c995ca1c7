"""InstDiffEdit's edit on tiny random models: variants, masks, what stays, what others can do with its turns."""

import dataclasses

import numpy as np
import pytest
import torch

from editor_core.backbones.unet import row_step
from editor_core.base.errors import EditorError, JobCancelled, NothingToChangeError, RegionError
from editor_core.engines.common.encoding import encode_region
from editor_core.engines.generate import generate
from editor_core.messages.requests import BaseTurn, Edit, Generate, Sampling
from editor_core.models.latents import encode_float, to_pixels
from support.engine_runs import as_base, context_for, engine_edit, first_turn, rows_only
from support.tiny_models import inpainting_bundle, tiny_bundle

SAMPLING = Sampling(seed=3, steps=4, guidance=3.0)


@pytest.fixture(params=["sd1", "default"])
def context(request):
    with context_for(tiny_bundle(request.param)) as context:
        yield context


@pytest.fixture
def base(context) -> BaseTurn:
    return first_turn(context, Generate("a red cat on the sofa", 96, 64, SAMPLING))


@pytest.fixture(autouse=True)
def rows_everywhere(monkeypatch):
    monkeypatch.setattr(row_step, "choose", rows_only)


def left_half(base):
    mask = np.zeros(base.image.shape[:2], np.uint8)
    mask[:, : mask.shape[1] // 2] = 255
    return mask


def repaint(base, mask=None, **parameters):
    own = {"preset": "paper", "threshold": 0.5, "variants": 1, **parameters}
    return Edit((base,), "a dog", mask, "instdiffedit", own)


def several(context, request):
    """All results of an edit, in their order."""
    told = []
    context.variant = told.append
    last = engine_edit(context, request)
    return [*told, last]


def test_nothing_moves_outside_the_mask_it_finds(context, base):
    result = engine_edit(context, repaint(base))
    inside = result.mask > 0
    assert inside.any() and not inside.all()
    assert np.array_equal(result.image[~inside], base.image[~inside])
    assert (result.image != base.image).any()
    assert result.method == "instdiffedit" and result.parameters["threshold"] == 0.5
    assert result.parameters["rounds"] == 3 and result.parameters["region"] == "found"


def test_a_given_mask_skips_the_search(context, base):
    result = engine_edit(context, repaint(base, left_half(base)))
    assert not any(stage == "looking" for stage, *_ in context.told) and result.log["search_steps"] == 0
    outside = left_half(base) == 0
    assert np.array_equal(result.image[outside], base.image[outside])


def test_variants_share_the_mask_and_differ_inside(context, base):
    results = several(context, repaint(base, variants=3, seed=10))
    assert [result.seed for result in results] == [10, 11, 12]
    assert all(np.array_equal(result.mask, results[0].mask) for result in results)
    assert len({result.image.tobytes() for result in results}) == 3


def test_there_are_as_many_variants_as_rounds_unless_their_number_is_given(context, base):
    assert len(several(context, repaint(base, left_half(base), variants=0))) == 3
    assert len(several(context, repaint(base, left_half(base), variants=0, rounds=2))) == 2


@pytest.mark.parametrize("incremental", [True, False])
def test_a_batch_paints_what_each_item_paints_alone(context, base, incremental):
    request = repaint(base, left_half(base), variants=3, seed=10, incremental=incremental, batched=True)
    batch = several(context, request)
    assert [result.log["painted_together"] for result in batch] == [3, 3, 3]
    with context_for(context.bundle) as other:
        base = first_turn(other, Generate("a red cat on the sofa", 96, 64, SAMPLING))
        for together in batch:
            alone = engine_edit(
                other, repaint(base, left_half(base), seed=together.seed, incremental=incremental)
            )
            assert alone.cache_space == together.cache_space and alone.log["painted_together"] == 1
            assert np.allclose(alone.latents["trajectory"], together.latents["trajectory"], atol=1e-4)
            assert np.abs(alone.image.astype(int) - together.image).max() <= 1


def test_one_after_another_is_the_same(context, base):
    batch = several(context, repaint(base, variants=3, batched=True))
    singly = several(context, repaint(base, variants=3, batched=False))
    assert [result.log["painted_together"] for result in singly] == [1, 1, 1]
    assert [result.parameters["batched"] for result in (*batch, *singly)] == [True] * 3 + [False] * 3
    for one, other in zip(batch, singly, strict=True):
        assert np.array_equal(one.mask, other.mask) and one.seed == other.seed
        assert np.abs(one.image.astype(int) - other.image).max() <= 1


def test_on_a_processor_each_variant_is_told_before_the_next_is_begun(context, base):
    """The progress goes on over all of them, and cancelling loses only those that are not there yet."""
    told = []

    def variant(result):
        told.append(result.seed)
        context.told.append(("variant", len(told), 0))

    def check_cancelled():
        if len(told) == 2:
            raise JobCancelled

    context.variant = variant
    context.told.clear()
    engine_edit(context, repaint(base, left_half(base), variants=3, seed=10))
    painting = [done for stage, done, _ in context.told if stage == "painting"]
    assert painting == sorted(painting) and painting[-1] == 3 * SAMPLING.steps
    assert {total for stage, _, total in context.told if stage == "painting"} == {3 * SAMPLING.steps}
    order = [step[0] for step in context.told if step[0] == "variant" or step[1] == SAMPLING.steps + 1]
    assert order[:2] == ["variant", "painting"]
    told.clear()
    context.check_cancelled = check_cancelled
    with pytest.raises(JobCancelled):
        engine_edit(context, repaint(base, left_half(base), variants=3, seed=10))
    assert told == [10, 11]


def test_a_later_turn_goes_on_from_any_item_of_a_batch(context, base):
    request = repaint(base, left_half(base), variants=2, seed=10, batched=True)
    second = several(context, request)[1]
    then = engine_edit(context, Edit((base, as_base(second)), "a blue dog", 255 - left_half(base)))
    with context_for(context.bundle) as lost:
        again = engine_edit(lost, Edit((base, as_base(second)), "a blue dog", 255 - left_half(base)))
    assert np.abs(then.image.astype(int) - again.image).max() <= 2


def test_dense_and_incremental_painting_agree(context, base):
    rows = engine_edit(context, repaint(base, left_half(base)))
    whole = engine_edit(context, repaint(base, left_half(base), incremental=False))
    assert rows.log["executor"] == "incremental" and whole.log["executor"] == "dense"
    distance = np.abs(rows.image.astype(int) - whole.image)
    assert distance.mean() < 6


def test_other_engines_go_on_from_its_turns_and_it_from_theirs(context, base):
    first = as_base(engine_edit(context, repaint(base, left_half(base))))
    right = 255 - left_half(base)
    second = engine_edit(context, Edit((base, first), "a blue dog", right))
    assert np.array_equal(second.image[right == 0], first.image[right == 0])
    third = engine_edit(
        context,
        Edit((base, first, as_base(second)), "a cow", left_half(base), "instdiffedit", {"preset": "paper"}),
    )
    assert np.array_equal(third.image[right > 0], second.image[right > 0])


def test_a_turn_whose_activations_are_lost_gives_the_same_next_turn(context, base):
    first = as_base(engine_edit(context, repaint(base, left_half(base))))
    then = Edit((base, first), "a blue dog", 255 - left_half(base))
    kept = engine_edit(context, then)
    with context_for(context.bundle) as empty:
        lost = engine_edit(empty, then)
    assert np.abs(lost.image.astype(int) - kept.image).max() <= 2


def test_the_phrase_is_looked_for_within_the_sentence(context, base):
    request = Edit(
        (base,), "a dog on the sofa", None, "instdiffedit", {"phrase": "a dog", "preset": "grounded"}
    )
    result = engine_edit(context, request)
    assert result.prompt == "a dog on the sofa" and result.parameters["phrase"] == "a dog"


def test_refusals(context, base):
    with pytest.raises(RegionError):
        engine_edit(context, repaint(base, np.zeros(base.image.shape[:2], np.uint8)))
    with pytest.raises(RegionError):
        engine_edit(context, repaint(base, np.ones((8, 8), np.uint8)))
    with pytest.raises(NothingToChangeError):
        engine_edit(context, repaint(base, threshold=0.99999999))
    with pytest.raises(EditorError):
        engine_edit(context, repaint(base, variants=99))


def test_a_model_made_for_inpainting_gets_the_mask_and_the_masked_picture():
    with context_for(inpainting_bundle()) as context:
        base = as_base(generate(Generate("a red cat", 96, 64, SAMPLING), context, 3))
        seen = []
        context.bundle.unet.register_forward_pre_hook(
            lambda module, args, kwargs: seen.append(args[0]), with_kwargs=True
        )
        result = engine_edit(context, repaint(base, left_half(base)))
        channels = context.bundle.latent_channels
        assert seen[0].shape[1] == 2 * channels + 1
        mask = seen[0][0, channels]
        assert mask[:, : mask.shape[1] // 2].eq(1).all() and mask[:, mask.shape[1] // 2 :].eq(0).all()
        outside = left_half(base) == 0
        assert np.array_equal(result.image[outside], base.image[outside])
        assert (result.image[~outside] != base.image[~outside]).any()


def test_what_is_masked_is_grey_before_it_is_encoded():
    """As Stable Diffusion's inpainting: latents, mask, and the latents of the picture with grey where it is masked."""
    with context_for(inpainting_bundle()) as context:
        base = as_base(generate(Generate("a red cat", 96, 64, SAMPLING), context, 3))
        mask = np.zeros((64, 96), np.uint8)
        mask[9:30, 30:47] = 255
        seen = []
        hook = context.bundle.unet.register_forward_pre_hook(lambda _module, args: seen.append(args[0]))
        engine_edit(context, repaint(base, mask))
        hook.remove()
        covered = to_pixels(base.image)
        covered[..., 8:32, 24:48] = 0  # the latent positions that the mask touches
        expected = encode_float(context.bundle, covered)
        channels = context.bundle.latent_channels
        assert len(seen) == SAMPLING.steps
        for given in seen:
            assert given[:, channels].sum((1, 2)).tolist() == [9.0, 9.0]
            torch.testing.assert_close(given[:, channels + 1 :], expected.expand(2, -1, -1, -1))


def test_a_model_made_for_inpainting_that_paints_everything_is_given_grey():
    with context_for(inpainting_bundle()) as context:
        seen = []
        hook = context.bundle.unet.register_forward_pre_hook(lambda _module, args: seen.append(args[0]))
        generate(Generate("a red cat", 96, 64, SAMPLING), context, 3)
        hook.remove()
        channels = context.bundle.latent_channels
        grey = encode_float(context.bundle, torch.zeros(1, 3, 64, 96))
        assert seen[0][:, channels].eq(1).all()
        torch.testing.assert_close(seen[0][:, channels + 1 :], grey.expand(2, -1, -1, -1))


def test_what_was_painted_over_fades_into_the_picture_as_it_is_seen(context, base):
    mask = np.zeros(base.image.shape[:2], np.uint8)
    mask[8:40, 8:40] = 255
    painted = (base.image // 2 + 120).astype(np.uint8)  # as by an adjustment of all
    request = Edit((base,), base.prompt, mask, "instdiffedit", {"variants": 1, "plant": False}, strength=0.5)
    seen = engine_edit(context, dataclasses.replace(request, painted=painted)).image
    assert np.array_equal(seen[mask == 0], base.image[mask == 0])
    edge = np.s_[8, 8:40]
    off, halo = (np.abs(seen[edge].astype(int) - other[edge]).mean() for other in (painted, base.image))
    assert off < halo


def test_what_was_painted_over_is_what_a_low_strength_begins_with(context, base):
    painted = np.array(base.image)
    painted[16:32, 16:32] = (200, 30, 30)
    mask = np.zeros(base.image.shape[:2], np.uint8)
    mask[8:40, 8:40] = 255
    request = Edit((base,), base.prompt, mask, "instdiffedit", {"variants": 1, "plant": False}, strength=0.5)
    over = dataclasses.replace(request, painted=painted)
    without, result = engine_edit(context, request), engine_edit(context, over)
    outside = mask == 0
    assert np.array_equal(result.image[outside], base.image[outside])
    assert result.cache_space != without.cache_space
    path, alone = result.latents["trajectory"], without.latents["trajectory"]
    assert np.array_equal(path[1], base.latents["trajectory"][1])  # it begins at the third of four steps
    x_0 = context.tensor(base.latents["trajectory"][-1:])
    shown = encode_region(context, painted, torch.from_numpy(result.latents["region"] > 0), x_0)
    alpha_bar = context.plan(base.sampler, base.steps, base.seed)[2].alpha_bar
    moved = (alpha_bar**0.5 * (shown - x_0)).numpy()[0, :, 3, 3]  # in the middle: the rim begins later
    assert np.abs(moved).max() > 0.01 and np.allclose((path[2] - alone[2])[:, 3, 3], moved, atol=1e-5)
    at_once = dataclasses.replace(over, strength=1.0)
    assert np.array_equal(
        engine_edit(context, at_once).image,
        engine_edit(context, dataclasses.replace(at_once, painted=None)).image,
    )  # nothing of it is left in pure noise
