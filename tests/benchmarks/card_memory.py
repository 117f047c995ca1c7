"""What a graphics card has to hold for a picture and its edits, by sum: real shapes, tensors without numbers.

    python tests/benchmarks/card_memory.py [--json]

Each network is built at its full width on torch's "meta" device and called as the program calls it. Every tensor
counts from when it is made until it is let go, in the blocks of 512 bytes that torch's allocator hands out. Attention
counts as a card's kernels do it, without maps. Not counted: what CUDA takes beside the allocator, and cuDNN's
workspaces. Text encoders and autoencoder wait in main memory, and pictures are decoded in tiles, as they do where a
card has no room for more.
"""

import prelude  # noqa: F401 before torch

import argparse
import json
import weakref
from collections.abc import Callable
from typing import Any

import diffusers
import torch
import transformers
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from cache.budget import DEVICE_SHARE
from cache.device import UNDER_WAY
from editor_core.backbones.registry import backbone_of
from editor_core.backbones.rows import Keys
from editor_core.backbones.unet.leaves import with_tensors
from editor_core.backbones.unet.regions import plan_region
from editor_core.backbones.unet.row_attention import encode_text
from editor_core.backbones.unet.sites import level_count
from editor_core.backbones.unet.sparse import SparseStep
from editor_core.base import paths
from editor_core.models.conditioning import Conditioning
from editor_core.models.latents import decode_in_tiles
from editor_core.models.offload import bytes_of
from report import Row, show
from sparse_steps import compact_mask

GIB = 2**30
BLOCK = 512
TOKENS, POOLED, STEP, MARGIN, SHARE = 77, 1280, 5.0, 1, 0.15
CARDS = {"sd15": ("sd1", 512, 4), "sdxl": ("sdxl", 1024, 8)}
"""Family, pixels a side, GiB of a card that shall do."""
CLASSES = {
    "unet": diffusers.UNet2DConditionModel,
    "vae": diffusers.AutoencoderKL,
    "text_encoder": transformers.CLIPTextModel,
    "text_encoder_2": transformers.CLIPTextModelWithProjection,
}


