"""Pictures larger than the model sees at once: the window around the region, and what comes back from it."""

import dataclasses
import json

import numpy as np
import pytest

from editor_core.base.errors import NothingToChangeError, RegionError, SizeError
from editor_core.base.settings import Settings
from editor_core.engines import growing
from editor_core.engines.window.context_window import window_around
from editor_core.engines.window.window_turns import Window
from editor_core.messages import events
from editor_core.messages.requests import Edit, FindMask, OpenPicture, ReadCache, Sampling
from editor_core.messages.run import record_from
from editor_core.session.session import Session
from support.engine_runs import as_base
from support.tiny_models import tiny_bundle, tiny_folder

SIZE = (200, 700)  # height, width; the tiny model's own is 128 x 128
SAMPLING = Sampling(seed=3, steps=2, guidance=3.0)


@pytest.fixture
def bundle():
    return tiny_bundle("default")


def mask_of(rows: slice, columns: slice) -> np.ndarray:
    mask = np.zeros(SIZE, np.uint8)
    mask[rows, columns] = 255
    return mask


@pytest.mark.parametrize(
    ("rows", "columns", "expected"),
    [
        (slice(90, 110), slice(340, 360), Window(286, 36, 128, 128)),
        (slice(0, 9), slice(690, 700), Window(572, 0, 128, 128)),
        (slice(90, 110), slice(340, 440), Window(294, 36, 192, 128)),
        (slice(20, 180), slice(100, 300), Window(50, 0, 300, 200, (128, 85))),
        (slice(90, 99), slice(50, 563), Window(0, 0, 700, 200, (224, 64))),
    ],
    ids=["own size", "in a corner", "as the mask needs it", "scaled to the own size", "a side not too short"],
)
def test_the_window_holds_the_mask_and_lies_in_the_picture(bundle, rows, columns, expected):
    window = window_around(mask_of(rows, columns), bundle)
    assert window == expected
    if window.seen_at is None:
        assert window.width % bundle.grid == 0 and window.height % bundle.grid == 0
    assert window.of(mask_of(rows, columns)).sum() == mask_of(rows, columns).sum()


def test_a_mask_beyond_the_models_reach_is_refused(bundle):
    """It would be scaled until its shorter side is too short."""
    with pytest.raises(RegionError, match="Select at most 512 pixels"):
        window_around(np.full((100, 2000), 255, np.uint8), bundle)
    assert window_around(np.full((100, 600), 255, np.uint8), bundle).seen_at == (384, 64)


class Large:
    """A large picture, opened in a session."""

    def __init__(self, session: Session) -> None:
        self.heard: list[events.Event] = []
        self.session = session
        picture = np.random.default_rng(0).integers(0, 256, (*SIZE, 3), np.uint8)
        self.opened = self.run(OpenPicture(picture, "a red cat", SAMPLING))
        self.base = as_base(self.opened)

    def run(self, request):
        return self.session.run(1, request, self.heard.append)

    def told(self, kind):
        return [event for event in self.heard if isinstance(event, kind)]


@pytest.fixture
def large(tmp_path):
    with Session(
        Settings(model=str(tiny_folder("default")), device="cpu", cache_folder=str(tmp_path))
    ) as session:
        yield Large(session)


def test_opening_computes_nothing_and_says_so(large):
    assert large.opened.method == "open" and not large.opened.latents
    assert not [event for event in large.told(events.Progress) if event.stage == "inverting"]
    assert "large picture" in str(large.told(events.Notice)[0].message)


@pytest.mark.parametrize("method", ["fisedit", "instdiffedit"])
def test_an_edit_touches_nothing_outside_its_mask(large, method):
    mask = mask_of(slice(90, 130), slice(340, 390))
    result = large.run(Edit((large.base,), "a blue dog", mask, method))
    assert result.image.shape == (*SIZE, 3) and result.mask.shape == SIZE
    assert not (result.mask > 0)[mask == 0].any()
    assert np.array_equal(result.image[result.mask == 0], large.base.image[result.mask == 0])
    assert (result.image != large.base.image).any()
    assert result.record.window == (301, 46, 128, 128)
    region = large.told(events.RegionFound)[-1]
    assert region.window == (301, 46, 128, 128) and region.mask.shape == SIZE
    assert {event.image.shape for event in large.told(events.Preview)} == {(*SIZE, 3)}


def test_what_was_painted_over_is_seen_in_the_window(large):
    mask, painted = mask_of(slice(90, 130), slice(340, 380)), np.array(large.base.image)
    painted[100:120, 350:370] = (200, 30, 30)
    own = {"variants": 1, "plant": False}
    request = Edit((large.base,), "a red cat", mask, "instdiffedit", own, strength=0.5)
    over, plain = large.run(dataclasses.replace(request, painted=painted)), large.run(request)
    outside = mask == 0
    assert np.array_equal(over.image[outside], large.base.image[outside])
    assert not np.array_equal(over.image, plain.image)


