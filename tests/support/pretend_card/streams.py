"""Streams and events: what waits for what, and copies that run as late as they may.

Kernels run at once; a stream's queue holds only what may run later: copies between card and page-locked memory. It
runs when the host or another stream waits for it, and before the next kernel of the same stream.

`seen` tells how much of every stream's work a stream knows to be done, its own and what it waited for: a vector clock.
"""

from collections import deque

import torch

_machine = None


def use(machine) -> None:
    """From now on these cards are in use; with None, none are."""
    global _machine
    _machine = machine


def active():
    """The machine whose cards are in use."""
    assert _machine is not None, "no pretend card is in use"
    return _machine


class Stream:
    """Stands in for torch.cuda.Stream."""

    def __init__(self, device=None, priority: int = 0, name: str = "") -> None:
        self.device = active().numbered(device)
        self.count = 0
        self.seen: dict[Stream, int] = {}
        self.capture = None
        """The recording that this stream is captured into."""
        self._queue: deque = deque()
        self._number = active().next_number()
        self._name = name or f"stream {self._number}"

    def __repr__(self) -> str:
        return f"{self._name} of {self.device}"

    def launch(self) -> None:
        """Count one more piece of work, which comes after all that the host has waited for."""
        machine = active()
        _join(self.seen, machine.host_seen)
        self.count += 1
        self.seen[self] = self.count

    def later(self, work) -> None:
        """Queue work that may run late."""
        self._queue.append((self.count, work))

    def drain(self, count: int | None = None) -> None:
        """Run what is queued, up to a count of this stream's work."""
        while self._queue and (count is None or self._queue[0][0] <= count):
            self._queue.popleft()[1]()

    @property
    def is_behind(self) -> bool:
        return bool(self._queue)

    def is_done(self, count: int) -> bool:
        return not self._queue or self._queue[0][0] > count

    def run_one(self) -> None:
        if self._queue:
            self._queue.popleft()[1]()

    def wait_event(self, event: "Event") -> None:
        with active().lock:
            if event.stream is None:
                return
            self.launch()
            _join(self.seen, event.seen)
            if event.stream is not self:
                self.later(event.drain)

    def wait_stream(self, stream: "Stream") -> None:
        self.wait_event(stream.record_event())

    def record_event(self, event: "Event | None" = None) -> "Event":
        event = event or Event()
        event.record(self)
        return event

    def synchronize(self) -> None:
        machine = active()
        with machine.lock:
            machine.host_waits()
            self.drain()
            _join(machine.host_seen, self.seen)

    def query(self) -> bool:
        machine = active()
        with machine.lock:
            machine.host_waits()
            done = not self._queue
            self.run_one()
            return done


class Event:
    """Stands in for torch.cuda.Event."""

    def __init__(
        self, enable_timing: bool = False, blocking: bool = False, interprocess: bool = False
    ) -> None:
        self.stream: Stream | None = None
        self.seen: dict[Stream, int] = {}
        self._count = 0

    def record(self, stream: Stream | None = None) -> None:
        with active().lock:
            stream = stream or current_stream()
            stream.launch()
            self.stream, self._count, self.seen = stream, stream.count, dict(stream.seen)

    def wait(self, stream: Stream | None = None) -> None:
        (stream or current_stream()).wait_event(self)

    def drain(self) -> None:
        if self.stream is not None:
            self.stream.drain(self._count)

    def synchronize(self) -> None:
        machine = active()
        with machine.lock:
            machine.host_waits()
            self.drain()
            _join(machine.host_seen, self.seen)

    def query(self) -> bool:
        """Each asking lets the stream do one piece of work, so that asking again and again comes to an end."""
        machine = active()
        with machine.lock:
            machine.host_waits()
            done = self.stream is None or self.stream.is_done(self._count)
            if done:
                _join(machine.host_seen, self.seen)
            elif self.stream is not None:
                self.stream.run_one()
            return done

    def elapsed_time(self, end: "Event") -> float:
        return 0.0


def current_stream(device=None) -> Stream:
    return active().current_stream(device)


class stream:
    """Stands in for torch.cuda.stream: the stream, and its device, are current in the body."""

    def __init__(self, stream: Stream | None) -> None:
        self.stream = stream

    def __enter__(self) -> None:
        if self.stream is None:
            return
        here = active().here
        self._before = here.device, active().current_stream(self.stream.device)
        here.device = self.stream.device.index
        here.streams[here.device] = self.stream

    def __exit__(self, *_: object) -> None:
        if self.stream is None:
            return
        here = active().here
        here.device, before = self._before
        here.streams[before.device.index] = before


class device:
    """Stands in for torch.cuda.device: a device that is current in the body."""

    def __init__(self, device) -> None:
        self.index = active().numbered(device).index

    def __enter__(self) -> None:
        here = active().here
        self._before, here.device = here.device, self.index

    def __exit__(self, *_: object) -> None:
        active().here.device = self._before


def synchronize(device=None) -> None:
    machine = active()
    with machine.lock:
        machine.host_waits()
        for each in machine.streams:
            if each.device == machine.numbered(device):
                each.drain()
                _join(machine.host_seen, each.seen)


def _join(into: dict, other: dict) -> None:
    for stream, count in other.items():
        if into.get(stream, 0) < count:
            into[stream] = count


Device = torch.device | str | int | None
