"""What was painted on a turn is inverted where it differs, and the turn's own latents stay everywhere else."""

from dataclasses import replace

import numpy as np
import pytest

from cache import Budget
from editor_core.backbones.unet import row_step
from editor_core.backbones.unet.sparse import Choice
from editor_core.engines.open_picture import open_picture
from editor_core.messages.requests import BaseTurn, Edit, Generate, OpenPicture, Sampling
from editor_core.session.jobs import JobCancelled
from support.engine_runs import as_base, context_for, engine_edit, first_turn
from support.tiny_models import tiny_bundle

WORDS = "a red cat on the sofa"
SAMPLING = Sampling(seed=3, steps=4, guidance=3.0)


@pytest.fixture
def choice(monkeypatch):
    """Stands for the cost model: rows on the first so many levels; a test may say none."""
    rows = {"levels": 9}
    monkeypatch.setattr(
        row_step,
        "choose",
        lambda unet, region, costs, keys: Choice(
            min(rows["levels"], len(region.levels)), (False,) * len(region.levels)
        ),
    )
    return rows


@pytest.fixture(params=["sd2", "default"])
def context(request, choice):
    with context_for(tiny_bundle(request.param)) as context:
        yield context


@pytest.fixture
def base(context) -> BaseTurn:
    return first_turn(context, Generate(WORDS, 128, 96, SAMPLING))


def painted(base: BaseTurn) -> OpenPicture:
    """A square of paint on the turn, two latent positions a side."""
    image = base.image.copy()
    image[40:56, 64:80] = (240, 30, 90)
    return OpenPicture(image, base.prompt, SAMPLING, lineage=(base,))


def test_only_the_region_gets_other_latents(context, base):
    result = open_picture(painted(base), context, 3)
    assert result.method == "paint" and result.log["steps_recomputed"] == 0
    assert [level["way"] for level in result.record.levels] == [
        level["way"] for level in result.log["levels"]
    ]
    assert result.record.levels
    region = result.latents["region"].astype(bool)
    rows, columns = np.flatnonzero(region.any(1)), np.flatnonzero(region.any(0))
    scale = context.bundle.downscale
    assert (rows[0], rows[-1]) == (40 // scale - 1, 55 // scale + 1)
    assert (columns[0], columns[-1]) == (64 // scale - 1, 79 // scale + 1)
    ours, theirs = result.latents["trajectory"], base.latents["trajectory"]
    assert np.array_equal(ours[..., ~region], theirs[..., ~region])
    assert (ours[..., region] != theirs[..., region]).any((1, 2)).all()


def test_the_picture_and_its_mask_are_what_was_painted(context, base):
    request = painted(base)
    result = open_picture(request, context, 3)
    assert np.array_equal(result.image, request.image)
    assert np.array_equal(result.mask > 0, (request.image != base.image).any(2))


def test_a_later_edit_stays_incremental_and_leaves_the_paint(context, base):
    paint = as_base(open_picture(painted(base), context, 3))
    mask = np.zeros(base.image.shape[:2], np.uint8)
    mask[8:40, 8:40] = 255
    request = Edit((base, paint), "a blue dog on the sofa", mask)
    first = engine_edit(context, request)
    assert first.log["executor"] == "incremental"
    assert np.array_equal(first.image[first.mask == 0], paint.image[first.mask == 0])
    again = engine_edit(context, request)
    assert again.log["steps_recomputed"] == 0 and np.array_equal(again.image, first.image)
    assert context.cache.keys(paint.cache_space)


def test_a_region_is_found_on_a_painted_turn(context, base):
    paint = as_base(open_picture(painted(base), context, 3))
    result = engine_edit(context, Edit((base, paint), "a blue dog on the sofa"))
    assert np.array_equal(result.image[result.mask == 0], paint.image[result.mask == 0])


def test_lost_activations_are_computed_again_to_the_same_latents(context, base):
    first = open_picture(painted(base), context, 3)
    context.cache.drop_space(base.cache_space)
    again = open_picture(painted(base), context, 3)
    assert again.log["steps_recomputed"] == SAMPLING.steps and again.cache_space == first.cache_space
    np.testing.assert_allclose(again.latents["trajectory"], first.latents["trajectory"], atol=2e-3)


def test_the_inside_is_what_inverting_all_of_it_gives(choice):
    """On an opened picture, whose path is an inversion everywhere; the surroundings are a step's noise behind."""
    with context_for(tiny_bundle("default")) as context:
        picture = np.random.default_rng(0).integers(90, 160, (96, 128, 3), np.uint8)
        base = as_base(open_picture(OpenPicture(picture, WORDS, SAMPLING), context, 3))
        request = painted(base)
        result = open_picture(request, context, 3)
        whole = open_picture(replace(request, lineage=()), context, 3)
        assert (result.method, whole.method) == ("paint", "open")
    region = result.latents["region"].astype(bool)
    ours, theirs, before = (turn.latents["trajectory"][..., region] for turn in (result, whole, base))
    np.testing.assert_allclose(ours[-1], theirs[-1], atol=1e-4)
    assert np.square(ours - theirs).mean() < 0.05 * np.square(before - theirs).mean()


def test_what_saves_nothing_is_inverted_whole(context, base, choice):
    choice["levels"] = 0
    assert open_picture(painted(base), context, 3).method == "open"


def test_without_room_in_the_cache_it_is_inverted_whole(context, base, monkeypatch):
    monkeypatch.setattr(context.cache, "room", lambda: Budget(ram_bytes=0, disk_bytes=0))
    assert open_picture(painted(base), context, 3).method == "open"


def test_a_cache_that_loses_everything_makes_it_inverted_whole(context, base, monkeypatch):
    context.cache.drop_space(base.cache_space)
    monkeypatch.setattr(context.cache, "put", lambda *args, **kwargs: None)
    assert open_picture(painted(base), context, 3).method == "open"


def test_another_model_or_other_words_begin_anew(context, base):
    request = painted(base)
    assert open_picture(replace(request, prompt="a dog"), context, 3).method == "open"
    stranger = replace(base, fingerprint="another")
    assert open_picture(replace(request, lineage=(stranger,)), context, 3).method == "open"


def test_it_can_be_cancelled_between_steps(context, base):
    left = 2

    def check():
        nonlocal left
        left -= 1
        if left < 0:
            raise JobCancelled

    before = base.latents["trajectory"].copy()
    with pytest.raises(JobCancelled):
        open_picture(painted(base), replace(context, check_cancelled=check), 3)
    assert np.array_equal(base.latents["trajectory"], before)
