"""Steps on a card: a captured one against the step itself and the processor's, and what a step must not do there."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import torch

from editor_core.backbones.rows import Keys
from editor_core.backbones.unet.fused import fused_kernels
from editor_core.backbones.unet.leaves import with_tensors
from editor_core.backbones.unet.regions import Region, plan_region
from editor_core.backbones.unet.row_attention import encode_text
from editor_core.backbones.unet.sparse import Choice, SparseStep
from editor_core.backbones.unet.step_graph import MAX_GRAPHS, StepGraphs
from editor_core.models.conditioning import Conditioning
from support.captures import repeat
from support.places import Place
from support.recorded_steps import RecordedStep, record_step
from support.unets import random_inputs, tiny_unet

SIZE, OTHER_SIZE = (24, 20), (16, 32)
ROWS = Choice(4, (False,) * 4)
TOLERANCE = {torch.float32: 0.01, torch.float16: 0.01, torch.bfloat16: 0.06}
"""Of values around one, against the processor's in float32; rounding alone makes 0.0025 and 0.014 of it there."""


@pytest.fixture(autouse=True)
def no_grad():
    with torch.no_grad():
        yield


def mask_at(
    top: int, left: int, size: tuple[int, int] = SIZE, height: int = 6, width: int = 7
) -> torch.Tensor:
    mask = torch.zeros(size, dtype=torch.bool)
    mask[top : top + height, left : left + width] = True
    return mask


