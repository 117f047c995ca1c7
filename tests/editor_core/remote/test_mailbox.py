"""What waits to be fetched: everything in order, of previews the newest, and only so often."""

import threading

import numpy as np
import pytest

from editor_core.base.errors import JobCancelled
from editor_core.base.message import Message
from editor_core.messages import events
from editor_core.remote.mailbox import (
    PAUSE_SECONDS,
    SILENCE_SECONDS,
    Mailbox,
    numbered,
    opened,
)


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def _preview(value):
    return events.Preview(7, np.full((8, 8, 3), value, np.uint8))


def _shades(told):
    return [int(opened(e).image[0, 0, 0]) for e in told.events if isinstance(opened(e), events.Preview)]


def test_events_are_fetched_once_and_in_their_order(clock):
    box = Mailbox(clock)
    told = [
        events.Progress(7, "painting", 1, 4),
        events.Notice(7, Message("a")),
        events.Progress(7, "painting", 2, 4),
    ]
    for event in told:
        box.put(event)
    assert list(box.fetch(0).events) == told
    assert box.fetch(0).events == ()


def test_of_previews_only_the_newest_is_sent_and_five_a_second(clock):
    box = Mailbox(clock)
    box.put(_preview(10))
    box.put(_preview(200))
    assert _shades(box.fetch(0)) == [200]
    box.put(_preview(50))
    assert _shades(box.fetch(0)) == []
    clock.now += PAUSE_SECONDS
    assert _shades(box.fetch(0)) == [50] and PAUSE_SECONDS == 0.2


def test_first_preview_comes_at_once_however_soon_after_what_was_told_before_it(clock):
    box = Mailbox(clock)
    box.put(events.Progress(7, "inverting", 1, 4))
    box.fetch(0)
    box.put(events.Progress(7, "inverting", 2, 4))
    assert box.fetch(0).events == ()
    box.put(_preview(10))
    told = box.fetch(0)
    assert _shades(told) == [10] and len(told.events) == 2


def test_who_does_not_look_is_told_as_seldom_as_asked_for(clock):
    box = Mailbox(clock)
    box.put(events.Progress(7, "painting", 1, 4))
    assert len(box.fetch(0, 5.0).events) == 1
    box.put(events.Progress(7, "painting", 2, 4))
    clock.now += 4.9
    assert box.fetch(0, 5.0).events == ()
    clock.now += 0.2
    assert len(box.fetch(0, 5.0).events) == 1


def test_cancel_ends_the_fetch_that_waits_and_no_other(clock):
    box = Mailbox(clock)
    box.cancel()
    before = clock.now
    assert not box.fetch(30).begun and clock.now == before
    box._changed.wait = lambda seconds: setattr(clock, "now", clock.now + seconds)
    box.fetch(30)
    assert clock.now == before + 30


def test_last_preview_comes_with_the_end_however_soon(clock):
    box = Mailbox(clock)
    box.put(_preview(10))
    box.fetch(0)
    box.put(_preview(90))
    box.end()
    assert _shades(box.fetch(0)) == [90]


def test_preview_in_colour_arrives_nearly_as_it_was_and_small():
    ramp = np.linspace(0, 255, 64).astype(np.uint8)
    image = np.stack(
        [np.tile(ramp, (64, 1)), np.tile(ramp[:, None], (1, 64)), np.full((64, 64), 30, np.uint8)], 2
    )
    box = Mailbox()
    box.put(events.Preview(7, image))
    [packed] = box.fetch(0).events
    assert len(packed.data) < image.nbytes / 4
    assert np.abs(opened(packed).image.astype(int) - image).mean() < 4


def test_fetch_waits_until_something_is_told():
    box = Mailbox()
    threading.Timer(0.05, lambda: box.put(events.Progress(7, "painting", 1, 4))).start()
    assert len(box.fetch(30).events) == 1


def test_fetch_ends_at_once_when_the_job_has():
    box = Mailbox()
    box.end()
    assert box.fetch(30).events == ()


def test_what_comes_in_quick_succession_is_fetched_together(clock, monkeypatch):
    box = Mailbox(clock)
    waits = []

    def wait(seconds):  # the clock's time passes, and meanwhile the job goes on
        waits.append(seconds)
        clock.now += seconds
        box.put(events.Progress(7, "painting", 2, 4))

    box.put(events.Progress(7, "painting", 1, 4))
    assert len(box.fetch(30).events) == 1 and waits == []
    monkeypatch.setattr(box._changed, "wait", wait)
    box.put(events.Progress(7, "painting", 1, 4))
    assert len(box.fetch(30).events) == 2 and waits == [pytest.approx(PAUSE_SECONDS)]


def test_end_of_a_job_is_told_at_once_and_said(clock):
    box = Mailbox(clock)
    box.put(events.Progress(7, "painting", 1, 4))
    assert not box.fetch(0).ended
    box.put(events.Progress(7, "painting", 2, 4))
    box.end()
    told = box.fetch(30)
    assert told.ended and len(told.events) == 1


def test_preview_that_came_too_soon_is_told_when_its_time_has_come_though_nothing_else_is():
    box = Mailbox()
    box.put(_preview(10))
    box.fetch(0)
    box.put(_preview(200))
    assert _shades(box.fetch(30)) == [200]


def test_waiting_job_is_told_from_a_running_one():
    box = Mailbox()
    assert not box.fetch(0).begun
    box.begin()
    assert box.fetch(0).begun


def test_job_that_nobody_asks_after_stops(clock):
    box = Mailbox(clock)
    clock.now += SILENCE_SECONDS - 1
    box.raise_if_cancelled()
    box.fetch(0)
    clock.now += SILENCE_SECONDS - 1
    box.raise_if_cancelled()
    clock.now += 2
    with pytest.raises(JobCancelled):
        box.raise_if_cancelled()


def test_event_gets_the_number_of_the_job_here():
    assert numbered(events.Progress(0, "painting", 1, 4), 12) == events.Progress(12, "painting", 1, 4)
