"""Where words look, from made-up attention maps."""

from types import SimpleNamespace

import pytest
import torch

from editor_core.backbones.registry import backbone_of
from editor_core.engines.regions.local_blend import LocalBlend
from support.tiny_models import tiny_bundle

SIZE = (16, 24)


@pytest.fixture
def backbone():
    return backbone_of(tiny_bundle("default").unet)


def a_map(rows, columns, token, shape=SIZE, tokens=5):
    """(heads, positions, tokens): `token` looks at some rows and columns, all else at the start token."""
    map_ = torch.zeros(*shape, tokens)
    map_[..., 0] = 1
    map_[rows, columns, 0], map_[rows, columns, token] = 0, 1
    return map_.flatten(0, 1).expand(2, -1, -1)


def at(ratio=1, part="up"):
    return SimpleNamespace(is_cross=True, ratio=ratio, part=part)


def test_it_holds_what_the_words_look_at_and_one_position_around(backbone):
    blend = LocalBlend(backbone, [2], SIZE)
    blend.record(at(), a_map(slice(4, 8), slice(10, 14), token=2))
    expected = torch.zeros(SIZE, dtype=torch.bool)
    expected[3:9, 9:15] = True
    assert torch.equal(blend.inside(), expected)


def test_words_are_taken_together_and_steps_averaged(backbone):
    blend = LocalBlend(backbone, [1, 2], SIZE)
    blend.record(at(), a_map(slice(0, 2), slice(0, 2), token=1))
    blend.record(at(), a_map(slice(10, 12), slice(20, 22), token=2))
    assert blend.inside()[0, 0] and blend.inside()[11, 21] and not blend.inside()[6, 12]


def test_other_words_and_other_resolutions_do_not_count(backbone):
    blend = LocalBlend(backbone, [2], SIZE)
    blend.record(at(), a_map(slice(0, 2), slice(0, 2), token=2))
    blend.record(at(), a_map(slice(10, 12), slice(20, 22), token=3))
    blend.record(at(ratio=2), a_map(slice(5, 6), slice(5, 6), token=2, shape=(8, 12)))
    blend.record(at(part="mid"), a_map(slice(10, 12), slice(10, 12), token=2))
    assert not blend.inside()[10:].any()


@pytest.mark.parametrize("share, belongs", [(0.28, False), (0.32, True)])
def test_it_begins_at_03_of_the_strongest_response(backbone, share, belongs):
    blend = LocalBlend(backbone, [2], SIZE)
    strong, faint = (a_map(slice(*rows), slice(4, 8), token=2) for rows in ((2, 5), (11, 14)))
    blend.record(at(), strong + share * faint)
    inside = blend.inside()
    assert inside[1:6, 3:9].all() and inside[10:15, 3:9].all() == inside[8:].any() == belongs


def test_without_words_it_is_everywhere(backbone):
    blend = LocalBlend(backbone, [], SIZE)
    blend.record(at(), a_map(slice(0, 2), slice(0, 2), token=2))
    assert blend.inside().all()
