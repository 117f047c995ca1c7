"""Where changed words look, read from maps that are made up."""

import numpy as np
import pytest
import torch

from editor_core.backbones.registry import backbone_of
from editor_core.engines.generate import generate
from editor_core.engines.regions.changed_words import ChangedWords
from editor_core.messages.requests import Edit, Generate, Sampling
from editor_core.models.prompts import tokenize
from support.engine_runs import as_base, context_for, engine_edit
from support.tiny_models import MAX_TOKENS, tiny_bundle

SIZE = (12, 16)
LEFT, RIGHT = slice(0, 6), slice(10, 16)


def maps_of(bundle, looks):
    """Maps of every layer in which a token looks at some columns, {token: slice}, and all others nowhere."""
    backbone, maps = backbone_of(bundle.unet), {}
    sizes = backbone.level_sizes(*SIZE)
    for site in backbone.sites:
        height, width = sizes[site.level]
        probs = torch.zeros(2, height, width, MAX_TOKENS)
        for token, columns in looks.items():
            probs[:, :, slice(columns.start // site.ratio, columns.stop // site.ratio), token] = 0.8
        maps[site.name] = probs.flatten(1, 2).half()
    return maps


def found(bundle, before, after, base_looks, edited_looks, difference=None):
    words = ChangedWords(
        bundle, backbone_of(bundle.unet), tokenize(bundle, before), tokenize(bundle, after), SIZE
    )
    for _ in range(2):
        words.add(maps_of(bundle, base_looks), maps_of(bundle, edited_looks))
    if difference is None:
        difference = np.zeros(SIZE, np.float32)
        difference[:, LEFT] = difference[:, RIGHT] = 1
    return words.region(difference)


@pytest.fixture(params=["sd1", "default"])
def bundle(request):
    return tiny_bundle(request.param)


def test_a_replaced_word_counts_where_it_looked_in_the_base(bundle):
    region = found(bundle, "a red cat", "a red dog", {3: LEFT, 2: RIGHT}, {3: RIGHT})
    assert region.shape == SIZE and region[:, :5].all() and not region[:, 9:].any()


def test_a_removed_word_counts_where_it_looked_in_the_base(bundle):
    region = found(bundle, "a cat and a dog", "a cat", {5: RIGHT, 2: LEFT}, {2: LEFT})
    assert region[:, 11:].all() and not region[:, :7].any()


def test_an_inserted_word_counts_where_it_looks_in_the_edited_run(bundle):
    region = found(bundle, "a cat", "a red cat", {2: LEFT}, {2: RIGHT, 3: LEFT})
    assert region[:, 11:].all() and not region[:, :7].any()


def test_a_word_whose_place_does_not_change_counts_for_nothing(bundle):
    difference = np.zeros(SIZE, np.float32)
    difference[:, RIGHT] = 1
    assert not found(bundle, "a cat", "the cat", {1: LEFT}, {1: LEFT}, difference).any()


@pytest.mark.parametrize("contrast, counts", [(1.15, False), (1.25, True)])
def test_it_counts_from_12_times_the_differences_elsewhere_on(bundle, contrast, counts):
    looked_at = found(bundle, "a cat", "a dog", {2: LEFT}, {})
    difference = np.where(looked_at, contrast, 1.0).astype(np.float32)
    assert found(bundle, "a cat", "a dog", {2: LEFT}, {}, difference).any() == counts


@pytest.mark.parametrize("share, counts", [(0.2, False), (0.3, True)])
def test_a_place_is_meant_from_a_quarter_of_the_strongest_response_on(bundle, share, counts):
    """A word looks left strongly and right by a share of that, in maps of the latents' own resolution."""
    words = ChangedWords(
        bundle, backbone_of(bundle.unet), tokenize(bundle, "a cat"), tokenize(bundle, "a dog"), SIZE
    )
    maps = maps_of(bundle, {2: LEFT})
    for name, faint in maps_of(bundle, {2: RIGHT}).items():
        maps[name] = maps[name] + share * faint
    words.add(maps, maps)
    difference = np.zeros(SIZE, np.float32)
    difference[:, LEFT] = difference[:, RIGHT] = 1
    region = words.region(difference)
    assert region[:, :5].all() and region[:, 12:].any() == counts


def test_the_same_words_and_flat_maps_give_an_empty_region(bundle):
    assert not found(bundle, "a cat", "a cat", {1: LEFT, 2: LEFT}, {}).any()
    assert not found(bundle, "a cat", "a dog", {}, {}).any()


def test_the_words_only_add_to_the_papers_region():
    with context_for(tiny_bundle("default")) as context:
        sampling = Sampling(seed=3, steps=4, guidance=3.0)
        base = as_base(generate(Generate("a red cat on the sofa", 96, 64, sampling), context, 3))
        paper, ours = (
            engine_edit(
                context,
                Edit(
                    (base,), "a red dog on the sofa", parameters={"search": "warm-up", "follow_words": follow}
                ),
            )
            for follow in (False, True)
        )
    assert ours.parameters["follow_words"] and not paper.parameters["follow_words"]
    assert not ((paper.mask > 0) & (ours.mask == 0)).any()
