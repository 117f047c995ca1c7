"""One denoising step: diffusers' own U-Net with fused attention, our recording step, our sparse step, side by side.

Weights are random and of the right shape; both guidance halves run. The calls take turns, and each figure is a median
over the rounds, so a busy machine slows all alike. A sparse step is the engine's: the masked positions and their
margin, group norms that follow, rows read from a half-precision record in memory, on CUDA from a captured graph.
`_frozen` is without the margin.

On CUDA the diffusers' U-Net is timed a second time from a captured graph (`over_captured`): launching its kernels one
by one is no fair rival. There each row also tells how many launches its step has, and how near it comes to the floor,
which is to read every weight and every recorded row once, or to do the multiply-adds at the card's full rate.
"""

from prelude import ROOT

import copy
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from diffusers import UNet2DConditionModel
from torch.utils.flop_counter import FlopCounterMode, sdpa_flop_count

from ceilings import captured, ceilings, kernels, wait
from editor_core.backbones.rows import DEFAULT_SPARSITY, Keys
from editor_core.backbones.unet.joined_weights import join_weights
from editor_core.backbones.unet.policy import choose, measure
from editor_core.backbones.unet.recording import RecordKind, record_sites, recorded_bytes, recording
from editor_core.backbones.unet.regions import plan_region
from editor_core.backbones.unet.row_attention import encode_text
from editor_core.backbones.unet.sites import level_count
from editor_core.backbones.unet.sparse import SparseStep
from editor_core.backbones.unet.step_graph import StepGraphs
from editor_core.models.conditioning import Conditioning
from report import Row

MB = 10**6
COSTLIEST, NAME_LENGTH = 30, 150  # of the kernels that are told
SHARES = (0.05, 0.15, 0.30)
TOKENS = 77
CROSS = "CrossAttnDownBlock2D"
SD = {
    "layers_per_block": 2,
    "block_out_channels": (320, 640, 1280, 1280),
    "down_block_types": (CROSS, CROSS, CROSS, "DownBlock2D"),
    "up_block_types": ("UpBlock2D", *["CrossAttnUpBlock2D"] * 3),
}


def shape_in(*folders: str) -> dict:
    """What a U-Net of the resources is built from."""
    file = ROOT.joinpath("resources", *folders, "unet", "config.json")
    return {name: value for name, value in json.loads(file.read_text("utf-8")).items() if name[0] != "_"}


SHAPES = {
    "default": shape_in("models", "default"),
    "sd15": {**SD, "attention_head_dim": 8, "cross_attention_dim": 768},
    "sd21": {
        **SD,
        "attention_head_dim": (5, 10, 20, 20),
        "cross_attention_dim": 1024,
        "use_linear_projection": True,
    },
    "sdxl": shape_in("families", "sdxl"),
}
BARS = {
    ("default", 512): (8.0, 4.5, 2.7),
    ("default", 768): (11.0, 5.5, 2.9),
    ("sd15", 512): (6.0, 4.0, 2.7),
}
CUDA_BARS = {("sd21", 768): (6.0, 4.0, 2.5)}
CUDA_RUNS = [("sd21", 768), ("sd15", 512), ("sdxl", 1024)]
USUAL_SIZES = {"default": 512, "sd15": 512, "sd21": 768, "sdxl": 1024}
BYTE_BARS = {Keys.FULL: 200.0, Keys.STRIDED: 60.0}


def build(arch: str, device: str, dtype: torch.dtype = torch.float32) -> UNet2DConditionModel:
    """A random U-Net of the shape, on the device ("meta" for its shape alone)."""
    usual = torch.get_default_dtype()
    torch.set_default_dtype(dtype)  # numbers of SDXL's width fill memory once only
    try:
        with torch.device(device):
            unet = UNet2DConditionModel(**SHAPES[arch])
    finally:
        torch.set_default_dtype(usual)
    return unet.eval().requires_grad_(False)


