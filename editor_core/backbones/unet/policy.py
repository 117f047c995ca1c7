"""Which levels run on rows, in a bounding box, or densely: a cost model with coefficients measured on this machine.

A layer's time is taken to be linear in what it does: multiply-adds of matrix products and of convolutions, gathered
elements, elements of weights that a product reads and that a convolution repacks, products of attention, and a fixed
cost per call. Rows and boxes give the same result, and a dense level one that lets more of the picture answer to the
edit: a wrong guess costs time, never quality.
"""

import json
import logging
import os
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path
from time import perf_counter
from weakref import WeakKeyDictionary

import torch
from filelock import FileLock
from torch.nn import functional as F

from editor_core.backbones.attention.sites import Module
from editor_core.backbones.rows import Keys
from editor_core.backbones.unet.regions import Box, LevelPlan, Region
from editor_core.backbones.unet.row_attention import plan_keys
from editor_core.backbones.unet.sites import Layer, LayerKind, layers
from editor_core.backbones.unet.sparse import Choice
from editor_core.backbones.unet.step_graph import CudaCapture
from editor_core.base import paths

log = logging.getLogger(__name__)

BATCH = 2  # both guidance halves; one alone scales every cost alike
ROUNDS, MAX_SECONDS = 3, 3.0
"""The probe takes at least so many rounds, and more until its shortest times are confirmed or so many seconds over."""
SPREAD = 1.1
REPEATS = 20
"""On a card, where one call is over sooner than the clock can tell."""
MIDDLE, WIDE = 9 * 640**2, 9 * 1280**2  # weight elements of the probe's layers
LARGE = 8_000_000
"""Weight elements: what repacks more of them (32 MiB in float32) is given fresh memory by glibc at every call, which
costs several times as much per element."""


@dataclass(frozen=True)
class CostModel:
    """Seconds per unit of work."""

    product: float  # multiply-add of a matrix product
    weight: float  # weight element of a matrix product
    convolution: float  # multiply-add of a convolution of a map
    repack: float  # weight element of a convolution of a map
    repack_large: float  # the same in a weight of more than LARGE
    gather: float  # gathered element
    attention: float  # query x key x channel
    row_call: float  # convolution on rows
    map_call: float  # convolution of a map
    gather_call: float  # rows taken out of a convolved box


@dataclass(frozen=True)
class LevelCost:
    """Seconds one level is expected to take each way."""

    rows: float
    box: float
    dense: float


def choose(unet: Module, region: Region, costs: CostModel, keys: Keys = Keys.FULL) -> Choice:
    """Pick the cheapest way for every level; dense levels are always the lowest ones."""
    expected = level_costs(unet, region, costs, keys)
    levels = range(len(expected) + 1)
    dense_from = min(reversed(levels), key=lambda start: _total(expected, start))
    return Choice(dense_from, tuple(cost.box < cost.rows for cost in expected))


def describe(
    unet: Module, region: Region, choice: Choice, costs: CostModel, keys: Keys = Keys.FULL
) -> list[dict[str, str | float]]:
    """Say, for a turn's log, how each level runs and what was expected of each way, in milliseconds."""
    expected = level_costs(unet, region, costs, keys)
    told: list[dict[str, str | float]] = []
    for index, (plan, cost) in enumerate(zip(region.levels, expected, strict=True)):
        way = "dense" if index >= choice.dense_from else "box" if choice.box[index] else "rows"
        milliseconds = {f"{name}_ms": round(1000 * value, 3) for name, value in asdict(cost).items()}
        size = f"{plan.width}x{plan.height}"
        told.append({"size": size, "share": round(plan.share, 4), "way": way, **milliseconds})
    return told


def level_costs(
    unet: Module, region: Region, costs: CostModel, keys: Keys = Keys.FULL
) -> tuple[LevelCost, ...]:
    """Predict every level's time; what leads from one level to the next counts for the finer one."""
    totals = [[0.0, 0.0, 0.0] for _ in region.levels]
    for work in _work(unet):
        plan = region.levels[work.level]
        for way, cost in enumerate(_layer_cost(work, plan, costs, keys)):
            totals[work.level][way] += cost
    return tuple(LevelCost(*total) for total in totals)


@dataclass(frozen=True)
class _Convolution:
    """A 3x3 one."""

    in_channels: int
    out_channels: int
    weights: int
    is_strided: bool


@dataclass(frozen=True)
class _Work:
    """What a layer has to do, whatever the region."""

    level: int
    pointwise: int
    """Elements of the weights applied at every position: linear layers and 1x1 convolutions."""
    convolutions: tuple[_Convolution, ...]
    attention: int
    """Channels that self-attention multiplies for each pair of positions."""


_known_work: WeakKeyDictionary[Module, tuple[_Work, ...]] = WeakKeyDictionary()


def _work(unet: Module) -> tuple[_Work, ...]:
    """The work of each layer; found once, for it takes as long as a tenth of a small picture's step."""
    if unet not in _known_work:
        _known_work[unet] = tuple(map(_work_of, layers(unet)))
    return _known_work[unet]


