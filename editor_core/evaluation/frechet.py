"""Distances between sets of pictures: FID, and CSFID over their classes.

FID: Heusel et al., arXiv 1706.08500, equation 6. CSFID: Couairon et al., arXiv 2210.11427: results that should show a
class against real pictures of that class, the mean over the classes.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

LEAST = 2
"""Pictures on either side; of one there is no covariance."""


def frechet(one: np.ndarray, other: np.ndarray) -> float:
    """Of features (n, C) and (m, C); NaN where there are fewer than two of either.

    |mu_1 - mu_2|^2 + tr(S_1 + S_2 - 2 (S_1 S_2)^(1/2)); the trace of the root is the sum of the roots of eigenvalues.
    Of fewer pictures than channels it is far too large: compare numbers of equally many pictures only.
    """
    if min(len(one), len(other)) < LEAST:
        return math.nan
    a, b = one.astype(np.float64), other.astype(np.float64)
    apart = a.mean(0) - b.mean(0)
    # S_1 S_2 has the eigenvalues of the smaller product of the centred features themselves, besides zeros
    x, y = (each - each.mean(0) for each in (a, b))
    cross = (x @ y.T) / math.sqrt((len(x) - 1) * (len(y) - 1))
    root = np.linalg.svd(cross, compute_uv=False).sum()
    traces = (x**2).sum() / (len(x) - 1) + (y**2).sum() / (len(y) - 1)
    return max(0.0, float(apart @ apart + traces - 2 * root))


def by_class(
    results: Sequence[tuple[str, np.ndarray]], real: Mapping[str, Sequence[np.ndarray]]
) -> tuple[float, int]:
    """CSFID, and over how many classes: of results, each with the class that it should show, and real features."""
    found = []
    for name in dict.fromkeys(wanted for wanted, _ in results):
        shown = [features for wanted, features in results if wanted == name]
        if min(len(shown), len(real.get(name, ()))) >= LEAST:
            found.append(frechet(np.stack(shown), np.stack(list(real[name]))))
    return (float(np.mean(found)) if found else math.nan), len(found)
