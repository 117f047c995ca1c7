"""The region found from differences of latents, and laying it back over the picture."""

import numpy as np
import pytest
import torch

from editor_core.engines.common.composite import composite, inner_edge, soft_edge
from editor_core.engines.fisedit import mask_from_difference, summed_differences


def blob(h=32, w=32, rows=slice(8, 20), columns=slice(10, 24), noise=0.05, seed=0):
    values = np.random.default_rng(seed).random((h, w), np.float32) * noise
    values[rows, columns] += 1
    return values


def test_blob_is_found_where_it_lies():
    mask = mask_from_difference(blob())
    expected = np.zeros((32, 32), bool)
    expected[8:20, 10:24] = True
    # The cross-shaped opening may take the four corners; it must not shift the mask.
    assert (mask != expected).sum() <= 4
    assert mask[8, 11] and mask[19, 22] and mask[9, 10] and mask[18, 23]


def test_opening_removes_single_positions_and_does_not_shift():
    values = blob()
    values[2, 2] = 1.0
    mask = mask_from_difference(values)
    assert not mask[2, 2]
    assert np.array_equal(mask, mask_from_difference(values[::-1, ::-1])[::-1, ::-1])


def test_small_region_survives_although_the_opening_would_remove_it():
    values = np.zeros((16, 16), np.float32)
    values[5, 5] = values[5, 6] = 1
    assert mask_from_difference(values).sum() == 2


@pytest.mark.parametrize("value", [0.0, 3.5, np.nan])
def test_difference_without_contrast_gives_an_empty_region(value):
    assert not mask_from_difference(np.full((8, 12), value, np.float32)).any()


def test_each_step_counts_alike_however_large_its_difference():
    near, far = torch.zeros(1, 4, 8, 8), torch.zeros(1, 4, 8, 8)
    near[..., :2, :2], far[..., 4:, 4:] = 0.01, 100.0
    zero = torch.zeros_like(near)
    total = summed_differences([zero, zero], [near, far])
    assert total[0, 0] == pytest.approx(1) and total[5, 5] == pytest.approx(1) and total[0, 7] == 0


def test_found_region_fades_outside_itself_and_ends():
    region = np.zeros((8, 10), bool)
    region[3:5, 4:6] = True
    opacity = soft_edge(region, 8, 64, 80)
    assert (opacity[24:40, 32:48] == 255).all()
    assert 0 < opacity[22, 40] < 255
    assert (opacity[:17] == 0).all() and (opacity[:, :25] == 0).all()


def test_given_mask_is_never_exceeded():
    mask = np.zeros((40, 40), np.uint8)
    mask[10:30, 10:30] = 200
    opacity = inner_edge(mask)
    assert (opacity <= mask).all() and opacity[20, 20] == 200 and 0 < opacity[10, 20] < 200


def test_mask_over_the_whole_picture_has_no_edge():
    assert (inner_edge(np.full((9, 9), 255, np.uint8)) == 255).all()
    half = np.zeros((20, 20), np.uint8)
    half[:, :10] = 255
    assert inner_edge(half)[0, 0] == 255 and inner_edge(half)[19, 0] == 255


def test_composite_keeps_bytes_where_opacity_is_zero():
    generator = np.random.default_rng(1)
    below, above = generator.integers(0, 256, (2, 30, 40, 3), np.uint8)
    opacity = generator.integers(0, 3, (30, 40)).astype(np.uint8) * 127
    mixed = composite(below, above, opacity)
    assert np.array_equal(mixed[opacity == 0], below[opacity == 0])
    full = composite(below, above, np.full((30, 40), 255, np.uint8))
    assert np.array_equal(full, above)
