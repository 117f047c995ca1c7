"""Paint over, erase, masks, and what a selection lets through."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from editor_core.document.paint import add_mask, erase, held_to, paint_over, subtract_mask

rgba = arrays(np.uint8, (3, 4, 4))
cover = arrays(np.uint8, (3, 4, 1))
colours = st.tuples(*[st.integers(0, 255)] * 3)


@given(rgba, cover, colours)
def test_painting_is_source_over(before, coverage, colour):
    painted = paint_over(before, coverage, colour, keep_alpha=False)
    source, backdrop = coverage / 255, before[..., 3:] / 255
    alpha = source + backdrop * (1 - source)
    mixed = source * np.array(colour) + backdrop * (1 - source) * before[..., :3]
    assert np.abs(painted[..., 3:] - alpha * 255).max() <= 0.51
    assert np.abs(painted[..., :3] * alpha - mixed)[painted[..., 3] > 0].max(initial=0) <= 0.6


@given(rgba, cover, colours)
def test_locked_transparency_stays(before, coverage, colour):
    painted = paint_over(before, coverage, colour, keep_alpha=True)
    assert np.array_equal(painted[..., 3], before[..., 3])


@given(rgba, cover, colours)
def test_what_is_clear_is_all_zero(before, coverage, colour):
    for pixels in (paint_over(before, coverage, colour, keep_alpha=False), erase(before, coverage)):
        assert not pixels[pixels[..., 3] == 0].any()


@given(rgba, cover)
def test_erasing_takes_only_opacity(before, coverage):
    erased = erase(before, coverage)
    assert (erased[..., 3] <= before[..., 3]).all()
    kept = erased[..., 3] > 0
    assert np.array_equal(erased[kept][:, :3], before[kept][:, :3])
    assert not erased[coverage[..., 0] == 255].any()


@given(arrays(np.uint8, (3, 4, 1)), cover)
def test_masks_add_and_take_away(before, coverage):
    assert (add_mask(before, coverage) >= before).all()
    left = before.astype(int) - coverage
    assert np.array_equal(subtract_mask(before, coverage), np.maximum(left, 0))
    assert not subtract_mask(coverage, coverage).any()


@given(cover, arrays(np.uint8, (3, 4)))
def test_a_selection_holds_back(coverage, selected):
    held = held_to(coverage, selected)
    assert np.abs(held[..., 0] - coverage[..., 0] * (selected / 255)).max() <= 0.51