def _work_of(layer: Layer) -> _Work:
    level = layer.level - (layer.kind is LayerKind.UPSAMPLE)
    attention = 0
    if layer.kind is LayerKind.TRANSFORMER:
        attention = len(layer.module.transformer_blocks) * layer.module.proj_in.weight.shape[0]
    convolutions = tuple(
        _Convolution(conv.in_channels, conv.out_channels, conv.weight.numel(), conv.stride != (1, 1))
        for conv in _convolutions(layer)
    )
    return _Work(level, sum(_pointwise_weights(layer)), convolutions, attention)


def _total(expected: tuple[LevelCost, ...], dense_from: int) -> float:
    sparse = sum(min(cost.rows, cost.box) for cost in expected[:dense_from])
    return sparse + sum(cost.dense for cost in expected[dense_from:])


def _layer_cost(work: _Work, plan: LevelPlan, costs: CostModel, keys: Keys) -> tuple[float, float, float]:
    """Seconds of one layer on rows, in the box, and densely."""
    active, positions = len(plan.active), plan.height * plan.width
    pointwise = work.pointwise * BATCH * costs.product
    rows, boxed, dense = active * pointwise, active * pointwise, positions * pointwise
    for conv in work.convolutions:
        rows += _row_conv(conv, active, costs)
        boxed += _row_conv(conv, active, costs) if conv.is_strided else _box_conv(conv, plan.box, costs)
        dense += _map_conv(conv, positions, costs)
    if work.attention:
        per_pair = work.attention * BATCH * costs.attention
        seen = active + len(plan_keys(plan, keys).read)
        rows, boxed = rows + active * seen * per_pair, boxed + active * seen * per_pair
        dense += positions**2 * per_pair
    return rows, boxed, dense


def _row_conv(conv: _Convolution, outputs: int, costs: CostModel) -> float:
    gathered = BATCH * outputs * 9 * conv.in_channels
    products = gathered * conv.out_channels
    return costs.row_call + conv.weights * costs.weight + gathered * costs.gather + products * costs.product


def _box_conv(conv: _Convolution, box: Box, costs: CostModel) -> float:
    out_of_it = 0.0 if box.inside is None else costs.gather_call
    return out_of_it + _map_conv(conv, (box.height - 2) * (box.width - 2), costs)


def _map_conv(conv: _Convolution, outputs: int, costs: CostModel) -> float:
    repack = costs.repack if conv.weights <= LARGE else costs.repack_large
    return costs.map_call + conv.weights * (repack + BATCH * outputs * costs.convolution)


def _convolutions(layer: Layer) -> Iterator[Module]:
    if layer.kind in (LayerKind.CONV_IN, LayerKind.CONV_OUT):
        yield layer.module
    for module in layer.module.modules():
        if module is not layer.module and getattr(module, "kernel_size", None) == (3, 3):
            yield module


def _pointwise_weights(layer: Layer) -> Iterator[int]:
    for name, module in layer.module.named_modules():
        at_positions = not name.endswith(("time_emb_proj", "attn2.to_k", "attn2.to_v"))
        pointwise = isinstance(module, torch.nn.Linear) or getattr(module, "kernel_size", None) == (1, 1)
        if at_positions and pointwise:
            yield module.weight.numel()


def load_or_measure(file: Path, device: torch.device, dtype: torch.dtype) -> CostModel:
    """Return this machine's coefficients from `file` (JSON), measuring and adding them when they are not there.

    Programs that share the file agree on what one of them measured: else each would choose, and so round, differently.
    """
    name = machine_name(device, dtype)
    if name in (known := _read(file)):
        return CostModel(**known[name])
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file.with_suffix(".lock"), mode=0o600):
        known = _read(file)
        if name not in known:
            known[name] = asdict(measure(device, dtype))
            _write(file, known)
    return CostModel(**known[name])


def costs_here(device: torch.device, dtype: torch.dtype) -> CostModel:
    """What the parts of a step cost on this machine, measured once and kept with the program's caches."""
    try:
        return load_or_measure(paths.cache_folder() / "step-costs.json", device, dtype)
    except OSError:  # nowhere to keep them
        return measure(device, dtype)


def machine_name(device: torch.device, dtype: torch.dtype) -> str:
    """Name what the coefficients depend on."""
    if device.type == "cuda":
        chip = torch.cuda.get_device_name(device)
    else:
        chip = f"{platform.processor() or platform.machine()} x{torch.get_num_threads()}"
    return f"{chip}, {str(dtype).removeprefix('torch.')}, torch {torch.__version__}"


