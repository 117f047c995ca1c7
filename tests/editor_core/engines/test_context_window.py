"""Pictures larger than the model sees at once: the window around the region, and what comes back from it."""

import numpy as np
import pytest

from editor_core.engines.context_window import Window, largest_whole, window_around
from editor_core.errors import NothingToChangeError, RegionError, SizeError
from editor_core.session import events
from editor_core.session.requests import Edit, FindMask, OpenPicture, Sampling
from editor_core.session.session import Session
from editor_core.settings import Settings
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
        (slice(20, 180), slice(100, 300), Window(40, 0, 320, 200)),
    ],
    ids=["own size", "in a corner", "as the mask needs it"],
)
def test_the_window_holds_the_mask_and_lies_in_the_picture(bundle, rows, columns, expected):
    window = window_around(mask_of(rows, columns), bundle)
    assert window == expected
    assert window.width % bundle.grid == 0 and (window.height % bundle.grid == 0 or window.height == SIZE[0])
    assert window.of(mask_of(rows, columns)).sum() == mask_of(rows, columns).sum()


def test_a_mask_beyond_the_models_reach_is_refused(bundle):
    with pytest.raises(RegionError, match="mark at most 512 pixels"):
        window_around(mask_of(slice(0, 9), slice(50, 50 + largest_whole(bundle) + 1)), bundle)
    widest = window_around(mask_of(slice(0, 9), slice(50, 50 + largest_whole(bundle))), bundle)
    assert widest.width == largest_whole(bundle)


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
    assert "windows" in large.told(events.Notice)[0].sentence


@pytest.mark.parametrize("method", ["fisedit", "instdiffedit"])
def test_an_edit_touches_nothing_outside_its_mask(large, method):
    mask = mask_of(slice(90, 130), slice(340, 390))
    result = large.run(Edit((large.base,), "a blue dog", mask, method))
    assert result.image.shape == (*SIZE, 3) and result.mask.shape == SIZE
    assert not (result.mask > 0)[mask == 0].any()
    assert np.array_equal(result.image[result.mask == 0], large.base.image[result.mask == 0])
    assert (result.image != large.base.image).any()
    assert result.log["window"] == [301, 46, 128, 128]
    region = large.told(events.RegionFound)[-1]
    assert region.window == (301, 46, 128, 128) and region.mask.shape == SIZE
    assert {event.image.shape for event in large.told(events.Preview)} == {(*SIZE, 3)}


def test_edits_follow_one_another_and_paint_in_between(large):
    first = as_base(large.run(Edit((large.base,), "a blue dog", mask_of(slice(90, 130), slice(340, 390)))))
    painted = first.image.copy()
    painted[:20, :20] = 7
    reading = large.run(OpenPicture(painted, first.prompt, SAMPLING, lineage=(large.base, first)))
    assert reading.method == "open" and np.array_equal(reading.image, painted)
    second = large.run(Edit((as_base(reading),), "a green dog", mask_of(slice(0, 60), slice(0, 60))))
    assert second.log["window"][:2] == [0, 0]
    assert np.array_equal(second.image[second.mask == 0], painted[second.mask == 0])


def test_variants_come_in_the_size_of_the_picture(large):
    mask = mask_of(slice(90, 130), slice(340, 390))
    parameters = {"variants": 2, "phrase": "a dog"}
    last = large.run(Edit((large.base,), "a blue dog", mask, "instdiffedit", parameters))
    (other,) = large.told(events.Variant)
    assert other.result.image.shape == last.image.shape and other.result.log["window"] == last.log["window"]


def test_what_cannot_be_done_is_refused_with_a_sentence(large):
    with pytest.raises(RegionError, match="mark where it may change"):
        large.run(Edit((large.base,), "a blue dog"))
    with pytest.raises(RegionError, match="alike"):
        large.run(Edit((large.base,), "a blue dog", np.ones((9, 9), np.uint8)))
    with pytest.raises(NothingToChangeError):
        large.run(Edit((large.base,), "a red cat", mask_of(slice(0, 60), slice(0, 60))))
    with pytest.raises(SizeError, match="by hand"):
        large.run(FindMask(large.base.image, "a dog"))
    with pytest.raises(SizeError):
        large.run(OpenPicture(np.zeros((20, 900, 3), np.uint8), "a cat", SAMPLING))
