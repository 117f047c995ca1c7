"""Captured steps on pretend cards, whose graphs repeat kernels on the memory that they were captured with."""

import gc

import pytest
import torch

from editor_core.backbones.rows import Keys
from editor_core.backbones.unet import policy
from editor_core.backbones.unet.leaves import tensors
from editor_core.backbones.unet.regions import plan_region
from editor_core.backbones.unet.row_attention import encode_text
from editor_core.backbones.unet.sparse import Choice, SparseStep
from editor_core.backbones.unet.step_graph import MAX_GRAPHS, CudaCapture, StepGraphs
from editor_core.models.conditioning import Conditioning
from support.pretend_card.machine import pretend_cards
from support.recorded_steps import record_step
from support.unets import random_inputs, tiny_unet

SIZE = (24, 20)
ROWS = Choice(4, (False,) * 4)
CARD = torch.device("cuda:1")


@pytest.fixture
def cards():
    with pretend_cards() as machine, torch.no_grad():
        yield machine


def on_card(kind="default", device=CARD):
    unet = tiny_unet(kind)
    moved = type(unet).from_config(unet.config).eval().requires_grad_(False)
    moved.load_state_dict(unet.state_dict())
    return moved.to(device).to(memory_format=torch.channels_last)


def step_at(unet, corner, choice=ROWS, **others):
    mask = torch.zeros(SIZE, dtype=torch.bool)
    mask[corner[0] : corner[0] + 6, corner[1] : corner[1] + 7] = True
    device = next(unet.parameters()).device
    return SparseStep(unet, plan_region(mask, 4, (1,), device, bucketed=True), choice=choice, **others)


class Run:
    """A recorded step, and what is asked of a sparse one on it."""

    def __init__(self, unet, timestep=5, thinned=False):
        self.unet, self.timestep = unet, timestep
        device = next(unet.parameters()).device
        latents, words = (tensor.to(device) for tensor in random_inputs(unet, *SIZE))
        recorded, _ = record_step(unet, latents, timestep, words, thinned=thinned)
        self.read, self.text = recorded.read, encode_text(unet, Conditioning(words))
        self.rows = torch.randn(2, 500, unet.config.in_channels, device=device)

    def __call__(self, run, step):
        found = {}

        def emit(site, positions, fresh):
            found[site] = positions, fresh

        rows = self.rows[:, : len(step.region.active)]
        out = run(*[step] * (run is not step), rows, self.timestep, self.text, self.read, emit)
        return out, found


def assert_equal(ours, theirs):
    for one, other in zip(tensors(ours), tensors(theirs), strict=True):
        torch.testing.assert_close(one.cpu(), other.cpu(), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("kind", "choice", "others"),
    [
        ("default", ROWS, {}),
        ("sd2", Choice(4, (True, False, True, False)), {}),
        ("default", Choice(2, (False,) * 4), {}),
        ("sd1", ROWS, {"keys": Keys.STRIDED, "thinned": True}),
        ("sd1", ROWS, {"keys": Keys.ACTIVE, "fresh_norms": False}),
    ],
)
def test_a_graph_gives_what_the_step_gives(cards, kind, choice, others):
    unet, graphs = on_card(kind), StepGraphs()
    for timestep, corner in ((5, (3, 4)), (700, (3, 4)), (40, (9, 6))):
        run = Run(unet, timestep, others.get("thinned", False))
        step = step_at(unet, corner, choice, **others)
        assert_equal(run(graphs, step), run(step, step))
    assert 1 <= len(graphs) <= 2


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
def test_a_card_records_what_the_processor_records(cards, dtype):
    """In other ways: group norms' statistics from moments, maps in the layout that the card convolves in."""
    unet = on_card("sd2").to(dtype)
    latents, words = random_inputs(tiny_unet("sd2"), *SIZE)
    expected, _ = record_step(tiny_unet("sd2"), latents, 5, words)
    plain = unet(latents.to(CARD, dtype), 5, words.to(CARD, dtype)).sample
    found, theirs = record_step(unet, latents.to(CARD, dtype), 5, words.to(CARD, dtype), dtype=dtype)
    assert torch.equal(theirs.cpu(), plain.cpu())
    tolerance = (
        1e-3 if dtype is torch.float32 else 0.02
    )  # the root of a small difference, of a deviation near zero
    assert found.tensors.keys() == expected.tensors.keys()
    for site, tensor in found.tensors.items():
        assert tensor.is_contiguous() and tensor.device == CARD
        torch.testing.assert_close(
            tensor.cpu().float(), expected.tensors[site], rtol=tolerance, atol=tolerance, msg=site
        )