def random_words(unet: UNet2DConditionModel, side: int, device: str, dtype: torch.dtype) -> Conditioning:
    """What both guidance halves are told, of a picture of so many pixels a side: words, and SDXL's pooled text."""
    hidden = torch.randn(2, TOKENS, unet.config.cross_attention_dim).to(device, dtype)
    if not unet.config.addition_embed_type:
        return Conditioning(hidden)
    sizes = torch.tensor([side, side, 0, 0, side, side], device=device, dtype=dtype).expand(2, -1)
    pooled = unet.config.projection_class_embeddings_input_dim - 6 * unet.config.addition_time_embed_dim
    return Conditioning(hidden, torch.randn(2, pooled).to(device, dtype), sizes)


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
    whole = recorded_bytes(unet, side, side, batch=2, equal_halves=True)
    row = {
        site.name: (1 if site.before_text else 2) * 2 * site.channels
        for site in record_sites(unet)
        if site.kind is not RecordKind.NORM
    }
    return sum(whole[site] if rows is None else len(rows) * row[site] for site, rows in step.reads())


def giga_multiply_adds(run: Callable[[], torch.Tensor]) -> tuple[float, torch.Tensor]:
    """Multiply-adds of one call, in units of 10^9, and what it returned."""

    def attention(query, key, value, *_, **__):
        return sdpa_flop_count(query, key, value)

    cpu_attention = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
    with (
        torch.no_grad(),
        FlopCounterMode(display=False, custom_mapping={cpu_attention: attention}) as counter,
    ):
        result = run()
    return round(counter.get_total_flops() / 2 / 10**9, 1), result


def take_turns(
    calls: dict[str, Callable[[], object]], rounds: int, device: str, warm_up: int = 1
) -> dict[str, float]:
    """Median seconds of each call, the calls taking turns, after rounds to warm up.

    On one thread they are the processor's own, which other work beside it does not lengthen.
    """
    times: dict[str, list[float]] = {name: [] for name in calls}
    alone = device == "cpu" and torch.get_num_threads() == 1
    clock = time.process_time if alone else time.perf_counter
    with torch.inference_mode():
        for turn in range(warm_up + rounds):
            for name, call in calls.items():
                start = clock()
                call()
                wait(device)
                if turn >= warm_up:
                    times[name].append(clock() - start)
    return {name: statistics.median(values) for name, values in times.items()}


@dataclass(frozen=True, eq=False)
class Case:
    """A mask on the latent grid, and how its sparse step runs."""

    mask: torch.Tensor
    keys: Keys = Keys.FULL
    margin: int = DEFAULT_SPARSITY.margin
    bar: str | None = None


@dataclass(frozen=True, eq=False)
class Bound:
    """A case's step and its calls: as it is, and as the program makes them on this device."""

    step: SparseStep
    plain: Callable[[], torch.Tensor]
    call: Callable[[], torch.Tensor]


