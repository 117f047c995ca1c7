"""The session on a card: short memory, cancelling between any two steps, two sizes in turn, and leaving the card."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from editor_core.base.errors import JobCancelled
from editor_core.base.settings import Settings
from editor_core.messages import events
from editor_core.messages.requests import (
    Configure,
    Edit,
    FindMask,
    Generate,
    LoadModel,
    OpenPicture,
    Sampling,
)
from editor_core.session.jobs import CancelToken
from editor_core.session.session import Session
from support.engine_runs import as_base
from support.places import CARDS, PROCESSOR, Place, assert_again, assert_nothing_outside, params
from support.tiny_models import tiny_folder

SAMPLING = Sampling(seed=1, steps=4)
BEFORE, AFTER = "a red cat on the sofa", "a green owl in the snow"


@pytest.fixture(params=params(PROCESSOR, CARDS[2]))
def place(request) -> Place:
    """A session takes the precision that suits the device: bfloat16 on today's cards."""
    return request.param


class Runs:
    """A session that keeps what it hears."""

    def __init__(self, place: Place, folder: Path, **settings) -> None:
        given = {"ram_cache_mb": 64, "disk_cache_mb": 256, "device_cache_mb": 64, **settings}
        self.settings = Settings(
            str(tiny_folder("default")), device=place.device, cache_folder=str(folder), **given
        )
        self.session = Session(self.settings)
        self.heard: list[events.Event] = []
        self.job = 0

    def __call__(self, request, cancel: CancelToken | None = None):
        self.job += 1
        return self.session.run(self.job, request, self.heard.append, cancel)

    def told(self, kind):
        return [event for event in self.heard if isinstance(event, kind)]

    def generated(self, width: int = 96, height: int = 64):
        return self(Generate(BEFORE, width, height, SAMPLING))


@pytest.fixture
def run(place, tmp_path) -> Iterator[Runs]:
    runs = Runs(place, tmp_path / "cache")
    with runs.session:
        yield runs


def left_part(image: np.ndarray) -> np.ndarray:
    mask = np.zeros(image.shape[:2], np.uint8)
    mask[:, :40] = 255
    return mask


def requests_of(base) -> dict[str, object]:
    mask = left_part(base.image)
    return {
        "reword": Edit((base,), AFTER, mask),
        "found": Edit((base,), AFTER),
        "repaint": Edit((base,), "a dog", mask, "instdiffedit", {"preset": "paper", "variants": 2}),
        "redraw": Edit((base,), AFTER, mask, "masafusion"),
        "recolour": Edit((base,), AFTER, None, "embctrl"),
        "open": OpenPicture(base.image, BEFORE, SAMPLING),
    }


class CancelAt(CancelToken):
    """Cancels itself when it is looked at for the n-th time."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.left, self.looks = number, 0

    def raise_if_cancelled(self) -> None:
        self.looks += 1
        if self.looks > self.left:
            self.cancel()
        super().raise_if_cancelled()


@pytest.mark.parametrize("name", ["reword", "found", "repaint", "redraw", "recolour", "open"])
def test_cancelled_between_any_two_steps_the_next_run_is_the_same(run, name, place):
    base = as_base(run.generated())
    request = requests_of(base)[name]
    expected = run(request)  # what is asked of the base once, it need not be asked again
    counting = CancelAt(10**6)
    run(request, counting)
    assert counting.looks >= SAMPLING.steps, "it must be possible to stop it at every step"
    for number in range(1, counting.looks, 2):
        with pytest.raises(JobCancelled):
            run(request, CancelAt(number))
    assert_again(run(request), expected, place)


def test_two_sizes_in_turn(run, place):
    bases = [as_base(run.generated(*size)) for size in ((96, 64), (64, 96))]
    edits = [Edit((base,), AFTER, left_part(base.image)) for base in bases]
    first = [run(edit) for edit in edits]
    for _ in range(2):
        for edit, expected in zip(edits, first, strict=True):
            found = run(edit)
            assert_nothing_outside(found, edit.base)
            assert_again(found, expected, place)


def test_an_edit_after_what_the_turn_left_was_written_and_read_again(run, place):
    base = as_base(run.generated())
    request = Edit((base,), AFTER, left_part(base.image))
    expected = run(request)
    run.session._cache.flush()
    run(Configure(replace(run.settings, device_cache_mb=1, ram_cache_mb=1)))
    assert_again(run(request), expected, place)


@pytest.mark.parametrize("method", ["fisedit", "instdiffedit", "masafusion"])
def test_running_out_of_memory_is_met_step_by_step(run, method, place):
    """The U-Net's second call fails once: something is given up, and the edit is made all the same."""
    base = as_base(run.generated())
    own = {"incremental": False} if method != "masafusion" else {}
    request = Edit((base,), AFTER, left_part(base.image), method, own)
    expected = run(request)
    unet, calls = run.session._bundle.unet, [0]

    def fail(module, arguments) -> None:
        calls[0] += 1
        if calls[0] == 2:
            raise torch.OutOfMemoryError("CUDA out of memory")

    run.heard.clear()
    hook = unet.register_forward_pre_hook(fail)
    try:
        found = run(request)
    finally:
        hook.remove()
    assert run.told(events.Notice), "what was given up has to be said"
    assert_again(found, expected, place)


