"""What the session gives up, one thing after another, where memory is short."""

import gc
from dataclasses import dataclass, replace

import psutil

from cache import ActivationCache, Budget
from editor_core.backbones.backbone import Backbone
from editor_core.base.message import Message
from editor_core.models.bundle import ModelBundle
from editor_core.models.latents import decode_in_tiles
from editor_core.models.layout import vae_levels
from editor_core.models.offload import bytes_of, offload, waiting_parts

_MAPS = 6
"""Stable Diffusion's decoder holds 0.37 GiB at 256 x 256 pixels, where such a map has 0.0625 (measured on a CPU)."""
_SIGNS = (
    "DefaultCPUAllocator: ",
    "MPS backend out of memory",
    "CUDA error: out of memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
)


@dataclass(frozen=True)
class Fallback:
    """One thing that was given up."""

    message: Message
    reload_on: str = ""
    """Another device for the model."""


class MemoryFallback:
    """Gives up one thing more at each call: several rounds as one batch, where the job is of that kind, the cache in
    memory, the text encoders' and autoencoder's place on the card, attention and decoding in one piece, the card."""

    def __init__(self) -> None:
        self._left = [_empty_cache, _offload, _slice_attention, _decode_in_tiles, _leave_device]
        self.batched = True

    def before(self, bundle: ModelBundle, width: int, height: int) -> list[Fallback]:
        """What is given up from now on, because a picture of so many pixels would not fit what memory is free.

        On a processor nobody says that memory runs out: the system ends the program instead.
        """
        needs = (
            (_offload, bytes_of(waiting_parts(bundle)) if bundle.device.type == "cuda" else 0),
            (_slice_attention, _bytes_of_attention(bundle, width, height)),
            (_decode_in_tiles, _bytes_to_decode(bundle, width, height)),
        )
        given_up = []
        for give_up, needed in needs:
            if give_up in self._left and needed > _free(bundle):
                fallback = give_up(bundle, None)
                if fallback is not None:
                    self._left.remove(give_up)
                    given_up.append(fallback)
        return given_up

    def next(
        self, bundle: ModelBundle | None, cache: ActivationCache | None, rounds: bool = False
    ) -> Fallback | None:
        """Give up the next thing that there is; None when nothing is left to give up.

        rounds: whether the job that ran short has several.
        """
        if rounds and self.batched:
            self.batched = False
            return Fallback(Message("Memory is low: variants are now made one after another."))
        while self._left:
            if (fallback := self._left.pop(0)(bundle, cache)) is not None:
                return fallback
        return None


def _bytes_to_decode(bundle: ModelBundle, width: int, height: int) -> int:
    """What decoding in one piece holds at most: of the maps at full size, the widest, `_MAPS` times."""
    widths = vae_levels(bundle.vae.config)
    if not isinstance(widths, list | tuple) or not hasattr(bundle.vae, "enable_tiling"):
        return 0
    widest = widths[min(1, len(widths) - 1)]  # what comes up from the level below
    return int(_MAPS * widest * width * height * bundle.vae.dtype.itemsize)


def _bytes_of_attention(bundle: ModelBundle, width: int, height: int) -> int:
    """The largest map of self-attention, both halves, where a device makes it: a processor and CUDA have kernels that
    do not."""
    if bundle.device.type in ("cpu", "cuda"):
        return 0
    positions = (width // bundle.downscale) * (height // bundle.downscale)
    heads = max(getattr(module, "heads", 0) for module in bundle.unet.modules())
    return int(2 * heads * positions**2 * bundle.unet.dtype.itemsize)


def _free(bundle: ModelBundle) -> int:
    """Bytes that the model's device has left."""
    import torch

    if bundle.device.type == "cuda":
        kept = torch.cuda.memory_reserved(bundle.device) - torch.cuda.memory_allocated(bundle.device)
        return int(torch.cuda.mem_get_info(bundle.device)[0] + kept)
    return int(psutil.virtual_memory().available)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether device or host memory ran out.

    PyTorch has no exception of its own for the host's, nor for what CUDA's libraries cannot get.
    """
    import torch

    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return any(sign in str(error) for sign in _SIGNS)


def free_memory(backbone: Backbone | None) -> None:
    """Give back what nobody uses any more."""
    import torch

    if backbone is not None:
        backbone.release()
    gc.collect()
    torch.cuda.empty_cache()


def _empty_cache(bundle: ModelBundle | None, cache: ActivationCache | None) -> Fallback | None:
    if cache is None:
        return None
    stats, budget = cache.stats(), cache.budget
    if not stats.device_bytes + stats.ram_bytes:
        return None
    cache.trim(Budget(0, 0, budget.disk_bytes))
    cache.trim(replace(budget, device_bytes=0, ram_bytes=budget.ram_bytes // 4))
    return Fallback(Message("Memory is low: the cache in memory was emptied and made smaller."))


def _offload(bundle: ModelBundle | None, cache: ActivationCache | None) -> Fallback | None:
    if bundle is None or bundle.device.type == "cpu":
        return None
    offload(bundle)
    return Fallback(
        Message(
            "There is little GPU memory: the text encoder and the autoencoder now wait in main memory until they are "
            "needed."
        )
    )


def _slice_attention(bundle: ModelBundle | None, cache: ActivationCache | None) -> Fallback | None:
    if (
        bundle is None
        or bundle.device.type in ("cpu", "cuda")
        or not hasattr(bundle.unet, "set_attention_slice")
    ):
        return None
    bundle.unet.set_attention_slice("auto")
    return Fallback(Message("Memory is low: attention is now computed in parts, which is slower."))


def _decode_in_tiles(bundle: ModelBundle | None, cache: ActivationCache | None) -> Fallback | None:
    if bundle is None or not hasattr(bundle.vae, "enable_tiling"):
        return None
    decode_in_tiles(bundle.vae)
    return Fallback(Message("Memory is low: large pictures are now processed in tiles, which is slower."))


def _leave_device(bundle: ModelBundle | None, cache: ActivationCache | None) -> Fallback | None:
    if bundle is None or bundle.device.type == "cpu":
        return None
    return Fallback(
        Message("There is not enough GPU memory for this, so the CPU is used, which is slower."), "cpu"
    )
