"""The picture of what changed."""

import numpy as np

from editor_core.pixels.difference import difference


def test_what_changed_is_bright_and_the_rest_is_dim_and_grey():
    before = np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8)
    after = before.copy()
    after[:8] = 255 - after[:8]
    after[0, 0] = before[0, 0]
    shown = difference(before, after)
    still = shown[8:]
    assert (still == still[..., :1]).all() and still.max() < 0.36 * 255
    assert (shown[0, 0] == shown[0, 0, 0]).all()
    far = np.abs(after.astype(int) - before).max(2) >= 64
    assert far[:8].mean() > 0.9 and (shown[far] == (255, 64, 160)).all()