def test_a_card_that_is_really_full_is_left_or_cleared(run, place, caplog):
    """All but a little of the card is taken by somebody else; a step that finds no room to be captured is logged."""
    base = as_base(run.generated())
    request = Edit((base,), AFTER, left_part(base.image))
    expected = run(request)
    if place.on_card:
        torch.cuda.empty_cache()
        _, total = torch.cuda.mem_get_info()
        used = torch.cuda.memory_reserved()
        torch.cuda.set_per_process_memory_fraction((used + 2**21) / total)
    try:
        found = run(replace(request, prompt="a blue dog in the forest"))
        again = run(request)
    finally:
        if place.on_card:
            torch.cuda.set_per_process_memory_fraction(1.0)
    assert_nothing_outside(found, base)
    assert np.abs(again.image.astype(int) - expected.image).mean() < 3


def test_after_leaving_the_card_everything_is_found_again(run, place):
    """Words, encoded pictures and activations that lie on the card do not meet those of the processor."""
    base = as_base(run.generated())
    look = FindMask(base.image, "a dog", AFTER, BEFORE, parameters={"preset": "grounded"})
    request = Edit((base,), AFTER, left_part(base.image))
    before, found = run(look), run(request)
    for device in ("cpu", place.device):
        run(LoadModel(run.settings.model, device))
        assert np.abs(run(look).heat.astype(int) - before.heat).mean() < 8
        again = run(request)
        assert_nothing_outside(again, base)
        assert np.abs(again.image.astype(int) - found.image).mean() < 3
        run(Edit((base, as_base(again)), BEFORE, left_part(base.image)[:, ::-1].copy()))


def test_previews_come_while_painting_and_are_what_they_were(run):
    base = as_base(run.generated())
    run.heard.clear()
    run(Edit((base,), AFTER, left_part(base.image)))
    shown = [event.image for event in run.told(events.Preview)]
    assert len(shown) == SAMPLING.steps and all(image.dtype == np.uint8 for image in shown)
    kept = [image.copy() for image in shown]
    run(Edit((base,), "a dog", left_part(base.image), "instdiffedit", {"preset": "paper", "variants": 2}))
    assert all(np.array_equal(image, copy) for image, copy in zip(shown, kept, strict=True))


def test_a_large_picture_is_edited_in_its_window(place, tmp_path):
    picture = np.random.default_rng(0).integers(0, 256, (200, 700, 3), np.uint8)
    mask = np.zeros((200, 700), np.uint8)
    mask[90:130, 340:390] = 255
    results = []
    for where in (place, PROCESSOR):
        run = Runs(where, tmp_path / f"{where}-{len(results)}")
        with run.session:
            opened = as_base(run(OpenPicture(picture, BEFORE, Sampling(seed=3, steps=2, guidance=3.0))))
            first = run(Edit((opened,), AFTER, mask))
            second = run(Edit((opened, as_base(first)), BEFORE, mask))
        for result, base in ((first, opened), (second, as_base(first))):
            assert np.array_equal(result.image[mask == 0], base.image[mask == 0])
        results.append(second)
    assert np.abs(results[0].image.astype(int) - results[1].image).mean() < 1


def test_a_session_works_on_a_thread_of_its_own(run, place):
    """The window's session never runs on the main thread; streams and captures belong to threads."""
    base = as_base(run.generated())
    request = Edit((base,), AFTER, left_part(base.image))
    expected, found = run(request), []
    thread = threading.Thread(target=lambda: found.append(run(request)))
    thread.start()
    thread.join()
    assert_again(found[0], expected, place)
