"""Which words name things outside a region, from made-up attention maps."""

from dataclasses import replace

import pytest
import torch

from editor_core.engines.generate import generate
from editor_core.engines.regions import outside_words
from editor_core.engines.regions.outside_words import tokens_outside
from editor_core.messages.requests import Generate, Sampling
from editor_core.models.prompts import tokenize
from support.engine_runs import as_base, context_for
from support.tiny_models import tiny_bundle

WORDS = "a cat and a dog in the snow"
CAT, DOG = (slice(4, 12), slice(2, 10)), (slice(4, 12), slice(20, 28))


@pytest.fixture
def context():
    with context_for(tiny_bundle("default")) as context:
        yield context


@pytest.fixture
def base(context, monkeypatch):
    """A turn whose words look where they should: the cat left, the dog right, all others everywhere."""
    base = as_base(generate(Generate(WORDS, 256, 128, Sampling(seed=3, steps=2)), context, 3))
    prompt = tokenize(context.bundle, WORDS)
    looks = torch.full((16, 32, context.bundle.max_tokens), 0.1)
    for word, (rows, columns) in ((prompt.words[1], CAT), (prompt.words[4], DOG)):
        looks[..., list(word.tokens)] = 0.0
        looks[rows, columns, min(word.tokens) : max(word.tokens) + 1] = 1.0
    maps = {}
    for site in context.backbone.sites:
        size = context.backbone.level_sizes(16, 32)[site.level]
        small = torch.nn.functional.adaptive_avg_pool2d(looks.permute(2, 0, 1), size)
        maps[site.name] = small.flatten(1).T.expand(2, -1, -1)
    monkeypatch.setattr(outside_words, "base_maps", lambda *_: lambda *_: maps)
    return base


def around(rows, columns):
    region = torch.zeros(16, 32, dtype=torch.bool)
    region[rows, columns] = True
    return region


def test_a_thing_beside_the_region_is_outside(context, base):
    words = "a dog in the snow"
    dog = tokenize(context.bundle, words).words[1]
    assert tokens_outside(context, base, words, around(*CAT)) == dog.tokens


def test_a_thing_in_the_region_is_not(context, base):
    assert tokens_outside(context, base, "a dog in the snow", around(*DOG)) == ()


def test_new_words_are_nowhere_yet(context, base):
    words = "an owl and a dog in the snow"
    dog = tokenize(context.bundle, words).words[4]
    assert tokens_outside(context, base, words, around(*CAT)) == dog.tokens


def test_the_pictures_maps_are_made_once(context):
    base = as_base(generate(Generate(WORDS, 64, 64, Sampling(seed=3, steps=2)), context, 3))
    region = torch.ones(8, 8, dtype=torch.bool)
    calls = []
    handle = context.bundle.unet.register_forward_pre_hook(lambda *_: calls.append(1))
    for known in (base, base, replace(base, cache_space="")):
        tokens_outside(context, known, "a dog", region)
    handle.remove()
    assert len(calls) <= 2  # at most for the first, and for the one that may not be kept
