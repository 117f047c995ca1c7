"""GMSD and HaarPSI, and what they say of pictures whose likeness everyone sees."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from editor_core.evaluation.likeness import gmsd, haarpsi
from editor_core.pixels.opencv import cv2


def smooth(seed):
    noise = np.random.default_rng(seed).integers(0, 256, (64, 64, 3), np.uint8)
    blurred = cv2.GaussianBlur(noise, (0, 0), 2).astype(float)
    return np.clip((blurred - 128) * 6 + 128, 0, 255).astype(np.uint8)


def test_equal_pictures_are_alike_and_flat_ones_too():
    assert gmsd(smooth(0), smooth(0)) == 0 and haarpsi(smooth(0), smooth(0)) == pytest.approx(1, abs=1e-6)
    flat = np.full((32, 32, 3), 90, np.uint8)
    assert gmsd(flat, flat) == 0 and haarpsi(flat, flat) == pytest.approx(1)


def test_the_more_a_picture_is_spoiled_the_less_alike_it_is():
    picture = smooth(0)
    spoiled = [cv2.GaussianBlur(picture, (0, 0), sigma) for sigma in (0.6, 1.5, 4)] + [smooth(1)]
    apart = [gmsd(picture, each) for each in spoiled]
    alike = [haarpsi(picture, each) for each in spoiled]
    assert apart[:3] == sorted(apart[:3]) and apart[3] > apart[0] > 0
    assert alike == sorted(alike, reverse=True) and 0 < alike[-1] < 0.7 < alike[0] < 1


def test_haarpsi_is_the_papers_written_out():
    """With torch's convolutions over the whole picture; zeros lie around it."""
    one, other = (np.pad(each[8:-8, 8:-8], ((16, 16), (16, 16), (0, 0))) for each in (smooth(0), smooth(1)))
    assert haarpsi(one, other) == pytest.approx(written_out(one, other), abs=1e-6)


def written_out(one, other):
    channels = [halves_in_yiq(each) for each in (one, other)]
    logistic = lambda x: 1 / (1 + torch.exp(-4.2 * x))  # noqa: E731
    alike = lambda a, b: (2 * a * b + 900) / (a * a + b * b + 900)  # noqa: E731
    similar, weights = [], []
    for turned in (False, True):
        responses = [[haar(each[0], k, turned).abs() for k in (1, 2, 3)] for each in channels]
        similar.append(sum(alike(responses[0][k], responses[1][k]) for k in (0, 1)) / 2)
        weights.append(torch.maximum(responses[0][2], responses[1][2]))
    blurred = [[convolved(each[c], torch.full((2, 2), 0.25)).abs() for c in (1, 2)] for each in channels]
    similar.append(sum(alike(blurred[0][c], blurred[1][c]) for c in (0, 1)) / 2)
    weights.append(sum(weights) / 2)
    share = sum((logistic(s) * w).sum() for s, w in zip(similar, weights)) / sum(w.sum() for w in weights)
    return float((torch.log(share / (1 - share)) / 4.2) ** 2)


def halves_in_yiq(picture):
    x = torch.from_numpy(picture.astype(np.float64)).permute(2, 0, 1)
    mix = torch.tensor([[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]]).double()
    return F.avg_pool2d(torch.einsum("ij,jhw->ihw", mix, x), 2)


def haar(x, k, turned):
    kernel = torch.full((2**k, 2**k), 2.0**-k)
    kernel[2 ** (k - 1) :] *= -1
    return convolved(x, kernel.T if turned else kernel)


def convolved(x, kernel):
    half = len(kernel) // 2
    padded = F.pad(x[None, None], (half, half - 1, half, half - 1))
    return F.conv2d(padded, kernel.double()[None, None])[0, 0]
