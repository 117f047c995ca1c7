"""Memory of the device, and the copies to and from it that run beside its computing."""

import torch
from torch import Tensor

from cache.arena import Block
from cache.copies import copy_into


class DeviceMemory:
    """Hands out device memory, never more than ``limit`` bytes; torch's own allocator reuses what comes back."""

    def __init__(self, limit: int, device: torch.device):
        self.limit = limit
        self.held_bytes = 0
        self._device = device

    def take(self, nbytes: int) -> Block | None:
        """A block of ``nbytes``; None when there is no room for it."""
        if self.held_bytes + nbytes > self.limit:
            return None
        self.held_bytes += nbytes
        with torch.inference_mode(False):
            return Block(torch.empty(nbytes, dtype=torch.uint8, device=self._device), nbytes)

    def give(self, block: Block) -> None:
        self.held_bytes -= block.nbytes

    def shrink(self, limit: int) -> None:
        self.limit = limit


class Transfers:
    """Copies between the host and one device; on CUDA each way has a stream of its own."""

    def __init__(self, device: torch.device):
        self.cuda = device.type == "cuda"
        self._device = device
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
        """Starts copying into host memory; the copy is there when the event has happened (None: it is there)."""
        if not self.cuda or tensor.device != self._device:
            copy_into(host, tensor)
            return None
        self._down.wait_stream(torch.cuda.current_stream(tensor.device))
        with torch.cuda.stream(self._down):
            contiguous = tensor.to(host.dtype).contiguous()
            host.copy_(contiguous, non_blocking=True)
            arrived = torch.cuda.Event()  # type: ignore[no-untyped-call]
            arrived.record(self._down)
        tensor.record_stream(self._down)
        return arrived

    def mark(self, tensor: Tensor) -> torch.cuda.Event | None:
        """When what the caller's stream does to the tensor is done (None: it is done)."""
        if not tensor.is_cuda:
            return None
        done = torch.cuda.Event()  # type: ignore[no-untyped-call]
        done.record(torch.cuda.current_stream(tensor.device))
        return done