def _read(file: Path) -> dict[str, dict[str, float]]:
    """A file that is missing, damaged or from another version is measured anew."""
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
        return {name: asdict(CostModel(**values)) for name, values in known.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write(file: Path, known: dict[str, dict[str, float]]) -> None:
    temporary = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    temporary.write_text(json.dumps(known, indent=1), encoding="utf-8")
    temporary.replace(file)


@cache
def measure(device: torch.device, dtype: torch.dtype) -> CostModel:
    """Time small layers on `device`; takes about a second, and longer while the machine is busy."""
    probe = _Probe(device, dtype)
    with torch.inference_mode():
        return probe.measure()


class _Probe:
    """Layers of several sizes, each timed at two amounts of work to tell the fixed cost from the growing one."""

    def __init__(self, device: torch.device, dtype: torch.dtype) -> None:
        self.device = device
        self.dtype = dtype

    def measure(self) -> CostModel:
        seconds = self._seconds(self._calls())
        product = (seconds["many rows"] - seconds["few rows"]) / (128 * MIDDLE)
        convolution = (seconds["many pixels"] - seconds["few pixels"]) / (BATCH * (14**2 - 4**2) * MIDDLE)
        weight = (seconds["few rows"] - seconds["row"]) / MIDDLE - 8 * product
        repack = (seconds["few pixels"] - seconds["pixel"]) / MIDDLE - BATCH * 4**2 * convolution
        costs = CostModel(
            product=product,
            weight=min(
                weight, repack / 2
            ),  # repacking reads and writes; a busy machine may make it seem otherwise
            convolution=convolution,
            repack=repack,
            repack_large=(seconds["few pixels, wide"] - seconds["pixel"]) / WIDE - BATCH * 4**2 * convolution,
            gather=(seconds["many gathered"] - seconds["few gathered"]) / ((9 * 512 - 64) * 128),
            attention=seconds["attention"] / (2 * 2 * 256 * 2048 * 64),
            row_call=seconds["row"] + seconds["few gathered"],
            map_call=seconds["pixel"] + seconds["few gathered"],
            gather_call=seconds["few gathered"],
        )
        return CostModel(**{name: max(value, 0.0) for name, value in asdict(costs).items()})

    def _calls(self) -> dict[str, Callable[[], torch.Tensor]]:
        tiny, matrix = self._random(64, 64), self._random(640, 9 * 640)
        row, few, many = self._random(1, 64), self._random(8, 9 * 640), self._random(136, 9 * 640)
        kernel, middle, wide = (self._picture(channels, channels, 3, 3) for channels in (16, 640, 1280))
        bias, channel_bias = self._random(64), self._random(16)
        pixel, small, large = (
            self._picture(1, 16, 3, 3),
            self._picture(BATCH, 640, 6, 6),
            self._picture(BATCH, 640, 16, 16),
        )
        small_wide = self._picture(BATCH, 1280, 6, 6)
        rows, index = self._random(1, 1024, 128), torch.randint(1024, (9 * 512,), device=self.device)
        query, keys = self._random(2, 2, 256, 64), self._random(2, 2, 2048, 64)
        return {
            "row": lambda: F.linear(row, tiny, bias),
            "few rows": lambda: F.linear(few, matrix),
            "many rows": lambda: F.linear(many, matrix),
            "pixel": lambda: F.conv2d(pixel, kernel, channel_bias),
            "few pixels": lambda: F.conv2d(small, middle),
            "many pixels": lambda: F.conv2d(large, middle),
            "few pixels, wide": lambda: F.conv2d(small_wide, wide),
            "few gathered": lambda: rows.index_select(1, index[:64]),
            "many gathered": lambda: rows.index_select(1, index),
            "attention": lambda: F.scaled_dot_product_attention(query, keys, keys),
        }

    def _random(self, *shape: int) -> torch.Tensor:
        return torch.randn(shape, device=self.device, dtype=self.dtype)

    def _picture(self, *shape: int) -> torch.Tensor:
        return self._random(*shape).contiguous(memory_format=torch.channels_last)

    def _seconds(self, calls: dict[str, Callable[[], torch.Tensor]]) -> dict[str, float]:
        """The shortest time of each; they take turns, so that a moment when the machine is busy spoils none."""
        times: dict[str, list[float]] = {name: [] for name in calls}
        timed, repeats = self._repeated(calls)
        end = perf_counter() + MAX_SECONDS
        while not _confirmed(times.values()) and perf_counter() < end:
            for name, call in timed.items():
                times[name].append(self._timed(call) / repeats)
        return {name: min(each) for name, each in times.items()}

    def _repeated(
        self, calls: dict[str, Callable[[], torch.Tensor]]
    ) -> tuple[Mapping[str, Callable[[], object]], int]:
        """What is timed, and how often each call is made in it.

        On a card many times from a graph, as a step is: else the times would be those of launching.
        """
        if self.device.type != "cuda":
            return calls, 1
        capture = CudaCapture(self.device)
        try:
            return {name: capture(partial(_often, call)) for name, call in calls.items()}, REPEATS
        except RuntimeError as error:
            log.warning("The cost of a step's parts is measured call by call: %s", error)
            return calls, 1

    def _timed(self, call: Callable[[], object]) -> float:
        """Seconds of a second call, with what it needs in the caches."""
        call()
        self._wait()
        start = perf_counter()
        call()
        self._wait()
        return perf_counter() - start

    def _wait(self) -> None:
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)


def _often(call: Callable[[], torch.Tensor]) -> list[torch.Tensor]:
    return [call() for _ in range(REPEATS)]


def _confirmed(times: Iterable[list[float]]) -> bool:
    """Whether of each call the shortest time came about twice."""
    return all(len(each) >= ROUNDS and sorted(each)[1] < SPREAD * min(each) for each in times)