def test_edits_follow_one_another_and_paint_in_between(large):
    first = as_base(large.run(Edit((large.base,), "a blue dog", mask_of(slice(90, 130), slice(340, 390)))))
    painted = first.image.copy()
    painted[:20, :20] = 7
    reading = large.run(OpenPicture(painted, first.prompt, SAMPLING, lineage=(large.base, first)))
    assert reading.method == "paint" and np.array_equal(reading.image, painted)
    lineage = (large.base, first, as_base(reading))
    second = large.run(Edit(lineage, "a green dog", mask_of(slice(0, 60), slice(0, 60))))
    assert second.record.window[:2] == (0, 0)
    assert np.array_equal(second.image[second.mask == 0], painted[second.mask == 0])


FIRST, WITHIN = mask_of(slice(90, 130), slice(340, 390)), mask_of(slice(95, 120), slice(330, 350))


def edited(large, words=("a blue dog",), masks=(FIRST,)):
    """The lineage after some edits."""
    lineage = (large.base,)
    for prompt, mask in zip(words, masks, strict=True):
        lineage += (as_base(large.run(Edit(lineage, prompt, mask))),)
    return lineage


def inverted_steps(large):
    """Since it was asked last."""
    stages = [event.stage for event in large.told(events.Progress)]
    large.heard.clear()
    return stages.count("inverting")


def test_an_edit_that_fits_into_the_last_window_goes_on_there(large):
    lineage = edited(large)
    assert inverted_steps(large) > 0
    result = large.run(Edit(lineage, "a green dog", WITHIN))
    assert inverted_steps(large) == 0
    assert result.log["executor"] == "incremental" and result.record.window == lineage[-1].record.window
    outside = result.mask == 0
    assert np.array_equal(result.image[outside], lineage[-1].image[outside])
    assert (result.image != lineage[-1].image).any()


def test_going_on_in_a_window_is_editing_it_as_a_picture_of_its_own(large):
    lineage = edited(large)
    result = large.run(Edit(lineage, "a green dog", WITHIN))
    window = Window(*result.record.window)
    own = (as_base(large.run(OpenPicture(window.of(large.base.image), "a red cat", SAMPLING))),)
    own += (as_base(large.run(Edit(own, "a blue dog", window.of(FIRST)))),)
    alone = large.run(Edit(own, "a green dog", window.of(WITHIN)))
    assert np.array_equal(window.of(result.image), alone.image)


def test_what_the_cache_lost_of_a_window_is_computed_again_in_a_project_that_was_saved(large):
    lineage = edited(large)
    saved = record_from(json.loads(json.dumps(dataclasses.asdict(lineage[-1].record))))
    lineage = (*lineage[:-1], dataclasses.replace(lineage[-1], record=saved))
    request = Edit(lineage, "a green dog", WITHIN)
    kept = large.run(request)
    large.run(ReadCache(tuple(space.name for space in large.run(ReadCache()).spaces)))
    again = large.run(request)
    assert again.log["steps_recomputed"] > 0
    assert np.array_equal(again.image, kept.image)


def test_paint_in_the_window_is_inverted_in_its_rows_and_paint_beside_it_is_not(large):
    lineage = edited(large)
    picture = lineage[-1].image.copy()
    picture[:20, :20] = 7
    lineage += (as_base(large.run(OpenPicture(picture, "a blue dog", SAMPLING, lineage=lineage))),)
    inverted_steps(large)
    beside = large.run(Edit(lineage, "a green dog", WITHIN))
    assert inverted_steps(large) == 0
    lineage += (as_base(beside),)
    picture = lineage[-1].image.copy()
    picture[100:104, 345:349] = 7
    lineage += (as_base(large.run(OpenPicture(picture, "a green dog", SAMPLING, lineage=lineage))),)
    result = large.run(Edit(lineage, "a red dog", WITHIN))
    assert inverted_steps(large) > 0
    assert [turn["method"] for turn in result.record.window_turns] == ["paint", "fisedit"]
    assert np.array_equal(result.image[result.mask == 0], picture[result.mask == 0])
    lineage += (as_base(result),)
    large.run(Edit(lineage, "a blue dog", WITHIN))
    assert inverted_steps(large) == 0


def test_after_an_edit_elsewhere_a_window_is_opened_anew(large):
    elsewhere = mask_of(slice(0, 60), slice(0, 60))
    lineage = edited(large, ("a blue dog", "a blue dog on the sofa"), (FIRST, elsewhere))
    inverted_steps(large)
    result = large.run(Edit(lineage, "a green dog on the sofa", FIRST))
    assert inverted_steps(large) > 0
    assert result.record.window == lineage[1].record.window != lineage[2].record.window
    lineage += (as_base(result),)
    large.run(Edit(lineage, "a red dog on the sofa", WITHIN))
    assert inverted_steps(large) == 0


