"""Figures against what they are by definition."""

import math

import numpy as np
import pytest

from editor_core.evaluation.metrics import figures, ms_ssim, ssim
from editor_core.evaluation.summary import by_kind, interval, summary

BEFORE = np.full((32, 32, 3), 100, np.uint8)
MASK = np.zeros((32, 32), np.uint8)
MASK[8:16, 8:16] = 255


def painted(inside, outside=0):
    result = BEFORE.copy()
    result[MASK > 0] += np.uint8(inside)
    result[0, 0] += np.uint8(outside)
    return result


def test_masks_figures_are_the_papers():
    found = figures(BEFORE, painted(51, 102), MASK, None)
    assert found["c_m"] == pytest.approx(51 / 255)
    assert found["c_non"] == pytest.approx(102 / 255 / (32 * 32 - 64))
    assert found["c_ratio"] == pytest.approx(found["c_m"] / found["c_non"])
    assert found["iou"] == pytest.approx(64 / 65) and found["changed_outside"] == 1
    mse = (102 / 255) ** 2 / (32 * 32 - 64)
    assert found["background_mse"] == pytest.approx(mse)
    assert found["background_psnr"] == pytest.approx(10 * math.log10(1 / mse))
    assert "l1" not in found


def test_the_background_does_not_see_the_edit():
    found = figures(BEFORE, painted(51), MASK, None)
    assert found["background_ssim"] == pytest.approx(1) and math.isnan(found["background_psnr"])
    assert math.isnan(found["c_ratio"]) and found["changed_outside"] == 0


def test_the_truth_is_compared_as_in_magicbrush():
    found = figures(BEFORE, painted(51), None, BEFORE)
    share = 64 / 1024
    assert found["l1"] == pytest.approx(51 / 255 * share) and found["l2"] == pytest.approx(
        (51 / 255) ** 2 * share
    )
    assert set(found) == {"l1", "l2", "psnr", "ssim", "ms_ssim", "gmsd", "haarpsi", "sharpness"}
    assert found["ssim"] < 1 and found["haarpsi"] < 1 and found["gmsd"] > 0
    assert math.isnan(found["ms_ssim"])  # too small for five scales
    assert ms_ssim(large := np.random.default_rng(0).integers(0, 256, (176, 176, 3), np.uint8), large) == 1


def test_the_ring_and_the_sharpness_are_of_the_result():
    noisy = BEFORE + np.random.default_rng(0).integers(0, 100, BEFORE.shape, np.uint8)
    found = figures(BEFORE, noisy, MASK, None)
    assert found["ring"] > 2 and found["sharpness"] > figures(BEFORE, BEFORE, MASK, None)["sharpness"] == 0
    assert math.isnan(figures(BEFORE, painted(51), MASK * 0 + 255, None)["ring"])


def test_kinds_are_summed_up_each_by_itself():
    rows = [{"kind": kind, "method": "a", "problem": "", "l1": kind} for kind in ("1", "2", "1")]
    assert [(line["kind"], line["l1"], line["pictures"]) for line in by_kind(rows, ["l1"])] == [
        ("1", 1, 2), ("2", 2, 1),
    ]  # fmt: skip


def test_ssim_of_a_picture_with_itself_is_one_and_of_noise_less():
    random = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    assert ssim(random, random) == pytest.approx(1) and ssim(random, random[::-1]) < 0.2


def test_a_summary_has_means_intervals_and_counts_what_is_none():
    rows = [{"method": "a", "problem": "", "l1": str(value)} for value in (1.0, 2.0, 3.0, "nan")]
    rows.append({"method": "a", "problem": "no", "l1": ""})
    (line,) = summary(rows, ["l1"])
    assert (line["pictures"], line["failed"], line["l1_nan"]) == (5, 1, 1)
    assert line["l1"] == 2 and 1 <= line["l1_low"] < 2 < line["l1_high"] <= 3


def test_an_interval_covers_the_mean_in_about_95_of_100():
    random = np.random.default_rng(1)
    hits = [low <= 0 <= high for low, high in (interval(list(random.normal(0, 1, 40))) for _ in range(60))]
    assert 0.85 <= np.mean(hits) <= 1 and math.isnan(interval([])[0])
