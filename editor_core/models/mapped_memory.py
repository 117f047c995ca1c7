"""Weights that are the pages of a mapped file: what is copied of them in memory does not stay there twice."""

import ctypes
import mmap
import sys
from contextlib import suppress
from pathlib import Path

import torch
from torch import Tensor, nn


class MappedFiles:
    """The safetensors files that are mapped in this process."""

    def __init__(self) -> None:
        self._ranges = _ranges() if sys.platform.startswith("linux") else []

    def release(self, tensor: Tensor) -> None:
        """Let go of the pages behind a tensor that nobody will read again, where they are a file's.

        Whole pages only, so that its neighbours in the file stay. Were it read after all, it would come from the file.
        """
        if tensor.device.type != "cpu" or not tensor.is_contiguous():
            return
        begin = -(-tensor.data_ptr() // mmap.PAGESIZE) * mmap.PAGESIZE
        end = (tensor.data_ptr() + tensor.nbytes) // mmap.PAGESIZE * mmap.PAGESIZE
        if begin < end and any(low <= begin and end <= high for low, high in self._ranges):
            ctypes.CDLL(None).madvise(
                ctypes.c_void_p(begin), ctypes.c_size_t(end - begin), mmap.MADV_DONTNEED
            )


def in_precision(network: nn.Module, dtype: torch.dtype) -> nn.Module:
    """The network in another precision; what is copied for that is channels-last at once, as rows want it."""
    files = MappedFiles()
    for parameter in network.parameters():
        before = parameter.data
        if before.dtype is not dtype:
            layout = torch.channels_last if before.ndim == 4 else torch.preserve_format
            parameter.data = before.to(dtype, memory_format=layout)
            files.release(before)
    return network.to(dtype)  # buffers, too


def _ranges() -> list[tuple[int, int]]:
    """Where the files lie: (begin, end) in bytes, by proc(5)."""
    found = []
    with suppress(OSError):
        for line in Path("/proc/self/maps").read_text().splitlines():
            if line.endswith(".safetensors"):
                begin, _, end = line.split(maxsplit=1)[0].partition("-")
                found.append((int(begin, 16), int(end, 16)))
    return found