def test_a_replay_lets_nobody_wait(cards):
    unet, graphs = on_card(), StepGraphs()
    run, step = Run(unet), step_at(unet, (3, 4))
    run(graphs, step)
    before = cards.waits_of_this_thread
    run(graphs, step)
    assert cards.waits_of_this_thread == before


def test_many_regions_need_hardly_more_memory_than_one(cards):
    """One graph's kernels work where those of another did; what is kept apart are its inputs and results."""
    unet = on_card()
    run = Run(unet)
    steps = [step_at(unet, corner) for corner in ((3, 4), (0, 0), (18, 13))]

    def pools(graphs, steps):
        for step in steps:
            run(graphs, step)
        alive = {id(graph._pool): graph._pool.size for graph in cards.graphs if graph._pool is not None}
        graphs.clear()
        return list(alive.values())

    (one,) = pools(StepGraphs(), steps[:1])
    (three,) = pools(StepGraphs(), steps)
    results = sum(tensor.nbytes for tensor in tensors(run(steps[0], steps[0])))
    assert three < one + 3 * results


def test_forgotten_graphs_give_all_memory_back_and_are_captured_again(cards):
    unet, graphs = on_card(), StepGraphs()
    run, step = Run(unet), step_at(unet, (3, 4))
    expected = run(step, step)
    gc.collect()
    before = torch.cuda.memory_allocated(CARD)
    for _ in range(2):
        assert_equal(run(graphs, step), expected)
        assert torch.cuda.memory_allocated(CARD) > before
        graphs.clear()
        gc.collect()
        assert torch.cuda.memory_allocated(CARD) == before


def test_few_graphs_are_kept(cards):
    unet, graphs = on_card(), StepGraphs()
    for width in range(1, MAX_GRAPHS + 3):
        mask = torch.zeros(SIZE, dtype=torch.bool)
        mask[2:20, 2 : 2 + 2 * width] = True
        step = SparseStep(unet, plan_region(mask, 4, device=CARD), choice=ROWS)
        run = Run(unet)
        assert_equal(run(graphs, step), run(step, step))
    assert len(graphs) == MAX_GRAPHS
    gc.collect()
    assert sum(graph._pool is not None for graph in cards.graphs) == MAX_GRAPHS


def test_weights_that_lie_elsewhere_are_not_read_where_they_lay(cards):
    unet, graphs = on_card(), StepGraphs()
    graphs.follow(unet)
    before = Run(unet)
    before(graphs, step_at(unet, (3, 4)))
    for parameter in unet.parameters():
        parameter.mul_(1.5)  # merged in place
    graphs.follow(unet)
    assert len(graphs) == 1, "a graph reads what the weights are now"
    run, step = Run(unet), step_at(unet, (3, 4))
    assert_equal(run(graphs, step), run(step, step))
    unet.to("cpu").to(CARD).to(memory_format=torch.channels_last)
    graphs.follow(unet)
    assert not len(graphs)
    run, step = Run(unet), step_at(unet, (3, 4))
    assert_equal(run(graphs, step), run(step, step))


def test_a_failed_capture_leaves_the_current_stream_and_device(cards):
    x = torch.ones(3, device=CARD)
    streams = torch.cuda.current_stream(0), torch.cuda.current_stream(CARD)
    with pytest.raises(RuntimeError, match="previous error"):
        CudaCapture(CARD)(lambda: [x.nonzero()])
    assert (torch.cuda.current_stream(0), torch.cuda.current_stream(CARD)) == streams
    assert torch.cuda.current_device() == 0
    assert torch.equal(CudaCapture(CARD)(lambda: [x + 1])()[0].cpu(), torch.full((3,), 2.0))


def test_running_out_of_memory_while_capturing_is_not_taken_for_a_step_that_cannot_be(cards):
    unet, graphs = on_card(), StepGraphs()
    run, step = Run(unet), step_at(unet, (3, 4))
    run(step, step)
    cards.settle()
    capacity = cards.memory[1].capacity
    cards.memory[1].capacity = cards.memory[1].used + (1 << 14)
    with pytest.raises(torch.OutOfMemoryError):
        run(graphs, step)
    cards.memory[1].capacity = capacity
    assert_equal(run(graphs, step), run(step, step))
    assert len(graphs) == 1


def test_costs_are_measured_from_graphs(cards):
    x = torch.ones(3, device=CARD)
    calls, repeats = policy._Probe(CARD, torch.float32)._repeated({"row": lambda: x + 1})
    x.fill_(4)
    assert repeats == policy.REPEATS == len(results := calls["row"]())
    assert all(torch.equal(each.cpu(), torch.full((3,), 5.0)) for each in results)
    calls, repeats = policy._Probe(torch.device("cpu"), torch.float32)._repeated({"row": lambda: x + 1})
    assert repeats == 1