def test_a_mask_at_the_windows_edge_opens_another(large):
    lineage = edited(large)
    result = large.run(Edit(lineage, "a green dog", mask_of(slice(90, 130), slice(300, 340))))
    assert inverted_steps(large) > 0
    assert result.record.window != lineage[-1].record.window


def test_variants_come_in_the_size_of_the_picture(large):
    mask = mask_of(slice(90, 130), slice(340, 390))
    parameters = {"variants": 2, "phrase": "a dog"}
    last = large.run(Edit((large.base,), "a blue dog", mask, "instdiffedit", parameters))
    (other,) = large.told(events.Variant)
    assert other.result.image.shape == last.image.shape and other.result.record.window == last.record.window


def test_a_mask_is_found_at_the_models_own_size_and_told_at_the_pictures(large):
    found = large.run(FindMask(large.base.image, "a dog", steps=2))
    assert found.mask.shape == SIZE and found.heat.shape == SIZE
    assert {event.found.mask.shape for event in large.told(events.MaskFound)} == {SIZE}


WIDE = mask_of(slice(20, 180), slice(100, 300))


@pytest.mark.parametrize("method", ["fisedit", "instdiffedit"])
def test_a_mask_wider_than_the_model_paints_is_edited_in_a_window_scaled_to_its_size(large, method):
    result = large.run(Edit((large.base,), "a blue dog", WIDE, method))
    assert result.record.window == (50, 0, 300, 200) and result.record.window_seen == (128, 85)
    assert result.latents["window0_trajectory"].shape[-2:] == (16, 16)  # 128 pixels, 85 padded to the grid
    assert result.image.shape == (*SIZE, 3) and (result.image != large.base.image).any()
    assert not (result.mask > 0)[WIDE == 0].any()
    assert np.array_equal(result.image[result.mask == 0], large.base.image[result.mask == 0])
    assert "refining" in {event.stage for event in large.told(events.Progress)}
    saved = record_from(json.loads(json.dumps(dataclasses.asdict(result.record))))
    assert saved.window_seen == (128, 85)


@pytest.mark.parametrize("seen, reach", [((85, 128), 2.34), ((128, 128), 1)], ids=["scaled", "own size"])
def test_a_mask_that_may_grow_does_so_within_the_window(large, monkeypatch, seen, reach):
    """The thing reaches from the middle of the window to its right edge."""
    thing = np.zeros(seen, bool)
    thing[seen[0] // 2 - 4 : seen[0] // 2 + 4, 64:] = True
    monkeypatch.setattr(growing, "_thing", lambda *_: thing)
    mask = WIDE if reach > 1 else mask_of(slice(90, 130), slice(340, 390))
    result = large.run(
        Edit((large.base,), "a blue dog", mask, "instdiffedit", {"grow_mask": True, "variants": 1})
    )
    right = np.flatnonzero(mask.any(0))[-1]
    outside = (result.mask > 0) & (mask == 0)
    assert outside[:, right + 1 :].any() and not outside[:, : right - 20].any()
    assert np.array_equal(result.image[result.mask == 0], large.base.image[result.mask == 0])


def test_a_scaled_window_is_gone_on_with_unless_another_is_seen_much_finer(large):
    lineage = edited(large, masks=(WIDE,))
    inverted_steps(large)
    again = large.run(Edit(lineage, "a green dog", mask_of(slice(40, 160), slice(120, 280))))
    assert inverted_steps(large) == 0 and again.record.window == lineage[-1].record.window
    small = large.run(Edit(lineage, "a green dog", mask_of(slice(90, 110), slice(190, 210))))
    assert inverted_steps(large) > 0 and small.record.window == (136, 36, 128, 128)


def test_without_a_mask_the_window_is_the_whole_picture_as_far_as_the_model_reaches(large):
    picture = np.ascontiguousarray(large.base.image[:, :300])
    base = as_base(large.run(OpenPicture(picture, "a red cat", SAMPLING)))
    assert not base.latents
    result = large.run(Edit((base,), "a blue dog"))
    assert result.record.window == (0, 0, 300, 200) and result.record.window_seen == (128, 85)
    assert np.array_equal(result.image[result.mask == 0], picture[result.mask == 0])
    at_once = large.run(OpenPicture(picture, "a red cat", SAMPLING, one_pass=True))
    assert "trajectory" in at_once.latents


def test_what_cannot_be_done_is_refused_with_a_sentence(large):
    with pytest.raises(RegionError, match="Select or mask the area"):
        large.run(Edit((large.base,), "a blue dog"))
    with pytest.raises(RegionError, match="same size"):
        large.run(Edit((large.base,), "a blue dog", np.ones((9, 9), np.uint8)))
    with pytest.raises(NothingToChangeError):
        large.run(Edit((large.base,), "a red cat", mask_of(slice(0, 60), slice(0, 60))))
    with pytest.raises(SizeError):
        large.run(OpenPicture(np.zeros((20, 900, 3), np.uint8), "a cat", SAMPLING))
