"""Which kernels of this program's own a device runs in place of several of PyTorch's.

Norms and gathering on few rows take a card longer to begin than to do. Triton, which comes with PyTorch for NVIDIA
cards on Linux, compiles one kernel for what else are ten. Where it is missing, or does not compile here, or comes to
other results, PyTorch's serve: they are the reference.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import torch

from editor_core.backbones.unet.group_norm import Rest, apply_statistics, by_group, follow, statistics_of_rows

if TYPE_CHECKING:
    from editor_core.backbones.unet.triton_norm import Normalised

log = logging.getLogger(__name__)

TOLERANCE = 0.01
"""Of numbers around one in half precision."""


@dataclass(frozen=True)
class FusedKernels:
    """`normalise` as in `triton_norm.py`, `gather` as in `triton_gather.py`."""

    normalise: "Callable[..., Normalised]"
    gather: Callable[..., torch.Tensor]


@cache
def fused_kernels(device: torch.device) -> FusedKernels | None:
    """The kernels of a card, tried once; None for one without, and for a processor."""
    if device.type != "cuda":
        return None
    try:
        kernels = triton_kernels()
        if agree(kernels, device):
            return kernels
        log.warning("Fused kernels come to other results on %s, so PyTorch's are used", device)
    except Exception as error:  # noqa: BLE001  a compiler may be missing, and much else
        log.info("No fused kernels on %s: %s", device, error)
    return None


def triton_kernels() -> FusedKernels:
    """Raises ImportError without Triton."""
    from editor_core.backbones.unet.triton_gather import gather
    from editor_core.backbones.unet.triton_norm import normalise

    return FusedKernels(normalise, gather)


def agree(kernels: FusedKernels, device: torch.device) -> bool:
    """Whether they come to what PyTorch's do, on random numbers."""
    count, channels, positions = 37, 48, 100
    generator = torch.Generator().manual_seed(0)
    numbers = torch.randn(2, count, channels, generator=generator).to(device, torch.float16)
    rest = Rest(torch.zeros(2, 2, 8, device=device), torch.ones(2, 8, device=device))
    norm = torch.nn.GroupNorm(8, channels, device=device, dtype=torch.float16)
    with torch.no_grad():
        found = kernels.normalise(norm, numbers, rest, positions, silu=True, kept=False).rows
        now = statistics_of_rows(by_group(norm, numbers), None, positions)
        expected = apply_statistics(norm, numbers, *follow(rest, now, count / positions))
        expected = torch.nn.functional.silu(expected)
        index = torch.arange(2 * count, -1, -3, device=device)
        joined = torch.cat([numbers, numbers, torch.zeros_like(numbers[:, :1])], 1)
        gathered = kernels.gather(numbers, numbers, index)
    close = torch.allclose(found.float(), expected.float(), atol=TOLERANCE, rtol=TOLERANCE)
    return close and torch.equal(gathered, joined.index_select(1, index))
