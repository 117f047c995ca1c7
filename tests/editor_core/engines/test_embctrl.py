"""EmbCtrl on tiny random models: which embeddings it reads, and that unchanged words change nothing."""

import numpy as np
import pytest
import torch

from editor_core.base.errors import EditorError, NothingToChangeError, PromptError
from editor_core.engines.embctrl import EmbCtrlParameters, controlled, new_tokens, recolour, source_tokens
from editor_core.engines.generate import generate
from editor_core.engines.open_picture import open_picture
from editor_core.engines.regions.local_blend import LocalBlend
from editor_core.messages.requests import Edit, Generate, OpenPicture, Sampling
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
        path = recolour(context, base, source, source, 3.0, EmbCtrlParameters())
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


def test_a_coloured_noun_brings_its_own_embedding(context):
    source, words = embed_prompt(context.bundle, "a red cat"), embed_prompt(context.bundle, "a blue cat")
    mixed = controlled(source, words, new_tokens(source.prompt, words.prompt, with_next=True)).hidden
    ((cat,), (blue,)) = words.prompt.words[2].tokens, words.prompt.words[1].tokens
    assert torch.equal(mixed[:, [blue, cat]], words.cond.hidden[:, [blue, cat]])
    assert torch.equal(mixed[:, words.prompt.ends[0]], source.cond.hidden[:, words.prompt.ends[0]])


def test_a_noun_that_lost_its_colour_brings_its_own_embedding(context):
    source, words = tokenize(context.bundle, "a red cat"), tokenize(context.bundle, "a cat")
    assert new_tokens(source, words).sum() == 0
    assert new_tokens(source, words, with_next=True).nonzero().flatten().tolist() == list(
        words.words[1].tokens
    )


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
