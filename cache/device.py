"""Memory of the device, and the copies to and from it that run beside its computing."""

import time
from collections import deque
from threading import Lock

import torch
from torch import Tensor

from cache.arena import Block
from cache.copies import copy_into

PAUSE_SECONDS = 30.0  # before a device that had no room is asked for more again
# Bytes. What computes is faster than what carries away, and each copy holds memory there.
UNDER_WAY = 256 * 2**20


class DeviceMemory:
    """Hands out device memory, never more than ``limit`` bytes; torch's own allocator reuses what comes back."""

    def __init__(self, limit: int, device: torch.device):
        self.limit = limit
        self.held_bytes = 0
        self._device = device
        self._full_at = 0  # bytes held when the device had no more
        self._full_until = 0.0

    def take(self, nbytes: int) -> Block | None:
        """A block of ``nbytes``; None when there is no room for it, on the device or within the limit."""
        if self.held_bytes + nbytes > self._allowed():
            return None
        try:
            with torch.inference_mode(False):
                block = Block(torch.empty(nbytes, dtype=torch.uint8, device=self._device), nbytes)
        except torch.OutOfMemoryError:
            self._full_at, self._full_until = self.held_bytes, time.monotonic() + PAUSE_SECONDS
            return None
        self.held_bytes += nbytes
        return block

    def give(self, block: Block) -> None:
        self.held_bytes -= block.nbytes

    def shrink(self, limit: int) -> None:
        self.limit = limit

    def _allowed(self) -> int:
        """Asking a full device in vain makes it wait for all it does, so for a while no more is asked for."""
        return min(self.limit, self._full_at) if time.monotonic() < self._full_until else self.limit


class Transfers:
    """Copies between the host and one device; on CUDA each way has a stream of its own."""

    def __init__(self, device: torch.device):
        self.cuda = device.type == "cuda"
        self._device = device
        self._lock = Lock()
        self._leaving: deque[tuple[torch.cuda.Event, int]] = deque()
        self._leaving_bytes = 0
        self._full_until = 0.0
        if self.cuda:
            self._up = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
            self._down = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]

    def upload(self, tensor: Tensor, target: torch.device) -> Tensor:
        """A host tensor on ``target``, ready for the caller's stream; the host's memory may be reused at once."""
        if not self.cuda or target != self._device:
            return tensor.to(target)
        with torch.cuda.stream(self._up):
            there = tensor.to(target, non_blocking=True)
        self._up.synchronize()
        there.record_stream(torch.cuda.current_stream(target))
        return there

    def download(self, tensor: Tensor, host: Tensor) -> torch.cuda.Event | None:
        """Starts copying into host memory; the copy is there when the event has happened (None: it is there).

        The tensor may be written over at once.
        """
        if not self.cuda or tensor.device != self._device:
            copy_into(host, tensor)
            return None
        self._wait_for_room(host.nbytes)
        leaving = self._copy_there(tensor, host.dtype)
        if leaving is None:
            copy_into(host, tensor)  # the host waits, but no memory is needed there
            return None
        self._down.wait_stream(torch.cuda.current_stream(tensor.device))
        with torch.cuda.stream(self._down):
            host.copy_(leaving, non_blocking=True)
            arrived = torch.cuda.Event()  # type: ignore[no-untyped-call]
            arrived.record(self._down)
        leaving.record_stream(self._down)
        with self._lock:
            self._leaving.append((arrived, host.nbytes))
            self._leaving_bytes += host.nbytes
        return arrived

    def _copy_there(self, tensor: Tensor, dtype: torch.dtype) -> Tensor | None:
        """A contiguous copy on the device; None while that is full."""
        if time.monotonic() < self._full_until:
            return None
        try:
            return tensor.to(dtype, copy=True, memory_format=torch.contiguous_format)
        except torch.OutOfMemoryError:
            self._full_until = time.monotonic() + PAUSE_SECONDS
            return None

    def _wait_for_room(self, nbytes: int) -> None:
        """Returns when no more than UNDER_WAY is on its way to the host, ``nbytes`` more included."""
        with self._lock:
            while self._leaving and self._leaving_bytes + nbytes > UNDER_WAY:
                arrived, size = self._leaving.popleft()
                arrived.synchronize()
                self._leaving_bytes -= size

    def mark(self, tensor: Tensor) -> torch.cuda.Event | None:
        """When what the caller's stream does to the tensor is done (None: it is done)."""
        if not tensor.is_cuda:
            return None
        done = torch.cuda.Event()  # type: ignore[no-untyped-call]
        done.record(torch.cuda.current_stream(tensor.device))
        return done
