"""The edge of a mask the artist gave: blended, its tone matched, nothing outside touched."""

import numpy as np

from editor_core.engines.common.composite import composite, inner_edge
from editor_core.engines.common.given_mask import laid_over, later_rim, match_tone, opacity_in, wider_edge
from editor_core.evaluation.ring import Ring, Trace


def box(value=255):
    mask = np.zeros((96, 96), np.uint8)
    mask[24:72, 24:72] = value
    return mask


def sky(tone, seed):
    """Noise of one tone."""
    noise = np.random.default_rng(seed).integers(-2, 3, (96, 96, 1))
    return np.clip(noise + tone, 0, 255).astype(np.uint8).repeat(3, axis=2)


def test_an_edge_fades_as_far_as_the_mask_has_room():
    wide, thin = box(), np.zeros((96, 96), np.uint8)
    thin[40:47] = 255
    soft, exact = (opacity_in(wide, sky(90, 0), True, exact) for exact in (False, True))
    assert (soft[48, 24:33] < 255).sum() > 2 * (exact[48, 24:33] < 255).sum() > 0
    assert soft[48, 48] == 255 and not soft[wide == 0].any() and soft[wide > 0].all()
    assert opacity_in(thin, sky(90, 0), True, False)[43].min() == 255  # else it would hardly be painted
    assert np.array_equal(exact, inner_edge(wide))


def test_what_fills_a_mask_to_its_edge_leaves_no_rim():
    picture = sky(200, 0)
    picture[24:72, 24:72] = (20, 60, 30)
    assert np.array_equal(opacity_in(box(), picture, True, False), inner_edge(box()))


def test_an_edge_is_wider_only_where_both_sides_are_alike():
    picture, narrow, wide = sky(200, 0), inner_edge(box()), inner_edge(box(), 12)
    picture[24:72, 24:48] = (20, 60, 30)  # the left half is another thing
    found = wider_edge(narrow, wide, picture)
    assert np.array_equal(found[30:66, 24:40], narrow[30:66, 24:40])
    assert np.array_equal(found[40:56, 60:72], wide[40:56, 60:72])


def test_grey_is_laid_over_in_full_where_the_mask_is_soft():
    assert opacity_in(box(100), sky(90, 0), True, False).max() == 255
    assert opacity_in(box(100), sky(90, 0), False, False).max() == 100


def test_another_tone_of_the_same_is_matched_at_the_edge_and_less_inside():
    before, painted, opacity = sky(120, 0), sky(132, 1), opacity_in(box(), sky(120, 0), True, False)
    plain = composite(before, painted, inner_edge(box()))
    matched = laid_over(before, painted, opacity, exact=False)
    assert np.array_equal(laid_over(before, painted, inner_edge(box()), exact=True), plain)
    assert np.array_equal(matched[box() == 0], before[box() == 0])
    ring = Ring.of(before, box())
    was, now = (Trace.between([ring], [Ring.of(image, box())]) for image in (plain, matched))
    assert was.gradient_p90 > 1.5 > now.gradient_p90 and now.median < 1.2 < was.median
    tone = match_tone(before, painted, opacity).astype(float).mean(2)
    assert abs(tone[48, 24:28].mean() - 120) < 4 < abs(tone[44:52, 44:52].mean() - 120)


def test_what_is_another_thing_keeps_its_colour():
    before, painted = sky(200, 0), sky(200, 0)
    painted[24:72, 24:72] = (20, 60, 30)
    matched = match_tone(before, painted, box())
    assert np.abs(matched.astype(int) - painted).max() <= 1


def test_without_an_edge_there_is_nothing_to_match():
    before, painted = sky(100, 0), sky(140, 1)
    everywhere, nowhere = np.full((96, 96), 255, np.uint8), np.zeros((96, 96), np.uint8)
    assert (
        match_tone(before, painted, everywhere) is painted and match_tone(before, painted, nowhere) is painted
    )


def test_the_rim_of_a_roomy_mask_begins_later_where_it_shows_its_surroundings():
    roomy = np.zeros((96, 96), np.uint8)
    roomy[8:88, 8:88] = 255
    later = later_rim(roomy, sky(120, 0), 8)
    assert later[48, 8:16].max() < later[48, 16:24].max() < later[48, 24] == 255
    assert not later[roomy == 0].any() and later[roomy > 0].all()
    assert {len(np.unique(later[y : y + 8, x : x + 8])) for y in (8, 16, 24) for x in (8, 16, 24)} == {1}
    smaller = later_rim(box(), sky(120, 0), 8)
    assert later[48, 12] < smaller[48, 28] < 255 == smaller[48, 36]


def test_what_fills_a_mask_to_its_edge_is_replaced_at_once():
    picture = sky(200, 0)
    picture[24:72, 24:72] = (20, 60, 30)
    assert np.array_equal(later_rim(box(), picture, 8), box())


def test_a_sketch_a_narrow_mask_and_one_of_everything_have_no_later_rim():
    sketch, thin = np.zeros((96, 96), np.uint8), np.zeros((96, 96), np.uint8)
    sketch[20:40, 28], thin[40:46] = 255, 255
    later = later_rim(box(), sky(120, 0), 8, sketch)
    assert later[30, 26] == 255 > later[66, 68]
    assert later_rim(thin, sky(120, 0), 8)[40:46].max() == 255
    assert later_rim(np.full((96, 96), 255, np.uint8), sky(120, 0), 8).min() == 255


def test_greys_of_a_soft_mask_begin_later_still():
    assert later_rim(box(128), sky(120, 0), 8)[48, 48] == 128
    assert later_rim(box(128), sky(120, 0), 8)[48, 26] < later_rim(box(), sky(120, 0), 8)[48, 26]