class LiveBytes(TorchDispatchMode):
    """While it is entered, counts the tensors that are made; what was there before is not counted."""

    def __init__(self) -> None:
        super().__init__()
        self.live = self.peak = 0
        self._known: set[int] = set()

    def __torch_dispatch__(
        self, kernel: Any, types: Any, args: tuple[Any, ...] = (), named: dict[str, Any] | None = None
    ) -> Any:
        self._note((args, named), 0)
        made = kernel(*args, **(named or {}))
        self._note(made, 1)
        return made

    def _note(self, values: Any, times: int) -> None:
        for value in tree_leaves(values):
            if not isinstance(value, torch.Tensor) or value.device.type != "meta":
                continue
            storage = value.untyped_storage()
            if storage._cdata not in self._known:
                size = times * -(-storage.nbytes() // BLOCK) * BLOCK
                self._known.add(storage._cdata)
                weakref.finalize(storage, self._let_go, storage._cdata, size)
                self.live += size
                self.peak = max(self.peak, self.live)

    def _let_go(self, storage: int, size: int) -> None:
        self._known.discard(storage)
        self.live -= size


class AttentionWithoutMaps(TorchFunctionMode):
    """On "meta" torch would count whole maps, which no kernel of a card makes."""

    def __torch_function__(
        self, function: Any, types: Any, args: tuple[Any, ...] = (), named: dict[str, Any] | None = None
    ) -> Any:
        if function is torch.nn.functional.scaled_dot_product_attention:
            return torch.empty_like(args[0])
        return function(*args, **(named or {}))


@torch.no_grad()
def most_bytes(run: Callable[[], object]) -> int:
    """The most that lives at once of what a call makes."""
    with AttentionWithoutMaps(), LiveBytes() as count:
        run()
    return count.peak


def network(family: str, part: str, dtype: torch.dtype) -> Any:
    """Of the family's shape, without numbers."""
    told = json.loads((paths.resources() / "families" / family / part / "config.json").read_text("utf-8"))
    kind = CLASSES[part]
    with torch.device("meta"):
        if part.startswith("text"):
            made: Any = kind(transformers.CLIPTextConfig(**told))
        else:
            made = kind.from_config(told)
    torch.nn.Module.to(made, dtype)  # diffusers' own `to` talks
    return made.eval().requires_grad_(False)


class Painting:
    """A guided step of one picture: whole and recorded, and in rows."""

    def __init__(self, unet: Any, side: int) -> None:
        self._unet, self._side, self._backbone = unet, side, backbone_of(unet)
        self._x = self._empty(2, unet.config.in_channels, side, side)
        pooled = self._empty(2, POOLED) if unet.config.addition_embed_type else None
        sizes = None if pooled is None else self._empty(2, 6)
        hidden = self._empty(2, TOKENS, unet.config.cross_attention_dim)
        self._told = Conditioning(hidden, pooled, sizes)

    def recorded(self) -> int:
        """What is copied of it waits for its way down, besides."""
        return most_bytes(lambda: self._record(lambda site, tensor: None)) + UNDER_WAY

    def on_rows(self) -> tuple[int, int]:
        """The most a step on rows makes, and what it reads; captured, the card keeps both."""
        kept: dict[str, torch.Tensor] = {}
        with torch.no_grad(), AttentionWithoutMaps():
            self._record(kept.__setitem__)
        mask = compact_mask(self._side, SHARE)
        plan = plan_region(mask, level_count(self._unet), (MARGIN,), torch.device("cpu"))
        region = with_tensors(plan, lambda tensor: tensor.to("meta"))

        def read(site: str, rows: torch.Tensor | None) -> torch.Tensor:
            whole = kept[site]
            shape = whole.shape if rows is None else (len(whole), len(rows), *whole.shape[2:])
            return torch.empty(shape, dtype=whole.dtype, device="meta")

        def run() -> None:
            step = SparseStep(self._unet, region, Keys.FULL)
            rows = self._empty(1, len(region.active), self._unet.config.in_channels)
            step(rows, STEP, encode_text(self._unet, self._told), read)

        reads = SparseStep(self._unet, plan, Keys.STRIDED).reads()
        return most_bytes(run), sum(read(*each).nbytes for each in reads)

    def _record(self, store: Callable[[str, torch.Tensor], None]) -> None:
        with self._backbone.recording(store, torch.float16, 1):
            self._backbone.predict(self._x, STEP, self._told)

    def _empty(self, *shape: int) -> torch.Tensor:
        return torch.empty(shape, dtype=torch.float16, device="meta")


def decoding(vae: Any, side: int) -> int:
    """In tiles and single precision."""
    decode_in_tiles(vae)
    latents = torch.empty(1, vae.config.latent_channels, side, side, device="meta")
    return most_bytes(lambda: vae.decode(latents).sample)


def card(name: str) -> Row:
    """The most of its moments, and what the cache takes of what is free once the model is loaded."""
    family, pixels, size = CARDS[name]
    parts = [part for part in CLASSES if (paths.resources() / "families" / family / part).is_dir()]
    networks = {
        part: network(family, part, torch.float32 if part == "vae" else torch.float16) for part in parts
    }
    weights = {part: bytes_of([made]) for part, made in networks.items()}
    painting = Painting(networks["unet"], pixels // 8)
    rows, read = painting.on_rows()
    moments = {
        "words": max(weights[part] for part in parts if part.startswith("text")),
        "painting": painting.recorded(),
        "edit": rows + 2 * read + UNDER_WAY,
        "decoding": weights["vae"] + decoding(networks["vae"], pixels // 8) + rows + read,
    }
    cache = DEVICE_SHARE * max(0, size * GIB - sum(weights.values()))
    total = weights["unet"] + max(moments.values()) + cache
    told = {f"weights_{part}": count for part, count in weights.items()} | moments | {"cache": cache}
    details = {part: round(count / GIB, 2) for part, count in told.items()}
    return Row(f"card_{name}_gib", total / GIB, "GiB", f"<= {size}", details)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    show([card(name) for name in CARDS], parser.parse_args().json, "meta")


if __name__ == "__main__":
    main()
