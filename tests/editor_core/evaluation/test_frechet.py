"""FID and CSFID by their definitions."""

import math

import numpy as np
import pytest

from editor_core.evaluation.frechet import by_class, frechet


def drawn(seed, count=40, shift=0.0):
    return np.random.default_rng(seed).normal(shift, 1, (count, 6)) @ np.diag([1, 2, 3, 1, 1, 0.5])


def test_fid_is_the_distance_of_both_normal_distributions():
    one, other = drawn(0), drawn(1, shift=0.5)
    (m1, s1), (m2, s2) = ((each.mean(0), np.cov(each.T)) for each in (one, other))
    values, vectors = np.linalg.eigh(s1)
    root = vectors @ np.diag(np.sqrt(values)) @ vectors.T
    middle = np.linalg.eigvalsh(root @ s2 @ root)
    expected = ((m1 - m2) ** 2).sum() + np.trace(s1) + np.trace(s2) - 2 * np.sqrt(middle).sum()
    assert frechet(one, other) == pytest.approx(expected, rel=1e-6)
    assert frechet(one, one) == pytest.approx(0, abs=1e-9)
    assert frechet(one + 2, one) == pytest.approx(24)


def test_one_picture_has_no_distance():
    assert math.isnan(frechet(drawn(0, 1), drawn(1)))


def test_csfid_is_the_mean_over_classes_that_have_pictures():
    real = {"cat": list(drawn(0)), "dog": list(drawn(1, shift=1)), "bee": [drawn(2, 1)[0]]}
    made = (
        [("cat", each) for each in drawn(3)]
        + [("dog", each) for each in drawn(4)]
        + [("bee", drawn(5, 1)[0])]
    )
    value, classes = by_class(made, real)
    apart = [frechet(drawn(3), drawn(0)), frechet(drawn(4), drawn(1, shift=1))]
    assert classes == 2 and value == pytest.approx(np.mean(apart))
    assert by_class([], real)[1] == 0
