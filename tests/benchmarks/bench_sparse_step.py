"""One denoising step: diffusers' own U-Net with fused attention, our recording step, our sparse step, side by side.

    python tests/benchmarks/bench_sparse_step.py [--arch default|sd15|sd21] [--size 512|768] [--device cpu|cuda]
                                                 [--dtype float32|bfloat16|float16] [--rounds 5] [--json]

Weights are random and of the right shape; both guidance halves run. Dense, recording and sparse calls take turns, and
each figure is a median over the rounds, so a busy machine slows all alike. The sparse step's time includes reading its
rows from a half-precision record in memory. Without --arch and --size, what the targets name is measured: the default
shape at 512 and 768 pixels, sd15 at 512; sd21 at 768 pixels is only counted in bytes, which needs no run.
"""

import argparse
import copy
import os
import statistics
import time
from collections.abc import Callable

import torch
from diffusers import UNet2DConditionModel
from torch.utils.flop_counter import FlopCounterMode, sdpa_flop_count

from editor_core.unet.policy import choose, measure
from editor_core.unet.recording import RecordKind, record_sites, recorded_bytes, recording
from editor_core.unet.regions import Region, plan_region
from editor_core.unet.row_attention import Keys, encode_text
from editor_core.unet.sites import level_count
from editor_core.unet.sparse import SparseStep
from report import Row, show

MB = 10**6
SHARES = (0.05, 0.15, 0.30)
TOKENS = 77
CROSS = "CrossAttnDownBlock2D"
SD = {"layers_per_block": 2, "block_out_channels": (320, 640, 1280, 1280)}
SHAPES = {
    "default": {
        "in_channels": 8,
        "out_channels": 8,
        "layers_per_block": 1,
        "block_out_channels": (64, 128, 192, 256),
        "attention_head_dim": (1, 2, 3, 4),
        "cross_attention_dim": 256,
    },
    "sd15": {**SD, "attention_head_dim": 8, "cross_attention_dim": 768},
    "sd21": {
        **SD,
        "attention_head_dim": (5, 10, 20, 20),
        "cross_attention_dim": 1024,
        "use_linear_projection": True,
    },
}
BARS = {
    ("default", 512): (8.0, 4.5, 2.7),
    ("default", 768): (11.0, 5.5, 2.9),
    ("sd15", 512): (6.0, 4.0, 2.7),
}
CUDA_BARS = {("sd21", 768): (6.0, 4.0, 2.5)}
BYTE_BARS = {Keys.FULL: 200.0, Keys.STRIDED: 60.0}


def build(arch: str, device: str, dtype: torch.dtype = torch.float32) -> UNet2DConditionModel:
    """A random U-Net of the shape, on the device ("meta" for its shape alone)."""
    with torch.device(device):
        unet = UNet2DConditionModel(
            down_block_types=(CROSS, CROSS, CROSS, "DownBlock2D"),
            up_block_types=("UpBlock2D", *["CrossAttnUpBlock2D"] * 3),
            **SHAPES[arch],
        )
    return unet.to(dtype).eval().requires_grad_(False)


def compact_mask(side: int, share: float) -> torch.Tensor:
    """A square that holds the share of the positions."""
    width = round(side * share**0.5)
    first = (side - width) // 3
    mask = torch.zeros(side, side, dtype=torch.bool)
    mask[first : first + width, first + 2 : first + 2 + width] = True
    return mask


