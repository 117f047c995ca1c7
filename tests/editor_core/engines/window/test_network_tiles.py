"""A network that enlarges, applied in tiles: what it says of the whole, without seams, to the factor that is asked."""

import numpy as np
import pytest
import torch
from torch import nn

from editor_core.base.errors import JobCancelled
from editor_core.engines.window.network_tiles import enlarged_by
from editor_core.models.upscaler import Upscaler
from editor_core.pixels.opencv import cv2
from support.engine_runs import context_for
from support.tiny_models import tiny_bundle


@pytest.fixture(scope="module")
def context():
    with context_for(tiny_bundle("default")) as context:
        yield context


@pytest.fixture(scope="module")
def picture():
    noise = np.random.default_rng(1).integers(0, 256, (410, 230, 3), np.uint8)
    return cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 2), None, 0, 255, cv2.NORM_MINMAX)


class Network(nn.Module):
    """As spandrel describes one: it looks at pixels, and finds nothing beyond a border."""

    supports_half, dtype = False, torch.float32

    def __init__(self, scale, looks=None):
        super().__init__()
        self.scale, self.looks, self.seen = scale, looks or nn.Identity(), []

    def forward(self, image):
        self.seen.append(tuple(image.shape[-2:]))
        found = self.looks(image).clamp(0, 1)
        return found.repeat_interleave(self.scale, 2).repeat_interleave(self.scale, 3)


def upscaler_of(network):
    return Upscaler("tiny", network, torch.device("cpu"))


def test_tiles_say_what_the_whole_picture_would(context, picture):
    """Of a network that sees eight pixels around each: those next to a tile's border do not count."""
    torch.manual_seed(0)
    convolutions = [nn.Conv2d(3, 3, 3, padding=1, bias=False) for _ in range(8)]
    for each in convolutions:
        each.weight.data = nn.init.dirac_(torch.empty(3, 3, 3, 3)) + 0.03 * torch.randn(3, 3, 3, 3)
    network = Network(2, nn.Sequential(*convolutions))
    whole = upscaler_of(network)(picture)
    assert whole.std() > 20
    network.seen.clear()
    tiled = enlarged_by(context, upscaler_of(network), picture, 2)
    assert len(network.seen) == 6 and max(max(size) for size in network.seen) == 192
    assert np.abs(tiled - whole).max() <= 1


def test_where_tiles_say_different_things_no_seam_is_seen(context):
    """A network that sees twelve pixels around each says 16 % less where tiles are cut."""
    network = Network(2, nn.AvgPool2d(25, 1, 12))
    grey = np.full((410, 230, 3), 200, np.uint8)
    tiled = enlarged_by(context, upscaler_of(network), grey, 2).astype(int)[24:-24, 24:-24]
    assert len(network.seen) == 6 and tiled.min() >= 196
    assert max(np.abs(np.diff(tiled, axis=axis)).max() for axis in (0, 1)) <= 1


@pytest.mark.parametrize(
    "own, asked, applied", [(2, 2, 1), (4, 2, 1), (8, 4, 1), (3, 2, 1), (2, 4, 2), (3, 4, 1)]
)
def test_the_factor_is_the_one_that_was_asked(context, picture, own, asked, applied):
    network, small = Network(own), picture[:60, :40]
    found = enlarged_by(context, upscaler_of(network), small, asked)
    assert found.shape == (60 * asked, 40 * asked, 3) and len(network.seen) == applied
    if (own, asked) != (3, 4):
        assert np.array_equal(found, small.repeat(asked, 0).repeat(asked, 1)) or own == 3
    assert np.abs(cv2.resize(found, (40, 60), interpolation=cv2.INTER_AREA).astype(int) - small).max() <= 3


def test_progress_is_told_and_cancelling_ends_it_between_tiles(context, picture, monkeypatch):
    context.told.clear()
    enlarged_by(context, upscaler_of(Network(2)), picture, 2)
    assert context.told == [("enlarging", done, 6) for done in range(7)]
    network = Network(2)

    def cancelled():
        if len(network.seen) == 2:
            raise JobCancelled

    monkeypatch.setattr(context, "check_cancelled", cancelled)
    with pytest.raises(JobCancelled):
        enlarged_by(context, upscaler_of(network), picture, 2)
    assert len(network.seen) == 2