@dataclass(eq=False)
class Bound:
    """A U-Net at a place, and what its steps need there."""

    place: Place
    kind: str = "sd2"

    def __post_init__(self) -> None:
        source = tiny_unet(self.kind)
        self.unet = type(source).from_config(source.config)
        self.unet.load_state_dict(source.state_dict())
        self.unet = self.unet.to(self.place.device, self.place.dtype).eval().requires_grad_(False)
        self.graphs = StepGraphs(None if self.place.on_card else repeat)

    def inputs(self, size: tuple[int, int], scale: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
        latents, words = random_inputs(tiny_unet(self.kind), *size)
        return tuple((scale * tensor).to(self.place.device, self.place.dtype) for tensor in (latents, words))

    def region(self, mask: torch.Tensor) -> Region:
        return plan_region(mask, 4, (1,), self.place.device, bucketed=True)

    def record(self, size: tuple[int, int], timestep: int, scale: float = 1.0) -> RecordedStep:
        return record_step(self.unet, *self._with_time(size, timestep, scale))[0]

    def _with_time(self, size: tuple[int, int], timestep: int, scale: float):
        latents, words = self.inputs(size, scale)
        return latents, timestep, words

    def rows(self, region: Region, seed: int) -> torch.Tensor:
        generator = torch.Generator().manual_seed(seed)
        rows = torch.randn(2, len(region.active), self.unet.config.in_channels, generator=generator)
        return rows.to(self.place.device, self.place.dtype)

    def run(self, call, mask: torch.Tensor, timestep: int, scale: float = 1.0, **options) -> torch.Tensor:
        """A step over a mask, through `call(step, rows, timestep, text, read)`."""
        size = tuple(mask.shape)
        step = SparseStep(self.unet, self.region(mask), choice=options.pop("choice", ROWS), **options)
        record, (_, words) = self.record(size, timestep, scale), self.inputs(size, scale)
        return call(
            step,
            self.rows(step.region, 5),
            timestep,
            encode_text(self.unet, Conditioning(words)),
            record.read,
        )


def as_it_is(step, *arguments):
    return step(*arguments)


CHOICES = {
    "rows": ROWS,
    "boxes": Choice(4, (True, False, True, False)),
    "dense below": Choice(2, (False,) * 4),
}


@pytest.mark.parametrize("choice", CHOICES.values(), ids=CHOICES.keys())
@pytest.mark.parametrize("kind", ["sd2", "default"])
def test_a_captured_step_is_the_processors_step(place, kind, choice):
    """At other times, with other words, another record and another region of equal size, all from one capture."""
    here, there = Bound(Place("cpu", torch.float32), kind), Bound(place, kind)
    corners = [(3, 4), (3, 4)] if any(choice.box) else [(3, 4), (3, 4), *alike(here, (3, 4))]
    for number, corner in enumerate(corners):
        timestep, scale, mask = (5, 700, 40)[number], 1 + 0.5 * number, mask_at(*corner)
        expected = here.run(as_it_is, mask, timestep, scale, choice=choice)
        found = there.run(there.graphs, mask, timestep, scale, choice=choice)
        torch.testing.assert_close(
            found.float().cpu(), expected, rtol=TOLERANCE[place.dtype], atol=TOLERANCE[place.dtype]
        )
    assert len(there.graphs) == 1, "each was captured anew, or not at all"


def alike(bound: Bound, corner: tuple[int, int]) -> list[tuple[int, int]]:
    """Another corner whose region's plans have equal sizes."""
    first = SparseStep(bound.unet, bound.region(mask_at(*corner)), choice=ROWS).kind
    others = ((top, left) for top in range(4, 18) for left in range(13))
    steps = ((at, SparseStep(bound.unet, bound.region(mask_at(*at)), choice=ROWS)) for at in others)
    return [next(at for at, step in steps if step.kind == first)]


@pytest.mark.parametrize(("keys", "thinned"), [(Keys.STRIDED, True), (Keys.ACTIVE, False)])
def test_other_keys_are_captured_too(place, keys, thinned):
    bound = Bound(place, "sd1")
    mask = mask_at(3, 4)
    step = SparseStep(bound.unet, bound.region(mask), keys, ROWS, thinned)
    latents, words = bound.inputs(SIZE)
    record, _ = record_step(bound.unet, latents, 5, words, thinned=thinned)
    arguments = (bound.rows(step.region, 5), 5, encode_text(bound.unet, Conditioning(words)), record.read)
    torch.testing.assert_close(bound.graphs(step, *arguments), step(*arguments), rtol=1e-2, atol=1e-2)
    assert len(bound.graphs) == 1


def test_two_sizes_in_turn_and_more_than_are_kept(place):
    """Each size's capture has its own memory; those that went are captured again."""
    bound = Bound(place)
    masks = [mask_at(3, 4), mask_at(3, 4, OTHER_SIZE)] + [
        mask_at(1, 1, SIZE, 20, 3 * n) for n in range(1, MAX_GRAPHS + 1)
    ]
    expected = [bound.run(as_it_is, mask, 5).clone() for mask in masks]
    for _ in range(2):
        for mask, wanted in [*zip(masks, expected, strict=True), (masks[0], expected[0])]:
            found = bound.run(bound.graphs, mask, 5)
            torch.testing.assert_close(found, wanted, rtol=1e-2, atol=1e-2)
    assert len(bound.graphs) == MAX_GRAPHS


def test_what_a_replay_gave_stays(place):
    bound = Bound(place)
    first = bound.run(bound.graphs, mask_at(3, 4), 5)
    kept = first.clone()
    bound.run(bound.graphs, mask_at(3, 4), 700, 2.0)
    assert torch.equal(first, kept)


def test_a_capture_holds_while_another_thread_computes(place):
    """The cache's threads take memory and copy on streams of their own while a step is captured and replayed."""
    bound = Bound(place)
    masks = [mask_at(1, 1, SIZE, 20, 3 * n) for n in range(1, MAX_GRAPHS)]
    expected = [bound.run(as_it_is, mask, 5).clone() for mask in masks]
    with beside(place):
        found = [bound.run(bound.graphs, mask, 5) for mask in masks * 2]
    for mine, wanted in zip(found, expected * 2, strict=True):
        torch.testing.assert_close(mine, wanted, rtol=1e-2, atol=1e-2)
    assert len(bound.graphs) == len(masks)


@contextmanager
def beside(place: Place) -> Iterator[None]:
    """A thread at work meanwhile: products whose memory comes and goes, and copies to and from page-locked memory."""
    over, began = threading.Event(), threading.Event()

    def work() -> None:
        matrix = torch.randn(256, 256, device=place.device)
        host = torch.empty(256, 256, pin_memory=place.on_card)
        stream = torch.cuda.Stream() if place.on_card else None
        with torch.no_grad(), torch.cuda.stream(stream):
            while not over.is_set():
                host.copy_(matrix @ matrix, non_blocking=True)
                matrix.copy_(host, non_blocking=True).div_(256)
                if stream is not None:
                    stream.synchronize()
                began.set()

    with ThreadPoolExecutor(1) as thread:
        working = thread.submit(work)
        try:
            assert began.wait(60)
            yield
        finally:
            over.set()
        working.result()


def test_a_replay_does_not_wait_for_the_card(place):
    """Waiting is refused while the step is replayed; without a card, tensors without data refuse the same questions."""
    bound = Bound(place)
    step = SparseStep(bound.unet, bound.region(mask_at(3, 4)), choice=ROWS)
    latents, words = bound.inputs(SIZE)
    record, _ = record_step(bound.unet, latents, 5, words)
    rows, text = bound.rows(step.region, 5), encode_text(bound.unet, Conditioning(words))
    first = bound.graphs(step, rows, 5, text, record.read)
    if not place.on_card:
        check_on_meta(bound, step, rows, text, record)
        return
    torch.cuda.synchronize()
    torch.cuda.set_sync_debug_mode("error")
    try:
        again = bound.graphs(step, rows, 5, text, record.read)
    finally:
        torch.cuda.set_sync_debug_mode("default")
    torch.testing.assert_close(again, first)


def check_on_meta(bound: Bound, step: SparseStep, rows: torch.Tensor, text, record: RecordedStep) -> None:
    def bare(tensor: torch.Tensor) -> torch.Tensor:
        return tensor.to("meta")

    unet = type(bound.unet).from_config(bound.unet.config).to("meta")
    recorded = {site: bare(record.read(site, positions)) for site, positions in step.reads()}
    on_meta = SparseStep(unet, with_tensors(step.region, bare), choice=ROWS)
    graphs = StepGraphs(repeat)
    out = graphs(on_meta, bare(rows), 5, with_tensors(text, bare), lambda site, _: recorded[site])
    assert out.device.type == "meta" and len(graphs) == 1


@pytest.mark.parametrize("box", [False, True], ids=["gathered", "box"])
def test_the_cards_own_kernels_compute_and_emit_what_pytorchs_do(place, box):
    """Here at least they must compile."""
    assert (fused_kernels(torch.device(place.device)) is not None) == place.on_card
    bound, emitted = Bound(place), []

    def call(step, *inputs):
        fresh: dict[str, torch.Tensor] = {}
        fresh["out"] = step(*inputs, lambda site, _, rows: fresh.__setitem__(site, rows))
        emitted.append(fresh)
        return fresh["out"]

    for fused in (False, True):
        bound.run(call, mask_at(3, 4), 5, choice=Choice(4, (box,) * 4), fused=fused)
    plain, own = emitted
    assert plain.keys() == own.keys()
    for site, expected in plain.items():
        assert (own[site].float() - expected.float()).abs().max() < 4 * TOLERANCE[place.dtype], site