def scattered_mask(side: int, share: float) -> torch.Tensor:
    """Eight squares, spread over the picture, that hold the share together."""
    mask = torch.zeros(side, side, dtype=torch.bool)
    width = max(1, round(side * (share / 8) ** 0.5))
    for row in range(2):
        for column in range(4):
            top, left = (2 * row + 1) * side // 4, (2 * column + 1) * side // 8
            mask[top - width // 2 :, left - width // 2 :][:width, :width] = True
    return mask


def read_bytes(unet: UNet2DConditionModel, step: SparseStep, side: int) -> int:
    """Bytes one sparse step asks of the record, rows in half precision."""
    whole = recorded_bytes(unet, side, side, batch=2, alike=True)
    row = {
        site.name: (1 if site.before_text else 2) * 2 * site.channels
        for site in record_sites(unet)
        if site.kind is not RecordKind.NORM
    }
    return sum(whole[site] if rows is None else len(rows) * row[site] for site, rows in step.reads())


def giga_multiply_adds(run: Callable[[], object]) -> float:
    """Multiply-adds of one call, in units of 10^9."""

    def attention(query, key, value, *_, **__):
        return sdpa_flop_count(query, key, value)

    cpu_attention = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
    with (
        torch.no_grad(),
        FlopCounterMode(display=False, custom_mapping={cpu_attention: attention}) as counter,
    ):
        run()
    return counter.get_total_flops() / 2 / 10**9


def take_turns(calls: dict[str, Callable[[], object]], rounds: int, device: str) -> dict[str, float]:
    """Median seconds of each call, the calls taking turns; one round to warm up."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    with torch.inference_mode():
        for turn in range(rounds + 1):
            for name, call in calls.items():
                start = time.perf_counter()
                call()
                if device == "cuda":
                    torch.cuda.synchronize()
                if turn:
                    times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}


class Bench:
    """The calls of one shape at one size."""

    def __init__(self, arch: str, pixels: int, device: str, dtype: torch.dtype) -> None:
        torch.manual_seed(0)
        self.arch, self.pixels, self.device, self.dtype = arch, pixels, device, dtype
        self.side = pixels // 8
        self.plain = build(arch, device, dtype)
        self.unet = copy.deepcopy(self.plain).to(memory_format=torch.channels_last)
        channels = self.plain.config.in_channels
        latents = torch.randn(1, channels, self.side, self.side).repeat(2, 1, 1, 1)
        self.latents = latents.to(device, dtype)
        self.words = torch.randn(2, TOKENS, self.plain.config.cross_attention_dim).to(device, dtype)
        self.record: dict[str, torch.Tensor] = {}

    def dense(self) -> torch.Tensor:
        return self.plain(self.latents, 500, self.words, return_dict=False)[0]

    def recording(self) -> torch.Tensor:
        with recording(record_sites(self.unet), self.record.__setitem__, alike=True):
            return self.unet(self.latents, 500, self.words, return_dict=False)[0]

    def read(self, site: str, rows: torch.Tensor | None) -> torch.Tensor:
        return self.record[site] if rows is None else self.record[site].index_select(1, rows)

    def sparse(self, mask: torch.Tensor, keys: Keys) -> tuple[SparseStep, Callable[[], torch.Tensor]]:
        region = plan_region(mask, level_count(self.unet), device=self.device)
        step = self._step(region, keys)
        rows = self.latents[:1].flatten(2).index_select(2, region.active).mT.contiguous()
        text = encode_text(self.unet, self.words)
        return step, lambda: step(rows, 500, text, self.read)

    def _step(self, region: Region, keys: Keys) -> SparseStep:
        costs = measure(torch.device(self.device), self.dtype)
        return SparseStep(self.unet, region, keys, choose(self.unet, region, costs, keys))

    def error(self, call: Callable[[], torch.Tensor], step: SparseStep) -> float:
        """Relative difference to the dense call of the same input at the active positions."""
        expected = self.dense().flatten(2).index_select(2, step.region.active).mT.float()
        return ((call().float() - expected).norm() / expected.norm()).item()

    def cases(self) -> dict[str, tuple[torch.Tensor, Keys]]:
        """Result id → mask and keys."""
        tag = self.arch if self.pixels == 512 else f"{self.arch}{self.pixels}"
        tag += "_cuda" if self.device == "cuda" else ""
        found = {}
        for share in SHARES:
            name = f"step_{tag}_{round(100 * share)}"
            found[name] = (compact_mask(self.side, share), Keys.FULL)
            found[f"{name}_scattered"] = (scattered_mask(self.side, share), Keys.FULL)
            found[f"{name}_strided"] = (compact_mask(self.side, share), Keys.STRIDED)
        return found

    def run(self, rounds: int) -> list[Row]:
        calls, steps = {"dense": self.dense, "recording": self.recording}, {}
        for name, (mask, keys) in self.cases().items():
            steps[name], calls[name] = self.sparse(mask, keys)
        seconds = take_turns(calls, rounds, self.device)
        bars = (CUDA_BARS if self.device == "cuda" else BARS).get((self.arch, self.pixels))
        overhead = seconds["recording"] / seconds["dense"]
        dense_products = giga_multiply_adds(self.dense)
        results = [
            Row(
                f"recording_overhead_{self.arch}_{self.pixels}",
                overhead,
                "x",
                "<= 1.15",
                {"seconds": seconds["dense"], "giga_multiply_adds": round(dense_products, 1)},
            )
        ]
        for index, name in enumerate(steps):
            bar = bars[index // 3] if bars and index % 3 == 0 else None
            ratio = seconds["dense"] / seconds[name]
            results.append(
                Row(
                    name,
                    ratio,
                    "x",
                    bar and f">= {bar}",
                    self._details(steps[name], calls[name], seconds[name]),
                )
            )
        return results

    def _details(self, step: SparseStep, call: Callable[[], torch.Tensor], seconds: float) -> dict:
        with torch.inference_mode():
            error = self.error(call, step)
        return {
            "seconds": round(seconds, 4),
            "relative_error": float(f"{error:.1e}"),
            "read_mb": round(read_bytes(self.unet, step, self.side) / MB, 1),
            "kept_mb": round(sum(tensor.nbytes for tensor in self.record.values()) / MB, 1),
            "giga_multiply_adds": round(giga_multiply_adds(call), 1),
            "dense_from": step.choice.dense_from,
            "box": list(step.choice.box),
        }


def bytes_read() -> list[Row]:
    """MB read per step at 5 %, sd21 shape at 768 pixels, from shapes alone."""
    unet = build("sd21", "meta")
    region = plan_region(compact_mask(96, 0.05), level_count(unet))
    found = []
    for keys, bar in BYTE_BARS.items():
        megabytes = read_bytes(unet, SparseStep(unet, region, keys), 96) / MB
        found.append(Row(f"read_mb_{keys}_5", megabytes, "MB", f"<= {bar:.0f}"))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--arch", choices=SHAPES)
    parser.add_argument("--size", type=int, choices=(256, 512, 768, 1024))
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--dtype", choices=("float32", "bfloat16", "float16"), default="float32")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(min(2, os.cpu_count() or 1))
    runs = list(BARS) if options.device == "cpu" else list(CUDA_BARS)
    if options.arch or options.size:
        runs = [(options.arch or "default", options.size or 512)]
    results = []
    for arch, pixels in runs:
        results += Bench(arch, pixels, options.device, getattr(torch, options.dtype)).run(options.rounds)
    results += bytes_read()
    show(results, options.json, options.device)


if __name__ == "__main__":
    main()