class Bench:
    """The calls of one shape at one size.

    A `long` step fills the memory and takes minutes: one network is everybody's, and nothing is warmed up.
    """

    def __init__(self, arch: str, pixels: int, device: str, dtype: torch.dtype, long: bool = False) -> None:
        torch.manual_seed(0)
        self.arch, self.pixels, self.device, self.dtype, self.long = arch, pixels, device, dtype, long
        self.side = pixels // 8
        self.plain = build(arch, device, dtype)
        self.unet = (self.plain if long else copy.deepcopy(self.plain)).to(memory_format=torch.channels_last)
        if device == "cuda":  # a processor is quicker without it, at these sizes
            join_weights(self.unet)
            self.plain = self.plain.to(memory_format=torch.channels_last)
        self.time = torch.tensor(500, device=device)
        self.rivals = device == "cuda"
        """Whether to time what only a card has, too."""
        channels = self.plain.config.in_channels
        latents = torch.randn(1, channels, self.side, self.side).repeat(2, 1, 1, 1)
        self.latents = latents.to(device, dtype)
        self.told = random_words(self.plain, pixels, device, dtype)
        more = {"text_embeds": self.told.pooled, "time_ids": self.told.sizes}
        self.call = {
            "added_cond_kwargs": more if self.told.pooled is not None else None,
            "return_dict": False,
        }
        self.record: dict[str, torch.Tensor] = {}

    def dense(self) -> torch.Tensor:
        return self.plain(self.latents, self.time, self.told.hidden, **self.call)[0]

    def recording(self) -> torch.Tensor:
        with recording(record_sites(self.unet), self.record.__setitem__, pictures=1):
            return self.unet(self.latents, self.time, self.told.hidden, **self.call)[0]

    def read(self, site: str, rows: torch.Tensor | None) -> torch.Tensor:
        return self.record[site] if rows is None else self.record[site].index_select(1, rows)

    def sparse(self, case: Case, fused: bool = True) -> "Bound":
        """A case's step. Its captured steps are its own: the program keeps few, and here many take turns."""
        replayed = DEFAULT_SPARSITY.on(torch.device(self.device)).captured
        region = plan_region(case.mask, level_count(self.unet), (case.margin,), self.device, replayed)
        costs = measure(torch.device(self.device), self.dtype)
        choice = choose(self.unet, region, costs, case.keys)
        step = SparseStep(self.unet, region, case.keys, choice, fused=fused)
        rows = self.latents[:1].flatten(2).index_select(2, region.active).mT.contiguous()
        inputs = rows, 500, encode_text(self.unet, self.told), self.read
        plain = partial(step, *inputs)
        return Bound(step, plain, partial(StepGraphs(), step, *inputs) if replayed else plain)

    def cases(self) -> dict[str, Case]:
        """Result id → what is run. The large shapes leave out the variants of a compact mask."""
        bars = (CUDA_BARS if self.device == "cuda" else BARS).get((self.arch, self.pixels))
        found = {}
        for index, share in enumerate(SHARES):
            name, compact = (
                step_id(self.arch, self.pixels, share, self.device),
                compact_mask(self.side, share),
            )
            found[name] = Case(compact, bar=bars and f">= {bars[index]}")
            found[f"{name}_scattered"] = Case(scattered_mask(self.side, share))
            if self.arch == "default":
                found[f"{name}_strided"] = Case(compact, Keys.STRIDED)
                found[f"{name}_frozen"] = Case(compact, margin=0)
        return found

    def run(self, rounds: int) -> list[Row]:
        return self._timed(self.cases(), rounds)

    def growth(self, rounds: int) -> Row:
        """The dense step against the sparse one of 15 %, at this size."""
        return self.alone(f"growth_{self.arch}_{self.pixels}", 0.15, rounds)[-1]

    def alone(self, name: str, share: float, rounds: int) -> list[Row]:
        """The dense step against the recording one, and against the sparse one of a compact mask."""
        return self._timed({name: Case(compact_mask(self.side, share))}, rounds)

    def _timed(self, cases: dict[str, Case], rounds: int) -> list[Row]:
        self.recording()  # what the sparse steps read
        bound = {name: self.sparse(case) for name, case in cases.items()}
        first = {name: self._first(case) for name, case in bound.items()} if self.rivals else {}
        calls = {name: case.call for name, case in bound.items()}
        if self.rivals:
            calls |= {"dense captured": captured(self.dense, self.device)}
            calls |= {f"{name} uncaptured": case.plain for name, case in bound.items()}
            calls |= {f"{name} unfused": self.sparse(case, fused=False).call for name, case in cases.items()}
        calls = {"dense": self.dense, "recording": self.recording, **calls}
        seconds = take_turns(calls, rounds, self.device, warm_up=0 if self.long else 1)
        products, expected = giga_multiply_adds(self.dense)
        results = [self._overhead(seconds, products)]
        for name, case in bound.items():
            details = {"seconds": [round(seconds["dense"], 6), round(seconds[name], 6)]}
            details |= self._details(case, expected)
            if self.rivals:
                details |= self._on_card(name, case, seconds, details)
                details["first_seconds"] = round(first[name], 3)
            results.append(Row(name, seconds["dense"] / seconds[name], "x", cases[name].bar, details))
        return results

    def _first(self, case: Bound) -> float:
        """Seconds of a first call, in which kernels are compiled and the step is captured."""
        start = time.perf_counter()
        with torch.inference_mode():
            case.call()
        wait(self.device)
        return time.perf_counter() - start

    def _overhead(self, seconds: dict[str, float], products: float) -> Row:
        default = (self.arch, self.pixels) == ("default", 512)
        name = "recording_overhead" if default else f"recording_overhead_{self.arch}_{self.pixels}"
        details = {"seconds": round(seconds["dense"], 6), "giga_multiply_adds": products}
        if self.rivals:
            details |= {"captured_seconds": round(seconds["dense captured"], 6)}
            details |= self._against_floor(
                self._launched(self.dense, "dense"), seconds["dense captured"], products, 0
            )
        return Row(name, seconds["recording"] / seconds["dense"], "x", "<= 1.15", details)

    def _details(self, case: Bound, expected: torch.Tensor) -> dict:
        step = case.step
        products, _ = giga_multiply_adds(case.plain)  # a replay is no operation of torch's
        with torch.inference_mode():  # as it was captured
            got = case.call().float()
        expected = expected.flatten(2).index_select(2, step.region.active).mT.float()
        error = ((got - expected).norm() / expected.norm()).item()
        return {
            "giga_multiply_adds": products,
            "computed_share": round(step.region.levels[0].share, 3),
            "relative_error": float(f"{error:.1e}"),
            "read_mb": round(read_bytes(self.unet, step, self.side) / MB, 1),
            "kept_mb": round(sum(tensor.nbytes for tensor in self.record.values()) / MB, 1),
            "dense_from": step.choice.dense_from,
            "box": list(step.choice.box),
        }

    def _on_card(self, name: str, case: Bound, seconds: dict[str, float], details: dict) -> dict:
        """Against the rival from a graph, against no graph, and against the floor."""
        read = read_bytes(self.unet, case.step, self.side)
        return {
            "over_captured": round(seconds["dense captured"] / seconds[name], 2),
            "uncaptured_seconds": round(seconds[f"{name} uncaptured"], 6),
            "unfused_seconds": round(seconds[f"{name} unfused"], 6),
            **self._against_floor(
                self._launched(case.plain, name), seconds[name], details["giga_multiply_adds"], read
            ),
        }

    def _launched(self, call: Callable[[], object], name: str) -> int:
        """How many kernels; which of them take how long is said beside the results, on standard error."""
        found = kernels(call, self.device)
        busy = sum(kernel.microseconds for kernel in found)
        print(f"{self.arch} {name}: {busy / 1000:.2f} ms in kernels, of which", file=sys.stderr)
        for kernel in found[:COSTLIEST]:
            share = f"{kernel.microseconds / 1000:8.3f} ms {kernel.count:5}x"
            print(f"{share}  {kernel.name[:NAME_LENGTH]}", file=sys.stderr)
        return sum(kernel.count for kernel in found)

    def _against_floor(self, count: int, seconds: float, products: float, read: int) -> dict:
        weights = sum(parameter.nbytes for parameter in self.unet.parameters())
        floor = ceilings(self.device, self.dtype).floor(weights + read, 2e9 * products)
        return {
            "launches": count,
            "us_per_launch": round(1e6 * seconds / max(count, 1), 2),
            "floor_seconds": round(floor, 6),
            "share_of_floor": round(floor / seconds, 3),
        }


