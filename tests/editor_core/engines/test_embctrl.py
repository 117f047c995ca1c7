"""EmbCtrl on tiny random models: which embeddings it reads, and that unchanged words change nothing."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from editor_core.base.errors import EditorError, NothingToChangeError, PromptError
from editor_core.engines import embctrl
from editor_core.engines.embctrl import (
    EmbCtrlParameters,
    _following,
    _held,
    controlled,
    new_tokens,
    recolour,
    source_tokens,
)
from editor_core.engines.generate import generate
from editor_core.engines.open_picture import open_picture
from editor_core.engines.regions.local_blend import LocalBlend
from editor_core.messages.requests import Edit, Generate, OpenPicture, Sampling
from editor_core.models.latents import encode, pad_to_grid
from editor_core.models.prompts import embed_prompt, tokenize
from support.engine_runs import as_base, context_for, engine_edit
from support.tiny_models import tiny_bundle

SAMPLING = Sampling(seed=3, steps=3, guidance=3.0)


@pytest.fixture(params=["sd1", "sd2", "default"])
def context(request):
    with context_for(tiny_bundle(request.param)) as context:
        yield context


def opened(context, how="direct"):
    picture = np.random.default_rng(0).integers(0, 255, (70, 100, 3), dtype=np.uint8)
    return as_base(open_picture(OpenPicture(picture, "a red cat on the sofa", SAMPLING, how), context, 3))


def encoded(context, picture):
    return encode(context.bundle, pad_to_grid(picture.astype(np.uint8), context.bundle.grid))


def test_only_changed_words_bring_their_own_embeddings(context):
    bundle = context.bundle
    source, words = embed_prompt(bundle, "a red cat"), embed_prompt(bundle, "a blue cat")
    mixed = controlled(source, words, new_tokens(source.prompt, words.prompt)).hidden
    (position,) = words.prompt.words[1].tokens
    assert torch.equal(mixed[:, position], words.cond.hidden[:, position])
    others = torch.arange(bundle.max_tokens) != position
    assert torch.equal(mixed[:, others], source.cond.hidden[:, others])


def test_a_word_put_in_moves_the_others_along(context):
    source, words = embed_prompt(context.bundle, "a cat"), embed_prompt(context.bundle, "a blue cat")
    mixed = controlled(source, words, new_tokens(source.prompt, words.prompt)).hidden
    (cat_before,), (cat_after,) = source.prompt.words[1].tokens, words.prompt.words[2].tokens
    assert torch.equal(mixed[:, cat_after], source.cond.hidden[:, cat_before])


@pytest.mark.parametrize("how", ["direct", "ddim"])
def test_unchanged_words_follow_the_source_exactly(context, how):
    base = opened(context, how)
    source = embed_prompt(context.bundle, base.prompt, base.negative)
    with torch.no_grad():
        path = recolour(
            context, base, source, source, 3.0, EmbCtrlParameters(offset_share=1.0, fresh_light=False)
        )
    torch.testing.assert_close(path, torch.tensor(base.latents["trajectory"]), rtol=1e-3, atol=1e-3)


def test_as_printed_a_generated_picture_with_unchanged_words_is_made_again(context):
    base = as_base(generate(Generate("a red cat", 64, 64, SAMPLING), context, 3))
    source = embed_prompt(context.bundle, base.prompt, base.negative)
    with torch.no_grad():
        path = recolour(context, base, source, source, 3.0, EmbCtrlParameters(preset="faithful"))
    torch.testing.assert_close(path, torch.tensor(base.latents["trajectory"]), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("preset", ["exact", "faithful"])
def test_pixels_that_did_not_change_visibly_are_the_parents(context, preset):
    base = opened(context)
    result = engine_edit(
        context, Edit((base,), "a blue cat on the sofa", None, "embctrl", {"preset": preset}, guidance=30.0)
    )
    outside = result.mask == 0
    assert np.array_equal(result.image[outside], base.image[outside])
    assert (result.image != base.image).any() and result.log["changed_tokens"] == 1


def test_where_a_coloured_noun_looked_counts_too(context):
    source, words = tokenize(context.bundle, "a red cat"), tokenize(context.bundle, "a blue cat")
    (blue,), (cat,) = words.words[1].tokens, words.words[2].tokens
    assert new_tokens(source, words, with_next=True).nonzero().flatten().tolist() == [blue, cat]


def test_where_a_noun_looked_that_lost_its_colour_counts_too(context):
    source, words = tokenize(context.bundle, "a red cat"), tokenize(context.bundle, "a cat")
    assert new_tokens(source, words).sum() == 0
    assert new_tokens(source, words, with_next=True).nonzero().flatten().tolist() == list(
        words.words[1].tokens
    )


def test_the_target_begins_without_the_light_of_an_inverted_picture(context):
    """And where an edit begins later, with what was there at that step."""
    base = opened(context)
    lit = base.latents["trajectory"].copy()
    lit[:2] += 2
    base = replace(base, latents={**base.latents, "trajectory": lit})
    source, words = (embed_prompt(context.bundle, text) for text in (base.prompt, "a blue cat on the sofa"))
    starts = []
    for fresh, first in ((True, 0), (False, 0), (True, 1)):
        own = EmbCtrlParameters(fresh_light=fresh, blend_from=1.0)
        with torch.no_grad():
            starts.append(recolour(context, base, source, words, 3.0, own, first)[first])
    assert starts[0].mean() < starts[1].mean() - 1
    assert torch.equal(starts[1], torch.tensor(lit[0])) and torch.equal(starts[2], torch.tensor(lit[1]))


def test_a_turns_latents_are_the_sources_where_it_ends_as_the_source(context, monkeypatch):
    base = opened(context)
    latents = base.latents["trajectory"]
    left = torch.arange(latents.shape[-1]).expand(latents.shape[-2:]) < 3
    monkeypatch.setattr(LocalBlend, "inside", lambda _blend: left)
    asked = Edit((base,), "a blue cat on the sofa", None, "embctrl", {"even": False}, guidance=30.0)
    path = engine_edit(context, asked).latents["trajectory"]
    assert np.array_equal(path[..., ~left.numpy()], latents[..., ~left.numpy()])
    assert not np.array_equal(path[1][..., left.numpy()], latents[1][..., left.numpy()])


def test_the_latents_follow_the_picture_from_the_first_step_on(context):
    base = opened(context)
    path = torch.tensor(base.latents["trajectory"])
    grey, blue = (np.full((*base.image.shape[:2], 3), colour, np.float32) for colour in (128, (0, 0, 255)))
    moved = _following(context, base, path, 1, (grey, blue))
    difference = encoded(context, blue) - encoded(context, grey)
    plan = context.plan(base.sampler, base.steps, base.seed)
    assert torch.equal(moved[:2], path[:2])
    for step, at in enumerate(plan[2:], 2):
        expected = path[step] + at.alpha_bar**0.5 * difference[0]
        torch.testing.assert_close(moved[step], expected, rtol=1e-4, atol=1e-4)
    expected = path[-1] + plan[-1].alpha_bar_next ** 0.5 * difference[0]
    torch.testing.assert_close(moved[-1], expected, rtol=1e-4, atol=1e-4)


def test_what_was_left_in_a_things_middle_is_the_things_and_what_lies_beside_it_is_not():
    change = np.zeros((120, 120, 3), np.float32)
    change[30:90, 30:90] = 100
    change[50:60, 50:60] = 0
    held = _held(change, 10)
    assert held[30:90, 30:90].min() == 255
    assert held[:22].max() == held[:, 98:].max() == 0


def test_what_was_left_in_the_old_colour_goes_with_the_rest(context, monkeypatch):
    """The decodings differ by a new colour everywhere but in a patch."""
    base = opened(context)
    base = replace(base, image=np.full_like(base.image, 90))
    new = np.full(base.image.shape, 90, np.float32)
    new[..., 0] = 200
    new[20:30, 20:30] = 90
    left = {}
    for even in (True, False):
        decodings = iter([np.full(base.image.shape, 90, np.float32), new])
        monkeypatch.setattr(embctrl, "_decoded", lambda *_, of=decodings: next(of))
        asked = Edit((base,), "a blue cat on the sofa", None, "embctrl", {"even": even})
        left[even] = engine_edit(context, asked).image[25, 25, 0]
    assert left[True] > 190 and left[False] == 90


@pytest.mark.parametrize(
    "words, places",
    [
        ("a blue cat", [0, 1, 2, 3, 4]),  # a replaced word takes its predecessor's seat
        ("a blue cat and a dog", [0, 1, 2, 3, -1, -1, -1, 4]),
        ("a cat dog", [0, 1, 3, -1, 4]),
        ("a dog red cat", [0, 1, -1, 2, 3, 4]),
    ],
)
def test_every_token_has_a_seat(context, words, places):
    found = source_tokens(tokenize(context.bundle, "a red cat"), tokenize(context.bundle, words))
    assert found[: len(places)].tolist() == places


@pytest.mark.parametrize("guidance", [1.0, 30.0])
def test_maps_are_kept_for_a_share_of_the_steps(context, guidance):
    base = opened(context)
    source, words = (embed_prompt(context.bundle, text) for text in (base.prompt, "an owl in the snow table"))
    paths = []
    for share in (0.0, 0.5, 1.0):
        own = EmbCtrlParameters(maps_kept=share, blend_from=1.0)
        with torch.no_grad():
            paths.append(recolour(context, base, source, words, guidance, own))
    assert not torch.allclose(paths[0], paths[1], atol=1e-5)
    assert not torch.allclose(paths[1], paths[2], atol=1e-5)


def test_the_source_comes_back_where_the_new_words_do_not_look(context, monkeypatch):
    base = opened(context)
    latents = torch.tensor(base.latents["trajectory"])
    left = torch.arange(latents.shape[-1]).expand(latents.shape[-2:]) < 3
    monkeypatch.setattr(LocalBlend, "inside", lambda _blend: left)
    source, words = (embed_prompt(context.bundle, text) for text in (base.prompt, "a blue cat on the sofa"))
    with torch.no_grad():
        path = recolour(context, base, source, words, 30.0, EmbCtrlParameters(blend_from=0.3))
    assert torch.equal(path[2:][..., ~left], latents[2:][..., ~left])
    assert not torch.allclose(path[-1][..., left], latents[-1][..., left], atol=1e-4)
    assert not torch.equal(path[1][..., ~left], latents[1][..., ~left])


def test_same_words_are_refused(context):
    with pytest.raises(NothingToChangeError):
        engine_edit(context, Edit((opened(context),), "a red  cat on the sofa", None, "embctrl"))


def test_bad_requests_are_refused(context):
    base = opened(context)
    with pytest.raises(PromptError):
        engine_edit(context, Edit((base,), "  ", None, "embctrl"))
    with pytest.raises(EditorError, match="not a valid value for “preset”"):
        engine_edit(context, Edit((base,), "a blue cat", None, "embctrl", {"preset": "quick"}))