def step_id(arch: str, pixels: int, share: float, device: str) -> str:
    """step_default_5, step_default768_15, step_sd21_cuda_30: each shape's customary size goes without saying."""
    size = "" if pixels == USUAL_SIZES[arch] else pixels
    return f"step_{arch}{size}{'_cuda' if device == 'cuda' else ''}_{round(100 * share)}"


def measured_steps(
    runs: Sequence[tuple[str, int]], device: str, dtype: torch.dtype, rounds: int
) -> list[Row]:
    """All cases of each (shape, pixels)."""
    results: list[Row] = []
    for arch, pixels in runs:
        results += Bench(arch, pixels, device, dtype).run(rounds)
    return results


def unmeasured_steps() -> list[Row]:
    """The rows that need a GPU, on a machine without."""
    return [
        Row(step_id(arch, pixels, share, "cuda"), None, "x", f">= {bar}")
        for (arch, pixels), bars in CUDA_BARS.items()
        for share, bar in zip(SHARES, bars, strict=True)
    ]


def bytes_read() -> list[Row]:
    """MB read per step at 5 %, sd21 shape at 768 pixels, from shapes alone."""
    unet = build("sd21", "meta")
    region = plan_region(compact_mask(96, 0.05), level_count(unet), (DEFAULT_SPARSITY.margin,))
    found = []
    for keys, bar in BYTE_BARS.items():
        megabytes = read_bytes(unet, SparseStep(unet, region, keys), 96) / MB
        found.append(Row(f"read_mb_{keys}_5", megabytes, "MB", f"<= {bar:.0f}"))
    return found
